"""Each standard's own clock, places and units on the way to an observation; nothing is dropped unsaid."""

from __future__ import annotations

import struct

import pytest

from skypact.conformance.adapters import asterix129, f3411, sapient
from skypact.conformance.adapters.state import UasState
from skypact.conformance.asterix import cat129
from skypact.conformance.asterix.samples import block, drone, stream, track
from skypact.conformance.captures import BARE_IP
from skypact.conformance.cot.samples import EVENT, tak_stream
from skypact.conformance.cot.samples import stream as cot_stream
from skypact.conformance.picture.observation import Observation
from skypact.conformance.picture.recordings import Assumptions, gather, recognise
from skypact.conformance.remote_id.samples import capture, flight, location
from skypact.conformance.sapient.samples import NODE
from skypact.conformance.sapient.samples import stream as sapient_stream
from skypact.conformance.standard import Recording

START_S = 1_772_445_600.0  # 2026-03-02T10:00:00Z
MIDNIGHT_S = 1_772_409_600.0


def one(data: bytes, *others: bytes, name: str = "x.bin") -> list[Observation]:
    return gather(
        [Recording(name, data), *(Recording(f"{at}.bin", other) for at, other in enumerate(others))]
    ).observations


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (sapient_stream(), "sapient"),
        (b'{"nodeId": "x"}', "sapient"),
        (cot_stream(), "cot"),
        (tak_stream(), "cot"),
        (stream(), "asterix"),
        (capture(flight()), "remote_id"),
        (b"".join(flight()), "remote_id"),
        (location(0), "remote_id"),
    ],
)
def test_a_recording_is_known_by_its_bytes(data: bytes, expected: str) -> None:
    assert recognise(Recording("x", data)) == expected


@pytest.mark.parametrize("data", [b"", b"\x77\x00\x00\xff\xff\xff\xff"])
def test_another_format_is_refused_with_what_is_accepted(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"y\.bin: begins with .*; accepted: SAPIENT"):
        gather([Recording("y.bin", data)])


def test_cursor_on_target_gives_place_error_velocity_and_uid() -> None:
    found = one(EVENT.format(second=3).encode())
    assert [(at.source, at.time_s, at.longitude_deg, at.latitude_deg, at.sigma_m, at.height_m) for at in found] == [
        ("CoT x", START_S + 3, 127.0213, 37.5431, 12.0, 164.0)
    ]
    assert (found[0].number, found[0].identity) == ("SYN-TRACK-7", None)
    assert found[0].east_m_s == pytest.approx(8.8)
    assert found[0].north_m_s == pytest.approx(0.0, abs=1e-9)


def test_sapient_gives_the_node_as_source_and_the_stated_error() -> None:
    found = one(sapient_stream())
    assert [at.source for at in found] == [f"SAPIENT {NODE}"] * 2
    assert [at.time_s for at in found] == [START_S + 3, START_S + 4]
    assert (found[0].sigma_m, found[0].height_m, found[0].identity) == (5.0, 164.0, None)
    assert found[0].longitude_deg == pytest.approx(127.0213)


def test_a_height_above_the_sea_needs_the_geoid() -> None:
    body = sapient.write(UasState(time_s=START_S, latitude_deg=37.5, longitude_deg=127.0, altitude_amsl_m=100.0), NODE)
    recording = Recording("x", struct.pack("<I", len(body)) + body)
    assert gather([recording]).observations[0].height_m is None
    known = gather([recording], assumed=Assumptions(undulation_m=23.5))
    assert known.observations[0].height_m == 123.5


def test_times_of_day_take_their_day_from_the_other_recordings_across_midnight() -> None:
    events = EVENT.format(second=0).replace("2026-03-02T10:00", "2026-03-02T00:00").encode()
    before, after = block(62, track(86_399.5)), block(62, track(0.5))
    found = one(before + after, events)
    assert [at.time_s for at in found] == [MIDNIGHT_S - 0.5, MIDNIGHT_S, MIDNIGHT_S + 0.5]


