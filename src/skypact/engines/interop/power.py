"""From what a product is powered: mains where there is any, else a source from the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from skypact.engines.interop.electric import power_fit
from skypact.engines.interop.links import sureness
from skypact.engines.interop.mating import Fit
from skypact.schema import (
    Answer,
    Evidence,
    Grade,
    Listing,
    Port,
    PortAttributes,
    PortKind,
    PortRole,
    Provenance,
    Sentence,
    Source,
    sentence,
)


@dataclass(frozen=True)
class Mains:
    """The mains socket at a position: nominal voltage in V, current of its circuit in A."""

    voltage_v: float
    current_a: float


@dataclass(frozen=True)
class Feed:
    """What powers one unit: ``source`` is a listing id, or ``None`` for mains and for nobody knows what."""

    source: str | None
    answer: Answer
    reason: Sentence
    mains: bool = False


def feed(
    consumer: Listing,
    sources: Sequence[tuple[Listing, float]],
    *,
    draw_w: float | None,
    mains: Mains | None,
) -> Feed:
    """The surest, then cheapest way to power one unit of ``consumer``.

    ``sources`` are (listing, unit price) pairs; ``mains`` is the socket at hand, ``None`` where there is none.
    A source that itself needs mains serves only where mains of its voltage is at hand; without mains, what feeds a
    source with another input is unknown. One source feeds one unit.
    """
    inlets = [port for port in consumer.ports if port.kind is PortKind.POWER and port.role is not PortRole.PROVIDES]
    if not inlets:
        return Feed(None, Answer.UNKNOWN, sentence("its power input is not public"))
    at_hand = None if mains is None else socket(mains)
    if at_hand is not None:
        direct = _best([power_fit(at_hand, inlet, draw_w=draw_w) for inlet in inlets])
        if direct.answer is Answer.YES or (direct.answer is Answer.UNKNOWN and _takes_ac(inlets)):
            return Feed(None, direct.answer, sentence("from mains: {reason}", reason=direct.reason), mains=True)
    ways = []
    for listing, price in sources:
        itself = fed(listing, at_hand)
        if itself is Answer.NO:
            continue
        outlets = [port for port in listing.ports if port.kind is PortKind.POWER and port.role is not PortRole.CONSUMES]
        fits = [power_fit(outlet, inlet, draw_w=draw_w) for outlet in outlets for inlet in inlets]
        if fits:
            fit = _best(fits)
            if fit.answer is Answer.YES and itself is Answer.UNKNOWN:
                fit = Fit(Answer.UNKNOWN, sentence("not known: what feeds the source itself"))
            if fit.answer is not Answer.NO:
                ways.append((sureness(fit), price, listing.id, fit))
    if not ways:
        return Feed(None, Answer.NO, sentence("no source in reach fits its power input"))
    _, _, identifier, fit = min(ways, key=lambda way: way[:3])
    return Feed(identifier, fit.answer, sentence("from {source}: {reason}", source=identifier, reason=fit.reason))


def _best(fits: Sequence[Fit]) -> Fit:
    return min(fits, key=sureness)


def _takes_ac(inlets: Sequence[Port]) -> bool:
    return any(port.attributes.current == "AC" for port in inlets)


#: Inputs that need no connection to anything: a source with one of them stands on its own.
_STANDS_ALONE = frozenset({"fuel", "hydrogen", "methanol", "petrol", "diesel", "battery", "solar"})


def fed(source: Listing, mains: Port | None) -> Answer:
    """Whether a source is itself fed; unknown where nobody states what feeds it, or in which window of volts."""
    if runs_alone(source):
        return Answer.YES
    from_mains = [port for port in _inlets(source) if port.attributes.current == "AC"]
    if not from_mains:
        return Answer.UNKNOWN
    if mains is None:
        return Answer.NO
    return _best([power_fit(mains, port, draw_w=0.0) for port in from_mains]).answer


def runs_alone(source: Listing) -> bool:
    """Whether a source needs no connection to anything: it has fuel or cells of its own."""
    return any(port.standard.casefold() in _STANDS_ALONE for port in _inlets(source))


def _inlets(source: Listing) -> list[Port]:
    return [port for port in source.ports if port.kind is PortKind.POWER and port.role is PortRole.CONSUMES]


def socket(mains: Mains) -> Port:
    """The socket at the site as a port."""
    day = date(2010, 7, 1)
    return Port(
        id="mains",
        kind=PortKind.POWER,
        standard="AC mains",
        role=PortRole.PROVIDES,
        attributes=PortAttributes(
            current="AC",
            voltage_min_v=mains.voltage_v,
            voltage_max_v=mains.voltage_v,
            power_max_w=circuit_w(mains),
        ),
        evidence=Evidence(
            grade=Grade.DOCUMENTED,
            source=Source(title="the requirement: mains at hand", date=day),
            observed=day,
            provenance=Provenance.USER,
        ),
    )


def circuit_w(mains: Mains) -> float:
    """What the circuit bears over all that hangs on it, W (power factor 1: the most there can be)."""
    return mains.voltage_v * mains.current_a
