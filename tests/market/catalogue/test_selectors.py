"""Searching with filters, counts, order and pages; claims, offers and listings only for those who may read them."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.http import Http404
from tests.market.catalogue.samples import (
    AMERICAN,
    ANONYMOUS,
    DAY,
    KOREAN,
    MEMBER,
    STAFF,
    claim,
    evidence,
    listing,
    sensor,
    stock,
    vendor,
)

from skypact.market.catalogue import selectors
from skypact.market.catalogue.relating import relations_of
from skypact.market.catalogue.selectors import Filters
from skypact.market.catalogue.withdrawing import RelistListing, WithdrawListing
from skypact.market.core.access import Actor
from skypact.schema import Catalogue

pytestmark = pytest.mark.django_db


def port(standard: str, **changes: object) -> dict[str, object]:
    return {"id": "data", "kind": "data", "standard": standard, "role": "provides", "evidence": evidence(**changes)}


def offer(**changes: object) -> dict[str, object]:
    return {"seller": "acme", "price": {"amount": "100", "currency": "EUR"}, "evidence": evidence(), **changes}


@pytest.fixture
def stocked() -> None:
    stock(
        vendor(),
        vendor("borealis", nation="NO"),
        listing("acme-radar", category="sensor.radar", sensors=[sensor()], ports=[port("SAPIENT")]),
        listing(
            "acme-camera", category="sensor.camera", sensors=[sensor("camera")], mass=[claim(2, "kg", grade="tested")]
        ),
        listing("borealis-mast", vendor="borealis", offers=[offer(seller="borealis")]),
        listing("SYN-0000001", evidence=[evidence(provenance="synthetic")]),
    )


def slugs(actor: Actor = ANONYMOUS, on: date = DAY, **asked: object) -> list[str]:
    return [item.record.id for item in selectors.search(actor, Filters(**asked), on=on).page.items]


EVERYTHING_BY_MASS = ["acme-camera", "acme-radar", "borealis-mast", "SYN-0000001"]


@pytest.mark.usefixtures("stocked")
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, ["acme-radar", "acme-camera", "borealis-mast", "SYN-0000001"]),
        ({"sort": "name"}, ["acme-camera", "acme-radar", "borealis-mast", "SYN-0000001"]),
        ({"sort": "vendor"}, ["acme-camera", "acme-radar", "SYN-0000001", "borealis-mast"]),
        ({"chosen": {"family": ("sensor",)}}, ["acme-radar", "acme-camera"]),
        ({"chosen": {"category": ("sensor.radar", "mount")}}, ["acme-radar", "borealis-mast", "SYN-0000001"]),
        ({"chosen": {"nation": ("NO",)}}, ["borealis-mast"]),
        ({"chosen": {"vendor": ("acme",), "family": ("mount",)}}, ["SYN-0000001"]),
        ({"chosen": {"sensor_kind": ("camera",)}}, ["acme-camera"]),
        ({"chosen": {"interface": ("SAPIENT",)}}, ["acme-radar"]),
        ({"chosen": {"grade": ("tested",)}}, ["acme-camera"]),
        ({"chosen": {"price": ("yes",)}}, ["borealis-mast"]),
        ({"chosen": {"synthetic": ("yes",)}}, ["SYN-0000001"]),
        ({"chosen": {"synthetic": ("no",), "family": ("mount",)}}, ["borealis-mast"]),
        ({"chosen": {"synthetic": ("no", "yes"), "family": ("mount",)}}, ["borealis-mast", "SYN-0000001"]),
        ({"between": {"mass": (1.0, 2.0)}}, ["acme-camera"]),
        ({"between": {"mass": (None, 1.9)}}, []),
        ({"between": {"price_eur": (100.0, None)}}, ["borealis-mast"]),
        ({"between": {"price_usd": (None, None)}, "sort": "mass"}, EVERYTHING_BY_MASS),
        ({"q": "radar", "chosen": {"nation": ("KR",)}}, ["acme-radar"]),
        ({"q": "radr"}, ["acme-radar"]),
        ({"q": "mast 2 kg"}, []),
        ({"q": "camera 2 kg"}, ["acme-camera"]),
        ({"q": "?"}, []),
        ({"chosen": {"family": ("boats",)}}, []),
    ],
)
def test_filters_and_order(asked: dict[str, object], expected: list[str]) -> None:
    assert slugs(**asked) == expected


@pytest.mark.usefixtures("stocked")
def test_counts_of_a_facet_ignore_its_own_choice_and_keep_the_others() -> None:
    asked = Filters(chosen={"vendor": ("acme",), "category": ("mount",)})
    found = selectors.search(ANONYMOUS, asked, on=DAY)
    counts = {name: {item.value: item.count for item in values} for name, values in found.facets.items() if values}
    assert counts == {
        "family": {"mount": 1},
        "category": {"mount": 1, "sensor.camera": 1, "sensor.radar": 1},
        "nation": {"KR": 1},
        "vendor": {"acme": 1, "borealis": 1},
        "synthetic": {"yes": 1},
        "provenance": {"synthetic": 1},
    }
    assert [(item.name, item.chosen) for item in found.facets["vendor"]] == [("Acme", True), ("Borealis", False)]


@pytest.mark.usefixtures("stocked")
def test_numbers_are_counted_in_bins() -> None:
    mass = selectors.search(ANONYMOUS, Filters(), on=DAY).numbers["mass"]
    assert (mass.known, [(item.low, item.high) for item in mass.bins if item.count]) == (1, [(1.0, 5.0)])


@pytest.mark.usefixtures("stocked")
def test_typing_errors_and_quantities_are_told() -> None:
    found = selectors.search(ANONYMOUS, Filters(q="radr 5 km"), on=DAY)
    assert [(item.word, item.instead) for item in found.corrections] == [("radr", ("radar",))]
    assert [(item.text, item.value) for item in found.quantities] == [("5 km", 5000.0)]


def test_withdrawn_listing_is_in_no_search_facet_export_or_composing_but_keeps_its_page() -> None:
    stock(listing(), listing("acme-pole", substitutes=["acme-mast"]))
    act = WithdrawListing(actor=STAFF, slug="acme-mast", reason="sold out", on=DAY)
    act.execute()
    assert slugs() == slugs(q="acme") == ["acme-pole"]
    assert selectors.search(ANONYMOUS, Filters(), on=DAY).facets["category"][0].count == 1
    records = [*selectors.records(ANONYMOUS, on=DAY)]
    assert [record.id for record in records] == ["acme", "acme-pole"]
    assert records[1].substitutes == ()
    assert [item.id for item in selectors.catalogue(ANONYMOUS, on=DAY).listings] == ["acme-pole"]
    assert selectors.listing(ANONYMOUS, "acme-mast", on=DAY).withdrawn == DAY
    stock(listing(name="Other name"))
    assert slugs() == ["acme-pole"]
    RelistListing(actor=STAFF, slug="acme-mast", reason="back", on=DAY).execute()
    assert slugs(q="other") == ["acme-mast"]


@pytest.mark.usefixtures("stocked")
def test_pages() -> None:
    second = selectors.search(ANONYMOUS, Filters(), on=DAY, page="2", size=3).page
    assert [item.record.id for item in second.items] == ["SYN-0000001"]
    assert (second.number, second.pages, second.total) == (2, 2, 4)
    assert selectors.search(ANONYMOUS, Filters(), on=DAY, page="99", size=3).page.number == 2


def test_expired_evidence_no_longer_counts() -> None:
    stock(
        listing(
            mass=[claim(1, "kg", grade="tested", expires="2026-06-01")],
            offers=[offer(valid_until="2026-06-01")],
        )
    )
    assert slugs(chosen={"grade": ("tested",)}, on=date(2026, 5, 31)) == ["acme-mast"]
    assert slugs(chosen={"grade": ("tested",)}, on=date(2026, 6, 1)) == []
    assert slugs(chosen={"price": ("yes",)}, on=date(2026, 6, 1)) == ["acme-mast"]
    assert slugs(chosen={"price": ("yes",)}, on=date(2026, 6, 2)) == []


READERS = {
    "anonymous": (ANONYMOUS, {"PUBLIC"}),
    "member": (MEMBER, {"PUBLIC", "REGISTERED"}),
    "american": (AMERICAN, {"PUBLIC", "REGISTERED", "REL KR,US"}),
    "korean": (KOREAN, {"PUBLIC", "REGISTERED", "REL KR,US", "REL KR"}),
    "staff": (STAFF, {"PUBLIC", "REGISTERED", "REL KR,US", "REL KR"}),
}
LABELS = ("PUBLIC", "REGISTERED", "REL KR,US", "REL KR")


@pytest.mark.parametrize(("reader", "label"), list(product(READERS, LABELS)))
def test_listing_of_every_label_for_every_reader(reader: str, label: str) -> None:
    actor, allowed = READERS[reader]
    stock(listing(release=label), listing("acme-radio", category="radio", substitutes=["acme-mast"]))
    readable = label in allowed
    assert slugs(actor) == (["acme-mast", "acme-radio"] if readable else ["acme-radio"])
    assert slugs(actor, q="mast") == (["acme-mast"] if readable else [])
    facets = selectors.search(actor, Filters(), on=DAY).facets
    assert [item.value for item in facets["category"]] == (["mount", "radio"] if readable else ["radio"])
    other = selectors.listing(actor, "acme-radio", on=DAY).record
    assert other.substitutes == (("acme-mast",) if readable else ())
    shown = relations_of(actor, other, on=DAY).substitutes
    assert [item.record.id for item in shown] == (["acme-mast"] if readable else [])
    exported = [record.id for record in selectors.records(actor, on=DAY)]
    assert exported == (["acme", "acme-mast", "acme-radio"] if readable else ["acme", "acme-radio"])
    if not readable:
        with pytest.raises(Http404, match=r"^There is no listing acme-mast\.$"):
            selectors.listing(actor, "acme-mast", on=DAY)


@pytest.mark.parametrize(("reader", "label"), list(product(READERS, LABELS)))
def test_claim_port_and_offer_of_every_label_for_every_reader(reader: str, label: str) -> None:
    actor, allowed = READERS[reader]
    stocked = listing(
        category="sensor.radar",
        mass=[claim(1, "kg", grade="fielded", release=label), claim(2, "kg")],
        sensors=[sensor(ranges=[{"target": "drone", "range": [claim(900, "m", release=label)]}])],
        ports=[port("SAPIENT", release=label)],
        offers=[offer(evidence=evidence(release=label))],
    )
    stock(stocked)
    readable = label in allowed
    seen = selectors.listing(actor, "acme-mast", on=DAY).record
    if readable:
        assert seen == stocked
    else:
        assert [item.value for item in seen.mass] == [2.0]
        assert (seen.sensors[0].ranges, seen.ports, seen.offers) == ((), (), ())
    for facet, value in (("interface", "SAPIENT"), ("grade", "fielded"), ("price", "yes")):
        assert slugs(actor, chosen={facet: (value,)}) == (["acme-mast"] if readable else [])
        counted = {item.value for item in selectors.search(actor, Filters(), on=DAY).facets[facet]}
        assert (value in counted) is readable


@pytest.mark.parametrize("reader", READERS)
def test_catalogue_for_the_engines_is_whole_in_itself(reader: str) -> None:
    actor = READERS[reader][0]
    stock(listing(release="REL KR"), listing("acme-radio", category="radio", variant_of="acme-mast"))
    seen = selectors.catalogue(actor, on=DAY)
    assert Catalogue.model_validate(seen.model_dump()) == seen


def test_vendor_without_listings_and_unknown_vendor() -> None:
    stock(vendor())
    assert selectors.vendor(ANONYMOUS, "acme")[1] == vendor()
    with pytest.raises(Http404, match=r"^There is no vendor nobody\.$"):
        selectors.vendor(ANONYMOUS, "nobody")


def test_revision_counts_changes() -> None:
    assert selectors.revision() == 0
    stock(listing())
    first = selectors.revision()
    stock(listing())
    assert selectors.revision() == first
    stock(listing(name="Other"))
    assert selectors.revision() > first


def test_an_answer_is_kept_for_readers_who_may_see_the_same_until_the_catalogue_changes() -> None:
    stock(vendor(), listing("acme-1"), listing("acme-2", release="REL KR"))
    kim, lee, american = KOREAN, Actor(label="user:9 lee", user_id=9, nation="KR"), AMERICAN
    asked = Filters(q="acme", chosen={"vendor": ("acme",)})
    first = selectors.search(kim, asked, on=DAY)
    assert first.page.total == 2
    assert selectors.search(lee, Filters(q="acme", chosen={"vendor": ("acme",)}), on=DAY) is first
    assert selectors.search(american, asked, on=DAY).page.total == 1
    assert selectors.search(kim, asked, on=DAY, facets=False) is not first
    assert selectors.search(kim, asked, on=DAY + timedelta(days=1)) is not first
    stock(vendor(), listing("acme-3"))
    assert selectors.search(kim, asked, on=DAY).page.total == 3


def test_the_oldest_answers_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors, "_MOST_REMEMBERED", 2)
    stock(vendor(), listing("acme-1"))
    one, two, three = (Filters(q=text) for text in ("acme", "one", "thing"))
    first, second = (selectors.search(ANONYMOUS, filters, on=DAY) for filters in (one, two))
    assert selectors.search(ANONYMOUS, one, on=DAY) is first
    selectors.search(ANONYMOUS, three, on=DAY)
    assert selectors.search(ANONYMOUS, one, on=DAY) is first
    assert selectors.search(ANONYMOUS, two, on=DAY) is not second
