"""What one elevation file says of itself: unit, place, surface; and that only the window asked for is read."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import rasterio
from affine import Affine
from tests.exchange.test_elevation import CENTRE, slope, tiff

from skypact.engines.coverage import SurfaceKind
from skypact.exchange.elevation import read_elevation
from skypact.schema import InputError

AT = {"west": 323_000, "north": 4_209_000, "cell": 50}


def flat(path: Path, value: float = 1000.0, **more: object) -> Path:
    return tiff(path, np.full((60, 60), value, np.float32), **(AT | more))


@pytest.mark.parametrize(
    ("unit", "metres", "remark"),
    [
        ("m", 1000, ""),
        ("Metre", 1000, ""),
        ("ft", 304.8, "; heights converted from feet"),
        ("US survey foot", 1000 * 1200 / 3937, "; heights converted from US survey feet"),
        ("cm", 10, "; heights converted from centimetres"),
        (None, 1000, "; no unit of height stated, read as metres"),
    ],
)
def test_the_unit_of_the_band_counts(tmp_path: Path, unit: str | None, metres: float, remark: str) -> None:
    terrain = read_elevation([flat(tmp_path / "a.tif", unit=unit)], centre=CENTRE, radius_m=400)
    assert terrain.heights == pytest.approx(metres, rel=1e-7)
    assert terrain.source == f"elevation file a.tif, posts as in the file{remark}"


@pytest.mark.parametrize(
    ("crs", "metres", "remark"),
    [
        ("EPSG:32652+5703", 1000, ""),
        ("EPSG:32652+8228", 304.8, "; heights converted from feet"),
        ("EPSG:32652+6360", 1000 * 1200 / 3937, "; heights converted from US survey feet"),
    ],
)
def test_so_does_that_of_the_vertical_reference_system(tmp_path: Path, crs: str, metres: float, remark: str) -> None:
    terrain = read_elevation([flat(tmp_path / "a.tif", crs=crs)], centre=CENTRE, radius_m=400)
    assert terrain.heights == pytest.approx(metres, rel=1e-7)
    assert terrain.crs == "EPSG:32652"
    assert terrain.source == f"elevation file a.tif, posts as in the file{remark}"


def test_heights_above_the_ellipsoid_are_told(tmp_path: Path) -> None:
    file = flat(tmp_path / "a.tif", west=126.9, north=38.1, cell=1 / 300, crs="EPSG:4979")
    terrain = read_elevation([file], centre=CENTRE, radius_m=400)
    assert terrain.source == (
        "elevation file a.tif, resampled bilinearly from WGS 84 to 292.8 m posts; "
        "heights above the ellipsoid, not above sea level"
    )
    assert terrain.resampling == "bilinear from WGS 84 to 292.8 m posts"


def test_coordinates_in_feet_without_a_unit_of_height_are_no_guess(tmp_path: Path) -> None:
    at = {"west": 6_400_000, "north": 1_900_000, "cell": 100, "crs": "EPSG:2229"}
    file = flat(tmp_path / "a.tif", **at)
    with pytest.raises(InputError, match="a stated unit of height: NAD83 / California zone 5"):
        read_elevation([file], centre=(-118.0, 34.0), radius_m=400)
    stated = flat(tmp_path / "b.tif", unit="ft", **at)
    place = (-118.525, 34.204)
    terrain = read_elevation([stated], centre=place, radius_m=400)
    assert terrain.height_at(0.0, 0.0) == pytest.approx(304.8)
    assert "to 30.5 m posts; heights converted from feet" in terrain.source


@pytest.mark.parametrize("transform", ["turned", "sheared", "south_up"])
def test_any_affine_grid_is_resampled(tmp_path: Path, transform: str) -> None:
    middle = Affine.translation(324_435, 4_207_679)
    shape = {
        "turned": Affine.rotation(30) @ Affine.scale(50, -50),
        "sheared": Affine(50, 20, 0, 0, -50, 0),
        "south_up": Affine.scale(50, 50),
    }[transform]
    place = middle @ shape @ Affine.translation(-60, -60)
    heights = slope(120, 120)
    terrain = read_elevation(
        [tiff(tmp_path / "a.tif", heights, transform=place, **AT)], centre=CENTRE, radius_m=400, spacing_m=40
    )
    x, y = terrain.posts()
    lon, lat = terrain.to_lonlat(*np.meshgrid(x, y))
    east, north = rasterio.warp.transform("EPSG:4326", "EPSG:32652", lon.ravel(), lat.ravel())
    column, row = ~place @ (np.array(east), np.array(north))
    np.testing.assert_allclose(terrain.heights.ravel(), (column - 0.5) + 2 * (row - 0.5), atol=2e-3)


def test_fill_values_nobody_declared_are_unknown(tmp_path: Path) -> None:
    heights = slope().astype(np.int16)
    heights[20:24, 25] = -32768
    heights[20:24, 26] = -9999
    heights[20:24, 27] = 32767
    terrain = read_elevation([tiff(tmp_path / "a.tif", heights, unit="m", **AT)], centre=CENTRE, radius_m=900)
    assert (~terrain.known).sum() == 12
    assert terrain.source == (
        "elevation file a.tif, posts as in the file; heights below -500 m or above 9000 m taken as unknown; "
        "0.7% of the posts unknown"
    )
    assert terrain.unknown_share == 12 / terrain.heights.size


def test_nan_declared_as_nodata_is_unknown(tmp_path: Path) -> None:
    heights = slope()
    heights[30, 30] = np.nan
    terrain = read_elevation(
        [tiff(tmp_path / "a.tif", heights, nodata=np.nan, unit="m", **AT)], centre=CENTRE, radius_m=400
    )
    assert (~terrain.known).sum() == 1


def test_tiles_may_differ_in_nodata_type_and_unit(tmp_path: Path) -> None:
    one = np.full((60, 30), 100, np.int16)
    one[:, 29] = -1
    two = np.full((60, 31), 1000, np.float32)
    two[:, 30] = 9e9
    west = tiff(tmp_path / "w.tif", one, nodata=-1, unit="m", **AT)
    east = tiff(tmp_path / "e.tif", two, nodata=9e9, unit="ft", **(AT | {"west": 323_000 + 29 * 50}))
    terrain = read_elevation([west, east], centre=CENTRE, radius_m=900)
    assert np.unique(terrain.heights[terrain.known]).tolist() == [100.0, 304.8]
    assert terrain.known.all()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Copernicus_DSM_COG_10_N38_00_E127_00_DEM.tif", SurfaceKind.SURFACE),
        ("ALPSMLC30_N038E127_DSM.tif", SurfaceKind.SURFACE),
        ("site-dtm.tif", SurfaceKind.BARE_EARTH),
        ("N38E127_FABDEM_V1-2.tif", SurfaceKind.BARE_EARTH),
        ("dsm_minus_dtm.tif", SurfaceKind.UNSTATED),
        ("handsome.tif", SurfaceKind.UNSTATED),
    ],
)
def test_a_products_name_says_what_it_measured(tmp_path: Path, name: str, kind: SurfaceKind) -> None:
    assert read_elevation([flat(tmp_path / name)], centre=CENTRE, radius_m=400).surface is kind


def test_files_that_describe_different_things_leave_it_open(tmp_path: Path) -> None:
    files = [flat(tmp_path / "a_dsm.tif"), flat(tmp_path / "b_dtm.tif")]
    assert read_elevation(files, centre=CENTRE, radius_m=400).surface is SurfaceKind.UNSTATED
    said = read_elevation(files, centre=CENTRE, radius_m=400, surface=SurfaceKind.BARE_EARTH)
    assert said.surface is SurfaceKind.BARE_EARTH
    assert "; heights described as bare earth by the user" in said.source


def huge(path: Path) -> Path:
    """40,000 × 40,000 cells of 1 m, 6.4 GB of heights, nothing written but one tile of 7 m in the middle."""
    place = Affine(1, 0, 324_435 - 20_000, 0, -1, 4_207_679 + 20_000)
    with rasterio.open(
        path, "w", driver="GTiff", width=40_000, height=40_000, count=1, dtype="float32", crs="EPSG:32652",
        transform=place, tiled=True, blockxsize=512, blockysize=512, SPARSE_OK=True, compress="DEFLATE",
    ) as file:  # fmt: skip
        file.write(np.full((1024, 1024), 7, np.float32), 1, window=((19_968, 20_992), (19_968, 20_992)))
    return path


def test_of_a_huge_raster_only_the_window_is_read(tmp_path: Path) -> None:
    file = huge(tmp_path / "a.tif")
    tracemalloc.start()
    terrain = read_elevation([file], centre=CENTRE, radius_m=300)
    small = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    wide = read_elevation([file], centre=CENTRE, radius_m=3000, spacing_m=10)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert terrain.heights.shape[0] < 620
    assert terrain.heights.max() == 7
    assert small < 20e6
    assert wide.heights.shape == (601, 601)
    assert peak < 200e6  # 36 million posts of the source were looked at, two million at a time


def test_too_fine_a_model_is_refused_or_thinned_and_told(tmp_path: Path) -> None:
    file = huge(tmp_path / "a.tif")
    with pytest.raises(InputError, match="at most 1e.08 posts: ask for a smaller radius or a wider spacing"):
        read_elevation([file], centre=CENTRE, radius_m=15_000)
    terrain = read_elevation([file], centre=CENTRE, radius_m=1500, widen_to=40_000)
    assert (terrain.dx, terrain.heights.shape) == (15.2, (199, 199))
    assert terrain.heights.size <= 40_000
    assert "; a post every 15.2 m where the source has one every 1 m" in terrain.source


def test_what_lies_beyond_the_files_is_unknown_and_told(tmp_path: Path) -> None:
    terrain = read_elevation([flat(tmp_path / "a.tif", unit="m")], centre=CENTRE, radius_m=3000)
    assert terrain.heights.shape == (128, 128)
    assert terrain.known.sum() == 3600
    assert terrain.source.endswith("posts as in the file; 78.0% of the posts unknown")
    part = terrain.known_part()
    assert part.known.all()
    assert part.bounds == (323_025, 4_206_025, 325_975, 4_208_975)


def test_dted_is_read(tmp_path: Path) -> None:
    file = tmp_path / "n38.dt1"
    with rasterio.open(
        file, "w", driver="DTED", width=1201, height=1201, count=1, dtype="int16", crs="EPSG:4326",
        transform=Affine(1 / 1200, 0, 127 - 1 / 2400, 0, -1 / 1200, 39 + 1 / 2400),
    ) as raster:  # fmt: skip
        raster.write(np.full((1201, 1201), 250, np.int16), 1)
    terrain = read_elevation([file], centre=(127.5, 38.5), radius_m=500)
    assert terrain.height_at(0.0, 0.0) == 250
    assert terrain.surface is SurfaceKind.UNSTATED
    assert "read as metres" not in terrain.source


def test_a_pointer_to_other_files_is_not_followed(tmp_path: Path) -> None:
    flat(tmp_path / "a.tif")
    pointer = tmp_path / "b.tif"
    pointer.write_text(
        '<VRTDataset rasterXSize="60" rasterYSize="60"><SRS>EPSG:32652</SRS><VRTRasterBand dataType="Float32" band="1">'
        "<SimpleSource><SourceFilename>a.tif</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>",
        encoding="utf-8",
    )
    with pytest.raises(InputError, match=r"b\.tif: a GeoTIFF, SRTM \.hgt or DTED file"):
        read_elevation([pointer], centre=CENTRE, radius_m=400)
