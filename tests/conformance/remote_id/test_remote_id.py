"""Remote ID: a flight of our own that passes, one fault at a time that fails, and real captures."""

from pathlib import Path

import pytest

from skypact.conformance import STANDARDS, Layer, Recording, Report, Verdict
from skypact.conformance.captures import packets
from skypact.conformance.remote_id.carriers import payloads
from skypact.conformance.remote_id.messages import NoMessageError, messages
from skypact.conformance.remote_id.samples import (
    basic_id,
    capture,
    flight,
    location,
    operator_id,
    pack,
    self_id,
    system,
)

REMOTE_ID = STANDARDS["remote_id"]


def check(data: bytes, claim: str | None = None) -> Report:
    return REMOTE_ID.check([Recording("flight", data)], claim)


def with_byte(message: bytes, at: int, value: int) -> bytes:
    return message[:at] + bytes([value]) + message[at + 1 :]


def test_a_location_reads_in_si_units() -> None:
    (one,) = messages(location(3))
    assert (one.kind, one.version) == ("location", 2)
    assert one.fields["latitude_deg"] == pytest.approx(37.5431)
    assert one.fields["longitude_deg"] == pytest.approx(127.0215)
    assert one.fields["direction_deg"] == 90
    assert one.fields["speed_m_s"] == 9.0
    assert one.fields["geodetic_altitude_m"] == 164.0
    assert one.fields["height_m"] == 120.0
    assert one.fields["after_hour_s"] == 3.0


def test_unknown_values_are_none() -> None:
    raw = bytearray(location(0))
    raw[1], raw[2], raw[3], raw[4] = 0x21, 181, 255, 126
    raw[5:19], raw[21:23] = bytes(14), b"\xff\xff"
    (one,) = messages(bytes(raw))
    unknown = {name for name, value in one.fields.items() if value is None}
    assert unknown == {
        "direction_deg",
        "speed_m_s",
        "climb_m_s",
        "latitude_deg",
        "longitude_deg",
        "pressure_altitude_m",
        "geodetic_altitude_m",
        "height_m",
        "after_hour_s",
    }


def test_the_flight_conforms_to_its_edition_only() -> None:
    assert check(capture(flight()), "F3411-22a").verdict is Verdict.CONFORMS
    claimed = check(capture(flight()), "F3411-19")
    assert claimed.verdict is Verdict.DOES_NOT_CONFORM
    assert claimed.found == {"remote_id.claim": 1}
    assert claimed.seen == ("F3411-22a",)


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        (b"", "0 bytes are too few for a message of 25."),
        (location(0)[:-1], "A single message has 25 bytes, not 24."),
        (pack(location(0))[:-1], "The pack says 1 messages, 28 bytes; 27 are there."),
        (with_byte(pack(location(0)), 2, 0), "The pack says 0 messages; accepted: 1 to 9."),
        (with_byte(pack(location(0)), 1, 24), "The pack says 24 bytes a message; the standard says 25."),
        (with_byte(location(0), 0, 0x62), "Message type 6 does not exist; accepted: 0 to 5, and 15 for a pack."),
        (
            pack(with_byte(location(0), 0, 0x10)),
            "A pack of version 2 holds a message of version 0.",
        ),
        (pack(location(0)) + b"\0\1", "2 bytes follow the 1 messages of the pack and are not zero."),
    ],
)
def test_no_message_says_why(payload: bytes, sentence: str) -> None:
    with pytest.raises(NoMessageError) as refused:
        list(messages(payload))
    assert str(refused.value) == sentence


SPOILT = [
    ("remote_id.edition", with_byte(location(0), 0, 0x17)),
    ("remote_id.code", with_byte(location(0), 1, 0x50)),
    ("remote_id.code", with_byte(location(0), 19, 0x7B)),
    ("remote_id.code", with_byte(basic_id(), 1, 0x52)),
    ("remote_id.code", with_byte(self_id(), 1, 3)),
    ("remote_id.code", with_byte(system(), 1, 0x03)),
    ("remote_id.code", with_byte(operator_id(), 1, 1)),
    ("remote_id.reserved", with_byte(location(0), 24, 1)),
    ("remote_id.reserved", with_byte(system(), 17, 0x10)),
    ("remote_id.text", with_byte(self_id(), 24, 0x41)),
    ("remote_id.text", with_byte(operator_id(), 2, 0xFF)),
    ("remote_id.serial", basic_id("SYN1E123456789ABCDEF")),
    ("remote_id.identity", with_byte(basic_id(), 1, 0x02)),
    ("remote_id.identity", with_byte(basic_id(), 1, 0x32)),
    ("remote_id.pages", b"\x22\x10\x01\x29" + bytes(21)),
    ("remote_id.code", b"\x22\x60\x00\x00" + bytes(21)),
    ("remote_id.position", with_byte(location(0), 8, 0x7F)),
    ("remote_id.motion", with_byte(location(0), 2, 180)),
    ("remote_id.motion", with_byte(location(0), 4, 125)),
    ("remote_id.time", with_byte(location(0), 22, 0x90)),
    ("remote_id.area", with_byte(system(), 16, 0x90)[:14] + b"\x01\x00" + with_byte(system(), 16, 0x90)[16:]),
]


