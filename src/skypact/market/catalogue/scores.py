"""Assurance scores as people read them: for each threat class a small table, extent down and mobility across."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy, pgettext_lazy

from skypact.market.catalogue import wording
from skypact.schema import AssuranceScore, Extent, Listing, Mobility, UseCase, strongest_score

EXTENTS = {
    Extent.POINT: pgettext_lazy("extent", "Point"),
    Extent.AREA: pgettext_lazy("extent", "Area"),
    Extent.BORDER: pgettext_lazy("extent", "Border"),
}
MOBILITIES = {
    Mobility.STATIC: gettext_lazy("Static"),
    Mobility.DEPLOYABLE: gettext_lazy("Deployable"),
    Mobility.MOBILE: gettext_lazy("Mobile"),
}
#: What can be assured against drones; a mount or a battery has no use case of its own.
_ASSURED = ("sensor", "defeat", "c2")


@dataclass(frozen=True)
class Cell:
    """One use case: the score to rely on, and every one that was given."""

    best: AssuranceScore | None
    given: tuple[AssuranceScore, ...]


@dataclass(frozen=True)
class Matrix:
    """The use cases of one threat class."""

    threat: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]

    @property
    def given(self) -> list[tuple[str, AssuranceScore]]:
        """Every score with its use case in words."""
        return [
            (f"{extent}, {column}", score)
            for extent, cells in self.rows
            for column, cell in zip(self.columns, cells, strict=True)
            for score in cell.given
        ]


def may_be_assured(record: Listing) -> bool:
    """Whether scores make sense for ``record``, so that having none is worth saying."""
    return bool(record.scores) or record.category.family in _ASSURED


def matrices(scores: Iterable[AssuranceScore], *, on: date) -> list[Matrix]:
    """One matrix a threat class that anybody has looked at, in the order in which the classes are first named."""
    given = tuple(scores)
    threats = dict.fromkeys(score.use_case.threat_class for score in given)
    columns = tuple(str(name) for name in MOBILITIES.values())
    return [
        Matrix(
            wording.threat_name(threat),
            columns,
            tuple(
                (
                    str(name),
                    tuple(
                        _cell(given, UseCase(extent=extent, mobility=mobility, threat_class=threat), on)
                        for mobility in Mobility
                    ),
                )
                for extent, name in EXTENTS.items()
            ),
        )
        for threat in threats
    ]


def _cell(given: tuple[AssuranceScore, ...], use_case: UseCase, on: date) -> Cell:
    return Cell(strongest_score(given, use_case, on=on), tuple(score for score in given if score.use_case == use_case))
