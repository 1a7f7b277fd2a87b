"""Configurations, spares and substitutes from either end, as each reader may see them."""

import pytest
from django.test import Client
from tests.market.catalogue.samples import AMERICAN, ANONYMOUS, DAY, KOREAN, STAFF, claim, evidence, listing, stock

from skypact.market.catalogue import relating, selectors
from skypact.market.catalogue.relating import Relations, relations_of, spares_for
from skypact.market.catalogue.withdrawing import WithdrawListing
from skypact.market.core.access import Actor

pytestmark = pytest.mark.django_db

SECRET = {"release": "REL KR", "evidence": [evidence(release="REL KR")]}


@pytest.fixture(autouse=True)
def stocked() -> None:
    rope = {"listing": "acme-mast", "consumable": True}
    stock(
        listing(),
        listing("acme-pole", variant_of="acme-mast", substitutes=["acme-mast"]),
        listing("acme-hidden", variant_of="acme-mast", **SECRET),
        listing(
            "acme-rope",
            category="spare",
            spare_for=[
                {**rope, "quantity_per_year": [claim(4, "1"), claim(6, "1", grade="documented", release="REL KR")]},
                "acme-pole",
            ],
        ),
        listing("acme-bolt", category="spare", spare_for=["acme-mast"]),
        listing("acme-nut", category="spare", spare_for=["acme-mast"], **SECRET),
    )


def told(actor: Actor, slug: str) -> dict[str, object]:
    found = relations_of(actor, selectors.listing(actor, slug, on=DAY).record, on=DAY)
    return {name: ids(getattr(found, name)) for name in Relations.__dataclass_fields__ if getattr(found, name)}


def ids(found: object) -> object:
    if isinstance(found, tuple):
        return [ids(one) for one in found]
    if isinstance(found, relating.Spare):
        return found.seen.record.id, found.per_year and found.per_year.value
    return found.record.id


def test_both_ends_know_each_other() -> None:
    assert told(ANONYMOUS, "acme-mast") == {
        "variants": ["acme-pole"],
        "spares": [("acme-bolt", None), ("acme-rope", 4)],
        "substitute_for": ["acme-pole"],
    }
    assert told(ANONYMOUS, "acme-pole") == {
        "variant_of": "acme-mast",
        "spares": [("acme-rope", None)],
        "substitutes": ["acme-mast"],
    }
    assert told(ANONYMOUS, "acme-rope") == {"spare_for": [("acme-mast", 4), ("acme-pole", None)]}


def test_hidden_listings_and_quantities_are_told_to_their_readers_only() -> None:
    assert told(KOREAN, "acme-mast") == {
        "variants": ["acme-hidden", "acme-pole"],
        "spares": [("acme-bolt", None), ("acme-nut", None), ("acme-rope", 6)],
        "substitute_for": ["acme-pole"],
    }
    assert told(AMERICAN, "acme-mast") == told(ANONYMOUS, "acme-mast")


def test_withdrawn_listings_are_left_out() -> None:
    WithdrawListing(actor=STAFF, slug="acme-rope", reason="sold out", on=DAY).execute()
    assert told(ANONYMOUS, "acme-mast")["spares"] == [("acme-bolt", None)]


def test_spares_for_a_kit_multiply_what_is_known() -> None:
    found = spares_for(ANONYMOUS, {"acme-pole": 1, "acme-mast": 3, "acme-none": 2}, on=DAY)
    assert [(one.listing, one.spare.seen.record.id, one.units, one.per_year) for one in found] == [
        ("acme-pole", "acme-rope", 1, None),
        ("acme-mast", "acme-bolt", 3, None),
        ("acme-mast", "acme-rope", 3, 12),
    ]
    assert spares_for(ANONYMOUS, {}, on=DAY) == []


def test_page_shows_both_ways(client: Client) -> None:
    page = client.get("/catalogue/items/acme-mast/").content.decode()
    assert "Has configurations" in page
    assert "Declared as a substitute for" in page
    assert "· consumable · 4 a year for each unit" in page
    assert "quantity a year: unknown" in page
    assert "acme-hidden" not in page
    assert "Is a configuration of" in client.get("/catalogue/items/acme-pole/").content.decode()
    assert "Is a spare or consumable for" in client.get("/catalogue/items/acme-rope/").content.decode()
