"""What is held in memory stays within its bytes, and what was asked for longest ago leaves first."""

from __future__ import annotations

from skypact.market.coverage import scenes, selectors, views
from skypact.market.coverage.holding import COVERAGE, Held, Pool


def test_bytes_are_bounded_and_the_oldest_leaves() -> None:
    pool = Pool(10)
    held: Held[bytes] = Held(pool)
    made: list[str] = []

    def of(name: str) -> bytes:
        return held.of(name, lambda: made.append(name) or b"1234", size=len)  # type: ignore[func-returns-value]

    for name in ("a", "b", "a", "c", "a", "b"):
        of(name)
    assert made == ["a", "b", "c", "b"]
    assert pool.bytes == 8


def test_holders_share_the_bytes_and_not_the_keys() -> None:
    pool = Pool(10)
    one: Held[bytes] = Held(pool)
    other: Held[bytes] = Held(pool)
    assert one.of("a", lambda: b"1234", size=len) == b"1234"
    assert other.of("a", lambda: b"567890", size=len) == b"567890"
    assert pool.bytes == 10
    assert other.of("b", lambda: b"!", size=len) == b"!"
    assert pool.bytes == 7
    assert one.of("a", lambda: b"made again", size=len) == b"made again"
    assert pool.bytes == 10


def test_one_larger_than_all_is_used_and_not_held() -> None:
    pool = Pool(3)
    held: Held[bytes] = Held(pool)
    held.of("small", lambda: b"1", size=len)
    assert held.of("large", lambda: b"12345", size=len) == b"12345"
    assert held.of("large", lambda: b"67890", size=len) == b"67890"
    assert held.of("small", lambda: b"other", size=len) == b"1"
    assert pool.bytes == 1


def test_of_two_that_make_the_same_the_first_stays() -> None:
    pool = Pool(10)
    held: Held[bytes] = Held(pool)

    def late() -> bytes:
        held.of("a", lambda: b"first", size=len)
        return b"late"

    assert held.of("a", late, size=len) == b"first"
    assert pool.bytes == 5


def test_all_that_is_held_of_kits_is_held_in_one_pool() -> None:
    holders = (selectors._SCENES, scenes._SIGHTS, scenes._COUNTED, views._TILES)
    assert {id(held._pool) for held in holders} == {id(COVERAGE)}
