"""What the relief in use leaves open is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.engines.kit.flat_land import ground
from tests.engines.kit.requirements import requirement

from skypact.engines.coverage import SurfaceKind
from skypact.engines.kit.explaining import unknowns_of_terrain


@pytest.mark.parametrize(
    ("kind", "question"),
    [
        (SurfaceKind.SYNTHETIC, "the relief is generated; no real place looks like this"),
        (SurfaceKind.BARE_EARTH, "trees and buildings are not in the elevation model"),
        (SurfaceKind.UNSTATED, "the elevation model does not say whether it holds trees and buildings"),
    ],
)
def test_what_heights_describe(kind: SurfaceKind, question: str) -> None:
    (unknown,) = unknowns_of_terrain(replace(ground(), surface=kind), requirement())
    assert str(unknown.question) == question


def test_a_surface_model_without_gaps_leaves_nothing_open() -> None:
    assert list(unknowns_of_terrain(replace(ground(), surface=SurfaceKind.SURFACE), requirement())) == []


def test_how_much_of_the_ground_is_unknown() -> None:
    flat = ground()
    heights = flat.heights.copy()
    heights[: flat.rows // 2] = np.nan
    part = replace(flat, heights=heights, surface=SurfaceKind.SURFACE)
    (unknown,) = unknowns_of_terrain(part, requirement())
    share = f"{part.unknown_share:.1%}"
    assert str(unknown.question) == f"the height of {share} of the ground around the site is unknown"
    assert str(unknown.matters) == "nothing there, and nothing behind it, is counted as seen"
