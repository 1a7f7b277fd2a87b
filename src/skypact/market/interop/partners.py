"""What a listing works with, out of the whole catalogue, as one actor may see it.

The search index holds every listing's data ports as far as they decide what mates (:class:`catalogue.Ports`). Each
*different* port is judged once against the listing's own; the index then says which listings have one that mates, of
those that the actor may find. Only the page that is shown is read, and judged again listing by listing for its reasons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from skypact.engines.interop import best_fit, data_fit, results_along
from skypact.engines.interop.links import IMPOSSIBLE, sureness
from skypact.engines.interop.mating import Fit
from skypact.market.catalogue import selectors as catalogue
from skypact.market.catalogue.selectors import SeenListing
from skypact.market.core.access import Actor
from skypact.market.kits.diagram import evidence_of
from skypact.market.lab.selectors import seen_tested, tested
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
    actor: Actor, record: Listing, *, on: date, page: int = 1, answer: Answer | None = None, family: str | None = None
) -> Partners:
    """The products whose data ports mate with those of ``record``, the surest first, then by name.

    ``answer`` and ``family`` narrow it to sure or unknown ones, and to one family. What nobody states is not listed:
    that two products of one maker may connect in a way nobody describes is no news. What a lab refutes is shown with
    that reason, wherever it stands.
    """
    met = MEETS.get(record.category.family, ())
    (record,) = tested(actor, [record], on=on)
    ports = catalogue.Ports(actor, on=on, but=record.id)
    degrees = _degrees(record, ports.different())
    sure = [text for text, degree in degrees.items() if degree == _DEGREES[Answer.YES]]
    if not met or not degrees:
        return Partners()
    counts = []
    for one in met:
        certain, either = len(ports.of(sure, (one,))), len(ports.of(degrees, (one,)))
        counts += [Count(one, Answer.YES, certain), Count(one, Answer.UNKNOWN, either - certain)]
    asked = met if family is None else (family,)
    first = ports.of(sure, asked)
    known = set(first)
    later = [key for key in ports.of(degrees, asked) if key not in known]
    keys = {None: [*first, *later], Answer.YES: first, Answer.UNKNOWN: later}[answer]
    pages = max(1, -(-len(keys) // SHOWN))
    number = min(max(1, page), pages)
    listings = catalogue.of_keys(actor, keys[(number - 1) * SHOWN : number * SHOWN], on=on)
    shown = tuple(_partner(record, seen) for seen in seen_tested(actor, listings, on=on))
    return Partners(shown, number, pages, len(keys), tuple(one for one in counts if one.number))


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
