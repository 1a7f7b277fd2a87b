"""What a listing is found, counted and sorted by, with who may know it and until when it holds."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.market.catalogue.samples import claim, evidence, listing, sensor

from skypact.engines.search import Fact, Kind
from skypact.market.catalogue.facts import (
    ATTRIBUTES,
    FACETS,
    NUMBERS,
    PORT,
    band_names,
    claims,
    facts_of,
    port_of,
    port_text,
)
from skypact.schema import Listing, Port, PortAttributes, PortRole

STATED_2026_01_05 = date(2026, 1, 5).toordinal()


def facts(record: Listing, *names: str) -> list[Fact]:
    return [fact for fact in facts_of(record) if fact.attribute in names]


def port(**changes: Any) -> dict[str, Any]:
    return {"id": "data", "kind": "data", "standard": "SAPIENT", "role": "provides", "evidence": evidence(**changes)}


def offer(**changes: Any) -> dict[str, Any]:
    return {"seller": "acme", "evidence": evidence(), **changes}


def test_there_are_facets_and_numbers_enough() -> None:
    assert {*FACETS, *NUMBERS, PORT} == {attribute.name for attribute in ATTRIBUTES}
    assert len(ATTRIBUTES) >= 24
    assert all(attribute.edges for attribute in ATTRIBUTES if attribute.kind is Kind.NUMBER)


def test_every_fact_names_an_attribute() -> None:
    names = {attribute.name for attribute in ATTRIBUTES}
    assert {fact.attribute for fact in facts_of(listing(mass=[claim(1, "kg")]))} <= names


def test_claims_of_one_field_compete_by_grade_then_day() -> None:
    said = facts(
        listing(
            mass=[
                claim(1, "kg", release="REL KR", expires="2027-01-01"),
                claim(2, "kg", grade="documented"),
                claim(None, "kg", grade="documented"),
            ]
        ),
        "mass",
    )
    assert said == [
        Fact("mass", 1.0, "REL KR", date(2027, 1, 1), STATED_2026_01_05, 0),
        Fact("mass", 2.0, "PUBLIC", None, 10_000_000 + STATED_2026_01_05, 0),
    ]


def test_each_detection_range_is_a_group_and_other_tasks_are_none() -> None:
    ranges = [
        {"target": "drone", "range": [claim(900, "m")]},
        {"target": "drone", "task": "identify", "range": [claim(300, "m")]},
        {"target": "Mavic", "threat_class": "micro-multirotor", "range": [claim(700, "m", release="REL US")]},
    ]
    record = listing(category="sensor.radar", sensors=[sensor(ranges=ranges)])
    assert [(fact.value, fact.release, fact.group) for fact in facts(record, "range")] == [
        (900.0, "PUBLIC", 1),
        (700.0, "REL US", 3),
    ]
    assert facts(record, "threat_class") == [Fact("threat_class", "micro-multirotor", "REL US")]


@pytest.mark.parametrize(
    ("low", "high", "names"),
    [
        (24.05e9, 24.25e9, ["K"]),
        (4e8, 5.8e9, ["UHF", "L", "S", "C"]),
        (12e9, 12e9, ["Ku"]),
        (2e6, 2e6, []),
        (300e9, 400e9, []),
    ],
)
def test_bands_are_those_of_ieee_521(low: float, high: float, names: list[str]) -> None:
    assert band_names(low, high) == names


@pytest.mark.parametrize(
    ("first", "last", "between"),
    [
        ("PUBLIC", "PUBLIC", [("L", "PUBLIC"), ("S", "PUBLIC")]),
        ("PUBLIC", "REL KR", [("L", "REL KR"), ("S", "REL KR")]),
        ("REL US", "REL KR", []),
    ],
)
def test_bands_between_two_limits_are_known_to_whom_both_are(
    first: str, last: str, between: list[tuple[str, str]]
) -> None:
    limits = {
        "frequency_min": [claim(9e8, "Hz", release=first)],
        "frequency_max": [claim(5e9, "Hz", release=last, expires="2027-01-01")],
    }
    record = listing(category="sensor.passive_rf", sensors=[sensor("passive_rf", **limits)])
    found = facts(record, "band")
    assert [(fact.value, fact.release) for fact in found if fact.value in ("L", "S")] == between
    assert {fact.expires for fact in found if fact.value == "S"} == ({date(2027, 1, 1)} if between else set())


def test_offer_holds_until_its_evidence_or_its_last_day_ends() -> None:
    price = {"amount": "99.5", "currency": "EUR"}
    record = listing(
        offers=[
            offer(price=price, stock=0, lead_time_days=30, valid_until="2026-06-01"),
            offer(price={"amount": "7", "currency": "CHF"}, stock=3, evidence=evidence(release="REL KR")),
        ]
    )
    after = date(2026, 6, 2)
    assert facts(record, "price", "price_eur", "currency", "in_stock", "lead_time") == [
        Fact("price", "yes", "PUBLIC", after),
        Fact("currency", "EUR", "PUBLIC", after),
        Fact("price_eur", 99.5, "PUBLIC", after),
        Fact("in_stock", "no", "PUBLIC", after),
        Fact("lead_time", 30.0, "PUBLIC", after),
        Fact("price", "yes", "REL KR"),
        Fact("currency", "CHF", "REL KR"),
        Fact("in_stock", "yes", "REL KR", strength=1),
    ]


def test_interface_carries_its_port_s_label_and_expiry() -> None:
    record = listing(ports=[{**port(release="REL KR", expires="2027-01-01"), "version": "v2"}])
    assert facts(record, "interface", "interface_version") == [
        Fact("interface", "SAPIENT", "REL KR", date(2027, 1, 1)),
        Fact("interface_version", "SAPIENT v2", "REL KR", date(2027, 1, 1)),
    ]


def test_grades_and_provenances_are_told_once_for_each_label_and_expiry() -> None:
    tested = claim(5, "kg", grade="fielded", release="REL KR")
    record = listing(
        mass=[claim(1, "kg"), tested], length=[claim(2, "m")], width=[claim(None, "m", grade="documented")]
    )
    assert facts(record, "grade") == [Fact("grade", "stated"), Fact("grade", "fielded", "REL KR", strength=3)]
    assert facts(record, "provenance") == [Fact("provenance", "source"), Fact("provenance", "source", "REL KR")]


def test_rated_use_cases_count_and_unrated_ones_do_not() -> None:
    case = {"extent": "point", "mobility": "static", "threat_class": "micro-multirotor"}
    scores = [
        {"use_case": case, "score": 8, "evidence": evidence()},
        {"use_case": {**case, "extent": "area"}, "evidence": evidence()},
    ]
    record = listing(category="sensor.radar", sensors=[sensor()], scores=scores)
    assert facts(record, "assurance") == [Fact("assurance", "point static micro-multirotor 8-10")]


def test_claims_are_found_at_every_depth() -> None:
    ranges = [{"target": "drone", "range": [claim(900, "m")], "target_rcs": [claim(0.01, "m2")]}]
    record = listing(
        category="sensor.radar", sensors=[sensor(ranges=ranges, emits=[claim(True)])], mass=[claim(1, "kg")]
    )
    assert sorted(str(item.value) for item in claims(record)) == ["0.01", "1.0", "900.0", "True"]


@given(
    standard=some.text(min_size=1, max_size=20),
    version=some.none() | some.text(min_size=1, max_size=20),
    messages=some.lists(some.text(alphabet="ab7é", min_size=1, max_size=9), max_size=3).map(tuple),
    role=some.sampled_from(PortRole),
)
def test_a_port_is_read_back_from_its_word(
    standard: str, version: str | None, messages: tuple[str, ...], role: PortRole
) -> None:
    attributes = PortAttributes.model_construct(messages=messages)
    port = Port.model_construct(standard=standard, version=version, profile=None, role=role, attributes=attributes)
    found = port_of(port_text(port))
    said = (found.standard, found.version, found.profile, found.role, found.attributes.messages, found.refuted)
    assert said == (standard, version, None, role, messages, ())
