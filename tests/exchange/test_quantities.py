"""Values with units become exact numbers in the claim's unit, or are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypact.exchange.quantities import in_unit
from skypact.schema import Unit


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("5 km", Unit.METRE, 5000.0),
        ("350", Unit.METRE, 350.0),
        ("3 nmi", Unit.METRE, 5556.0),
        ("24.45 GHz", Unit.HERTZ, 24_450_000_000.0),
        ("5800MHz", Unit.HERTZ, 5_800_000_000.0),
        ("900 g", Unit.KILOGRAM, 0.9),
        ("2 lb", Unit.KILOGRAM, 0.90718474),
        ("40 min", Unit.SECOND, 2400.0),
        ("36 km/h", Unit.METRE_PER_SECOND, 10.0),
        ("22000 mAh", Unit.AMPERE_HOUR, 22.0),
        ("0.5 kWh", Unit.WATT_HOUR, 500.0),
        ("-4 degF", Unit.CELSIUS, -20.0),
        ("-20 °C", Unit.CELSIUS, -20.0),
        ("100 cm2", Unit.SQUARE_METRE, 0.01),
        ("0.01 m²", Unit.SQUARE_METRE, 0.01),
        ("120 deg", Unit.DEGREE, 120.0),
        ("6", Unit.COUNT, 6.0),
        ("1e3", Unit.WATT, 1000.0),
    ],
)
def test_value_is_converted(text: str, unit: Unit, value: float) -> None:
    assert in_unit(text, unit) == value


def test_bare_number_is_read_in_the_unit_of_the_column() -> None:
    assert in_unit("900", Unit.KILOGRAM, written_in="g") == 0.9
    assert in_unit("1.2 kg", Unit.KILOGRAM, written_in="g") == 1.2


@pytest.mark.parametrize(
    "text", ["", "five", "1,5", "1 000", "5 parsec-ish", "5 kg", "5 m; drop", "10**9 m", "nan", "5 m**99999999", "0x10"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="."):
        in_unit(text, Unit.METRE)


@given(st.floats(allow_nan=False, allow_infinity=False, width=64), st.sampled_from(list(Unit)))
def test_number_in_the_claim_s_own_unit_stays_exact(value: float, unit: Unit) -> None:
    assert in_unit(repr(value), unit) == value


@pytest.mark.parametrize(
    "text", ["5 degF^2", "5 in^nan", "5 mdB", "5 mif", "5 m//s", "5 nan", "5 m^3", "5 lambda", "5 m/s/s"]
)
def test_what_is_no_unit_is_refused_as_such(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (which of the two sentences does not matter)
        in_unit(text, Unit.METRE)
