"""Pages of a list: a number from the address bar, clamped to what exists."""

from dataclasses import dataclass
from math import ceil
from typing import Generic, TypeVar

Item = TypeVar("Item")

PAGE_SIZE = 25


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Item]):
    """One page of a list of ``total`` items; pages count from 1, and an empty list has one empty page."""

    items: list[Item]
    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, ceil(self.total / self.size))

    @property
    def previous(self) -> int | None:
        """The number of the page before, if there is one."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The number of the page after, if there is one."""
        return self.number + 1 if self.number < self.pages else None

    @property
    def first_item(self) -> int:
        """The position of the first item shown, counted from 1; 0 in an empty list."""
        return (self.number - 1) * self.size + 1 if self.total else 0

    @property
    def last_item(self) -> int:
        """The position of the last item shown."""
        return min(self.number * self.size, self.total)


def page_number(text: str | None, *, total: int, size: int = PAGE_SIZE) -> int:
    """The page that ``text`` asks for: 1 when it is no number, the last page when it is beyond."""
    asked = int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 1
    return min(max(asked, 1), max(1, ceil(total / size)))
