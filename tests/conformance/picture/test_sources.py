"""MAVLink, ST 0601, ASTERIX 001 and 021, network Remote ID: their clocks, accuracies and names; and eight at once."""

from __future__ import annotations

import json
import struct
from dataclasses import replace

import pytest

from skypact.conformance.asterix.samples import block, stream
from skypact.conformance.cot.samples import EVENT
from skypact.conformance.f3411_network.samples import session
from skypact.conformance.f3411_network.samples import stream as answers
from skypact.conformance.klv.packets import LABEL, packet
from skypact.conformance.klv.samples import items
from skypact.conformance.klv.samples import stream as klv_stream
from skypact.conformance.mavlink.definitions import LAYOUTS
from skypact.conformance.mavlink.frames import frame_bytes
from skypact.conformance.picture import Cause, Together
from skypact.conformance.picture.observation import Gathered, Site
from skypact.conformance.picture.recordings import Assumptions, gather, recognise
from skypact.conformance.picture.scene import MORE_SOURCES, START_S, make
from skypact.conformance.picture.trial import trials
from skypact.conformance.standard import Recording

BOOT_S = START_S - 100


def read(
    data: bytes, *others: bytes, undulation_m: float | None = None, sites: dict[str, Site] | None = None
) -> Gathered:
    recordings = [Recording("x.bin", data), *(Recording(f"{at}.bin", other) for at, other in enumerate(others))]
    return gather(recordings, sites, Assumptions(undulation_m=undulation_m))


def sent(*messages: tuple[int, bytes], missing: int = 0) -> bytes:
    numbers = [at + (missing if at else 0) for at in range(len(messages))]
    return b"".join(
        frame_bytes(name, payload, sequence=at) for at, (name, payload) in zip(numbers, messages, strict=True)
    )


TIME = 2, struct.pack("<QI", round(START_S * 1e6), 100_000)
PLACE = 33, struct.pack("<I4i3hH", 103_500, 375_431_000, 1_270_212_000, 140_000, 0, 300, 400, 0, 0xFFFF)


def located(**changes: object) -> tuple[int, bytes]:
    said = {
        "latitude": 375_431_000,
        "longitude": 1_270_212_000,
        "altitude_geodetic": 164.0,
        "direction": 9_000,
        "speed_horizontal": 900,
        "horizontal_accuracy": 11,
        "timestamp": 7.5,
    }
    return 12901, LAYOUTS[12901].encode(said | changes)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (sent(TIME, PLACE), "mavlink"),
        (klv_stream(), "klv"),
        (answers(session()), "f3411_network"),
        (stream(), "asterix"),
    ],
)
def test_a_recording_is_known_by_its_bytes(data: bytes, expected: str) -> None:
    assert recognise(Recording("x", data)) == expected


def test_an_autopilots_clock_counts_from_its_start() -> None:
    accuracy = 24, struct.pack("<QiiiHHHHBBiI", 0, 0, 0, 0, 0, 0, 0, 0, 3, 14, 0, 1_500)
    (found,) = read(sent(TIME, accuracy, PLACE), undulation_m=24.0).observations
    assert (found.source, found.time_s, found.number) == ("MAVLink x", START_S + 3.5, "1")
    assert (found.longitude_deg, found.latitude_deg, found.height_m) == (127.0212, 37.5431, 164.0)
    assert (found.east_m_s, found.north_m_s, found.sigma_m) == (4.0, 3.0, 1.5)


def test_without_its_time_a_position_has_that_of_its_arrival_or_none() -> None:
    found = read(sent(PLACE))
    assert (found.observations, dict(found.unplaced)) == (
        [],
        {("MAVLink x", "a time since the start, and nothing that tells the start"): 1},
    )
    log = round((START_S + 9) * 1e6).to_bytes(8, "big") + sent(PLACE)
    (one,) = read(log).observations
    assert (one.time_s, one.arrival_s) == (START_S + 9, None)


def test_gaps_of_a_links_sequence_are_its_loss() -> None:
    found = read(sent(TIME, PLACE, PLACE, missing=3))
    assert (found.counting["MAVLink x"].received, found.counting["MAVLink x"].missing) == (3, 3)
    assert (len(found.observations), len(found.repeats)) == (1, 1)


def test_remote_id_over_mavlink_is_a_source_of_its_own_with_its_serial() -> None:
    identity = 12900, LAYOUTS[12900].encode({"id_type": 1, "uas_id": tuple(b"SYN1".ljust(20, b"\0"))})
    found = read(sent(TIME, identity, located(), PLACE)).observations
    by_source = {one.source: one for one in found}
    own = by_source["Open Drone ID x"]
    assert (own.time_s, own.height_m, own.identity) == (START_S + 7.5, 164.0, "SYN1")
    assert own.sigma_m == pytest.approx(3.0 / 2.4477, rel=1e-4)
    assert (round(own.east_m_s, 6), round(own.north_m_s, 6)) == (9.0, 0.0)
    assert by_source["MAVLink x"].identity == "SYN1"


