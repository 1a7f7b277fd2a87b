"""Which sensor goes which way to which command-and-control product, when all that is present is known.

A flow of least cost in layers (sensors, first gateway, last gateway, hubs) by successive shortest paths (Ahuja,
Magnanti and Orlin 1993, ch. 9.7): the surest ways first, then the shortest, within what hubs and gateways can take.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from skypact.engines.interop.links import DataPath, best_fit, data_path, sureness
from skypact.engines.interop.together.question import Part
from skypact.schema import Listing

#: A way that is less sure costs more than any detour.
_STEP = 100
Node = tuple[str, ...]
_START: Node = ("start",)
_END: Node = ("end",)


@dataclass(frozen=True)
class Connection:
    """So many units of one sensor go one way."""

    units: int
    path: DataPath


@dataclass(eq=False)
class _Edge:
    head: Node
    room: int
    cost: int
    back: _Edge | None = None


def connect(
    sensors: Sequence[Part],
    gateways: Sequence[Part],
    hubs: Sequence[Part],
    *,
    accept: int,
    room: Mapping[str, float],
) -> tuple[Connection, ...] | None:
    """The surest, then shortest ways for every unit of every sensor; ``None`` where not all fit.

    ``accept`` is the weakest link that counts (:func:`skypact.engines.interop.links.sureness`), ``room`` how many
    sensors one unit of a gateway or hub takes, by id; unlimited where it is not in there.
    """
    shut: set[str] = set()
    while True:
        ways = _flow(sensors, gateways, hubs, accept, room, shut)
        if ways is None:
            return None
        over = _overfull(ways, gateways, room) - shut
        if not over:
            break
        shut |= over  # a gateway that was used in both places of chains keeps the last place alone
    listings = {part.listing.id: part.listing for part in (*sensors, *gateways, *hubs)}
    found = []
    for stops, units in ways.items():
        path = data_path(listings[stops[0]], listings[stops[-1]], *(listings[stop] for stop in stops[1:-1]))
        if path is None:
            raise ValueError(f"no way along {stops}")
        found.append(Connection(units, path))
    return tuple(found)


Ways = dict[tuple[str, ...], int]


def _overfull(ways: Ways, gateways: Sequence[Part], room: Mapping[str, float]) -> set[str]:
    used: dict[str, int] = {}
    for stops, units in ways.items():
        for stop in stops[1:-1]:
            used[stop] = used.get(stop, 0) + units
    return {
        part.listing.id
        for part in gateways
        if used.get(part.listing.id, 0) > room.get(part.listing.id, float("inf")) * part.quantity
    }


def _flow(
    sensors: Sequence[Part],
    gateways: Sequence[Part],
    hubs: Sequence[Part],
    accept: int,
    room: Mapping[str, float],
    shut: set[str],
) -> Ways | None:
    graph = _graph(sensors, gateways, hubs, accept, room, shut)
    for _ in range(sum(part.quantity for part in sensors)):
        path = _shortest(graph)
        if path is None:
            return None
        for edge in path:
            edge.room -= 1
            assert edge.back is not None  # noqa: S101 (edges are made in pairs)
            edge.back.room += 1
    return _walk(graph, sensors)


def _graph(
    sensors: Sequence[Part],
    gateways: Sequence[Part],
    hubs: Sequence[Part],
    accept: int,
    room: Mapping[str, float],
    shut: set[str],
) -> dict[Node, list[_Edge]]:
    graph: dict[Node, list[_Edge]] = {}
    total = sum(part.quantity for part in sensors)

    def edge(tail: Node, head: Node, space: float, cost: int = 0) -> None:
        there, back = _Edge(head, int(min(space, total)), cost), _Edge(tail, 0, -cost)
        there.back, back.back = back, there
        graph.setdefault(tail, []).append(there)
        graph.setdefault(head, []).append(back)

    def link(tail: str, one: Listing, head: str, other: Listing) -> None:
        sure = sureness(best_fit(one, other))
        if sure <= accept:
            edge((tail, one.id), (head, other.id), total, sure * _STEP + 1)

    for part in sensors:
        edge(_START, ("sensor", part.listing.id), part.quantity)
    for part in gateways:
        name, space = part.listing.id, room.get(part.listing.id, total) * part.quantity
        edge(("first", name), ("past first", name), 0 if name in shut else space)
        edge(("last", name), ("past last", name), space)
    for part in hubs:
        edge(("hub", part.listing.id), _END, room.get(part.listing.id, total) * part.quantity)
    for sensor in (part.listing for part in sensors):
        for gateway in (part.listing for part in gateways):
            link("sensor", sensor, "first", gateway)
            link("sensor", sensor, "last", gateway)
    for gateway in (part.listing for part in gateways):
        for other in (part.listing for part in gateways):
            if other.id != gateway.id:
                link("past first", gateway, "last", other)
    for hub in (part.listing for part in hubs):
        for part in sensors:
            link("sensor", part.listing, "hub", hub)
        for part in gateways:
            link("past last", part.listing, "hub", hub)
    return graph


def _shortest(graph: Mapping[Node, list[_Edge]]) -> list[_Edge] | None:
    """A path of least cost with room (Bellman and Ford)."""
    cost: dict[Node, int] = {_START: 0}
    by: dict[Node, tuple[Node, _Edge]] = {}
    waiting: list[Node] = [_START]
    while waiting:
        later: list[Node] = []
        for tail in waiting:
            for edge in graph.get(tail, ()):
                if edge.room > 0 and cost[tail] + edge.cost < cost.get(edge.head, 1 << 60):
                    cost[edge.head] = cost[tail] + edge.cost
                    by[edge.head] = (tail, edge)
                    later.append(edge.head)
        waiting = list(dict.fromkeys(later))
    if _END not in cost:
        return None
    path: list[_Edge] = []
    node = _END
    while node != _START:
        node, edge = by[node]
        path.append(edge)
    return path


def _walk(graph: Mapping[Node, list[_Edge]], sensors: Sequence[Part]) -> Ways:
    """The flow as ways: from each sensor along edges that carry something."""
    ways: Ways = {}
    for part in sensors:
        for _ in range(part.quantity):
            node: Node = ("sensor", part.listing.id)
            stops = [part.listing.id]
            while node != _END:
                edge = next(edge for edge in graph[node] if _LAYERS.index(edge.head[0]) > _LAYERS.index(node[0])
                            and edge.back is not None and edge.back.room > 0)  # fmt: skip
                assert edge.back is not None  # noqa: S101 (edges are made in pairs)
                edge.back.room -= 1
                node = edge.head
                if node[0] in ("first", "last", "hub"):
                    stops.append(node[1])
            ways[tuple(stops)] = ways.get(tuple(stops), 0) + 1
    return ways


_LAYERS = ("start", "sensor", "first", "past first", "last", "past last", "hub", "end")
