"""Claims: a value is never alone, it carries how well it is known, from where and since when."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Generic, TypeVar

from pydantic import AfterValidator, Field, model_validator

from skypact.schema.base import PATTERN_MEANING, RELEASE_PATTERN, Address, Day, Model, Name, Text
from skypact.schema.sentence import Sentence, sentence
from skypact.schema.testing import TestRecord
from skypact.schema.units import Unit

T = TypeVar("T", float, str, bool)


class Grade(StrEnum):
    """How well a value is known, weakest first."""

    STATED = "stated"
    """the maker or seller says so (brochure, web page, press release)"""
    DOCUMENTED = "documented"
    """a data sheet, manual, type certificate or public register holds it"""
    TESTED = "tested"
    """measured by a named party under stated conditions"""
    FIELDED = "fielded"
    """reported by a unit that uses the product"""

    @property
    def rank(self) -> int:
        """0 for the weakest grade, 3 for the strongest."""
        return list(Grade).index(self)


_TESTED = Grade.TESTED
_MAY_CARRY_A_TEST = (Grade.TESTED, Grade.FIELDED)


class Provenance(StrEnum):
    """Where a value comes from, so that real and made-up never mix."""

    SOURCE = "source"
    """read from the named source"""
    DERIVED = "derived"
    """computed from values of the named source"""
    SYNTHETIC = "synthetic"
    """made by a generator; never belongs to a real product"""
    USER = "user"
    """entered by a user of this node"""


class Source(Model):
    """A document anybody can look up."""

    title: Name
    url: Address | None = None
    date: Day
    """the day the document was published, or the day it was read where it bears no date"""
    licence: Name | None = None


#: Who may read a value: ``PUBLIC``, ``REGISTERED`` (signed in) or ``REL KR,US`` (readers of these nations).
Release = Annotated[str, Field(max_length=200, pattern=RELEASE_PATTERN, description=PATTERN_MEANING[RELEASE_PATTERN])]


def releasable(release: str, *, nation: str | None, signed_in: bool) -> bool:
    """Whether a reader of ``nation`` (``None`` = unknown) may read something labelled ``release``."""
    if release == "PUBLIC":
        return True
    if release == "REGISTERED":
        return signed_in
    return signed_in and nation is not None and nation in release.removeprefix("REL ").split(",")


class Evidence(Model):
    """How something is known: grade, source, dates, who may read it, provenance."""

    grade: Grade
    source: Source
    observed: Day
    """the day for which the value is claimed"""
    expires: Day | None = None
    """from this day on the value counts as unknown"""
    release: Release = "PUBLIC"
    provenance: Provenance = Provenance.SOURCE
    note: Text | None = None
    test: TestRecord | None = None
    """the test itself: needed for what is tested, possible for what is fielded, refused for all else"""

    @model_validator(mode="after")
    def _grade_test_and_dates_agree(self) -> Evidence:
        # One check instead of three: every claim of a catalogue passes here.
        if self.test is None:
            if self.grade is _TESTED:
                raise ValueError("grade tested needs test: at least its method and conducted_by")
        elif self.grade not in _MAY_CARRY_A_TEST:
            raise ValueError(f"grade {self.grade.value} carries no test: remove test, or grade the value tested")
        if self.expires is not None and self.expires <= self.observed:
            raise ValueError(f"expires ({self.expires}) must be after observed ({self.observed})")
        return self

    def valid_on(self, day: date) -> bool:
        """Whether the evidence has not expired on ``day``."""
        return self.expires is None or day < self.expires


class Claim(Evidence, Generic[T]):
    """One statement of one value. ``value=None`` says: looked for, not public."""

    value: T | None
    unit: Unit | None = None


NumberClaim = Claim[float]
TextClaim = Claim[str]
FlagClaim = Claim[bool]

#: Several statements of one text or flag stand side by side; none means nobody has looked yet.
Texts = tuple[TextClaim, ...]
Flags = tuple[FlagClaim, ...]


def _measured_in(
    unit: Unit, minimum: float | None = None, maximum: float | None = None
) -> Callable[[tuple[NumberClaim, ...]], tuple[NumberClaim, ...]]:
    def check(claims: tuple[NumberClaim, ...]) -> tuple[NumberClaim, ...]:
        for position, claim in enumerate(claims):
            if claim.unit != unit:
                given = "no unit" if claim.unit is None else claim.unit.value
                raise ValueError(f"claim {position}: unit must be {unit.value}, not {given}")
            if claim.value is None:
                continue
            if minimum is not None and claim.value < minimum:
                raise ValueError(f"claim {position}: {claim.value:g} {unit.value} is below {minimum:g}")
            if maximum is not None and claim.value > maximum:
                raise ValueError(f"claim {position}: {claim.value:g} {unit.value} is above {maximum:g}")
        return claims

    return check


Metres = Annotated[
    tuple[NumberClaim, ...], AfterValidator(_measured_in(Unit.METRE, 0.0)), Field(json_schema_extra={"x-unit": "m"})
]
SquareMetres = Annotated[
    tuple[NumberClaim, ...],
    AfterValidator(_measured_in(Unit.SQUARE_METRE, 0.0)),
    Field(json_schema_extra={"x-unit": "m2"}),
]
MetresPerSecond = Annotated[
    tuple[NumberClaim, ...],
    AfterValidator(_measured_in(Unit.METRE_PER_SECOND, 0.0)),
    Field(json_schema_extra={"x-unit": "m/s"}),
]
Kilograms = Annotated[
    tuple[NumberClaim, ...], AfterValidator(_measured_in(Unit.KILOGRAM, 0.0)), Field(json_schema_extra={"x-unit": "kg"})
]
Seconds = Annotated[
    tuple[NumberClaim, ...], AfterValidator(_measured_in(Unit.SECOND, 0.0)), Field(json_schema_extra={"x-unit": "s"})
]
Hertz = Annotated[
    tuple[NumberClaim, ...], AfterValidator(_measured_in(Unit.HERTZ, 0.0)), Field(json_schema_extra={"x-unit": "Hz"})
]
Watts = Annotated[
    tuple[NumberClaim, ...], AfterValidator(_measured_in(Unit.WATT, 0.0)), Field(json_schema_extra={"x-unit": "W"})
]
Volts = Annotated[
    tuple[NumberClaim, ...], AfterValidator(_measured_in(Unit.VOLT, 0.0)), Field(json_schema_extra={"x-unit": "V"})
]
Amperes = Annotated[
    tuple[NumberClaim, ...], AfterValidator(_measured_in(Unit.AMPERE, 0.0)), Field(json_schema_extra={"x-unit": "A"})
]
Ohms = Annotated[
    tuple[NumberClaim, ...], AfterValidator(_measured_in(Unit.OHM, 0.0)), Field(json_schema_extra={"x-unit": "ohm"})
]
AmpereHours = Annotated[
    tuple[NumberClaim, ...],
    AfterValidator(_measured_in(Unit.AMPERE_HOUR, 0.0)),
    Field(json_schema_extra={"x-unit": "Ah"}),
]
WattHours = Annotated[
    tuple[NumberClaim, ...],
    AfterValidator(_measured_in(Unit.WATT_HOUR, 0.0)),
    Field(json_schema_extra={"x-unit": "Wh"}),
]
Degrees = Annotated[
    tuple[NumberClaim, ...],
    AfterValidator(_measured_in(Unit.DEGREE, -360.0, 360.0)),
    Field(json_schema_extra={"x-unit": "deg"}),
]
Celsius = Annotated[
    tuple[NumberClaim, ...],
    AfterValidator(_measured_in(Unit.CELSIUS, -273.15)),
    Field(json_schema_extra={"x-unit": "degC"}),
]
RpmPerVolt = Annotated[
    tuple[NumberClaim, ...],
    AfterValidator(_measured_in(Unit.RPM_PER_VOLT, 0.0)),
    Field(json_schema_extra={"x-unit": "rpm/V"}),
]
Counts = Annotated[
    tuple[NumberClaim, ...], AfterValidator(_measured_in(Unit.COUNT, 0.0)), Field(json_schema_extra={"x-unit": "1"})
]


def strongest(claims: Iterable[Claim[T]], *, on: date) -> Claim[T] | None:
    """The claim to rely on: unexpired, with a value; best grade first, then the latest observation.

    Ties keep the order in which the claims stand. ``None`` means: unknown on that day.
    """
    valid = _valid(claims, on)
    if not valid:
        return None
    return max(valid, key=_strength)


def _strength(claim: Claim[T]) -> tuple[int, date]:
    return claim.grade.rank, claim.observed


def why(claims: Iterable[Claim[T]], *, on: date) -> Sentence | None:
    """Why :func:`strongest` picks what it picks, in a sentence; ``None`` where there is no choice to explain."""
    given = tuple(claims)
    best = strongest(given, on=on)
    if len(given) < 2:
        return None
    if best is None:
        return sentence("every claim with a value has expired" if _expired(given, on) else "no claim gives a value")
    valid = _valid(given, on)
    if len(valid) == 1:
        return sentence("the only valid claim with a value, of {count}", count=len(given))
    of_grade = [claim for claim in valid if claim.grade is best.grade]
    if len(of_grade) == 1:
        next_best = max((claim.grade for claim in valid if claim is not best), key=lambda grade: grade.rank)
        return sentence("the best grade: {grade} goes before {next}", grade=best.grade.value, next=next_best.value)
    latest = [claim for claim in of_grade if claim.observed == best.observed]
    if len(latest) == 1:
        return sentence(
            "the latest of {count} claims of the grade {grade}", count=len(of_grade), grade=best.grade.value
        )
    return sentence(
        "the first of {count} claims of the same grade ({grade}) and day", count=len(latest), grade=best.grade.value
    )


def _valid(claims: Iterable[Claim[T]], on: date) -> list[Claim[T]]:
    return [claim for claim in claims if claim.value is not None and claim.valid_on(on)]


def _expired(claims: Iterable[Claim[T]], on: date) -> list[Claim[T]]:
    return [claim for claim in claims if claim.value is not None and not claim.valid_on(on)]


def figure(claims: Iterable[NumberClaim], *, on: date) -> float | None:
    """The value of the strongest valid claim, or ``None`` when it is unknown on that day."""
    best = strongest(claims, on=on)
    return None if best is None else best.value


def figures(claims: Iterable[NumberClaim], *, on: date) -> tuple[float, ...]:
    """The values of all claims that are as strong as the strongest: several where sources disagree, none if unknown."""
    given = tuple(claims)
    best = strongest(given, on=on)
    alike = [] if best is None else [one for one in _valid(given, on) if _strength(one) == _strength(best)]
    return tuple(one.value for one in alike if one.value is not None)
