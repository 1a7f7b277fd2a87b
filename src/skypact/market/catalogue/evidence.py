"""How evidence is told to people: why one claim counts, and what the test behind a value was."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import get_language, gettext, gettext_lazy
from django.utils.translation import gettext as _

from skypact.market.catalogue import wording
from skypact.schema import Grade, Sentence, TestedFunction, TestMetric, TestRecord, TestScenario, Unit

FUNCTIONS = {
    TestedFunction.DETECTION: gettext_lazy("Detection"),
    TestedFunction.TRACKING: gettext_lazy("Tracking"),
    TestedFunction.IDENTIFICATION: gettext_lazy("Identification"),
}

Fact = tuple[str, str]


def reason(sentence: Sentence | None) -> str:
    """What :func:`skypact.schema.why` says, in the reader's language; empty where there was no choice."""
    if sentence is None or sentence.template is None:
        return ""
    facts = {name: _word(str(fact)) for name, fact in sentence.facts.items()}
    template = gettext(sentence.template) if get_language() == "ko" else sentence.template
    return template.format(**facts)


def _word(fact: str) -> str:
    """A grade in the reader's language; English sentences keep it in lower case."""
    known = {grade.value for grade in Grade}
    return str(wording.GRADES[Grade(fact)]) if fact in known and get_language() == "ko" else fact


def test_facts(record: TestRecord) -> list[Fact]:
    """What is known of a test, as label and text; the scenario comes after who, where and when."""
    return [(str(label), text) for label, text in (*_circumstances(record), *_scenario(record.scenario)) if text]


def _circumstances(record: TestRecord) -> Iterator[Fact]:
    yield _("Method"), record.method
    yield _("Conducted by"), record.conducted_by
    yield _("Place"), record.place or _("unknown")
    yield _("When"), _days(record)
    yield _("Conditions"), record.conditions or _("unknown")


def _days(record: TestRecord) -> str:
    days = [day.isoformat() for day in (record.date_from, record.date_to) if day is not None]
    if not days:
        return _("unknown")
    return days[0] if len(set(days)) == 1 else _("%(first)s to %(last)s") % {"first": days[0], "last": days[-1]}


def _scenario(scenario: TestScenario | None) -> Iterator[Fact]:
    if scenario is None:
        return
    yield _("Scenario"), scenario.name or ""
    yield _("Environment"), scenario.environment or ""
    yield _("Drones at once"), "" if scenario.drones is None else str(scenario.drones)
    yield _("Type of drone"), scenario.drone_type or ""
    yield _("Threat class"), wording.threat_name(scenario.threat_class) if scenario.threat_class else ""
    yield _("Flight plan"), scenario.flight_plan or ""
    yield _("Height above ground"), _span(scenario.height_min_m, scenario.height_max_m, Unit.METRE)
    yield _("Speed"), _span(scenario.speed_min_mps, scenario.speed_max_mps, Unit.METRE_PER_SECOND)
    yield _("Distance"), _span(scenario.distance_min_m, scenario.distance_max_m, Unit.METRE)
    yield _("Time of day"), scenario.time_of_day or ""
    yield _("Weather"), scenario.weather or ""
    yield _("Interference"), scenario.interference or ""
    for metric in scenario.metrics:
        yield f"{FUNCTIONS[metric.function]}: {metric.name}", _measured(metric)


def _span(low: float | None, high: float | None, unit: Unit) -> str:
    ends = [wording.quantity(end, unit) for end in (low, high) if end is not None]
    if low is not None and high is not None:
        return ends[0] if low == high else _("%(low)s to %(high)s") % {"low": ends[0], "high": ends[1]}
    if not ends:
        return ""
    return (_("from %(value)s") if high is None else _("up to %(value)s")) % {"value": ends[0]}


def _measured(metric: TestMetric) -> str:
    if metric.value is None:
        return _("measured, not published")
    return f"{metric.value:g} {metric.unit}" if metric.unit else f"{metric.value:g}"
