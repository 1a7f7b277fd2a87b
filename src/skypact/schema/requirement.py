"""What a buyer asks for: a place, what must be noticed there, and the limits of money, time and law."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator, model_validator

from skypact.schema.base import Model, Name, Nation, Slug, Text
from skypact.schema.evidence import Grade
from skypact.schema.geometry import Area, Circle, Position
from skypact.schema.money import Currency, Money
from skypact.schema.taxonomy import Category


class BuyerRole(StrEnum):
    """In what capacity somebody buys and operates; authority follows from it."""

    MILITARY = "military"
    POLICE = "police"
    BORDER_GUARD = "border_guard"
    AIRPORT = "airport"
    CIVIL = "civil"


class Buyer(Model):
    """Who buys and operates."""

    nation: Nation
    role: BuyerRole
    name: Name | None = None
    covered_site: bool | None = None
    """whether law designates this place for counter-drone authority; ``None`` is not known"""
    certified: bool | None = None
    """whether the operators hold the certificate their law asks for; ``None`` is not known"""


class Site(Model):
    """The place to protect: exactly one of an airport's ICAO code with a radius, a disc, a GeoJSON area."""

    name: Name
    name_ko: Name | None = None
    icao: Annotated[str, Field(pattern=r"^[A-Z]{4}$")] | None = None
    radius_m: Annotated[float, Field(gt=0, le=100_000)] | None = None
    circle: Circle | None = None
    area: Area | None = None
    nation: Nation | None = None
    """on whose soil the site lies; ``None``: the airport's country, else the buyer's"""

    @model_validator(mode="after")
    def _one_place(self) -> Site:
        given = [name for name in ("icao", "circle", "area") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of icao, circle, area; given: {', '.join(given) or 'none'}")
        if (self.icao is None) != (self.radius_m is None):
            raise ValueError("radius_m belongs to icao, and icao needs radius_m")
        return self


class Placement(Model):
    """Where equipment may stand."""

    area: Area | None = None
    """``None``: anywhere inside the site"""
    exclude: Annotated[tuple[Area | Circle, ...], Field(max_length=200)] = ()
    points: Annotated[tuple[Position, ...], Field(max_length=2000)] = ()
    """further positions named by the user, wherever they lie"""
    spacing_m: Annotated[float, Field(ge=10, le=50_000)] = 500.0
    """distance between candidate positions on a grid"""
    mast_height_m: Annotated[float, Field(ge=0, le=200)] = 6.0
    """height of a sensor above the ground it stands on"""
    positions_max: Annotated[int, Field(ge=1, le=200)] | None = None
    """at most so many positions in use"""


class Region(StrEnum):
    """Of what the share is counted."""

    RING = "ring"
    """of the warning ring"""
    AREA = "area"
    """of the area inside the warning ring, the site included"""


class Detection(Model):
    """What must be noticed: threat classes around a site, at heights above ground.

    Without ``probability`` a sensor sees a place inside its range as stated. With it, only where besides one look of
    its own detects with at least that probability, by the physics of its kind in the requirement's weather.
    """

    threats: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=100)]
    heights_m: Annotated[tuple[Annotated[float, Field(ge=0, le=5000)], ...], Field(min_length=1, max_length=100)]
    warning_distance_m: Annotated[float, Field(ge=0, le=50_000)]
    """how far outside the site's edge the ring runs"""
    share: Annotated[float, Field(gt=0, le=1)]
    """share of the region that must be covered, for each threat class at each height"""
    region: Region = Region.RING
    kinds: Annotated[int, Field(ge=1, le=6)] = 1
    """by how many different kinds of sensor each covered place must be seen"""
    sensors: Annotated[int, Field(ge=1, le=10)] = 1
    """by how many sensors, as units of the bill of materials, each covered place must be seen"""
    probability: Annotated[float, Field(gt=0, le=0.999)] | None = None
    """with which one look of a sensor must detect for it to see a place"""
    fused_probability: Annotated[float, Field(gt=0, le=0.999999)] | None = None
    """with which at least one of the sensors that see a covered place must detect, one look each: 1 - Π(1 - p)"""
    spacing_m: Annotated[float, Field(ge=10, le=10_000)] = 250.0
    """distance between the places tested"""

    @model_validator(mode="after")
    def _no_repeats(self) -> Detection:
        for name, values in (("threats", self.threats), ("heights_m", self.heights_m)):
            if len(set(values)) != len(values):
                raise ValueError(f"{name} repeats a value: {list(values)}")
        return self

    @field_validator("fused_probability")
    @classmethod
    def _asks_for_more(cls, value: float | None, info: ValidationInfo) -> float | None:
        single = info.data.get("probability")
        if value is not None and single is not None and value <= single:
            raise ValueError(f"must be above probability ({single:g}), which every sensor that counts reaches alone")
        return value

    @property
    def physics(self) -> bool:
        """Whether probabilities of detection decide, and not stated ranges alone."""
        return self.probability is not None or self.fused_probability is not None


class Weather(Model):
    """What the air is like over the whole site; counts where probabilities of detection are asked for."""

    rain_mm_h: Annotated[float, Field(ge=0, le=300)] = 0.0
    visibility_m: Annotated[float, Field(gt=0, le=200_000)] | None = None
    """meteorological visibility; ``None``: not limited, but in rain unknown"""
    added_noise_db: Annotated[float, Field(ge=0, le=80)] = 0.0
    """by how much the site is louder than where the ranges of microphones were stated"""


class Trust(Model):
    """A planning assumption: how much of a range to count on when this is the weakest grade it rests on."""

    grade: Grade
    factor: Annotated[float, Field(gt=0, le=1)]
    basis: Text
    """why this figure"""


