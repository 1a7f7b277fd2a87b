"""Warning times, the least observed approach and blind areas on ground whose answers can be worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
from tests.engines.kit.flat_land import EAR, HUB, RADAR, composed, ground
from tests.engines.kit.requirements import requirement
from tests.engines.made_up import DAY, claim, sensor

from skypact.engines.kit import Composition, verify
from skypact.engines.kit.layers import CoverageLayer
from skypact.engines.kit.places import lay_out
from skypact.engines.kit.warning import BLIND_EACH, Ground, approach_figures, blind_ground
from skypact.schema import ApproachFigure, Circle, Kit, ThreatClass
from skypact.seed import threats

CLASS = next(threat for threat in threats() if threat.id == "micro-multirotor")
LISTINGS = {one.id: one for one in (RADAR, EAR, HUB)}


def figure(noticed: np.ndarray, threat: ThreatClass = CLASS) -> ApproachFigure:
    """The approach figure of the disc of 500 m for what is noticed on a grid of 61 × 61 posts, 100 m apart."""
    asked, terrain = requirement(), ground()
    assert asked.site.circle is not None
    places = lay_out(asked, asked.site.circle, terrain)
    layer = CoverageLayer(CLASS.id, 60.0, noticed.astype(np.uint8), terrain, noticed)
    return approach_figures([layer], Ground.of(places, terrain), places, [threat], on=DAY)[0]


def disc(radius_m: float) -> np.ndarray:
    x, y = np.meshgrid(*ground().posts())
    return np.hypot(x, y) <= radius_m


def test_a_straight_approach_is_first_noticed_at_the_edge_of_what_is_seen() -> None:
    """Seen out to 2,000 m from the middle of a site of 500 m: 1,500 m before its edge, 71 s at 21 m/s."""
    found = figure(disc(2000))
    assert len(found.bearings) == 72
    assert [one.bearing_deg for one in found.bearings[:3]] == [0.0, 5.0, 10.0]
    assert all(one.first_seen_m == pytest.approx(1500, abs=75) for one in found.bearings)
    assert (found.speed_m_s, found.speed_source) == (21.0, CLASS.speed_max[0].source)
    for one in found.bearings:
        assert one.first_seen_m is not None
        assert one.warning_s == math.floor(one.first_seen_m / 21 * 10) / 10
    assert found.least_warning_s == min(one.warning_s or 0 for one in found.bearings)
    assert not any(one.at_least for one in found.bearings)


def test_what_is_noticed_where_the_relief_ends_may_be_noticed_earlier() -> None:
    found = figure(np.ones((61, 61), dtype=np.bool_))
    assert all(one.at_least for one in found.bearings)
    assert found.bearings[18].first_seen_m == pytest.approx(2500, abs=50)


def test_what_is_never_noticed_leaves_no_time_and_the_path_goes_there() -> None:
    """A sector to the north is blind: no warning there, and the least observed approach takes it."""
    x, y = np.meshgrid(*ground().posts())
    bearing = np.degrees(np.arctan2(x, y))
    found = figure(disc(2000) & (np.abs(bearing) > 20))
    assert (found.bearings[0].first_seen_m, found.bearings[0].warning_s, found.least_warning_s) == (None, 0.0, 0.0)
    assert found.bearings[36].first_seen_m == pytest.approx(1500, abs=75)
    assert (found.observed_m, found.first_seen_m, found.warning_s) == (0.0, None, 0.0)
    assert found.path is not None
    entry = np.array(ground().to_grid(*np.array(found.path.coordinates[-1])))
    assert math.hypot(*entry) == pytest.approx(500, abs=3)
    assert entry[1] > 450


def test_a_ring_around_the_site_must_be_crossed_where_it_is_thinnest() -> None:
    """A ring of 1,000 m everywhere but to the east, where it is 300 m thin."""
    x, y = np.meshgrid(*ground().posts())
    away = np.hypot(x, y)
    ring = (away > 1000) & (away < np.where((x > 0) & (np.abs(y) <= 500), 1300, 2000))
    found = figure(ring)
    assert found.observed_m == pytest.approx(300, abs=110)
    assert found.first_seen_m == pytest.approx(800, abs=110)
    assert found.warning_s == math.floor((found.first_seen_m or 0) / 21 * 10) / 10
    assert found.length_m is not None
    assert found.length_m >= 2500
    assert found.grid_m == 100


def test_a_class_of_unknown_speed_has_distances_and_no_times() -> None:
    found = figure(disc(2000), CLASS.model_copy(update={"speed_max": ()}))
    assert (found.speed_m_s, found.speed_source, found.least_warning_s, found.warning_s) == (None,) * 4
    assert all(one.first_seen_m and one.warning_s is None for one in found.bearings)


def test_blind_areas_are_the_largest_first_and_the_rest_is_counted() -> None:
    asked, terrain = requirement(), ground(half=60, step=50.0)
    assert asked.site.circle is not None
    places = lay_out(asked, asked.site.circle, terrain)
    noticed = np.ones(terrain.heights.shape, dtype=np.bool_)
    noticed[50:54, 50:53] = False  # twelve cells
    noticed[54, 53] = False  # touches it at a corner only
    for number in range(BLIND_EACH):
        noticed[66, 50 + 2 * number] = False
    noticed[:20] = False  # beyond the ring
    layer = CoverageLayer(CLASS.id, 60.0, noticed.astype(np.uint8), terrain, noticed)
    areas, total = blind_ground([layer], Ground.of(places, terrain))
    assert [area.area_m2 for area in areas] == [30000.0, 2500.0, 2500.0, 2500.0, 2500.0]
    assert total == ((12 + 1 + BLIND_EACH) * 2500.0,)
    first = shapely.from_geojson(areas[0].outline.model_dump_json())
    assert first.contains(shapely.Point(areas[0].centre))
    assert areas[0].tolerance_m == 0.0
    lon, lat = np.array(areas[0].outline.coordinates[0][0]).T
    x, y = terrain.to_grid(lon, lat)
    assert (x.min(), x.max(), y.min(), y.max()) == pytest.approx((-525, -375, 325, 525), abs=0.2)


def test_an_outline_has_few_corners_and_says_what_that_took() -> None:
    asked, terrain = requirement(), ground(half=150, step=10.0)
    assert asked.site.circle is not None
    places = lay_out(asked, asked.site.circle, terrain)
    seen_spots = np.zeros(terrain.heights.shape, dtype=np.bool_)
    seen_spots[60:240:9, 60:240:9] = True
    comb = np.zeros(terrain.heights.shape, dtype=np.bool_)
    comb[:150, ::2] = True
    layers = [CoverageLayer(CLASS.id, 60.0, one.astype(np.uint8), terrain, one) for one in (seen_spots, comb)]
    areas, _ = blind_ground(layers, Ground.of(places, terrain))
    spotted, toothed = areas[:2]
    assert (len(spotted.outline.coordinates[0]) - 1, spotted.tolerance_m) == (20, 10.0)
    assert toothed.tolerance_m == 10.0
    for area in (spotted, toothed):
        assert sum(len(ring) for polygon in area.outline.coordinates for ring in polygon) <= 300


def whole() -> Composition:
    """A ridge east of the site hides low flights behind it."""
    heights = np.zeros((61, 61))
    heights[:, 38] = 120.0
    near = sensor("EAR", "passive_rf", 1400, "20000", decodes_content=claim(False))
    return composed(requirement(detection={"share": 0.6}), near, HUB, terrain=ground(heights))


def test_a_kit_tells_its_warning_times_and_blind_areas() -> None:
    kit = whole().kit
    assert [(one.threat, one.height_m) for one in kit.approaches] == [("micro-multirotor", 60.0)]
    assert kit.blind_areas
    assert kit.coverage[0].blind_area_m2 == pytest.approx(sum(area.area_m2 for area in kit.blind_areas))
    assert Kit.model_validate_json(kit.model_dump_json()) == kit


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda kit: kit["blind_areas"][0].update(centre=[127.0, 37.5]), "127, 37.5 is said to be blind and is seen"),
        (lambda kit: kit["approaches"][0].update(observed_m=2500.0), "is said to be observed on 2500 m"),
        (
            lambda kit: [one.update(first_seen_m=2400.0) for one in kit["approaches"][0]["bearings"]],
            "bearings it is not first noticed where the kit says",
        ),
        (
            lambda kit: [one.update(first_seen_m=None) for one in kit["approaches"][0]["bearings"]],
            "bearings it is not first noticed where the kit says",
        ),
    ],
)
def test_the_verifier_notices_wrong_approaches_and_blind_areas(change: Any, complaint: str) -> None:
    composition = whole()
    document = composition.kit.model_dump(mode="json")
    listings = {
        "SYN-EAR": sensor("EAR", "passive_rf", 1400, "20000", decodes_content=claim(False)),
        "SYN-HUB": HUB,
    }
    assert verify(Kit.model_validate(document), listings=listings, terrain=composition.terrain) == ()
    change(document)
    found = verify(Kit.model_validate(document), listings=listings, terrain=composition.terrain)
    assert any(complaint in one for one in found), found


def test_a_site_smaller_than_a_cell_is_still_approached() -> None:
    asked = requirement(site={"name": "Tower", "circle": {"centre": (127.0, 37.5), "radius_m": 10}})
    circle = Circle.model_validate({"centre": (127.0, 37.5), "radius_m": 10})
    terrain = replace(ground(), x0=-2950.0)
    places = lay_out(asked, circle, terrain)
    noticed = np.zeros(terrain.heights.shape, dtype=np.bool_)
    layer = CoverageLayer(CLASS.id, 60.0, noticed.astype(np.uint8), terrain, noticed)
    found = approach_figures([layer], Ground.of(places, terrain), places, [CLASS], on=DAY)[0]
    assert found.length_m == pytest.approx(2940, abs=100)
    assert found.least_warning_s == 0.0
