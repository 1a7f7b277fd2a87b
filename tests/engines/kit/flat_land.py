"""Compositions on flat land, whose answers can be worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
from tests.engines.kit.requirements import PLACE
from tests.engines.made_up import DAY, OTHER_VENDOR, VENDOR, claim, hub, sensor

from skypact.engines.coverage import SurfaceKind, Terrain
from skypact.engines.coverage.terrain import local_projection
from skypact.engines.kit import Composition, compose
from skypact.schema import Listing, Requirement
from skypact.seed import rules, threats

RADAR = sensor("RADAR", "radar", 3000, "50000")
DEAF_TO_CONTENT = {"decodes_content": claim(False)}
EAR = sensor("EAR", "passive_rf", 3000, "20000", **DEAF_TO_CONTENT)
HUB = hub("HUB", "10000", fusion={"sensors_max": claim(50, "1")})


def ground(heights: np.ndarray | None = None, half: int = 30, step: float = 100.0) -> Terrain:
    """Flat land around the place, or the given heights."""
    flat = np.zeros((2 * half + 1, 2 * half + 1)) if heights is None else heights
    return Terrain(
        heights=flat,
        x0=-half * step,
        y0=half * step,
        dx=step,
        dy=step,
        crs=local_projection(*PLACE.centre),
        surface=SurfaceKind.SYNTHETIC,
        name="flat",
        source="made up",
    )


def composed(asked: Requirement, *listings: Listing, terrain: Terrain | None = None, **more: Any) -> Composition:
    return compose(
        asked,
        place=PLACE,
        nation="KR",
        listings=listings,
        vendors=[VENDOR, OTHER_VENDOR],
        threats=threats(),
        rules=rules(),
        terrain=terrain or ground(),
        on=DAY,
        revision="test",
        **more,
    )


def bought(composition: Composition) -> dict[str, int]:
    return {item.listing: item.quantity for item in composition.kit.items}
