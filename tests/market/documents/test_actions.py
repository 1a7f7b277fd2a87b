"""Giving a listing a file, taking it away, and sweeping what no listing names."""

import io
import os
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from tests.market.catalogue.samples import AMERICAN, ANONYMOUS, DAY, KOREAN, MEMBER, STAFF, listing, stock
from tests.market.documents.conftest import files
from tests.market.documents.test_content import PDF, PNG

from skypact.market.catalogue import selectors as catalogue
from skypact.market.catalogue.models import Listing
from skypact.market.core import events
from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.core.models import Event
from skypact.market.documents import content, selectors, store
from skypact.market.documents.actions import Description, RemoveDocument, SweepDocuments, attach
from skypact.market.documents.content import RefusedFileError, TooLargeError
from skypact.market.documents.models import Attachment
from skypact.schema import DocumentKind, InputError, MediaType, Provenance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stocked")]

ACME = Actor(label="user:7 acme", user_id=7, vendor="acme", nation="KR")
OTHER = Actor(label="user:8 other", user_id=8, vendor="other", nation="KR")


def said(**changes: object) -> Description:
    fields = {"title": "Range trial", "kind": DocumentKind.TEST_REPORT, "dated": date(2025, 5, 3), **changes}
    return Description(**fields)


def give(actor: Actor, data: bytes = PDF, slug: str = "acme-mast", **changes: object) -> str:
    return attach(actor, slug, io.BytesIO(data), said(**changes)).sha256


@pytest.mark.parametrize(("actor", "vendor"), [(STAFF, ""), (ACME, "acme")])
def test_staff_and_the_vendors_people_give_files_with_one_event(actor: Actor, vendor: str) -> None:
    before = Listing.objects.get(slug="acme-mast").digest
    events_before = Event.objects.count()
    sha256 = give(actor, language="ko")
    (document,) = catalogue.listing(ANONYMOUS, "acme-mast", on=DAY).record.documents
    assert (document.sha256, document.title, document.media_type, document.size_bytes, document.language) == (
        sha256,
        "Range trial",
        MediaType.PDF,
        len(PDF),
        "ko",
    )
    assert (document.evidence.provenance, document.evidence.observed) == (Provenance.USER, date(2025, 5, 3))
    event = Event.objects.order_by("-sequence").first()
    assert Event.objects.count() == events_before + 1
    assert (event.action, event.object_type, event.object_id, event.actor) == (
        "documents.attach",
        "catalogue.listing",
        "acme-mast",
        actor.label,
    )
    assert f'"sha256":"{sha256}"' in event.payload
    assert f'"before":"{before}"' in event.payload
    assert events.verify_chain() == Event.objects.count()
    row = Attachment.objects.get()
    assert (row.listing, row.sha256, row.size_bytes, row.vendor, row.by) == (
        "acme-mast",
        sha256,
        len(PDF),
        vendor,
        actor.label,
    )


@pytest.mark.parametrize(
    ("actor", "slug", "error"),
    [
        (ANONYMOUS, "acme-mast", PermissionDenied),
        (MEMBER, "acme-mast", PermissionDenied),
        (OTHER, "acme-mast", PermissionDenied),
        (AMERICAN, "acme-secret", Http404),
        (STAFF, "nothing", Http404),
    ],
    ids=lambda value: getattr(value, "label", None) or getattr(value, "__name__", value),
)
def test_others_are_refused_before_a_byte_is_read(actor: Actor, slug: str, error: type[Exception]) -> None:
    stream = io.BytesIO(PDF)
    count = Event.objects.count()
    with pytest.raises(error):
        attach(actor, slug, stream, said())
    assert (stream.tell(), files(), Event.objects.count(), Attachment.objects.count()) == (0, [], count, 0)


@pytest.mark.parametrize(
    ("data", "changes", "error"),
    [
        (b"<svg/>", {}, RefusedFileError),
        (PDF, {"title": ""}, InputError),
        (PDF, {"release": "public"}, InputError),
        (PDF, {"release": "REL US"}, InputError),
        (PDF, {"language": "korean"}, InputError),
    ],
)
def test_what_does_not_fit_changes_nothing(data: bytes, changes: dict[str, object], error: type[Exception]) -> None:
    digest, count = Listing.objects.get(slug="acme-mast").digest, Event.objects.count()
    with pytest.raises(error):
        give(ACME, data, **changes)
    assert Listing.objects.get(slug="acme-mast").digest == digest
    assert (Event.objects.count(), Attachment.objects.count()) == (count, 0)


