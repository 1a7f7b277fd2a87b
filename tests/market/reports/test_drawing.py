"""Maps drawn by the server."""

from __future__ import annotations

import math

import pytest
from defusedxml import ElementTree
from pyproj import Geod, Transformer
from tests.market.kits import samples

from skypact.market.reports.drawing import Frame, MapDrawing, mercator

SQUARE = [(10.0, 50.0), (10.02, 50.0), (10.02, 50.01), (10.0, 50.01)]


def test_mercator_is_that_of_proj() -> None:
    there = Transformer.from_crs("EPSG:4326", "EPSG:3857", always_xy=True)
    assert mercator(126.44, 37.46) == pytest.approx(there.transform(126.44, 37.46), abs=1e-6)


def test_frame_holds_everything_with_room_and_keeps_its_shape() -> None:
    frame = Frame.around(SQUARE, aspect=0.5, room=0.1)
    places = [frame.at(position) for position in SQUARE]
    assert frame.height == 450.0
    assert min(x for x, _ in places) >= 75.0
    assert max(x for x, _ in places) <= 825.0
    assert all(0 < y < 450 for _, y in places)


def test_scale_bar_is_true_on_the_ground() -> None:
    frame = Frame.around(SQUARE)
    bar = frame.scale
    east = mercator(10.01, 50.005)[0] + bar.length / frame.unit
    metres = Geod(ellps="sphere", a=6_378_137.0, b=6_378_137.0).inv(
        10.01, 50.005, math.degrees(east / 6_378_137), 50.005
    )[2]
    assert bar.metres == 200.0
    assert metres == pytest.approx(bar.metres, rel=2e-3)


def test_edges_are_marked_at_round_degrees() -> None:
    frame = Frame.around(SQUARE)
    assert [tick.words for tick in frame.meridians] == ["10.00° E", "10.01° E", "10.02° E"]
    assert [tick.words for tick in frame.parallels] == [f"50.{number:03d}° N" for number in range(0, 11, 2)]


def test_nothing_to_show_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one position"):
        Frame.around([])


def test_hostile_words_stay_words() -> None:
    drawing = MapDrawing("m", Frame.around(SQUARE), '"><script>alert(1)</script>')
    drawing.add_pin("1", SQUARE[0], "<b onload=x>&")
    svg = drawing.svg()
    root = ElementTree.fromstring(svg)
    assert root.get("aria-label") == '"><script>alert(1)</script>'
    assert [one.text for one in root.iter("title")] == ["<b onload=x>&"]
    assert "<script" not in svg


def test_lines_pictures_and_pins_lie_where_they_should() -> None:
    frame = Frame.around(SQUARE)
    drawing = MapDrawing("m", frame, "map")
    drawing.add_picture("/p.png", [[10.0, 50.01], [10.02, 50.01], [10.02, 50.0], [10.0, 50.0]])
    drawing.add_area("site", samples.kit().site_outline)
    drawing.add_pin("7", (10.01, 50.005), "pin")
    root = ElementTree.fromstring(drawing.svg())
    image = next(root.iter("image"))
    left, top = frame.at((10.0, 50.01))
    assert (float(image.get("x")), float(image.get("y"))) == pytest.approx((left, top))
    assert [one.text for one in root.iter("text")].count("7") == 1


def test_the_same_map_is_the_same_text() -> None:
    def drawn() -> str:
        drawing = MapDrawing("m", Frame.around(SQUARE), "map")
        drawing.add_lines("ring", samples.kit().ring)
        return str(drawing.svg())

    assert drawn() == drawn()
