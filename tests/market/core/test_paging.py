"""Pages of a list."""

import pytest

from skypact.market.core.paging import Page, page_number


@pytest.mark.parametrize(
    ("asked", "number"),
    [(None, 1), ("", 1), ("1", 1), ("3", 3), ("4", 3), ("0", 1), ("-1", 1), ("x", 1), ("²", 1), ("9" * 30, 1)],
)
def test_number_from_the_address_is_clamped(asked: str | None, number: int) -> None:
    assert page_number(asked, total=60, size=25) == number


def test_empty_list_has_one_empty_page() -> None:
    page: Page[str] = Page(items=[], number=page_number("7", total=0), total=0)
    assert (page.pages, page.previous, page.next, page.first_item, page.last_item) == (1, None, None, 0, 0)


def test_middle_page_knows_its_neighbours_and_its_place() -> None:
    page: Page[int] = Page(items=list(range(25)), number=2, total=60)
    assert (page.pages, page.previous, page.next, page.first_item, page.last_item) == (3, 1, 3, 26, 50)


def test_last_page_ends_with_the_list() -> None:
    page: Page[int] = Page(items=list(range(10)), number=3, total=60)
    assert (page.next, page.first_item, page.last_item) == (None, 51, 60)
