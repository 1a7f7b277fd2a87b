"""What a listing can be filtered by beyond its own columns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from skypact.schema import Claim, Listing, Model, Offer, PortKind

SENSOR_KIND, INTERFACE, GRADE, PRICE = "sensor_kind", "interface", "grade", "price"


class Found(NamedTuple):
    """One trait: attribute, value, who may know it, and from which day on it no longer holds."""

    attribute: str
    value: str
    release: str
    expires: date | None


def traits_of(listing: Listing) -> list[Found]:
    """Every trait of ``listing``, each once."""
    found = {Found(SENSOR_KIND, sensor.kind.value, "PUBLIC", None) for sensor in listing.sensors}
    for port in listing.ports:
        if port.kind is PortKind.DATA:
            found.add(Found(INTERFACE, port.standard, port.evidence.release, port.evidence.expires))
    for offer in listing.offers:
        if offer.price is not None:
            found.add(Found(PRICE, "yes", offer.evidence.release, _last_day_after(offer)))
    for claim in claims(listing):
        if claim.value is not None:
            found.add(Found(GRADE, claim.grade.value, claim.release, claim.expires))
    return sorted(found, key=lambda trait: (*trait[:3], trait.expires or date.max))


def _last_day_after(offer: Offer) -> date | None:
    """The first day on which the offer no longer holds; ``valid_until`` is its last good day."""
    after = None if offer.valid_until is None else offer.valid_until + timedelta(days=1)
    return min((day for day in (offer.evidence.expires, after) if day is not None), default=None)


def claims(model: Model) -> Iterator[Claim[float] | Claim[str] | Claim[bool]]:
    """Every claim inside ``model``."""
    for name in type(model).model_fields:
        value = getattr(model, name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Claim):
                yield item
            elif isinstance(item, Model):
                yield from claims(item)
