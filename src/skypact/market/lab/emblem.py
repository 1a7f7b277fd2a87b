"""A badge as a picture to be shown elsewhere. It says what holds when it is drawn, and what no longer does."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, tostring

from django.utils.translation import gettext as _

from skypact.conformance.report import Verdict
from skypact.market.lab import wording
from skypact.market.lab.descriptions import described
from skypact.market.lab.naming import spoken
from skypact.market.lab.selectors import Badge, State

WIDTH, HEIGHT = 360, 118
_FONT = "'Source Sans 3', 'Noto Sans KR', 'Segoe UI', 'Malgun Gothic', sans-serif"


@dataclass(frozen=True)
class Emblem:
    """What stands on the picture."""

    product: str
    heading: str
    said: str
    detail: str
    lab: str
    mark: str
    colour: str

    @property
    def words(self) -> str:
        """All of it in one sentence."""
        return " · ".join(part for part in (self.product, self.heading, self.said, self.detail, self.lab) if part)


def emblem_of(product: str, badge: Badge | None, *, standard: str = "") -> Emblem:
    """The words and colour for a result of ``product``; of ``None`` that nobody has tested it."""
    if badge is None:
        return Emblem(product, spoken(standard, ""), _("not tested"), "", "", "?", "#565c65")
    row = badge.result
    heading = spoken(row.standard, row.version)
    last = _("no last day is named")
    if row.valid_until is not None:
        last = _("valid until %(day)s") % {"day": row.valid_until.isoformat()}
    firmware = _("firmware %(version)s") % {"version": row.firmware} if row.firmware else _("firmware not stated")
    detail, lab = f"{row.tested_on.isoformat()} · {firmware}", described(row.conducted_by)
    if badge.proves:
        return Emblem(product, heading, f"{_('tested')}, {last}", detail, lab, "✓", "#00635d")
    if badge.denies:
        return Emblem(product, heading, str(wording.VERDICTS[Verdict(row.verdict)]), detail, lab, "✗", "#b50909")
    if badge.state is not State.VALID:
        return Emblem(product, heading, str(wording.STATES[badge.state]), detail, lab, "?", "#8a5a00")
    verdict = str(wording.VERDICTS[Verdict(row.verdict)])
    return Emblem(product, heading, f"{verdict} · {_('no badge')}", detail, lab, "?", "#565c65")


def svg_of(emblem: Emblem, *, language: str) -> str:
    """The picture as SVG, without scripts, fonts or anything else from elsewhere."""
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH} {HEIGHT}",
            "width": str(WIDTH),
            "height": str(HEIGHT),
            "role": "img",
            "lang": language,
        },
    )
    SubElement(root, "title").text = emblem.words
    box = {"x": "0.5", "y": "0.5", "width": str(WIDTH - 1), "height": str(HEIGHT - 1), "rx": "6"}
    SubElement(root, "rect", {**box, "fill": "#ffffff", "stroke": emblem.colour})
    SubElement(root, "path", {"d": f"M6 .5H48V{HEIGHT - 0.5}H6A5.5 5.5 0 0 1 .5 {HEIGHT - 6}V6A5.5 5.5 0 0 1 6 .5Z",
                              "fill": emblem.colour})  # fmt: skip
    _write(root, emblem.mark, 24, 70, size=30, colour="#ffffff", weight="700", anchor="middle")
    _write(root, emblem.product, 58, 22, size=12, colour="#3d4551")
    _write(root, emblem.heading, 58, 43, size=16, colour="#1b1b1b", weight="700")
    _write(root, emblem.said, 58, 65, size=12, colour=emblem.colour, weight="600")
    _write(root, emblem.detail, 58, 83, size=11, colour="#3d4551")
    _write(root, emblem.lab, 58, 99, size=11, colour="#3d4551")
    _write(root, "skypact lab", WIDTH - 8, 112, size=9, colour="#565c65", anchor="end")
    return tostring(root, encoding="unicode", short_empty_elements=True)


def _write(
    root: Element, words: str, x: float, y: float, *, size: int, colour: str, weight: str = "400", anchor: str = "start"
) -> None:
    most = _fits(words, size * (1.08 if weight != "400" else 1))
    line = words if len(words) <= most else f"{words[: most - 1]}…"
    where = {"x": f"{x:g}", "y": f"{y:g}", "font-family": _FONT, "font-size": str(size), "font-weight": weight}
    SubElement(root, "text", {**where, "fill": colour, "text-anchor": anchor}).text = line


def _fits(words: str, size: float) -> int:
    """How many letters of ``words`` fit beside the band: Korean ones are as wide as they are high."""
    wide = sum(ord(letter) > 0x1100 for letter in words) / max(1, len(words))
    return max(8, int((WIDTH - 66) / (size * (0.54 + 0.46 * wide))))
