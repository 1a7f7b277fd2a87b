"""Line of sight: what one observer costs, whether any cell is wrong, and how it scales; peers in the same run.

Peers, where they are at hand: GDAL's viewshed called in process through the library in rasterio's wheel, the program
``gdal_viewshed`` (Debian package gdal-bin), GRASS r.viewshed (grass-core), and xarray-spatial in the Python named by
SKYPACT_PEERS. A peer answers for one height of target, we for all heights at once. GRASS and xarray-spatial hold a cell
to be flat at its post's height and look at cells, not at lines between posts: part of what they judge otherwise is that
other model, not an error. Both get the window around the observer alone, which is what makes them quick.
"""

from __future__ import annotations

import ctypes
import dataclasses
import json
import math
import os
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
Observer = tuple[float, float, float]
"""x, y and height of the mast, metres"""

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
    yield from against_grass(relief, observers[:4], ours)
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


def seeded_observers(relief: Terrain, count: int) -> list[Observer]:
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


def each(observers: list[Observer], act: Callable[[Observer], T]) -> tuple[float, list[T]]:
    """Mean CPU time of an act, ms, and its first five results."""
    results, spent = [], 0.0
    for at in observers:
        start = time.process_time()
        result = act(at)
        spent += time.process_time() - start
        if len(results) < 5:
            results.append(result)
    return 1e3 * spent / len(observers), results


def against_gdal(relief: Terrain, observers: list[Observer], ours: float) -> Iterator[Row]:
    """GDAL's viewshed: time of the call and of the program, and the cells it gets wrong."""
    gdal = Gdal(relief)
    spent = 0.0
    for at in observers:
        start = time.process_time()
        answer = gdal.viewshed(at, HEIGHT_M)
        spent += time.process_time() - start
        gdal.close(answer)
    yield Row.against(
        "one observer against one call for one height, CPU", ours, "ms",
        peer=1e3 * spent / len(observers), peer_name="GDAL 3.10", times=0.5,
    )  # fmt: skip
    for model, places in models(relief, observers):
        called = Gdal(model)
        yield from misjudged("GDAL", model, places, lambda at, _, height, gdal=called: gdal.seen(at, height))
    program = shutil.which("gdal_viewshed")
    if not program:
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "relief.tif"
        written(relief, file)
        told = [measured(gdal_command(program, file, at)) for at in observers[:5]]
    yield Row.against(
        "one observer against the program, CPU", ours, "ms",
        peer=float(np.mean([cpu for cpu, _ in told])), peer_name="gdal_viewshed 3.6", times=5,
    )  # fmt: skip
    yield Row.told("gdal_viewshed 3.6, peak memory", max(peak for _, peak in told), "MB")


def written(relief: Terrain, file: Path) -> None:
    """The relief as GeoTIFF."""
    place = Affine(relief.dx, 0, relief.x0 - relief.dx / 2, 0, -relief.dy, relief.y0 + relief.dy / 2)
    with rasterio.open(
        file, "w", driver="GTiff", count=1, height=relief.rows, width=relief.columns, dtype="float64",
        crs="EPSG:32652", transform=place,
    ) as raster:  # fmt: skip
        raster.write(relief.heights, 1)


def models(relief: Terrain, observers: list[Observer]) -> Iterator[tuple[Terrain, list[Observer]]]:
    """The large relief and the two real ones, each with a hundred observers."""
    yield relief, observers
    for name, centre in (("dmz128.tif", (127.15, 38.3)), ("bigtujunga30.tif", (-118.15, 34.32))):
        if (SHARED / name).exists():
            model = read_elevation([SHARED / name], centre=centre, radius_m=60_000).known_part()
            yield model, seeded_observers(model, 100)


