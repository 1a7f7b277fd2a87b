"""What is held in memory stays within its bytes, and what was asked for longest ago leaves first."""

from __future__ import annotations

from skypact.market.coverage.holding import Held


def test_bytes_are_bounded_and_the_oldest_leaves() -> None:
    held: Held[bytes] = Held(10)
    made: list[str] = []

    def of(name: str) -> bytes:
        return held.of(name, lambda: made.append(name) or b"1234", size=len)  # type: ignore[func-returns-value]

    for name in ("a", "b", "a", "c", "a", "b"):
        of(name)
    assert made == ["a", "b", "c", "b"]
    assert held.bytes == 8


def test_one_larger_than_all_is_kept_alone() -> None:
    held: Held[bytes] = Held(3)
    assert held.of("large", lambda: b"12345", size=len) == b"12345"
    assert held.of("large", lambda: b"other", size=len) == b"12345"
    assert held.of("next", lambda: b"1", size=len) == b"1"
    assert held.bytes == 1


def test_a_number_may_be_bounded_too() -> None:
    held: Held[str] = Held(100, count_max=2)
    for name in ("a", "b", "c"):
        held.of(name, lambda name=name: name, size=len)
    assert held.bytes == 2
    assert held.of("a", lambda: "made again", size=len) == "made again"
