"""The connection diagram of a kit for paper: its own SVG, since no style sheet reaches into pictures of a PDF."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from django.utils.safestring import SafeString, mark_safe

from skypact.market.kits import wording
from skypact.market.kits.diagram import Box, Diagram, Wire

_FACE = "Pretendard, 'Source Sans Pro Web', 'Noto Sans CJK KR', sans-serif"
#: A diagram higher than this times its width does not fit an A4 page beside its heading.
_HIGHEST = 1.25
_INK = {"data": "#005ea2", "power": "#936f38"}
#: family of a box → fill, line, letters
_BOXES = {
    "sensor": ("#e7f2fb", "#2672b6", "#1b1b1b"),
    "c2": ("#162e51", "#162e51", "#ffffff"),
    "gateway": ("#f0ebf8", "#8168b3", "#1b1b1b"),
    **dict.fromkeys(("power", "network", "battery", "source"), ("#fff5dc", "#936f38", "#1b1b1b")),
}
_OTHER = ("#ffffff", "#71767a", "#1b1b1b")


def svg_of(diagram: Diagram) -> SafeString | None:
    """The diagram as an ``svg`` element; ``None`` without boxes, or where it would not fit a page."""
    if not diagram.boxes or diagram.height > _HIGHEST * diagram.width:
        return None
    root = Element("svg", {"viewBox": f"0 0 {diagram.width:g} {diagram.height:g}", "width": "100%", "role": "img"})
    root.set("aria-hidden", "true")
    for wire in diagram.wires:
        _draw_wire(root, wire)
    for box in diagram.boxes:
        _draw_box(root, box)
    return mark_safe(tostring(root, encoding="unicode", short_empty_elements=False))  # noqa: S308 (escaped there)


def _draw_wire(root: Element, wire: Wire) -> None:
    ink = "#8b0a03" if wire.answer == "no" else _INK[wire.kind]
    dashes = {"stroke-dasharray": "6 5"} if wire.answer == "unknown" else {}
    SubElement(root, "path", {"d": wire.path, "fill": "none", "stroke": ink, "stroke-width": "2", **dashes})
    number = "" if wire.number is None else f"[{wire.number}] "
    words = f"{number}{wire.label}{' ?' if wire.answer == 'unknown' else ''}"
    _write(root, words, wire.label_x, wire.label_y, size=13, ink="#3d4551")


def _draw_box(root: Element, box: Box) -> None:
    fill, line, ink = _BOXES.get(box.family, _OTHER)
    place = {"x": f"{box.x:g}", "y": f"{box.y:g}", "width": f"{box.width:g}", "height": f"{box.height:g}", "rx": "4"}
    SubElement(root, "rect", {**place, "fill": fill, "stroke": line, "stroke-width": "1.5"})
    kind = wording.word(box.category) if box.category else ""
    count = f" × {box.quantity}" if box.quantity else ""
    _write(root, f"{kind}{count}", box.text_x, box.kind_y, size=13, ink=ink)
    for row in box.name_lines:
        _write(root, str(row["text"]), box.text_x, float(str(row["y"])), size=15, ink=ink)


def _write(root: Element, words: str, x: float, y: float, *, size: int, ink: str) -> None:
    if words.strip():
        where = {"x": f"{x:g}", "y": f"{y:g}", "font-size": str(size), "font-family": _FACE, "fill": ink}
        SubElement(root, "text", where).text = words
