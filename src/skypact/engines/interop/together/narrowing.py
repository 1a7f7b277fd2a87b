"""Of thousands of products offered, those that the cheapest additions may need: the answer does not change.

What is on no way from a sensor to a command-and-control product cannot help. Of the rest, a product that another one
beats is left out: the other one takes whatever it takes and gives to whatever it gives to, as surely, for no more
money (mass, watts), and there is room for more sensors on it. In any answer it may stand in for the beaten one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skypact.engines.interop.links import IMPOSSIBLE
from skypact.engines.interop.power import runs_alone
from skypact.engines.interop.reach import ONE_MAKER, Interfaces, Sureness, on_a_way, some, wiring
from skypact.engines.interop.together import feeding
from skypact.engines.interop.together.question import Offered, Question, serves
from skypact.engines.interop.together.timing import clock_needs, gives_clock
from skypact.schema import Answer, Listing, Port, figure

Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

#: Products compared with all others at once.
_AT_ONCE = 512


@dataclass(frozen=True)
class Few:
    """What is left of what is offered."""

    hubs: list[Offered]
    gateways: list[Offered]
    sources: list[Offered]


def few(
    question: Question,
    own: tuple[Sequence[Listing], Sequence[Listing]],
    offered: tuple[Sequence[Offered], Sequence[Offered], Sequence[Offered]],
    *,
    weigh: bool = False,
) -> Few:
    """The hubs, gateways and sources of ``offered`` that the cheapest additions to ``question`` may need.

    ``own`` are the set's own hubs and gateways. ``weigh``: the lightest additions instead of the cheapest.
    """
    hubs, gateways, sources = offered
    clocks = [port for _, port in clock_needs(question)]
    stays = [
        [bool(feeding.outlets(one.listing)) or any(gives_clock(one.listing, port) for port in clocks) for one in group]
        for group in (hubs, gateways)
    ]
    kept_hubs, kept_gateways = (
        [one for one, flag in zip(group, flags, strict=True) if flag]
        for group, flags in zip((hubs, gateways), stays, strict=True)
    )
    if question.sensors:
        seen = _Seen(question, own, (hubs, gateways), weigh)
        kept_hubs = seen.unbeaten("hub", np.array(stays[0], dtype=np.bool_))
        kept_gateways = seen.unbeaten("gateway", np.array(stays[1], dtype=np.bool_))
    kept_sources = _unbeaten_sources(question, sources, clocks, weigh) if question.wanted.powered else []
    return Few(kept_hubs, kept_gateways, kept_sources)


class _Seen:
    """The hubs and gateways, the set's own first, by interface and maker."""

    def __init__(
        self,
        question: Question,
        own: tuple[Sequence[Listing], Sequence[Listing]],
        offered: tuple[Sequence[Offered], Sequence[Offered]],
        weigh: bool,
    ) -> None:
        self.question, self.accept, self.weigh = question, question.wanted.accept, weigh
        self.offered = {"hub": offered[0], "gateway": offered[1]}
        self.own = {"hub": len(own[0]), "gateway": len(own[1])}
        wired = wiring(
            [part.listing for part in question.sensors],
            [*own[0], *(one.listing for one in offered[0])],
            [*own[1], *(one.listing for one in offered[1])],
        )
        self.fits: Sureness = np.where(wired.fits > self.accept, np.int8(IMPOSSIBLE), wired.fits)
        self.sensors, self.of = wired.sources, {"hub": wired.targets, "gateway": wired.gateways}
        found = on_a_way(wired, self.accept)
        self.on_a_way = {"hub": found.targets, "gateway": found.gateways}

    def unbeaten(self, role: str, stays: Flags) -> list[Offered]:
        """The offered products of one role that are on a way and that no other one beats; and all that stay."""
        offered, own = self.offered[role], self.own[role]
        numbers = np.flatnonzero(self.on_a_way[role][own:] | stays)
        chosen = [offered[number] for number in numbers.tolist()]
        if not chosen:
            return []
        beats = self._mates_better(role, numbers + own)
        costs = _costs(self.question, chosen, self.weigh)
        room = np.array([_room(one.listing, self.question) for one in chosen])
        fed = _numbered([_input(one.listing, self.question) for one in chosen])
        draws = np.array([feeding.draw_w(one.listing, self.question.on) or 0.0 for one in chosen])
        draws = draws if self.question.wanted.powered else np.zeros(len(chosen))

        def better(rows: slice) -> Flags:
            """Which of all products, (n,), beat each of ``rows``: bool (rows, n)."""
            found = beats(rows) & (fed == fed[rows, None]) & (draws <= draws[rows, None])
            for cost in costs:
                found &= cost <= cost[rows, None]
            return np.asarray(found & (room >= room[rows, None]))

        kept = _maximal(better, _order(chosen)) | stays[numbers]
        return [one for one, keep in zip(chosen, kept.tolist(), strict=True) if keep]

    def _mates_better(self, role: str, numbers: Ints) -> Callable[[slice], Flags]:
        """Which products mate as surely as others wherever those do: a function from rows to bool (rows, n)."""
        kind, maker = self.of[role].kind[numbers], self.of[role].maker[numbers]
        gates = some(self.of["gateway"], self.on_a_way["gateway"])
        senders = _joined(self.sensors, gates)
        takers = _joined(self.of["hub"], gates) if role == "gateway" else some(gates, np.zeros(len(gates), np.bool_))
        kinds, place = np.unique(kind, return_inverse=True)
        place = place.reshape(-1)
        taken, takes = _levels(self.fits[np.unique(senders.kind)][:, kinds])
        given, gives = _levels(self.fits[kinds][:, np.unique(takers.kind)].T)
        takes, gives = takes[place], gives[place]
        near = self._near(senders, takers, maker) if self.accept >= ONE_MAKER else None

        def better(rows: slice) -> Flags:
            found = taken[takes[None, :], takes[rows, None]] & given[gives[None, :], gives[rows, None]]
            if near is not None:
                for row, beaten in enumerate(range(*rows.indices(len(kind)))):
                    found[row] &= self._as_near(kind, maker, beaten, near)
            return np.asarray(found)

        return better

    def _near(self, senders: Interfaces, takers: Interfaces, maker: Ints) -> dict[int, tuple[Ints, Ints]]:
        """For each maker the interfaces of its own products that send and that take."""
        return {
            one: (np.unique(senders.kind[senders.maker == one]), np.unique(takers.kind[takers.maker == one]))
            for one in np.unique(maker).tolist()
        }

    def _as_near(self, kind: Ints, maker: Ints, beaten: int, near: dict[int, tuple[Ints, Ints]]) -> Flags:
        """Which products mate with the maker's own products as surely as ``beaten``, which is of that maker."""
        sending, taking = near[int(maker[beaten])]
        into, onward = self.fits[sending], self.fits[:, taking].T
        here = kind[[beaten]]
        taken = (np.minimum(into[:, here], np.int8(ONE_MAKER)) >= into).all(axis=0)
        given = (np.minimum(onward[:, here], np.int8(ONE_MAKER)) >= onward).all(axis=0)
        both: Flags = np.logical_and(taken, given)
        return np.asarray((maker == maker[beaten]) | both[kind])


