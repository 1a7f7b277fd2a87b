"""Taking a listing out of the offer, and back in. Its page stays, and what names it keeps working."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from datetime import date

from skypact.market.catalogue.actions import next_revision
from skypact.market.catalogue.holding import hold_catalogue
from skypact.market.catalogue.models import Listing
from skypact.market.catalogue.storing import set_withdrawn
from skypact.market.core.actions import Action, StateError
from skypact.market.core.events import Record
from skypact.market.core.models import Event

LONGEST_REASON = 2000
_OBJECT = "catalogue.listing"


@dataclass(kw_only=True)
class _Offering(Action[Listing]):
    """An act that begins or ends that a listing is offered."""

    slug: str
    reason: str
    on: date

    def check(self) -> None:
        self.actor.require_staff(f"{self.act} a listing")
        hold_catalogue()
        stored = Listing.objects.filter(slug=self.slug).values_list("withdrawn", flat=True)
        if not stored:
            raise StateError(f"there is no listing {self.slug}")
        self.refuse(stored[0])
        if not 0 < len(self.reason.strip()) <= LONGEST_REASON:
            raise StateError(f"say why, in at most {LONGEST_REASON} characters")

    @property
    @abstractmethod
    def act(self) -> str:
        """The act in words."""

    @abstractmethod
    def refuse(self, withdrawn: date | None) -> None:
        """Raises StateError where the listing's state forbids the act."""

    def moved(self, withdrawn: date | None) -> Listing:
        """The listing, offered no longer since ``withdrawn``, or again."""
        return set_withdrawn(self.slug, withdrawn, next_revision(), self.actor)

    def record(self, result: Listing) -> Record:
        data = {"reason": self.reason.strip(), "on": self.on.isoformat(), "revision": result.revision_id}
        return Record(object_type=_OBJECT, object_id=result.slug, data=data)


@dataclass(kw_only=True)
class WithdrawListing(_Offering):
    """The vendor no longer offers it: searches leave it out, its page says since when and why."""

    code = "catalogue.withdraw_listing"

    @property
    def act(self) -> str:
        return "withdraw"

    def refuse(self, withdrawn: date | None) -> None:
        if withdrawn is not None:
            raise StateError(f"{self.slug} is withdrawn since {withdrawn} already")

    def perform(self) -> Listing:
        return self.moved(self.on)


@dataclass(kw_only=True)
class RelistListing(_Offering):
    """The vendor offers a withdrawn listing again."""

    code = "catalogue.relist_listing"

    @property
    def act(self) -> str:
        return "relist"

    def refuse(self, withdrawn: date | None) -> None:
        if withdrawn is None:
            raise StateError(f"{self.slug} is not withdrawn")

    def perform(self) -> Listing:
        return self.moved(None)


def reason_of(slug: str) -> str:
    """Why the listing was withdrawn last, as the event log keeps it; empty where it never was."""
    events = Event.objects.filter(object_type=_OBJECT, object_id=slug, action=WithdrawListing.code)
    last = events.order_by("-sequence").first()
    return "" if last is None else str(last.data["reason"])
