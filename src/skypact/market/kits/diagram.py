"""The connection diagram of a kit: sensors → gateways → command and control, and what feeds them.

Data runs from left to right. A connection without gateways runs level past the gateway columns before it turns,
so that no line crosses a box. Power comes from boxes in the bottom row: a rail for each source, and for each thing it
feeds a line in the gutter left of that thing. Where the products are at hand, each line says what it rests on: the
grade of the weaker of the two ports that mate, and the sources of both.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Protocol

from django.utils.translation import gettext

from skypact.engines.interop import power_fit
from skypact.engines.interop.links import IMPOSSIBLE, meeting_ports, sureness
from skypact.market.catalogue.wording import GRADES
from skypact.market.kits.wording import SOURCE_NAMES, said
from skypact.schema import Answer, Category, Evidence, Grade, Link, Listing, PortKind, PortRole, Sentence

BOX_WIDTH, BOX_HEIGHT = 232, 72
GUTTER, ROW = 104, 96
MARGIN = 16
RAIL = 22
_LINE_LENGTH = 30
#: As many letters of a label stand in the narrowest gutter.
_LABEL_LENGTH = 15
_NUMBER_WIDTH = 24


class Placed(Protocol):
    """One product of what is drawn."""

    @property
    def listing(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def name_ko(self) -> str | None: ...
    @property
    def category(self) -> Category: ...
    @property
    def quantity(self) -> int: ...


class Wired(Protocol):
    """What is drawn: a kit, or a set of products."""

    @property
    def items(self) -> Sequence[Placed]: ...
    @property
    def links(self) -> Sequence[Link]: ...


@dataclass(frozen=True)
class Box:
    """One product: where its box stands (pixels, top left) and what is written in it."""

    listing: str
    name: str
    name_ko: str | None
    category: Category | None
    quantity: int
    x: float
    y: float

    width: int = BOX_WIDTH
    height: int = BOX_HEIGHT

    @property
    def family(self) -> str:
        """What the box's colour goes by."""
        return "source" if self.category is None else self.category.family

    @property
    def text_x(self) -> float:
        """Where its lines of text begin."""
        return self.x + 14

    @property
    def kind_y(self) -> float:
        """Base line of the first line: what kind of thing it is."""
        return self.y + 21

    @property
    def name_lines(self) -> list[dict[str, object]]:
        """The name in at most two lines with their base lines."""
        return [{"text": text, "y": self.y + 41 + 18 * number} for number, text in enumerate(_two_lines(self.spoken))]

    @property
    def spoken(self) -> str:
        """The name in the reader's language."""
        return str(SOURCE_NAMES.get(self.listing, said(self.name, self.name_ko)))

    @property
    def middle(self) -> float:
        """The height at which data lines meet the box."""
        return self.y + BOX_HEIGHT / 2


@dataclass(frozen=True)
class Wire:
    """One connection as an SVG path, with the place of its label."""

    kind: str
    path: str
    answer: Answer
    reason: Sentence
    label: str
    label_x: float
    label_y: float
    evidence: tuple[Evidence, ...] = ()
    """of the ports that mate, sender first; nothing where the products are not at hand or state no port"""
    above: bool = True
    """whether its label stands above it"""
    refuted: bool = False
    """whether a test says that one of the two ports does not do what is stated of it"""
    number: int | None = None
    """of its connection in the table beside the drawing, where that has numbers"""

    @property
    def grade(self) -> Grade | None:
        """How well the weaker of the two ports is known."""
        return min((one.grade for one in self.evidence), key=lambda grade: grade.rank, default=None)

    @property
    def rests_y(self) -> float:
        """The height of the line that says how well it is known: beyond what is spoken, seen from the wire."""
        return self.label_y - 15 if self.above else self.label_y + 15

    @property
    def rests_on(self) -> str:
        """The grade in the reader's language; nothing where it is not known."""
        if self.refuted:
            return gettext("a test says no")
        return "" if self.grade is None else str(GRADES[self.grade])

    @property
    def sources(self) -> list[str]:
        """The titles of the sources with the day of what they say, each once."""
        return list(dict.fromkeys(f"{one.source.title}, {one.observed}" for one in self.evidence))


@dataclass
class Diagram:
    """Boxes and wires with the size of the drawing."""

    boxes: list[Box] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)
    width: float = 0
    height: float = 0


