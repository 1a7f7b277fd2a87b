"""``skypact coverage``: positions in, files out; the same on several processes, even when one dies."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import numpy as np
import pytest
import rasterio
import typer
from distributed import LocalCluster
from django.conf import settings
from pyproj import Geod
from rasterio.transform import Affine
from rasterio.warp import transform
from typer.testing import CliRunner

from skypact.cli.cluster import runner
from skypact.cli.coverage import app
from skypact.cli.coverage_report import left_out
from skypact.exchange.terrain_folder import Tile


@pytest.fixture
def relief(tmp_path: Path) -> Path:
    """10 × 10 km of hills, 100 m posts, south-west corner at 400 km E, 4,200 km N of zone 52."""
    heights = np.random.default_rng(4).random((101, 101)).astype(np.float32) * 40
    file = tmp_path / "hills.tif"
    place = Affine(100, 0, 400_000 - 50, 0, -100, 4_210_000 + 50)
    with rasterio.open(
        file, "w", driver="GTiff", width=101, height=101, count=1, dtype="float32", crs="EPSG:32652", transform=place
    ) as raster:
        raster.write(heights, 1)
    return file


@pytest.fixture
def line(tmp_path: Path) -> Path:
    file = tmp_path / "line.geojson"
    at = [[127.875, 37.99], [127.96, 37.99], [128.9, 37.99]]
    file.write_text(json.dumps({"type": "LineString", "coordinates": at}))
    return file


def run(*arguments: object, status: int = 0) -> str:
    result = CliRunner().invoke(app, [str(part) for part in arguments])
    assert result.exit_code == status, result.output
    return result.output if status == 0 else result.stderr


def test_see_writes_raster_and_blind_areas(relief: Path, tmp_path: Path) -> None:
    out = tmp_path / "seen"
    told = run(
        "see", "--terrain", relief, "--at", "127.92,37.99,10", "--range", 3000, "--height", 30, "-o", out, "--json"
    )
    summary = json.loads(told)
    with rasterio.open(out / "lowest_visible.tif") as raster:
        lowest = raster.read(1)
        assert raster.tags()["OBSERVERS"].startswith("127.92,37.99,10: mast 10 m: eye 10 m above the ground at ")
    assert summary["posts_in_range"] == int((lowest < np.inf).sum())
    share = round(float((lowest <= 30).sum() / (lowest < np.inf).sum()), 6)
    assert summary["seen"] == [{"height_m": 30.0, "share": share, "share_of_known": share}]
    assert summary["warnings"] == []
    blind = json.loads((out / "blind_30m.geojson").read_text())["features"][0]
    assert (blind["geometry"]["type"], blind["properties"]) == (
        "MultiPolygon",
        {"height_m": 30.0, "surface": "unstated", "terrain": "hills.tif", "resampling": "none", "obstacles": 0},
    )


def ask(relief: Path, line: Path, out: Path, *more: object) -> dict[str, object]:
    told: dict[str, object] = json.loads(
        run("strip", "--terrain", relief, "--line", line, "--range", 3000, "--sensors", 3, "-o", out, "--json", *more)
    )
    return told


def test_strip_clips_the_line_to_the_relief_and_is_the_same_on_two_processes(
    relief: Path, line: Path, tmp_path: Path
) -> None:
    alone = ask(relief, line, tmp_path / "alone")
    assert 8_000 < alone["line_m"] < 9_500
    assert (alone["sensors"], alone["stopped"]) == (3, False)
    together = ask(relief, line, tmp_path / "together", "--workers", 2)
    assert together == alone
    for name in ("positions.geojson", "blind_stretches.geojson", "lowest_visible.tif"):
        assert (tmp_path / "together" / name).read_bytes() == (tmp_path / "alone" / name).read_bytes()
    positions = json.loads((tmp_path / "alone" / "positions.geojson").read_text())["features"]
    assert [feature["properties"]["sensor"] for feature in positions] == [1, 2, 3]


def test_a_killed_worker_loses_nothing(tmp_path: Path) -> None:
    died = tmp_path / "died"

    def squared(number: int) -> int:
        if number == 3 and not died.exists():
            died.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return number * number

    with runner(workers=2, scheduler=None, memory="1GiB") as shared:
        found = dict(shared(squared, range(8)))
    assert died.exists()
    assert found == {number: number * number for number in range(8)}


def test_a_scheduler_of_our_own_is_used() -> None:
    with (
        LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster,
        runner(workers=1, scheduler=cluster.scheduler_address, memory="1GiB") as shared,
    ):
        assert sorted(shared(lambda number: -number, range(3))) == [(0, 0), (1, -1), (2, -2)]


def test_a_scheduler_without_workers_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with LocalCluster(n_workers=0, dashboard_address=None) as cluster, pytest.raises(typer.Exit):
        runner(workers=1, scheduler=cluster.scheduler_address, memory="1GiB").__enter__()
    assert capsys.readouterr().err.endswith("it has no workers\n")


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("129", "'129': write longitude,latitude or longitude,latitude,mast"),
        ("129,99", "'129,99': longitude within ±180, latitude within ±85 degrees"),
    ],
)
def test_positions_that_are_none(relief: Path, tmp_path: Path, at: str, words: str) -> None:
    told = run("see", "--terrain", relief, "--at", at, "-o", tmp_path / "out", status=2)
    assert words in " ".join(told.replace("│", " ").split())
    assert not (tmp_path / "out").exists()


def test_a_line_far_from_the_relief(relief: Path, tmp_path: Path) -> None:
    file = tmp_path / "far.geojson"
    file.write_text(json.dumps({"type": "LineString", "coordinates": [[1, 1], [2, 2]]}))
    told = run("strip", "--terrain", relief, "--line", file, "-o", tmp_path / "out", status=2)
    assert told == (
        "--line: a line with at least one point on hills.tif; they lie at 37.9416° N to 38.0337° N, 127.8600° E to "
        "127.9763° E, 12923 km away from it\n"
    )
    assert not (tmp_path / "out").exists()


def test_a_scheduler_that_is_not_there(relief: Path, line: Path, tmp_path: Path) -> None:
    told = run("strip", "--terrain", relief, "--line", line, "-o", tmp_path, "--scheduler", "nonsense://x", status=2)
    assert told.startswith("no Dask scheduler answers at nonsense://x: ")


def test_obstacles_stand_on_the_relief_and_every_result_says_on_what_it_rests(relief: Path, tmp_path: Path) -> None:
    ring = [[127.915, 37.995], [127.925, 37.995], [127.925, 37.997], [127.915, 37.997], [127.915, 37.995]]
    wall = {"type": "Feature", "properties": {"height": 300}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    file = tmp_path / "wall.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [wall]}))
    ask = ("see", "--terrain", relief, "--at", "127.92,37.99,10", "--range", 3000, "--height", 120, "--json")
    free = json.loads(run(*ask, "--heights", "bare_earth", "-o", tmp_path / "free"))
    built = json.loads(run(*ask, "--heights", "bare_earth", "--obstacles", file, "-o", tmp_path / "built"))
    assert built["seen"][0]["share"] < free["seen"][0]["share"] - 0.05
    assert (free["obstacles"], built["obstacles"], built["surface"]) == (0, 1, "bare_earth")
    said = "heights described as bare earth by the user; no unit of height stated, read as metres"
    source = f"elevation file hills.tif, posts as in the file; {said}; obstacles added: 1 (from wall.geojson)"
    assert built["source"] == source
    with rasterio.open(tmp_path / "built" / "lowest_visible.tif") as raster:
        tags, units = raster.tags(), raster.units
    assert units == ("m", "m")
    assert {name: tags[name] for name in ("SURFACE", "TERRAIN", "TERRAIN_SOURCE")} == {
        "SURFACE": "bare_earth",
        "TERRAIN": "hills.tif",
        "TERRAIN_SOURCE": source,
    }
    assert (tags["TERRAIN_RESAMPLING"], tags["TERRAIN_OBSTACLES"]) == ("none", "1")
    blind = json.loads((tmp_path / "built" / "blind_120m.geojson").read_text())["features"][0]["properties"]
    assert blind == {
        "height_m": 120.0,
        "surface": "bare_earth",
        "terrain": "hills.tif",
        "resampling": "none",
        "obstacles": 1,
    }
    told = run(*ask, "--heights", "surface", "--obstacles", file, "-o", tmp_path / "no", status=2)
    assert told.startswith("wall.geojson: obstacles: no obstacles on hills.tif, a surface model")
    assert not (tmp_path / "no").exists()


def test_what_lies_beyond_the_relief_is_unknown_and_told(relief: Path, tmp_path: Path) -> None:
    ask = ("see", "--terrain", relief, "--at", "127.865,37.99,10", "--range", 3000)
    summary = json.loads(run(*ask, "--json", "-o", tmp_path / "out"))
    assert 0.3 < summary["posts_unknown"] / summary["posts_in_range"] < 0.5
    assert summary["unknown_share"] == 0.441176
    assert summary["source"].endswith("% of the posts unknown")
    told = [" ".join(row.split()) for row in run(*ask, "-o", tmp_path / "out").splitlines()]
    for row in (
        "relief hills.tif",
        "heights describe unstated",
        "posts every 100 m",
        "resampling none",
        "obstacles on the relief 0",
        "relief unknown 44.12% of the posts read",
    ):
        assert row in told
    unknown = summary["posts_unknown"] / summary["posts_in_range"]
    (low, _, high) = summary["seen"]
    assert low["share_of_known"] == pytest.approx(low["share"] / (1 - unknown), abs=2e-6)
    beside = f"{unknown:.1%} of the posts in range unknown"
    assert f"seen at 30 m {low['share_of_known']:.1%} of known ground; {beside}" in told
    assert high["share_of_known"] > high["share"]
    assert summary["warnings"] == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (
            ("--at", "127.70,37.99"),
            "hills.tif: centre: a place inside 37.9416° N to 38.0337° N, 127.8600° E to 127.9763° E, 14 km away "
            "(found '37.9900° N, 127.7000° E')\n",
        ),
        (
            ("--at", "127.92,37.99", "--at", "127.85,37.99"),
            "--at: a position on known ground; hills.tif holds no height there (found '127.85,37.99')\n",
        ),
        (
            ("--at", "125.0,36.5"),
            "--at: a position on land, or --at-sea; this one lies in the sea (found '125.0,36.5')\n",
        ),
    ],
)
def test_positions_where_nothing_can_be_known(relief: Path, tmp_path: Path, more: tuple[str, ...], words: str) -> None:
    told = run("see", "--terrain", relief, *more, "--range", 3000, "-o", tmp_path / "out", status=2)
    assert told == words
    assert not (tmp_path / "out").exists()


def test_ships_may_stand_in_the_sea(tmp_path: Path) -> None:
    sea = tmp_path / "sea.tif"
    place = Affine(100, 0, 320_000, 0, -100, 4_045_000)
    with rasterio.open(
        sea, "w", driver="GTiff", width=99, height=99, count=1, dtype="float32", crs="EPSG:32652", transform=place
    ) as raster:
        raster.write(np.zeros((99, 99), np.float32), 1)
    ask = ("see", "--terrain", sea, "--at", "127.05,36.48,20", "--range", 2000, "--json", "-o", tmp_path / "out")
    summary = json.loads(run(*ask, "--at-sea"))
    assert summary["seen"][0]["share"] == 1.0


def test_without_a_file_the_installations_relief_is_used_and_told(
    relief: Path, line: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terrain = tmp_path / "terrain"
    terrain.mkdir()
    relief.rename(terrain / "hills.tif")
    (terrain / "broken.tif").write_bytes(b"")
    monkeypatch.setattr(settings, "HOME", tmp_path)
    ask = ("see", "--range", 1000, "--json", "-o", tmp_path / "out")
    there = json.loads(run(*ask, "--at", "127.92,37.99,10"))
    assert there["terrain"] == "hills.tif"
    assert there["source"].endswith("; not usable in the terrain folder: broken.tif")
    not_used = "not used: broken.tif: a GeoTIFF, SRTM .hgt or DTED file"
    assert there["warnings"] == [not_used]
    elsewhere = json.loads(run(*ask, "--at", "128.4,37.5,10"))
    assert (elsewhere["terrain"], elsewhere["surface"]) == ("generated relief, seed 1", "synthetic")
    found = json.loads(run("strip", "--line", line, "--range", 3000, "--sensors", 1, "-o", tmp_path / "s", "--json"))
    assert (found["terrain"], found["warnings"]) == ("hills.tif", [not_used])
    far = tmp_path / "far.geojson"
    far.write_text(json.dumps({"type": "LineString", "coordinates": [[1, 1], [2, 2]]}))
    told = run("strip", "--line", far, "-o", tmp_path / "none", status=2)
    assert told == (
        "--line: a line with at least one point on this installation's elevation files, or named ones with --terrain; "
        "they lie at 37.9416° N to 38.0337° N, 127.8600° E to 127.9763° E, 12923 km away from it; "
        "not used: broken.tif: a GeoTIFF, SRTM .hgt or DTED file\n"
    )


def test_of_many_broken_files_ten_are_told() -> None:
    tiles = [Tile(f"{number}.tif", None, None, None, f"{number}.tif: bad\n{number}.tif: worse") for number in range(12)]
    told = left_out(tiles)
    assert told[:2] == ["not used: 0.tif: bad; 0.tif: worse", "not used: 1.tif: bad; 1.tif: worse"]
    assert told[10:] == ["not used: 2 more files; see skypact coverage terrain"]
    assert len(left_out(tiles[:10])) == 10


def test_what_heights_describe_needs_files(tmp_path: Path) -> None:
    told = run("see", "--at", "127.92,37.99", "--heights", "surface", "-o", tmp_path / "out", status=2)
    assert "say which elevation files it is about with --terrain" in " ".join(told.replace("│", " ").split())


def test_ctrl_c_leaves_nothing_half_written(relief: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "lowest_visible.tif").write_text("an earlier result")
    ask = ("see", "--terrain", relief, "--at", "127.92,37.99,10", "--range", 3000, "-o", out)
    monkeypatch.setattr("skypact.exchange.coverage.feature_collection", _pressed)
    result = CliRunner().invoke(app, [str(part) for part in ask])
    assert result.exit_code == 130
    assert [file.name for file in out.iterdir()] == ["lowest_visible.tif"]
    assert (out / "lowest_visible.tif").read_text() == "an earlier result"


def _pressed(*_: object) -> str:
    """Ctrl-C, pressed twice, in the middle of writing."""
    os.kill(os.getpid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGINT)
    raise AssertionError("the second one ends the program")


def test_ctrl_c_while_looking_around_writes_nothing(
    relief: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from skypact.engines.coverage import many

    real = many.lowest_around

    def pressed(group: many.Group) -> object:
        os.kill(os.getpid(), signal.SIGINT)
        return real(group)

    monkeypatch.setattr(many, "lowest_around", pressed)
    ask = ("see", "--terrain", relief, "--at", "127.92,37.99,10", "--range", 3000, "-o", tmp_path / "out")
    result = CliRunner().invoke(app, [str(part) for part in ask])
    assert result.exit_code == 130
    assert result.stderr == "Stopping; nothing is written. Ctrl-C again ends at once.\n"
    assert not (tmp_path / "out").exists()


def test_the_installations_terrain_is_listed_with_what_cannot_be_used(
    relief: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    assert run("terrain") == f"no elevation files in {tmp_path / 'terrain'}\n"
    (tmp_path / "terrain").mkdir()
    relief.rename(tmp_path / "terrain" / "hills_dtm.tif")
    (tmp_path / "terrain" / "broken.tif").write_bytes(b"")
    broken, hills = json.loads(run("terrain", "--json"))
    assert broken == {
        "name": "broken.tif",
        "bounds": None,
        "spacing_m": None,
        "surface": None,
        "problem": "broken.tif: a GeoTIFF, SRTM .hgt or DTED file",
    }
    assert (hills["name"], hills["surface"], hills["problem"]) == ("hills_dtm.tif", "bare_earth", None)
    told = " ".join(run("terrain").split())
    assert "hills_dtm.tif │ 127.860°, 37.942°, 127.976°, 38.034° │ 100.0 m │ bare earth" in told
    assert "broken.tif: a GeoTIFF, SRTM .hgt or DTED file" in told


def test_a_mast_that_is_not_told_is_told(relief: Path, tmp_path: Path) -> None:
    ask = ("see", "--terrain", relief, "--at", "127.92,37.99", "--range", 3000, "-o", tmp_path / "out")
    (position,) = json.loads(run(*ask, "--json"))["positions"]
    assert (position["mast_m"], position["obstacle_m"]) == (5.0, 0.0)
    assert position["eye_m"] == pytest.approx(position["ground_m"] + 5, abs=0.011)
    with rasterio.open(tmp_path / "out" / "lowest_visible.tif") as raster:
        tag = raster.tags()["OBSERVERS"]
    said = f"mast 5 m: eye 5 m above the ground at {position['ground_m']:g} m; looks all round"
    assert tag == f"127.92,37.99: {said}"
    told = [" ".join(row.split()) for row in run(*ask).splitlines()]
    assert f"position 127.92,37.99 {said}" in told


def test_a_position_on_a_roof_is_told_to_stand_there(relief: Path, tmp_path: Path) -> None:
    ring = [[127.915, 37.985], [127.925, 37.985], [127.925, 37.995], [127.915, 37.995], [127.915, 37.985]]
    house = {"type": "Feature", "properties": {"height": 12}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    file = tmp_path / "house.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [house]}))
    ask = ("see", "--terrain", relief, "--at", "127.92,37.99,10", "--range", 3000, "-o", tmp_path / "out")
    (free,) = json.loads(run(*ask, "--json"))["positions"]
    built = json.loads(run(*ask, "--obstacles", file, "--json"))
    (position,) = built["positions"]
    assert (position["ground_m"], position["obstacle_m"]) == (free["ground_m"], 12.0)
    assert position["eye_m"] == pytest.approx(free["ground_m"] + 22, abs=0.011)
    assert built["warnings"] == [
        "nobody states what the heights of hills.tif describe: if the model is a surface model, buildings count twice; "
        "say --heights"
    ]
    told = " ".join(run(*ask, "--obstacles", file).split())
    assert "on an obstacle of 12 m, mast 10 m above its top: eye 22 m above the ground at" in told
    assert f"warning: {built['warnings'][0]}" in told
    assert json.loads(run(*ask, "--obstacles", file, "--heights", "bare_earth", "--json"))["warnings"] == []


def test_what_weakens_a_share_is_warned_of(relief: Path, tmp_path: Path) -> None:
    ask = ("see", "--terrain", relief, "--json", "-o", tmp_path / "out")
    coarse = json.loads(run(*ask, "--at", "127.92,37.99", "--range", 900))
    assert coarse["posts_in_range"] < 300
    assert coarse["warnings"] == [
        "posts every 100 m are coarse for a range of 900 m: relief between them is not looked at; "
        "at most 90 m is advised",
        f"only {coarse['posts_in_range']} posts lie in range: a share of so few says little; 300 are advised",
    ]
    corner = json.loads(run(*ask, "--at", "127.8625,37.9435", "--range", 3000))
    assert corner["posts_unknown"] > corner["posts_in_range"] / 2
    assert corner["warnings"] == [
        f"{corner['unknown_in_range']:.0%} of the posts in range are unknown: "
        "shares speak of the smaller part of the range"
    ]


def test_sectors_are_from_true_north(relief: Path, tmp_path: Path) -> None:
    ask = ("see", "--terrain", relief, "--range", 3000, "--json", "-o", tmp_path / "out")
    told = json.loads(run(*ask, "--at", "127.92,37.99,10", "--azimuth", 90, "--width", 2))
    (position,) = told["positions"]
    assert (position["azimuth_deg"], position["width_deg"]) == (90.0, 2.0)
    with rasterio.open(tmp_path / "out" / "lowest_visible.tif") as raster:
        asked = ~np.isinf(raster.read(1))
        rows, columns = np.nonzero(asked)
        x, y = raster.xy(rows, columns)
        lon, lat = transform(raster.crs, "EPSG:4326", x, y)
    here = np.full(len(lon), 127.92), np.full(len(lon), 37.99)
    azimuth, _, away = Geod(ellps="WGS84").inv(*here, lon, lat)
    far = np.asarray(away) > 200
    assert far.sum() > 10
    assert (np.abs(np.asarray(azimuth)[far] - 90) < 1.01).all()
    both = ("--at", "127.92,37.99,10", "--at", "127.93,37.99,10")
    each = json.loads(run(*ask, *both, "--azimuth", 0, "--azimuth", 180, "--width", 60))
    assert [(one["azimuth_deg"], one["width_deg"]) for one in each["positions"]] == [(0.0, 60.0), (180.0, 60.0)]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--azimuth", 90, "--width", 0), "--width: 0: above 0, at most 360 degrees"),
        (("--azimuth", 90, "--width", 361), "--width: 361: above 0, at most 360 degrees"),
        (("--azimuth", 90, "--width", "nan"), "--width: nan: above 0, at most 360 degrees"),
        (("--azimuth", "inf", "--width", 90), "--azimuth: inf: 0 to 360 degrees from true north"),
        (("--azimuth", "east", "--width", 90), "unable to parse string as a number"),
        (("--azimuth", 90), "--width: 0 given for 1 position: "),
        (("--width", 90), "--azimuth: 0 given for 1 position: "),
        (("--azimuth", 1, "--azimuth", 2, "--width", 90), "--azimuth: 2 given for 1 position: "),
    ],
)
def test_sectors_that_are_none(relief: Path, tmp_path: Path, more: tuple[object, ...], words: str) -> None:
    told = run("see", "--terrain", relief, "--at", "127.92,37.99", *more, "-o", tmp_path / "out", status=2)
    assert words in " ".join(told.replace("│", " ").split())
    assert not (tmp_path / "out").exists()


def test_strip_says_in_words_what_was_asked_and_found(relief: Path, line: Path, tmp_path: Path) -> None:
    ask = ("strip", "--terrain", relief, "--line", line, "--range", 5000, "--depth", 500, "-o", tmp_path / "out")
    summary = json.loads(run(*ask, "--json"))
    assert (summary["asked_share"], summary["asked_sensors"]) == (0.9, None)
    told = [" ".join(row.split()) for row in run(*ask).splitlines()]
    for row in (
        "asked for 90 % of the strip seen, with as few sensors as can be",
        "posts every 100 m",
        f"line on the relief {summary['line_m']:,} m",
        f"sensors chosen {summary['sensors']}",
    ):
        assert row in told
    few = [" ".join(row.split()) for row in run(*ask, "--sensors", 1).splitlines()]
    assert "asked for as much of the strip as 1 sensor can see" in few
