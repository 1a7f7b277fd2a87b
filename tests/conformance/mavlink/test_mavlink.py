"""MAVLink: a flight of our own that passes, one fault at a time that fails, and frames of another implementation."""

import struct
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skypact.conformance import STANDARDS, Layer, Recording, Report, Verdict
from skypact.conformance.mavlink.definitions import BY_NAME, LAYOUTS, checksum, messages
from skypact.conformance.mavlink.frames import Frame, frame_bytes, read
from skypact.conformance.mavlink.samples import AUTOPILOT, BATTERY, Sent, flight, frames, heartbeat, log, telemetry

MAVLINK = STANDARDS["mavlink"]

#: Written by pymavlink 2.4.50.
HEARTBEAT_1 = bytes.fromhex("fe0903010100000000000203510403435e")
HEARTBEAT_2 = bytes.fromhex("fd0900000701b4000000000000002208510403cd16")
STATUS = bytes.fromhex(
    "fd2900000801b493000036010000040100006a09480f460f4b0f470f490f480fffffffffffffffffe20400010151c0030000011ac0"
)
LOCATION = bytes.fromhex(
    "fd3b00000901b4653200589f6016a0e5b54b00002043000024430000f0420000803f28238403000000000000000000000000000000"
    "00000000000000000002000b050504010dd8"
)
#: These heartbeats say type 34, Remote ID, from the id of a battery.
OTHER_TYPE = {"mavlink.component-type": 1}
SIGNED = bytes.fromhex("fd0901000a01b40000000000000022085104039c180115cd5b07000011e5a93bf5b0")


def check(data: bytes, claim: str | None = None) -> Report:
    return MAVLINK.check([Recording("flight", data)], claim)


def only(data: bytes) -> Frame:
    (frame,) = read(data)
    assert isinstance(frame, Frame), frame
    return frame


def test_the_layouts_give_the_seeds_of_the_definitions() -> None:
    for number, layout in LAYOUTS.items():
        known = messages()[number]
        assert (layout.name, layout.crc_extra, layout.size) == (known.name, known.crc_extra, known.longest)
    assert len(messages()) == 390


def test_the_checksum_is_that_of_the_catalogue_of_crcs() -> None:
    assert checksum(b"123456789") == 0x6F91


def test_frames_of_another_implementation_are_read() -> None:
    first, second = only(HEARTBEAT_1), only(HEARTBEAT_2)
    assert (first.version, first.sequence, first.sender, first.message) == (1, 3, (1, 1), 0)
    assert (second.version, second.sequence, second.sender, second.message) == (2, 7, (1, 180), 0)
    status = LAYOUTS[147].decode(only(STATUS).payload)
    assert (status["voltages"], status["battery_remaining"], status["temperature"]) == (
        (3912, 3910, 3915, 3911, 3913, 3912, *(65535,) * 4),
        81,
        2410,
    )
    assert (status["time_remaining"], status["charge_state"], status["voltages_ext"]) == (960, 1, (0, 0, 0, 0))
    location = LAYOUTS[12901].decode(only(LOCATION).payload)
    assert (location["latitude"], location["height"], location["speed_accuracy"]) == (375_431_000, 120.0, 4)
    signed = only(SIGNED)
    assert (len(signed.signature), signed.signature[0]) == (13, 1)
    assert int.from_bytes(signed.signature[1:7], "little") == 123_456_789


def test_frames_of_ours_are_those_of_the_other_implementation() -> None:
    heart = LAYOUTS[0].encode(heartbeat(34, 8))
    assert frame_bytes(0, heart, sequence=7, component=180) == HEARTBEAT_2
    assert frame_bytes(0, LAYOUTS[0].encode(heartbeat(2, 3)), sequence=3, version=1) == HEARTBEAT_1


@pytest.mark.parametrize("number", LAYOUTS)
@settings(max_examples=20, deadline=None)
@given(draw=st.data())
def test_what_is_encoded_is_decoded(number: int, draw: st.DataObject) -> None:
    payload = draw.draw(st.binary(min_size=LAYOUTS[number].size, max_size=LAYOUTS[number].size))
    values = LAYOUTS[number].decode(payload)
    again = LAYOUTS[number].decode(LAYOUTS[number].encode(values))
    assert {name: repr(value) for name, value in again.items()} == {name: repr(value) for name, value in values.items()}


def test_the_flight_conforms_to_its_version_only() -> None:
    honest = check(log(frames(flight())), "MAVLink 2")
    assert (honest.verdict, honest.findings, honest.seen) == (Verdict.CONFORMS, (), ("MAVLink 2",))
    assert check(log(frames(flight())), "MAVLink 1").found == {"mavlink.claim": 52}