def draw(
    kit: Wired, seen: Mapping[str, Listing] | None = None, *, unlinked: bool = False, numbered: bool = False
) -> Diagram:
    """The diagram of ``kit``'s links; empty without links. ``seen``: its products as the reader may see them.

    ``unlinked``: products that no link names are drawn too, among the sources. ``numbered``: lines bear the number of
    their link, from 1, under which a table beside the drawing tells of it.
    """
    diagram = Diagram()
    known = seen or {}
    if not kit.links:
        return diagram
    data = [link for link in kit.links if link.kind == "data"]
    power = [link for link in kit.links if link.kind == "power"]
    numbers = {id(link): number for number, link in enumerate(kit.links, start=1)} if numbered else {}
    columns = _columns(kit, data, power)
    if unlinked:
        feeding = {link.source for link in power}
        columns = {item.listing: 0 for item in kit.items if item.listing not in feeding} | columns
    gutter = _gutter(data, numbered=numbered)
    placed = {box.listing: box for box in _boxes(kit, columns, data, gutter)}
    diagram.boxes = list(placed.values())
    diagram.width = max(box.x for box in diagram.boxes) + BOX_WIDTH + MARGIN
    bottom = max(box.y for box in diagram.boxes) + BOX_HEIGHT
    for link in data:
        wires = _data_wires(link, placed, known, gutter)
        wires[:1] = [replace(wire, number=numbers.get(id(link))) for wire in wires[:1]]
        diagram.wires.extend(wires)
    bottom = _add_power(diagram, kit, power, placed, bottom, known, numbers, gutter)
    diagram.height = bottom + MARGIN
    return diagram


def _two_lines(name: str) -> list[str]:
    lines = textwrap.wrap(name, _LINE_LENGTH, max_lines=2, placeholder="…")
    return lines or [""]


def _gutter(data: Sequence[Link], *, numbered: bool) -> float:
    """How far columns stand apart: so that the longest label ends before the next box."""
    longest = max((len(link.standard or "") for link in data), default=0) + (5 if numbered else 0)
    return max(GUTTER, 7.0 * longest + 24 if longest > _LABEL_LENGTH else 0.0)


def _columns(kit: Wired, data: list[Link], power: list[Link]) -> dict[str, int]:
    """The column of each product: sources left, gateways in the order data passes them, the receiver right."""
    depth = max((len(link.via) for link in data), default=0)
    columns: dict[str, int] = {}
    for link in data:
        columns.setdefault(link.source, 0)
        for step, gateway in enumerate(link.via, start=1):
            columns[gateway] = max(columns.get(gateway, 0), step)
        columns[link.target] = depth + 1
    sources = {link.source for link in power}
    for link in power:
        if link.target not in columns and link.target not in sources:
            columns[link.target] = 0
    known = {item.listing for item in kit.items}
    return {listing: column for listing, column in columns.items() if listing in known}


def _boxes(kit: Wired, columns: dict[str, int], data: list[Link], gutter: float) -> list[Box]:
    """Sources in rows, first those that share a gateway; a gateway beside its first source, the receiver centred."""
    first_gateway = {link.source: link.via[0] if link.via else "" for link in data}
    order = {item.listing: number for number, item in enumerate(kit.items)}
    sources = sorted(
        (listing for listing, column in columns.items() if column == 0),
        key=lambda listing: (first_gateway.get(listing, "") == "", first_gateway.get(listing, ""), order[listing]),
    )
    rows: dict[str, float] = {listing: row for row, listing in enumerate(sources)}
    last = max(columns.values())
    taken: dict[int, set[float]] = {}
    for column in range(1, last + 1):
        for listing in sorted((one for one, at in columns.items() if at == column), key=lambda one: order[one]):
            feeding = [
                rows[link.source] for link in data if listing in (*link.via, link.target) and link.source in rows
            ]
            middle = (min(feeding) + max(feeding)) / 2 if feeding and column == last else min(feeding, default=0)
            while middle in taken.setdefault(column, set()):
                middle += 1
            taken[column].add(middle)
            rows[listing] = middle
    items = {item.listing: item for item in kit.items}
    return [
        Box(
            listing=listing,
            name=items[listing].name,
            name_ko=items[listing].name_ko,
            category=items[listing].category,
            quantity=items[listing].quantity,
            x=MARGIN + GUTTER + column * (BOX_WIDTH + gutter),
            y=MARGIN + rows[listing] * ROW,
        )
        for listing, column in columns.items()
    ]


def _data_wires(link: Link, placed: dict[str, Box], known: Mapping[str, Listing], gutter: float) -> list[Wire]:
    stops = [placed[listing] for listing in (link.source, *link.via, link.target) if listing in placed]
    wires = []
    for number, (start, end) in enumerate(pairwise(stops)):
        x1, y1, x2, y2 = start.x + BOX_WIDTH, start.middle, end.x, end.middle
        turn = x2 - gutter
        path = f"M{x1:g} {y1:g} H{turn:g} C{turn + gutter / 2:g} {y1:g} {x2 - gutter / 2:g} {y2:g} {x2:g} {y2:g}"
        wires.append(
            Wire(
                kind="data",
                path=path,
                answer=link.answer,
                reason=link.reason,
                label=(link.standard or "") if number == 0 else "",
                label_x=x1 + 6,
                label_y=y1 - 7 if y2 >= y1 else y1 + 17,
                above=y2 >= y1,
                evidence=evidence_of("data", known.get(start.listing), known.get(end.listing)),
                refuted=_refuted(known.get(start.listing), known.get(end.listing)),
            )
        )
    return wires


