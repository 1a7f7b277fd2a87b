"""Tiles: exact colours at known places, and every pixel the post that it lies nearest to."""

from __future__ import annotations

import math

import numpy as np
import pyproj
import pytest
from rasterio.io import MemoryFile

from skypact.engines.coverage.watching import Places, lowest_at, lowest_seen
from skypact.market.coverage import layers, tiles
from skypact.market.coverage.layers import KIND_COLOURS, Layer, Measure
from skypact.market.coverage.scenes import Scene
from skypact.schema import InputError

DRONE = "micro-multirotor"
MERCATOR = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)


def decoded(png: bytes) -> np.ndarray:
    with MemoryFile(png) as file, file.open() as picture:
        return np.moveaxis(picture.read(), 0, -1)


def tile_at(scene: Scene, x: float, y: float, zoom: int) -> tuple[tuple[int, int, int], tuple[int, int]]:
    """The tile that holds a place of the relief's grid, and the pixel (row, column) in it."""
    lon, lat = (float(axis) for axis in scene.terrain.to_lonlat(x, y))
    share = ((lon + 180) / 360, (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2)
    column, row = (int(part * 256 * 2**zoom) for part in share)
    return (zoom, column // 256, row // 256), (row % 256, column % 256)


def colour(scene: Scene, name: str, x: float, y: float, zoom: int = 15) -> list[int]:
    address, pixel = tile_at(scene, x, y, zoom)
    layer = Layer.named(name, scene)
    png = tiles.render(scene, scene.watch.watchers, layer, tiles.Rectangle.of_tile(*address))
    return decoded(png)[pixel].tolist()


def test_one_kind_sees_the_north_and_nothing_sees_beyond_the_range(scene: Scene) -> None:
    assert colour(scene, f"kinds-{DRONE}-60", 0.0, 1000.0) == KIND_COLOURS[0].tolist()
    assert colour(scene, f"kinds-{DRONE}-60", 0.0, 2000.0) == [0, 0, 0, 0]
    assert colour(scene, f"blind-{DRONE}-60", 0.0, 1000.0)[3] == 0


def test_behind_the_wall_a_drone_is_seen_higher_up_only(scene: Scene) -> None:
    assert colour(scene, f"kinds-{DRONE}-60", 800.0, 500.0) == [0, 0, 0, 0]
    assert colour(scene, f"kinds-{DRONE}-300", 800.0, 500.0) == KIND_COLOURS[0].tolist()


def test_unknown_ground_is_dotted_and_never_seen(scene: Scene) -> None:
    """The cell around an unknown post holds dots and holes, and no colour of seen or blind."""
    (zoom, x, y), (row, column) = tile_at(scene, -550.0, 950.0, 16)
    for name in (f"kinds-{DRONE}-60", f"lowest-{DRONE}", f"blind-{DRONE}-60"):
        png = tiles.render(scene, scene.watch.watchers, Layer.named(name, scene), tiles.Rectangle.of_tile(zoom, x, y))
        around = decoded(png)[max(0, row - 8) : row + 8, max(0, column - 8) : column + 8].reshape(-1, 4)
        assert {tuple(pixel) for pixel in around.tolist()} == {(0, 0, 0, 0), (60, 60, 60, 190)}


def test_outside_the_relief_a_tile_is_empty(scene: Scene) -> None:
    png = tiles.render(
        scene, scene.watch.watchers, Layer.named(f"lowest-{DRONE}", scene), tiles.Rectangle.of_tile(3, 0, 0)
    )
    assert not decoded(png).any()
    assert decoded(png).shape == (256, 256, 4)


@pytest.mark.parametrize("zoom", [9, 12, 13, 15, 17])
def test_every_pixel_is_its_nearest_post(scene: Scene, zoom: int) -> None:
    """Positions by the projection itself, heights by rays to each post: nothing in common with how tiles are made."""
    terrain, layer = scene.terrain, Layer(Measure.LOWEST, DRONE)
    (_, x, y), _ = tile_at(scene, 150.0, 500.0, zoom)
    rectangle = tiles.Rectangle.of_tile(zoom, x, y)
    rows, columns, inside = tiles._posts(terrain, rectangle)
    west, _, _, north = rectangle.bounds
    pick = np.random.default_rng(zoom).integers(0, 256, (400, 2))
    to_grid = pyproj.Transformer.from_crs("EPSG:3857", terrain.crs, always_xy=True)
    grid_x, grid_y = to_grid.transform(
        west + (pick[:, 1] + 0.5) * rectangle.pixel_m, north - (pick[:, 0] + 0.5) * rectangle.pixel_m
    )
    row, column = (terrain.y0 - grid_y) / terrain.dy, (grid_x - terrain.x0) / terrain.dx
    clear = (np.abs(row % 1 - 0.5) > 1e-3) & (np.abs(column % 1 - 0.5) > 1e-3)  # of the edge between two cells
    row, column, pick = np.round(row[clear]).astype(int), np.round(column[clear]).astype(int), pick[clear]
    held = (row >= 0) & (row < 61) & (column >= 0) & (column < 61)
    assert np.array_equal(inside[pick[:, 0], pick[:, 1]], held)
    assert np.array_equal(rows[pick[held, 0], pick[held, 1]], row[held])
    assert np.array_equal(columns[pick[held, 0], pick[held, 1]], column[held])
    if not held.any():
        return
    at = Places.on(terrain, terrain.x0 + 100.0 * column[held], terrain.y0 - 100.0 * row[held])
    by_rays = [lowest_at(terrain, one, at) for one in scene.watch.watchers]
    wanted = lowest_seen(terrain, scene.watch.watchers, by_rays, at, threat=DRONE)
    found = layers.values(scene, scene.watch.watchers, layer, row[held], column[held])
    assert np.allclose(found, wanted, rtol=0, atol=1e-6, equal_nan=True)


def test_neighbouring_tiles_hatch_on(scene: Scene) -> None:
    """Rows of two tiles side by side are one rectangle twice as wide."""
    layer = Layer.named(f"blind-{DRONE}-60", scene)
    (zoom, x, y), _ = tile_at(scene, 800.0, 500.0, 16)
    both = [tiles.render(scene, scene.watch.watchers, layer, tiles.Rectangle.of_tile(zoom, x + i, y)) for i in (0, 1)]
    one = tiles.Rectangle.of_tile(zoom, x, y)
    wide = tiles.Rectangle(one.left, one.top, 512, 256, one.pixel_m)
    together = decoded(tiles.render(scene, scene.watch.watchers, layer, wide))
    assert np.array_equal(np.hstack([decoded(png) for png in both]), together)
    assert together[..., 3].any()


@pytest.mark.parametrize(
    "name",
    ["", "kinds", f"kinds-{DRONE}", f"kinds-{DRONE}-", f"kinds-{DRONE}-x", f"kinds-{DRONE}-99999", f"kinds-{DRONE}-1e3",
     f"lowest-{DRONE}-60", "lowest-other", f"chance-{DRONE}-60", "../../etc/passwd", f"kinds-{DRONE}-60%00"],
)  # fmt: skip
def test_layers_that_there_are_not(scene: Scene, name: str) -> None:
    with pytest.raises(InputError, match=f"address: layer: such as lowest-{DRONE}, kinds-{DRONE}-60"):
        Layer.named(name, scene)


@pytest.mark.parametrize("name", [f"kinds-{DRONE}-60", f"blind-{DRONE}-0.5", f"lowest-{DRONE}"])
def test_a_layer_has_one_name(scene: Scene, name: str) -> None:
    assert str(Layer.named(name, scene)) == name


def test_tiles_there_are() -> None:
    assert [tiles.is_tile(*address) for address in ((0, 0, 0), (1, 1, 1), (20, 2**20 - 1, 0))] == [True] * 3
    assert [tiles.is_tile(*address) for address in ((0, 1, 0), (1, 0, 2), (21, 0, 0), (999, 0, 0))] == [False] * 4


def test_many_posts_are_looked_at_some_after_others(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    rows, columns = (axis.ravel() for axis in np.indices(scene.terrain.heights.shape))
    layer, watchers = Layer.named(f"lowest-{DRONE}", scene), scene.watch.watchers
    whole = layers.values(scene, watchers, layer, rows, columns)
    together: list[int] = []

    def places(x: np.ndarray, *others: np.ndarray) -> Places:
        together.append(x.size)
        return Places(x, *others)

    monkeypatch.setattr(layers, "Places", places)
    monkeypatch.setattr(layers, "_AT_ONCE", 100, raising=False)
    np.testing.assert_array_equal(layers.values(scene, watchers, layer, rows, columns), whole)
    assert max(together) == 100
    assert sum(together) == rows.size
