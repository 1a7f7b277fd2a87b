"""What the kit page shows beyond the kit's own fields: totals, groups, names, layers."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from skypact.engines.interop import results_along
from skypact.market.catalogue.wording import GRADES
from skypact.market.kits import mapping, wording
from skypact.market.kits.diagram import Diagram, draw, ends_of
from skypact.market.kits.warnings import Approach, Blind
from skypact.schema import (
    CoverageFigure,
    Evidence,
    Exclusion,
    Kit,
    KitItem,
    KitStatus,
    Link,
    Listing,
    Money,
    Position,
    Position3D,
    Question,
    RangeUsed,
    Region,
    Requirement,
    TestedPort,
    Unknown,
)


@dataclass(frozen=True)
class Line:
    """One line of the bill of materials with its total."""

    item: KitItem
    total: Money | None


@dataclass(frozen=True)
class Standing:
    """One thing that stands somewhere."""

    item: KitItem
    position: Position3D

    @property
    def half_width(self) -> float | None:
        """Degrees to either side of where it looks."""
        width = self.position.azimuth_width_deg
        return None if width is None else width / 2


@dataclass(frozen=True)
class Spot:
    """One place with all that stands there; the number is the one on the map."""

    number: int
    at: Position
    standing: tuple[Standing, ...]


@dataclass(frozen=True)
class Connection:
    """One link with names in the place of ids, what it rests on, and what labs say of its ports today."""

    link: Link
    number: int
    """as in the diagram"""
    source: str
    target: str
    via: tuple[str, ...]
    tested: tuple[TestedPort, ...] = ()
    rests_on: tuple[tuple[str, Evidence], ...] = ()
    """name of a product, evidence of the port of it that meets another, in the order of the way"""

    @property
    def gone(self) -> tuple[TestedPort, ...]:
        """Results that the kit was composed with and that do not count today."""
        return tuple(one for one in self.link.tested if one not in self.tested)


@dataclass(frozen=True)
class Assumed:
    """One planning figure as a row of words."""

    what: str
    subject: str
    threat: str
    figure: str
    basis: str


@dataclass(frozen=True)
class Case:
    """Coverage of one threat class at one height, with the words and figures of its row."""

    figure: CoverageFigure
    threat: str

    @property
    def bar(self) -> str:
        """Length of the row's bar, 0 to 100."""
        return f"{self.figure.share * 100:.2f}"

    @property
    def asked(self) -> str:
        """Where on the bar the share asked for lies."""
        return f"{self.figure.share_required * 100 - 0.8:.2f}"

    @property
    def probability(self) -> str:
        """Mean and least fused probability over the covered places; empty where unknown."""
        mean, least = self.figure.probability_mean, self.figure.probability_least
        if mean is None or least is None:
            return ""
        return f"{wording.percent(mean)} ({wording.percent(least)})"

    @property
    def by_sensors(self) -> list[tuple[int, float]]:
        """(number of sensors, share seen by at least so many)."""
        return list(enumerate(self.figure.shares_by_sensors, start=1))

    @property
    def by_kinds(self) -> list[tuple[int, float]]:
        """(number of kinds, share seen by at least so many)."""
        return list(enumerate(self.figure.shares_by_kinds, start=1))


