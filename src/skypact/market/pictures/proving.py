"""What a picture proves of a kit: which of its products met on one track, and so which of its connections were seen.

Two sources met when one lies on the other's tracks as it is, both give a track of the fused picture at least three
looks, and no disagreement names either. A connection of the kit is *pair-exchanged* when the products at both its ends
met; it is *proven in a kit* when they met in a picture that names this very kit by its hash. That the products at both
ends told of the same objects at the same moments is what was seen; through which cable it went is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from skypact.conformance.picture import PictureReport
from skypact.schema import Kit, KitItem, Link

#: Looks that make a part in a track, as the engine counts them.
_LEAST_LOOKS = 3

Pair = frozenset[str]
"""Two products by their ids; of one id where two of the same product met."""


class Evidence(StrEnum):
    """What a connection of a kit rests on, as far as pictures tell: the last two rungs of the ladder of evidence."""

    PROVEN_IN_KIT = "proven in a kit"
    PAIR_EXCHANGED = "pair-exchanged"
    NOT_YET = "not yet"


@dataclass(frozen=True)
class Seen:
    """One picture that counts: the products that met, the pictures' products, whether it names this very kit."""

    sha256: str
    products: frozenset[str]
    pairs: frozenset[Pair]
    of_this_kit: bool


@dataclass(frozen=True)
class SensorSeen:
    """A sensor of the kit, and the products of the kit that it met in some picture."""

    item: KitItem
    met: tuple[KitItem, ...]
    in_picture: bool


@dataclass(frozen=True)
class LinkSeen:
    """A data connection of the kit, and the pictures that show it."""

    link: Link
    evidence: Evidence
    pictures: tuple[str, ...]
    """SHA-256 of the statements"""


@dataclass(frozen=True)
class Proof:
    """What all pictures of a kit prove together."""

    sensors: tuple[SensorSeen, ...]
    links: tuple[LinkSeen, ...]

    @property
    def sensors_met(self) -> int:
        """How many of the kit's sensors met another of its products."""
        return sum(bool(one.met) for one in self.sensors)

    @property
    def links_seen(self) -> int:
        """How many of the kit's data connections were seen."""
        return sum(one.evidence is not Evidence.NOT_YET for one in self.links)


def pairs_of(report: PictureReport, listings: Mapping[str, str]) -> frozenset[Pair]:
    """The products of ``listings`` (source → id) that met."""
    wrong = {one.source for one in report.disagreements}
    agrees = {one.name: set(one.agrees_with) for one in report.sources}
    found: set[Pair] = set()
    for track in report.tracks:
        there = sorted(
            part.source
            for part in track.contributions
            if part.looks >= _LEAST_LOOKS and part.source in listings and part.source not in wrong
        )
        found |= {
            frozenset((listings[one], listings[other]))
            for one, other in combinations(there, 2)
            if other in agrees[one] or one in agrees[other]
        }
    return frozenset(found)


def seen_in(report: PictureReport, listings: Mapping[str, str], kit: Kit, *, sha256: str, of_this_kit: bool) -> Seen:
    """What one picture counts for ``kit``: sources that are no product of it are left aside."""
    own = {item.listing for item in kit.items}
    known = {source: product for source, product in listings.items() if product in own}
    return Seen(sha256, frozenset(known.values()), pairs_of(report, known), of_this_kit)


def prove(kit: Kit, pictures: Iterable[Seen]) -> Proof:
    """What ``pictures`` prove of ``kit`` together."""
    counted = list(pictures)
    named = {item.listing: item for item in kit.items}
    sensors = [item for item in kit.items if item.category.family == "sensor"]
    return Proof(
        sensors=tuple(
            SensorSeen(
                item=item,
                met=tuple(named[one] for one in sorted(_met(item.listing, counted))),
                in_picture=any(item.listing in one.products for one in counted),
            )
            for item in sensors
        ),
        links=tuple(_link(link, counted) for link in kit.links if link.kind == "data"),
    )


def _met(product: str, pictures: Sequence[Seen]) -> set[str]:
    pairs = {pair for one in pictures for pair in one.pairs if product in pair}
    return {next(iter(pair - {product}), product) for pair in pairs}


def _link(link: Link, pictures: Sequence[Seen]) -> LinkSeen:
    ends = frozenset((link.source, link.target))
    showing = [one for one in pictures if ends in one.pairs]
    if not showing:
        evidence = Evidence.NOT_YET
    elif any(one.of_this_kit for one in showing):
        evidence = Evidence.PROVEN_IN_KIT
    else:
        evidence = Evidence.PAIR_EXCHANGED
    return LinkSeen(link, evidence, tuple(one.sha256 for one in showing))
