"""Units, their acceptances and ratings for the tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

from django.contrib.auth import get_user_model
from django.utils import timezone
from tests.market.catalogue.samples import listing, stock, vendor

from skypact.market.accounts.models import User
from skypact.market.core.access import Actor
from skypact.market.ratings.actions import RateItem, RecordAcceptance
from skypact.market.ratings.models import Acceptance

STAFF = Actor(label="user:1 staff", user_id=1, is_staff=True)
UNIT = "3rd Test Squadron"
DELIVERY: dict[str, Any] = {
    "nation": "KR",
    "organisation": UNIT,
    "listing": "acme-mast",
    "delivery": "D-1",
    "accepted_on": date(2026, 10, 1),
    "quantity": 4,
}
WORDS: dict[str, Any] = {"score": 4, "pros": "Light.", "cons": "Sways in wind.", "conditions": "Coast, two weeks."}


def person(name: str, **fields: Any) -> User:
    """An account."""
    return get_user_model().objects.create_user(name, password="x", **fields)


def soldier(name: str = "kim", organisation: str = UNIT, nation: str = "KR") -> User:
    """Somebody of a unit."""
    return person(name, organisation=organisation, nation=nation, role="military")


def seller(name: str = "sam") -> User:
    """Somebody who acts for the vendor acme."""
    return person(name, vendor="acme")


def actor(user: User) -> Actor:
    """The actor that ``user`` is."""
    return Actor.of_user(user)


def accepted(**changes: Any) -> Acceptance:
    """A recorded acceptance of the stocked mast."""
    return RecordAcceptance(actor=STAFF, **{**DELIVERY, **changes}).execute()


def stocked() -> None:
    """A catalogue with one mast of acme, and another vendor."""
    stock(vendor(), vendor("other"), listing())


@contextmanager
def days_ago(days: int) -> Iterator[None]:
    """What is done inside was done ``days`` ago."""
    then = timezone.now() - timedelta(days=days)
    with patch("skypact.market.ratings.actions.timezone.now", lambda: then):
        yield


def rated(user: User, *, ago: int = 0, **words: Any) -> int:
    """The id of a rating that ``user`` gave ``ago`` days ago for an acceptance of the user's unit."""
    count = Acceptance.objects.count()
    taken = accepted(organisation=user.organisation, nation=user.nation, delivery=f"D-{count + 1}")
    with days_ago(ago):
        return RateItem(actor=actor(user), acceptance=taken.pk, **{**WORDS, **words}).execute().rating_id