class KitPage:
    """Everything the template of a kit asks for."""

    def __init__(self, kit: Kit, folder: Path, seen: Mapping[str, Listing] | None = None) -> None:
        self.kit = kit
        self._seen = seen
        self.requirement = kit.requirement
        self._folder = folder
        self._names = {item.listing: wording.said(item.name, item.name_ko) for item in kit.items}

    @property
    def refused(self) -> bool:
        """Whether there is no kit."""
        return self.kit.status is KitStatus.NO_KIT

    @property
    def open_questions(self) -> int:
        """How many questions the requirement accepts to stay open; of a kit of an earlier version, those it tells."""
        return wording.open_questions(self.kit)

    @property
    def headline(self) -> str:
        """The answer in one sentence."""
        return wording.headline(self.kit)

    @property
    def state(self) -> str:
        """What the headline's colour goes by: what is met only as far as open questions turn out well is not green."""
        met = self.kit.status in (KitStatus.OPTIMAL, KitStatus.FEASIBLE)
        return "unknown" if met and self.open_questions else self.kit.status.value

    @property
    def accepted(self) -> list[tuple[Question, int]]:
        """The questions whose unknown answers are accepted, with how many each leaves open."""
        counts = Counter(unknown.accepted for unknown in self.kit.unknowns if unknown.accepted is not None)
        return [(question, counts[question]) for question in Question if counts[question]]

    @property
    def lines(self) -> list[Line]:
        """The bill of materials, dearest line first; lines without a price last."""
        lines = [Line(item, item.unit_price and item.unit_price * item.quantity) for item in self.kit.items]
        return sorted(lines, key=lambda line: -line.total.amount if line.total else Decimal(1))

    @property
    def spots(self) -> list[Spot]:
        """Every place in use with what stands there."""
        found: dict[Position, list[Standing]] = {}
        for item in self.kit.items:
            for position in item.positions:
                found.setdefault(position.at, []).append(Standing(item, position))
        return [Spot(number, at, tuple(things)) for number, (at, things) in enumerate(found.items(), start=1)]

    @property
    def places(self) -> int:
        """How many different places are used."""
        return len(self.spots)

    @property
    def ranges(self) -> list[tuple[KitItem, RangeUsed, str]]:
        """Every range the plan used: item, range, name of the threat class."""
        return [(item, used, wording.threat_name(used.threat)) for item in self.kit.items for used in item.ranges]

    @property
    def links(self) -> list[Connection]:
        """Every connection, by name."""
        return [
            Connection(
                link=link,
                number=number,
                source=self.name(link.source),
                target=self.name(link.target),
                via=tuple(self.name(gateway) for gateway in link.via),
                tested=self._results(link),
                rests_on=tuple((self.name(end), known) for end, known in ends_of(link, self._seen or {})),
            )
            for number, link in enumerate(self.kit.links, start=1)
        ]

    def _results(self, link: Link) -> tuple[TestedPort, ...]:
        """What labs say today where the reader sees the products; else what they said when the kit was composed."""
        stops = [(self._seen or {}).get(stop) for stop in (link.source, *link.via, link.target)]
        known = [stop for stop in stops if stop is not None]
        if link.kind != "data" or len(known) < len(stops):
            return link.tested
        return results_along(known)

    @property
    def critical(self) -> list[str]:
        """Names of the products that decide the date."""
        return [] if self.kit.delivery is None else [self.name(listing) for listing in self.kit.delivery.critical]

    @property
    def single_source(self) -> list[str]:
        """Names of the products that nothing eligible could replace."""
        return [] if self.kit.delivery is None else [self.name(listing) for listing in self.kit.delivery.single_source]

    @property
    def assumptions(self) -> list[Assumed]:
        """The planning figures that count."""
        return [
            Assumed(
                what=wording.word(used.kind),
                subject=wording.word(used.category) if used.category else self.name(used.listing or ""),
                threat=wording.threat_name(used.threat) if used.threat else "",
                figure=wording.assumed_figure(used),
                basis=wording.note(used.basis),
            )
            for used in self.kit.assumptions_used
        ]

    @property
    def sensors(self) -> int:
        """How many sensors stand in the field."""
        return sum(item.quantity for item in self.kit.items if item.category.family == "sensor")

    @property
    def cases(self) -> list[Case]:
        """Coverage by threat class and height."""
        return [Case(figure, wording.threat_name(figure.threat)) for figure in self.kit.coverage]

    @property
    def weakest(self) -> Case | None:
        """The case with the smallest share."""
        return min(self.cases, key=lambda case: case.figure.share, default=None)

    @property
    def not_seen(self) -> str:
        """How much inside the ring is not seen as asked in the worst case; empty where all is seen, or unknown."""
        worst = max(self.cases, key=lambda case: case.figure.blind_area_m2 or 0.0, default=None)
        if worst is None or not worst.figure.blind_area_m2:
            return ""
        told = gettext("{area} inside the warning ring is not seen as asked ({threat} at {height}, the worst case).")
        return told.format(
            area=wording.square_metres(worst.figure.blind_area_m2),
            threat=worst.threat,
            height=wording.metres(worst.figure.height_m),
        )

    @property
    def kinds_shown(self) -> range:
        """1, 2, … kinds of sensor, as many as the coverage distinguishes."""
        return range(1, max((len(figure.shares_by_kinds) for figure in self.kit.coverage), default=0) + 1)

    @property
    def knows_probability(self) -> bool:
        """Whether a probability of detection is known for any case."""
        return any(case.probability for case in self.cases)

    @property
    def whole_area(self) -> bool:
        """Whether the shares are of the area inside the ring and not of the ring."""
        return self.requirement.detection.region is Region.AREA

    @property
    def approaches(self) -> list[Approach]:
        """Approaches by threat class and height; none in a kit of an earlier version."""
        return [Approach(figure, wording.threat_name(figure.threat)) for figure in self.kit.approaches]

    @property
    def approaches_worst_first(self) -> list[Approach]:
        """Approaches by least warning, the shortest first; unknown ones last."""
        return sorted(
            self.approaches,
            key=lambda one: math.inf if one.figure.least_warning_s is None else one.figure.least_warning_s,
        )

    @property
    def shortest_warning(self) -> Approach | None:
        """The case with the least warning; ``None`` where no speed is known."""
        known = [one for one in self.approaches if one.figure.least_warning_s is not None]
        return min(known, key=lambda one: one.figure.least_warning_s or 0.0, default=None)

    @property
    def blind_areas(self) -> list[Blind]:
        """The largest blind areas, numbered as on the map."""
        return [
            Blind(number, area, wording.threat_name(area.threat))
            for number, area in enumerate(self.kit.blind_areas, start=1)
        ]

    @property
    def blind_by_case(self) -> list[tuple[str, list[Blind]]]:
        """The blind areas by threat class and height, each group largest first."""
        groups: dict[str, list[Blind]] = {}
        for blind in self.blind_areas:
            groups.setdefault(f"{blind.threat}, {blind.height}", []).append(blind)
        return list(groups.items())

    @property
    def contents(self) -> list[tuple[str, str]]:
        """(anchor, words) of what is on the page, in its order."""
        kit = self.kit
        parts = (
            ("shortfalls", gettext("What cannot be met"), kit.refusal is not None and bool(kit.refusal.shortfalls)),
            ("map-title", gettext("Coverage"), True),
            ("warnings", gettext("Warning"), bool(kit.approaches)),
            ("blind-areas", gettext("Blind areas"), bool(kit.blind_areas)),
            ("unknowns", gettext("Unknown"), bool(kit.unknowns)),
            ("bill", gettext("Bill of materials"), bool(kit.items)),
            ("spares", gettext("Spares"), bool(kit.items)),
            ("positions", gettext("Positions"), bool(kit.items)),
            ("connections", gettext("Connections"), bool(kit.links)),
            ("together", gettext("Seen working together"), bool(kit.items)),
            ("dates", gettext("Dates"), kit.delivery is not None),
            ("assumed", gettext("Assumptions"), bool(kit.assumptions_used)),
            ("excluded", gettext("Left out"), True),
            ("how", gettext("How it was found"), True),
        )
        return [(anchor, words) for anchor, words, there in parts if there]

    @property
    def conditions(self) -> list[tuple[str, str]]:
        """What the requirement says of probability, weather and trust; only what departs from the plain case."""
        return conditions_of(self.requirement)

    @property
    def terrain_notes(self) -> list[str]:
        """How the relief was brought to the grid in use, and what was added to it."""
        terrain = self.kit.terrain
        notes = []
        if terrain.resampling:
            notes.append(gettext("Heights brought to the grid by: {way}").format(way=terrain.resampling))
        if terrain.obstacles:
            counted = ngettext("{number} obstacle added", "{number} obstacles added", terrain.obstacles)
            notes.append(counted.format(number=terrain.obstacles))
        return notes

    @property
    def unknowns(self) -> list[tuple[str, list[Unknown]]]:
        """What nobody told us, grouped by what it is about."""
        groups: dict[str, list[Unknown]] = {}
        for unknown in self.kit.unknowns:
            groups.setdefault(self.name(unknown.subject), []).append(unknown)
        return list(groups.items())

    @property
    def exclusions(self) -> list[tuple[Question, int, list[Exclusion]]]:
        """Left-out products by question, with their number."""
        order = list(Question)
        groups: dict[Question, list[Exclusion]] = {}
        for exclusion in sorted(self.kit.exclusions, key=lambda one: (order.index(one.question), -len(one.listings))):
            groups.setdefault(exclusion.question, []).append(exclusion)
        return [(question, sum(len(one.listings) for one in found), found) for question, found in groups.items()]

    @property
    def excluded(self) -> int:
        """How many different products were left out."""
        return len({listing for exclusion in self.kit.exclusions for listing in exclusion.listings})

    @property
    def lacks_prices(self) -> bool:
        """Whether a refused requirement left out products for want of a price: an assumption would bring them in."""
        return self.refused and any(exclusion.question is Question.PRICE for exclusion in self.kit.exclusions)

    @property
    def synthetic(self) -> bool:
        """Whether anything in the answer is made up."""
        return self.kit.terrain.synthetic or any(item.synthetic for item in self.kit.items)

    @property
    def diagram(self) -> Diagram:
        """The connection diagram."""
        return draw(self.kit, self._seen, numbered=True)

    @property
    def sensor_kinds(self) -> list[tuple[str, int]]:
        """Sensors by category, in the reader's words."""
        counts = Counter[str]()
        for item in self.kit.items:
            if item.category.family == "sensor":
                counts[wording.word(item.category)] += item.quantity
        return sorted(counts.items())

    def name(self, subject: str) -> str:
        """The name of a listing of the kit; the site's for the requirement; else the id itself."""
        if subject in wording.SOURCE_NAMES:
            return str(wording.SOURCE_NAMES[subject])
        if subject == self.requirement.id:
            return wording.said(self.requirement.site.name, self.requirement.site.name_ko)
        return self._names.get(subject, subject)

    @property
    def map_data(self) -> dict[str, Any]:
        """What the map's script reads: shapes, pictures, names."""
        bounds = json.loads((self._folder / "bounds.json").read_text(encoding="utf-8"))
        for picture in (bounds["hillshade"], *bounds["layers"]):
            picture["url"] = reverse("kits:picture", args=[self.kit.id, picture.pop("file")])
        return {
            "shapes": mapping.features_of(self.kit),
            "hillshade": bounds["hillshade"],
            "layers": bounds["layers"],
            "cases": [
                {
                    "threat": case.figure.threat,
                    "name": case.threat,
                    "height_m": case.figure.height_m,
                    "height": wording.metres(case.figure.height_m),
                    "share": wording.percent(case.figure.share),
                }
                for case in self.cases
            ],
            "spots": [
                {
                    "number": spot.number,
                    "at": spot.at,
                    "things": [wording.said(thing.item.name, thing.item.name_ko) for thing in spot.standing],
                }
                for spot in self.spots
            ],
        }


