"""Editing one listing: by staff, from the present state, recorded."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from tests.market.catalogue.samples import ANONYMOUS, MEMBER, STAFF, evidence, listing, stock

from skypact.exchange.catalogue import line_of
from skypact.market.catalogue.actions import EditListing
from skypact.market.catalogue.kept import document_of
from skypact.market.catalogue.models import Listing
from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.core.models import Event
from skypact.schema import InputError

pytestmark = pytest.mark.django_db


@pytest.fixture
def digest() -> str:
    stock(listing())
    return Listing.objects.get().digest


def edit(document: str, digest: str, actor: Actor = STAFF, slug: str = "acme-mast") -> Listing:
    return EditListing(actor=actor, slug=slug, document=document, seen_digest=digest).execute()


def unchanged(digest: str) -> bool:
    return Listing.objects.get().digest == digest and Event.objects.count() == 1


def test_edit_replaces_the_listing_and_records_both_digests(digest: str) -> None:
    changed = edit(document_of(listing(name="New name")), digest)
    assert changed.name == "New name"
    event = Event.objects.get(action="catalogue.edit_listing")
    assert (event.object_id, event.actor) == ("acme-mast", "user:1 staff")
    assert (event.data["before"], event.data["after"]) == (digest, changed.digest)


@pytest.mark.parametrize("actor", [ANONYMOUS, MEMBER], ids=lambda actor: actor.label)
def test_only_staff_edits(digest: str, actor: Actor) -> None:
    with pytest.raises(PermissionDenied, match="may not edit a listing"):
        edit(document_of(listing(name="New name")), digest, actor)
    assert unchanged(digest)


def test_somebody_else_was_quicker(digest: str) -> None:
    edit(document_of(listing(name="First")), digest)
    with pytest.raises(StateError, match="^acme-mast was changed by somebody else meanwhile"):
        edit(document_of(listing(name="Second")), digest)
    assert Listing.objects.get().name == "First"
    assert Event.objects.count() == 2


def test_listing_that_is_not_there(digest: str) -> None:
    with pytest.raises(StateError, match="^there is no listing acme-pole$"):
        edit(document_of(listing("acme-pole")), digest, slug="acme-pole")
    assert unchanged(digest)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("{", "^acme-mast: must be valid JSON"),
        (document_of(listing("acme-pole")), "^acme-mast: id: the id stays acme-mast"),
        (document_of(listing(substitutes=["acme-x"])), "substitutes: there is no such listing"),
        (document_of(listing(evidence=[evidence(release="REL KR")])), "must be able to read one of its sources"),
        (line_of(listing()), "unknown field"),
    ],
)
def test_wrong_document_changes_nothing(digest: str, document: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        edit(document, digest)
    assert unchanged(digest)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_and_only_one_wins() -> None:
    stock(listing())
    digest = Listing.objects.get().digest
    start = Barrier(2)

    def edit_as(name: str) -> str:
        try:
            start.wait(timeout=600)
            return edit(document_of(listing(name=name)), digest).name
        except StateError:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        results = list(both.map(edit_as, ["First", "Second"]))
    assert sorted(results)[1:] == ["refused"]
    assert Listing.objects.get().name in results
    assert Event.objects.filter(action="catalogue.edit_listing").count() == 1
