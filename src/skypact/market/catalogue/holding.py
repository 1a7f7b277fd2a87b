"""Holds the catalogue still, so that what an act compares is what it then writes over."""

from __future__ import annotations

from skypact.market.core.holding import Held, hold


def hold_catalogue() -> None:
    """Lets one transaction at a time change the catalogue.

    Taken before any row is locked, so that two writers cannot wait for each other.
    """
    hold(Held.CATALOGUE)