class AssumptionKind(StrEnum):
    """What may be assumed for planning when nothing is public."""

    PRICE = "price"
    """unit price, needs a currency"""
    LEAD_TIME_DAYS = "lead_time_days"
    DETECTION_RANGE_M = "detection_range_m"
    AZIMUTH_COVERAGE_DEG = "azimuth_coverage_deg"
    """total azimuth a sensor watches at once, up to 360"""
    POWER_DRAW_W = "power_draw_w"
    FREQUENCY_HZ = "frequency_hz"
    """of a radar whose band nobody states; decides what rain takes from its range"""


class Assumption(Model):
    """A planning figure. It belongs to the requirement, never to a product, and is shown beside every result."""

    kind: AssumptionKind
    category: Category | None = None
    """for all listings of this category"""
    listing: Slug | None = None
    """for this listing alone; goes before the category's"""
    threat: Slug | None = None
    """detection range: for this threat class alone"""
    value: Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=4)]
    currency: Currency | None = None
    basis: Text
    """why this figure"""

    @model_validator(mode="after")
    def _complete(self) -> Assumption:
        if (self.category is None) == (self.listing is None):
            raise ValueError("give either category or listing")
        if (self.currency is not None) != (self.kind is AssumptionKind.PRICE):
            raise ValueError("a price needs a currency, and only a price has one")
        if self.kind is AssumptionKind.AZIMUTH_COVERAGE_DEG and not 0 < self.value <= 360:
            raise ValueError(f"azimuth_coverage_deg must be above 0 and at most 360, not {self.value}")
        if self.threat is not None and self.kind is not AssumptionKind.DETECTION_RANGE_M:
            raise ValueError("threat belongs to detection_range_m only")
        return self


class Question(StrEnum):
    """What must be known of a product before a kit may hold it; each is answered yes, no or unknown."""

    ELIGIBILITY = "eligibility"
    INTEROPERABILITY = "interoperability"
    INTERFACE_DETAIL = "interface_detail"
    """both name the same interface standard but not the edition, or both are of one maker; part of interoperability"""
    COEXISTENCE = "coexistence"
    """nobody states on which frequencies neighbours work, or how they settle that; part of interoperability"""
    POWER = "power"
    DELIVERY = "delivery"
    PRICE = "price"
    COVERAGE = "coverage"


#: Questions whose "unknown" a buyer may accept; without a price or a range there is nothing to compute with.
_ACCEPTABLE = (
    Question.ELIGIBILITY,
    Question.INTEROPERABILITY,
    Question.INTERFACE_DETAIL,
    Question.COEXISTENCE,
    Question.POWER,
    Question.DELIVERY,
)


class ExchangeRate(Model):
    """One unit of ``base`` bought ``value`` units of ``quote`` on ``date``."""

    base: Currency
    quote: Currency
    value: Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=8)]
    date: date
    source: Name


class Requirement(Model):
    """A site, a threat and the limits within which a kit must be found."""

    id: Slug
    title: Name
    title_ko: Name | None = None
    summary: Text | None = None
    summary_ko: Text | None = None
    site: Site
    buyer: Buyer
    placement: Placement = Placement()
    detection: Detection
    weather: Weather = Weather()
    trust: Annotated[tuple[Trust, ...], Field(max_length=4)] = ()
    """ranges are counted on as stated, but for these grades"""
    budget: Money
    deadline: date
    mains: bool = True
    """whether mains power is at hand at every position"""
    mains_voltage_v: Annotated[float, Field(gt=0, le=1000)] = 230.0
    mains_current_a: Annotated[float, Field(gt=0, le=1000)] = 16.0
    """what one socket's circuit gives"""
    assumptions: Annotated[tuple[Assumption, ...], Field(max_length=2000)] = ()
    rates: Annotated[tuple[ExchangeRate, ...], Field(max_length=200)] = ()
    """for offers in another currency than the budget's"""
    accept_unknown: Annotated[tuple[Question, ...], Field(max_length=20)] = ()
    """questions for which "unknown" does not exclude a product; each case is then listed among the unknowns"""
    terrain: Annotated[tuple[Name, ...], Field(max_length=100)] = ()
    """elevation files, relative to the requirement's file; none: the built-in default"""
    obstacles: Annotated[tuple[Name, ...], Field(max_length=100)] = ()
    """GeoJSON files of buildings with heights, relative to the requirement's file"""
    synthetic: bool = False
    """whether generated (SYN-) listings may be part of the kit: for exercises, never for buying"""
    seed: Annotated[int, Field(ge=0, le=2**31 - 1)] = 1

    @field_validator("weather")
    @classmethod
    def _weather_counts(cls, value: Weather, info: ValidationInfo) -> Weather:
        detection = info.data.get("detection")
        if value != Weather() and detection is not None and not detection.physics:
            raise ValueError("counts only with detection.probability or detection.fused_probability: give one of them")
        return value

    @field_validator("trust")
    @classmethod
    def _one_for_each_grade(cls, value: tuple[Trust, ...]) -> tuple[Trust, ...]:
        grades = [entry.grade.value for entry in value]
        if len(set(grades)) != len(grades):
            raise ValueError(f"each grade at most once, not {', '.join(grades)}")
        return value

    @model_validator(mode="after")
    def _unknowns_acceptable(self) -> Requirement:
        refused = [question.value for question in self.accept_unknown if question not in _ACCEPTABLE]
        if refused:
            accepted = ", ".join(question.value for question in _ACCEPTABLE)
            raise ValueError(f"accept_unknown takes {accepted}; not {', '.join(refused)}")
        return self