def misjudged(
    peer: str,
    relief: Terrain,
    observers: list[Observer],
    seen: Callable[[Observer, Sightlines, float], tuple[np.ndarray, tuple[float, float]]],
    *,
    curvature_factor: float = 4 / 3,
) -> Iterator[Row]:
    """Cells that a peer calls visible or hidden otherwise than the exact answer, in % of the truly visible.

    ``seen`` gives a peer's visible cells and the upper left corner of the window they fill.
    """
    wrong, false, visible = (dict.fromkeys(HEIGHTS_M, 0) for _ in range(3))
    for at in observers:
        found = lowest_visible(relief, at, range_m=RANGE_M, curvature_factor=curvature_factor)
        asked = np.isfinite(found.lowest)
        for height in HEIGHTS_M:
            truth, theirs = found.visible(height), np.zeros_like(asked)
            cells, (west, north) = seen(at, found, height)
            row = round((found.terrain.y0 - (north - relief.dy / 2)) / relief.dy)
            column = round((west + relief.dx / 2 - found.terrain.x0) / relief.dx)
            inside = cells[max(0, -row) :, max(0, -column) :]
            part = theirs[max(0, row) :, max(0, column) :][: inside.shape[0], : inside.shape[1]]
            part[:] = inside[: part.shape[0], : part.shape[1]]
            wrong[height] += int((truth != theirs)[asked].sum())
            false[height] += int((theirs & ~truth)[asked].sum())
            visible[height] += int(truth[asked].sum())
    about = f"{peer}, {len(observers)} observers, {relief.name}"
    for height in HEIGHTS_M:
        yield Row.told(f"cells misjudged at {height} m, {about}", 100 * wrong[height] / visible[height], "%")
    seeming = 100 * sum(false.values()) / sum(visible.values())
    yield Row.told(f"hidden cells called visible, five heights, {about}", seeming, "%")


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

    def seen(self, at: Observer, height_m: float) -> tuple[np.ndarray, tuple[float, float]]:
        """Visible cells and the upper left corner of the window they fill."""
        answer = self.viewshed(at, height_m)
        try:
            return self.read(answer)
        finally:
            self.close(answer)

    def close(self, answer: ctypes.c_void_p) -> None:
        """Frees a dataset."""
        self.library.GDALClose(answer)

    def viewshed(self, at: Observer, height_m: float) -> ctypes.c_void_p:
        """What is visible at a height, as a dataset of GDAL's."""
        double = ctypes.c_double
        return ctypes.c_void_p(
            self.library.GDALViewshedGenerate(
                self.band, b"MEM", b"", None, double(at[0]), double(at[1]), double(at[2]), double(height_m),
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


def gdal_command(program: str, file: Path, at: Observer) -> list[str]:
    command = [program, "-ox", str(at[0]), "-oy", str(at[1]), "-oz", str(at[2]), "-tz", str(HEIGHT_M), "-cc", "0.75"]
    return [*command, "-q", "-md", str(RANGE_M), str(file), str(file.with_name("program.tif"))]


#: Runs commands one after the other and prints CPU time (ms) and peak memory (MB) of each. A process of its own, since
#: the memory of a process that was started by a large one counts from the large one's.
_MEASURING = """
import json, os, subprocess, sys
told = []
for command in json.load(sys.stdin):
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = running.stderr.read().decode()
    _, status, used = os.wait4(running.pid, 0)
    if status:
        sys.exit(f"{command}: {said}")
    told.append((1e3 * (used.ru_utime + used.ru_stime), used.ru_maxrss / 1024))
print(json.dumps(told))
"""


def measured(command: list[str]) -> tuple[float, float]:
    """CPU time, ms, and peak memory, MB, of a command."""
    told = subprocess.run(
        [sys.executable, "-S", "-c", _MEASURING],
        input=json.dumps([command]),
        text=True,
        check=True,
        capture_output=True,
    )
    cpu, peak = json.loads(told.stdout)[0]
    return cpu, peak


def against_grass(relief: Terrain, observers: list[Observer], ours: float) -> Iterator[Row]:
    """GRASS r.viewshed in the window around each observer; refraction 0.25 is our curvature factor of 4/3."""
    program = shutil.which("grass")
    if not program:
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = folder / "relief.tif"
        written(relief, file)

        def grass(*command: str) -> str:
            place = str(folder / "place" / "PERMANENT")
            called = [program, place, "--exec", *command]
            return subprocess.run(called, check=True, capture_output=True, text=True).stdout

        subprocess.run([program, "-c", str(file), "-e", str(folder / "place")], check=True, capture_output=True)
        grass("r.in.gdal", f"input={file}", "output=relief", "--quiet")
        script, spent = folder / "measuring.py", []
        script.write_text(_MEASURING, encoding="utf-8")

        def seen(at: Observer, found: Sightlines, height: float) -> tuple[np.ndarray, tuple[float, float]]:
            west, south, east, north = found.terrain.bounds
            half_x, half_y = relief.dx / 2, relief.dy / 2
            out = folder / "seen.tif"
            commands = [
                ["g.region", f"w={west - half_x}", f"s={south - half_y}", f"e={east + half_x}", f"n={north + half_y}",
                 "align=relief"],
                ["r.viewshed", "-b", "-c", "-r", "refraction_coeff=0.25", "input=relief", "output=seen",
                 f"coordinates={at[0]},{at[1]}", f"observer_elevation={at[2]}", f"target_elevation={height}",
                 f"max_distance={RANGE_M}", "--overwrite", "--quiet"],
                ["r.out.gdal", "input=seen", f"output={out}", "format=GTiff", "type=Byte", "--overwrite", "--quiet"],
            ]  # fmt: skip
            (folder / "commands.json").write_text(json.dumps(commands), encoding="utf-8")
            told = grass("sh", "-c", f"{sys.executable} -S {script} < {folder / 'commands.json'}")
            if height == HEIGHT_M:
                spent.append(json.loads(told.splitlines()[-1])[1])
            with rasterio.open(out) as raster:
                return raster.read(1) == 1, (raster.transform.c, raster.transform.f)

        rows = list(misjudged("GRASS (other cell model)", relief, observers, seen))
    yield Row.against(
        "one observer against r.viewshed in its window, CPU", ours, "ms",
        peer=float(np.mean([cpu for cpu, _ in spent])), peer_name="GRASS r.viewshed", times=20,
    )  # fmt: skip
    yield Row.told("GRASS r.viewshed, peak memory", max(peak for _, peak in spent), "MB")
    yield from rows


def against_xarray_spatial(relief: Terrain, observers: list[Observer], ours: float) -> Iterator[Row]:
    """xarray-spatial on the cropped window, without curvature, which it does not know; compilation not counted."""
    if not PEERS:
        return
    script = """
import json, sys, time
import numpy as np, xarray as xr
from xrspatial import viewshed
spent, heights = [], json.loads(sys.argv[1])
for number, path in enumerate([sys.argv[2], *sys.argv[2:]]):
    data = np.load(path)
    raster = xr.DataArray(data["heights"], coords={"y": data["y"], "x": data["x"]}, dims=["y", "x"])
    x, y, mast = data["at"]
    for height in heights if number else heights[:1]:
        start = time.process_time()
        seen = viewshed(raster, x=float(x), y=float(y), observer_elev=float(mast), target_elev=float(height))
        if number:
            spent.append(time.process_time() - start)
            np.save(f"{path}.{height}.npy", np.asarray(seen) >= 0)
status = open("/proc/self/status").read()
peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
print(json.dumps([spent, int(peak) / 1024]))
"""
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for number, at in enumerate(observers):
            found = lowest_visible(relief, at, range_m=RANGE_M, curvature_factor=math.inf)
            x, y = found.terrain.posts()
            files[at] = Path(folder) / f"{number}.npz"
            np.savez(files[at], heights=found.terrain.heights, x=x, y=y, at=at)
        command = [PEERS, "-c", script, json.dumps(HEIGHTS_M), *map(str, files.values())]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        spent, peak = json.loads(told.splitlines()[-1])

        def seen(at: Observer, found: Sightlines, height: float) -> tuple[np.ndarray, tuple[float, float]]:
            corner = (found.terrain.x0 - relief.dx / 2, found.terrain.y0 + relief.dy / 2)
            return np.load(f"{files[at]}.{height}.npy"), corner

        rows = list(misjudged("xarray-spatial (other cell model)", relief, observers, seen, curvature_factor=math.inf))
    yield Row.against(
        "one observer against one height, CPU", ours, "ms",
        peer=1e3 * float(np.mean(spent)), peer_name="xarray-spatial", times=20,
    )  # fmt: skip
    yield Row.told("xarray-spatial, peak memory of its process", peak, "MB")
    yield from rows


def wrong_cells(relief: Terrain, observers: list[Observer]) -> Iterator[Row]:
    """Cells on the wrong side at any of five heights, and the largest error, against testing every crossing (R3)."""
    for model, places in models(relief, observers):
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


def every_crossing(found: Sightlines, at: Observer, asked: np.ndarray) -> np.ndarray:
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

    def wall(count: int, threads: int | None, first: int = 0) -> float:
        start = time.perf_counter()
        for found in lowest_visible_many(relief, places[first : first + count], range_m=RANGE_M, threads=threads):
            found.visible(HEIGHT_M).sum()
        return time.perf_counter() - start

    wall(4, None)
    one, two = min(wall(200, 1) for _ in range(2)), min(wall(200, 2) for _ in range(3))
    thousand = wall(1000, None)
    start = time.process_time()
    for first in range(0, 1000, 10):  # the same observers, ten at a time and all at once
        wall(10, 1, first)
    few = time.process_time() - start
    start = time.process_time()
    wall(1000, 1)
    alone = time.process_time() - start
    told = {
        "thousand_s": thousand,
        "memory_mb": peak_memory_mb(),
        "flat": alone / few,
        "two_threads": one / two,
    }
    print(json.dumps(told))
