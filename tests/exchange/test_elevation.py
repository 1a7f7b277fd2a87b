"""Elevation files in, posts out: exact where nothing is resampled, unknown where the file does not know."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine

from skypact.engines.coverage import SurfaceKind
from skypact.exchange.elevation import default_covers, default_elevation, read_elevation
from skypact.schema import InputError

UTM = "EPSG:32652"
CENTRE = (127.0, 38.0)  # x 324 435, y 4 207 679 in UTM 52N


def tiff(path: Path, heights: object, *, west: float, north: float, cell: float, crs: str | None = UTM, **more) -> Path:
    """A GeoTIFF whose first cell's corner is (west, north)."""
    data = np.atleast_3d(np.asarray(heights)).transpose(2, 0, 1) if np.ndim(heights) == 2 else np.asarray(heights)
    unit = more.pop("unit", None)
    transform = more.pop("transform", Affine(cell, 0, west, 0, -cell, north))
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        count=data.shape[0],
        height=data.shape[1],
        width=data.shape[2],
        dtype=data.dtype,
        crs=crs,
        transform=transform,
        **more,
    ) as file:
        file.write(data)
        if unit:
            file.units = [unit] * data.shape[0]
    return path


def slope(rows: int = 60, columns: int = 60) -> np.ndarray:
    """Rises 1 m a column eastward and 2 m a row southward."""
    return (np.arange(columns)[None, :] + 2.0 * np.arange(rows)[:, None]).astype(np.float32)


def test_a_metric_grid_is_used_as_it_is(tmp_path):
    path = tiff(tmp_path / "a.tif", slope(), west=323_000, north=4_209_000, cell=50)
    terrain = read_elevation([path], centre=CENTRE, radius_m=500)
    assert (terrain.dx, terrain.dy, terrain.crs) == (50, 50, UTM)
    x, y = terrain.to_grid(*CENTRE)
    assert (float(x), float(y)) == pytest.approx((324_396.5, 4_207_636.4), abs=200)
    # posts stand at the centres of cells: post (0, 0) of the file lies at 323 025, 4 208 975
    expected = (x - 323_025) / 50 + 2 * (4_208_975 - y) / 50
    assert terrain.height_at(x, y) == pytest.approx(float(expected), abs=1e-9)
    assert terrain.source == "elevation file a.tif, posts as in the file; no unit of height stated, read as metres"
    assert terrain.resampling is None
    assert terrain.surface is SurfaceKind.UNSTATED
    west, south, east, north = terrain.bounds
    assert west <= x - 500
    assert x + 500 <= east <= x + 700
    assert south <= y - 500
    assert north >= y + 500


def test_tiles_on_one_grid_are_laid_side_by_side(tmp_path):
    whole = slope(60, 60)
    west = tiff(tmp_path / "w.tif", whole[:, :32], west=323_000, north=4_209_000, cell=50)
    east = tiff(tmp_path / "e.tif", whole[:, 30:], west=324_500, north=4_209_000, cell=50)
    joined = read_elevation([west, east], centre=CENTRE, radius_m=900)
    alone = read_elevation(
        [tiff(tmp_path / "a.tif", whole, west=323_000, north=4_209_000, cell=50)], centre=CENTRE, radius_m=900
    )
    np.testing.assert_array_equal(joined.heights, alone.heights)
    assert joined.name == "w.tif, e.tif"
    assert joined.bounds == alone.bounds


def test_a_gap_between_tiles_is_unknown_not_flat(tmp_path):
    whole = slope(60, 60)
    west = tiff(tmp_path / "w.tif", whole[:, :32], west=323_000, north=4_209_000, cell=50)
    east = tiff(tmp_path / "e.tif", whole[:, 36:], west=324_800, north=4_209_000, cell=50)
    terrain = read_elevation([west, east], centre=CENTRE, radius_m=900)
    x, _ = terrain.posts()
    gap = (x > 323_000 + 32 * 50) & (x < 324_800)
    assert gap.sum() == 4
    assert not terrain.known[:, gap].any()
    assert terrain.known[:, ~gap].all()


