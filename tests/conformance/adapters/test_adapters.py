"""Adapters between Remote ID, ASTERIX category 129 and SAPIENT: what they keep, what they lose, what they refuse."""

from dataclasses import fields, replace

import pytest
from google.protobuf import json_format
from hypothesis import given, settings
from hypothesis import strategies as st
from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import SapientMessage

from skypact.conformance import STANDARDS, Recording
from skypact.conformance.adapters import FORMATS, UasState, convert, measure, measure_all
from skypact.conformance.adapters.loss import states
from skypact.conformance.adapters.state import nearest
from skypact.conformance.remote_id.samples import flight
from skypact.conformance.sapient.wire import framed

REMOTE_ID, CAT129, SAPIENT = FORMATS
HEARD_S = 1_772_445_602.0
FLIGHT = flight()[2]


def test_a_drone_heard_over_remote_id_as_a_record_of_category_129() -> None:
    made = convert(FLIGHT, REMOTE_ID, CAT129, HEARD_S)
    report = STANDARDS["asterix"].check([Recording("drone", made)], "CAT129 1.2")
    # Remote ID does not tell the country of registration, nor here a height over the sea, and nothing is made up.
    assert report.found == {"asterix.mandatory": 1, "asterix.reported-mandatory": 1}
    read = FORMATS[CAT129].read(made, HEARD_S)
    assert read.latitude_deg == pytest.approx(37.5431, abs=1e-6)
    assert (read.time_s, read.east_m_s, read.climb_m_s) == (1_772_445_602.0, 9.0, 0.0)
    assert (read.altitude_amsl_m, read.height_agl_m) == (None, None)
    assert read.serial_number is None  # twenty characters do not fit into twelve, and half a number is another one


def test_the_same_drone_as_a_detection_of_sapient() -> None:
    made = SapientMessage.FromString(convert(FLIGHT, REMOTE_ID, SAPIENT, HEARD_S))
    detection = json_format.MessageToDict(made)["detectionReport"]
    assert detection["id"] == "SYN1F123456789ABCDEF"
    assert detection["location"] == {
        "x": pytest.approx(127.0214),
        "y": pytest.approx(37.5431),
        "z": 164.0,
        "coordinateSystem": "LOCATION_COORDINATE_SYSTEM_LAT_LNG_DEG_M",
        "datum": "LOCATION_DATUM_WGS84_E",
    }
    assert detection["enuVelocity"] == {"eastRate": 9.0, "northRate": pytest.approx(0.0, abs=1e-9), "upRate": 0.0}
    report = STANDARDS["sapient"].check([Recording("detection", framed(made))])
    assert set(report.found) == {"sapient.no-registration"}  # alone it has none; nothing else is wrong


def test_an_altitude_above_the_sea_stays_one() -> None:
    record = FORMATS[CAT129].write(replace(next(states(1, 1)), altitude_amsl_m=100.0))
    made = SapientMessage.FromString(convert(record, CAT129, SAPIENT, HEARD_S))
    assert made.detection_report.location.z == pytest.approx(100.0)
    assert made.detection_report.location.datum == 2  # geoid
    pack = FORMATS[REMOTE_ID].read(convert(record, CAT129, REMOTE_ID, HEARD_S), HEARD_S)
    assert pack.altitude_hae_m is None  # without a geoid nobody knows it


KEPT = {
    (REMOTE_ID, CAT129): {
        "time_s",
        "latitude_deg",
        "longitude_deg",
        "height_agl_m",
        "east_m_s",
        "north_m_s",
        "climb_m_s",
        "horizontal_accuracy_m",
    },
    (REMOTE_ID, SAPIENT): {
        "time_s",
        "serial_number",
        "latitude_deg",
        "longitude_deg",
        "altitude_hae_m",
        "east_m_s",
        "north_m_s",
        "climb_m_s",
    },
    (CAT129, REMOTE_ID): {
        "time_s",
        "serial_number",
        "latitude_deg",
        "longitude_deg",
        "height_agl_m",
        "east_m_s",
        "north_m_s",
        "climb_m_s",
        "horizontal_accuracy_m",
    },
    (CAT129, SAPIENT): {
        "time_s",
        "serial_number",
        "latitude_deg",
        "longitude_deg",
        "altitude_amsl_m",
        "east_m_s",
        "north_m_s",
        "climb_m_s",
    },
    (SAPIENT, REMOTE_ID): {
        "time_s",
        "serial_number",
        "latitude_deg",
        "longitude_deg",
        "altitude_hae_m",
        "east_m_s",
        "north_m_s",
        "climb_m_s",
    },
    (SAPIENT, CAT129): {"time_s", "latitude_deg", "longitude_deg", "east_m_s", "north_m_s", "climb_m_s"},
}


def test_the_measured_loss_is_the_published_one() -> None:
    found = {
        (one.source, one.target): {field.field for field in one.fields if not field.lost}
        for one in measure_all(count=60)
    }
    assert found == KEPT


def test_a_serial_number_survives_category_129_where_it_is_short_enough() -> None:
    (serial,) = [one for one in measure(REMOTE_ID, CAT129, count=60).fields if one.field == "serial_number"]
    short = sum(len(one.serial_number or "") <= 12 for one in states(60, 1))
    assert (serial.said, serial.kept) == (60, short)
    assert 0 < short < 60


def test_positions_stay_within_a_few_centimetres() -> None:
    for one in measure_all(count=60):
        errors = {field.field: field.largest_error for field in one.fields}
        assert errors["latitude_deg"] is not None
        assert errors["latitude_deg"] < 0.02


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_what_a_format_read_it_writes_and_reads_again(name: str, seed: int) -> None:
    one = FORMATS[name]
    first = one.read(one.write(next(states(1, seed))), HEARD_S)
    again = one.read(one.write(first), HEARD_S)
    for field in fields(UasState):
        before, after = getattr(first, field.name), getattr(again, field.name)
        assert after == (pytest.approx(before, abs=0.6) if isinstance(before, float) else before), field.name


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=80, deadline=None)
@given(data=st.binary(max_size=120))
def test_whatever_arrives_is_converted_or_refused(name: str, data: bytes) -> None:
    for target in FORMATS:
        try:
            assert convert(data, name, target, HEARD_S)
        except ValueError as refused:
            assert str(refused)  # noqa: PT017 (either way is right)


def test_a_format_without_adapter_is_an_error() -> None:
    with pytest.raises(ValueError, match='"KLV" has no adapter; accepted: F3411-22a, CAT129 1.2, BSI Flex 335 v2.0'):
        convert(FLIGHT, REMOTE_ID, "KLV", HEARD_S)
    with pytest.raises(ValueError, match='"KLV" has no adapter'):
        measure("KLV", REMOTE_ID)


def test_a_time_of_the_hour_is_that_nearest_to_when_it_was_heard() -> None:
    assert nearest(7_205.0, 3_599.5, 3_600.0) == 7_199.5
    assert nearest(7_195.0, 2.0, 3_600.0) == 7_202.0
