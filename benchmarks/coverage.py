"""Line of sight: what one observer costs, whether any cell is wrong, and how it scales; peers in the same run.

Peers, where they are at hand: GDAL's viewshed called in process through the library in rasterio's wheel, the program
``gdal_viewshed`` (Debian package gdal-bin), and xarray-spatial in the Python named by SKYPACT_PEERS. A peer answers
for one height of target, we for all heights at once.
"""

from __future__ import annotations

import ctypes
import dataclasses
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
import rasterio
from affine import Affine

from benchmarks.row import Row
from skypact.engines.coverage import Sightlines, Terrain, lowest_visible, lowest_visible_many, sight_heights
from skypact.engines.coverage.relief import synthetic_terrain
from skypact.exchange.elevation import read_elevation

T = TypeVar("T")

SHARED = Path(__file__).parents[2] / "shared" / "data" / "terrain"
PEERS = os.environ.get("SKYPACT_PEERS")
RANGE_M, MAST_M, HEIGHT_M = 10_000.0, 10.0, 30.0
HEIGHTS_M = (0, 30, 60, 120, 300)
POSTS = 3601


def rows() -> Iterator[Row]:
    """Every row of ``make bench-coverage``."""
    relief = large_relief()
    observers = seeded_observers(relief, 100)
    lowest_visible(relief, observers[0], range_m=RANGE_M)  # compiles on the first run of a machine
    ours, found = each(observers, lambda at: lowest_visible(relief, at, range_m=RANGE_M))
    cells = int(np.isfinite(found[0].lowest).sum())
    yield Row.at_most(f"one observer, 10 km, {cells} cells, every height, CPU", ours, "ms", limit=8)
    yield from against_gdal(relief, observers, ours)
    yield from against_xarray_spatial(relief, observers[:4], ours)
    yield from wrong_cells(relief, observers)
    yield from a_thousand()


def large_relief() -> Terrain:
    """3601 × 3601 posts at 30 m: the demilitarised zone's relief with detail added, or generated relief without it."""
    file = SHARED / "dmz128.tif"
    half = (POSTS - 1) / 2 * 30.0
    if not file.exists():
        return synthetic_terrain(centre=(127.15, 38.3), radius_m=half, spacing_m=30, seed=1, land=None)
    smooth = read_elevation([file], centre=(127.15, 38.3), radius_m=half, spacing_m=30)
    wave = np.hypot(*np.meshgrid(np.fft.fftfreq(POSTS, 30.0), np.fft.fftfreq(POSTS, 30.0)))
    wave[0, 0] = 1.0
    spectrum = np.where(wave > 1 / 300, wave**-1.8, 0.0)
    detail = np.fft.ifft2(np.fft.fft2(np.random.default_rng(0).normal(size=wave.shape)) * spectrum).real
    return dataclasses.replace(smooth, heights=smooth.heights + 3.0 * detail / detail.std(), name="dmz128 + detail")


def seeded_observers(relief: Terrain, count: int) -> list[tuple[float, float, float]]:
    """Posts chosen by seed far enough from the edge; every second one moved to the highest post within 1.2 km."""
    rng = np.random.default_rng(7)
    margin = int(min(RANGE_M / relief.dx + 45, min(relief.heights.shape) / 2 - 1))
    reach = int(1200 / relief.dx)
    found = []
    for number in range(count):
        row = int(rng.integers(margin, relief.rows - margin))
        column = int(rng.integers(margin, relief.columns - margin))
        if number % 2:
            top, left = max(0, row - reach), max(0, column - reach)
            around = relief.heights[top : row + reach, left : column + reach]
            row, column = (
                int(a + b) for a, b in zip((top, left), np.unravel_index(around.argmax(), around.shape), strict=True)
            )
        found.append((relief.x0 + column * relief.dx, relief.y0 - row * relief.dy, MAST_M))
    return found


