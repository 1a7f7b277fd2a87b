"""The ways of the sensors' data to the hubs, as columns and rows of the program of additions.

The ways of each sensor are flows through at most two gateways, which follow from it. Gateways and hubs are joined by
interface.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skypact.engines.interop.links import GATEWAYS_MAX
from skypact.engines.interop.reach import ONE_MAKER, Interfaces, Wiring, wiring
from skypact.engines.interop.together.buying import Item, Model
from skypact.engines.interop.together.question import Question, serves
from skypact.schema import Listing

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def room(listing: Listing, question: Question) -> float | None:
    """How many sensors a hub or gateway takes: one where nobody states it and that must be sure, else no limit."""
    stated = serves(listing, question.on)
    if stated is not None:
        return stated
    return 1.0 if question.wanted.accept == 0 else None


def route(model: Model, question: Question, sensors: list[Item], gateways: list[Item], hubs: list[Item]) -> None:
    """Each sensor's share of every way; a product used must be there, and takes no more than it can."""
    wanted = question.wanted
    wired = wiring(*([item.listing for item in group] for group in (sensors, hubs, gateways)))
    used: dict[tuple[str, int], dict[int, list[int]]] = {}  # (role, number) → group of sensors → columns through it
    if wanted.common:
        for hub in hubs:
            model.main_hubs[hub.listing.id] = model.program.column(whole=True)
        model.program.row([*model.main_hubs.values()], [1.0] * len(hubs), low=1, high=1)
    groups: dict[tuple[int, int], int] = {}  # sensors that mate alike go the same ways → how many units
    for sensor, item in enumerate(sensors):
        alike = int(wired.sources.kind[sensor]), int(wired.sources.maker[sensor]) if wanted.accept >= ONE_MAKER else 0
        groups[alike] = groups.get(alike, 0) + item.count
    network = _Network(wired, wanted.accept)
    for number, (kind, maker) in enumerate(groups):
        _Ways(model, network, number, used).lay(kind, maker if wanted.accept >= ONE_MAKER else None)
    units = [float(count) for count in groups.values()]
    for (role, number), shares in used.items():
        item = (hubs if role == "hub" else gateways)[number]
        for columns in shares.values():
            model.at_most(columns, [1.0] * len(columns), item, 1.0)
            if role == "hub" and wanted.common:
                main = model.main_hubs[item.listing.id]
                model.program.row([*columns, main], [1.0] * len(columns) + [-1.0], high=0)
        limit = room(item.listing, question)
        if limit is not None:
            columns = [column for group in shares.values() for column in group]
            weights = [units[group] for group, through in shares.items() for _ in through]
            model.at_most(columns, weights, item, limit)


Reached = dict[int, int]


class _Network:
    """Which gateways and hubs each gateway sends to: by its interface, and to what its own maker makes besides."""

    def __init__(self, wired: Wiring, accept: int) -> None:
        self.accept = accept
        self.fits = wired.fits
        self.gates, self.hubs = wired.gateways, wired.targets
        self.to_hub = self._senders(self.hubs, np.ones(len(self.hubs), dtype=np.bool_))
        self.to_last = self._senders(self.gates, np.array([bool(a or b) for a, b in self.to_hub], dtype=np.bool_))

    def _senders(self, takers: Interfaces, wanted: Flags) -> list[tuple[Reached, Reached]]:
        """For each gateway the ``wanted`` takers that it reaches by its interface, and by its maker alone."""
        kinds, makers = self.gates.kind.tolist(), self.gates.maker.tolist()
        alike = {kind: self.by_kind(kind, takers, wanted) for kind in set(kinds)}
        found = []
        for number, (kind, maker) in enumerate(zip(kinds, makers, strict=True)):
            own = self.by_maker(kind, maker, takers, wanted)
            if takers is self.gates:
                own.pop(number, None)
            found.append((alike[kind], own))
        return found

    def by_kind(self, kind: int, takers: Interfaces, wanted: Flags | None = None) -> Reached:
        """The takers that something of this interface reaches, with how surely."""
        sure = self.fits[kind, takers.kind]
        accepted = sure <= self.accept if wanted is None else wanted & (sure <= self.accept)
        numbers = np.flatnonzero(accepted)
        return dict(zip(numbers.tolist(), sure[numbers].tolist(), strict=True))

    def by_maker(self, kind: int, maker: int, takers: Interfaces, wanted: Flags | None = None) -> Reached:
        """The takers of its own maker that something does not reach as surely by its interface."""
        if self.accept < ONE_MAKER:
            return {}
        more = (takers.maker == maker) & (self.fits[kind, takers.kind] > ONE_MAKER)
        return dict.fromkeys(np.flatnonzero(more if wanted is None else wanted & more).tolist(), ONE_MAKER)


@dataclass(eq=False)
class _Ways:
    """The ways of one group of sensors: directly, through one gateway, or through a first and a last one."""

    model: Model
    network: _Network
    group: int
    used: dict[tuple[str, int], dict[int, list[int]]]

    def lay(self, kind: int, maker: int | None) -> None:
        """Adds the columns and the rows that keep what flows in equal to what flows out."""
        network, program = self.network, self.model.program
        to_gate, to_hub = (
            network.by_kind(kind, takers) | ({} if maker is None else network.by_maker(kind, maker, takers))
            for takers in (network.gates, network.hubs)
        )
        straight = [self._column("hub", hub, sure) for hub, sure in to_hub.items()]
        first = {
            gate: self._column("gateway", gate, sure) for gate, sure in to_gate.items() if any(network.to_last[gate])
        }
        last = {
            gate: self._column("gateway", gate, sure) for gate, sure in to_gate.items() if any(network.to_hub[gate])
        }
        whole = [*straight, *first.values(), *last.values()]
        program.row(whole, [1.0] * len(whole), low=1, high=1)
        into = {gate: [column] for gate, column in last.items()}
        if GATEWAYS_MAX > 1:
            sent = self._onward("gateway", {gate: [column] for gate, column in first.items()}, network.to_last)
            for gate, column in sent:
                into.setdefault(gate, []).append(column)
        self._onward("hub", into, network.to_hub)

    def _onward(
        self, role: str, into: dict[int, list[int]], reached: list[tuple[Reached, Reached]]
    ) -> list[tuple[int, int]]:
        """From gateways to all that they reach; what flows into those of one interface flows on together."""
        together: dict[tuple[tuple[int, int], ...], list[int]] = {}
        sent: list[tuple[int, int]] = []

        def arriving(ways: Iterable[tuple[int, int]]) -> list[int]:
            new = [(number, self._column(role, number, sure)) for number, sure in ways]
            sent.extend(new)
            return [column for _, column in new]

        for gate, flowing in into.items():
            by_kind, by_maker = reached[gate]
            shared = together.setdefault(tuple(by_kind.items()), [])
            if by_maker:
                share = self.model.program.column()
                self._pass(flowing, [share, *arriving(by_maker.items())])
                shared.append(share)
            else:
                shared += flowing
        for ways, flowing in together.items():
            self._pass(flowing, arriving(ways))
        return sent

    def _pass(self, flowing: list[int], leaving: list[int]) -> None:
        """What flows in flows out."""
        weights = [1.0] * len(flowing) + [-1.0] * len(leaving)
        self.model.program.row([*flowing, *leaving], weights, low=0, high=0)

    def _column(self, role: str, number: int, sure: int) -> int:
        column = self.model.program.column()
        self.used.setdefault((role, number), {}).setdefault(self.group, []).append(column)
        if sure > 0:
            self.model.doubts[column] = float(sure)
        return column
