"""The form of "Protect a site": a requirement comes out as it went in, and errors stand at their fields."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.utils import translation
from tests.market.kits import samples

from skypact.engines.kit import PESSIMISTIC
from skypact.market.kits.examples import all_examples
from skypact.market.kits.protecting import CERTAINTY, ProtectForm
from skypact.market.kits.wording import ACCEPTING_UNKNOWN
from skypact.schema import InputError, Question, Requirement


def sent(requirement: Requirement) -> QueryDict:
    """What a browser sends that was given the form filled from ``requirement``."""
    form = ProtectForm(requirement=requirement)
    data = QueryDict(mutable=True)
    for part in (form.main, *form.assumptions.forms, *form.rates.forms):
        for field in part:
            value = field.value()
            values = value if isinstance(value, list) else [value]
            data.setlist(field.html_name, [str(one) for one in values if one is not None and one is not False])
    for rows in (form.assumptions, form.rates):
        data[f"{rows.prefix}-TOTAL_FORMS"] = str(len(rows.forms))
        data[f"{rows.prefix}-INITIAL_FORMS"] = str(len(rows.forms))
    return data


def errors(data: QueryDict) -> dict[str, list[str]]:
    form = ProtectForm(data)
    assert form.requirement() is None
    assert form.has_errors
    return {name: list(found) for name, found in form.main.errors.items()}


#: What only the author of a file writes.
NOT_IN_THE_FORM = ("id", "title_ko", "summary", "summary_ko")


@pytest.mark.parametrize("example", all_examples(), ids=lambda example: example.id)
def test_examples_come_out_as_they_went_in(example: Requirement) -> None:
    answer = ProtectForm(sent(example)).requirement()
    assert answer is not None
    expected = example.model_dump(mode="json", exclude=set(NOT_IN_THE_FORM))
    expected["site"]["name_ko"] = None
    assert answer.model_dump(mode="json", exclude=set(NOT_IN_THE_FORM)) == expected


def test_everything_a_requirement_can_say_comes_through() -> None:
    triangle = [[10.0, 50.0], [10.1, 50.0], [10.1, 50.1], [10.0, 50.0]]
    area = {"type": "Polygon", "coordinates": [triangle]}
    rate = {"base": "USD", "quote": "EUR", "value": "0.91", "date": "2026-11-01", "source": "ECB"}
    asked = samples.requirement(
        title_ko=None,
        site={"name": "Old harbour", "area": area, "nation": "DE"},
        placement={
            "area": area,
            "exclude": [area, {"centre": [10.05, 50.02], "radius_m": 250}],
            "points": [[10.2, 50.25]],
            "spacing_m": 75.5,
            "mast_height_m": 0,
            "positions_max": 4,
        },
        rates=[rate],
        mains=False,
        mains_voltage_v=110,
        mains_current_a=10,
        synthetic=True,
        seed=7,
    )
    assert ProtectForm(sent(asked)).requirement() == asked


def test_weather_and_certainty_come_through() -> None:
    asked = samples.requirement(
        title_ko=None,
        detection={
            **samples.requirement().detection.model_dump(mode="json"),
            "region": "area",
            "sensors": 2,
            "probability": 0.8,
            "fused_probability": 0.999,
        },
        weather={"rain_mm_h": 12.5, "visibility_m": 4000, "added_noise_db": 6},
        trust=[{"grade": "stated", "factor": 0.6, "basis": "no test seen"}],
    )
    form = ProtectForm(sent(asked))
    assert form.requirement() == asked
    assert form.certain
    assert not ProtectForm(requirement=samples.requirement()).certain
    pessimistic = asked.model_copy(update={"trust": PESSIMISTIC})
    assert ProtectForm(sent(pessimistic)).requirement() == pessimistic
    assert ProtectForm(requirement=pessimistic).main["trust"].value() == "pessimistic"


def test_a_form_of_before_weather_existed_still_asks_the_same() -> None:
    data = sent(samples.requirement())
    for name in CERTAINTY:
        data.pop(name, None)
    assert ProtectForm(data).requirement() == samples.requirement(title_ko=None)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"rain_mm_h": "10"}, {"probability": ["Weather counts with a probability only: give this one or the next."]}),
        (
            {"probability": "90", "fused_probability": "90"},
            {"fused_probability": ["Must be above the probability of one look, which each sensor reaches."]},
        ),
        ({"probability": "100"}, {"probability": ["Ensure this value is less than or equal to 99.9."]}),
        ({"sensors": "0"}, {"sensors": ["Ensure this value is greater than or equal to 1."]}),
        ({"trust": "own"}, {"trust_own": ["This field is required."]}),
        (
            {"trust": "own", "trust_own": "stated 60 why\nguessed 50 why"},
            {
                "trust_own": [
                    "must be: one of stated, documented, tested, fielded, per cent over 0 and at most 100, and why "
                    "('guessed 50 why')"
                ]
            },
        ),
    ],
)
def test_contradictions_stand_at_their_fields(changes: dict[str, str], found: dict[str, list[str]]) -> None:
    data = sent(samples.requirement())
    for name, value in changes.items():
        data[name] = value
    assert errors(data) == found


def test_the_boxes_are_the_questions_that_may_stay_open() -> None:
    for question in Question:
        if question in ACCEPTING_UNKNOWN:
            samples.requirement(accept_unknown=[question.value])
        else:
            with pytest.raises(ValueError, match="accept_unknown takes"):
                samples.requirement(accept_unknown=[question.value])


def test_a_row_taken_out_is_not_part_of_it() -> None:
    data = sent(samples.requirement())
    data["assumptions-0-DELETE"] = "on"
    answer = ProtectForm(data).requirement()
    assert answer is not None
    assert answer.assumptions == ()


def test_missing_and_malformed_fields() -> None:
    data = sent(samples.requirement())
    data["budget"] = ""
    data["nation"] = "Korea"
    data["spacing_m"] = "5"
    assert errors(data) == {
        "budget": ["This field is required."],
        "nation": ["Give the code as letters, without spaces or digits."],
        "spacing_m": ["Ensure this value is greater than or equal to 10."],
    }


def test_the_readers_language() -> None:
    data = sent(samples.requirement())
    data["nation"] = "Korea"
    with translation.override("ko"):
        assert errors(data) == {"nation": ["코드는 띄어쓰기나 숫자 없이 글자로만 쓰십시오."]}


@pytest.mark.parametrize(
    ("field", "value", "at", "words"),
    [
        ("heights_m", "60, sixty", "heights_m", "input should be a valid number, unable to parse string as a number"),
        ("heights_m", "60, 60", "heights_m", "heights_m repeats a value"),
        ("longitude", "", "longitude", "This field is required."),
        ("points", "10", "points", "must be: longitude, latitude ('10')"),
        ("exclude", "{", "exclude", "must be valid JSON"),
    ],
)
def test_what_the_schema_refuses_stands_at_its_field(field: str, value: str, at: str, words: str) -> None:
    data = sent(samples.requirement())
    data[field] = value
    found = errors(data)
    assert list(found) == [at]
    assert words in found[at][0]


@pytest.mark.parametrize(("place", "fields"), [("area", ["area"]), ("airport", ["icao", "radius_m"])])
def test_a_place_that_is_not_said(place: str, fields: list[str]) -> None:
    data = sent(samples.requirement())
    data["place"] = place
    assert errors(data) == {field: ["This field is required."] for field in fields}


def test_an_assumption_that_is_refused_stands_in_its_row() -> None:
    data = sent(samples.requirement())
    data["assumptions-0-currency"] = ""
    form = ProtectForm(data)
    assert form.requirement() is None
    assert form.row_errors
    assert form.assumptions.forms[0].errors == {"currency": ["This field is required."]}
    data["assumptions-0-currency"] = "EUR"
    data["assumptions-0-category"] = ""
    form = ProtectForm(data)
    assert form.requirement() is None
    assert form.assumptions.forms[0].non_field_errors() == ["give either category or listing"]


def test_problems_found_later_find_their_fields() -> None:
    form = ProtectForm(sent(samples.requirement()))
    assert form.requirement() is not None
    form.show(InputError.single(file="requirement", place="site.icao", value="ZZZZ", accepted="must be known"))
    form.show(InputError.single(file="requirement", place="elsewhere", accepted="must be better"))
    assert form.main.errors == {
        "icao": ["must be known ('ZZZZ')"],
        "__all__": ["requirement: elsewhere: must be better"],
    }