def test_one_flipped_bit_is_seen_and_the_next_frame_is_read() -> None:
    spoilt = bytearray(STATUS + HEARTBEAT_2)
    spoilt[20] ^= 0x10
    first, second = read(bytes(spoilt))
    assert first == "The BATTERY_STATUS at offset 0 carries the sum 0xc01a; it is 0x8e4d."
    assert isinstance(second, Frame)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The recording is empty; expected MAVLink frames, which begin with fe or fd."),
        (b"junk" + HEARTBEAT_2, "4 bytes at offset 0 are no frame; a frame begins with fe or fd."),
        (HEARTBEAT_2[:5], "The frame at offset 0 ends inside its header of 10 bytes."),
        (HEARTBEAT_2[:-1], "The frame at offset 0 says 21 bytes; 20 are there."),
        (b"\xd4\xc3\xb2\xa1", "The file header has fewer than 24 bytes."),
        (
            b"\xfd\x01\0\0\0\1\1\xff\xff\xff\0\0\0\0",
            "The bytes at offset 0 give no known message, and no frame follows.",
        ),
    ],
)
def test_what_is_no_frame_says_why(data: bytes, sentence: str) -> None:
    assert next(read(data)) == sentence


def changed(name: str, **values: object) -> bytes:
    sent = [replace(one, values=one.values | values) if one.name == name else one for one in flight()]
    return log(frames(sent))


@pytest.mark.parametrize(
    ("rule", "data"),
    [
        ("mavlink.code", changed("BATTERY_STATUS", type=9)),
        ("mavlink.code", changed("OPEN_DRONE_ID_BASIC_ID", id_type=5)),
        ("mavlink.bounds", changed("BATTERY_STATUS", battery_remaining=101)),
        ("mavlink.bounds", changed("BATTERY_STATUS", temperature=24_100)),
        ("mavlink.bounds", changed("OPEN_DRONE_ID_LOCATION", direction=36_000)),
        ("mavlink.bounds", changed("BATTERY_INFO", state_of_health=101)),
        ("mavlink.cells", changed("BATTERY_STATUS", voltages=(3912, 65535, *(3912,) * 5, *(65535,) * 3))),
        ("mavlink.pack-limits", changed("SMART_BATTERY_INFO", resting_minimum_voltage=4_300)),
        ("mavlink.date", changed("BATTERY_INFO", manufacture_date=b"20260302")),
        ("mavlink.date", changed("SMART_BATTERY_INFO", manufacture_date=b"02-03-2026")),
        ("mavlink.text", changed("OPEN_DRONE_ID_SELF_ID", description=b"Fl\xfcg")),
        ("mavlink.packs-differ", changed("BATTERY_INFO", cells_in_series=5)),
        ("mavlink.packs-differ", changed("BATTERY_INFO", charging_maximum_voltage=3.6)),
    ],
)
def test_one_fault_is_found(rule: str, data: bytes) -> None:
    report = check(data)
    assert list(report.found) == [rule]
    assert report.verdict is Verdict.DOES_NOT_CONFORM


def test_a_pack_above_the_limit_of_one_cell_value_is_read_on_in_the_next() -> None:
    sent = [Sent(float(at), BATTERY, "HEARTBEAT", heartbeat(36, 8)) for at in range(4)]
    high = {"voltages": (65_534, 4_466, *(65_535,) * 8), "battery_remaining": 50, "type": 1}
    sent.insert(1, Sent(0.5, BATTERY, "BATTERY_STATUS", high))
    assert check(log(frames(sent))).verdict is Verdict.CONFORMS


def pack_of_drone_id(messages_in_it: bytes, count: int) -> bytes:
    values = {"single_message_size": 25, "msg_pack_size": count, "messages": tuple(messages_in_it.ljust(225, b"\0"))}
    sent = [Sent(float(at), AUTOPILOT, "HEARTBEAT", heartbeat(2, 3)) for at in range(4)]
    return log(frames([*sent, Sent(3.5, AUTOPILOT, "OPEN_DRONE_ID_MESSAGE_PACK", values)]))


def test_a_pack_of_remote_id_is_opened() -> None:
    basic = struct.pack("<2B20s3x", 0x02, 0x12, b"SYN1F123456789ABCDEF")
    assert check(pack_of_drone_id(basic, 1)).verdict is Verdict.CONFORMS
    assert check(pack_of_drone_id(basic, 2)).found == {"mavlink.drone-id": 1}
    assert check(pack_of_drone_id(basic + b"\1", 1)).found == {"mavlink.drone-id": 1}


def test_lost_frames_are_counted_and_forgiven_repeated_ones_are_not() -> None:
    timed = frames(flight())
    lost = check(log([*timed[:13], *timed[14:]]))
    assert (lost.verdict, lost.found) == (Verdict.CONFORMS, {"mavlink.sequence-gap": 1})
    assert lost.findings[0].sentence == "1 frames of system 1, component 180 are missing before this one."
    twice = check(log([*timed[:13], timed[12], *timed[13:]]))
    assert (twice.verdict, twice.found) == (Verdict.DOES_NOT_CONFORM, {"mavlink.sequence": 1})


