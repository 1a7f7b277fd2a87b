"""Every write of documents. Giving a file to a listing is an edit of that listing, with one event."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO, ClassVar

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from skypact.market.catalogue import selectors as catalogue
from skypact.market.catalogue.actions import EditListing
from skypact.market.catalogue.holding import hold_catalogue
from skypact.market.catalogue.keeping import named_files, stored_listing
from skypact.market.catalogue.models import Listing
from skypact.market.core.access import Actor
from skypact.market.core.actions import Action, StateError
from skypact.market.core.events import Record
from skypact.market.documents import content, store
from skypact.market.documents.content import TooLargeError, over_quota
from skypact.market.documents.models import Attachment
from skypact.market.documents.selectors import may_change, used_by
from skypact.schema import Document, DocumentKind, Grade, InputError, Provenance, parse

#: A file may wait so long in the store for the listing that will name it.
ORPHAN_AGE_S = 3600.0


def require_right(actor: Actor, slug: str, *, on: date) -> None:
    """Raises Http404 where ``actor`` may not see the listing, PermissionDenied where not change its files."""
    vendor = catalogue.listing(actor, slug, on=on).record.vendor
    if not may_change(actor, vendor):
        raise PermissionDenied(f"{actor.label} may not change the files of {slug}; only its vendor and staff may")


@dataclass(frozen=True, kw_only=True)
class Description:
    """What somebody says of a file."""

    title: str
    kind: DocumentKind
    dated: date
    """the day that the document bears"""
    language: str | None = None
    release: str = "PUBLIC"

    def document(self, taken: store.Taken) -> Document:
        """The document of a listing. Raises InputError."""
        evidence = {
            "grade": Grade.DOCUMENTED,
            "source": {"title": self.title, "date": self.dated},
            "observed": self.dated,
            "release": self.release,
            "provenance": Provenance.USER,
        }
        said = {"title": self.title, "kind": self.kind, "language": self.language, "evidence": evidence}
        return parse(Document, {**said, **taken._asdict()}, file=self.title)


@dataclass(kw_only=True)
class _ChangeDocuments(EditListing):
    """An edit of a listing's files, on whatever the listing is when its turn comes."""

    document: str = field(default="", init=False)
    seen_digest: str = field(default="", init=False)

    def require_right(self) -> None:
        require_right(self.actor, self.slug, on=timezone.localdate())

    def check(self) -> None:
        self.require_right()
        hold_catalogue()
        record, self.seen_digest = stored_listing(self.slug)
        changed = self.changed(record.documents)
        self.document = record.model_copy(update={"documents": changed}).model_dump_json(exclude_defaults=True)
        super().check()

    def changed(self, documents: tuple[Document, ...]) -> tuple[Document, ...]:
        """The files afterwards. Raises StateError."""
        raise NotImplementedError


@dataclass(kw_only=True)
class AttachDocument(_ChangeDocuments):
    """Gives a listing a file that lies in the store. Raises StateError, TooLargeError."""

    code: ClassVar[str] = "documents.attach"

    file: Document

    @property
    def vendor(self) -> str:
        """The vendor for whom the actor acts; empty for staff."""
        return "" if self.actor.is_staff else self.actor.vendor

    def changed(self, documents: tuple[Document, ...]) -> tuple[Document, ...]:
        if any(known.sha256 == self.file.sha256 for known in documents):
            raise StateError(_("this listing has that file already"))
        if self.vendor and self.file.size_bytes > content.VENDOR_QUOTA - used_by(self.vendor):
            raise TooLargeError(over_quota())
        return (*documents, self.file)

    def perform(self) -> Listing:
        changed = super().perform()
        Attachment.objects.create(
            listing=self.slug,
            sha256=self.file.sha256,
            size_bytes=self.file.size_bytes,
            vendor=self.vendor,
            by=self.actor.label,
        )
        return changed

    def record(self, result: Listing) -> Record:
        edit = super().record(result)
        facts = {"sha256": self.file.sha256, "size_bytes": self.file.size_bytes, "kind": self.file.kind.value}
        return Record(object_type=edit.object_type, object_id=edit.object_id, data={**edit.data, **facts})


@dataclass(kw_only=True)
class RemoveDocument(_ChangeDocuments):
    """Takes a file from a listing. The bytes leave with the next sweep, unless another listing names them."""

    code: ClassVar[str] = "documents.remove"

    sha256: str

    def changed(self, documents: tuple[Document, ...]) -> tuple[Document, ...]:
        kept = tuple(known for known in documents if known.sha256 != self.sha256)
        if len(kept) == len(documents):
            raise StateError(_("this listing has no such file"))
        return kept

    def perform(self) -> Listing:
        changed = super().perform()
        Attachment.objects.filter(listing=self.slug, sha256=self.sha256).delete()
        return changed

    def record(self, result: Listing) -> Record:
        edit = super().record(result)
        return Record(object_type=edit.object_type, object_id=edit.object_id, data={**edit.data, "sha256": self.sha256})


def attach(actor: Actor, slug: str, stream: BinaryIO, description: Description) -> Document:
    """Take the file in and give it to the listing. Raises before reading where ``actor`` may not.

    Raises RefusedFileError where the file is not taken, and InputError where its description does not fit.
    """
    require_right(actor, slug, on=timezone.localdate())
    return attach_taken(actor, slug, store.take(stream, room=room_of(actor)), description)


def room_of(actor: Actor) -> int | None:
    """How many bytes ``actor`` may still give; ``None`` for staff, who have no quota."""
    return None if actor.is_staff else max(0, content.VENDOR_QUOTA - used_by(actor.vendor))


def attach_taken(actor: Actor, slug: str, taken: store.Taken, description: Description) -> Document:
    """Give the listing a file that lies in the store. Raises InputError, StateError, PermissionDenied, Http404."""
    if not actor.may_read(description.release):
        raise InputError.single(
            file=slug, place="release", value=description.release, accepted=_("a label that you may read yourself")
        )
    given = description.document(taken)
    AttachDocument(actor=actor, slug=slug, file=given).execute()
    return given


@dataclass(frozen=True, kw_only=True)
class Swept:
    """What a sweep removed."""

    files: int
    size_bytes: int


@dataclass(kw_only=True)
class SweepDocuments(Action[Swept]):
    """Removes the bytes that no listing names, and what broken uploads left. Young files stay: their turn may come."""

    code: ClassVar[str] = "documents.sweep"

    older_than_s: float = ORPHAN_AGE_S

    def check(self) -> None:
        self.actor.require_staff("sweep the store of documents")
        hold_catalogue()

    def perform(self) -> Swept:
        """The files go before the commit, while no listing can come to name one."""
        named = named_files()
        sizes = [
            store.remove(path, older_than_s=self.older_than_s)
            for path in store.older_than(self.older_than_s)
            if path.name not in named
        ]
        removed = [size for size in sizes if size is not None]
        return Swept(files=len(removed), size_bytes=sum(removed))

    def record(self, result: Swept) -> Record:
        data = {"files": result.files, "size_bytes": result.size_bytes}
        return Record(object_type="documents.store", object_id="store", data=data)
