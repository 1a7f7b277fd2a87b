"""Made-up entries for the search tests: few words, so that questions and entries meet; many labels and expiries."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from hypothesis import strategies as st

from skypact.engines.search import (
    Attribute,
    Condition,
    Entry,
    Fact,
    Index,
    Kind,
    Measure,
    Question,
    Segment,
    write_segment,
)

DAY = date(2026, 11, 21)
LABELS = ("PUBLIC", "NATO", "KR")
ATTRIBUTES = (
    Attribute("family", Kind.WORD),
    Attribute("interfaces", Kind.WORDS),
    Attribute("parts", Kind.WORDS),
    Attribute("range", Kind.NUMBER, "m", edges=(1000.0, 5000.0)),
    Attribute("mass", Kind.NUMBER, "kg", combine="min"),
)
_LIGHT = (Condition("mass", "at_most"),)
_SHORT_AND_LIGHT = (Condition("mass", "about", 0.1), Condition("range", "at_most"))
MEASURES = (
    Measure({"km": 1000.0, "m": 1.0}, ((Condition("range", "at_least"),),)),
    Measure({"kg": 1.0, "g": 0.001}, (_LIGHT, _SHORT_AND_LIGHT)),
)
WORDS = (
    *("radar", "radars", "radio", "RPS-42", "rps42", "EchoGuard", "Rés-eau", "batteries", "battery", "x", "42", "5 km"),
    *("탐지레이더", "레이더", "레이저", "드론", "카", "감시카메라드론", "5840-12-345-6789", "AB-100/2"),
)
ASKED = (
    *WORDS,
    *(
        "rad",
        "rdar",
        "raddra",
        "ab1002",
        "5840123456789",
        "echo gard",
        "bateryes",
        "echogaurd",
        "RPS-43",
        "rps-42 radar",
    ),
    *("이더", "래이더", "감시", "더", "5km급", "200 g", "!?", "4"),
)
_texts = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
_releases = st.sampled_from(LABELS)
_expiries = st.none() | st.integers(-2, 2).map(lambda days: DAY + timedelta(days=days))
_numbers = st.sampled_from((0.0, 200.0, 1000.0, 4999.5, 5000.0, 9000.0))
_parts = st.integers(0, 99).map("part-{:02}".format)


def _fact(attribute: str, value: st.SearchStrategy[str] | st.SearchStrategy[float]) -> st.SearchStrategy[Fact]:
    small = st.integers(0, 2)
    return st.builds(Fact, st.just(attribute), value, _releases, _expiries, strength=small, group=small)


_facts = st.lists(
    _fact("family", st.sampled_from(("sensor", "effector", "센서")))
    | _fact("interfaces", st.sampled_from(("CoT", "SAPIENT", "ASTERIX")))
    | _fact("parts", _parts)
    | _fact("range", _numbers)
    | _fact("mass", _numbers),
    max_size=8,
).map(tuple)


@st.composite
def entries(draw: st.DrawFn, *, withdrawn: bool = False) -> list[Entry]:
    """Entries of one segment, with different keys from 0 to 11."""
    keys = draw(st.lists(st.integers(0, 11), unique=True, max_size=8))
    return [
        Entry(
            key=key,
            name=draw(st.sampled_from(("Alpha", "alpha", "Beta", "베타", "Ångström"))),
            vendor=draw(st.sampled_from(("Acme", "zeta", "한화"))),
            shelf=draw(st.integers(-2, 2)),
            release=draw(_releases),
            names=draw(_texts),
            text=draw(_texts),
            facts=draw(_facts),
            withdrawn=withdrawn and draw(st.booleans()) and draw(st.booleans()),
        )
        for key in keys
    ]


segments = st.tuples(entries()) | st.lists(entries(withdrawn=True), min_size=1, max_size=3).map(tuple)
readers = st.sets(_releases)
_bounds = st.none() | _numbers
questions = st.builds(
    Question,
    text=st.lists(st.sampled_from(ASKED), max_size=3).map(" ".join),
    chosen=st.fixed_dictionaries(
        {},
        optional={
            "family": st.sets(st.sampled_from(("sensor", "effector", "none such")), max_size=2),
            "interfaces": st.sets(st.sampled_from(("CoT", "SAPIENT", "ASTERIX")), max_size=2),
            "parts": st.sets(_parts, max_size=60),
        },
    ),
    between=st.fixed_dictionaries(
        {}, optional={"range": st.tuples(_bounds, _bounds), "mass": st.tuples(_bounds, _bounds)}
    ),
    order=st.sampled_from(
        ("", *(sign + by for sign in ("", "-") for by in ("relevance", "name", "vendor", "category", "range", "mass")))
    ),
    start=st.integers(0, 3),
    size=st.integers(0, 12),
    facets=st.sampled_from((True, True, False)),
    restrict=st.none() | st.sets(st.integers(0, 14)),
    facet_size=st.sampled_from((100, 1)),
)


def opened(folder: Path, entries: list[Entry]) -> Segment:
    """A segment of ``entries``, written into ``folder`` and opened."""
    write_segment(folder, entries, ATTRIBUTES)
    return Segment.open(folder)


def index(folder: Path, *parts: list[Entry]) -> Index:
    """An index of one segment for each part."""
    return Index([opened(folder / str(number), part) for number, part in enumerate(parts)], MEASURES)
