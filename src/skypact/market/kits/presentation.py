"""What the kit page shows beyond the kit's own fields: totals, groups, names, layers."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.urls import reverse

from skypact.market.kits import mapping, wording
from skypact.market.kits.diagram import Diagram, draw
from skypact.schema import (
    Answer,
    Basis,
    CoverageFigure,
    Exclusion,
    Kit,
    KitItem,
    KitStatus,
    Money,
    Position3D,
    Question,
    Unknown,
)
from skypact.seed import threats


@dataclass(frozen=True)
class Line:
    """One line of the bill of materials with its total."""

    item: KitItem
    total: Money | None

    @property
    def price_assumed(self) -> bool:
        """Whether the price is a planning assumption."""
        return self.item.price_basis is Basis.ASSUMPTION

    @property
    def lead_assumed(self) -> bool:
        """Whether the lead time is a planning assumption."""
        return self.item.lead_basis is Basis.ASSUMPTION


@dataclass(frozen=True)
class Standing:
    """One thing that stands somewhere."""

    item: KitItem
    position: Position3D


@dataclass(frozen=True)
class Case:
    """Coverage of one threat class at one height, with the words and figures of its row."""

    figure: CoverageFigure
    threat: str

    @property
    def by_kinds(self) -> list[tuple[int, float]]:
        """(number of kinds, share seen by at least so many)."""
        return list(enumerate(self.figure.shares_by_kinds, start=1))


class KitPage:
    """Everything the template of a kit asks for."""

    def __init__(self, kit: Kit, folder: Path) -> None:
        self.kit = kit
        self.requirement = kit.requirement
        self._folder = folder
        self._names = {item.listing: wording.said(item.name, item.name_ko) for item in kit.items}
        self._threats = {threat.id: wording.said(threat.name, threat.name_ko) for threat in threats()}

    @property
    def refused(self) -> bool:
        """Whether there is no kit."""
        return self.kit.status is KitStatus.NO_KIT

    @property
    def lines(self) -> list[Line]:
        """The bill of materials, dearest line first; lines without a price last."""
        lines = [Line(item, item.unit_price and item.unit_price * item.quantity) for item in self.kit.items]
        return sorted(lines, key=lambda line: -line.total.amount if line.total else Decimal(1))

    @property
    def standing(self) -> list[Standing]:
        """Every position with what stands there."""
        return [Standing(item, position) for item in self.kit.items for position in item.positions]

    @property
    def places(self) -> int:
        """How many different spots are used."""
        return len({standing.position.at for standing in self.standing})

    @property
    def sensors(self) -> int:
        """How many sensors stand in the field."""
        return sum(item.quantity for item in self.kit.items if item.category.family == "sensor")

    @property
    def cases(self) -> list[Case]:
        """Coverage by threat class and height."""
        return [Case(figure, self.threat(figure.threat)) for figure in self.kit.coverage]

    @property
    def weakest(self) -> Case | None:
        """The case with the smallest share."""
        return min(self.cases, key=lambda case: case.figure.share, default=None)

    @property
    def kinds_shown(self) -> range:
        """1, 2, … kinds of sensor, as many as the coverage distinguishes."""
        return range(1, max((len(figure.shares_by_kinds) for figure in self.kit.coverage), default=0) + 1)

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
    def synthetic(self) -> bool:
        """Whether anything in the answer is made up."""
        return self.kit.terrain.synthetic or any(item.synthetic for item in self.kit.items)

    @property
    def diagram(self) -> Diagram:
        """The connection diagram."""
        return draw(self.kit)

    @property
    def in_time(self) -> bool:
        """Whether the kit is known to be complete by the deadline."""
        return self.kit.delivery is not None and self.kit.delivery.answer is Answer.YES

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
        if subject == self.requirement.id:
            return wording.said(self.requirement.site.name, self.requirement.site.name_ko)
        return self._names.get(subject, subject)

    def threat(self, identifier: str) -> str:
        """The name of a threat class."""
        return self._threats.get(identifier, identifier)

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
            "threats": {figure.threat: self.threat(figure.threat) for figure in self.kit.coverage},
        }