def pack(*inside: bytes, size: int = 25) -> tuple[int, bytes]:
    held = b"".join(inside).ljust(225, b"\0")
    said = {"single_message_size": size, "msg_pack_size": len(inside), "messages": tuple(held)}
    return 12915, LAYOUTS[12915].encode(said)


#: ASTM F3411-22a: a serial number; a location 3 s after the hour at 37.5431 N, 127.0212 E, 164 m, 9 m/s to the east.
SERIAL = bytes([0x02, 0x12]) + b"SYN1".ljust(20, b"\0") + bytes(3)
LOCATION = bytes([0x12, 0x20, 90, 36, 0]) + struct.pack(
    "<iiHHHBBHBB", 375_431_000, 1_270_212_000, 0, 2_328, 0, 0x0B, 0, 75, 0, 0
)


def test_a_pack_over_mavlink_says_what_its_messages_say() -> None:
    found = read(sent(TIME, located(), pack(SERIAL, LOCATION)))
    one, other = sorted(found.observations, key=lambda one: one.identity or "")
    assert other.latitude_deg == pytest.approx(37.5431, abs=1e-9)
    assert other == replace(one, identity="SYN1", latitude_deg=other.latitude_deg)


@pytest.mark.parametrize(
    ("messages", "why"),
    [
        ((TIME, pack(SERIAL, LOCATION, size=24)), "a pack that holds no messages of ASTM F3411"),
        ((TIME, pack()), "a pack that holds no messages of ASTM F3411"),
        ((TIME, pack(LOCATION[:5] + bytes(8) + LOCATION[13:])), "the position is unknown to the aircraft"),
        ((pack(LOCATION),), "a time since the hour, and nothing that tells the hour"),
    ],
)
def test_a_pack_that_gives_no_place_is_counted(messages: tuple[tuple[int, bytes], ...], why: str) -> None:
    found = read(sent(*messages))
    assert (found.observations, dict(found.unplaced)) == ([], {("Open Drone ID x", why): 1})


def test_a_pack_without_a_location_tells_the_serial_number() -> None:
    found = read(sent(TIME, pack(SERIAL), PLACE))
    assert [(one.source, one.identity) for one in found.observations] == [("MAVLink x", "SYN1")]
    assert dict(found.unplaced) == {}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"latitude": 0, "longitude": 0}, "the position is unknown to the aircraft"),
        ({"timestamp": 65_535.0}, "no time"),
    ],
)
def test_what_a_transmitter_does_not_know_is_counted(changes: dict[str, object], why: str) -> None:
    found = read(sent(TIME, located(**changes)))
    assert (found.observations, dict(found.unplaced)) == ([], {("Open Drone ID x", why): 1})


def test_unknown_velocity_and_height_stay_unknown() -> None:
    (one,) = read(sent(TIME, located(direction=36_100, altitude_geodetic=-1_000.0, horizontal_accuracy=0))).observations
    assert (one.east_m_s, one.height_m, one.sigma_m) == (None, None, None)


def test_the_platform_is_seen_and_where_it_looks_is_not() -> None:
    said = items(0)
    centre = [
        *said[:-1],
        (23, said[3][1]),
        (24, said[4][1]),
        (40, said[3][1]),
        (41, said[4][1]),
        (59, b"CAM-1"),
        said[-1],
    ]
    found = read(packet(centre), undulation_m=24.0)
    (one,) = found.observations
    assert (one.source, one.time_s, one.identity, one.sigma_m) == ("KLV x", START_S, "CAM-1", None)
    assert (round(one.longitude_deg, 6), round(one.latitude_deg, 6)) == (127.0212, 37.5431)
    assert one.height_m == pytest.approx(1_224.0, abs=0.2)
    assert dict(found.unplaced) == {
        ("KLV x", "the centre of a frame: where the line of sight meets the ground, not an aircraft"): 1,
        ("KLV x", "a target location: where the line of sight meets the ground, not an aircraft"): 1,
    }


def test_a_spoilt_packet_is_counted() -> None:
    found = read(klv_stream().replace(b"EO", b"EC", 1))
    assert (len(found.observations), dict(found.unplaced)) == (2, {("KLV x", "a packet whose checksum is wrong"): 1})


def test_a_set_of_another_standard_is_counted() -> None:
    other = LABEL + bytes(16 - len(LABEL)) + b"\x02\x01\x00"
    found = read(klv_stream() + other)
    assert (len(found.observations), dict(found.unplaced)) == (3, {("KLV x", "a set of another standard"): 1})


def test_an_ads_b_report_gives_call_sign_height_and_class_of_accuracy() -> None:
    scene = make(1, seconds=2, more=True)
    found = read(scene.recordings[6].data, EVENT.format(second=0).encode()).observations
    first = next(one for one in found if one.source == "CAT021 25/204")
    assert (first.identity, first.number) == ("ALPHA", "71C001")
    assert first.time_s == pytest.approx(START_S + 0.6, abs=0.01)
    assert first.sigma_m == pytest.approx(10.0 / 2.4477, rel=1e-4)
    assert first.height_m == pytest.approx(scene.paths[0].height_m, abs=10)


