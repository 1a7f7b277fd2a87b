"""The ways of the sensors' data to the hubs, as columns and rows of the program of additions.

The ways of each sensor are flows through at most two gateways, which follow from it. Gateways and hubs are joined by
interface.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from skypact.engines.interop.links import GATEWAYS_MAX
from skypact.engines.interop.reach import Wiring, wiring
from skypact.engines.interop.together.buying import Item, Model
from skypact.engines.interop.together.question import Question, serves
from skypact.schema import Listing


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
    used: dict[tuple[str, int], dict[int, list[int]]] = {}  # (role, number) → sensor → columns through it
    if wanted.common:
        for hub in hubs:
            model.main_hubs[hub.listing.id] = model.program.column(whole=True)
        model.program.row([*model.main_hubs.values()], [1.0] * len(hubs), low=1, high=1)
    for number, _ in enumerate(sensors):
        _Ways(model, wired, wanted.accept, number, used).lay()
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
            weights = [float(sensors[sensor].count) for sensor, group in shares.items() for _ in group]
            model.at_most(columns, weights, item, limit)


@dataclass(eq=False)
class _Ways:
    """The ways of one sensor: directly, through one gateway, or through a first and a last one."""

    model: Model
    wired: Wiring
    accept: int
    sensor: int
    used: dict[tuple[str, int], dict[int, list[int]]]

    def lay(self) -> None:
        """Adds the columns and the rows that keep what flows in equal to what flows out."""
        wired, program = self.wired, self.model.program
        kind, maker = int(wired.sources.kind[self.sensor]), int(wired.sources.maker[self.sensor])
        reach_hub = self._reached(kind, maker, wired.targets.kind.tolist(), wired.targets.maker.tolist())
        reach_gate = self._reached(kind, maker, wired.gateways.kind.tolist(), wired.gateways.maker.tolist())
        straight = [self._column("hub", number, sure) for number, sure in reach_hub.items()]
        first = {number: self._column("gateway", number, sure) for number, sure in reach_gate.items()}
        last = {number: self._column("gateway", number, sure) for number, sure in reach_gate.items()}
        whole = [*straight, *first.values(), *last.values()]
        program.row(whole, [1.0] * len(whole), low=1, high=1)
        into: dict[int, list[int]] = {number: [column] for number, column in last.items()}
        if GATEWAYS_MAX > 1:
            self._chain(first, into)
        self._onward(into)

    def _chain(self, first: dict[int, int], into: dict[int, list[int]]) -> None:
        """From first gateways to last ones: by interface, and one by one between products of one maker."""
        wired, program = self.wired, self.model.program
        kinds, makers = wired.gateways.kind.tolist(), wired.gateways.maker.tolist()
        leaving: dict[int, list[int]] = {number: [] for number in first}
        shared: dict[int, list[int]] = {}
        for number in first:
            shared.setdefault(kinds[number], []).append(number)
        for kind, senders in shared.items():
            out = program.column()  # what leaves all first gateways of this interface by it
            program.row(
                [out, *(self._share(leaving, number) for number in senders)],
                [1.0] + [-1.0] * len(senders),
                low=0,
                high=0,
            )
            arriving = []
            for number, taken in enumerate(kinds):
                sure = int(wired.fits[kind, taken])
                if sure <= self.accept:
                    column = self._column("gateway", number, sure)
                    arriving.append(column)
                    into.setdefault(number, []).append(column)
            program.row([out, *arriving], [1.0] + [-1.0] * len(arriving), low=0, high=0)
        if self.accept >= 1:
            for number in first:
                for other, maker in enumerate(makers):
                    if maker == makers[number] and other != number and wired.fits[kinds[number], kinds[other]] > 1:
                        column = self._column("gateway", other, 1)
                        leaving[number].append(column)
                        into.setdefault(other, []).append(column)
        for number, column in first.items():
            program.row([column, *leaving[number]], [1.0] + [-1.0] * len(leaving[number]), low=0, high=0)

    def _share(self, leaving: dict[int, list[int]], number: int) -> int:
        column = self.model.program.column()
        leaving[number].append(column)
        return column

    def _onward(self, into: dict[int, list[int]]) -> None:
        """From last gateways to hubs."""
        wired, program = self.wired, self.model.program
        kinds, makers = wired.gateways.kind.tolist(), wired.gateways.maker.tolist()
        hub_kinds, hub_makers = wired.targets.kind.tolist(), wired.targets.maker.tolist()
        leaving: dict[int, list[int]] = {number: [] for number in into}
        shared: dict[int, list[int]] = {}
        for number in into:
            shared.setdefault(kinds[number], []).append(number)
        for kind, senders in shared.items():
            out = program.column()
            program.row(
                [out, *(self._share(leaving, number) for number in senders)],
                [1.0] + [-1.0] * len(senders),
                low=0,
                high=0,
            )
            arriving = [
                self._column("hub", hub, int(wired.fits[kind, taken]))
                for hub, taken in enumerate(hub_kinds)
                if wired.fits[kind, taken] <= self.accept
            ]
            program.row([out, *arriving], [1.0] + [-1.0] * len(arriving), low=0, high=0)
        if self.accept >= 1:
            for number in into:
                for hub, maker in enumerate(hub_makers):
                    if maker == makers[number] and wired.fits[kinds[number], hub_kinds[hub]] > 1:
                        leaving[number].append(self._column("hub", hub, 1))
        for number, columns in into.items():
            program.row(
                [*columns, *leaving[number]], [1.0] * len(columns) + [-1.0] * len(leaving[number]), low=0, high=0
            )

    def _column(self, role: str, number: int, sure: int) -> int:
        column = self.model.program.column()
        self.used.setdefault((role, number), {}).setdefault(self.sensor, []).append(column)
        if sure > 0:
            self.model.doubts[column] = float(sure)
        return column

    def _reached(self, kind: int, maker: int, kinds: Sequence[int], makers: Sequence[int]) -> dict[int, int]:
        """The accepted ones of some products, with how surely the sensor talks to each."""
        found = {}
        for number, (other, of) in enumerate(zip(kinds, makers, strict=True)):
            sure = int(self.wired.fits[kind, other])
            sure = min(sure, 1) if of == maker else sure
            if sure <= self.accept:
                found[number] = sure
        return found
