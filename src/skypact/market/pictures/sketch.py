"""A picture as one SVG: for readers without a map, for paper, and before a map is there."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

from django.utils.safestring import SafeString, mark_safe

from skypact.market.pictures.drawing import Drawing

_WIDTH, _MARGIN = 960.0, 28.0
_TALLEST, _FLATTEST = 0.9, 0.4
_DEGREE_M = 111_195.0
_BARS_M = (10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)


class _Frame:
    """Degrees to pixels: equirectangular around the middle, true to scale there."""

    def __init__(self, points: list[tuple[float, float]]) -> None:
        lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
        self._lon, self._lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
        self._stretch = math.cos(math.radians(self._lat))
        wide = max((max(lons) - min(lons)) * self._stretch * _DEGREE_M, 100.0)
        high = max((max(lats) - min(lats)) * _DEGREE_M, 100.0)
        self.height = _WIDTH * min(max(high / wide, _FLATTEST), _TALLEST)
        self.scale = min((_WIDTH - 2 * _MARGIN) / wide, (self.height - 2 * _MARGIN) / high)

    def of(self, longitude: float, latitude: float) -> tuple[float, float]:
        east = (longitude - self._lon) * self._stretch * _DEGREE_M
        north = (latitude - self._lat) * _DEGREE_M
        return _WIDTH / 2 + east * self.scale, self.height / 2 - north * self.scale

    def line(self, points: list[tuple[float, float]]) -> str:
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in (self.of(*one) for one in points))


def sketch(drawing: Drawing, colours: Mapping[str, str]) -> SafeString:
    """The drawing as an ``svg`` element; empty where there is nothing to draw."""
    points = list(_points(drawing))
    if not points:
        return mark_safe("")
    frame = _Frame(points)
    root = Element("svg", {"viewBox": f"0 0 {_WIDTH:g} {frame.height:.0f}", "width": "100%", "aria-hidden": "true"})
    SubElement(root, "rect", {"width": f"{_WIDTH:g}", "height": f"{frame.height:.0f}", "fill": "#f4f2ea"})
    for path in drawing.truth:
        _line(root, frame.line([(lon, lat) for _, lon, lat in path]), "#71767a", "1.5", dashes="2 4")
    for source in drawing.sources:
        ink = colours.get(source.name, "#565c65")
        for moved in source.moved:
            if moved.said is not None:
                _line(root, frame.line([moved.said, moved.others]), "#b50909", "1", dashes="4 3")
        for _, lon, lat in source.looks:
            x, y = frame.of(lon, lat)
            SubElement(root, "circle", {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": "2.5", "fill": ink, "opacity": "0.65"})
        if source.stands_at is not None:
            x, y = frame.of(*source.stands_at)
            box = {"x": f"{x - 6:.1f}", "y": f"{y - 6:.1f}", "width": "12", "height": "12", "fill": ink}
            SubElement(root, "rect", {**box, "stroke": "#ffffff", "stroke-width": "2"})
    for track in drawing.tracks:
        line = frame.line([(lon, lat) for _, lon, lat in track.path])
        _line(root, line, "#ffffff", "5")
        _line(root, line, "#1b1b1b", "2.5")
    for track in drawing.tracks:
        x, y = frame.of(*track.path[-1][1:])
        SubElement(root, "circle", {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": "11", "fill": "#1b1b1b", "stroke": "#fff"})
        style = {"fill": "#ffffff", "font-size": "13", "font-weight": "700", "text-anchor": "middle"}
        SubElement(root, "text", {"x": f"{x:.1f}", "y": f"{y + 4.5:.1f}", **style}).text = str(track.number)
    _scale(root, frame)
    return mark_safe(tostring(root, encoding="unicode", short_empty_elements=False))  # noqa: S308 (escaped there)


def _points(drawing: Drawing) -> Iterator[tuple[float, float]]:
    for track in drawing.tracks:
        yield from ((lon, lat) for _, lon, lat in track.path)
    for source in drawing.sources:
        yield from ((lon, lat) for _, lon, lat in source.looks)
        if source.stands_at is not None:
            yield source.stands_at


def _line(root: Element, points: str, ink: str, width: str, *, dashes: str = "") -> None:
    style = {
        "fill": "none",
        "stroke": ink,
        "stroke-width": width,
        "stroke-linejoin": "round",
        "stroke-linecap": "round",
    }
    SubElement(root, "polyline", {"points": points, **style, **({"stroke-dasharray": dashes} if dashes else {})})


def _scale(root: Element, frame: _Frame) -> None:
    longest = max((bar for bar in _BARS_M if bar * frame.scale <= 0.3 * _WIDTH), default=_BARS_M[0])
    far, y = longest * frame.scale, frame.height - 16
    SubElement(root, "path", {"d": f"M16 {y:.1f}v-6v6h{far:.1f}v-6", "fill": "none", "stroke": "#3d4551"})
    words = f"{longest} m" if longest < 1_000 else f"{longest // 1_000} km"
    SubElement(root, "text", {"x": "22", "y": f"{y - 5:.1f}", "font-size": "13", "fill": "#3d4551"}).text = words
