"""The ways of the sensors' data to the hubs, as columns and rows of the program of additions.

The ways of each sensor are flows through at most two gateways, which follow from it. Gateways and hubs are joined by
interface.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skypact.engines.interop.links import GATEWAYS_MAX, IMPOSSIBLE
from skypact.engines.interop.reach import ONE_MAKER, Interfaces, Sureness, Wiring, wiring
from skypact.engines.interop.together.buying import Item, Model
from skypact.engines.interop.together.question import Question, serves
from skypact.schema import Listing

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
    groups: dict[tuple[int, int], list[Item]] = {}  # sensors that mate alike go the same ways
    for sensor, item in enumerate(sensors):
        alike = int(wired.sources.kind[sensor]), int(wired.sources.maker[sensor]) if wanted.accept >= ONE_MAKER else 0
        groups.setdefault(alike, []).append(item)
    to_hub = _Onward(wired, wired.targets, np.ones(len(hubs), dtype=np.bool_), wanted.accept)
    ends = np.array([to_hub.any_way(number) for number in range(len(gateways))], dtype=np.bool_)
    to_last = _Onward(wired, wired.gateways, ends, wanted.accept)
    for number, (kind, maker) in enumerate(groups):
        whole = _Ways(model, wired, wanted.accept, to_last, to_hub, number, used).lay(kind, maker)
        total = float(sum(item.count for item in groups[kind, maker]))
        stay = [item.column for item in groups[kind, maker] if item.column is not None]
        fixed = total if not stay else 0.0
        model.program.row([*whole, *stay], [total] * len(whole) + [-1.0] * len(stay), low=fixed, high=fixed)
    units = [float(sum(item.count for item in group)) for group in groups.values()]
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


Reached = list[tuple[int, int]]
"""Takers by number, each with how surely it is reached."""


class _Onward:
    """To which of some takers each gateway sends: those of one interface alike, and makers to their own besides."""

    def __init__(self, wired: Wiring, takers: Interfaces, wanted: Flags, accept: int) -> None:
        self.ways: list[Reached] = []
        self.of_kind = [0] * len(wired.gateways)
        """for each gateway the number of the ways that it shares with all that send alike"""
        self.of_maker: list[int | None] = [None] * len(wired.gateways)
        """the number of the ways among its maker's products, where it has any"""
        known: dict[bytes | int, int] = {}
        kinds, makers = wired.gateways.kind.tolist(), wired.gateways.maker.tolist()
        rows = {kind: np.where(wanted, wired.fits[kind, takers.kind], np.int8(IMPOSSIBLE)) for kind in set(kinds)}
        texts = {kind: row.tobytes() for kind, row in rows.items()}
        for number, (kind, maker) in enumerate(zip(kinds, makers, strict=True)):
            if texts[kind] not in known:
                known[texts[kind]] = len(self.ways)
                self.ways.append(_accepted(rows[kind], accept))
            self.of_kind[number] = known[texts[kind]]
            if accept < ONE_MAKER:
                continue
            if maker not in known:
                known[maker] = len(self.ways)
                self.ways.append(
                    [(taker, ONE_MAKER) for taker in np.flatnonzero(wanted & (takers.maker == maker)).tolist()]
                )
            own = self.ways[known[maker]]
            if any(rows[kind][taker] > ONE_MAKER for taker, _ in own):
                self.of_maker[number] = known[maker]

    def any_way(self, number: int) -> bool:
        """Whether a gateway reaches any."""
        return bool(self.ways[self.of_kind[number]]) or self.of_maker[number] is not None


def _accepted(row: Sureness, accept: int) -> Reached:
    numbers = np.flatnonzero(row <= accept)
    return list(zip(numbers.tolist(), row[numbers].tolist(), strict=True))


@dataclass(eq=False)
class _Ways:
    """The ways of one group of sensors: directly, through one gateway, or through a first and a last one."""

    model: Model
    wired: Wiring
    accept: int
    to_last: _Onward
    to_hub: _Onward
    group: int
    used: dict[tuple[str, int], dict[int, list[int]]]

    def lay(self, kind: int, maker: int) -> list[int]:
        """Adds the columns and the rows that keep what flows in equal to what flows out; where it all begins."""
        straight = [self._column("hub", hub, sure) for hub, sure in self._reached(kind, maker, self.wired.targets)]
        gates = self._reached(kind, maker, self.wired.gateways)
        first = {gate: [self._column("gateway", gate, sure)] for gate, sure in gates if self.to_last.any_way(gate)}
        last = {gate: [self._column("gateway", gate, sure)] for gate, sure in gates if self.to_hub.any_way(gate)}
        whole = [*straight, *(column for columns in (*first.values(), *last.values()) for column in columns)]
        if GATEWAYS_MAX > 1:
            for gate, column in self._onward("gateway", first, self.to_last):
                last.setdefault(gate, []).append(column)
        self._onward("hub", last, self.to_hub)
        return whole

    def _reached(self, kind: int, maker: int, takers: Interfaces) -> Reached:
        """What a sensor reaches directly."""
        sure = self.wired.fits[kind, takers.kind]
        if self.accept >= ONE_MAKER:
            sure = np.where(takers.maker == maker, np.minimum(sure, np.int8(ONE_MAKER)), sure)
        return _accepted(sure, self.accept)

    def _onward(self, role: str, into: dict[int, list[int]], onward: _Onward) -> list[tuple[int, int]]:
        """From gateways to all that they reach; what flows the same ways flows on together."""
        together: dict[int, list[int]] = {}
        for gate, flowing in into.items():
            kind, maker = onward.of_kind[gate], onward.of_maker[gate]
            if maker is None:
                together.setdefault(kind, []).extend(flowing)
                continue
            shares = [self.model.program.column(), self.model.program.column()]
            self._pass(flowing, shares)
            for number, share in zip((kind, maker), shares, strict=True):
                together.setdefault(number, []).append(share)
        sent: list[tuple[int, int]] = []
        for number, flowing in together.items():
            arriving = [(taker, self._column(role, taker, sure)) for taker, sure in onward.ways[number]]
            self._pass(flowing, [column for _, column in arriving])
            sent += arriving
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
