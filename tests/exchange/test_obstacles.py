"""Buildings from GeoJSON: heights as people write them, none invented, and put on the relief."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.exchange.test_elevation import CENTRE, tiff

from skypact.engines.coverage import SurfaceKind, Terrain
from skypact.exchange.elevation import read_elevation
from skypact.exchange.obstacles import put_obstacles, read_obstacles
from skypact.schema import InputError

BAD = Path(__file__).parents[1] / "bad_input" / "obstacles"
FILES = sorted(file.name for file in BAD.iterdir() if file.suffix != ".expected")


def feature(lon: float = 127.0, lat: float = 38.0, half: float = 0.0005, **properties: Any) -> dict[str, Any]:
    west, south, east, north = lon - half, lat - half, lon + half, lat + half
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def written(path: Path, *features: dict[str, Any], **more: Any) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", **more, "features": features}), encoding="utf-8")
    return path


@pytest.fixture
def ground(tmp_path: Path) -> Terrain:
    """100 m high and flat, posts every 50 m around :data:`CENTRE`."""
    file = tiff(tmp_path / "a.tif", np.full((60, 60), 100.0), west=323_000, north=4_209_000, cell=50, unit="m")
    return read_elevation([file], centre=CENTRE, radius_m=500, surface=SurfaceKind.BARE_EARTH)


@pytest.mark.parametrize(
    ("value", "metres"),
    [
        (12, 12),
        (12.5, 12.5),
        ("12", 12),
        (" 12.5 m ", 12.5),
        ("3 metres", 3),
        ("40 ft", 12.192),
        ("40feet", 12.192),
        ("12'", 3.6576),
        ("12'6\"", 3.81),
    ],
)
def test_heights_as_people_write_them(tmp_path: Path, value: object, metres: float) -> None:
    file = read_obstacles(written(tmp_path / "b.geojson", feature(height=value)))
    assert [one.height_m for one in file.obstacles] == pytest.approx([metres])
    assert file.without_height == 0


def test_no_height_is_invented(tmp_path: Path) -> None:
    features = [feature(), feature(height=None), feature(height=""), feature(**{"building:levels": 4})]
    file = read_obstacles(written(tmp_path / "b.geojson", *features, feature(**{"building:height": 9})))
    assert [one.height_m for one in file.obstacles] == [9]
    assert file.without_height == 4


def test_yes_is_no_altitude(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"features\.0\.properties\.base_elevation: metres above sea level.*True"):
        read_obstacles(written(tmp_path / "b.geojson", feature(height=10, base_elevation=True)))


def test_they_stand_on_the_relief_and_the_result_says_so(ground: Terrain, tmp_path: Path) -> None:
    file = written(
        tmp_path / "b.geojson",
        feature(height=20),
        feature(lon=127.003, height=10, base_elevation=95),
        feature(lon=130.0, height=10),
        feature(),
        crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}},
    )
    built = put_obstacles(ground, [file])
    assert np.unique(built.heights).tolist() == [100, 105, 120]
    assert float(built.height_at(*built.to_grid(*CENTRE))) == 120
    assert built.obstacles == 2
    assert built.source == (
        "elevation file a.tif, posts as in the file; heights described as bare earth by the user; "
        "obstacles added: 2, outside: 1 (from b.geojson; left out without a stated height: 1)"
    )
    assert ground.heights.max() == 100


def test_nothing_to_put_changes_nothing(ground: Terrain) -> None:
    assert put_obstacles(ground, []) is ground


def test_a_surface_model_holds_roofs_already(tmp_path: Path) -> None:
    file = tiff(tmp_path / "a_dsm.tif", np.full((60, 60), 100.0), west=323_000, north=4_209_000, cell=50)
    terrain = read_elevation([file], centre=CENTRE, radius_m=500)
    with pytest.raises(InputError) as refused:
        put_obstacles(terrain, [written(tmp_path / "b.geojson", feature(height=20))])
    assert str(refused.value) == (
        "b.geojson: obstacles: no obstacles on a_dsm.tif, a surface model: it holds roofs already, "
        "they would count twice"
    )


def test_a_long_list_of_mistakes_is_cut(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read_obstacles(written(tmp_path / "b.geojson", *[feature(height=-1)] * 100))
    assert len(refused.value.problems) == 20


def test_a_file_that_is_not_there_or_far_too_large(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^b\.geojson: a GeoJSON file that can be read \(No such"):
        read_obstacles(tmp_path / "b.geojson")
    large = tmp_path / "large.geojson"
    large.touch()
    os.truncate(large, 300 * 1024 * 1024)
    with pytest.raises(InputError, match=r"^large\.geojson: at most 256 MiB \(found '314572800 bytes'\)$"):
        read_obstacles(large)


@pytest.mark.parametrize("name", FILES)
def test_malformed_file(name: str) -> None:
    with pytest.raises(InputError) as caught:
        read_obstacles(BAD / name)
    assert f"{caught.value}\n" == (BAD / f"{name}.expected").read_text(encoding="utf-8")


def test_there_are_malformed_files() -> None:
    assert len(FILES) == 12
