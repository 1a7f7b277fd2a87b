"""TopoJSON land: arcs in both directions, holes, quantised and not."""

from __future__ import annotations

import json

import pytest

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
