"""A kit as GeoJSON."""

import json
from typing import Any

import pytest
from pyproj import Geod
from shapely.geometry import Polygon, shape
from tests.market.kits import samples

from skypact.market.kits.mapping import features_of, sector
from skypact.schema import Position3D, RangeUsed

EARTH = Geod(ellps="WGS84")


def standing(**changes: object) -> Position3D:
    return Position3D.model_validate({"id": "p1", "at": [10.0, 50.0], "ground_m": 0, "mast_m": 6, **changes})


def test_roles_in_drawing_order() -> None:
    features = features_of(samples.kit())["features"]
    roles = [feature["properties"]["role"] for feature in features]
    assert roles == ["site", "ring", "blind", "sector", "sector", "position", "position", "position"]


def test_is_json_and_valid_geometry() -> None:
    document = json.loads(json.dumps(features_of(samples.kit())))
    assert all(shape(feature["geometry"]).is_valid for feature in document["features"])


def test_the_site_names_the_relief_under_everything() -> None:
    kit = samples.kit()
    site = features_of(kit)["features"][0]["properties"]
    assert site["relief"] == {
        "name": kit.terrain.name,
        "surface": "bare_earth",
        "synthetic": False,
        "spacing_m": kit.terrain.spacing_m,
        "resampling": "none",
        "obstacles": 0,
    }


def test_blind_stretch_names_its_case() -> None:
    blind = features_of(samples.kit())["features"][2]
    assert blind["properties"] == {"role": "blind", "threat": "mini-multirotor", "height_m": 60.0}


def used(range_m: float, **more: Any) -> RangeUsed:
    fields = {"threat": "mini-multirotor", "kind": "radar", "basis": "claim", "note": "x"}
    return RangeUsed.model_validate({**fields, "range_m": range_m, **more})


def test_a_sensor_wider_than_its_unit_is_turned_is_drawn_as_wide_as_it_looks() -> None:
    ring = Polygon(sector(standing(azimuth_deg=90.0, azimuth_width_deg=60.0), used(2000, azimuth_width_deg=360.0)))
    assert len(ring.exterior.coords) == 121


def test_all_round_is_a_disc() -> None:
    ring = Polygon(sector(standing(), used(2000)))
    assert ring.exterior.is_ccw
    assert all(EARTH.inv(10.0, 50.0, lon, lat)[2] == pytest.approx(2000, abs=0.2) for lon, lat in ring.exterior.coords)
    assert len(ring.exterior.coords) == 121


def test_a_sector_looks_where_it_should() -> None:
    ring = Polygon(sector(standing(azimuth_deg=90.0, azimuth_width_deg=60.0), used(2000)))
    assert ring.exterior.is_ccw
    inside = EARTH.fwd(10.0, 50.0, 119.0, 1000)[:2]
    outside = EARTH.fwd(10.0, 50.0, 121.0, 1000)[:2]
    assert ring.contains(shape({"type": "Point", "coordinates": inside}))
    assert not ring.contains(shape({"type": "Point", "coordinates": outside}))
