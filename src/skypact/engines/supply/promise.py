"""Dates: when one listing arrives, and when the whole kit is complete."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from skypact.engines.supply.pricing import assumption_for, valid_offers
from skypact.schema import Answer, Assumption, AssumptionKind, Basis, Delivery, Listing, Requirement, Sentence, sentence


@dataclass(frozen=True)
class LeadTime:
    """Days from order to receipt, and on what the figure rests."""

    days: int | None
    basis: Basis
    note: Sentence
    assumption: Assumption | None = None

    def arrives(self, ordered_on: date) -> date | None:
        """The day of receipt, or ``None`` when it is unknown."""
        return None if self.days is None else ordered_on + timedelta(days=self.days)


def lead_time(listing: Listing, requirement: Requirement, *, on: date) -> LeadTime:
    """The shortest lead time any valid offer promises, else the assumed one, else unknown."""
    promised = [offer for offer in valid_offers(listing, on=on) if offer.lead_time_days is not None]
    if promised:
        best = min(promised, key=lambda offer: offer.lead_time_days or 0)
        return LeadTime(
            days=best.lead_time_days, basis=Basis.OFFER, note=sentence("offer of {seller}", seller=best.seller)
        )
    assumption = assumption_for(listing, AssumptionKind.LEAD_TIME_DAYS, requirement)
    if assumption is not None:
        return LeadTime(
            days=math.ceil(assumption.value),
            basis=Basis.ASSUMPTION,
            note=sentence("assumed: {basis}", basis=assumption.basis),
            assumption=assumption,
        )
    return LeadTime(days=None, basis=Basis.UNKNOWN, note=sentence("no lead time is public and none is assumed"))


def completion(
    lead_times: Mapping[str, LeadTime], *, requirement: Requirement, on: date, single_source: tuple[str, ...]
) -> Delivery:
    """When everything has arrived: the last arrival; unknown as soon as one lead time is unknown.

    A known arrival after the deadline makes the answer "no" even while others are unknown.
    """
    arrivals = {listing: lead.arrives(on) for listing, lead in lead_times.items()}
    known = {listing: day for listing, day in arrivals.items() if day is not None}
    unknown = tuple(sorted(listing for listing, day in arrivals.items() if day is None))
    last = max(known.values(), default=None)
    late = last is not None and last > requirement.deadline
    if late:
        answer = Answer.NO
    elif unknown:
        answer = Answer.UNKNOWN
    else:
        answer = Answer.YES
    deciding = tuple(sorted(listing for listing, day in known.items() if day == last))
    return Delivery(
        ordered_on=on,
        complete_on=None if unknown else last,
        deadline=requirement.deadline,
        answer=answer,
        critical=unknown or deciding,
        single_source=single_source,
    )
