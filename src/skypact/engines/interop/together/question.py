"""The question: these products in these numbers, wanted in this shape, with these others to be had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from skypact.engines.interop.power import Mains
from skypact.schema import Answer, Category, CoexistenceRule, Listing, PortKind, PortRole, Sentence, figure

#: Categories that pass data on, and those that give power.
GATEWAYS = (Category.GATEWAY, Category.ADAPTER)
SOURCES = (Category.POWER, Category.NETWORK)


#: The degree of certainty at which what nobody knows counts.
UNKNOWN = 2


class Aspect(StrEnum):
    """What is asked of a set."""

    DATA = "data"
    CAPACITY = "capacity"
    POWER = "power"
    AIR = "air"
    LICENCE = "licence"
    TIME = "time"
    POSITION = "position"
    MOUNT = "mount"
    MASS = "mass"
    SUPPORT = "support"


#: Worst last.
ORDER = (Answer.YES, Answer.UNKNOWN, Answer.NO)


@dataclass(frozen=True)
class Part:
    """So many of one product in the set; ``owned`` ones cost nothing."""

    listing: Listing
    quantity: int = 1
    owned: bool = False


@dataclass(frozen=True)
class Offered:
    """A product that could be added, and what one of it costs, in one currency; ``None``: nobody knows.

    What has no price is added only where nothing that has one helps, as few as can be, and the answer says which.
    """

    listing: Listing
    price: float | None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The shape that the set is wanted in."""

    powered: bool = True
    common: bool = False
    """every sensor reaches one and the same command-and-control product"""
    other_c2: bool = False
    """another command-and-control product may be added although the set has one"""
    kinds: int = 0
    """at least so many different kinds of sensor must be connected"""
    supported: bool = False
    """every product must have a spare part or a substitute in the catalogue"""
    accept: int = 0
    """the weakest link that counts: 0 sure, 1 a detail may be open, 2 anything not impossible"""
    mains: Mains | None = None
    """the socket at hand; ``None``: there is none"""
    apart_m: float | None = None
    """all stand at least so far apart; ``None``: on one site, within sight of each other"""
    mast_m: float = 10.0
    """height of their antennas above ground"""
    nation: str | None = None
    """where all stand (ISO 3166-1 alpha-2); ``None``: nothing is asked of licences to transmit"""
    budget: float | None = None
    """for the additions"""
    mass_max_kg: float | None = None
    """of the whole set with its additions"""


@dataclass(frozen=True)
class Question:
    """Everything that the answer follows from."""

    parts: tuple[Part, ...]
    wanted: Wanted
    on: date
    offered: tuple[Offered, ...] = ()
    rules: tuple[CoexistenceRule, ...] = ()
    supported: frozenset[str] = frozenset()
    """listings for which the catalogue has a spare part or a substitute"""

    def of(self, *categories: Category) -> list[Part]:
        """The parts of these categories."""
        return [part for part in self.parts if part.listing.category in categories]

    @property
    def sensors(self) -> list[Part]:
        """The parts that must reach a command-and-control product."""
        return [part for part in self.parts if part.listing.category.family == "sensor"]


@dataclass(frozen=True)
class Finding:
    """One thing found about the set: of whom, the answer, why, and what is missing for a yes."""

    aspect: Aspect
    answer: Answer
    subjects: tuple[str, ...]
    reason: Sentence
    missing: Sentence | None = None


def worst(answers: Sequence[Answer]) -> Answer:
    """The answer for a whole: no before unknown before yes; yes for nothing at all."""
    return max(answers, key=ORDER.index, default=Answer.YES)


def serves(listing: Listing, on: date) -> float | None:
    """How many sensors a hub or gateway takes at once; ``None`` where nobody states it.

    Its own figure, and no more than its data inputs serve together, where each of them says how many.
    """
    stated = None if listing.fusion is None else figure(listing.fusion.sensors_max, on=on)
    inputs = [port.attributes.connections_max for port in listing.ports
              if port.kind is PortKind.DATA and port.role is not PortRole.PROVIDES]  # fmt: skip
    if not inputs or None in inputs:
        return stated
    places = float(sum(one for one in inputs if one is not None))
    return places if stated is None else min(stated, places)
