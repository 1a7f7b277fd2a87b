"""The audit: what was found, who did it, where the event log holds it, and whether the log is whole."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from importlib import import_module

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from tests.market.catalogue.samples import ANONYMOUS, MEMBER, STAFF, listing, stock, vendor
from tests.market.prices.samples import START, breaks, note, offer

from skypact.market.catalogue.actions import EditListing
from skypact.market.catalogue.kept import document_of
from skypact.market.catalogue.models import Listing
from skypact.market.core.access import Actor
from skypact.market.core.models import Event
from skypact.market.prices.auditing import audit, csv_of
from skypact.market.prices.findings import FindingKind

pytestmark = pytest.mark.django_db

EDITOR = Actor(label="user:7 editor", user_id=7, is_staff=True)


def edit(slug: str, **changes: object) -> None:
    record = listing(slug, **changes)
    digest = Listing.objects.get(slug=slug).digest
    EditListing(actor=EDITOR, slug=slug, document=document_of(record), seen_digest=digest).execute()


def test_without_changes_nothing_is_found() -> None:
    report = audit(STAFF)
    assert (report.findings, report.chain.whole, report.chain.events) == ((), True, 0)
    stock(listing(offers=[offer("100")]))
    report = audit(STAFF)
    assert (report.findings, report.chain.events, report.rise_percent, report.rise_days) == ((), 1, 10.0, 90)


def test_every_finding_names_the_actor_and_the_event() -> None:
    stock(vendor(), vendor("beta"), listing("acme-mast", offers=[offer("100")]), listing("acme-pole"))
    edit("acme-mast", offers=[offer("150")])
    stock(vendor(), vendor("beta"), listing("acme-pole", offers=[offer("9", "beta")]))
    edit("acme-mast", offers=[offer("120")])
    edit("acme-mast", offers=[offer("120", currency="USD")])
    edit("acme-mast")
    report = audit(STAFF)
    assert [(item.kind.value, item.listing, item.seller, item.actor, item.event) for item in report.findings] == [
        ("rise", "acme-mast", "acme", "user:7 editor", 2),
        ("added", "acme-pole", "beta", "user:1 staff", 3),
        ("reversed", "acme-mast", "acme", "user:7 editor", 4),
        ("currency", "acme-mast", "acme", "user:7 editor", 5),
        ("withdrawn", "acme-mast", "acme", "user:7 editor", 6),
    ]
    assert (report.chain.whole, report.chain.events) == (True, Event.objects.count())
    assert report.count(FindingKind.REVERSED) == 1
    for item in report.findings:
        assert Event.objects.get(sequence=item.event).actor == item.actor


def test_restricted_prices_are_audited_too() -> None:
    note(0, offer("100", release="REL KR"))
    note(10, offer("150", release="REL US"))
    assert [(item.kind.value, str(item.before), str(item.after)) for item in audit(STAFF).findings] == [
        ("rise", "100 EUR", "150 EUR")
    ]


def test_from_a_day_on() -> None:
    note(0, offer("100"))
    note(10, offer("150"))
    note(20, offer("170"))
    ten = START.date() + timedelta(days=10)
    assert [item.at for item in audit(STAFF, since=ten).findings] == [
        START + timedelta(days=10),
        START + timedelta(days=20),
    ]
    assert [item.at for item in audit(STAFF, since=ten + timedelta(days=1)).findings] == [START + timedelta(days=20)]
    assert audit(STAFF, since=timezone.localdate() + timedelta(days=1)).findings == ()


@pytest.mark.parametrize("actor", [ANONYMOUS, MEMBER], ids=lambda actor: actor.label)
def test_only_staff_reads_the_audit(actor: Actor) -> None:
    with pytest.raises(PermissionDenied, match="may not read the audit of prices; only staff may"):
        audit(actor)


def test_a_log_that_was_rewritten_is_told() -> None:
    stock(listing(offers=[offer("100")]))
    append_only = import_module("skypact.market.core.migrations.0002_event_log_is_append_only")
    with connection.cursor() as cursor:
        for statement in append_only.DROP[connection.vendor]:
            cursor.execute(statement)
    Event.objects.update(payload="{}")
    chain = audit(STAFF).chain
    assert (chain.whole, chain.events) == (False, 1)
    assert chain.fault.startswith("event 1 was changed: it carries ")


def test_as_csv() -> None:
    note(0, offer("100", quantity_breaks=breaks((10, "90.00"))))
    note(10, offer("125", quantity_breaks=breaks((10, "101.25"))))
    note(20)
    rows = list(csv.reader(io.StringIO(csv_of(audit(STAFF)))))
    assert [",".join(row) for row in rows[1:]] == [
        "2026-01-11T12:00:00+00:00,rise,acme-mast,acme,1,1,100,EUR,2026-01-01T12:00:00+00:00,125,EUR,25,system:test,11,",
        "2026-01-21T12:00:00+00:00,withdrawn,acme-mast,acme,1,1,125,EUR,2026-01-11T12:00:00+00:00,,,,system:test,21,",
    ]
    assert rows[0][:3] == ["at", "kind", "listing"]


def test_no_cell_runs_as_a_formula() -> None:
    note(0, offer("100"))
    note(10, offer("150"), actor=Actor(label="=HYPERLINK(1)", is_staff=True))
    assert "'=HYPERLINK(1)" in csv_of(audit(STAFF))
