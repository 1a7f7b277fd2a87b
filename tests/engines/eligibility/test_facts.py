"""What is taken for known of a listing, and what is not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.engines.eligibility.products import component, product, vendor
from tests.engines.made_up import DAY, EVIDENCE, claim

from skypact.engines.eligibility.facts import ListingFacts, Part, listing_facts
from skypact.schema import Listing


def facts(listing: Listing, on: date = DAY) -> ListingFacts:
    return listing_facts(listing, vendor("KR"), on=on)


@pytest.mark.parametrize(
    ("category", "decodes", "expected"),
    [
        ("sensor.passive_rf", None, None),
        ("sensor.passive_rf", True, True),
        ("sensor.passive_rf", False, False),
        ("defeat.cyber", None, None),
        ("sensor.camera", None, False),
        ("sensor.camera", True, True),
        ("sensor.radar", None, False),
        ("sensor.remote_id", None, False),
        ("power", None, False),
    ],
)
def test_reading_content(category: str, decodes: bool | None, expected: bool | None) -> None:
    assert facts(product(category, decodes=decodes)).decodes_content is expected


@pytest.mark.parametrize(
    ("category", "emits", "expected"),
    [
        ("sensor.radar", None, None),
        ("sensor.radar", True, True),
        ("sensor.radar", False, False),
        ("sensor.camera", None, False),
        ("sensor.acoustic", None, False),
        ("sensor.passive_rf", None, False),
        ("sensor.passive_rf", True, True),
        ("power", None, None),
    ],
)
def test_transmitting(category: str, emits: bool | None, expected: bool | None) -> None:
    assert facts(product(category, emits=emits)).emits is expected


def test_a_claim_counts_until_the_day_it_expires() -> None:
    listing = product("sensor.passive_rf", decodes_content=claim(False, expires="2026-12-01"))
    assert facts(listing, date(2026, 11, 30)).decodes_content is False
    assert facts(listing, date(2026, 12, 1)).decodes_content is None


def test_components_account_for_the_product_when_their_shares_make_it_whole() -> None:
    whole = product("aircraft", components=[component("Radio", "KR", 0.6), component("Frame", "KR", 0.395)])
    assert facts(whole).accounted is True
    assert facts(whole).parts == (Part("radio", "KR"), Part("frame", "KR"))
    assert facts(product("aircraft", components=[component("Radio", "KR", 0.99)])).accounted is False
    without_share = product("aircraft", components=[component("Radio", "KR", 1.0), component("Frame", "KR")])
    assert facts(without_share).accounted is False
    assert facts(product("aircraft")).accounted is False


def test_an_expired_component_is_of_unknown_origin_and_accounts_for_nothing() -> None:
    listing = product("aircraft", components=[component("Radio", "KR", 1.0, expires="2026-11-21")])
    assert facts(listing, DAY - timedelta(days=1)) == facts(listing, DAY)._replace(
        parts=(Part("radio", "KR"),), accounted=True
    )
    assert facts(listing, DAY).parts == (Part("radio", None),)
    assert facts(listing, DAY).accounted is False


def test_an_expired_declaration_is_none() -> None:
    declaration = {"regime": "A List", "code": "7", "evidence": {**EVIDENCE, "expires": "2026-11-21"}}
    listing = product("aircraft", declarations=[declaration])
    assert facts(listing, DAY - timedelta(days=1)).declarations == {("a list", "7")}
    assert facts(listing, DAY).declarations == frozenset()
