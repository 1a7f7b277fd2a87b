"""Several listings side by side: rows of attributes, each in one unit, with what differs marked; also as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from skypact.exchange.catalogue.cells import text_of
from skypact.market.catalogue import scores, wording
from skypact.market.catalogue.presentation import Attribute, Section, sections, shown_attribute
from skypact.schema import Claim, Listing, Unit, UseCase

#: Of so many listings at most, what one alone tells stands in a row of its own beside "unknown".
_ALL_ROWS_OF = 2


@dataclass(frozen=True)
class ComparedRow:
    """One attribute across listings; ``None`` where a listing does not have it at all."""

    key: str
    label: str
    detail: str
    """what the values hold for, where that is the same for all; else each cell says it"""
    cells: tuple[Attribute | None, ...]
    """the values of all in one unit and to the same decimals"""

    @property
    def differs(self) -> bool:
        """Whether the listings give different values; unknown differs from nothing."""
        return len({cell.text for cell in self.cells if cell is not None and cell.best is not None}) > 1

    @property
    def nothing(self) -> str:
        """What stands where nothing valid is known; a use case is unrated."""
        return _("unrated") if self.key.startswith("scores ") else _("unknown")

    @property
    def knowing(self) -> list[int]:
        """The listings, by their place, of which a value is known here."""
        return [place for place, cell in enumerate(self.cells) if cell is not None and cell.best is not None]

    @property
    def known(self) -> bool:
        """Whether anybody knows anything here."""
        return bool(self.knowing)


@dataclass(frozen=True)
class ComparedSection:
    """Rows that belong together."""

    title: str
    rows: tuple[ComparedRow, ...]

    @property
    def known(self) -> list[ComparedRow]:
        """The rows in which at least one value is known."""
        return [row for row in self.rows if row.known]

    @property
    def shared(self) -> list[ComparedRow]:
        """The rows that compare: known of two listings at least, of most first; between two listings all rows."""
        if self._columns <= _ALL_ROWS_OF:
            return self.known
        return sorted((row for row in self.known if len(row.knowing) > 1), key=lambda row: -len(row.knowing))

    @property
    def alone(self) -> list[list[tuple[ComparedRow, Attribute]]]:
        """For each listing what is known of it alone, with its row; empty where that is nothing, or of only two."""
        if self._columns <= _ALL_ROWS_OF:
            return []
        found: list[list[tuple[ComparedRow, Attribute]]] = [[] for _ in range(self._columns)]
        for row in self.known:
            for place in row.knowing if len(row.knowing) == 1 else ():
                cell = row.cells[place]
                if cell is not None:
                    found[place].append((row, cell))
        return found if any(found) else []

    @property
    def _columns(self) -> int:
        return max((len(row.cells) for row in self.rows), default=0)

    @property
    def unknown(self) -> list[ComparedRow]:
        """The rows in which no value is known."""
        return [row for row in self.rows if not row.known]


def side_by_side(records: Sequence[Listing], *, on: date) -> list[ComparedSection]:
    """The attributes of ``records`` in rows: ranges first, then in the schema's order."""
    columns = [{section.key: section for section in sections(record, on=on)} for record in records]
    titles = {key: section.title for column in columns for key, section in column.items()}
    compared = [
        ComparedSection(title, tuple(_rows(key, [column.get(key) for column in columns])))
        for key, title in titles.items()
        if key != "general"
    ]
    if not columns:
        return []
    general = tuple(_rows("general", [column["general"] for column in columns]))
    return [*compared, *_scores(records, on), ComparedSection(titles["general"], general)]


def _scores(records: Sequence[Listing], on: date) -> Iterator[ComparedSection]:
    """One row for each use case in which any of the listings was rated; a listing without use cases has no cells."""
    cases = dict.fromkeys(score.use_case for record in records for score in record.scores)
    if not cases:
        return
    columns = [
        Section("scores", "", tuple(_score(record, case, on) for case in cases))
        if scores.may_be_assured(record)
        else None
        for record in records
    ]
    yield ComparedSection(_("Assurance by use case"), tuple(_rows("scores", columns)))


