"""Coverage as files: what is written is read back by another tool the same; broken lines are told apart."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely

from skypact.engines.coverage import SurfaceKind, Terrain
from skypact.exchange.coverage import feature_collection, read_line, write_lowest_visible
from skypact.schema import InputError

TERRAIN = Terrain(
    np.arange(12, dtype=np.float64).reshape(3, 4),
    500_000.0,
    4_200_000.0,
    30.0,
    30.0,
    "EPSG:32652",
    SurfaceKind.SURFACE,
    "made up",
    "made up for a test",
)


def test_the_raster_reads_back(tmp_path: Path) -> None:
    lowest = np.array([[0, 1.5, np.nan, np.inf]] * 3, dtype=np.float32)
    file = tmp_path / "lowest.tif"
    write_lowest_visible(file, lowest, TERRAIN, about={"RANGE_M": "100"})
    with rasterio.open(file) as raster:
        assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        np.testing.assert_array_equal(raster.read(1), lowest)
        np.testing.assert_array_equal(raster.read(2), lowest + TERRAIN.heights.astype(np.float32))
        assert raster.crs.to_epsg() == 32652
        assert raster.xy(0, 0) == (500_000.0, 4_200_000.0)
        assert raster.descriptions == (
            "lowest visible altitude above ground, m",
            "lowest visible altitude above sea level, m",
        )
        tags = raster.tags()
        assert (tags["SURFACE"], tags["TERRAIN_SOURCE"], tags["RANGE_M"]) == ("surface", "made up for a test", "100")
    assert [path.name for path in tmp_path.iterdir()] == ["lowest.tif"]


def test_a_raster_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "lowest.tif"
    file.write_bytes(b"old")
    with pytest.raises(ValueError):  # noqa: PT011 (rasterio's own words)
        write_lowest_visible(file, np.zeros((2, 2), dtype=np.float32), TERRAIN, about={})
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["lowest.tif"]


def test_features_are_wgs84_geojson() -> None:
    text = feature_collection([(shapely.Point(127.123456789, 38.0), {"name": "초소"})])
    assert json.loads(text) == {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [127.1234568, 38.0]},
                "properties": {"name": "초소"},
            }
        ],
    }


def test_a_line_is_read(tmp_path: Path) -> None:
    file = tmp_path / "line.geojson"
    line = shapely.LineString([(127.0, 38.0), (127.5, 38.25)])
    file.write_text(feature_collection([(shapely.Point(0, 0), {}), (line, {})]))
    assert read_line(file, feature=1) == line
    file.write_text(shapely.to_geojson(line))
    assert read_line(file) == line


@pytest.mark.parametrize(
    ("text", "place", "accepted"),
    [
        (b"\xff", "", "GeoJSON in UTF-8"),
        (b"{", "", "GeoJSON in UTF-8"),
        (b"[]", "", "a GeoJSON object"),
        (b'{"features": []}', "features", "a number below 0"),
        (b'{"type": "Point", "coordinates": [0, 0]}', "features.0.geometry.type", "LineString"),
        (b'{"features": 7}', "features", "a list of features"),
        (b'{"type": "LineString", "crs": {"properties": {"name": "EPSG:5179"}}}', "crs", "WGS 84 longitude, latitude"),
        (b"[" * 100_000, "", "GeoJSON that is not nested so deeply"),
        (b'{"features": [7]}', "features.0.geometry.type", "LineString"),
        (b'{"type": "LineString", "coordinates": "x"}', "features.0.geometry.coordinates", "positions of a LineString"),
        (b'{"type": "LineString"}', "features.0.geometry.coordinates", "positions of a LineString"),
        (
            b'{"type": "LineString", "coordinates": []}',
            "features.0.geometry.coordinates",
            "a LineString with positions; this one is empty",
        ),
        (
            b'{"type": "LineString", "coordinates": [[200, 1], [2, 3]]}',
            "features.0.geometry.coordinates",
            "positions, longitude within",
        ),
    ],
)
def test_what_is_no_line(tmp_path: Path, text: bytes, place: str, accepted: str) -> None:
    file = tmp_path / "line.geojson"
    file.write_bytes(text)
    with pytest.raises(InputError) as refused:
        read_line(file)
    (problem,) = refused.value.problems
    assert (problem.file, problem.place) == ("line.geojson", place)
    assert problem.accepted.startswith(accepted)


def test_a_line_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.geojson"):
        read_line(tmp_path / "none.geojson")
