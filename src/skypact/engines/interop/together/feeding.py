"""What may feed what: which outlet of which source suits which product, and what feeds the source itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from skypact.engines.interop.mating import Fit, power_fit
from skypact.engines.interop.power import Mains, fed, socket
from skypact.schema import Answer, Listing, Port, PortKind, PortRole, Sentence, figure, sentence

_ORDER = {Answer.YES: 0, Answer.UNKNOWN: 1, Answer.NO: 2}
#: Passive parts: an adapter or cable that states no power input takes none.
_PASSIVE = ("adapter",)


@dataclass(frozen=True)
class Outlet:
    """One power output of a source: how many it feeds at once and how many watts it gives over all of them."""

    port: Port
    connections: int
    watts: float | None
    watts_are_sure: bool = True


@dataclass(frozen=True)
class FeedWay:
    """How one outlet (``None``: mains) suits one consumer."""

    consumer: str
    source: str | None
    outlet: int
    fit: Fit


def inlets(listing: Listing) -> list[Port]:
    """The power ports through which a product is fed."""
    return [port for port in listing.ports if port.kind is PortKind.POWER and port.role is not PortRole.PROVIDES]


def outlets(listing: Listing) -> list[Outlet]:
    """The power outputs. One connection where nobody states more; a total that is unstated is not multiplied surely."""
    found = []
    for port in listing.ports:
        if port.kind is PortKind.POWER and port.role is not PortRole.CONSUMES:
            known = port.attributes
            count = known.connections_max or 1
            total, each = known.power_total_max_w, known.power_max_w
            if total is None and each is not None and count > 1:
                found.append(Outlet(port, count, each, watts_are_sure=False))
            else:
                found.append(Outlet(port, count, each if total is None else total))
    return found


def needs_feed(listing: Listing) -> bool:
    """Whether a product must be fed at all."""
    return bool(inlets(listing)) or listing.category.family not in (*_PASSIVE, "mount", "spare", "service", "supply")


def draw_w(listing: Listing, on: date) -> float | None:
    """What one unit draws, W: its claim, else what its power input says; ``None`` is unknown."""
    claimed = figure(listing.power_draw, on=on)
    if claimed is not None:
        return claimed
    stated = [port.attributes.power_max_w for port in inlets(listing)]
    return max((watts for watts in stated if watts is not None), default=None)


def ways(
    consumer: Listing, sources: Iterable[Listing], *, on: date, mains: Mains | None, as_source: bool = False
) -> list[FeedWay]:
    """Every outlet, and mains, that may feed ``consumer``; ``as_source``: a converter, which takes what it gives."""
    taking = inlets(consumer)
    if not taking:
        return []
    watts = draw_w(consumer, on)
    if as_source and watts is None:
        watts = max((outlet.watts for outlet in outlets(consumer) if outlet.watts is not None), default=None)
    found = []
    if mains is not None:
        fit = _best([power_fit(socket(mains), inlet, draw_w=watts) for inlet in taking])
        if fit.answer is not Answer.NO and not (fit.answer is Answer.UNKNOWN and not _takes_ac(taking)):
            found.append(FeedWay(consumer.id, None, 0, fit))
    for source in sources:
        if source.id == consumer.id:
            continue
        for number, outlet in enumerate(outlets(source)):
            fit = _best([power_fit(outlet.port, inlet, draw_w=watts) for inlet in taking])
            if fit.answer is not Answer.NO:
                found.append(FeedWay(consumer.id, source.id, number, fit))
    return found


def stands(source: Listing, mains: Mains | None) -> Answer:
    """Whether a source runs by itself: from fuel, its own cells, or mains; unknown where nobody says what feeds it."""
    return fed(source, None if mains is None else socket(mains))


def cable(source: Port, consumer: Port) -> Sentence | None:
    """The cable that two stated and different plugs ask for."""
    give, take = source.attributes, consumer.attributes
    if give.connector and take.connector and give.connector.casefold() != take.connector.casefold():
        return sentence("a cable from {one} to {other}", one=give.connector, other=take.connector)
    if give.polarity and take.polarity and give.polarity.casefold() != take.polarity.casefold():
        return sentence("a cable that turns the polarity from {one} to {other}", one=give.polarity, other=take.polarity)
    return None


def _best(fits: Sequence[Fit]) -> Fit:
    return min(fits, key=lambda fit: _ORDER[fit.answer])


def _takes_ac(taking: Iterable[Port]) -> bool:
    return any(port.attributes.current == "AC" for port in taking)
