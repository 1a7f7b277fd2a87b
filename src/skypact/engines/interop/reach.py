"""Which of thousands of sensors reach which command-and-control products, with up to two gateways, all at once.

Products with the same data ports mate alike, and an interface mates as surely as its best pair of ports, so that each
pair of *ports* is judged once (:func:`skypact.engines.interop.mating.data_fit`); the makers then matter only where both
are the same. The rest is reachability over bits: for every product and every degree of certainty one row of bits, a bit
a target, joined by "or" (Warshall 1962, J. ACM 9(1), for chains of at most two inner nodes). The answers are those of
:func:`skypact.engines.interop.links.data_paths`, pair by pair.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skypact.engines.interop.links import (
    GATEWAYS_MAX,
    IMPOSSIBLE,
    NOT_PUBLIC,
    Interface,
    PortInterface,
    port_interface,
    sureness,
)
from skypact.engines.interop.mating import data_fit
from skypact.schema import Listing, Port, PortKind

Ints = NDArray[np.int64]
Bits = NDArray[np.uint64]
Flags = NDArray[np.bool_]
Sureness = NDArray[np.int8]

_WORD = 64
#: Two products of one maker connect at least this surely: it is known that, not how.
ONE_MAKER = 1
#: Degrees of certainty that leave a way: sure, a detail open, unknown.
_DEGREES = tuple(range(IMPOSSIBLE))


@dataclass(frozen=True, eq=False)
class Interfaces:
    """What decides how n products mate: for each the number of its interface and of its maker, both (n,)."""

    kind: Ints
    maker: Ints

    def __len__(self) -> int:
        return len(self.kind)


@dataclass(frozen=True, eq=False)
class Wiring:
    """Sensors, gateways and targets by interface, and how surely each interface talks to each, int8 (k, k).

    What only targets have sends nothing: its rows say what a silent product's do.
    """

    sources: Interfaces
    gateways: Interfaces
    targets: Interfaces
    fits: Sureness


def wiring(sources: Sequence[Listing], targets: Sequence[Listing], gateways: Sequence[Listing]) -> Wiring:
    """The interfaces of a catalogue. Linear in the products, square in their different ports."""
    kinds: dict[Interface, int] = {}
    makers: dict[str, int] = {}
    ports: dict[PortInterface, Port] = {}
    groups = []
    for group in (sources, gateways, targets):
        kind, maker = np.empty(len(group), dtype=np.int64), np.empty(len(group), dtype=np.int64)
        for number, listing in enumerate(group):
            own = {port_interface(port): port for port in listing.ports if port.kind is PortKind.DATA}
            for spoken, port in own.items():
                ports.setdefault(spoken, port)
            kind[number] = kinds.setdefault(frozenset(own), len(kinds))
            maker[number] = makers.setdefault(listing.vendor, len(makers))
        groups.append(Interfaces(kind, maker))
    first, second, third = groups
    sending = np.union1d(first.kind, second.kind)
    return Wiring(first, second, third, _judged(tuple(kinds), ports, sending))


def _judged(kinds: Sequence[Interface], ports: Mapping[PortInterface, Port], senders: Ints) -> Sureness:
    """How surely each of ``senders`` talks to each interface, int8 (k, k): as surely as its best pair of ports."""
    place = {spoken: number for number, spoken in enumerate(ports)}
    pairs = np.array(
        [[sureness(data_fit(one, other)) for other in ports.values()] for one in ports.values()], dtype=np.int8
    ).reshape(len(ports), len(ports))
    own = [[place[spoken] for spoken in kind] for kind in kinds]
    speaking = [number for number in senders.tolist() if own[number]]
    fits = np.full((len(kinds), len(kinds)), sureness(NOT_PUBLIC), dtype=np.int8)
    if speaking:
        best = np.array([pairs[own[number]].min(axis=0) for number in speaking])
        onto = np.full((len(kinds), len(speaking)), sureness(NOT_PUBLIC), dtype=np.int8)
        for number, mine in enumerate(own):
            if mine:
                onto[number] = best[:, mine].min(axis=1)
        fits[speaking] = onto.T
    return fits


def reach(wired: Wiring, *, gateways: int = GATEWAYS_MAX) -> Sureness:
    """How surely each source gets to each target through at most ``gateways`` gateways, int8 (sources, targets).

    0 sure, 1 only a detail is open, 2 unknown, 3 impossible: the least over all ways of the greatest over the links
    of a way. Raises ``ValueError`` for more than two gateways.
    """
    if not 0 <= gateways <= GATEWAYS_MAX:
        raise ValueError(f"gateways must be from 0 to {GATEWAYS_MAX}, not {gateways}")
    found = np.full((len(wired.sources), len(wired.targets)), IMPOSSIBLE, dtype=np.int8)
    for degree in _DEGREES:
        found -= _reached(wired, degree, gateways)
    return found


def reached(wired: Wiring, degree: int) -> Flags:
    """Which source gets to which target this surely or surer, bool (sources, targets): :func:`reach` ``<= degree``."""
    return _reached(wired, degree, GATEWAYS_MAX).view(np.bool_)


def _reached(wired: Wiring, degree: int, gateways: int) -> Sureness:
    onward = _joined(wired, wired.gateways, _own_bits(len(wired.targets)), wired.targets, degree)
    bits = _joined(wired, wired.sources, _own_bits(len(wired.targets)), wired.targets, degree)
    if gateways >= 1:
        if gateways == GATEWAYS_MAX:
            onward = onward | _joined(wired, wired.gateways, onward, wired.gateways, degree)
        bits = bits | _joined(wired, wired.sources, onward, wired.gateways, degree)
    return _spread(bits, len(wired.targets))


@dataclass(frozen=True, eq=False)
class OnAWay:
    """Which gateways and targets are on a way from a source to a target, over at most two gateways."""

    gateways: Flags
    targets: Flags


def on_a_way(wired: Wiring, degree: int) -> OnAWay:
    """What is on a way whose links are all this sure or surer."""
    accepted, gates, targets = wired.fits <= degree, wired.gateways, wired.targets
    heard = _taking(accepted, wired.sources, gates, degree)
    last = _sending(accepted, gates, targets, degree)
    first = heard & (last | _sending(accepted, gates, some(gates, last), degree))
    last = last & (heard | _taking(accepted, some(gates, first), gates, degree))
    found = _taking(accepted, wired.sources, targets, degree) | _taking(accepted, some(gates, last), targets, degree)
    return OnAWay(first | last, found)


def some(those: Interfaces, flags: Flags) -> Interfaces:
    """Those of ``flags``."""
    return Interfaces(those.kind[flags], those.maker[flags])


def _taking(accepted: Flags, senders: Interfaces, takers: Interfaces, degree: int) -> Flags:
    """Which ``takers`` some sender reaches."""
    found: Flags = np.any(accepted[np.unique(senders.kind)], axis=0)[takers.kind]
    return found | np.isin(takers.maker, senders.maker) if degree >= ONE_MAKER else found


def _sending(accepted: Flags, senders: Interfaces, takers: Interfaces, degree: int) -> Flags:
    """Which ``senders`` reach some taker."""
    found: Flags = np.any(accepted[:, np.unique(takers.kind)], axis=1)[senders.kind]
    return found | np.isin(senders.maker, takers.maker) if degree >= ONE_MAKER else found


def _own_bits(count: int) -> Bits:
    """One bit for each of ``count`` targets, uint64 (count, words)."""
    bits = np.zeros((count, -(-count // _WORD)), dtype=np.uint64)
    numbers = np.arange(count)
    bits[numbers, numbers // _WORD] = np.uint64(1) << (numbers % _WORD).astype(np.uint64)
    return bits


def _joined(wired: Wiring, senders: Interfaces, bits: Bits, takers: Interfaces, degree: int) -> Bits:
    """For each sender the "or" of the ``bits`` of all takers that it reaches with this certainty or more."""
    kinds, words = len(wired.fits), bits.shape[1]
    by_kind = _gathered(bits, takers.kind, kinds)
    accepted = wired.fits <= degree
    of_kind = np.zeros((kinds, words), dtype=np.uint64)
    for kind in np.unique(senders.kind):
        of_kind[kind] = np.bitwise_or.reduce(by_kind[accepted[kind]], axis=0)
    joined = of_kind[senders.kind]
    if degree >= ONE_MAKER and len(senders) and len(takers):
        makers = 1 + int(max(senders.maker.max(), takers.maker.max()))
        joined |= _gathered(bits, takers.maker, makers)[senders.maker]
    return joined


def _gathered(bits: Bits, group: Ints, groups: int) -> Bits:
    """The "or" of the rows of each group, uint64 (groups, words)."""
    gathered = np.zeros((groups, bits.shape[1]), dtype=np.uint64)
    if len(group) == 0:
        return gathered
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    gathered[group[order][starts]] = np.bitwise_or.reduceat(bits[order], starts, axis=0)
    return gathered


def _spread(bits: Bits, count: int) -> Sureness:
    """Bits as int8 of 0 and 1, (rows, count)."""
    octets = bits.astype("<u8", copy=False).view(np.uint8)
    return np.unpackbits(octets, axis=1, count=count, bitorder="little").view(np.int8)
