"""The ways of the sensors' data to the hubs, as columns and rows of the program of additions.

The ways of each sensor are flows through at most two gateways, which follow from it. Gateways and hubs are joined by
interface.
"""

from __future__ import annotations

from collections.abc import Iterator
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


class _Network:
    """Which gateway sends on to which gateways and hubs; those that send alike do so together."""

    def __init__(self, wired: Wiring, accept: int) -> None:
        self.accept = accept
        self.fits = wired.fits
        self.gates, self.hubs = wired.gateways, wired.targets
        self.to_hub = self._senders(self.hubs, np.ones(len(self.hubs), dtype=np.bool_))
        self.to_last = self._senders(self.gates, np.array([bool(way) for way in self.to_hub], dtype=np.bool_))

    def _senders(self, takers: Interfaces, wanted: Flags) -> list[dict[int, int]]:
        """For each gateway the takers that it reaches, with how surely."""
        among = np.flatnonzero(wanted)
        by_kind: dict[int, dict[int, int]] = {}
        found = []
        for number, (kind, maker) in enumerate(zip(self.gates.kind.tolist(), self.gates.maker.tolist(), strict=True)):
            if kind not in by_kind:
                by_kind[kind] = self.reached(kind, None, takers, among)
            alike = by_kind[kind]
            if self.accept >= ONE_MAKER:
                alike = self.reached(kind, maker, takers, among)
            if takers is self.gates and number in alike:
                alike = {other: sure for other, sure in alike.items() if other != number}
            found.append(alike)
        return found

    def reached(self, kind: int, maker: int | None, takers: Interfaces, among: Ints | None = None) -> dict[int, int]:
        """The takers that something of this interface and maker reaches, with how surely."""
        numbers = np.arange(len(takers)) if among is None else among
        sure = self.fits[kind, takers.kind[numbers]].astype(np.int64)
        if maker is not None:
            sure = np.where(takers.maker[numbers] == maker, np.minimum(sure, ONE_MAKER), sure)
        accepted = sure <= self.accept
        return dict(zip(numbers[accepted].tolist(), sure[accepted].tolist(), strict=True))


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
        reach_gate = network.reached(kind, maker, network.gates)
        straight = [self._column("hub", hub, sure) for hub, sure in network.reached(kind, maker, network.hubs).items()]
        first = {
            gate: self._column("gateway", gate, sure) for gate, sure in reach_gate.items() if network.to_last[gate]
        }
        last = {gate: self._column("gateway", gate, sure) for gate, sure in reach_gate.items() if network.to_hub[gate]}
        whole = [*straight, *first.values(), *last.values()]
        program.row(whole, [1.0] * len(whole), low=1, high=1)
        into = {gate: [column] for gate, column in last.items()}
        if GATEWAYS_MAX > 1:
            for gate, column in self._onward(
                "gateway", {gate: [column] for gate, column in first.items()}, network.to_last
            ):
                into.setdefault(gate, []).append(column)
        for _ in self._onward("hub", into, network.to_hub):
            pass

    def _onward(
        self, role: str, into: dict[int, list[int]], reached: list[dict[int, int]]
    ) -> Iterator[tuple[int, int]]:
        """From gateways to all that they reach: what flows into those that reach the same flows on together."""
        program = self.model.program
        together: dict[tuple[tuple[int, int], ...], list[int]] = {}
        for gate in into:
            together.setdefault(tuple(reached[gate].items()), []).append(gate)
        for ways, gates in together.items():
            flowing = [column for gate in gates for column in into[gate]]
            arriving = []
            for number, sure in ways:
                column = self._column(role, number, sure)
                arriving.append(column)
                yield number, column
            program.row([*flowing, *arriving], [1.0] * len(flowing) + [-1.0] * len(arriving), low=0, high=0)

    def _column(self, role: str, number: int, sure: int) -> int:
        column = self.model.program.column()
        self.used.setdefault((role, number), {}).setdefault(self.group, []).append(column)
        if sure > 0:
            self.model.doubts[column] = float(sure)
        return column