def test_nodata_is_unknown_and_spoils_what_is_made_of_it(tmp_path):
    heights = slope()
    heights[28, 28] = -9999
    path = tiff(tmp_path / "a.tif", heights, west=323_000, north=4_209_000, cell=50, nodata=-9999)
    as_is = read_elevation([path], centre=CENTRE, radius_m=400)
    assert (~as_is.known).sum() == 1
    finer = read_elevation([path], centre=CENTRE, radius_m=400, spacing_m=10)
    assert 81 <= (~finer.known).sum() <= 121  # all within one cell of the unknown post
    assert np.nanmin(finer.heights) > 0


def test_scale_and_offset_of_the_file_apply(tmp_path):
    path = tiff(tmp_path / "a.tif", np.full((60, 60), 250, np.int16), west=323_000, north=4_209_000, cell=50)
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = [0.1], [5.0]
    terrain = read_elevation([path], centre=CENTRE, radius_m=400)
    np.testing.assert_allclose(terrain.heights, 30.0)


def test_a_geographic_grid_is_resampled_bilinearly(tmp_path):
    cell = 1 / 1200
    heights = 1000 * np.arange(240)[None, :] * cell + np.zeros((240, 1))  # 1000 m a degree of longitude
    path = tiff(tmp_path / "g.tif", heights, west=126.9, north=38.1, cell=cell, crs="EPSG:4326")
    terrain = read_elevation([path], centre=CENTRE, radius_m=3000)
    assert terrain.dx == terrain.dy == pytest.approx(73.2, abs=0.2)  # 3 arc seconds of longitude at 38° N
    assert "resampled bilinearly from WGS 84 to" in terrain.source
    assert terrain.known.all()
    lon = np.array([126.97, 127.0, 127.03])
    x, y = terrain.to_grid(lon, np.full(3, 38.0))
    np.testing.assert_allclose(terrain.height_at(x, y), 1000 * (lon - 126.9 - cell / 2), atol=0.01)


def test_tiles_of_different_grids_fill_each_other(tmp_path):
    fine = tiff(tmp_path / "fine.tif", np.full((20, 20), 7.0), west=323_900, north=4_208_100, cell=50)
    wide = tiff(tmp_path / "wide.tif", np.full((60, 60), 3.0), west=126.9, north=38.1, cell=1 / 300, crs="EPSG:4326")
    terrain = read_elevation([fine, wide], centre=CENTRE, radius_m=2000, spacing_m=50)
    assert terrain.known.all()
    assert terrain.height_at(*terrain.to_grid(*CENTRE)) == 7.0
    assert terrain.height_at(-1900, 1900) == 3.0


