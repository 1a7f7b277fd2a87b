"""A folder of elevation files: found by place, looked at once, broken ones told."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from tests.exchange.test_elevation import tiff

from skypact.exchange import raster, terrain_folder
from skypact.exchange.terrain_folder import elevation_files, indexed
from skypact.schema import InputError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two neighbouring tiles of 0.2° (south-west corners 127.0, 37.4 and 127.2, 37.4), one finer, and a broken file."""
    place = tmp_path / "terrain"
    place.mkdir()
    at = {"north": 37.6, "crs": "EPSG:4326"}
    tiff(place / "coarse.tif", np.full((20, 20), 10.0), west=127.0, cell=0.01, **at)
    tiff(place / "fine_dsm.tif", np.full((40, 40), 20.0), west=127.2, cell=0.005, **at)
    (place / "broken.tif").write_bytes(b"II*\0 and no more")
    (place / "notes.txt").write_text("not an elevation file", encoding="utf-8")
    (place / "masks").mkdir()
    tiff(place / "masks" / "quality.tif", np.full((20, 20), 1.0), west=127.0, cell=0.01, **at)
    return place


def names(found: tuple[Path, ...]) -> list[str]:
    return [file.name for file in found]


def test_files_are_found_by_place_finest_first(folder: Path, tmp_path: Path) -> None:
    held = indexed(folder, index=tmp_path / "index.json")
    assert names(held.near((127.1, 37.5), 1000)) == ["coarse.tif"]
    assert names(held.near((127.1, 37.5), 9500)) == ["fine_dsm.tif", "coarse.tif"]
    assert names(held.near((127.3, 37.5), 1000)) == ["fine_dsm.tif"]
    assert held.near((127.3, 37.7), 1000) == ()
    assert held.near((127.3, 37.61), 3000) == ()  # reached, but the place itself is not covered
    assert held.near((-127.1, 37.5), 1000) == ()


def test_what_is_known_of_each(folder: Path, tmp_path: Path) -> None:
    broken, coarse, fine = indexed(folder, index=tmp_path / "index.json").tiles
    assert coarse.bounds == pytest.approx((127.0, 37.4, 127.2, 37.6))
    assert (coarse.spacing_m, coarse.surface, coarse.problem) == (884.313, "unstated", None)
    assert (fine.spacing_m, fine.surface) == (442.142, "surface")
    assert (broken.bounds, broken.spacing_m, broken.problem) == (
        None,
        None,
        "broken.tif: a GeoTIFF file; this one breaks off or is damaged",
    )


def test_a_file_is_opened_again_only_when_it_changed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    real = raster.opened

    def counted(path: Path, stack: object) -> object:
        opened.append(path.name)
        return real(path, stack)

    monkeypatch.setattr(raster, "opened", counted)
    index = tmp_path / "index.json"
    first = indexed(folder, index=index)
    assert opened == ["broken.tif", "coarse.tif", "fine_dsm.tif"]
    written = index.stat().st_mtime_ns
    assert indexed(folder, index=index) == first
    assert len(opened) == 3
    assert index.stat().st_mtime_ns == written
    (folder / "broken.tif").unlink()
    tiff(folder / "broken.tif", np.full((20, 20), 10.0), west=10.0, north=50.0, cell=0.01, crs="EPSG:4326")
    (folder / "coarse.tif").unlink()
    again = indexed(folder, index=index)
    assert opened[3:] == ["broken.tif"]
    assert [tile.name for tile in again.tiles] == ["broken.tif", "fine_dsm.tif"]
    assert again.unusable == ()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 0}', '{"version": 1, "folder": 7}'])
def test_a_damaged_index_is_made_anew(folder: Path, tmp_path: Path, text: str) -> None:
    index = tmp_path / "index.json"
    index.write_text(text, encoding="utf-8")
    assert len(indexed(folder, index=index).tiles) == 3
    assert sorted(file.name for file in tmp_path.iterdir()) == ["index.json", "terrain"]


def test_an_index_of_another_folder_is_not_used(folder: Path, tmp_path: Path) -> None:
    index = tmp_path / "index.json"
    indexed(folder, index=index)
    other = tmp_path / "other"
    other.mkdir()
    assert indexed(other, index=index).tiles == ()


def test_tiles_across_the_date_line(folder: Path, tmp_path: Path) -> None:
    tiff(folder / "fiji.tif", np.full((20, 20), 10.0), west=179.9, north=-17.0, cell=0.01, crs="EPSG:4326")
    held = indexed(folder, index=tmp_path / "index.json")
    for lon in (179.95, -179.95):
        assert names(held.near((lon, -17.1), 1000)) == ["fiji.tif"]


def test_no_folder_holds_nothing(tmp_path: Path) -> None:
    assert elevation_files(tmp_path / "none") == ()
    assert indexed(tmp_path / "none", index=tmp_path / "index.json").tiles == ()


def test_an_index_that_cannot_be_written(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"index\.json: a place where the index of elevation files can be written"):
        indexed(folder, index=tmp_path / "none" / "index.json")


def test_names_are_told_without_opening_anything(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terrain_folder, "_looked_at", None)
    assert [file.name for file in elevation_files(folder)] == ["broken.tif", "coarse.tif", "fine_dsm.tif"]
    assert not os.path.exists(folder / "index.json")
