"""Whether loads fit on so many outlets of one size: exact, for the few loads that one site has."""

from __future__ import annotations

from collections.abc import Sequence


def fits(loads: Sequence[float], *, outlets: int, watts: float | None, places: int) -> bool:
    """Whether every load gets a place: at most ``places`` and ``watts`` (``None``: no limit) on one outlet.

    Bin packing by depth-first search, largest load first (Martello and Toth 1990, ch. 8); outlets with equal loads are
    tried once.
    """
    room = float("inf") if watts is None else watts * (1 + 1e-9)
    return _placed(sorted(loads, reverse=True), [(0.0, 0)] * outlets, room, places)


def _placed(loads: list[float], outlets: list[tuple[float, int]], watts: float, places: int) -> bool:
    if not loads:
        return True
    first, rest = loads[0], loads[1:]
    for number, (load, count) in enumerate(outlets):
        if (load, count) in outlets[:number] or count >= places or load + first > watts:
            continue
        outlets[number] = (load + first, count + 1)
        if _placed(rest, outlets, watts, places):
            return True
        outlets[number] = (load, count)
    return False