def test_a_listing_has_a_file_once_and_two_listings_share_its_bytes() -> None:
    stock(listing("acme-pole"))
    sha256 = give(STAFF)
    with pytest.raises(StateError, match="has that file already"):
        give(STAFF)
    assert give(STAFF, slug="acme-pole") == sha256
    assert files() == [sha256]
    assert Attachment.objects.count() == 2


def test_a_vendor_has_a_quota(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(content, "VENDOR_QUOTA", len(PDF) + len(PNG))
    give(ACME)
    give(ACME, PNG)
    count = Event.objects.count()
    with pytest.raises(TooLargeError, match="together"):
        give(ACME, b"text\n")
    assert Event.objects.count() == count
    assert len(files()) == 2, "what has no room does not reach the store"
    assert len(catalogue.listing(ACME, "acme-mast", on=DAY).record.documents) == 2
    give(STAFF, b"text\n")
    assert selectors.used_by("acme") == len(PDF) + len(PNG)


def test_hidden_parts_of_a_listing_stay_when_its_vendor_adds_a_file() -> None:
    secret = {"value": 1, "unit": "kg", "grade": "stated", "observed": "2026-01-05", "release": "REL US"}
    stock(listing(mass=[{**secret, "source": {"title": "s", "date": "2026-01-05"}}]))
    assert catalogue.listing(ACME, "acme-mast", on=DAY).record.mass == ()
    give(ACME)
    assert catalogue.listing(AMERICAN, "acme-mast", on=DAY).record.mass[0].value == 1


def test_a_file_is_taken_away_with_one_event_and_by_its_keepers_only() -> None:
    sha256 = give(STAFF)
    count = Event.objects.count()
    with pytest.raises(PermissionDenied):
        RemoveDocument(actor=OTHER, slug="acme-mast", sha256=sha256).execute()
    assert len(catalogue.listing(STAFF, "acme-mast", on=DAY).record.documents) == 1
    RemoveDocument(actor=ACME, slug="acme-mast", sha256=sha256).execute()
    assert catalogue.listing(STAFF, "acme-mast", on=DAY).record.documents == ()
    assert (Event.objects.count(), Attachment.objects.count(), files()) == (count + 1, 0, [sha256])
    with pytest.raises(StateError, match="no such file"):
        RemoveDocument(actor=ACME, slug="acme-mast", sha256=sha256).execute()


def test_readers_see_files_by_their_label_and_keepers_see_who_gave_them() -> None:
    sha256 = give(ACME, release="REL KR")
    assert catalogue.listing(AMERICAN, "acme-mast", on=DAY).record.documents == ()
    with pytest.raises(Http404):
        selectors.document(AMERICAN, "acme-mast", sha256, on=DAY)
    with pytest.raises(Http404):
        selectors.document(KOREAN, "acme-mast", "0" * 64, on=DAY)
    (seen,) = selectors.documents_of(KOREAN, "acme-mast", on=DAY).documents
    assert (seen.state, seen.vendor, seen.by) == (store.State.PRESENT, "acme", "")
    (seen,) = selectors.documents_of(ACME, "acme-mast", on=DAY).documents
    assert seen.by == "user:7 acme"


def test_bytes_that_are_given_again_while_a_sweep_looks_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = give(STAFF)
    RemoveDocument(actor=STAFF, slug="acme-mast", sha256=kept).execute()
    past = time.time() - 3601
    os.utime(store.place(kept), (past, past))
    older_than = store.older_than

    def given_again(seconds: float) -> Iterator[Path]:
        found = list(older_than(seconds))
        store.take(io.BytesIO(PDF))
        yield from found

    monkeypatch.setattr(store, "older_than", given_again)
    assert SweepDocuments(actor=STAFF).execute().files == 0
    assert files() == [kept]


@pytest.mark.django_db(transaction=True)
def test_a_sweep_removes_old_bytes_that_no_listing_names() -> None:
    kept, gone = give(STAFF), give(STAFF, PNG)
    RemoveDocument(actor=STAFF, slug="acme-mast", sha256=gone).execute()
    half = store.Incoming()
    half.write(PDF)
    young = SweepDocuments(actor=STAFF).execute()
    assert (young.files, len(files())) == (0, 3)
    past = time.time() - 3601
    for path in store.root().glob("*/*"):
        os.utime(path, (past, past))
    with pytest.raises(PermissionDenied):
        SweepDocuments(actor=ACME).execute()
    assert len(files()) == 3
    swept = SweepDocuments(actor=STAFF).execute()
    assert swept.files == 2
    assert files() == [kept]
    half.close()
