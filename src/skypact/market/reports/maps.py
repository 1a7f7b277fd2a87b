"""The three maps of a comparison: before, after, and what changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from skypact.market.kits import wording
from skypact.market.reports.comparing import Case, KitComparison
from skypact.market.reports.drawing import Frame, MapDrawing
from skypact.schema import Kit

#: Change of a post → its name, in the order of the key.
CHANGE_NAMES = {
    "both": _("both"),
    "gained": _("after only"),
    "lost": _("before only"),
    "neither": _("neither"),
    "unknown": _("unknown"),
}


@dataclass(frozen=True)
class CaseFigures:
    """One case of a counted comparison: its number, square metres by change, the largest areas."""

    number: int
    threat: str
    height_m: float
    found: dict[str, Any]
    named: list[tuple[str, str]]
    """(name of the change, area in words), in the order of the key; one unit for each change over all cases"""

    @property
    def name(self) -> str:
        """Threat class and height in words."""
        return f"{wording.threat_name(self.threat)}, {wording.metres(self.height_m)}"

    @property
    def key(self) -> list[tuple[str, str, str]]:
        """(change, its name, area in words); one unit for all."""
        areas = wording.square_metres_alike([self.found[f"{kind}_m2"] for kind in CHANGE_NAMES])
        return [(kind, str(name), area) for (kind, name), area in zip(CHANGE_NAMES.items(), areas, strict=True)]

    @property
    def largest(self) -> list[tuple[str, str, tuple[float, float]]]:
        """(lost or gained, size, a position inside) of the largest areas, largest first."""
        areas = [(kind, one) for kind in ("lost", "gained") for one in self.found[kind]]
        areas.sort(key=lambda area: -area[1]["area_m2"])
        sizes = wording.square_metres_alike([one["area_m2"] for _, one in areas])
        return [(kind, size, tuple(one["at"])) for (kind, one), size in zip(areas, sizes, strict=True)]


def cases_of(result: dict[str, Any]) -> list[CaseFigures]:
    """The cases of a counted comparison."""
    cases = result["cases"]
    columns = [wording.square_metres_alike([case[f"{kind}_m2"] for case in cases]) for kind in CHANGE_NAMES]
    names = [str(name) for name in CHANGE_NAMES.values()]
    return [
        CaseFigures(number, case["threat"], case["height_m"], case, list(zip(names, row, strict=True)))
        for number, (case, row) in enumerate(zip(cases, zip(*columns, strict=True), strict=True))
    ]


@dataclass(frozen=True)
class Maps:
    """The maps of one case as ``svg`` elements."""

    before: SafeString
    after: SafeString
    change: SafeString


def maps_of(
    comparison: KitComparison, case: CaseFigures, pictures: dict[str, Any], *, address: Callable[[str], str]
) -> Maps:
    """Draws one case; ``address`` tells where a picture of that file name is found."""
    own = pictures["cases"][case.number]
    rings = [at for kit in (comparison.before, comparison.after) for line in kit.ring for at in line.coordinates]
    stands = [at for kit in (comparison.before, comparison.after) for at in _places(kit)]
    frame = Frame.around([*rings, *stands], aspect=0.86)
    one = (case.threat, case.height_m)
    kits = {"before": comparison.before, "after": comparison.after}
    drawn = {}
    for name, kit in kits.items():
        words = gettext("Seen by the earlier kit") if name == "before" else gettext("Seen by the later kit")
        drawing = _ground(name, frame, f"{words}: {case.name}", pictures, address)
        drawing.add_picture(address(own[name]["file"]), own[name]["corners"])
        _add_kit(drawing, kit, one, pins=True)
        drawn[name] = drawing.svg()
    change = _ground("change", frame, f"{gettext('What changes')}: {case.name}", pictures, address)
    change.add_picture(address(own["change"]["file"]), own["change"]["corners"])
    _add_kit(change, comparison.after, None, pins=False)
    return Maps(**drawn, change=change.svg())


def _ground(
    name: str, frame: Frame, spoken: str, pictures: dict[str, Any], address: Callable[[str], str]
) -> MapDrawing:
    drawing = MapDrawing(name, frame, spoken)
    drawing.add_picture(address(pictures["hillshade"]["file"]), pictures["hillshade"]["corners"])
    return drawing


def _add_kit(drawing: MapDrawing, kit: Kit, case: Case | None, *, pins: bool) -> None:
    drawing.add_area("site", kit.site_outline)
    drawing.add_lines("ring", kit.ring)
    for figure in kit.coverage:
        if (figure.threat, figure.height_m) == case:
            drawing.add_lines("blind", figure.blind)
    if pins:
        for number, (at, names) in enumerate(_places(kit).items(), start=1):
            drawing.add_pin(str(number), at, ", ".join(names))


def _places(kit: Kit) -> dict[tuple[float, float], list[str]]:
    found: dict[tuple[float, float], list[str]] = {}
    for item in kit.items:
        for position in item.positions:
            found.setdefault(position.at, []).append(wording.said(item.name, item.name_ko))
    return found