def _score(record: Listing, case: UseCase, on: date) -> Attribute:
    given = tuple(
        Claim[float](**dict(score.evidence), value=score.score, unit=Unit.COUNT)
        for score in record.scores
        if score.use_case == case
    )
    place = f"{scores.EXTENTS[case.extent]}, {scores.MOBILITIES[case.mobility]}"
    key = f"scores {case.extent.value} {case.mobility.value} {case.threat_class}"
    return shown_attribute(given, key, place, wording.threat_name(case.threat_class), on)


def _rows(section: str, parts: Sequence[Section | None]) -> Iterator[ComparedRow]:
    """The rows of one section; a listing that has it but says nothing of a row's attribute is unknown there."""
    said = [{} if part is None else {item.key: item for item in part.attributes} for part in parts]
    first: dict[str, Attribute] = {}
    for row in said:
        for key, item in row.items():
            first.setdefault(key, item)
    for key in sorted(first, key=lambda name: not name.startswith(f"{section} range ")):
        silent = Attribute(key, first[key].label, "", ())
        details = {row[key].detail for row in said if key in row}
        cells = [None if part is None else row.get(key, silent) for part, row in zip(parts, said, strict=True)]
        detail = details.pop() if len(details) == 1 else _class_of(key)
        yield ComparedRow(key, first[key].label, detail, _aligned(cells))


def _class_of(key: str) -> str:
    """The threat class by which ranges stated for different targets stand in one row; empty for other rows."""
    parts = key.partition(" #")[0].split()
    if parts[2:3] != ["range"] or len(parts) != 5:
        return ""
    name = wording.threat_name(parts[4])
    return "" if name == parts[4] else name


def _aligned(cells: Sequence[Attribute | None]) -> tuple[Attribute | None, ...]:
    """``cells`` with the numbers to rely on in one unit and to the same decimals."""
    best = [None if cell is None or cell.best is None else cell.best.claim for cell in cells]
    numbers = [(claim.value, claim.unit) for claim in best if claim is not None and type(claim.value) is float]
    if len(numbers) < 2:
        return tuple(cells)
    texts = iter(wording.quantities([value for value, _ in numbers], numbers[0][1] or Unit.COUNT))
    return tuple(
        cell if cell is None or claim is None or type(claim.value) is not float else _saying(cell, next(texts))
        for cell, claim in zip(cells, best, strict=True)
    )


def _saying(cell: Attribute, text: str) -> Attribute:
    shown = (replace(one, text=text) if one.relied_on else one for one in cell.claims)
    return replace(cell, claims=tuple(shown))


def csv_of(records: Sequence[Listing], *, on: date) -> str:
    """The comparison as CSV: a row an attribute; of each listing value (SI), grade, source, day and expiry.

    Where nothing valid is known the reader's word for unknown stands; where a listing does not have the attribute,
    nothing. Begins with a byte order mark, without which spreadsheets take Korean for something else.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    parts = ("", "grade", "source", "observed", "expires")
    names = [f"{record.id} {part}".rstrip() for record in records for part in parts]
    writer.writerow(["section", "attribute", "detail", "unit", "differs", *names])
    for section in side_by_side(records, on=on):
        for row in section.rows:
            said = [part for cell in row.cells for part in _csv_cells(cell, row)]
            units = {cell.best.claim.unit for cell in row.cells if cell is not None and cell.best is not None}
            unit = next((found.value for found in units if found is not None), "")
            head = [section.title, row.label, row.detail, unit, text_of(row.differs)]
            writer.writerow([*map(text_of, head), *said])
    return f"\ufeff{out.getvalue()}"


def _csv_cells(cell: Attribute | None, row: ComparedRow) -> list[str]:
    if cell is None:
        return [""] * 5
    if cell.best is None:
        expired = f" ({_('expired')} {cell.expired.claim.expires})" if cell.expired else ""
        return [f"{row.nothing}{expired}", *[""] * 4]
    claim = cell.best.claim
    said = (
        f"{text_of(claim.value)} ({cell.detail})" if cell.detail and cell.detail != row.detail else text_of(claim.value)
    )
    expires = "" if claim.expires is None else text_of(claim.expires)
    return [said, claim.grade.value, text_of(claim.source.title), text_of(claim.observed), expires]
