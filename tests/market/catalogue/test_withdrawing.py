"""Taking a listing out of the offer and back in: by staff, with reason and date, recorded and told to the feed."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from tests.market.catalogue.samples import ANONYMOUS, MEMBER, STAFF, listing, stock

from skypact.market.catalogue.models import Listing, Revision
from skypact.market.catalogue.withdrawing import RelistListing, WithdrawListing, reason_of
from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.core.models import Event

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def _stocked() -> None:
    stock(listing())


def withdraw(actor: Actor = STAFF, slug: str = "acme-mast", reason: str = "Out of production.") -> Listing:
    return WithdrawListing(actor=actor, slug=slug, reason=reason, on=DAY).execute()


def test_withdrawn_listing_keeps_its_document_and_names_day_and_reason() -> None:
    before = Listing.objects.get()
    after = withdraw(reason="  Out of production. ")
    assert (after.withdrawn, after.document, after.digest) == (DAY, before.document, before.digest)
    assert after.revision_id == Revision.objects.latest("number").pk > before.revision_id
    event = Event.objects.get(action="catalogue.withdraw_listing")
    assert (event.object_type, event.object_id, event.actor) == ("catalogue.listing", "acme-mast", "user:1 staff")
    assert event.data == {"on": "2026-11-20", "reason": "Out of production.", "revision": after.revision_id}
    assert reason_of("acme-mast") == "Out of production."


def test_it_stays_withdrawn_when_it_is_told_anew() -> None:
    withdraw()
    stock(listing(summary="Another."))
    assert Listing.objects.get().withdrawn == DAY


def test_listed_again() -> None:
    withdraw()
    after = RelistListing(actor=STAFF, slug="acme-mast", reason="Made again.", on=DAY).execute()
    assert after.withdrawn is None
    assert Event.objects.last().action == "catalogue.relist_listing"


def test_the_feed_tells_both() -> None:
    from skypact.market.federation.models import Change

    withdraw()
    RelistListing(actor=STAFF, slug="acme-mast", reason="Made again.", on=DAY).execute()
    kinds = Change.objects.filter(slug="acme-mast").order_by("sequence").values_list("audience__kind", flat=True)
    assert list(kinds) == ["new", "withdrawn", "relisted"]


def test_page_stays_and_says_so(client: Client) -> None:
    assert "No longer offered" not in client.get("/catalogue/items/acme-mast/").content.decode()
    withdraw()
    page = client.get("/catalogue/items/acme-mast/", headers={"accept-language": "en"}).content.decode()
    assert "No longer offered since 2026-11-20" in page
    assert "Reason: Out of production." in page


@pytest.mark.parametrize("actor", [ANONYMOUS, MEMBER], ids=lambda actor: actor.label)
@pytest.mark.parametrize("act", [WithdrawListing, RelistListing])
def test_only_staff(act: type[WithdrawListing], actor: Actor) -> None:
    with pytest.raises(PermissionDenied, match="a listing; only staff may$"):
        act(actor=actor, slug="acme-mast", reason="So.", on=DAY).execute()
    assert unchanged()


@pytest.mark.parametrize(
    ("act", "slug", "reason", "message"),
    [
        (WithdrawListing, "acme-pole", "So.", "there is no listing acme-pole"),
        (WithdrawListing, "acme-mast", "  ", "say why, in at most 2000 characters"),
        (WithdrawListing, "acme-mast", "x" * 2001, "say why, in at most 2000 characters"),
        (RelistListing, "acme-mast", "So.", "acme-mast is not withdrawn"),
    ],
)
def test_refused_and_nothing_changes(act: type[WithdrawListing], slug: str, reason: str, message: str) -> None:
    with pytest.raises(StateError, match=f"^{message}$"):
        act(actor=STAFF, slug=slug, reason=reason, on=DAY).execute()
    assert unchanged()


def test_twice_is_refused() -> None:
    withdraw()
    with pytest.raises(StateError, match="^acme-mast is withdrawn since 2026-11-20 already$"):
        withdraw()
    assert Event.objects.filter(action="catalogue.withdraw_listing").count() == 1


def unchanged() -> bool:
    return Listing.objects.get().withdrawn is None and Event.objects.count() == Revision.objects.count() == 1
