"""Category 129: our own specification, written and read back."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skypact.conformance import STANDARDS, Recording, Verdict
from skypact.conformance.asterix.cat129 import (
    NOT_CONFIRMED,
    POSITION_LSB_DEG,
    NotOfCategoryError,
    Report,
    decode,
    encode,
    faults,
)
from skypact.conformance.asterix.samples import drone
from skypact.schema.nations import NATIONS

ASTERIX = STANDARDS["asterix"]


def body(report: Report) -> bytes:
    return encode(report)[3:]


def test_the_octets_of_a_record() -> None:
    assert encode(drone(36_001.5)).hex(" ") == (
        "81 00 37 bf f3 80 19 cb 53 59 4e 52 31 20 53 59 4e 31 46 31 32 33 34 35 36 37 4b 52 46 50 c0 0d 59"
        " 41 a3 2d 29 c0 7c 00 06 68 00 04 b0 00 03 00 37 00 00 00 00 00 32"
    )


def test_a_record_of_another_implementation_reads_as_it_says() -> None:
    """The public demonstration record of a counter-drone system: 44.83 N 0.69 W, 50 m, 1 m/s east, 2 m/s north."""
    made = (
        "bfd380 0102 444a49 4d3330 0102030405060708090a0b0c 4652 000080 0ff086b6 ffc131d6 0001f4 0005 00064000c8 000064"
    )
    report = decode(bytes.fromhex(made.replace(" ", ""))).report
    assert (report.source, report.manufacturer, report.model, report.country) == ((1, 2), "DJI", "M30", "FR")
    assert report.time_of_day_s == 1.0
    assert report.latitude_deg == pytest.approx(44.83, abs=1e-6)
    assert report.longitude_deg == pytest.approx(-0.69, abs=1e-6)
    assert (report.altitude_amsl_m, report.position_accuracy_m) == (50.0, 5)
    assert (report.east_m_s, report.north_m_s, report.climb_m_s) == (1.0, 2.0, 1.0)


_SPEEDS = st.integers(-30_000, 30_000).map(lambda counts: counts * 0.01)
REPORTS = st.builds(
    Report,
    source=st.tuples(st.integers(0, 255), st.integers(0, 255)),
    destination=st.none() | st.tuples(st.integers(0, 255), st.integers(0, 255)),
    manufacturer=st.none() | st.text("ABCXYZ019 ", min_size=3, max_size=3),
    model=st.none() | st.text("ABCXYZ019 ", min_size=3, max_size=3),
    serial_number=st.none() | st.binary(min_size=12, max_size=12),
    country=st.sampled_from(sorted(NATIONS)),
    time_of_day_s=st.none() | st.integers(0, 86_400 * 128 - 1).map(lambda counts: counts / 128),
    latitude_deg=st.integers(-(2**29), 2**29).map(lambda counts: counts * POSITION_LSB_DEG),
    longitude_deg=st.integers(-(2**30), 2**30).map(lambda counts: counts * POSITION_LSB_DEG),
    altitude_amsl_m=st.none() | st.integers(-10_000, 400_000).map(lambda counts: counts * 0.1),
    altitude_agl_m=st.none() | st.integers(-10_000, 400_000).map(lambda counts: counts * 0.1),
    position_accuracy_m=st.none() | st.integers(0, 255),
    risk=st.none() | st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 15)),
    climb_m_s=st.none() | st.integers(-15_000, 15_000).map(lambda counts: counts * 0.01),
)


@settings(max_examples=150, deadline=None)
@given(report=REPORTS, east=st.none() | _SPEEDS, north=_SPEEDS)
def test_what_is_written_is_read_back(report: Report, east: float | None, north: float) -> None:
    report = replace(report, east_m_s=east, north_m_s=None if east is None else north)
    record = decode(body(report))
    assert record.report == report
    assert {rule for rule, _, _ in faults(record)} <= {"reported-mandatory"}
    assert body(record.report) == body(report)


def test_what_one_reading_calls_mandatory_withholds_the_verdict() -> None:
    def found(**left_out: None) -> tuple[Verdict, dict[str, int]]:
        made = encode(replace(drone(36_000.0), **left_out))
        report = ASTERIX.check([Recording("drone", made)], "CAT129 1.2", compare=False)
        return report.verdict, report.found

    assert found(altitude_amsl_m=None) == (Verdict.CONFORMS, {})
    assert found(altitude_agl_m=None) == (Verdict.CONFORMS, {})
    neither = found(altitude_amsl_m=None, altitude_agl_m=None)
    assert neither == (Verdict.CANNOT_TELL, {"asterix.reported-mandatory": 1})
    assert found(time_of_day_s=None) == (Verdict.CANNOT_TELL, {"asterix.reported-mandatory": 1})


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=80))
def test_random_octets_are_read_or_refused(data: bytes) -> None:
    try:
        record = decode(data)
    except NotOfCategoryError:
        return
    assert record.items


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "the field specification does not end within 3 octets"),
        (b"\x01\x01\x01\x00", "the field specification does not end within 3 octets"),
        (b"\x00", "the record holds no item"),
        (b"\x80\x00", "item 010 needs 2 octets; 1 are there"),
        (b"\x80\x00\x00\x00", "1 octets follow the record; a block holds one"),
        (b"\x01\x01\x40", "field 16 is reserved; the edition defines 15"),
        (b"\x01\x04\x01", "item SP says a length of 1; its length counts itself"),
    ],
)
def test_a_broken_record_says_why(data: bytes, sentence: str) -> None:
    with pytest.raises(NotOfCategoryError) as refused:
        decode(data)
    assert str(refused.value) == sentence


def test_the_two_lengths_of_the_risk_item_are_both_read() -> None:
    made = encode(replace(drone(36_000.0), risk=(2, 1, 4)))
    one = made.replace(b"\x94\x00\x00", b"\x94")
    one = one[:1] + len(one).to_bytes(2, "big") + one[3:]
    assert decode(one[3:]).report == decode(made[3:]).report
    assert decode(one[3:]).report.risk == (2, 1, 4)
    report = ASTERIX.check([Recording("risk", one)], "CAT129 1.2")
    assert (report.verdict, report.found) == (Verdict.CONFORMS, {"asterix.risk-length": 1})
    assert report.findings[0].sentence.startswith("Item 120 has one octet, as the table of items says")
    three = ASTERIX.check([Recording("risk", made)], "CAT129 1.2", compare=False)
    assert three.findings[0].sentence.startswith("Item 120 has three octets, as its description says")
    assert any(said.startswith("I129/120") for said in NOT_CONFIRMED)


@pytest.mark.parametrize(
    ("rule", "changed"),
    [
        ("asterix.mandatory", replace(drone(1.0), country=None)),
        ("asterix.value", replace(drone(1.0), country="ZZ")),
        ("asterix.limit", replace(drone(1.0), altitude_amsl_m=50_000.0)),
        ("asterix.limit", replace(drone(1.0), climb_m_s=-200.0)),
    ],
)
def test_one_fault_is_found(rule: str, changed: Report) -> None:
    report = ASTERIX.check([Recording("drone", encode(changed))])
    assert list(report.found) == [rule]
    assert report.verdict is Verdict.DOES_NOT_CONFORM


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"latitude_deg": 91.0}, "latitude_deg 91: accepted: -90 to 90"),
        ({"country": "KOR"}, "country 'KOR': accepted: 2 characters of ASCII"),
        ({"east_m_s": float("nan")}, "east_m_s nan: accepted: -5242.88 to 5242.87"),
        ({"serial_number": bytes(13)}, "accepted: at most 12 octets"),
        ({"risk": (4, 0, 0)}, "accepted: 0 to 3, 0 to 3, 0 to 15"),
    ],
)
def test_what_an_item_cannot_hold_is_not_written(changed: dict, sentence: str) -> None:
    with pytest.raises(ValueError, match="accepted") as refused:
        encode(replace(drone(1.0), **changed))
    assert sentence in str(refused.value)
