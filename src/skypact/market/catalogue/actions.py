"""Every write of the catalogue."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from skypact import schema, seed
from skypact.exchange.catalogue import Foreign, Format, RowProblem, UnreadableFileError, format_of_file
from skypact.market.catalogue import keeping
from skypact.market.catalogue.checking import CheckedFile, Progress, check, unheard
from skypact.market.catalogue.holding import hold_catalogue
from skypact.market.catalogue.kept import Kept, keep_listing
from skypact.market.catalogue.looking import Reference
from skypact.market.catalogue.models import Listing, Revision, Vendor
from skypact.market.catalogue.releasability import ungrounded
from skypact.market.catalogue.report import Report, report_of
from skypact.market.catalogue.storing import batches, put
from skypact.market.core.access import Actor
from skypact.market.core.actions import Action, StateError
from skypact.market.core.events import Record


class ImportRefusedError(Exception):
    """Nothing of the file was taken."""


@dataclass
class Changes:
    """What an import does to one kind of record."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    content: hashlib._Hash = field(default_factory=hashlib.sha256)

    @property
    def any(self) -> bool:
        """Whether anything is written."""
        return bool(self.new or self.changed)

    @property
    def seen(self) -> int:
        """How many records were looked at."""
        return self.new + self.changed + self.unchanged


@dataclass(kw_only=True)
class ImportCatalogue(Action[Revision]):
    """Takes the good records of a checked file in: all of them, in one transaction, with one event.

    Raises ImportRefusedError where the file is not wholly good and ``keep_good`` is off; the checked file then holds
    every problem.
    """

    code = "catalogue.import"

    file: CheckedFile
    keep_good: bool = False
    progress: Progress = unheard
    vendors: Changes = field(default_factory=Changes, init=False)
    listings: Changes = field(default_factory=Changes, init=False)
    dangling: dict[str, list[Reference]] = field(default_factory=dict, init=False)
    """listing id → what it refers to that is nowhere"""

    def check(self) -> None:
        self.actor.require_staff("import a catalogue")

    def perform(self) -> Revision:
        revision = next_revision()
        self._settle()
        put(revision, self.actor, vendors=self._changed("vendor"), listings=self._changed("listing"))
        return revision

    def changes_anything(self) -> bool:
        """Whether performing would write anything. Raises ImportRefusedError."""
        self.check()
        self._settle()
        return any(written for kind in ("vendor", "listing") for written in self._changed(kind))

    def _settle(self) -> None:
        self.vendors, self.listings = Changes(), Changes()
        self.dangling = dangling(self.file)
        if self.file.unreadable or ((self.file.refused or self.dangling) and not self.keep_good):
            raise ImportRefusedError

    def _changed(self, kind: str) -> Iterator[list[Kept]]:
        model, changes = (Vendor, self.vendors) if kind == "vendor" else (Listing, self.listings)
        for batch in batches(item for item in self.file.kept(kind) if item.slug not in self.dangling):
            yield _differing(batch, model, changes, keep=kind == "vendor" and self.file.names_vendors_in_passing)
            self.progress("written", self.vendors.seen + self.listings.seen)

    def record(self, result: Revision) -> Record:
        return Record(
            object_type="catalogue.revision",
            object_id=str(result.pk),
            data={
                "file": self.file.name,
                "format": self.file.format.value,
                "rows": self.file.rows,
                "refused": self.file.refused + len(self.dangling),
                "left_out": sum(self.file.left_out.values()),
                **{
                    f"{kind}_{what}": getattr(changes, what)
                    for kind, changes in (("vendors", self.vendors), ("listings", self.listings))
                    for what in ("new", "changed", "unchanged")
                },
                "content": {"vendors": self.vendors.content.hexdigest(), "listings": self.listings.content.hexdigest()},
            },
        )


def _differing(
    batch: Sequence[Kept], model: type[Vendor] | type[Listing], changes: Changes, *, keep: bool = False
) -> list[Kept]:
    """Those of ``batch`` that differ from what is stored; counts them into ``changes``.

    With ``keep`` what is stored stays, whatever the batch says.
    """
    stored = dict(model.objects.filter(slug__in=[item.slug for item in batch]).values_list("slug", "digest"))
    differing = []
    for item in batch:
        if stored.get(item.slug) == item.digest or (keep and item.slug in stored):
            changes.unchanged += 1
            continue
        if item.slug in stored:
            changes.changed += 1
        else:
            changes.new += 1
        changes.content.update(f"{item.slug} {item.digest}\n".encode())
        differing.append(item)
    return differing


def next_revision() -> Revision:
    """A new revision. Writers wait for one another before it, so that two imports cannot deadlock."""
    hold_catalogue()
    return Revision.objects.create()