def test_heartbeats_are_asked_for_where_the_recording_can_show_them() -> None:
    silent = [one for one in flight() if (one.component, one.name) != (BATTERY, "HEARTBEAT")]
    assert check(log(frames(silent))).found == {"mavlink.no-heartbeat": 1}
    assert check(HEARTBEAT_2 + STATUS).found == OTHER_TYPE | {"mavlink.no-time": 1}
    assert check(log([(0.0, HEARTBEAT_2), (1.0, STATUS)])).found == OTHER_TYPE | {"mavlink.too-short": 1}


def test_the_id_of_a_battery_is_for_a_battery() -> None:
    sent = [Sent(float(at), BATTERY, "HEARTBEAT", heartbeat(34, 8)) for at in range(4)]
    report = check(log(frames(sent)))
    assert (report.verdict, report.found) == (Verdict.CONFORMS, {"mavlink.component-type": 4})
    assert report.findings[0].sentence == "Component 180 says type 34; its id is one of type 36."


def test_what_flies_nothing_has_no_autopilot() -> None:
    sent = [Sent(float(at), 25, "HEARTBEAT", heartbeat(6, 3)) for at in range(4)]
    report = check(log(frames(sent)))
    assert (report.verdict, report.found) == (Verdict.DOES_NOT_CONFORM, {"mavlink.autopilot": 4})


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("GLOBAL_POSITION_INT", {"lat": 900_000_001}),
        ("GLOBAL_POSITION_INT", {"hdg": 36_000}),
        ("GPS_RAW_INT", {"lon": -1_800_000_001}),
        ("GPS_RAW_INT", {"alt": 2_000_000_000}),
        ("SYS_STATUS", {"battery_remaining": 101}),
    ],
)
def test_what_an_autopilot_says_of_itself_is_judged(name: str, values: dict[str, int]) -> None:
    sent = [replace(one, values=one.values | values) if one.name == name else one for one in telemetry()]
    assert check(log(frames(telemetry()))).findings == ()
    assert check(log(frames(sent))).found == {"mavlink.bounds": 4}


def test_an_error_of_a_transmitter_that_is_good_to_arm_gets_a_warning() -> None:
    report = check(changed("OPEN_DRONE_ID_ARM_STATUS", error=b"no GPS"))
    assert (report.verdict, report.found) == (Verdict.CONFORMS, {"mavlink.arm-status": 5})


def test_a_message_outside_the_definitions_cannot_be_told() -> None:
    unknown = frame_bytes(999_999, b"\1\2", sequence=8, component=180)
    report = check(log([(0.0, HEARTBEAT_2), (3.0, unknown)]))
    assert report.found == OTHER_TYPE | {"mavlink.unknown-message": 1}
    assert report.layers[Layer.DECODE] is Verdict.CANNOT_TELL


def test_signatures_are_named_unverified_and_their_times_rise() -> None:
    once = check(log([(0.0, SIGNED)]))
    assert once.found == OTHER_TYPE | {"mavlink.signature-unverified": 1, "mavlink.too-short": 1}
    replayed = SIGNED[:4] + bytes([SIGNED[4] + 1]) + SIGNED[5:]
    body = replayed[1:19]
    again = replayed[:19] + checksum(body + bytes([messages()[0].crc_extra])).to_bytes(2, "little") + SIGNED[21:]
    assert check(log([(0.0, SIGNED), (1.0, again)])).found["mavlink.signature-time"] == 1


def test_version_1_has_no_extension_fields_and_is_not_cut() -> None:
    payload = LAYOUTS[BY_NAME["BATTERY_STATUS"]].encode({"voltages": (4_000,) * 10})
    assert check(log([(0.0, frame_bytes(147, payload, sequence=0, version=1))])).found["mavlink.length"] == 1
    short = frame_bytes(147, payload[:36], sequence=0, version=1)
    assert "mavlink.length" not in check(log([(0.0, short)])).found


def test_datagrams_of_a_capture() -> None:
    ip = bytes([0x45]) + bytes(8) + bytes([17]) + bytes(10)
    capture = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    for at_s, frame in frames(flight()):
        packet = bytes(12) + b"\x08\x00" + ip + struct.pack(">4H", 1, 2, 8 + len(frame), 0) + frame
        seconds, rest = divmod(round(at_s * 1e6), 1_000_000)
        capture += struct.pack("<4I", seconds, rest, len(packet), len(packet)) + packet
    report = check(capture, "MAVLink 2")
    assert (report.verdict, report.counts["HEARTBEAT"]) == (Verdict.CONFORMS, 15)