def each(
    observers: list[tuple[float, float, float]], act: Callable[[tuple[float, float, float]], T]
) -> tuple[float, list[T]]:
    """Mean CPU time of an act, ms, and its first five results."""
    results, spent = [], 0.0
    for at in observers:
        start = time.process_time()
        result = act(at)
        spent += time.process_time() - start
        if len(results) < 5:
            results.append(result)
    return 1e3 * spent / len(observers), results


def against_gdal(relief: Terrain, observers: list[tuple[float, float, float]], ours: float) -> Iterator[Row]:
    """GDAL's viewshed: time of the call and of the program, and the cells it gets wrong at one height."""
    with tempfile.TemporaryDirectory() as folder, rasterio.Env(GDAL_CACHEMAX=512):
        file = Path(folder) / "relief.tif"
        place = Affine(relief.dx, 0, relief.x0 - relief.dx / 2, 0, -relief.dy, relief.y0 + relief.dy / 2)
        with rasterio.open(
            file, "w", driver="GTiff", count=1, height=relief.rows, width=relief.columns, dtype="float64",
            crs="EPSG:32652", transform=place,
        ) as written:  # fmt: skip
            written.write(relief.heights, 1)
        gdal = Gdal(relief)
        peer, answers = each(observers, gdal.viewshed)
        seen = [gdal.read(answer) for answer in answers]
        yield Row.against(
            "one observer against one call for one height, CPU", ours, "ms", peer=peer, peer_name="GDAL 3.10", times=0.5
        )
        yield Row.at_most("cells GDAL gets wrong at 30 m", wrong_share(relief, observers, seen), "%", limit=100)
        program = shutil.which("gdal_viewshed")
        if program:
            peer = children(lambda: [run_program(program, file, at) for at in observers[:5]]) / 5
            yield Row.against(
                "one observer against the program, CPU", ours, "ms", peer=peer, peer_name="gdal_viewshed 3.6", times=5
            )


class Gdal:
    """GDAL's C interface, in the library that rasterio has loaded; heights and answers stay in memory."""

    def __init__(self, relief: Terrain) -> None:
        folder = Path(rasterio.__file__).parents[1] / "rasterio.libs"
        self.library = library = ctypes.CDLL(str(next(folder.glob("libgdal-*"))))
        library.GDALOpen.restype = library.GDALGetRasterBand.restype = ctypes.c_void_p
        library.GDALViewshedGenerate.restype = ctypes.c_void_p
        library.GDALAllRegister()
        library.CPLSetConfigOption(b"GDAL_MEM_ENABLE_OPEN", b"YES")
        self.heights = np.ascontiguousarray(relief.heights)
        corner = f"{relief.x0 - relief.dx / 2!r}/{relief.dx}/0/{relief.y0 + relief.dy / 2!r}/0/{-relief.dy}"
        memory = (
            f"MEM:::DATAPOINTER={self.heights.ctypes.data},PIXELS={relief.columns},LINES={relief.rows},"
            f"DATATYPE=Float64,GEOTRANSFORM={corner}"
        )
        self.dataset = ctypes.c_void_p(library.GDALOpen(memory.encode(), 0))
        self.band = ctypes.c_void_p(library.GDALGetRasterBand(self.dataset, 1))

    def viewshed(self, at: tuple[float, float, float]) -> ctypes.c_void_p:
        """What is visible at :data:`HEIGHT_M`, as a dataset of GDAL's."""
        double = ctypes.c_double
        return ctypes.c_void_p(
            self.library.GDALViewshedGenerate(
                self.band, b"MEM", b"", None, double(at[0]), double(at[1]), double(at[2]), double(HEIGHT_M),
                double(1), double(0), double(0), double(-1), double(0.75), 2, double(RANGE_M), None, None, 1, None,
            )
        )  # fmt: skip

    def read(self, seen: ctypes.c_void_p) -> tuple[np.ndarray, tuple[float, float]]:
        """Visible cells and the upper left corner of the window they fill."""
        columns, rows = self.library.GDALGetRasterXSize(seen), self.library.GDALGetRasterYSize(seen)
        place, cells = (ctypes.c_double * 6)(), np.zeros((rows, columns), np.uint8)
        self.library.GDALGetGeoTransform(seen, place)
        band = ctypes.c_void_p(self.library.GDALGetRasterBand(seen, 1))
        pointer = cells.ctypes.data_as(ctypes.c_void_p)
        self.library.GDALRasterIO(band, 0, 0, 0, columns, rows, pointer, columns, rows, 1, 0, 0)
        return cells > 0, (place[0], place[3])


