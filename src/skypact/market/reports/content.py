"""What a site report holds beyond the kit's own page: maps, grid references, label, hash."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from skypact import __version__
from skypact.market.kits import wording
from skypact.market.kits.mapping import sector
from skypact.market.kits.presentation import Case, KitPage, Spot
from skypact.market.kits.warnings import Blind
from skypact.market.pictures.selectors import KitPictures
from skypact.market.reports import wiring
from skypact.market.reports.drawing import Frame, MapDrawing, rings_of
from skypact.market.reports.gridding import Gridded, gridded
from skypact.market.reports.release import NOBODY, UNKNOWN
from skypact.schema import ApproachFigure, BlindArea, Kit, Link, Listing, Position, TestedPort

#: Sensors whose ranges are drawn on the large map; of more only the coverage is legible.
_RANGES_DRAWN = 12
#: Small maps, one for each threat class at each height; beyond that the pages get tiresome, and the table says it all.
_CASES_DRAWN = 12


@dataclass(frozen=True)
class SitedSpot:
    """A numbered place with its grid references."""

    spot: Spot
    place: Gridded


@dataclass(frozen=True)
class CaseMap:
    """The small map of one threat class at one height."""

    case: Case
    drawing: SafeString


class SiteReport(KitPage):
    """Everything the template of a report asks for; ``address`` is where the pictures of the kit are found."""

    def __init__(
        self,
        kit: Kit,
        folder: Path,
        *,
        label: str,
        pictures: KitPictures | None = None,
        seen: Mapping[str, Listing] | None = None,
    ) -> None:
        super().__init__(kit, folder, seen)
        self.label = label
        self.pictures = pictures
        self.hash = kit.content_hash()
        self.version = __version__

    def _results(self, link: Link) -> tuple[TestedPort, ...]:
        """What labs said when the kit was composed: a report is of that day."""
        return link.tested

    @property
    def title(self) -> str:
        """The requirement's title in the reader's language."""
        return wording.said(self.requirement.title, self.requirement.title_ko)

    @property
    def running_head(self) -> str:
        """What stands on every page: label, and that something is made up."""
        made_up = [gettext("SYNTHETIC: exercise data, not for buying")] if self.synthetic else []
        return " · ".join([self.label, *made_up])

    @property
    def running_foot(self) -> str:
        """What stands below every page: which report this is, and of which content."""
        return f"{self.kit.id} · {self.kit.composed_on.isoformat()} · SHA-256 {self.hash[:16]}"

    @property
    def label_meaning(self) -> str:
        """Whom the label lets read, and where it comes from."""
        basis = gettext("It is the strictest label of all claims about these products that the kit's owner may read.")
        return f"{_meaning(self.label)} {basis}"

    @property
    def surface_name(self) -> str:
        """What the relief describes."""
        return wording.surface(self.kit.terrain.surface)

    @property
    def threat_names(self) -> list[str]:
        """The threat classes asked for, by name."""
        return [wording.threat_name(threat) for threat in self.requirement.detection.threats]

    @property
    def heights(self) -> str:
        """The heights asked for."""
        return ", ".join(wording.metres(height) for height in sorted(self.requirement.detection.heights_m))

    @cached_property
    def sited(self) -> list[SitedSpot]:
        """Every place in use with its grid references."""
        return [SitedSpot(spot, gridded(*spot.at)) for spot in self.spots]

    @property
    def blind_places(self) -> list[tuple[Blind, Gridded]]:
        """The blind areas, each with a position inside it."""
        return [(blind, gridded(*blind.area.centre)) for blind in self.blind_areas]

    @property
    def centre(self) -> Gridded:
        """The middle of the site's outline."""
        points = [at for ring in rings_of(self.kit.site_outline) for at in ring]
        lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
        return gridded((min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2)

    @cached_property
    def main_map(self) -> SafeString:
        """The large map: the least covered case, with sensors, ring and blind stretches."""
        case = self.weakest
        spoken = gettext("Map of the site with its warning ring; the tables say the same in words.")
        return self._map("main", case, spoken=spoken, small=False).svg()

    @cached_property
    def case_maps(self) -> list[CaseMap]:
        """One small map for each case, as many as are drawn."""
        return [
            CaseMap(
                case,
                self._map(f"case{number}", case, spoken=f"{case.threat}, {case.figure.height_m:g} m", small=True).svg(),
            )
            for number, case in enumerate(self.cases[:_CASES_DRAWN])
        ]

    @property
    def cases_not_drawn(self) -> int:
        """How many cases have no small map."""
        return max(0, len(self.cases) - _CASES_DRAWN)

    @property
    def wiring(self) -> SafeString | None:
        """The connection diagram, where it fits a page."""
        return wiring.svg_of(self.diagram)

    @cached_property
    def _frame(self) -> Frame:
        points: list[Position] = [at for line in self.kit.ring for at in line.coordinates]
        points += [at for ring in rings_of(self.kit.site_outline) for at in ring]
        points += [spot.at for spot in self.spots]
        return Frame.around(points, aspect=0.57)

    @cached_property
    def _pictures(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self._folder / "bounds.json").read_text(encoding="utf-8"))
        return found

    def _address(self, name: str) -> str:
        return reverse("kits:picture", args=[self.kit.id, name])

    def _map(self, name: str, case: Case | None, *, spoken: str, small: bool) -> MapDrawing:
        drawing = MapDrawing(name, self._frame, spoken, small=small)
        shade = self._pictures["hillshade"]
        drawing.add_picture(self._address(shade["file"]), shade["corners"])
        if case is not None:
            self._add_case(drawing, case)
        drawing.add_area("site", self.kit.site_outline)
        drawing.add_lines("ring" if case is not None else "ring-untested", self.kit.ring)
        if case is not None:
            drawing.add_lines("blind", case.figure.blind)
            for approach in self.kit.approaches:
                if approach.path is not None and _same_case(approach, case):
                    drawing.add_lines("approach", [approach.path])
        for spot in self.spots:
            drawing.add_pin(
                str(spot.number),
                spot.at,
                ", ".join(wording.said(one.item.name, one.item.name_ko) for one in spot.standing),
            )
        return drawing

    def _add_case(self, drawing: MapDrawing, case: Case) -> None:
        figure = case.figure
        for blind in self.kit.blind_areas:
            if _same_case(blind, case):
                drawing.add_area("blind-area", blind.outline)
        for layer in self._pictures["layers"]:
            if (layer["threat"], layer["height_m"]) == (figure.threat, figure.height_m):
                drawing.add_picture(self._address(layer["file"]), layer["corners"])
        if not drawing.small and self.sensors <= _RANGES_DRAWN:
            drawing.add_rings(
                "sector",
                [
                    [(lon, lat) for lon, lat in sector(position, used)]
                    for item in self.kit.items
                    for position in item.positions
                    for used in item.ranges
                    if used.threat == figure.threat and used.range_m > 0
                ],
            )


def _same_case(thing: ApproachFigure | BlindArea, case: Case) -> bool:
    return (thing.threat, thing.height_m) == (case.figure.threat, case.figure.height_m)


def _meaning(label: str) -> str:
    if label == "PUBLIC":
        return gettext("Anybody may read it.")
    if label == "REGISTERED":
        return gettext("Whoever is signed in to this market may read it; pass it on only within.")
    if label == UNKNOWN:
        return gettext(
            "Some product is not in this catalogue as its reader sees it: ask the owner before you pass it on."
        )
    if label == NOBODY:
        return gettext("No nation may read all of it: do not pass it on.")
    return gettext("Readers of these nations may read it: {nations}.").format(nations=label.removeprefix("REL "))
