"""What a listing works with, out of the whole catalogue, as one actor may see it.

The search index holds every listing's data ports as far as they decide what mates (:class:`catalogue.Ports`). Each
*different* port is judged once against the listing's own; the index then says which listings have one that mates, of
those that the actor may find. Only the page that is shown is read, and judged again listing by listing for its reasons.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date

from skypact.engines.interop import best_fit, data_fit, results_along
from skypact.engines.interop.links import IMPOSSIBLE, sureness
from skypact.engines.interop.mating import Fit
from skypact.market.catalogue import selectors as catalogue
from skypact.market.catalogue.selectors import SeenListing
from skypact.market.core.access import Actor
from skypact.market.kits.diagram import evidence_of
from skypact.market.lab.selectors import Told, told_about
from skypact.schema import Answer, Category, Grade, Listing, Port, PortKind, TestedPort

SHOWN = 12
#: Family → the families that it exchanges data with.
MEETS = {
    "sensor": ("c2", "gateway", "adapter"),
    "c2": ("sensor", "gateway", "adapter"),
    "gateway": ("sensor", "c2", "gateway", "adapter"),
    "adapter": ("sensor", "c2", "gateway"),
}
#: How surely two products mate that are listed here: sure, or with one detail open.
_DEGREES = {Answer.YES: 0, Answer.UNKNOWN: 1}


@dataclass(frozen=True)
class Partner:
    """A product that a listing may work with, how surely, and how well the two ports are known."""

    seen: SeenListing
    fit: Fit
    sends: bool
    """whether the listing sends to it; else it receives from it"""
    grade: Grade | None
    """of the weaker of the two ports"""
    tested: tuple[TestedPort, ...] = ()
    """what labs say of the two ports"""


@dataclass(frozen=True)
class Count:
    """So many of one family work with the listing, so surely."""

    family: str
    answer: Answer
    number: int


@dataclass(frozen=True)
class Partners:
    """One page of what a listing works with, the surest first, and how many there are of each kind."""

    shown: tuple[Partner, ...] = ()
    number: int = 1
    pages: int = 1
    total: int = 0
    counts: tuple[Count, ...] = ()
    """over everything, whatever is asked for"""

    @property
    def sure(self) -> int:
        """How many work with it surely."""
        return sum(one.number for one in self.counts if one.answer is Answer.YES)

    @property
    def open(self) -> int:
        """How many work with it if a detail that nobody states agrees."""
        return sum(one.number for one in self.counts if one.answer is Answer.UNKNOWN)


def works_with(
    actor: Actor,
    record: Listing,
    *,
    on: date,
    page: int = 1,
    answer: Answer | None = None,
    family: str | None = None,
    told: Told | None = None,
) -> Partners:
    """The products whose data ports mate with those of ``record``, the surest first, then by name.

    ``answer`` and ``family`` narrow it to sure or unknown ones, and to one family; ``told`` is what labs say about
    ``record`` where that was read already. What nobody states is not listed: that two products of one maker may connect
    in a way nobody describes is no news. What a lab refutes of another product is open, and shown with that reason.
    """
    met = MEETS.get(record.category.family, ())
    told = told or told_about(actor, record, on=on)
    record = told.of(record)
    ports = catalogue.Ports(actor, on=on)
    degrees = _degrees(record, ports.different())
    if not met or not degrees:
        return Partners()
    stated = ports.of([text for text, degree in degrees.items() if degree == _DEGREES[Answer.YES]], met)
    ranks = _ranks(record, ports, set(stated), set(ports.of(degrees, met)), told)
    counts = []
    for one in met:
        found = [ranks[key] for key in ports.of(degrees, (one,)) if key in ranks]
        counts += [Count(one, given, found.count(rank)) for given, rank in _DEGREES.items()]
    keys = [key for key in ports.of(degrees, met if family is None else (family,)) if key in ranks]
    chosen = _DEGREES if answer is None else (answer,)
    keys = [key for given in chosen for key in keys if ranks[key] == _DEGREES[given]]
    pages = max(1, -(-len(keys) // SHOWN))
    number = min(max(1, page), pages)
    asked = keys[(number - 1) * SHOWN : number * SHOWN]
    listings = ports.listings(asked)
    shown = tuple(_partner(record, told.seen(listings[key])) for key in asked if key in listings)
    return Partners(shown, number, pages, len(keys), tuple(one for one in counts if one.number))


def _ranks(record: Listing, ports: catalogue.Ports, sure: Set[int], either: Set[int], told: Told) -> dict[int, int]:
    """How surely each of the listings ``either`` mates with ``record``: 0 sure, 1 open.

    The index knows what makers state, by which some are ``sure``. Where labs say more, a listing is judged itself: an
    edition that only a test tells makes it sure or impossible, and what a test refutes leaves it open.
    """
    ranks = {key: _DEGREES[Answer.YES if key in sure else Answer.UNKNOWN] for key in either}
    named = ports.keys([record.id, *told.said])
    told_more = [key for key, slug in named.items() if key in either and (key not in sure or told.deny(slug))]
    for key, seen in ports.listings(told_more).items():
        degree = sureness(_partner(record, told.seen(seen)).fit)
        ranks[key] = min(degree, _DEGREES[Answer.UNKNOWN])
        if degree == IMPOSSIBLE:
            del ranks[key]
    return {key: rank for key, rank in ranks.items() if named.get(key) != record.id}


def _degrees(record: Listing, others: Mapping[str, Port]) -> dict[str, int]:
    """How surely each different port mates with some port of ``record``: 0 sure, 1 a detail is open; others not."""
    own = [port for port in record.ports if port.kind is PortKind.DATA]
    found = {}
    for text, other in others.items():
        fits = [data_fit(port, other) for port in own] if record.category is not Category.C2 else []
        fits += [data_fit(other, port) for port in own] if record.category.family != "sensor" else []
        degree = min(map(sureness, fits), default=IMPOSSIBLE)
        if degree in _DEGREES.values():
            found[text] = degree
    return found


def _partner(record: Listing, seen: SeenListing) -> Partner:
    """Sensors send, command and control receives; of the rest the surer way, sending first."""
    there, back = best_fit(record, seen.record), best_fit(seen.record, record)
    sends = record.category.family == "sensor" or (
        record.category is not Category.C2 and sureness(there) <= sureness(back)
    )
    one, other = (record, seen.record) if sends else (seen.record, record)
    grade = min((said.grade for said in evidence_of("data", one, other)), key=lambda one: one.rank, default=None)
    return Partner(seen, there if sends else back, sends, grade, results_along((one, other)))
