"""A catalogue that was there before its prices were kept: the history begins with what it holds."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from tests.market.catalogue.samples import STAFF, listing, stock, vendor
from tests.market.prices.samples import offer

from skypact.market.catalogue import storing
from skypact.market.prices.auditing import audit
from skypact.market.prices.models import Arrival, Observation

pytestmark = pytest.mark.django_db


def test_each_offer_is_noted_at_the_revision_that_wrote_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr(storing, "note_offers", lambda *_, **__: None)
        stock(vendor(), listing("acme-mast", offers=[offer("100.50", stock=3)]), listing("acme-pole"))
    assert not Arrival.objects.exists()
    begin = import_module("skypact.market.prices.migrations.0003_history_begins").begin
    begin(apps, None)
    begin(apps, None)
    row = apps.get_model("catalogue", "Listing").objects.select_related("revision").get(slug="acme-mast")
    noted = Observation.objects.get()
    assert (noted.listing, noted.price, noted.stock) == ("acme-mast", "100.50", 3)
    assert (noted.revision, noted.at, noted.actor) == (row.revision_id, row.revision.at, "system:migration")
    assert sorted(Arrival.objects.values_list("listing", flat=True)) == ["acme-mast", "acme-pole"]
    stock(vendor(), listing("acme-mast", offers=[offer("120")]))
    assert [item.kind.value for item in audit(STAFF).findings] == ["rise"]
