"""What was tested, by whom, where and under which conditions.

The words of the scenario are those of CWA 18150:2024 *Unmanned aircraft systems - Counter UAS - Testing methodology*
and of the COURAGEOUS project it comes from (arXiv 2405.04477; G. De Cubber et al., *Standardized Evaluation of
Counter-Drone Systems*, Drones 9(5):354, 2025): a standard scenario in an environment, drones on flight plans whose
true positions are logged, and results for detection, tracking and identification of the system as a whole.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field, model_validator

from skypact.schema.base import PATTERN_MEANING, SHA256_PATTERN, Day, Model, Name, Slug, Text

Positive = Annotated[float, Field(ge=0)]


class TestedFunction(StrEnum):
    """What a counter-drone system does, each assessed by itself (detection, tracking, identification)."""

    __test__ = False  # no test case, whatever pytest makes of the name

    DETECTION = "detection"
    TRACKING = "tracking"
    IDENTIFICATION = "identification"


class TestMetric(Model):
    """One result of a scenario, as the test report gives it."""

    __test__: ClassVar[bool] = False

    function: TestedFunction
    name: Name
    """what was counted or measured: detection probability, detection latency, false alarms, track continuity, …"""
    value: float | None = None
    """``None``: measured, but not published"""
    unit: Name | None = None
    """as the report writes it: s, m, 1/h, %"""


class TestScenario(Model):
    """The circumstances of one test. What the report does not say is ``None``."""

    __test__: ClassVar[bool] = False

    name: Name | None = None
    """the standard scenario, as the test plan calls it: airport, prison, maritime border, …"""
    environment: Name | None = None
    """the surroundings: open or built-up, relief, sea, sources of clutter"""
    drones: Annotated[int, Field(ge=0)] | None = None
    """how many flew at once; 0 is a run without drones, which counts false alarms"""
    drone_type: Name | None = None
    threat_class: Slug | None = None
    """the built-in threat class that the type belongs to"""
    flight_plan: Text | None = None
    height_min_m: float | None = None
    """least and greatest height above ground"""
    height_max_m: float | None = None
    speed_min_mps: Positive | None = None
    speed_max_mps: Positive | None = None
    distance_min_m: Positive | None = None
    """least and greatest distance between drone and system"""
    distance_max_m: Positive | None = None
    time_of_day: Name | None = None
    weather: Text | None = None
    """sky, precipitation, visibility, wind, temperature"""
    interference: Text | None = None
    """other transmitters, birds, air traffic and whatever else could mislead the system"""
    metrics: tuple[TestMetric, ...] = ()

    @model_validator(mode="after")
    def _spans_rise(self) -> TestScenario:
        for name, low, high in (
            ("height", self.height_min_m, self.height_max_m),
            ("speed", self.speed_min_mps, self.speed_max_mps),
            ("distance", self.distance_min_m, self.distance_max_m),
        ):
            if low is not None and high is not None and low > high:
                raise ValueError(f"least {name} ({low:g}) must not be above greatest {name} ({high:g})")
        return self


class TestRecord(Model):
    """The test behind a value: method, who, where, when, under which conditions."""

    __test__: ClassVar[bool] = False

    method: Name
    """the standard or procedure: CWA 18150, inspection before delivery, …"""
    conducted_by: Name
    place: Name | None = None
    conditions: Text | None = None
    date_from: Day | None = None
    date_to: Day | None = None
    scenario: TestScenario | None = None
    statement: Annotated[str, Field(pattern=SHA256_PATTERN, description=PATTERN_MEANING[SHA256_PATTERN])] | None = None
    """SHA-256 of the signed statement of a conformance lab that says so, by which it is found and verified"""

    @model_validator(mode="after")
    def _dates_in_order(self) -> TestRecord:
        if self.date_from is not None and self.date_to is not None and self.date_to < self.date_from:
            raise ValueError(f"date_to ({self.date_to}) must not be before date_from ({self.date_from})")
        return self
