"""The picture of a set: the kit page's connection diagram over a set's products, links and feeds."""

from __future__ import annotations

from dataclasses import dataclass

from skypact.engines.interop.together import Completion
from skypact.market.interop.selectors import Answered
from skypact.market.kits.diagram import Diagram, draw
from skypact.schema import Category, Link

_MAINS = "mains"


@dataclass(frozen=True)
class Drawn:
    """One product in the picture."""

    listing: str
    name: str
    name_ko: str | None
    category: Category
    quantity: int


@dataclass(frozen=True)
class Picture:
    """What the diagram draws."""

    items: tuple[Drawn, ...]
    links: tuple[Link, ...]


def picture(found: Answered) -> Diagram:
    """The diagram of the completed set; of the set as it is where nothing completes it."""
    wiring: Completion = found.found.completion or found.found.checked.wiring
    added = {} if found.found.completion is None else {one.id: count for one, count in wiring.additions}
    counts = {part.listing.id: part.quantity for part in found.question.parts}
    for listing, count in added.items():
        counts[listing] = counts.get(listing, 0) + count
    items = tuple(
        Drawn(one, found.listings[one].name, found.listings[one].name_ko, found.listings[one].category, count)
        for one, count in counts.items()
    )
    links = [
        Link(kind="data", source=one.path.source, target=one.path.target, via=one.path.via,
             standard=one.path.standard, answer=one.path.answer, reason=one.path.reason)
        for one in wiring.connections
    ]  # fmt: skip
    links += [
        Link(kind="power", source=one.source or _MAINS, target=one.consumer, answer=one.way.fit.answer,
             reason=one.way.fit.reason)
        for one in wiring.feeds
    ]  # fmt: skip
    return draw(Picture(items, tuple(links)), found.listings, unlinked=True)
