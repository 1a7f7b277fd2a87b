"""A listing in words, and several side by side."""

from datetime import date

import pytest
from django.utils import translation
from tests.market.catalogue.samples import DAY, claim, listing, sensor

from skypact.exchange.catalogue.columns import Holds, shape
from skypact.market.catalogue import presentation, wording
from skypact.market.catalogue.facts import claims
from skypact.schema import Airframe, Battery, Category, FusionNode, Listing, Sensor, SensorKind, Unit
from skypact.schema.equipment import Charger, Imager, Motor, SpeedController
from skypact.seed import synthetic

CLAIMS = (Holds.NUMBER_CLAIMS, Holds.OTHER_CLAIMS)


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (5000.0, Unit.METRE, "5 km"),
        (3214.0, Unit.METRE, "3.214 km"),
        (350.0, Unit.METRE, "350 m"),
        (0.163, Unit.METRE, "16.3 cm"),
        (0.0, Unit.METRE, "0 m"),
        (0.0123, Unit.SQUARE_METRE, "0.0123 m²"),
        (0.817, Unit.KILOGRAM, "817 g"),
        (24.15e9, Unit.HERTZ, "24.15 GHz"),
        (5.8e9, Unit.HERTZ, "5.8 GHz"),
        (433.92e6, Unit.HERTZ, "433.92 MHz"),
        (5400.0, Unit.SECOND, "1.5 h"),
        (0.1, Unit.SECOND, "100 ms"),
        (-20.0, Unit.CELSIUS, "-20 °C"),
        (120.0, Unit.DEGREE, "120°"),
        (128.0, Unit.COUNT, "128"),
        (2_000_000.0, Unit.COUNT, "2,000,000"),
    ],
)
def test_quantities_read_well(value: float, unit: Unit, text: str) -> None:
    assert wording.quantity(value, unit) == text


def test_yes_no_text_and_unknown() -> None:
    assert [wording.value_text(value, None) for value in (True, False, "IP67", None)] == [
        "yes",
        "no",
        "IP67",
        "unknown",
    ]


def test_every_category_kind_and_field_has_a_name_in_both_languages() -> None:
    assert set(wording.CATEGORIES) == set(Category)
    assert set(wording.SENSOR_KINDS) == set(SensorKind)
    assert set(wording.FAMILIES) == {category.family for category in Category}
    records = [record for record in synthetic.records(items=100, seed=1) if isinstance(record, Listing)]
    for record in records:
        for language in ("en", "ko"):
            with translation.override(language):
                assert all(item.label for part in presentation.sections(record, on=DAY) for item in part.attributes)


def test_sections_show_every_claim_of_a_listing() -> None:
    """Quantities of spares stand with what they are spares for."""
    for record in synthetic.records(items=200, seed=2):
        if isinstance(record, Listing):
            shown = [
                one for part in presentation.sections(record, on=DAY) for item in part.attributes for one in item.claims
            ]
            assert len(shown) == len(list(claims(record.model_copy(update={"spare_for": ()}))))


def test_every_figure_of_the_schema_has_a_place_and_a_name() -> None:
    record = listing(
        category="sensor.multi",
        sensors=[sensor(ranges=[{"target": "drone", "range": [claim(1, "m")], "target_rcs": [claim(1, "m2")]}])],
        battery={},
        charger={},
        airframe={"kind": "multirotor"},
        fusion={},
        motor={},
        speed_controller={},
        imagers=[{}],
    )
    shown = {item.key.split()[-1] for part in presentation.sections(record, on=DAY) for item in part.attributes}
    models = (Listing, Sensor, Battery, Charger, Airframe, FusionNode, Motor, SpeedController, Imager)
    fields = {field.name for model in models for field in shape(model).values() if field.holds in CLAIMS}
    assert shown == {*fields, "drone", "target_rcs"}
    assert {*fields, "range", "target_rcs"} == set(wording.FIELDS)


def attribute(record: Listing, key: str, on: date = DAY) -> presentation.Attribute:
    return next(item for part in presentation.sections(record, on=on) for item in part.attributes if item.key == key)


def test_strongest_valid_claim_is_relied_on_and_an_expired_one_is_not() -> None:
    record = listing(mass=[claim(1, "kg"), claim(2, "kg", grade="tested", expires="2026-06-01")])
    before = attribute(record, "general mass", date(2026, 5, 31))
    after = attribute(record, "general mass", date(2026, 6, 1))
    assert (before.text, after.text) == ("2 kg", "1 kg")
    assert [shown.expired for shown in after.claims] == [False, True]


def test_expired_and_absent_are_unknown() -> None:
    record = listing(mass=[claim(2, "kg", expires="2026-06-01")], width=[claim(None, "m")])
    assert [attribute(record, f"general {name}").text for name in ("mass", "width", "height")] == ["unknown"] * 3


def test_age() -> None:
    assert presentation.age(date(2024, 10, 1), on=DAY) == "2\u00a0years"
    assert presentation.age(DAY, on=DAY) == "0 days"
    with translation.override("ko"):
        assert presentation.age(date(2024, 10, 1), on=DAY) == "2년"


def test_defeat_equipment_shows_no_range() -> None:
    record = listing(category="defeat.jammer", sensors=[sensor("passive_rf")])
    assert not [
        item
        for part in presentation.sections(record, on=DAY)
        for item in part.attributes
        if "range" in item.key.split()
    ]
