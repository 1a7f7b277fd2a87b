"""What one actor may see of products that could work together, and what the engine says of them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.http import Http404

from skypact.engines.interop import Mains, best_fit, results_along
from skypact.engines.interop.mating import Fit
from skypact.engines.interop.together import (
    Aspect,
    Finding,
    Kept,
    Offered,
    Part,
    Question,
    Together,
    Wanted,
    answer,
    kept,
)
from skypact.market.catalogue import selectors as catalogue
from skypact.market.catalogue.selectors import Filters, SeenListing
from skypact.market.core.access import Actor
from skypact.market.lab.selectors import seen_tested, tested
from skypact.market.prices.exchange import BASE, Exchange, exchange
from skypact.market.relations.models import Kind
from skypact.market.relations.selectors import pointing_to
from skypact.schema import Answer, InputError, Listing, TestedPort
from skypact.seed import coexistence_rules

#: What may be added to a set.
ADDABLE = ("c2", "gateway", "adapter", "power", "network")
MOST_PARTS = 40
MOST_UNITS = 99
#: How long one search for additions may take, s.
LIMIT_S = 20.0
#: Whose additions are remembered: those of the last standings asked for.
_MOST_REMEMBERED = 4
_remembered: OrderedDict[tuple[int, str, date], tuple[Listing, ...]] = OrderedDict()
_remembering = threading.Lock()


@dataclass(frozen=True)
class Chosen:
    """One line of the set as a reader asks for it."""

    listing: str
    quantity: int = 1
    owned: bool = False


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The set and the shape it is wanted in, as a reader asks for it."""

    chosen: tuple[Chosen, ...]
    wanted: Wanted = field(default_factory=Wanted)
    currency: str = "EUR"
    complete: bool = True
    """whether additions are looked for"""


@dataclass(frozen=True)
class Answered:
    """The engine's answer, with the listings it speaks of as the reader may see them."""

    asked: Asked
    question: Question
    found: Together
    listings: Mapping[str, Listing]

    def results(self, finding: Finding) -> tuple[TestedPort, ...]:
        """What labs say of the ports at which the products of a finding about data meet."""
        if finding.aspect is not Aspect.DATA or finding.answer is Answer.NO:
            return ()
        return results_along([self.listings[one] for one in finding.subjects])

    @property
    def kept(self) -> tuple[Kept, ...]:
        """Whether the completion keeps the budget and the mass, where they are limited."""
        return () if self.found.completion is None else kept(self.question, self.found.completion)

    def name(self, identifier: str) -> str:
        """The listing's English name."""
        return self.listings[identifier].name


def answered(actor: Actor, asked: Asked, *, on: date, file: str = "question") -> Answered:
    """The answer to a set question out of what ``actor`` may see.

    Raises Http404 for a listing that is not there for the actor, InputError for a set that is empty or too large.
    """
    if not asked.chosen:
        raise InputError.single(file=file, place="listings", accepted="at least one listing")
    if len(asked.chosen) > MOST_PARTS:
        raise InputError.single(
            file=file, place="listings", value=str(len(asked.chosen)), accepted=f"at most {MOST_PARTS} listings"
        )
    # Read with the set itself, so that the number of statements tells nothing of spares the actor may not see.
    pointing = pointing_to([one.listing for one in asked.chosen], (Kind.SPARE, Kind.SUBSTITUTE))
    wanted = dict.fromkeys([*(one.listing for one in asked.chosen), *(source for source, _, _ in pointing)])
    found = {item.record.id: item for item in seen_tested(actor, catalogue.listings(actor, list(wanted), on=on), on=on)}
    seen = {one.listing: found[one.listing].record for one in asked.chosen if one.listing in found}
    for one in asked.chosen:
        if one.listing not in seen:
            raise Http404(f"There is no listing {one.listing}.")
        if not 1 <= one.quantity <= MOST_UNITS:
            raise InputError.single(
                file=file, place=one.listing, value=str(one.quantity), accepted=f"a quantity from 1 to {MOST_UNITS}"
            )
    offered: tuple[Offered, ...] = ()
    if asked.complete:
        rates = exchange(on)
        additions = tested(actor, addable(actor, on=on), on=on)
        _require_currency(asked.currency, rates, additions, file)
        offered = tuple(Offered(one, price_in(one, asked.currency, rates, on)) for one in additions)
    question = Question(
        parts=tuple(Part(seen[one.listing], one.quantity, one.owned) for one in asked.chosen),
        wanted=asked.wanted,
        on=on,
        offered=offered,
        rules=coexistence_rules(),
        supported=_supported(pointing, found),
    )
    listings = seen | {one.listing.id: one.listing for one in offered}
    return Answered(asked, question, answer(question, limit_s=LIMIT_S), listings)


