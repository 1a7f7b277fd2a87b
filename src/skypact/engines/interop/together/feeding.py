"""What may feed what: which outlet of which source suits which product, and what feeds the source itself."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from skypact.engines.interop.electric import draw_limit_w, power_fit
from skypact.engines.interop.links import sureness
from skypact.engines.interop.mating import Fit, canonical
from skypact.engines.interop.power import Mains, fed, runs_alone, socket
from skypact.schema import Answer, Listing, Port, PortKind, PortRole, figures, sentence

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
    """The most that anybody whom we rely on says one unit draws, W: its claim or its power input; ``None`` is unknown.

    A claim of consumption is often of ordinary use, and what feeds a product must bear the most that it may draw.
    """
    stated = [*figures(listing.power_draw, on=on), *(port.attributes.power_max_w for port in inlets(listing))]
    return max((watts for watts in stated if watts is not None), default=None)


class Feeders:
    """What feeds what among many: each kind of outlet is judged once for each kind of inlet and size of load.

    Whether an outlet feeds a product follows from a few figures of both (:func:`power_fit`), and from what the product
    draws only so far as it exceeds what an outlet gives. The answers are those of :func:`fit_of`, pair by pair.
    """

    def __init__(self, sources: Sequence[Listing], *, on: date, mains: Mains | None) -> None:
        self.sources, self.on, self.mains = sources, on, mains
        self.places: dict[PowerKind, list[tuple[int, int]]] = {}
        """(number of a source, number of its outlet) of every kind of outlet"""
        self._ports: dict[PowerKind, Port] = {}
        for number, source in enumerate(sources):
            for place, outlet in enumerate(outlets(source)):
                kind = kind_of(outlet.port)
                self.places.setdefault(kind, []).append((number, place))
                self._ports.setdefault(kind, outlet.port)
        given = [port.attributes for port in (*self._ports.values(), *_sockets(mains))]
        limits = {watts for one in given for watts in (one.power_max_w, draw_limit_w(one)) if watts is not None}
        self._given_w = sorted(limits)
        self._known: dict[object, list[tuple[PowerKind | None, int]]] = {}

    def feeding(self, consumer: Listing, *, as_source: bool = False) -> list[tuple[PowerKind | None, int]]:
        """The kinds of outlet (``None``: mains) that may feed ``consumer``, with how surely (:func:`sureness`)."""
        taking = inlets(consumer)
        watts = load_w(consumer, self.on, as_source=as_source)
        key = frozenset(map(kind_of, taking)), None if watts is None else bisect_left(self._given_w, watts)
        if key not in self._known:
            known: list[tuple[PowerKind | None, int]] = []
            if self.mains is not None and taking:
                fit = _from_mains(self.mains, taking, watts)
                known += [] if fit is None else [(None, sureness(fit))]
            for kind, port in self._ports.items():
                best = _best([power_fit(port, inlet, draw_w=watts) for inlet in taking]) if taking else _NOTHING
                known += [] if best.answer is Answer.NO else [(kind, sureness(best))]
            self._known[key] = known
        return self._known[key]

    def ways(self, consumer: Listing, *, as_source: bool = False) -> Iterator[tuple[int | None, int, int]]:
        """(number of a source, number of its outlet, how surely) of all that may feed ``consumer``; mains first."""
        for kind, given in self.feeding(consumer, as_source=as_source):
            if kind is None:
                yield None, 0, given
                continue
            for number, place in self.places[kind]:
                if self.sources[number].id != consumer.id:
                    yield number, place, given


def ways(consumer: Listing, sources: Sequence[Listing], *, on: date, mains: Mains | None) -> list[FeedWay]:
    """Every outlet, and mains, that may feed ``consumer``."""
    found = []
    for number, place, _ in Feeders(sources, on=on, mains=mains).ways(consumer):
        found.append(way(consumer, None if number is None else sources[number], place, on=on, mains=mains))
    return found


def way(
    consumer: Listing, source: Listing | None, place: int, *, on: date, mains: Mains | None, as_source: bool = False
) -> FeedWay:
    """How one outlet (no source: mains) feeds ``consumer``. Raises ``ValueError`` where it cannot."""
    taking, watts = inlets(consumer), load_w(consumer, on, as_source=as_source)
    if source is None:
        fit = None if mains is None else _from_mains(mains, taking, watts)
    else:
        fit = _best([power_fit(outlets(source)[place].port, inlet, draw_w=watts) for inlet in taking])
    if fit is None:
        raise ValueError(f"there are no mains for {consumer.id}")
    return FeedWay(consumer.id, None if source is None else source.id, place, fit)


def load_w(consumer: Listing, on: date, *, as_source: bool = False) -> float | None:
    """What one unit draws, W; ``as_source``: a converter that does not say draws all that it can give."""
    watts = draw_w(consumer, on)
    if as_source and watts is None:
        watts = max((outlet.watts for outlet in outlets(consumer) if outlet.watts is not None), default=None)
    return watts


def _from_mains(mains: Mains, taking: Sequence[Port], watts: float | None) -> Fit | None:
    """``None`` where mains do not feed it; a product that does not say "AC" is not fed from them on a guess."""
    fit = _best([power_fit(socket(mains), inlet, draw_w=watts) for inlet in taking])
    if fit.answer is Answer.NO or (fit.answer is Answer.UNKNOWN and not _takes_ac(taking)):
        return None
    return fit


def _sockets(mains: Mains | None) -> tuple[Port, ...]:
    return () if mains is None else (socket(mains),)


#: Role, whether over Ethernet, AC or DC, least and most volts, most amperes, plug, polarity, most watts.
PowerKind = tuple[str, bool, str | None, float | None, float | None, float | None, str | None, str | None, float | None]
_NOTHING = Fit(Answer.NO, sentence("its power input is not public"))


def kind_of(port: Port) -> PowerKind:
    """All that decides whether an outlet feeds an inlet, save what is drawn; the most watts stand last."""
    known = port.attributes
    return (
        port.role.value,
        canonical(port.standard) == "poe",
        known.current,
        known.voltage_min_v,
        known.voltage_max_v,
        known.current_max_a,
        known.connector,
        known.polarity,
        known.power_max_w,
    )


def stands(source: Listing, mains: Mains | None) -> Answer:
    """Whether a source runs by itself: from fuel, its own cells, or mains; unknown where nobody says what feeds it."""
    return Standing(mains)(source)


def hangs_on(source: Listing, mains: Mains | None) -> bool:
    """Whether what a source gives comes out of the mains."""
    return stands(source, mains) is Answer.YES and not runs_alone(source)


class Standing:
    """:func:`stands` for many sources: those with the same power inputs are judged once."""

    def __init__(self, mains: Mains | None) -> None:
        self._socket = None if mains is None else socket(mains)
        self._known: dict[tuple[tuple[str, PowerKind], ...], Answer] = {}

    def __call__(self, source: Listing) -> Answer:
        key = tuple((port.standard, kind_of(port)) for port in inlets(source))
        if key not in self._known:
            self._known[key] = fed(source, self._socket)
        return self._known[key]


def _best(fits: Sequence[Fit]) -> Fit:
    return min(fits, key=sureness)


def _takes_ac(taking: Iterable[Port]) -> bool:
    return any(port.attributes.current == "AC" for port in taking)