@pytest.mark.parametrize(("size", "spacing"), [(1201, 73.2), (3601, 24.4)])
def test_srtm_tiles(tmp_path, size, spacing):
    posts = np.arange(size)
    heights = (posts[None, :] * 1000 // (size - 1) + np.zeros((size, 1), int)).astype(">i2")
    heights[0, 0] = -32768
    path = tmp_path / "N38E127.hgt"
    path.write_bytes(heights.tobytes())
    terrain = read_elevation([path], centre=(127.5, 38.5), radius_m=1000)
    assert terrain.dx == pytest.approx(spacing * math.cos(math.radians(38.5)) / math.cos(math.radians(38)), abs=0.5)
    assert terrain.surface is SurfaceKind.SURFACE
    assert terrain.height_at(0, 0) == pytest.approx(500, abs=1)


def test_the_user_may_say_what_the_heights_describe(tmp_path):
    path = tiff(tmp_path / "a.tif", slope(), west=323_000, north=4_209_000, cell=50)
    terrain = read_elevation([path], centre=CENTRE, radius_m=400, surface=SurfaceKind.BARE_EARTH)
    assert terrain.surface is SurfaceKind.BARE_EARTH


def test_the_built_in_model():
    terrain = default_elevation(centre=(-84.25, 36.6), radius_m=5000)
    assert terrain.dx == pytest.approx(74.6)
    assert terrain.known.all()
    # post at 36.6° N, 84.25° W: row (36.7325 - 36.6) * 1200 = 159, column (84.413333 - 84.25) * 1200 = 196
    from importlib import resources

    file = resources.files("matplotlib") / "mpl-data" / "sample_data" / "jacksboro_fault_dem.npz"
    with file.open("rb") as stream, np.load(stream) as model:
        expected = model["elevation"][159, 196]
    assert terrain.height_at(0, 0) == pytest.approx(float(expected), abs=0.01)
    assert terrain.surface is SurfaceKind.UNSTATED


def test_the_built_in_model_ends_somewhere():
    assert default_covers((-84.25, 36.6))
    assert not default_covers((-84.25, 36.74))
    assert not default_covers((127.0, 38.0))
    with pytest.raises(InputError, match=r"the built-in model covers 36\.45–36\.73° N"):
        default_elevation(centre=(127.0, 38.0), radius_m=1000)
    edge = default_elevation(centre=(-84.40, 36.6), radius_m=5000)
    assert not edge.known[:, 0].any()
    assert edge.known[:, -1].all()


def bad_files(folder: Path) -> dict[str, tuple[Path, str]]:
    at = {"west": 323_000, "north": 4_209_000, "cell": 50}
    text = folder / "text.tif"
    text.write_text("not a raster", encoding="utf-8")
    empty = folder / "empty.tif"
    empty.write_bytes(b"")
    cut = folder / "cut.tif"
    cut.write_bytes(tiff(folder / "full.tif", slope(), **at).read_bytes()[:3000])
    srtm = folder / "N37E126.hgt"
    srtm.write_bytes(bytes(1000))
    misnamed = folder / "seoul.hgt"
    misnamed.write_bytes(bytes(1201 * 1201 * 2))
    flat = Affine(0, 0, 323_000, 0, 0, 4_209_000)
    lost = Affine(50, 0, math.nan, 0, -50, 4_209_000)
    return {
        "missing": (folder / "none.tif", "an existing elevation file"),
        "folder": (folder, "an existing elevation file"),
        "text": (text, "a GeoTIFF, SRTM .hgt or DTED file"),
        "empty": (empty, "a GeoTIFF, SRTM .hgt or DTED file"),
        "cut": (cut, "a complete raster; this one breaks off or is damaged"),
        "srtm": (srtm, "an SRTM file named like N37E126.hgt"),
        "misnamed": (misnamed, "an SRTM file named like N37E126.hgt"),
        "bands": (
            tiff(folder / "b.tif", np.zeros((3, 60, 60), np.uint8), **at),
            r"exactly one band, of heights \(found 3\)",
        ),
        "complex": (tiff(folder / "c.tif", np.zeros((60, 60), np.complex64), **at), "heights as plain numbers"),
        "fathoms": (
            tiff(folder / "fathoms.tif", slope(), unit="fathom", **at),
            r"heights in metres, decimetres, centimetres, feet or US survey feet \(found 'fathom'\)",
        ),
        "nowhere": (tiff(folder / "n.tif", slope(), crs=None, **at), "a file that names its reference system"),
        "sizeless": (tiff(folder / "s.tif", slope(), transform=flat, **at), "a finite position and cells of some size"),
        "lost": (tiff(folder / "l.tif", slope(), transform=lost, **at), "a finite position and cells of some size"),
        "single": (tiff(folder / "1.tif", np.zeros((1, 1), np.float32), **at), "at least 2 x 2 cells"),
        "unknown": (
            tiff(folder / "u.tif", np.full((60, 60), -9999.0), nodata=-9999, **at),
            "a known height within 400 m of the place; all are unknown",
        ),
        "elsewhere": (
            tiff(folder / "x.tif", slope(), west=500_000, north=4_209_000, cell=50),
            r"a place inside 38\.0017° N to 38\.0287° N, 129\.0000° E to 129\.0342° E, 176 km away "
            r"\(found '38\.0000° N, 127\.0000° E'\)",
        ),
    }


@pytest.mark.parametrize(
    "case",
    [
        "missing", "folder", "text", "empty", "cut", "srtm", "misnamed", "bands", "complex", "fathoms", "nowhere",
        "sizeless", "lost", "single", "unknown", "elsewhere",
    ],
)  # fmt: skip
def test_bad_files_are_refused(tmp_path, case):
    path, accepted = bad_files(tmp_path)[case]
    with pytest.raises(InputError, match=accepted) as refused:
        read_elevation([path], centre=CENTRE, radius_m=400)
    assert path.name in str(refused.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"paths": []}, "at least one elevation file"),
        ({"radius_m": 0}, "radius_m: a positive length in metres"),
        ({"spacing_m": -1}, "spacing_m: a positive length in metres, at most radius_m"),
        ({"centre": (127, 91)}, "centre: longitude and latitude within"),
        ({"spacing_m": 0.01}, "at most 1e.08 posts: ask for a smaller radius or a wider spacing"),
    ],
)
def test_bad_wishes_are_refused(tmp_path, change, message):
    path = tiff(tmp_path / "a.tif", slope(), west=323_000, north=4_209_000, cell=50)
    wish = {"paths": [path], "centre": CENTRE, "radius_m": 400, "spacing_m": None} | change
    with pytest.raises(InputError, match=message):
        read_elevation(wish.pop("paths"), **wish)


