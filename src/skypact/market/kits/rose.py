"""Warning by direction as a drawing: one spoke for each straight approach, as long as its warning."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from django.utils.safestring import SafeString, mark_safe

#: Drawing units from the middle to the outermost circle, and to the edge.
_RADIUS, _EDGE = 100.0, 134.0
_FACE = "Pretendard, 'Source Sans Pro Web', 'Noto Sans CJK KR', sans-serif"
_INK, _SPOKE, _NEVER = "#1b1b1b", "#005ea2", "#b50909"


@dataclass(frozen=True)
class Spoke:
    """One direction from the site's middle, clockwise from true north, and its value; 0: never noticed."""

    bearing_deg: float
    value: float


def rose_of(spokes: Sequence[Spoke], *, spoken: str, unit: str, compass: Sequence[str]) -> SafeString:
    """The drawing as an ``svg`` element. ``compass`` are the letters of north, east, south, west."""
    highest = max((spoke.value for spoke in spokes), default=0.0)
    step = _step(highest)
    top = step * max(1, math.ceil(highest / step - 1e-9))
    root = Element("svg", {"viewBox": f"{-_EDGE:g} {-_EDGE:g} {2 * _EDGE:g} {2 * _EDGE:g}", "role": "img"})
    root.set("aria-label", spoken)
    root.set("width", f"{2 * _EDGE:g}")
    for number in range(1, round(top / step) + 1):
        circle = {"r": f"{_RADIUS * number * step / top:.1f}", "fill": "none", "stroke": "#c6cace"}
        SubElement(root, "circle", {**circle, "stroke-width": "0.8"})
    half = math.radians(min(10.0, 180.0 / max(1, len(spokes)))) * 0.8
    for spoke in spokes:
        _draw(root, spoke, half, top)
    for number in range(1, round(top / step) + 1):
        _write(root, f"{number * step:g} {unit}", 4, -_RADIUS * number * step / top + 9, size=9, anchor="start")
    for letter, (x, y) in zip(compass, ((0, -118), (120, 4), (0, 128), (-120, 4)), strict=True):
        _write(root, letter, x, y, size=13, weight="700")
    return mark_safe(tostring(root, encoding="unicode", short_empty_elements=False))  # noqa: S308 (escaped there)


def _draw(root: Element, spoke: Spoke, half: float, top: float) -> None:
    angle = math.radians(spoke.bearing_deg)
    if spoke.value <= 0:
        x, y = 0.94 * _RADIUS * math.sin(angle), -0.94 * _RADIUS * math.cos(angle)
        cross = f"M{x - 3:.1f} {y - 3:.1f}l6 6M{x + 3:.1f} {y - 3:.1f}l-6 6"
        SubElement(root, "path", {"d": cross, "fill": "none", "stroke": _NEVER, "stroke-width": "2"})
        return
    length = _RADIUS * spoke.value / top
    first, last = ((length * math.sin(angle + turn), -length * math.cos(angle + turn)) for turn in (-half, half))
    wedge = f"M0 0L{first[0]:.1f} {first[1]:.1f}A{length:.1f} {length:.1f} 0 0 1 {last[0]:.1f} {last[1]:.1f}Z"
    SubElement(root, "path", {"d": wedge, "fill": _SPOKE, "fill-opacity": "0.75"})


def _step(highest: float) -> float:
    """The distance of the circles: 1, 2 or 5 × 10ⁿ, so that there are three to six of them."""
    if highest <= 0:
        return 10.0
    power = 10.0 ** math.floor(math.log10(highest))
    return next(power * share for share in (0.2, 0.5, 1.0, 2.0) if highest / (power * share) <= 6)


def _write(
    root: Element, words: str, x: float, y: float, *, size: int, anchor: str = "middle", weight: str = "400"
) -> None:
    where = {"x": f"{x:g}", "y": f"{y:g}", "font-size": str(size), "text-anchor": anchor, "font-weight": weight}
    SubElement(root, "text", {**where, "font-family": _FACE, "fill": _INK}).text = words
