"""TopoJSON land: arcs in both directions, holes, quantised and not."""

from __future__ import annotations

import json

import pytest
import shapely

from skypact.exchange.coastline import read_land
from skypact.schema import InputError

#: A square of 4 × 4 degrees made of two arcs, the second used backwards, with a hole of 1 × 1 degree.
SQUARE = {
    "type": "Topology",
    "transform": {"scale": [0.5, 0.5], "translate": [100, 10]},
    "arcs": [
        [[0, 0], [8, 0], [0, 8]],
        [[0, 0], [0, 8], [8, 0]],
        [[2, 2], [0, 2], [2, 0], [0, -2], [-2, 0]],
    ],
    "objects": {
        "land": {"type": "GeometryCollection", "geometries": [{"type": "MultiPolygon", "arcs": [[[0, -2], [2]]]}]}
    },
}


def write(folder, document):
    path = folder / "land.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_arcs_are_laid_end_to_end(tmp_path):
    land = read_land(write(tmp_path, SQUARE))
    assert land.bounds == (100, 10, 104, 14)
    assert land.area == 15


def test_unquantised_arcs_are_taken_as_they_are(tmp_path):
    plain = {"arcs": [[[0, 0], [3, 0], [3, 3], [0, 0]]], "objects": {"land": {"type": "Polygon", "arcs": [[0]]}}}
    assert read_land(write(tmp_path, plain)).area == 4.5


def ring_of(*corners):
    arcs = [[list(corner) for corner in (*corners, corners[0])]]
    return {"arcs": arcs, "objects": {"land": {"type": "Polygon", "arcs": [[0]]}}}


def lies_on(land, *places):
    return [bool(shapely.intersects_xy(land, *place)) for place in places]


@pytest.mark.parametrize("first", range(4))
def test_land_across_the_antimeridian_is_cut_there_wherever_its_ring_begins(tmp_path, first):
    corners = [(170, 10), (-170, 10), (-170, 20), (170, 20)]
    land = read_land(write(tmp_path, ring_of(*corners[first:], *corners[:first])))
    assert (land.bounds, land.area) == ((-180, 10, 180, 20), 200)
    assert lies_on(land, (175, 15), (-175, 15), (0, 15), (165, 15)) == [True, True, False, False]


def test_land_that_leaves_the_map_and_comes_back_on_one_meridian(tmp_path):
    """As Eurasia is published: its ring ends at -180 where the next one begins."""
    land = read_land(write(tmp_path, ring_of((100, 60), (179.7, 69), (-180, 68.9), (-180, 65.1), (179.8, 65))))
    assert lies_on(land, (150, 65.5), (20, 67), (-30, 66)) == [True, False, False]


def test_a_continent_around_a_pole_is_closed_over_it(tmp_path):
    land = read_land(write(tmp_path, ring_of((-180, -70), (-90, -65), (0, -70), (90, -65), (179, -70))))
    assert lies_on(land, (10, -80), (179.9, -89), (-60, -90), (10, -60)) == [True, True, True, False]


def test_a_lake_across_the_antimeridian(tmp_path):
    document = ring_of((170, 10), (-170, 10), (-170, 20), (170, 20))
    document["arcs"].append([[-179, 14], [-179, 16], [-178, 16], [-178, 14], [-179, 14]])
    document["objects"]["land"]["arcs"].append([1])
    land = read_land(write(tmp_path, document))
    assert land.area == 198
    assert lies_on(land, (-178.5, 15), (-177, 15)) == [False, True]


@pytest.mark.parametrize(
    ("document", "accepted"),
    [
        ({"arcs": [], "objects": {}}, "a TopoJSON topology with an object named land"),
        ({"arcs": [], "objects": {"land": {"type": "Polygon", "arcs": [[7]]}}}, "a TopoJSON topology"),
        ([], "a TopoJSON topology"),
        ({"arcs": [], "objects": {"land": {"type": "GeometryCollection", "geometries": []}}}, "at least one polygon"),
    ],
)
def test_other_documents_are_refused(tmp_path, document, accepted):
    with pytest.raises(InputError, match=accepted):
        read_land(write(tmp_path, document))


def test_missing_and_broken_files_are_refused(tmp_path):
    with pytest.raises(InputError, match="an existing TopoJSON file"):
        read_land(tmp_path / "none.json")
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="must be valid JSON"):
        read_land(tmp_path / "broken.json")