def _levels(table: Sureness) -> tuple[Flags, Ints]:
    """Which columns of ``table`` are nowhere above which, [one, other] of the distinct columns; the number of each."""
    if not len(table):
        return np.ones((1, 1), dtype=np.bool_), np.zeros(table.shape[1], dtype=np.int64)
    alike, number = np.unique(np.unique(table, axis=0), axis=1, return_inverse=True)
    below = np.array([(alike <= alike[:, [other]]).all(axis=0) for other in range(alike.shape[1])], dtype=np.bool_)
    return below.T, number.reshape(-1)


def _joined(one: Interfaces, other: Interfaces) -> Interfaces:
    return Interfaces(np.concatenate([one.kind, other.kind]), np.concatenate([one.maker, other.maker]))


def _maximal(better: Callable[[slice], Flags], order: Ints) -> Flags:
    """Which of n products no other one beats; of those that beat each other the first in ``order``."""
    count = len(order)
    beaten = np.zeros(count, dtype=np.bool_)
    whole = np.concatenate([better(slice(start, start + _AT_ONCE)) for start in range(0, count, _AT_ONCE)])
    for start in range(0, count, _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        mutual = whole[rows] & whole[:, rows].T
        beaten[rows] = ((whole[rows] & ~mutual) | (mutual & (order < order[rows, None]))).any(axis=1)
    return ~beaten


def _least(figures: Floats) -> list[int]:
    """Which rows of (n, k) no other row is nowhere above, by number; no two rows are the same in their last column.

    Rows in lexical order: whatever stands in for a row has come before it (Kung, Luccio and Preparata 1975, J. ACM 22).
    """
    spent = figures[:, :-1]
    kept = np.empty(0, dtype=np.int64)
    for number in np.lexsort(figures.T[::-1]).tolist():
        if not (spent[kept] <= spent[number]).all(axis=1).any():
            kept = np.append(kept, number)
    return sorted(kept.tolist())


def _order(offered: Sequence[Offered]) -> Ints:
    ranked = sorted(range(len(offered)), key=lambda number: offered[number].listing.id)
    order = np.empty(len(offered), dtype=np.int64)
    order[ranked] = np.arange(len(offered))
    return order


def _numbered(keys: Sequence[object]) -> Ints:
    known: dict[object, int] = {}
    return np.array([known.setdefault(key, len(known)) for key in keys], dtype=np.int64)


def _costs(question: Question, offered: Sequence[Offered], weigh: bool) -> list[Floats]:
    """What is spent of one: money, and mass where that counts. What has no price costs more than all that has."""
    money = np.array([np.inf if one.price is None else one.price for one in offered])
    mass = np.array([figure(one.listing.mass, on=question.on) or 0.0 for one in offered])
    if weigh:
        return [mass]
    return [money] if question.wanted.mass_max_kg is None else [money, mass]


def _room(listing: Listing, question: Question) -> float:
    stated = serves(listing, question.on)
    if stated is not None:
        return stated
    return 1.0 if question.wanted.accept == 0 else np.inf


def _input(listing: Listing, question: Question) -> object:
    """What feeds a product: of two for which it is the same, what feeds one feeds the other that draws no more."""
    if not question.wanted.powered:
        return None
    kinds = frozenset(feeding.kind_of(port)[:-1] for port in feeding.inlets(listing))
    return feeding.needs_feed(listing), kinds, feeding.draw_w(listing, question.on) is None


def _unbeaten_sources(
    question: Question, sources: Sequence[Offered], clocks: Sequence[Port], weigh: bool
) -> list[Offered]:
    """Of sources with outlets of the same kinds and fed the same, those that no other one beats."""
    groups: dict[tuple[Answer, bool, object, object], list[Offered]] = {}
    kept = []
    standing = feeding.Standing(question.wanted.mains)
    for one in sources:
        stands = standing(one.listing)
        if any(gives_clock(one.listing, port) for port in clocks):
            kept.append(one)
        elif stands is not Answer.NO:
            behind = _input(one.listing, question) if stands is Answer.UNKNOWN else None
            relieves = runs_alone(one.listing)  # the circuit of the mains
            groups.setdefault((stands, relieves, behind, _outlet_kinds(one.listing)), []).append(one)
    for key, group in groups.items():
        gives = np.array([_gives(one.listing, question, behind=key[0] is Answer.UNKNOWN) for one in group])
        costs = _costs(question, group, weigh)

        spent = np.column_stack([*costs, *(-gives.T), _order(group)])
        kept += [group[number] for number in _least(spent)]
    return kept


def _outlet_kinds(listing: Listing) -> tuple[object, ...]:
    return tuple(
        (feeding.kind_of(outlet.port)[:-1], outlet.port.attributes.power_max_w is None, outlet.watts is None,
         outlet.watts_are_sure)
        for outlet in feeding.outlets(listing)
    )  # fmt: skip


def _gives(listing: Listing, question: Question, *, behind: bool) -> list[float]:
    """What a source gives at each outlet, the more the better; and less what it draws if it stands behind another."""
    found = [-(feeding.load_w(listing, question.on, as_source=True) or 0.0)] if behind else []
    for outlet in feeding.outlets(listing):
        found += [outlet.connections, outlet.watts or 0.0, outlet.port.attributes.power_max_w or 0.0]
    return found
