"""A catalogue file checked row by row, outside any transaction, and kept on disk until it is written.

Reading costs seconds where writing costs little, so nothing here touches the database: what the file refers to outside
itself is noted (:attr:`CheckedFile.references`) and asked of the database by the action that writes.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from os import SEEK_END
from typing import BinaryIO, Literal, NamedTuple

from skypact import schema
from skypact.exchange.catalogue import Foreign, Format, Record, Row, RowProblem, UnreadableFileError, read
from skypact.market.catalogue.kept import Kept, keep_listing, keep_vendor, packed, unpacked
from skypact.market.catalogue.releasability import ungrounded
from skypact.schema.problems import shown

#: A report names this many problems and counts the rest.
PROBLEMS_SHOWN = 1_000


#: Looks at a record and its row and says what is wrong with it beyond the open data model.
Policy = Callable[[Record, int | None], tuple[RowProblem, ...]]


#: Hears how many rows are ``checked`` or records ``written`` so far.
Progress = Callable[[Literal["checked", "written"], int], None]

#: Progress is told every so many rows.
STEP = 500


def unheard(doing: Literal["checked", "written"], count: int) -> None:
    """Progress that nobody wants to hear."""


class Reference(NamedTuple):
    """A listing's mention of a vendor or of another listing."""

    row: int | None
    listing: str
    field: str
    target: str

    @property
    def kind(self) -> str:
        """``vendor`` or ``listing``: what is referred to."""
        return "vendor" if self.field in ("vendor", "offers.seller") else "listing"

    @property
    def problem(self) -> RowProblem:
        """What is wrong when the target is nowhere."""
        remedy = f"there is no such {self.kind} in this file or the catalogue: add it, or correct the id"
        return RowProblem(row=self.row, field=self.field, value=shown(self.target), remedy=remedy)


def _spool() -> BinaryIO:
    return tempfile.TemporaryFile()


@dataclass
class CheckedFile:
    """What is good in a file, what is wrong, and what must be asked of the database."""

    name: str
    format: Format | Foreign
    rows: int = 0
    refused: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    """what the catalogue does not carry → how many rows"""
    problems: list[RowProblem] = field(default_factory=list)
    problem_count: int = 0
    unreadable: bool = False
    references: list[Reference] = field(default_factory=list)
    vendors: set[str] = field(default_factory=set)
    listings: set[str] = field(default_factory=set)
    _spools: tuple[BinaryIO, BinaryIO] = field(default_factory=lambda: (_spool(), _spool()))
    """vendors, listings: on disk, so that a large file needs little memory"""

    @property
    def names_vendors_in_passing(self) -> bool:
        """Whether the file gives of its vendors a name and no more, so that what is known of them already stays."""
        return isinstance(self.format, Foreign)

    def refuse(self, problems: tuple[RowProblem, ...]) -> None:
        """Count a refused row and its problems."""
        self.refused += 1
        self.problem_count += len(problems)
        self.problems.extend(problems[: max(0, PROBLEMS_SHOWN - len(self.problems))])

    def keep(self, record: Record, row: int | None) -> None:
        """Take a good record in; a vendor told again is the same vendor (:func:`exchange.catalogue.read` checks)."""
        if record.id in self.vendors and isinstance(record, schema.Vendor):
            return
        of_vendors, of_listings = self._spools
        if isinstance(record, schema.Listing):
            pickle.dump(packed(keep_listing(record, row)), of_listings, pickle.HIGHEST_PROTOCOL)
            self.listings.add(record.id)
            self.references.extend(_references(record, row))
        else:
            pickle.dump(packed(keep_vendor(record, row)), of_vendors, pickle.HIGHEST_PROTOCOL)
            self.vendors.add(record.id)

    def kept(self, kind: str) -> Iterator[Kept]:
        """The good records of one kind, ``vendor`` or ``listing``, in the order of the file."""
        return _unspooled(self._spools[kind == "listing"])


def _unspooled(spool: BinaryIO) -> Iterator[Kept]:
    """What was put into a spool: this process's own temporary file, which nobody else can write."""
    end = spool.seek(0, SEEK_END)
    spool.seek(0)
    while spool.tell() < end:
        yield unpacked(pickle.load(spool))  # noqa: S301


def check(
    stream: BinaryIO,
    *,
    name: str,
    format: Format | Foreign,  # noqa: A002 (the field's word)
    policy: Policy | None = None,
    progress: Progress = unheard,
) -> CheckedFile:
    """Read the whole file and say what is good in it; ``policy`` adds what else a good record must fulfil."""
    checked = CheckedFile(name=name, format=format)
    try:
        for row in read(stream, name=name, format=format):
            checked.rows += 1
            _take(checked, row, policy)
            if checked.rows % STEP == 0:
                progress("checked", checked.rows)
    except UnreadableFileError as error:
        checked.unreadable = True
        checked.refuse((error.problem,))
    return checked


def _take(checked: CheckedFile, row: Row, policy: Policy | None) -> None:
    problems = row.problems
    for record in row.records:
        remedy = ungrounded(record)
        if remedy is not None:
            place = "evidence.release" if isinstance(record, schema.Listing) else "vendor.evidence.release"
            problems += (RowProblem(row=row.number, field=place, value=shown(record.id), remedy=remedy),)
        if policy is not None:
            problems += policy(record, row.number)
    if problems:
        checked.refuse(problems)
        return
    if row.left_out:
        checked.left_out[row.left_out] = checked.left_out.get(row.left_out, 0) + 1
    for record in row.records:
        checked.keep(record, row.number)


def _references(listing: schema.Listing, row: int | None) -> Iterator[Reference]:
    yield Reference(row, listing.id, "vendor", listing.vendor)
    for offer in listing.offers:
        yield Reference(row, listing.id, "offers.seller", offer.seller)
    if listing.variant_of is not None:
        yield Reference(row, listing.id, "variant_of", listing.variant_of)
    for spare in listing.spare_for:
        yield Reference(row, listing.id, "spare_for", spare.listing)
    for target in listing.substitutes:
        yield Reference(row, listing.id, "substitutes", target)
