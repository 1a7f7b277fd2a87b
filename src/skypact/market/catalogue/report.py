"""What an import did or why it did nothing, for people and programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skypact.exchange.catalogue import RowProblem
from skypact.market.catalogue.checking import PROBLEMS_SHOWN
from skypact.schema import Model

if TYPE_CHECKING:
    from skypact.market.catalogue.actions import Changes, ImportCatalogue


class Counts(Model):
    """What became of one kind of record."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


class LeftOut(Model):
    """Rows of a file that this catalogue does not carry."""

    rows: int
    what: str


class Report(Model):
    """The outcome of one import."""

    file: str
    taken: bool
    """whether the good rows are in the catalogue now"""
    rows: int
    refused: int
    """rows that were not taken"""
    left_out: tuple[LeftOut, ...] = ()
    """rows that are well formed, and no part of this catalogue"""
    vendors: Counts
    listings: Counts
    problem_count: int
    problems: tuple[RowProblem, ...]
    """the first of the problems; ``problem_count`` counts all"""

    @classmethod
    def of_unreadable(cls, name: str, problem: RowProblem) -> Report:
        """The report on a file that was not even begun."""
        return cls(
            file=name,
            taken=False,
            rows=0,
            refused=0,
            vendors=Counts(),
            listings=Counts(),
            problem_count=1,
            problems=(problem,),
        )


def report_of(act: ImportCatalogue, *, taken: bool) -> Report:
    """The report on ``act``; counts are zero where nothing was taken."""
    file = act.file
    dangling = tuple(item.problem for references in act.dangling.values() for item in references)
    return Report(
        file=file.name,
        taken=taken,
        rows=file.rows,
        refused=file.refused + len(act.dangling),
        left_out=tuple(LeftOut(rows=rows, what=what) for what, rows in file.left_out.items()),
        vendors=_counts(act.vendors) if taken else Counts(),
        listings=_counts(act.listings) if taken else Counts(),
        problem_count=file.problem_count + len(dangling),
        problems=(*file.problems, *dangling)[:PROBLEMS_SHOWN],
    )


def _counts(changes: Changes) -> Counts:
    return Counts(new=changes.new, changed=changes.changed, unchanged=changes.unchanged)
