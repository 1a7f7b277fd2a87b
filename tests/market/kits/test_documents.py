"""What people paste or upload."""

from __future__ import annotations

import json

import pytest
from tests.market.kits import samples

from skypact.market.kits import documents
from skypact.schema import Circle, InputError, MultiPolygon, Polygon

RING = [[10.0, 50.0], [10.1, 50.0], [10.1, 50.1], [10.0, 50.0]]
OTHER = [[11.0, 50.0], [11.1, 50.0], [11.1, 50.1], [11.0, 50.0]]
POLYGON = {"type": "Polygon", "coordinates": [RING]}


def refusal(text: str, read: object = documents.read) -> str:
    with pytest.raises(InputError) as refused:
        read(text, file="pasted")
    return str(refused.value)


def test_a_requirement_as_toml_and_as_json() -> None:
    asked = samples.requirement()
    assert documents.read(asked.model_dump_json(), file="a.json") == asked
    toml = """
id = "harbour"
title = "Harbour"
deadline = 2027-06-30
[site]
name = "Old harbour"
circle = { centre = [10.0, 50.0], radius_m = 1000 }
[buyer]
nation = "KR"
role = "police"
[detection]
threats = ["mini-multirotor"]
heights_m = [60]
warning_distance_m = 500
share = 0.9
[budget]
amount = 900000
currency = "EUR"
"""
    expected = samples.requirement(title_ko=None, assumptions=[], accept_unknown=[])
    assert documents.read(toml, file="a.toml") == expected


@pytest.mark.parametrize(
    "document",
    [
        POLYGON,
        {"type": "Feature", "properties": {}, "geometry": POLYGON},
        {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": None, "geometry": POLYGON}]},
        {"type": "GeometryCollection", "geometries": [POLYGON]},
        {"type": "Polygon", "coordinates": [[[*position, 12.0] for position in RING]]},
    ],
)
def test_an_area_in_every_wrapping(document: object) -> None:
    assert documents.read(json.dumps(document), file="a") == Polygon.model_validate(POLYGON)


def test_several_polygons_are_one_area() -> None:
    both = {"type": "MultiPolygon", "coordinates": [[RING], [OTHER]]}
    collection = {"type": "GeometryCollection", "geometries": [POLYGON, {"type": "Polygon", "coordinates": [OTHER]}]}
    assert documents.area_of(json.dumps(collection), file="a") == MultiPolygon.model_validate(both)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("  ", "pasted: must hold a requirement (TOML or JSON) or an area (GeoJSON)"),
        ("id = ", "pasted: must be valid TOML: Invalid value (at end of document)"),
        ('{"type": "Polygon"', "pasted: line 1, column 19: must be valid JSON: Expecting ',' delimiter"),
        ('{"type": "Point", "coordinates": [1, 2]}', "pasted: type: must be a Polygon or MultiPolygon (found 'Point')"),
        ('{"type": "FeatureCollection", "features": []}', "pasted: must hold at least one Polygon or MultiPolygon"),
        ('{"type": "Polygon", "coordinates": 7}', "pasted: coordinates: must be rings of [longitude, latitude]"),
        (
            '{"type": "Polygon", "coordinates": [[[1, 2], [2, 2], [1, 3], [1, 4]]]}',
            "pasted: coordinates.0: a ring must end where it begins (found [[1, 2], [2, 2], [1, 3], [1, 4]])",
        ),
        ('{"type": "Feature", "geometry": null}', "pasted: must be a GeoJSON object (found None)"),
    ],
)
def test_refusals_say_what_would_be_accepted(text: str, words: str) -> None:
    assert refusal(text) == words


def test_exclusions_come_back_as_they_went() -> None:
    exclusions = (Polygon.model_validate(POLYGON), Circle(centre=(10.0, 50.0), radius_m=300))
    assert documents.exclusions_of(documents.exclusions_text(exclusions), file="a") == exclusions
    assert documents.exclusions_text(()) == ""
    assert documents.exclusions_of(json.dumps(POLYGON), file="a") == exclusions[:1]


def test_positions_one_a_line() -> None:
    assert documents.positions_of("10.5, 50\n\n 11 51.25 \n", file="a") == ((10.5, 50.0), (11.0, 51.25))
    assert refusal("10, 50\nnorth", documents.positions_of) == (
        "pasted: line 2: must be: longitude, latitude (found 'north')"
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{"a":' * 100_000, "must not be nested so deeply"),
        ('{"a":' + "9" * 5000 + "}", "numbers of at most 4300 digits"),
        ('{"type": "MultiPolygon", "coordinates": 5}', "coordinates: must be rings of"),
    ],
)
def test_hostile_documents_are_refused_with_a_reason(text: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        documents.read(text, file="pasted text")


def test_properties_must_be_an_object() -> None:
    text = '{"type": "Feature", "geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": [1]}'
    with pytest.raises(InputError, match="properties: must be an object"):
        documents.exclusions_of(text, file="form")