def test_tenths_of_the_hour_take_their_hour_from_the_capture() -> None:
    found = one(capture(flight()))
    assert [at.time_s for at in found] == [START_S + second for second in range(5)]
    assert [at.arrival_s for at in found] == [START_S + second for second in range(5)]
    assert {at.identity for at in found} == {"SYN1F123456789ABCDEF"}


def test_tenths_of_the_hour_just_before_it_belong_to_the_hour_before() -> None:
    late = f3411.write(UasState(time_s=START_S - 0.4, latitude_deg=37.5, longitude_deg=127.0, serial_number="SYN1"))
    found = one(late, EVENT.format(second=2).encode())
    assert found[0].time_s == pytest.approx(START_S - 0.4)


def test_without_a_day_or_hour_the_messages_are_counted() -> None:
    found = gather([Recording("radar", block(62, track(36_000.0))), Recording("rid", location(0))])
    assert found.observations == []
    assert dict(found.unplaced) == {
        ("CAT062 25/202", "a time of day, and nothing that tells the day"): 1,
        ("Remote ID rid", "a time since the hour, and nothing that tells the hour"): 1,
    }


def test_category_129_gives_half_radius_serial_and_velocity() -> None:
    found = one(cat129.encode(drone(36_000.0)), EVENT.format(second=0).encode())
    report = next(at for at in found if at.source == "CAT129 25/203")
    assert (report.time_s, report.identity, report.height_m) == (START_S, "SYN1F1234567", None)
    assert report.sigma_m == pytest.approx(3 / 1.1774)
    assert report.east_m_s == pytest.approx(8.8)
    assert asterix129.read(cat129.encode(drone(36_000.0)), START_S).latitude_deg == report.latitude_deg


def test_what_is_no_position_is_counted_by_reason() -> None:
    pieces = EVENT.format(second=0).replace('type="a-u-A-M-F-Q"', 'type="b-m-p"') + "<event><broken></event>"
    pieces += EVENT.format(second=1).replace('lat="37.5431"', 'lat="north"')
    found = gather([Recording("x", pieces.encode())])
    assert found.observations == []
    assert dict(found.unplaced) == {
        ("CoT x", "an event about no object (its type does not begin with a-)"): 1,
        ("CoT x", "an event that cannot be read"): 1,
        ("CoT x", "a time or a number that is none"): 1,
    }


def test_a_capture_of_udp_keeps_the_arrival() -> None:
    payload = EVENT.format(second=0).encode()
    udp = struct.pack(">4H", 1, 2, 8 + len(payload), 0) + payload
    ip = struct.pack(">2B3H2BH8x", 0x45, 0, 20 + len(udp), 0, 0, 1, 17, 0) + udp
    file = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, BARE_IP)
    file += struct.pack("<4I", int(START_S), 250_000, len(ip), len(ip)) + ip
    assert [(at.time_s, at.arrival_s) for at in one(file)] == [(START_S, START_S + 0.25)]


def test_numbers_that_cannot_be_are_counted_and_never_tracked() -> None:
    far = EVENT.format(second=0).replace("2026-03-02", "9999-03-02").encode()
    wide = EVENT.format(second=1).replace('ce="12.0"', 'ce="900000000"').encode()
    deep = sapient.write(UasState(time_s=START_S, latitude_deg=37.5, longitude_deg=127.0, altitude_hae_m=1e12), NODE)
    found = gather([Recording("x", far + wide), Recording("y", struct.pack("<I", len(deep)) + deep)])
    assert [(at.time_s, at.sigma_m) for at in found.observations] == [(START_S + 1, None)]
    assert dict(found.unplaced) == {
        ("CoT x", "a time outside 2010 to 2099"): 1,
        (f"SAPIENT {NODE}", "a height, range, angle or error that is no finite number or beyond 1,000 km"): 1,
    }


def test_a_beacon_sent_again_is_no_new_look() -> None:
    found = gather([Recording("x", capture([payload for payload in flight() for _ in range(3)]))])
    assert [at.time_s for at in found.observations] == [START_S + second for second in range(5)]
    assert len(found.repeats) == 10
    counted = found.counting["Remote ID x"]
    assert (counted.received, counted.missing) == (15, 0)