def dangling(file: CheckedFile, *, reader: Actor | None = None) -> dict[str, list[Reference]]:
    """The listings that refer to what is neither in the file nor in the catalogue, with those references.

    With a ``reader`` only what he may see counts as being there, so that no report tells of hidden listings. A listing
    that is left out may be what another one refers to, so this goes on until nothing changes.
    """
    inside = {"vendor": file.vendors, "listing": file.listings}
    known: dict[str, set[str]] = {}
    visible = Listing.objects.all() if reader is None else keeping.visible(reader)
    for kind, rows in (("vendor", Vendor.objects.all()), ("listing", visible)):
        known[kind] = set()
        asked = sorted({item.target for item in file.references if item.kind == kind} - inside[kind])
        for batch in batches(asked):
            known[kind].update(rows.filter(slug__in=batch).values_list("slug", flat=True))
    nowhere: dict[str, list[Reference]] = {}
    while True:
        good = {"vendor": file.vendors | known["vendor"], "listing": (file.listings - set(nowhere)) | known["listing"]}
        found: dict[str, list[Reference]] = {}
        for item in file.references:
            if item.target not in good[item.kind]:
                found.setdefault(item.listing, []).append(item)
        if found == nowhere:
            return nowhere
        nowhere = found


def import_file(
    *,
    actor: Actor,
    stream: BinaryIO,
    name: str,
    keep_good: bool = False,
    format: Format | Foreign | None = None,  # noqa: A002
    progress: Progress = unheard,
) -> Report:
    """Check the catalogue file ``stream``, take it in, and report.

    All or nothing, or with ``keep_good`` the good rows. What is stored already leaves neither change nor event.
    Raises PermissionDenied before reading anything.
    """
    actor.require_staff("import a catalogue")
    try:
        chosen = format or format_of_file(stream, name=name)
    except UnreadableFileError as error:
        return Report.of_unreadable(name, error.problem)
    file = check(stream, name=name, format=chosen, progress=progress)
    return take(actor=actor, file=file, keep_good=keep_good, progress=progress)


def import_records(*, actor: Actor, records: Iterable[schema.Vendor | schema.Listing], name: str) -> Report:
    """Take records that are validated already: the built-in catalogue, say."""
    file = CheckedFile(name=name, format=Format.JSONL)
    for record in records:
        file.rows += 1
        file.keep(record, None)
    return take(actor=actor, file=file, keep_good=False)


def import_built_in() -> Report:
    """Take in the built-in catalogue. Doing it again changes nothing."""
    built_in = seed.catalogue()
    records = (*built_in.vendors, *built_in.listings)
    return import_records(actor=Actor.system("seed"), records=records, name="built-in catalogue")


def take(*, actor: Actor, file: CheckedFile, keep_good: bool, progress: Progress = unheard) -> Report:
    """Take a checked file in and report."""
    act = ImportCatalogue(actor=actor, file=file, keep_good=keep_good, progress=progress)
    try:
        if act.changes_anything():
            act.execute()
    except ImportRefusedError:
        return report_of(act, taken=False)
    return report_of(act, taken=True)


@dataclass(kw_only=True)
class EditListing(Action[Listing]):
    """Replaces one listing's document. Raises InputError, StateError when somebody else was quicker."""

    code = "catalogue.edit_listing"

    slug: str
    document: str
    seen_digest: str
    """digest of the document that the editor started from"""

    def require_right(self) -> None:
        """Raises PermissionDenied where this actor may not make this edit."""
        self.actor.require_staff("edit a listing")

    def check(self) -> None:
        self.require_right()
        hold_catalogue()
        held = Listing.objects.select_for_update().filter(slug=self.slug)
        stored = held.values_list("digest", flat=True).first()
        if stored is None:
            raise StateError(f"there is no listing {self.slug}")
        if stored != self.seen_digest:
            raise StateError(f"{self.slug} was changed by somebody else meanwhile: open it again and repeat the change")

    def perform(self) -> Listing:
        record = schema.parse_json(schema.Listing, self.document, file=self.slug)
        if record.id != self.slug:
            raise schema.InputError.single(
                file=self.slug, place="id", value=record.id, accepted=f"the id stays {self.slug}"
            )
        remedy = ungrounded(record)
        if remedy is not None:
            raise schema.InputError.single(file=self.slug, place="evidence.0.release", accepted=remedy)
        self._settle(record)
        put(next_revision(), self.actor, listings=[[keep_listing(record)]])
        return Listing.objects.get(slug=self.slug)

    def _settle(self, record: schema.Listing) -> None:
        file = CheckedFile(name=self.slug, format=Format.JSON)
        file.keep(record, None)
        nowhere = dangling(file).get(self.slug)
        if nowhere:
            raise schema.InputError(tuple(_as_input_problem(self.slug, item.problem) for item in nowhere))

    def record(self, result: Listing) -> Record:
        return Record(
            object_type="catalogue.listing",
            object_id=result.slug,
            data={"before": self.seen_digest, "after": result.digest, "revision": result.revision_id},
        )


def _as_input_problem(file: str, problem: RowProblem) -> schema.Problem:
    return schema.Problem(file=file, place=problem.field, value=problem.value, accepted=problem.remedy)
