"""Looks at one row after another: what is kept of its records and what is wrong with them.

No row needs another one here, nor the database: so several processes can do it (:mod:`.sharing`).
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from skypact import schema
from skypact.exchange.catalogue import Batch, Record, Row, RowProblem
from skypact.market.catalogue.kept import keep_listing, keep_vendor, packed
from skypact.market.catalogue.releasability import ungrounded
from skypact.schema.problems import shown

#: Looks at a record and its row and says what is wrong with it beyond the open data model.
Policy = Callable[[Record, int | None], tuple[RowProblem, ...]]


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


class Looked(NamedTuple):
    """A record as it is kept."""

    id: str
    description: str | None
    """of a vendor, its document"""
    pickled: bytes
    """:class:`~.kept.Kept` in plain values"""
    references: tuple[Reference, ...]


class LookedRow(NamedTuple):
    """A row: what is wrong with its text, what is wrong with its records, and its records."""

    number: int | None
    unread: tuple[RowProblem, ...]
    problems: tuple[RowProblem, ...]
    left_out: str
    records: tuple[Looked, ...]


def look(row: Row, policy: Policy | None = None) -> LookedRow:
    """What there is to say of ``row``."""
    problems: tuple[RowProblem, ...] = ()
    for record in row.records:
        remedy = ungrounded(record)
        if remedy is not None:
            place = "evidence.release" if isinstance(record, schema.Listing) else "vendor.evidence.release"
            problems += (RowProblem(row=row.number, field=place, value=shown(record.id), remedy=remedy),)
        if policy is not None:
            problems += policy(record, row.number)
    records = tuple(look_at(record, row.number) for record in row.records)
    return LookedRow(row.number, row.problems, problems, row.left_out, records)


def look_at(record: Record, row: int | None) -> Looked:
    """``record`` as it is kept."""
    if isinstance(record, schema.Listing):
        listing = packed(keep_listing(record, row))
        return Looked(record.id, None, _pickled(listing), tuple(_references(record, row)))
    vendor = keep_vendor(record, row)
    return Looked(record.id, vendor.document, _pickled(packed(vendor)), ())


def look_through(batch: Batch) -> list[LookedRow]:
    """Every row of ``batch``."""
    return [look(row) for row in batch.rows()]


def _pickled(values: Iterable[object]) -> bytes:
    return pickle.dumps(values, pickle.HIGHEST_PROTOCOL)


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