def _add_power(
    diagram: Diagram,
    kit: Wired,
    power: list[Link],
    placed: dict[str, Box],
    bottom: float,
    known: Mapping[str, Listing],
    numbers: Mapping[int, int],
    gutter: float,
) -> float:
    """Adds the row of power sources, their rails and drop lines; returns the new lower edge.

    A source that data runs through stands among those already; every product has one box.
    """
    items = {item.listing: item for item in kit.items}
    sources = list(dict.fromkeys(link.source for link in power))
    if not sources:
        return bottom
    rails = {source: bottom + RAIL * (number + 1) for number, source in enumerate(sources)}
    top = bottom + RAIL * (len(sources) + 1)
    below = [source for source in sources if source not in placed]
    for number, source in enumerate(below):
        item = items.get(source)
        placed[source] = Box(
            listing=source,
            name=item.name if item else source,
            name_ko=item.name_ko if item else None,
            category=item.category if item else None,
            quantity=item.quantity if item else 0,
            x=MARGIN + GUTTER + number * (BOX_WIDTH + gutter),
            y=top,
        )
        diagram.boxes.append(placed[source])
        diagram.width = max(diagram.width, placed[source].x + BOX_WIDTH + MARGIN)
    for number, source in enumerate(sources):
        for link in (one for one in power if one.source == source and one.target in placed):
            leaves = _up(placed[source]) if source in below else _beside(placed[source], number)
            wire = _power_wire(link, leaves, (placed[source], placed[link.target]), rails[source], number, known)
            diagram.wires.append(replace(wire, number=numbers.get(id(link))))
    return top + (BOX_HEIGHT if below else 0)


def _up(source: Box) -> str:
    """The way out of a box of the bottom row: up to its rail."""
    return f"M{source.x + BOX_WIDTH / 2:g} {source.y:g}"


def _beside(source: Box, number: int) -> str:
    """The way out of a box among others: into the gutter right of it, down to its rail."""
    return f"M{source.x + BOX_WIDTH:g} {source.y + BOX_HEIGHT - 12:g} H{source.x + BOX_WIDTH + 12 + 8 * number:g}"


def _power_wire(
    link: Link, leaves: str, ends: tuple[Box, Box], rail: float, number: int, known: Mapping[str, Listing]
) -> Wire:
    source, target = ends
    drop = target.x - 14 - 8 * number
    meet = target.y + BOX_HEIGHT - 12
    path = f"{leaves} V{rail:g} H{drop:g} V{meet:g} H{target.x:g}"
    return Wire(
        kind="power",
        path=path,
        answer=link.answer,
        reason=link.reason,
        label="",
        label_x=drop - 18,
        label_y=meet + 4,
        evidence=evidence_of("power", known.get(source.listing), known.get(target.listing)),
    )


def _refuted(source: Listing | None, target: Listing | None) -> bool:
    meeting = None if source is None or target is None else meeting_ports(source, target)
    return meeting is not None and any(port.denied for port in meeting)


def ends_of(link: Link, known: Mapping[str, Listing]) -> list[tuple[str, Evidence]]:
    """Listing id and evidence of each port that meets another along ``link``, as far as the products are at hand.

    From the mains: that of the product's first power input.
    """
    stops = (link.source, *link.via, link.target)
    found = []
    for start, end in pairwise(stops):
        both = evidence_of(link.kind, known.get(start), known.get(end))
        found += list(zip((start, end), both, strict=False))
    taker = known.get(link.target)
    if link.kind == "power" and taker is not None and not found and link.source not in known:
        inlets = [port for port in taker.ports if port.kind is PortKind.POWER and port.role is not PortRole.PROVIDES]
        found += [(link.target, port.evidence) for port in inlets[:1]]
    return found


def evidence_of(kind: str, source: Listing | None, target: Listing | None) -> tuple[Evidence, ...]:
    """What a connection rests on: the evidence of the two ports that mate most surely, the sender's first.

    Of ports that mate equally surely those count that are known best.

    Nothing where no port is stated, none mates, or the source is no product (mains).
    """
    if source is None or target is None:
        return ()
    if PortKind(kind) is PortKind.DATA:
        meeting = meeting_ports(source, target)
        return () if meeting is None else (meeting[0].evidence, meeting[1].evidence)
    giving, taking = ([port for port in one.ports if port.kind is PortKind.POWER] for one in (source, target))
    judged = [(sureness(power_fit(one, other, draw_w=None)), one, other) for one in giving for other in taking]
    best = min(judged, key=lambda found: found[0], default=None)
    if best is None or best[0] >= IMPOSSIBLE:
        return ()
    return best[1].evidence, best[2].evidence
