"""The history of prices is exactly what was imported and edited, and nothing can change it."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.market.catalogue.samples import MEMBER, STAFF, listing, stock, take, vendor
from tests.market.prices.samples import SYSTEM, breaks, offer

from skypact.market.catalogue.actions import EditListing
from skypact.market.catalogue.kept import document_of
from skypact.market.catalogue.models import Listing
from skypact.market.prices.actions import Terms, note_offers
from skypact.market.prices.models import Arrival, Observation
from skypact.schema import Listing as Record

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)


def seen() -> list[tuple[str, str, int, str, str]]:
    return [(o.listing, o.seller, o.number, o.price, o.currency) for o in Observation.objects.all()]


def test_an_import_notes_each_offer_exactly_as_quoted() -> None:
    steps = breaks((10, "90.0"), (50, "80"))
    report = stock(
        listing(
            "acme-mast",
            offers=[
                offer("100.50", quantity_breaks=steps, stock=4, lead_time_days=30, valid_until="2027-01-31"),
                offer(None, seller="acme"),
            ],
        ),
        listing("acme-pole"),
    )
    assert report.taken
    first, second = Observation.objects.all()
    assert {name: getattr(first, name) for name in Terms._fields} == {
        "withdrawn": False,
        "currency": "EUR",
        "price": "100.50",
        "breaks": '[[10, "90.0"], [50, "80"]]',
        "stock": 4,
        "lead_time_days": 30,
        "valid_until": datetime(2027, 1, 31).date(),
        "release": "PUBLIC",
        "listing_release": "PUBLIC",
        "grade": "stated",
        "source": "Acme brochure",
        "source_url": "https://acme.example/b",
        "source_date": datetime(2026, 1, 5).date(),
        "observed": datetime(2026, 1, 5).date(),
    }
    assert (first.number, second.number, second.price, second.currency) == (1, 2, "", "")
    revision = Listing.objects.first().revision
    assert (first.revision, first.at, first.actor) == (revision.pk, revision.at, "user:1 staff")
    assert sorted(Arrival.objects.values_list("listing", "revision", "actor")) == [
        ("acme-mast", revision.pk, "user:1 staff"),
        ("acme-pole", revision.pk, "user:1 staff"),
    ]


def test_what_did_not_change_is_not_noted_again() -> None:
    stock(listing(offers=[offer("100")]))
    stock(listing(offers=[offer("100")]))
    stock(listing(name="Another name", offers=[offer("100")]))
    assert seen() == [("acme-mast", "acme", 1, "100", "EUR")]
    assert Arrival.objects.count() == 1


def test_an_edit_is_noted_with_its_actor() -> None:
    stock(listing(offers=[offer("100")]))
    digest = Listing.objects.get().digest
    changed = document_of(listing(offers=[offer("120")]))
    EditListing(actor=STAFF, slug="acme-mast", document=changed, seen_digest=digest).execute()
    last = Observation.objects.last()
    assert (last.price, last.number, last.actor) == ("120", 1, "user:1 staff")
    assert last.revision == Listing.objects.get().revision_id


def test_a_withdrawn_offer_is_noted_and_its_return_continues_it() -> None:
    stock(listing(offers=[offer("100")]))
    stock(listing())
    stock(listing(offers=[offer("130")]))
    rows = [(o.number, o.withdrawn, o.price, o.currency, o.release) for o in Observation.objects.all()]
    assert rows == [
        (1, False, "100", "EUR", "PUBLIC"),
        (1, True, "", "", "PUBLIC"),
        (1, False, "130", "EUR", "PUBLIC"),
    ]


def test_offers_in_another_order_are_the_same_offers() -> None:
    one, other = offer("100"), offer("90", release="REL KR")
    stock(listing(offers=[one, other]))
    stock(listing(offers=[other, one]))
    assert len(seen()) == 2
    stock(listing(offers=[offer("95", release="REL KR"), one]))
    assert seen()[2:] == [("acme-mast", "acme", 2, "95", "EUR")]


def test_a_seller_of_several_is_followed_apart() -> None:
    stock(vendor(), vendor("beta"), listing(offers=[offer("100"), offer("110", seller="beta")]))
    stock(vendor(), vendor("beta"), listing(offers=[offer("111", seller="beta")]))
    assert [(o.seller, o.withdrawn, o.price) for o in Observation.objects.all()[2:]] == [
        ("beta", False, "111"),
        ("acme", True, ""),
    ]


def test_a_refused_import_notes_nothing() -> None:
    report = take(vendor(), listing(offers=[offer("100")]), "{")
    assert not report.taken
    with pytest.raises(PermissionDenied):
        take(vendor(), listing(offers=[offer("100")]), actor=MEMBER)
    assert (Observation.objects.count(), Arrival.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_noted() -> None:
    with pytest.raises(RuntimeError, match="only inside the transaction"):
        note_offers([listing()], revision=1, at=AT, actor=SYSTEM)
    assert not Arrival.objects.exists()


@pytest.mark.parametrize("table", ["prices_observation", "prices_arrival"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET actor = 'nobody'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_the_history(table: str, statement: str) -> None:
    stock(listing(offers=[offer("100")]))
    with (
        pytest.raises(DatabaseError, match="the history of prices is append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(table))
    assert Observation.objects.get().actor == Arrival.objects.get().actor == "user:1 staff"


def test_postgresql_refuses_to_empty_it(database: str) -> None:
    if database == "postgresql":
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE prices_observation")


Offers = st.lists(
    st.builds(
        lambda price, seller, currency, release, in_stock: offer(
            price, seller, currency, stock=in_stock, release=release
        ),
        st.sampled_from(["90", "100", "100.00", "125.5", None]),
        st.sampled_from(["acme", "beta"]),
        st.sampled_from(["EUR", "USD"]),
        st.sampled_from(["PUBLIC", "REL KR"]),
        st.sampled_from([None, 0, 7]),
    ),
    max_size=4,
)
States = st.lists(st.dictionaries(st.sampled_from(["aa-one", "aa-two"]), Offers, min_size=1), max_size=6)


def said(record: Record) -> Counter[tuple[Any, ...]]:
    """What the offers of a listing say, each as often as it is said."""
    return Counter(
        (
            item.seller,
            item.price and str(item.price.amount),
            item.price and item.price.currency,
            item.stock,
            item.evidence.release,
        )
        for item in record.offers
    )


@given(states=States)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_at_every_revision_the_history_says_what_the_listing_said(states: list[dict[str, Any]]) -> None:
    """The oracle: replay the observations up to a revision, and what stands is what was written there."""
    with transaction.atomic():
        written: dict[int, dict[str, Record]] = {0: {}}
        for revision, changed in enumerate(states, 1):
            records = [listing(slug, offers=offers) for slug, offers in changed.items()]
            note_offers(records, revision=revision, at=AT, actor=SYSTEM)
            written[revision] = {**written[revision - 1], **{record.id: record for record in records}}
        rows = list(Observation.objects.all())
        for revision, records in written.items():
            stands: dict[tuple[str, str, int], Observation] = {}
            for row in rows:
                if row.revision <= revision:
                    stands[row.listing, row.seller, row.number] = row
            for slug, record in records.items():
                found = Counter(
                    (row.seller, row.price or None, row.currency or None, row.stock, row.release)
                    for row in stands.values()
                    if row.listing == slug and not row.withdrawn
                )
                assert found == said(record)
        for earlier, later in _neighbours(rows):
            assert any(getattr(earlier, name) != getattr(later, name) for name in Terms._fields)
        assert set(Arrival.objects.values_list("listing", flat=True)) == set(written[len(states)])
        transaction.set_rollback(True)


def _neighbours(rows: list[Observation]) -> list[tuple[Observation, Observation]]:
    last: dict[tuple[str, str, int], Observation] = {}
    pairs = []
    for row in rows:
        key = (row.listing, row.seller, row.number)
        if key in last:
            pairs.append((last[key], row))
        last[key] = row
    return pairs


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_after_any_imports_and_edits_the_history_ends_with_what_the_catalogue_holds(seed: int) -> None:
    """Random files and edits through the catalogue's own acts; some say nothing new, some are refused."""
    chance = random.Random(seed)  # noqa: S311
    for _ in range(10):
        records = [_drawn(chance, slug) for slug in chance.sample(["aa-one", "aa-two", "aa-three"], 2)]
        held = Listing.objects.filter(slug=records[0].id).values_list("digest", flat=True).first()
        act = chance.choice(["import", "edit", "refused"])
        if act == "edit" and held:
            document = document_of(records[0])
            EditListing(actor=STAFF, slug=records[0].id, document=document, seen_digest=held).execute()
        elif act == "refused":
            assert not take(vendor(), *records, "{").taken
        else:
            stock(vendor(), vendor("beta"), *records)
        last = {(row.listing, row.seller, row.number): row for row in Observation.objects.all()}
        for row in Listing.objects.all():
            stands = Counter(
                (item.seller, item.price or None, item.currency or None, item.stock, item.release)
                for item in last.values()
                if item.listing == row.slug and not item.withdrawn
            )
            assert stands == said(row.record)
    for earlier, later in _neighbours(list(Observation.objects.all())):
        assert any(getattr(earlier, name) != getattr(later, name) for name in Terms._fields)
        assert earlier.revision < later.revision


def _drawn(chance: random.Random, slug: str) -> Record:
    offers = [
        offer(
            chance.choice(["90", "100", "125.5", None]),
            chance.choice(["acme", "beta"]),
            chance.choice(["EUR", "USD"]),
            stock=chance.choice([None, 0, 7]),
            release=chance.choice(["PUBLIC", "REL KR"]),
        )
        for _ in range(chance.randrange(4))
    ]
    return listing(slug, offers=offers)
