"""An uploaded file read for one vendor: what is wrong with it, and each record beside what is live."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO

from skypact import schema
from skypact.exchange.catalogue import Format, Record, RowProblem, UnreadableFileError, format_of
from skypact.market.catalogue import keeping
from skypact.market.catalogue.actions import dangling
from skypact.market.catalogue.checking import PROBLEMS_SHOWN, CheckedFile, check
from skypact.market.catalogue.keeping import Stored
from skypact.market.catalogue.kept import Kept, digest_of, document_of
from skypact.market.catalogue.releasability import as_seen, labels, references
from skypact.market.catalogue.report import Counts, Report
from skypact.market.core.access import Actor
from skypact.market.suppliers.difference import price_rise
from skypact.market.suppliers.merging import seen_listing, vendor_with_hidden, with_hidden
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
    file = check(BytesIO(content), name=name, format=format, policy=comparison.look)
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


@dataclass(frozen=True, slots=True)
class _Compared:
    """What a line needs of a record that is no longer in memory."""

    name: str
    name_ko: str
    labels: str
    document: str = ""
    """what will stand there; empty where the vendor's words do as they are"""
    digest: str = ""
    before: str = ""
    seen: str = ""
    price_rise: float | None = None

    def line(self, kept: Kept, place: int) -> Line:
        """The line of ``kept``."""
        digest = self.digest or kept.digest
        unchanged = digest == self.seen
        changes = Change.CHANGED if self.seen else Change.NEW
        return Line(
            place=place,
            row=kept.row,
            kind=kept.kind,
            slug=kept.slug,
            name=self.name,
            name_ko=self.name_ko,
            change=Change.UNCHANGED if unchanged else changes,
            document="" if unchanged else self.document or kept.document,
            digest=digest,
            before="" if unchanged else self.before,
            seen=self.seen,
            labels=self.labels,
            price_rise=self.price_rise,
        )


@dataclass
class Comparison:
    """What one actor sees of one vendor's live records, to lay others beside. Asks the database for it once."""

    actor: Actor
    vendor: str
    own: Mapping[str, Stored] = field(init=False)
    hidden: frozenset[str] = field(init=False)
    readable: frozenset[str] = field(init=False)
    policy: VendorPolicy = field(init=False)
    compared: dict[tuple[str, str], _Compared] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self.own = keeping.stored_of(self.actor, self.vendor)
        self.hidden = keeping.hidden(self.actor)
        self.readable = keeping.readable_labels(self.actor)
        self.policy = VendorPolicy(
            actor=self.actor,
            vendor=self.vendor,
            own=self.own.keys(),
            vendors=keeping.vendor_slugs(),
            readable=self.readable,
        )

    def look(self, record: Record, row: int | None) -> tuple[RowProblem, ...]:
        """What is wrong with a record of the file; one with which nothing is, is compared."""
        if isinstance(record, schema.Vendor):
            problems = self.policy.problems(record, row, None)
            if not problems:
                self.compare_vendor(record)
            return problems
        stored = self.own.get(record.id)
        if stored is not None and stored.digest == digest_of(document_of(record)):
            self._unchanged(stored)
            return ()
        live = None if stored is None else stored.record
        problems = self.policy.problems(record, row, None if live is None else self._seen(live))
        if not problems:
            self._compare(record, stored, live)
        return problems

    def compare(self, record: Record) -> None:
        """Lays a record that was looked at before beside what is live now."""
        if isinstance(record, schema.Vendor):
            self.compare_vendor(record)
        else:
            stored = self.own.get(record.id)
            self._compare(record, stored, None if stored is None else stored.record)

    def compare_vendor(self, record: schema.Vendor) -> None:
        """Lays the vendor's description of itself beside the live one."""
        before, seen = keeping.stored_vendor(record.id)
        live = schema.Vendor.model_validate_json(before) if before else None
        merged = record if live is None else vendor_with_hidden(live, record, self.actor)
        document = "" if merged is record else document_of(merged)
        self.compared["vendor", record.id] = _Compared(
            record.name,
            record.name_ko or "",
            _lines({*labels(record), *(labels(live) if live else ())}),
            document=document,
            digest=digest_of(document) if document else "",
            before=before,
            seen=seen,
        )

    def _unchanged(self, stored: Stored) -> None:
        self.compared["listing", stored.slug] = _Compared(
            stored.name, stored.name_ko, _lines(stored.labels), digest=stored.digest, seen=stored.digest
        )

    def _compare(self, record: schema.Listing, stored: Stored | None, live: schema.Listing | None) -> None:
        named = (record.name, record.name_ko or "")
        if stored is None or live is None:
            self.compared["listing", record.id] = _Compared(*named, _lines(labels(record)))
            return
        merged = with_hidden(live, record, self.actor, self.hidden) if self._closed(live) else record
        document = "" if merged is record else document_of(merged)
        self.compared["listing", record.id] = _Compared(
            *named,
            _lines({*labels(record), *stored.labels}),
            document=document,
            digest=digest_of(document) if document else "",
            before=stored.document,
            seen=stored.digest,
            price_rise=price_rise(live, merged),
        )

    def _closed(self, live: schema.Listing) -> bool:
        """Whether the actor does not see all of ``live``."""
        return bool(self.hidden.intersection(references(live))) or not self.own[live.id].labels <= self.readable

    def _seen(self, live: schema.Listing) -> schema.Listing:
        return seen_listing(live, self.actor, self.hidden) if self._closed(live) else live

    def words(self, line: Line) -> Record:
        """What the vendor wrote in ``line``, without what was kept for it of hidden things."""
        if line.kind == "vendor":
            return as_seen(schema.Vendor.model_validate_json(line.document), self.actor)
        record = schema.Listing.model_validate_json(line.document)
        return seen_listing(record, self.actor, self.hidden)

    def lines(self, file: CheckedFile, *, without: Collection[str] = ()) -> Iterator[Line]:
        """A line for each record that was compared, vendor first."""
        place = 0
        for kind in ("vendor", "listing"):
            for kept in file.kept(kind):
                if kind == "vendor" or kept.slug not in without:
                    place += 1
                    yield self.compared[kind, kept.slug].line(kept, place)


def _lines(labels: Iterable[str]) -> str:
    return "\n".join(sorted(set(labels)))