def _require_currency(currency: str, rates: Exchange, listings: Sequence[Listing], file: str) -> None:
    """Raises InputError for a currency in which nothing can be priced."""
    known = {BASE, *rates.currencies}
    if currency in known:
        return
    priced = (offer.unit_price(1) for one in listings for offer in one.offers)
    known |= {price.currency for price in priced if price is not None}
    if currency not in known:
        accepted = f"a currency that prices are in or can be converted to: {', '.join(sorted(known))}"
        raise InputError.single(file=file, place="currency", value=currency, accepted=accepted)


def addable(actor: Actor, *, on: date) -> tuple[Listing, ...]:
    """Everything that ``actor`` may find and that may be added to a set; remembered for readers of one standing."""
    key = (catalogue.revision(), actor.standing, on)
    with _remembering:
        known = _remembered.get(key)
        if known is not None:
            _remembered.move_to_end(key)
            return known
    found = catalogue.records(actor, on=on, filters=Filters(chosen={"family": ADDABLE}))
    listings = tuple(one for one in found if isinstance(one, Listing))
    with _remembering:
        _remembered[key] = listings
        while len(_remembered) > _MOST_REMEMBERED:
            _remembered.popitem(last=False)
    return listings


def price_in(listing: Listing, currency: str, rates: Exchange, on: date) -> float | None:
    """The lowest valid price of one in ``currency``; ``None`` where nobody states one that can be converted."""
    prices = []
    for offer in listing.offers:
        price = offer.unit_price(1)
        if price is None or (offer.valid_until is not None and offer.valid_until < on):
            continue
        converted = price if price.currency == currency else rates.convert(price, currency)
        if converted is not None:
            prices.append(float(converted.amount))
    return min(prices, default=None)


def _supported(pointing: Sequence[tuple[str, Kind, str]], found: Mapping[str, SeenListing]) -> frozenset[str]:
    """Those of the listings for which the actor may see a spare or a substitute that is still offered."""
    return frozenset(
        target
        for source, _, target in pointing
        if source in found and found[source].withdrawn is None and _mentions(found[source].record, target)
    )


def _mentions(record: Listing, target: str) -> bool:
    return target in record.substitutes or any(spare.listing == target for spare in record.spare_for)


#: Towards the command and control: data flows from lower to higher.
_UPWARD = {"sensor": 0, "adapter": 1, "gateway": 1, "c2": 2}


def pairs(records: Sequence[Listing]) -> list[tuple[Listing, Listing, Fit]]:
    """For listings side by side: how surely each one's data gets to those that take data from its kind."""
    ranked = [(one, _UPWARD[one.category.family]) for one in records if one.category.family in _UPWARD]
    return [(one, other, best_fit(one, other)) for one, low in ranked for other, high in ranked if low < high]


def mains_of(text: str) -> Mains | None:
    """``230x16`` as a socket of 230 V and 16 A; nothing for an empty text. Raises InputError."""
    if not text:
        return None
    volts, _, amperes = text.partition("x")
    try:
        made = Mains(float(volts), float(amperes))
    except ValueError:
        made = Mains(0.0, 0.0)
    if not (0 < made.voltage_v <= 1000 and 0 < made.current_a <= 1000):
        raise InputError.single(
            file="question", place="mains", value=text, accepted="volts x amperes, as in 230x16; empty for none"
        )
    return made
