"""Maps as SVG drawn by the server: they need no script, print sharply, and are the same bytes for the same kit.

The page is flat Web Mercator, north up, so that the pictures of :mod:`skypact.market.kits.rendering` lie straight on
it. Every figure has one decimal of a drawing unit.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from xml.etree.ElementTree import Element, SubElement, tostring

from django.utils.safestring import SafeString, mark_safe

from skypact.schema import LineString, MultiPolygon, Polygon, Position

#: Drawing units across a map; a report's page shows one as 0.2 mm.
WIDTH = 900.0
_EARTH_M = 6_378_137.0
_STEPS = (1, 2, 5)


def mercator(lon: float, lat: float) -> tuple[float, float]:
    """Web Mercator metres (EPSG:3857) of a WGS 84 position."""
    return math.radians(lon) * _EARTH_M, math.asinh(math.tan(math.radians(lat))) * _EARTH_M


def _latitude(y: float) -> float:
    return math.degrees(math.atan(math.sinh(y / _EARTH_M)))


@dataclass(frozen=True)
class Frame:
    """The part of the world that a map shows, Web Mercator metres, and its size in drawing units."""

    west: float
    south: float
    east: float
    north: float
    width: float = WIDTH

    @classmethod
    def around(cls, positions: Iterable[Position], *, aspect: float = 0.72, room: float = 0.08) -> Frame:
        """The frame that holds ``positions`` with ``room`` on every side; ``aspect`` is height through width."""
        points = [mercator(lon, lat) for lon, lat in positions]
        if not points:
            raise ValueError("a map needs at least one position")
        west, east = min(x for x, _ in points), max(x for x, _ in points)
        south, north = min(y for _, y in points), max(y for _, y in points)
        width = max((east - west) * (1 + 2 * room), (north - south) * (1 + 2 * room) / aspect, 200.0)
        x, y = (west + east) / 2, (south + north) / 2
        return cls(x - width / 2, y - width * aspect / 2, x + width / 2, y + width * aspect / 2)

    @property
    def height(self) -> float:
        """Drawing units from top to bottom."""
        return round(self.width * (self.north - self.south) / (self.east - self.west), 1)

    @property
    def unit(self) -> float:
        """Drawing units of one Web Mercator metre."""
        return self.width / (self.east - self.west)

    def at(self, position: Position) -> tuple[float, float]:
        """Where a position is drawn."""
        x, y = mercator(*position)
        return round((x - self.west) * self.unit, 1), round((self.north - y) * self.unit, 1)

    def path(self, lines: Iterable[Sequence[Position]], *, closed: bool = False) -> str:
        """Lines as the ``d`` of an SVG path; each is closed where asked."""
        parts = []
        for line in lines:
            points = [self.at(position) for position in line]
            parts.append("M" + "L".join(f"{x:g} {y:g}" for x, y in points) + ("Z" if closed else ""))
        return "".join(parts)

    def image(self, corners: Sequence[Sequence[float]]) -> dict[str, str]:
        """Place and size of a picture whose corners are [longitude, latitude] from the top left, clockwise."""
        (left, top), (right, bottom) = self.at(tuple(corners[0])), self.at(tuple(corners[2]))
        return {"x": f"{left:g}", "y": f"{top:g}", "width": f"{right - left:g}", "height": f"{bottom - top:g}"}

    @cached_property
    def scale(self) -> ScaleBar:
        """A bar of a round length, at most a quarter of the map wide, true in the middle of the map."""
        ground = 1 / math.cosh((self.south + self.north) / 2 / _EARTH_M)
        most = self.width / 4 / self.unit * ground
        length = _round_below(most)
        return ScaleBar(length, round(length / ground * self.unit, 1))

    @cached_property
    def meridians(self) -> list[Tick]:
        """Marks along the lower edge."""
        west, east = math.degrees(self.west / _EARTH_M), math.degrees(self.east / _EARTH_M)
        step = _round_below((east - west) / 2.5)
        return [
            Tick(self.at((lon, _latitude(self.south)))[0], _degrees(lon, step, "EW"))
            for lon in _within(west, east, step)
        ]

    @cached_property
    def parallels(self) -> list[Tick]:
        """Marks along the left edge."""
        south, north = _latitude(self.south), _latitude(self.north)
        step = _round_below((north - south) / 2.5)
        lon = math.degrees(self.west / _EARTH_M)
        return [Tick(self.at((lon, lat))[1], _degrees(lat, step, "NS")) for lat in _within(south, north, step)]


@dataclass(frozen=True)
class ScaleBar:
    """So many metres on the ground are so many drawing units."""

    metres: float
    length: float


@dataclass(frozen=True)
class Tick:
    """A mark on the edge of a map and what is written beside it."""

    place: float
    words: str


def _round_below(value: float) -> float:
    """The largest of 1, 2, 5 × 10ⁿ that is not above ``value``."""
    power = 10.0 ** math.floor(math.log10(value))
    return max(step * power for step in _STEPS if step * power <= value * (1 + 1e-12))


def _within(low: float, high: float, step: float) -> list[float]:
    """Multiples of ``step`` that lie clear of both ends."""
    first, last = math.ceil((low + 0.15 * step) / step), math.floor((high - 0.15 * step) / step)
    return [number * step for number in range(first, last + 1)]


def _degrees(value: float, step: float, hemispheres: str) -> str:
    places = max(0, -math.floor(math.log10(step)))
    turned = (value + 180.0) % 360.0 - 180.0 if hemispheres == "EW" else value
    return f"{abs(turned):.{places}f}° {hemispheres[0] if turned >= 0 else hemispheres[1]}"


#: role of a line → strokes laid over one another, as SVG attributes; widths are scaled with the map.
_STROKES: dict[str, tuple[dict[str, str], ...]] = {
    "site": ({"stroke": "#1b1b1b", "stroke-width": "2"},),
    "ring": (
        {"stroke": "#ffffff", "stroke-width": "5", "stroke-opacity": "0.8"},
        {"stroke": "#005ea2", "stroke-width": "2.5"},
    ),
    "ring-untested": (
        {"stroke": "#ffffff", "stroke-width": "5", "stroke-opacity": "0.8"},
        {"stroke": "#565c65", "stroke-width": "2.5", "stroke-dasharray": "10 6"},
    ),
    "blind": (
        {"stroke": "#ffffff", "stroke-width": "9", "stroke-linecap": "round"},
        {"stroke": "#d83933", "stroke-width": "6", "stroke-linecap": "round"},
    ),
    "blind-area": (
        {
            "fill": "#d83933",
            "fill-opacity": "0.14",
            "fill-rule": "evenodd",
            "stroke": "#8b0a03",
            "stroke-width": "1.2",
            "stroke-dasharray": "5 3",
        },
    ),
    "sector": ({"stroke": "#3d4551", "stroke-width": "1", "stroke-dasharray": "6 4"},),
    "approach": (
        {"stroke": "#ffffff", "stroke-width": "7"},
        {"stroke": "#54278f", "stroke-width": "3.5", "stroke-dasharray": "12 4 3 4"},
    ),
}
_FACE = "Pretendard, 'Source Sans Pro Web', 'Noto Sans CJK KR', sans-serif"
#: Room for the coordinates left of and below a map.
_LEFT, _BELOW = 30.0, 24.0


@dataclass
class MapDrawing:
    """One map: pictures below, lines, and pins on top, in the order in which they are added."""

    name: str
    """distinguishes the ids of its parts from those of other maps of the page"""
    frame: Frame
    spoken: str
    """what the map shows, for who cannot see it"""
    small: bool = False
    """one of many: without coordinates and numbers, with thicker lines since it is shown smaller"""
    _drawn: list[Element] = field(default_factory=list)
    _pins: list[tuple[str, float, float, str]] = field(default_factory=list)

    def add_picture(self, address: str, corners: Sequence[Sequence[float]], *, opacity: float = 1.0) -> None:
        """Lays a picture on what is there."""
        place = self.frame.image(corners)
        attributes = {"href": address, **place, "opacity": f"{opacity:g}", "preserveAspectRatio": "none"}
        self._drawn.append(Element("image", attributes))

    def add_lines(self, role: str, lines: Iterable[LineString]) -> None:
        """Draws lines; none where there are none."""
        self._add(role, self.frame.path(line.coordinates for line in lines))

    def add_area(self, role: str, area: Polygon | MultiPolygon) -> None:
        """Draws the outline of an area."""
        self._add(role, self.frame.path(rings_of(area), closed=True))

    def add_rings(self, role: str, rings: Iterable[Sequence[Position]]) -> None:
        """Draws closed lines."""
        self._add(role, self.frame.path(rings, closed=True))

    def add_pin(self, label: str, at: Position, words: str) -> None:
        """Marks a numbered place."""
        self._pins.append((label, *self.frame.at(at), words))

    def svg(self) -> SafeString:
        """The map as an ``svg`` element for a page."""
        frame, room = self.frame, (0.0, 0.0) if self.small else (_LEFT, _BELOW)
        box = f"{-room[0]:g} -1 {frame.width + room[0] + 1:g} {frame.height + room[1] + 2:g}"
        root = Element("svg", {"viewBox": box, "width": "100%", "role": "img", "aria-label": self.spoken})
        root.set("font-family", _FACE)
        size = {"width": f"{frame.width:g}", "height": f"{frame.height:g}"}
        SubElement(SubElement(root, "clipPath", {"id": f"{self.name}-frame"}), "rect", size)
        SubElement(root, "rect", {**size, "fill": "#eef1ea"})
        inside = SubElement(root, "g", {"clip-path": f"url(#{self.name}-frame)"})
        inside.extend(self._drawn)
        for label, x, y, words in self._pins:
            self._draw_pin(inside, label, x, y, words)
        SubElement(root, "rect", {**size, "fill": "none", "stroke": "#3d4551", "stroke-width": "1"})
        if not self.small:
            self._draw_edges(root)
        self._draw_scale(root)
        return mark_safe(tostring(root, encoding="unicode", short_empty_elements=False))  # noqa: S308 (escaped there)

    @property
    def _zoom(self) -> float:
        return 2.4 if self.small else 1.0

    def _add(self, role: str, path: str) -> None:
        for stroke in _STROKES[role] if path else ():
            width = float(stroke["stroke-width"]) * self._zoom
            self._drawn.append(Element("path", {"d": path, "fill": "none", **stroke, "stroke-width": f"{width:g}"}))

    def _draw_pin(self, parent: Element, label: str, x: float, y: float, words: str) -> None:
        radius = (13.0 if len(self._pins) <= 30 else 9.0) * (1.4 if self.small else 1.0)
        pin = SubElement(parent, "g")
        SubElement(pin, "title").text = words
        circle = {"cx": f"{x:g}", "cy": f"{y:g}", "r": f"{radius:g}"}
        SubElement(pin, "circle", {**circle, "fill": "#162e51", "stroke": "#ffffff", "stroke-width": "2"})
        if not self.small:
            _write(pin, label, x, y + radius * 0.36, size=radius, anchor="middle", fill="#ffffff", weight="700")

    def _draw_edges(self, root: Element) -> None:
        frame = self.frame
        for tick in frame.meridians:
            line = {"x1": f"{tick.place:g}", "x2": f"{tick.place:g}", "y1": f"{frame.height:g}"}
            SubElement(root, "line", {**line, "y2": f"{frame.height - 6:g}", "stroke": "#1b1b1b"})
            _write(root, tick.words, tick.place, frame.height + 17, size=14, anchor="middle")
        for tick in frame.parallels:
            line = {"y1": f"{tick.place:g}", "y2": f"{tick.place:g}", "x1": "0"}
            SubElement(root, "line", {**line, "x2": "6", "stroke": "#1b1b1b"})
            turned = f"rotate(-90 -8 {tick.place:g})"
            _write(root, tick.words, -8, tick.place, size=14, anchor="middle", transform=turned)

    def _draw_scale(self, root: Element) -> None:
        """Scale bar and north arrow on a white plate, lower right."""
        frame, zoom, bar = self.frame, 1.9 if self.small else 1.0, self.frame.scale
        width, height = bar.length + 58 * zoom, 40 * zoom
        left, top = frame.width - width - 8, frame.height - height - 8
        plate = {"x": f"{left:g}", "y": f"{top:g}", "width": f"{width:g}", "height": f"{height:g}"}
        SubElement(root, "rect", {**plate, "fill": "#ffffff", "fill-opacity": "0.88", "rx": "3"})
        start, base = left + 12 * zoom, top + 27 * zoom
        drawn = f"M{start:g} {base - 5 * zoom:g}V{base:g}H{start + bar.length:g}V{base - 5 * zoom:g}"
        SubElement(root, "path", {"d": drawn, "fill": "none", "stroke": "#1b1b1b", "stroke-width": f"{2 * zoom:g}"})
        words = f"{bar.metres / 1000:g} km" if bar.metres >= 1000 else f"{bar.metres:g} m"
        _write(root, words, start + bar.length / 2, base - 8 * zoom, size=14 * zoom, anchor="middle")
        north, foot = left + width - 18 * zoom, top + 34 * zoom
        arrow = f"M{north:g} {foot - 28 * zoom:g}l{6 * zoom:g} {16 * zoom:g}h{-12 * zoom:g}z"
        SubElement(root, "path", {"d": arrow, "fill": "#1b1b1b"})
        _write(root, "N", north, foot, size=12 * zoom, anchor="middle", weight="700")


def _write(
    parent: Element, words: str, x: float, y: float, *,
    size: float, anchor: str, fill: str = "#1b1b1b", weight: str = "400", transform: str = "",
) -> None:  # fmt: skip
    where = {"x": f"{x:g}", "y": f"{y:g}", "font-size": f"{size:g}", "text-anchor": anchor, "font-family": _FACE}
    turned = {"transform": transform} if transform else {}
    SubElement(parent, "text", {**where, "fill": fill, "font-weight": weight, **turned}).text = words


def rings_of(area: Polygon | MultiPolygon) -> list[tuple[Position, ...]]:
    """Every ring of an area, holes too."""
    polygons = [area.coordinates] if isinstance(area, Polygon) else area.coordinates
    return [ring for polygon in polygons for ring in polygon]
