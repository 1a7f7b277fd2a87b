"""Pictures of a kit's map: their colours, and where their corners lie."""

import json
from pathlib import Path

import numpy as np
import pytest
from rasterio.io import MemoryFile
from tests.market.kits import samples

from skypact.market.kits.rendering import COVERAGE_COLOURS, coverage_picture, hillshade, layer_name, write_pictures


def pixels(png: bytes) -> np.ndarray:
    with MemoryFile(png) as file, file.open() as picture:
        return np.moveaxis(picture.read(), 0, -1)


def test_colours_say_how_many_kinds_see() -> None:
    image = pixels(coverage_picture(samples.composition().layers[0]).png)
    assert image.shape[2] == 4
    west_to_east = image[image.shape[0] // 2]
    found = [tuple(west_to_east[round(share * (len(west_to_east) - 1))]) for share in (0.08, 0.58, 0.75, 0.92)]
    assert found == [tuple(COVERAGE_COLOURS[kinds]) for kinds in (0, 1, 2, 3)]


def test_corners_enclose_the_cells_of_the_outermost_posts() -> None:
    # x from -50 to 550 m, y from -50 to 450 m around 10° E on the equator; a degree there is 111,319.49 m east and
    # 110,574.28 m north (WGS 84)
    corners = coverage_picture(samples.composition().layers[0]).corners
    west, east = 10 - 50 / 111_319.49, 10 + 550 / 111_319.49
    south, north = -50 / 110_574.28, 450 / 110_574.28
    expected = [[west, north], [east, north], [east, south], [west, south]]
    # the picture's outermost pixel may reach beyond the cells, by less than one pixel (100 m)
    assert np.allclose(corners, expected, atol=100 / 110_574)
    assert corners[0][0] == pytest.approx(west, abs=1e-6)
    assert corners[0][1] == pytest.approx(north, abs=1e-6)


def test_unknown_ground_is_transparent() -> None:
    image = pixels(hillshade(samples.terrain()).png)
    assert image[0, 0, 3] == 0
    assert (image[2:, 2:, 3] == 255).all()


def test_slopes_to_the_sun_are_lighter() -> None:
    rising_east = samples.terrain()
    image = pixels(hillshade(rising_east).png).astype(int)
    facing_west = image[3, 3, :3].sum()
    falling = samples.terrain()
    falling.heights[:] = falling.heights[:, ::-1]
    facing_east = pixels(hillshade(falling).png).astype(int)[3, 2, :3].sum()
    assert facing_west > facing_east


def test_files_and_their_list(tmp_path: Path) -> None:
    composition = samples.composition()
    write_pictures(tmp_path, relief=composition.terrain, layers=composition.layers)
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "bounds.json",
        "hillshade.png",
        "layer-mini-multirotor-60.png",
    ]
    bounds = json.loads((tmp_path / "bounds.json").read_text())
    assert bounds["hillshade"]["file"] == "hillshade.png"
    assert [(layer["threat"], layer["height_m"], layer["file"]) for layer in bounds["layers"]] == [
        ("mini-multirotor", 60.0, "layer-mini-multirotor-60.png")
    ]


def test_names_of_layers() -> None:
    assert layer_name("micro-multirotor", 120.0) == "layer-micro-multirotor-120.png"
    assert layer_name("micro-multirotor", 7.5) == "layer-micro-multirotor-7.5.png"