@pytest.mark.parametrize(("rule", "message"), SPOILT)
def test_one_fault_in_a_message_is_found(rule: str, message: bytes) -> None:
    report = check(message)
    assert set(report.found) - {"remote_id.no-time"} == {rule}
    assert report.verdict is Verdict.DOES_NOT_CONFORM


def test_bare_messages_carry_no_time_and_so_no_badge() -> None:
    report = check(pack(basic_id(), location(0), system()))
    assert report.found == {"remote_id.no-time": 1}
    assert report.verdict is Verdict.CANNOT_TELL


@pytest.mark.parametrize(
    ("rule", "payloads_sent", "verdict"),
    [
        ("remote_id.not-sent", [pack(basic_id(), location(s)) for s in range(5)], Verdict.DOES_NOT_CONFORM),
        ("remote_id.too-short", [pack(basic_id(), location(s)) for s in range(2)], Verdict.CANNOT_TELL),
        (
            "remote_id.rate",
            [pack(basic_id(), location(s), system()) if s % 3 == 0 else pack(system()) for s in range(10)],
            Verdict.DOES_NOT_CONFORM,
        ),
        (
            "remote_id.other-identity",
            [*flight(), pack(basic_id("SYN1F0000000000000000"[:20]), location(5), system())],
            Verdict.DOES_NOT_CONFORM,
        ),
        ("remote_id.jump", [*flight(), pack(location(1000))], Verdict.DOES_NOT_CONFORM),
        ("remote_id.mixed-editions", [*flight(), with_byte(location(5), 0, 0x11)], Verdict.DOES_NOT_CONFORM),
    ],
)
def test_one_fault_of_a_flight_is_found(rule: str, payloads_sent: list[bytes], verdict: Verdict) -> None:
    report = check(capture(payloads_sent))
    assert set(report.found) == {rule}
    assert report.verdict is verdict


def test_other_traffic_cannot_tell() -> None:
    report = check(capture([]))
    assert (report.verdict, report.counts) == (Verdict.CANNOT_TELL, {})


@pytest.mark.shared_data
def test_a_real_drone_speaks_the_2019_edition_whatever_is_claimed(shared_data: Path) -> None:
    """Parrot Anafi: 2,295 messages, all 1,140 locations decoded, protocol version 0."""
    recording = (shared_data / "conformance/remote_id/parrot_anafi4_real.pcapng").read_bytes()
    honest = check(recording, "F3411-19")
    expected = {"basic_id": 385, "location": 1140, "operator_id": 385, "system": 385, "wifi-beacon": 1140}
    assert (honest.verdict, honest.counts, honest.findings) == (Verdict.CONFORMS, expected, ())
    claimed = check(recording, "F3411-22a")
    assert (claimed.verdict, claimed.found) == (Verdict.DOES_NOT_CONFORM, {"remote_id.claim": 1})
    assert claimed.findings[0].sentence == (
        "Claimed F3411-22a; 90:3a:e6:5b:c8:a8 sends the protocol version of F3411-19."
    )
    sent = [one for packet in packets(recording) for one in payloads(packet)]
    for cut in (1, 2, 24, 25):
        for one in sent[:20]:
            with pytest.raises(NoMessageError):
                list(messages(one.data[:-cut]))


@pytest.mark.shared_data
def test_bit_errors_and_cut_payloads_are_reported(shared_data: Path) -> None:
    report = check((shared_data / "conformance/remote_id/odid_bt5_lr_sample.pcapng").read_bytes())
    assert report.counts["bluetooth-5"] == 272
    assert report.found == {
        "remote_id.radio-error": 28,
        "remote_id.serial": 225,
        "remote_id.unreadable": 19,
    }
    assert report.layers[Layer.DECODE] is Verdict.DOES_NOT_CONFORM


@pytest.mark.shared_data
def test_wifi_beacons_and_nan_frames(shared_data: Path) -> None:
    folder = shared_data / "conformance/remote_id"
    beacon = check((folder / "odid_wifi_bcn_sample.pcap").read_bytes())
    assert (beacon.counts["wifi-beacon"], beacon.counts["location"]) == (21, 21)
    both = check((folder / "odid_wifi_sample.pcap").read_bytes())
    assert (both.counts["wifi-beacon"], both.counts["wifi-nan"]) == (21, 21)
    assert "remote_id.not-sent" in both.found
