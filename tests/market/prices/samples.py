"""Offers and their histories for the tests of prices."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from tests.market.catalogue.samples import evidence, listing

from skypact.market.core.access import Actor
from skypact.market.prices.actions import note_offers

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
SYSTEM = Actor.system("test")


def offer(price: str | None = "100.00", seller: str = "acme", currency: str = "EUR", **changes: Any) -> dict[str, Any]:
    money = None if price is None else {"amount": price, "currency": currency}
    label = changes.pop("release", "PUBLIC")
    return {"seller": seller, "price": money, "evidence": evidence(release=label), **changes}


def breaks(*steps: tuple[int, str], currency: str = "EUR") -> list[dict[str, Any]]:
    return [{"quantity": quantity, "price": {"amount": amount, "currency": currency}} for quantity, amount in steps]


def note(day: int, *offers: dict[str, Any], slug: str = "acme-mast", actor: Actor = SYSTEM, **changes: Any) -> None:
    """Note on the day after :data:`START`, as that day's revision, what a listing offers."""
    with transaction.atomic():
        record = listing(slug, offers=list(offers), **changes)
        note_offers([record], revision=day + 1, at=START + timedelta(days=day), actor=actor)


def noted(*prices: tuple[int, str | None]) -> None:
    """The history of one offer: (day, price); None withdraws it."""
    for day, price in prices:
        note(day, *([] if price is None else [offer(price)]))
