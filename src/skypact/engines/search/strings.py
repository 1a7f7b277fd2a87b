"""Many strings in two arrays, so that they can lie in a file that is mapped into memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import overload

import numpy as np
from numpy.typing import NDArray


def encoded(text: str) -> bytes:
    """``text`` in UTF-8, whose bytes sort as the letters do; half surrogates, which JSON allows, are kept."""
    return text.encode("utf-8", "surrogatepass")


class Strings(Sequence[str]):
    """Strings by number. ``text``: their UTF-8 bytes on end; ``start``: where each begins, shape (n + 1,)."""

    def __init__(self, text: NDArray[np.uint8], start: NDArray[np.int64]) -> None:
        self.text, self.start = text, start
        self._bytes = memoryview(text.data)

    @classmethod
    def of(cls, raw: Iterable[bytes]) -> Strings:
        """A table of these strings, already encoded."""
        listed = list(raw)
        start = np.fromiter(accumulate(map(len, listed), initial=0), dtype=np.int64, count=len(listed) + 1)
        return cls(np.frombuffer(b"".join(listed), dtype=np.uint8), start)

    def __len__(self) -> int:
        return len(self.start) - 1

    def raw(self, place: int) -> bytes:
        """The bytes of one string."""
        return bytes(self._bytes[self.start[place] : self.start[place + 1]])

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        return self.raw(place).decode("utf-8", "surrogatepass")

    def first(self, wanted: bytes) -> int:
        """The place of the first string that is not less than ``wanted``; the table must be sorted."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self.raw(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        return low

    def beginning_with(self, wanted: bytes) -> tuple[int, int]:
        """The range of strings that begin with ``wanted``; no UTF-8 holds the byte FF."""
        return self.first(wanted), self.first(wanted + b"\xff")

    def place_of(self, wanted: bytes) -> int | None:
        """The place of ``wanted`` itself."""
        place = self.first(wanted)
        return place if place < len(self) and self.raw(place) == wanted else None
