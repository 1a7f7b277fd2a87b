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
from rasterio.transform import Affine
from typer.testing import CliRunner

from skypact.cli.cluster import runner
from skypact.cli.coverage import app


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
    assert summary["posts_in_range"] == int((lowest < np.inf).sum())
    assert summary["seen"] == [
        {"height_m": 30.0, "share": round(float((lowest <= 30).sum() / (lowest < np.inf).sum()), 6)}
    ]
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
    assert told == "--line: a line with at least one point on the terrain files\n"
    assert not (tmp_path / "out").exists()


def test_a_scheduler_that_is_not_there(relief: Path, line: Path, tmp_path: Path) -> None:
    told = run("strip", "--terrain", relief, "--line", line, "-o", tmp_path, "--scheduler", "nonsense://x", status=2)
    assert told.startswith("no Dask scheduler answers at nonsense://x: ")
