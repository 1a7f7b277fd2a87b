"""The answer: a kit, where it stands, how it connects, what it costs, when it arrives, and what nobody knows."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from skypact.schema.base import Model, Name, Slug, Text
from skypact.schema.geometry import LineString, MultiPolygon, Polygon, Position
from skypact.schema.money import Money
from skypact.schema.requirement import Assumption, Question, Requirement
from skypact.schema.sentence import Sentence
from skypact.schema.taxonomy import Category, SensorKind

Share = Annotated[float, Field(ge=0, le=1)]


class KitStatus(StrEnum):
    """How good the answer is known to be."""

    OPTIMAL = "optimal"
    """proven cheapest among the candidates"""
    FEASIBLE = "feasible"
    """meets the requirement; the gap says how much cheaper a better one could be at most"""
    STOPPED = "stopped"
    """the user stopped the search; the best kit so far"""
    NO_KIT = "no_kit"
    """no kit that meets the requirement was found; the refusal says why, and what of it is proven"""


class Answer(StrEnum):
    """The three values of every engine."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Basis(StrEnum):
    """What a planning figure rests on."""

    OFFER = "offer"
    """a seller's offer"""
    CLAIM = "claim"
    """a claim of the listing"""
    DERIVED = "derived"
    """computed from a claim for another case"""
    ASSUMPTION = "assumption"
    """a planning assumption of the requirement"""
    UNKNOWN = "unknown"


class Position3D(Model):
    """Where one item stands."""

    id: Slug
    at: Position
    ground_m: float
    """ground above sea level, from the terrain in use"""
    mast_m: float
    azimuth_deg: float | None = None
    """centre of the sector; ``None`` for all-round sensors and things without direction"""
    azimuth_width_deg: float | None = None


class RangeUsed(Model):
    """The detection range the plan used for one sensor and threat class."""

    threat: Slug
    kind: SensorKind
    range_m: float
    basis: Basis
    note: Sentence


class KitItem(Model):
    """One line of the bill of materials."""

    listing: Slug
    name: Name
    name_ko: Name | None = None
    vendor: Name
    nation: str | None
    category: Category
    quantity: Annotated[int, Field(ge=1)]
    unit_price: Money | None
    price_basis: Basis
    price_note: Sentence
    lead_time_days: int | None
    lead_basis: Basis
    power_draw_w: float | None = None
    power_basis: Basis = Basis.UNKNOWN
    positions: tuple[Position3D, ...] = ()
    ranges: tuple[RangeUsed, ...] = ()
    eligibility: Answer
    eligibility_reasons: tuple[Sentence, ...] = ()
    synthetic: bool = False


class Link(Model):
    """One connection: data from a sensor to the command-and-control product, or power from a source."""

    kind: Annotated[str, Field(pattern="^(data|power)$")]
    source: Slug
    """listing id of what provides"""
    target: Slug
    """listing id of what consumes"""
    via: tuple[Slug, ...] = ()
    """gateways in between"""
    standard: Name | None = None
    answer: Answer
    reason: Sentence


class CoverageFigure(Model):
    """How much of the warning ring is covered for one threat class at one height above ground."""

    threat: Slug
    height_m: float
    share: Share
    share_required: Share
    kinds_required: int
    met: bool
    shares_by_kinds: tuple[Share, ...]
    """share seen by at least 1, 2, … different kinds of sensor"""
    blind: tuple[LineString, ...] = ()
    """stretches of the ring not covered"""


class Cost(Model):
    """What the kit costs."""

    total: Money
    assumed: Money
    """the part of the total that rests on assumptions"""
    budget: Money
    within_budget: bool


class Delivery(Model):
    """When the kit is complete."""

    ordered_on: date
    complete_on: date | None
    """``None``: not known"""
    deadline: date
    answer: Answer
    """whether it is complete by the deadline"""
    critical: tuple[Slug, ...] = ()
    """listings that decide the date, or whose lead time is not known"""
    single_source: tuple[Slug, ...] = ()
    """listings for which the catalogue holds no eligible product to take their place"""


class Exclusion(Model):
    """A listing that was not considered, or a group of them with one reason."""

    question: Question
    answer: Answer
    reason: Sentence
    citation: Text | None = None
    listings: tuple[Slug, ...]


class Unknown(Model):
    """Something nobody told us, and why it matters."""

    subject: Slug
    """listing id, or the requirement's id"""
    question: Sentence
    matters: Sentence
    settled_by: Sentence


class TerrainUsed(Model):
    """On which relief the answer stands."""

    name: Name
    surface: Name
    """surface, bare earth, synthetic or unstated"""
    synthetic: bool
    spacing_m: float
    crs: Name
    source: Text


class Optimisation(Model):
    """How the kit was chosen."""

    solver: Name
    cost: float | None
    bound: float | None
    """no kit can be cheaper than this"""
    gap: float | None
    """(cost - bound) / cost; 0 is proven optimal"""
    positions: int
    options: int
    """sensor, position and direction combinations after reduction"""
    ring_points: int


class Shortfall(Model):
    """One limit that cannot be met, with how near one gets."""

    limit: Sentence
    wanted: Sentence
    nearest: Sentence
    remedy: Sentence


class Refusal(Model):
    """Why there is no kit."""

    sentences: Annotated[tuple[Sentence, ...], Field(min_length=1)]
    shortfalls: tuple[Shortfall, ...] = ()


class Kit(Model):
    """What to buy, where it stands, how it connects, what it costs, when it arrives, and what nobody knows."""

    id: Slug
    composed_on: date
    status: KitStatus
    requirement: Requirement
    catalogue_revision: Name
    """content hash of the catalogue the answer was drawn from"""
    site_outline: Polygon | MultiPolygon
    ring: tuple[LineString, ...]
    items: tuple[KitItem, ...] = ()
    links: tuple[Link, ...] = ()
    coverage: tuple[CoverageFigure, ...] = ()
    cost: Cost | None = None
    delivery: Delivery | None = None
    assumptions_used: tuple[Assumption, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    terrain: TerrainUsed
    optimisation: Optimisation
    refusal: Refusal | None = None
