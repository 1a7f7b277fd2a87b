"""What the relief in use leaves open is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.engines.kit.flat_land import ground
from tests.engines.kit.requirements import requirement

from skypact.engines.coverage import SurfaceKind
from skypact.engines.kit.explaining import unknowns_of_probability, unknowns_of_sea, unknowns_of_terrain
from skypact.schema import SensorKind


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


@pytest.mark.parametrize(
    ("surface", "offshore_m", "away", "matters"),
    [
        (
            SurfaceKind.SYNTHETIC,
            166_400.0,
            "166 km",
            "positions at sea need a platform or a ship; they are planned on generated relief, where the sea is flat",
        ),
        (
            SurfaceKind.BARE_EARTH,
            float("inf"),
            "over 200 km",
            "positions at sea need a platform or a ship; the elevation model does not say whether one is there",
        ),
    ],
)
def test_a_site_in_the_sea(surface: SurfaceKind, offshore_m: float, away: str, matters: str) -> None:
    (unknown,) = unknowns_of_sea(replace(ground(), surface=surface), requirement(), offshore_m)
    assert str(unknown.question) == f"the site lies in the sea, {away} from the coast"
    assert str(unknown.matters) == matters


def test_a_site_on_land_leaves_nothing_open_of_the_sea() -> None:
    assert list(unknowns_of_sea(ground(), requirement(), 0.0)) == []


def test_what_a_stated_range_is_taken_to_mean_is_told_once_for_each_kind() -> None:
    asked = requirement(detection={"fused_probability": 0.8})
    kinds = [SensorKind.CAMERA, SensorKind.PASSIVE_RF, SensorKind.RADAR, SensorKind.RADAR]
    assert [str(unknown.question) for unknown in unknowns_of_probability(kinds, asked)] == [
        "the probability of detection at a radar's stated range is not public; 0.9 is counted",
        "the probability of detection of a radio receiver inside its stated range is not public; 0.9 is counted",
        "the probability of detection at a camera's stated range is not public; 0.5 is counted, for an observer who "
        "looks there",
    ]
    assert len(list(unknowns_of_probability(SensorKind, asked))) == len(SensorKind)
    assert list(unknowns_of_probability(kinds, requirement())) == []