@pytest.mark.shared_data
def test_real_models(shared_data):
    dmz = read_elevation([shared_data / "terrain" / "dmz128.tif"], centre=(127.15, 38.3), radius_m=20_000)
    assert (dmz.dx, dmz.crs, dmz.heights.shape) == (128.0, "EPSG:32652", (325, 325))
    assert dmz.known.all()
    assert float(dmz.height_at(*dmz.to_grid(127.15, 38.3))) == pytest.approx(299.6, abs=0.1)
    hills = read_elevation([shared_data / "terrain" / "bigtujunga30.tif"], centre=(-118.15, 34.32), radius_m=3000)
    assert (hills.dx, hills.crs) == (30.0, "EPSG:32611")


def eastward(lon: np.ndarray) -> np.ndarray:
    """Metres: 10 a degree, on without a jump over the antimeridian."""
    return 10.0 * (lon % 360.0)


def tile(path: Path, west: float, *, cell: float = 0.01, width: int = 100) -> Path:
    """One degree of latitude around 17° S, ``width`` cells from ``west`` on."""
    lon = west + cell * (np.arange(width) + 0.5)
    heights = np.broadcast_to(eastward(lon), (round(1.0 / cell), width)).astype(np.float32)
    return tiff(path, heights, west=west, north=-16.5, cell=cell, crs="EPSG:4326")


@pytest.mark.parametrize("centre", [180.0, -180.0, 179.99, -179.99])
@pytest.mark.parametrize("kind", ["two tiles", "around the Earth", "from 0 to 360"])
def test_relief_is_joined_across_the_antimeridian(tmp_path, centre, kind):
    if kind == "two tiles":
        paths = [tile(tmp_path / "w.tif", 179.0), tile(tmp_path / "e.tif", -180.0)]
    elif kind == "around the Earth":
        paths = [tile(tmp_path / "all.tif", -180.0, cell=0.1, width=3600)]
    else:
        paths = [tile(tmp_path / "all.tif", 0.0, cell=0.1, width=3600)]
    terrain = read_elevation(paths, centre=(centre, -17.0), radius_m=4000, spacing_m=100)
    x, y = np.meshgrid(*terrain.posts())
    lon, _ = terrain.to_lonlat(x, y)
    assert np.isnan(terrain.heights).sum() == 0
    assert terrain.heights == pytest.approx(eastward(np.asarray(lon)), abs=0.01)


def test_on_one_side_alone_the_other_is_unknown(tmp_path):
    terrain = read_elevation([tile(tmp_path / "w.tif", 179.0)], centre=(180.0, -17.0), radius_m=4000, spacing_m=100)
    x, _ = terrain.posts()
    assert np.isnan(terrain.heights[40]).tolist() == [bool(at > -532) for at in x]


def test_a_projection_that_breaks_within_the_place_is_refused(tmp_path):
    edge = 20_037_500.0
    path = tiff(tmp_path / "m.tif", slope(40, 4008), west=-edge, north=-1_700_000, cell=10_000, crs="EPSG:3857")
    with pytest.raises(InputError) as refused:
        read_elevation([path], centre=(180.0, -17.0), radius_m=4000, spacing_m=100)
    assert str(refused.value) == (
        "m.tif: crs: a file in degrees: this projection breaks at 180° within what is asked for "
        "(found 'WGS 84 / Pseudo-Mercator')"
    )
