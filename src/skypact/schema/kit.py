"""The answer: a kit, where it stands, how it connects, what it costs, when it arrives, and what nobody knows."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from skypact.schema.base import Day, Model, Name, Slug, Text
from skypact.schema.evidence import Evidence, Grade, Source
from skypact.schema.geometry import LineString, MultiPolygon, Polygon, Position
from skypact.schema.money import Money
from skypact.schema.requirement import Assumption, Question, Region, Requirement
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
    sensor: Annotated[int, Field(ge=1)] | None = None
    """which of the listing's sensors of this kind, from 1 in the listing's order; ``None``: it has only one"""
    azimuth_width_deg: float | None = None
    """total azimuth this sensor watches; ``None``: as the position says, which tells the narrowest of a unit's"""
    range_m: float
    """as stated, derived or assumed, and shortened by the requirement's trust"""
    basis: Basis
    note: Sentence
    grade: Grade | None = None
    """the weakest grade of the claims used; ``None`` for an assumption"""
    observed: Day | None = None
    """day of the claim of the range"""
    expires: Day | None = None
    """the day from which that claim no longer counts"""
    probable_m: float | None = None
    """up to where one look detects with the probability asked for (one in a thousand where only a fused one is), in
    the weather asked for; never beyond ``range_m``, 0 where that is unknown; ``None``: probabilities are not asked for
    """
    frequency_hz: float | None = None
    """radar: the frequency for which rain and air were reckoned"""


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


class TestedPort(Model):
    """What a lab said of one end of a connection when the kit was composed."""

    __test__: ClassVar[bool] = False

    listing: Slug
    port: Slug
    standard: Name
    version: Name | None = None
    conforms: bool
    evidence: Evidence
    """the result: who tested when, until when it holds, which signed statement says so"""


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
    tested: tuple[TestedPort, ...] = ()
    """results of labs about the ports that meet, in the order data passes them; what is not there is not tested"""


class CoverageFigure(Model):
    """How much of the region is covered for one threat class at one height above ground."""

    threat: Slug
    height_m: float
    region: Region = Region.RING
    share: Share
    share_required: Share
    kinds_required: int
    sensors_required: int = 1
    probability_required: float | None = None
    """of one look of one sensor"""
    fused_required: float | None = None
    """of one look of each sensor that sees the place"""
    met: bool
    shares_by_kinds: tuple[Share, ...]
    """share seen by at least 1, 2, … different kinds of sensor"""
    shares_by_sensors: tuple[Share, ...] = ()
    """share seen by at least 1, 2, … sensors"""
    probability_mean: Share | None = None
    """probability that at least one of the sensors that see a covered place detects, one look each: mean over the
    covered places; ``None``: unknown"""
    probability_least: Share | None = None
    """the same at the covered place where it is least"""
    blind: tuple[LineString, ...] = ()
    """stretches of the ring not covered; of an area, :class:`BlindArea` tells"""
    blind_area_m2: float | None = None
    """ground inside the ring over which it is not noticed as asked, all of it"""


class BearingWarning(Model):
    """A straight approach at one height above ground to the site's edge, noticed as the requirement asks."""

    bearing_deg: Annotated[float, Field(ge=0, lt=360)]
    """from the site's middle, clockwise from true north"""
    first_seen_m: float | None = None
    """distance from the site's edge at which it is first noticed; ``None``: never on the way"""
    at_least: bool = False
    """noticed already where the relief in use ends, so that first_seen_m may be more"""
    warning_s: float | None = None
    """from then to the edge at the class's speed, 0 where it is never noticed; ``None``: the speed is unknown"""


class ApproachFigure(Model):
    """How early one threat class at one height above ground is noticed, and how it could come least observed."""

    threat: Slug
    height_m: float
    speed_m_s: float | None = None
    """``None``: unknown"""
    speed_source: Source | None = None
    bearings: tuple[BearingWarning, ...]
    least_warning_s: float | None = None
    """of all bearings; ``None``: the speed is unknown"""
    path: LineString | None = None
    """the least observed approach from where the relief in use ends to the site"""
    length_m: float | None = None
    observed_m: float | None = None
    """the length on which it is noticed"""
    first_seen_m: float | None = None
    """how much of the path is left when it is first noticed; ``None``: never"""
    warning_s: float | None = None
    """from then to the site; 0 where it is never noticed; ``None``: the speed is unknown"""
    grid_m: float | None = None
    """posts between which the path was looked for; its lengths are measured on the relief itself"""


class BlindArea(Model):
    """A connected area inside the warning ring over which one threat class at one height is not noticed as asked."""

    threat: Slug
    height_m: float
    area_m2: float
    """of the cells themselves, not of the outline"""
    centre: Position
    """a position inside the area"""
    outline: MultiPolygon
    tolerance_m: float = 0.0
    """by how much the outline may differ from the edges of the cells; of more than twenty spots that are seen within,
    an outline of many corners leaves out the smallest"""


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
    accepted: Question | None = None
    """the question of the requirement that this leaves unanswered, and whose "unknown" it accepts; ``None``: whether
    the requirement is met does not hang on it, or rests on a planning assumption of it"""


class TerrainUsed(Model):
    """On which relief the answer stands."""

    name: Name
    surface: Name
    """surface, bare earth, synthetic or unstated"""
    synthetic: bool
    spacing_m: float
    crs: Name
    source: Text
    obstacles: int = 0
    """buildings added to the relief"""
    resampling: Name | None = None
    """how heights were brought to the grid in use"""


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
    """places tested, of the region that is asked for"""


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
    approaches: tuple[ApproachFigure, ...] = ()
    """one for each threat class at each height"""
    blind_areas: tuple[BlindArea, ...] = ()
    """the largest of all, largest first"""
    cost: Cost | None = None
    delivery: Delivery | None = None
    assumptions_used: tuple[Assumption, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    terrain: TerrainUsed
    optimisation: Optimisation
    refusal: Refusal | None = None
    open_questions: Annotated[int, Field(ge=0)] = 0
    """how many of ``unknowns`` the requirement accepts as such: it is met as far as these turn out well"""

    def content_hash(self) -> str:
        """SHA-256 of the kit as canonical JSON: UTF-8, sorted keys, no spaces, what is as by default left out.

        Equal kits have equal hashes, also after the data model has gained a field.
        """
        told = self.model_dump(mode="json", exclude_defaults=True)
        document = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(document.encode()).hexdigest()