def run_program(program: str, file: Path, at: tuple[float, float, float]) -> None:
    command = [program, "-ox", str(at[0]), "-oy", str(at[1]), "-oz", str(at[2]), "-tz", str(HEIGHT_M), "-cc", "0.75"]
    out = file.with_name("program.tif")
    subprocess.run([*command, "-md", str(RANGE_M), str(file), str(out)], check=True, stdout=subprocess.DEVNULL)


def children(act: Callable[[], object]) -> float:
    """CPU time of the processes an act starts, ms."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    act()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1e3 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def wrong_share(
    relief: Terrain, observers: list[tuple[float, float, float]], seen: list[tuple[np.ndarray, tuple[float, float]]]
) -> float:
    """Cells a peer calls visible or hidden against the exact answer, in % of the truly visible."""
    wrong = visible = 0
    for at, (theirs, (west, north)) in zip(observers, seen, strict=False):
        found = lowest_visible(relief, at, range_m=RANGE_M)
        row = round((north - relief.dy / 2 - found.terrain.y0) / -relief.dy)
        column = round((west + relief.dx / 2 - found.terrain.x0) / relief.dx)
        truth = np.zeros_like(theirs)
        known = found.visible(HEIGHT_M)[max(0, row) :, max(0, column) :][: theirs.shape[0], : theirs.shape[1]]
        truth[: known.shape[0], : known.shape[1]] = known
        wrong += int((truth != theirs).sum())
        visible += int(truth.sum())
    return 100 * wrong / visible


def against_xarray_spatial(relief: Terrain, observers: list[tuple[float, float, float]], ours: float) -> Iterator[Row]:
    """xarray-spatial on the cropped window, without curvature, which it does not know; compilation not counted."""
    if not PEERS:
        return
    script = """
import json, sys, time
import numpy as np, xarray as xr
from xrspatial import viewshed
spent = []
for number, path in enumerate([sys.argv[1], *sys.argv[1:]]):
    data = np.load(path)
    raster = xr.DataArray(data["heights"], coords={"y": data["y"], "x": data["x"]}, dims=["y", "x"])
    x, y, mast, height = data["at"]
    start = time.process_time()
    seen = viewshed(raster, x=float(x), y=float(y), observer_elev=float(mast), target_elev=float(height))
    spent.append(time.process_time() - start)
    np.save(path + ".seen.npy", np.asarray(seen) >= 0)
