"""An uploaded file read for one vendor: what is wrong with it, and each record beside what is live."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from skypact import schema
from skypact.exchange.catalogue import Format, UnreadableFileError, format_of
from skypact.market.catalogue import keeping
from skypact.market.catalogue.actions import dangling
from skypact.market.catalogue.checking import PROBLEMS_SHOWN, CheckedFile, check
from skypact.market.catalogue.kept import Kept, digest_of, document_of
from skypact.market.catalogue.releasability import labels
from skypact.market.catalogue.report import Counts, Report
from skypact.market.core.access import Actor
from skypact.market.suppliers.difference import price_rise
from skypact.market.suppliers.merging import seen_listing, with_hidden
from skypact.market.suppliers.models import Change, Line
from skypact.market.suppliers.policy import VendorPolicy


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A file as it was understood."""

    name: str
    format: Format | None
    """``None`` where the name tells of no format that is read"""
    content: bytes
    report: Report
    lines: tuple[Line, ...] = ()
    """not stored yet, in the order of the file"""

    @property
    def sha256(self) -> str:
        """The hash of the file's bytes."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def changes_anything(self) -> bool:
        """Whether the file says anything that is not live already."""
        return any(line.change != Change.UNCHANGED for line in self.lines)


def read(actor: Actor, vendor: str, *, content: bytes, name: str) -> Reading:
    """Check the file that ``actor`` uploads for ``vendor``, and compare its good records with what he sees live."""
    try:
        format = format_of(name)  # noqa: A001 (the field's word)
    except UnreadableFileError as error:
        report = Report.of_unreadable(name, error.problem)
        return Reading(name=name, format=None, content=content, report=report)
    comparison = Comparison(actor, vendor)
    file = check(BytesIO(content), name=name, format=format, policy=comparison.policy)
    nowhere = dangling(file, reader=actor)
    lines = () if file.unreadable else tuple(comparison.lines(file, without=set(nowhere)))
    problems = tuple(item.problem for references in nowhere.values() for item in references)
    report = Report(
        file=name,
        taken=bool(lines),
        rows=file.rows,
        refused=file.refused + len(nowhere),
        vendors=_counts(lines, "vendor"),
        listings=_counts(lines, "listing"),
        problem_count=file.problem_count + len(problems),
        problems=(*file.problems, *problems)[:PROBLEMS_SHOWN],
    )
    return Reading(name=name, format=format, content=content, report=report, lines=lines)


def _counts(lines: tuple[Line, ...], kind: str) -> Counts:
    found = [line.change for line in lines if line.kind == kind]
    return Counts(
        new=found.count(Change.NEW), changed=found.count(Change.CHANGED), unchanged=found.count(Change.UNCHANGED)
    )


@dataclass
class Comparison:
    """What one actor sees of one vendor's live records, to compare with. Asks the database four times, once for all."""

    actor: Actor
    vendor: str
    policy: VendorPolicy = field(init=False)

    def __post_init__(self) -> None:
        self.policy = VendorPolicy(
            actor=self.actor,
            vendor=self.vendor,
            own=keeping.stored_of(self.actor, self.vendor),
            vendors=keeping.vendor_slugs(),
            hidden=keeping.hidden(self.actor),
        )

    def lines(self, file: CheckedFile, *, without: set[str]) -> Iterator[Line]:
        """A line for each good record, vendor first."""
        place = 0
        for kind in ("vendor", "listing"):
            for kept in file.kept(kind):
                if kept.slug not in without:
                    place += 1
                    yield self.line(kept, place)

    def words(self, line: Line) -> schema.Listing | schema.Vendor:
        """What the vendor wrote in ``line``, without what was kept for it of hidden things."""
        if line.kind == "vendor":
            return schema.Vendor.model_validate_json(line.document)
        record = schema.Listing.model_validate_json(line.document)
        return seen_listing(record, self.actor, self.policy.hidden)

    def line(self, kept: Kept, place: int) -> Line:
        """One record beside what is live under its id."""
        shared = {"place": place, "row": kept.row, "kind": kept.kind, "slug": kept.slug}
        if kept.kind == "vendor":
            document, digest = keeping.stored_vendor(kept.slug)
            told = schema.Vendor.model_validate_json(kept.document)
            return _line(told, kept.document, kept.digest, document, digest, **shared)
        stored = self.policy.own.get(kept.slug)
        if stored is not None and stored.digest == kept.digest:
            return _unchanged(stored, **shared)
        words = schema.Listing.model_validate_json(kept.document)
        if stored is None:
            return _line(words, kept.document, kept.digest, "", "", **shared)
        live = stored.record
        merged = with_hidden(live, words, self.actor, self.policy.hidden)
        document = document_of(merged)
        digest = digest_of(document)
        if digest == stored.digest:
            return _unchanged(stored, **shared)
        line = _line(merged, document, digest, stored.document, stored.digest, **shared)
        line.price_rise = price_rise(live, merged)
        return line


def _unchanged(stored: keeping.Stored, **shared: object) -> Line:
    return Line(
        name=stored.name,
        name_ko=stored.name_ko,
        change=Change.UNCHANGED,
        digest=stored.digest,
        seen=stored.digest,
        labels="\n".join(sorted(stored.labels)),
        **shared,
    )


def _line(
    record: schema.Listing | schema.Vendor, document: str, digest: str, before: str, seen: str, **shared: object
) -> Line:
    changes = {"": Change.NEW, digest: Change.UNCHANGED}
    was = type(record).model_validate_json(before) if before else None
    found = {*labels(record), *(labels(was) if was is not None else ())}
    return Line(
        name=record.name,
        name_ko=record.name_ko or "",
        change=changes.get(seen, Change.CHANGED),
        document=document,
        digest=digest,
        before=before,
        seen=seen,
        labels="\n".join(sorted(found)),
        **shared,
    )
