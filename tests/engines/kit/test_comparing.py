"""What two kits see differently, against one place and one sensor at a time."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely
from tests.market.kits import samples

from skypact.engines.coverage import SurfaceKind, Terrain, sees, sight_heights
from skypact.engines.coverage.terrain import local_projection
from skypact.engines.kit.comparing import Change, Counts, differences, seen_by, watchers_of
from skypact.schema import Kit, Listing, Sensor, SensorKind

CENTRE = (10.0, 50.0)
THREAT = "mini-multirotor"
CASES = [(THREAT, 20.0), (THREAT, 60.0)]
SOURCE = {"title": "data sheet", "date": "2026-01-01"}


def terrain() -> Terrain:
    """Hills of up to 40 m on 41 × 41 posts 50 m apart around the site; the south-western corner is unknown."""
    noise = np.random.default_rng(7).normal(size=(41, 41))
    heights = np.cumsum(np.cumsum(noise, axis=0), axis=1)
    heights = 40.0 * (heights - heights.min()) / np.ptp(heights)
    heights[34:, :7] = np.nan
    return Terrain(
        heights=heights, x0=-1000.0, y0=1000.0, dx=50.0, dy=50.0, crs=local_projection(*CENTRE),
        surface=SurfaceKind.BARE_EARTH, name="hills", source="made by hand",
    )  # fmt: skip


def listing(**limits: float) -> Listing:
    """A radar that looks neither closer nor lower nor higher than ``limits`` say."""
    units = {"range_min": "m", "elevation_min": "deg", "elevation_max": "deg"}
    evidence = {"grade": "stated", "source": SOURCE, "observed": "2026-01-01"}
    claims = {name: [{"value": value, "unit": units[name], **evidence}] for name, value in limits.items()}
    return Listing.model_validate(
        {
            "id": "acme-radar", "name": "Radar", "vendor": "acme", "category": "sensor.radar", "summary": "a radar",
            "evidence": [evidence], "sensors": [{"kind": "radar", **claims}],
        }
    )  # fmt: skip


def kit(*positions: dict[str, Any], range_m: float = 900.0, probable_m: float | None = None) -> Kit:
    """So many radars and nothing else."""
    spots = [{"id": f"p{n}", "ground_m": 0, "mast_m": 5, **position} for n, position in enumerate(positions)]
    used = {"threat": THREAT, "kind": "radar", "range_m": range_m, "basis": "claim", "note": "x"}
    radar = {**samples.kit().items[0].model_dump(mode="json"), "positions": spots}
    return samples.kit(items=[{**radar, "ranges": [{**used, "probable_m": probable_m}]}], links=[])


WEST = {"at": [9.995, 50.001], "azimuth_deg": 90, "azimuth_width_deg": 120}
EAST = {"at": [10.006, 49.998], "azimuth_deg": None, "azimuth_width_deg": None}
ZONE = shapely.box(9.99, 49.993, 10.01, 50.007)


def one_by_one(made: Kit, sensor: Sensor, height_m: float) -> np.ndarray:
    """1: seen, 0: not, NaN: not known; by the sight lines to every post and the volume of each sensor."""
    ground, used = terrain(), made.items[0].ranges[0]
    x, y = np.meshgrid(*ground.posts())
    posts = np.column_stack([x.ravel(), y.ravel()])
    answers = []
    for position in made.items[0].positions:
        stand = tuple(float(axis) for axis in ground.to_grid(*position.at))
        east, north = posts[:, 0] - stand[0], posts[:, 1] - stand[1]
        inside = sees(
            sensor,
            range_m=used.range_m,
            horizontal_m=np.hypot(east, north),
            above_m=ground.heights.ravel() + height_m - float(ground.height_at(*stand)) - position.mast_m,
            bearing_deg=np.degrees(np.arctan2(east, north)) % 360.0,
            on=date(2026, 11, 21),
            sector=None if position.azimuth_deg is None else (position.azimuth_deg, position.azimuth_width_deg),
        )
        lowest = sight_heights(ground, [(*stand, position.mast_m)], posts)[0]
        answers.append(np.where(inside, np.where(np.isnan(lowest), np.nan, lowest <= height_m), 0.0))
    found = np.nanmax(np.array(answers), axis=0, initial=0.0)
    found[np.isnan(answers).any(axis=0) & (found == 0.0)] = np.nan
    found[~ground.known.ravel()] = np.nan
    return found.reshape(ground.heights.shape)


@pytest.mark.parametrize("limits", [{}, {"range_min": 150.0, "elevation_min": -2.0, "elevation_max": 6.0}])
def test_every_post_is_what_the_kits_own_words_say(limits: dict[str, float]) -> None:
    before, after = kit(WEST), kit(WEST, EAST, range_m=700.0)
    radar = listing(**limits)
    found = differences(before, after, listings={radar.id: radar}, terrain=terrain(), zone=ZONE, cases=CASES)
    for difference, (_, height) in zip(found, CASES, strict=True):
        one, other = (one_by_one(made, radar.sensors[0], height) for made in (before, after))
        expected = np.where(np.isnan(one) | np.isnan(other), Change.UNKNOWN, np.nan_to_num(one + 2 * other))
        assert np.array_equal(difference.change, expected)
        assert {Change.LOST, Change.GAINED, Change.BOTH, Change.NEITHER, Change.UNKNOWN} == set(
            np.unique(difference.change)
        )


def test_areas_count_the_zone_and_add_up() -> None:
    found = differences(kit(WEST), kit(EAST), listings={}, terrain=terrain(), zone=ZONE, cases=CASES[1:])[0]
    ground = terrain()
    x, y = np.meshgrid(*ground.posts())
    metric = shapely.transform(ZONE, lambda at: np.column_stack(ground.to_grid(at[:, 0], at[:, 1])))
    inside = shapely.intersects_xy(metric, x, y)
    assert sum(found.areas_m2.values()) == inside.sum() * 2500.0
    assert found.areas_m2[Change.LOST] == (inside & (found.change == Change.LOST)).sum() * 2500.0
    assert sum(area.area_m2 for area in found.gained) == pytest.approx(found.areas_m2[Change.GAINED], rel=0.05)
    assert [area.area_m2 for area in found.lost] == sorted((area.area_m2 for area in found.lost), reverse=True)
    assert all(area.outline.area == pytest.approx(area.area_m2) for area in found.lost)


def test_a_kit_does_not_differ_from_itself() -> None:
    found = differences(kit(WEST, EAST), kit(WEST, EAST), listings={}, terrain=terrain(), zone=ZONE, cases=CASES)
    for difference in found:
        assert set(np.unique(difference.change)) == {Change.NEITHER, Change.BOTH, Change.UNKNOWN}
        assert (difference.lost, difference.gained) == ((), ())


def test_the_range_with_the_probability_asked_for_counts() -> None:
    watcher = watchers_of(kit(EAST, probable_m=400.0), listings={}, terrain=terrain())[0]
    assert [(each.kind, each.range_m, each.stated_m) for each in watcher.watching] == [(SensorKind.RADAR, 400.0, 900.0)]


def test_directions_are_from_true_north_in_a_kit_and_from_grid_north_in_a_grid() -> None:
    there = {"at": [10.5, 50.0], "azimuth_deg": 0, "azimuth_width_deg": 90}
    watcher = watchers_of(kit(there), listings={}, terrain=terrain())[0]
    convergence = math.degrees(math.atan(math.tan(math.radians(0.5)) * math.sin(math.radians(50.0))))
    assert watcher.azimuth_deg == pytest.approx(360.0 - convergence, abs=2e-3)


def test_bands_of_rows_give_the_same_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    ground, made = terrain(), kit(WEST, EAST)
    watchers = watchers_of(made, listings={}, terrain=ground)

    def counted() -> tuple[Counts, ...]:
        return seen_by(watchers, made.requirement, cases=CASES, terrain=ground)

    whole = counted()
    monkeypatch.setattr("skypact.engines.kit.comparing._POSTS_AT_ONCE", 100)
    for one, other in zip(whole, counted(), strict=True):
        assert np.array_equal(one.kinds, other.kinds)
        assert np.array_equal(one.met, other.met)
        assert np.array_equal(one.unknown, other.unknown)