def radar_001(second: float) -> bytes:
    """A plot of category 001: 10 NM, 45 degrees, and what is left of the time after whole 512 s."""
    left = round(second % 512 * 128)
    body = bytes([0xEA, 25, 201, 0x10]) + struct.pack(">4H", 1_280, 8_192, 48, left)
    return bytes([1]) + (3 + len(body)).to_bytes(2, "big") + body


SITE = {"25/201": Site(127.02, 37.51, 80.0)}
NORTH = {"000": 1, "010": (("SAC", 25), ("SIC", 201))}


@pytest.mark.parametrize("second", [36_000.5, 35_839.0, 36_352.0])
def test_a_truncated_time_is_completed_by_what_the_radar_told(second: float) -> None:
    north = block(2, NORTH | {"030": (second - 2, "s")})
    (one,) = (
        at
        for at in read(north + radar_001(second), EVENT.format(second=0).encode(), sites=SITE).observations
        if at.polar
    )
    assert (one.source, one.time_s) == ("CAT001 25/201", START_S - 36_000 + second)
    assert (one.polar.slant_m, one.polar.bearing_deg) == (18_520.0, 45.0)


def test_truncated_times_start_anew_at_midnight() -> None:
    """Whole 512 s do not divide a day: the last count before midnight is not full."""
    events = EVENT.replace("2026-03-02T10:00", "2026-03-03T00:00").format(second=0).encode()
    midnight = START_S - 36_000 + 86_400
    data = radar_001(86_399.0) + radar_001(1.0)
    found = [one.time_s for one in read(data, events, sites=SITE).observations if one.polar]
    assert found == [midnight - 1.0, midnight + 1.0]


def test_a_flight_of_the_network_gives_serial_and_class_of_accuracy() -> None:
    found = read(answers(session())).observations
    assert [one.time_s - START_S for one in found] == [10.5, 11.5, 12.5]
    assert {(one.source, one.number, one.identity, one.height_m) for one in found} == {
        ("network Remote ID x", "5f3a1c0e-SYN-FLIGHT-7", "SYN1F123456789ABCDEF", 164.0)
    }
    assert found[0].sigma_m == pytest.approx(3.0 / 2.4477, rel=1e-4)
    assert (round(found[0].east_m_s, 6), round(found[0].north_m_s, 6)) == (9.0, 0.0)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("timestamp", {"value": "yesterday", "format": "RFC3339"}, "a time that is none"),
        ("position", {"lat": 0, "lng": 0}, "no position"),
        ("position", {"lat": 10**400, "lng": 1}, "no position"),
        ("position", None, "no position"),
    ],
)
def test_a_state_that_tells_nothing_is_counted(name: str, value: object, why: str) -> None:
    answer = json.loads(json.dumps(session()[0]))
    answer["flights"][0]["current_state"][name] = value
    found = read(answers([answer]))
    assert (found.observations, dict(found.unplaced)) == ([], {("network Remote ID x", why): 1})


def test_eight_sources_make_one_picture() -> None:
    (trial,) = trials([2], [None], seconds=30, more=True, scored=False)
    assert (trial.report.together, len(trial.report.tracks), trial.one_picture) == (Together.YES, 2, True)
    assert {one.name for one in trial.report.sources} == set(MORE_SOURCES)
    named = [{part.source for part in track.contributions} for track in trial.report.tracks]
    assert set(MORE_SOURCES) - {"KLV camera"} in named


@pytest.mark.parametrize("fault", [Cause.CLOCK, Cause.UNIT])
def test_mistakes_of_the_further_sources_are_found(fault: Cause) -> None:
    (trial,) = trials([2], [fault], seconds=30, more=True, scored=False)
    assert trial.scene.faulty in MORE_SOURCES[4:]
    assert trial.caught


def test_a_fault_has_the_size_that_was_asked_for() -> None:
    (trial,) = trials([1], [Cause.HEIGHT], size=40.0, seconds=30, scored=False)
    (found,) = trial.report.disagreements
    assert trial.caught
    assert any(f"its heights lie {sign}{metres} m" in found.sentence for sign in "+-" for metres in range(38, 43))
    (small,) = trials([1], [Cause.HEIGHT], size=5.0, seconds=30, scored=False)
    assert (small.caught, small.blamed_wrongly) == (False, False)


def test_the_scene_can_begin_at_another_time() -> None:
    scene = make(1, seconds=3, start_s=START_S + 7_200, more=True)
    times = [one.time_s for one in gather(scene.recordings).observations]
    assert (min(times) >= START_S + 7_200, max(times) <= START_S + 7_204) == (True, True)
    assert replace(scene, start_s=0.0).truth()["objects"][0]["positions"][0][0] == 0.0