def conditions_of(requirement: Requirement) -> list[tuple[str, str]]:
    """(what, words) for each condition of a requirement that departs from ranges as stated in clear air."""
    detection, weather = requirement.detection, requirement.weather
    found = []
    if detection.sensors > 1:
        found.append(
            (gettext("Sensors"), gettext("each covered place is seen by {n} or more").format(n=detection.sensors))
        )
    if detection.probability is not None:
        told = gettext("one look of a sensor detects with at least {share}")
        found.append((gettext("Probability"), told.format(share=wording.percent(detection.probability))))
    if detection.fused_probability is not None:
        told = gettext("at least one of the sensors that see a place detects with at least {share}")
        found.append((gettext("Probability of all"), told.format(share=wording.percent(detection.fused_probability))))
    if detection.physics:
        seen = gettext("not limited") if weather.visibility_m is None else wording.metres(weather.visibility_m)
        told = gettext("rain {rain} mm/h, visibility {seen}, {noise} dB louder than where ranges were stated")
        words = told.format(rain=f"{weather.rain_mm_h:g}", seen=seen, noise=f"{weather.added_noise_db:g}")
        found.append((gettext("Weather"), words))
    for trust in requirement.trust:
        told = gettext("ranges that are {grade} count for {share}: {basis}")
        words = told.format(
            grade=GRADES[trust.grade], share=wording.percent(trust.factor), basis=wording.note(trust.basis)
        )
        found.append((gettext("Trust"), words))
    return found