print(json.dumps(spent[1:]))
"""
    with tempfile.TemporaryDirectory() as folder:
        files, truths = [], []
        for number, at in enumerate(observers):
            found = lowest_visible(relief, at, range_m=RANGE_M, curvature_factor=float("inf"))
            x, y = found.terrain.posts()
            file = Path(folder) / f"{number}.npz"
            np.savez(file, heights=found.terrain.heights, x=x, y=y, at=[*at, HEIGHT_M])
            files.append(str(file))
            truths.append(found)
        told = subprocess.run([PEERS, "-c", script, *files], check=True, capture_output=True, text=True).stdout
        spent = json.loads(told.splitlines()[-1])
        wrong = visible = 0
        for found, file in zip(truths, files, strict=True):
            theirs, asked = np.load(f"{file}.seen.npy"), np.isfinite(found.lowest)
            wrong += int((theirs != found.visible(HEIGHT_M))[asked].sum())
            visible += int(found.visible(HEIGHT_M).sum())
    yield Row.against(
        "one observer against one height, CPU", ours, "ms",
        peer=1e3 * float(np.mean(spent)), peer_name="xarray-spatial", times=20,
    )  # fmt: skip
    yield Row.at_most(
        "cells xarray-spatial (other cell model) differs in at 30 m", 100 * wrong / visible, "%", limit=100
    )


def wrong_cells(relief: Terrain, observers: list[tuple[float, float, float]]) -> Iterator[Row]:
    """Cells on the wrong side at any of five heights, and the largest error, against testing every crossing (R3)."""
    models = [(relief, observers)]
    for name, centre in (("dmz128.tif", (127.15, 38.3)), ("bigtujunga30.tif", (-118.15, 34.32))):
        if (SHARED / name).exists():
            model = read_elevation([SHARED / name], centre=centre, radius_m=60_000)
            models.append((model, seeded_observers(model, 100)))
    for model, places in models:
        wrong, worst = 0, 0.0
        for at, found in zip(places, lowest_visible_many(model, places, range_m=RANGE_M), strict=True):
            asked = np.isfinite(found.lowest)
            truth = every_crossing(found, at, asked)
            mine = found.lowest[asked]
            worst = max(worst, float(np.abs(mine - truth).max()))
            for height in HEIGHTS_M:
                clear = np.abs(truth - height) > 1e-6  # nearer than that, neither side is wrong
                wrong += int(((mine <= height) != (truth <= height))[clear].sum())
        yield Row.at_most(f"wrong cells, 5 heights, {len(places)} observers, {model.name}", wrong, "cells", limit=0)
        yield Row.at_most(f"largest error, {model.name}", worst, "m", limit=1e-6)


def every_crossing(found: Sightlines, at: tuple[float, float, float], asked: np.ndarray) -> np.ndarray:
    x, y = np.meshgrid(*found.terrain.posts())
    return sight_heights(found.terrain, [at], np.column_stack([x[asked], y[asked]]))[0]


def a_thousand() -> Iterator[Row]:
    """Many observers in a process of their own: wall time, memory, and whether the cost stays flat and threads help."""
    root = Path(__file__).parents[1]
    command = [sys.executable, "-c", "from benchmarks.coverage import measure_many; measure_many()"]
    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True, cwd=root).stdout)
    yield Row.at_most("1,000 observers × 10 km, wall", told["thousand_s"], "s", limit=10)
    yield Row.at_most("1,000 observers, peak memory of the process", told["memory_mb"], "MB", limit=500)
    yield Row.at_most("cost per observer, 1,000 against 10", told["flat"], "×", limit=1.15)
    if len(os.sched_getaffinity(0)) > 1:
        yield Row.at_least("two threads against one", told["two_threads"], "×", limit=1.8)


def peak_memory_mb() -> float:
    """The most memory this process has held; unlike getrusage's, not inherited from the process that started it."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(kilobytes) / 1024


def measure_many() -> None:
    """Prints the figures of :func:`a_thousand` as JSON; generated relief, so that memory holds nothing else."""
    relief = synthetic_terrain(centre=(127.15, 38.3), radius_m=54_000, spacing_m=30, seed=1, land=None)
    places = seeded_observers(relief, 1000)

    def wall(count: int, threads: int | None) -> float:
        start = time.perf_counter()
        for found in lowest_visible_many(relief, places[:count], range_m=RANGE_M, threads=threads):
            found.visible(HEIGHT_M).sum()
        return time.perf_counter() - start

    wall(4, None)
    few = min(wall(10, 1) for _ in range(3)) / 10
    one, two = min(wall(200, 1) for _ in range(2)), min(wall(200, 2) for _ in range(3))
    thousand = wall(1000, None)
    start = time.process_time()
    wall(1000, 1)
    alone = (time.process_time() - start) / 1000
    told = {
        "thousand_s": thousand,
        "memory_mb": peak_memory_mb(),
        "flat": alone / few,
        "two_threads": one / two,
    }
    print(json.dumps(told))
