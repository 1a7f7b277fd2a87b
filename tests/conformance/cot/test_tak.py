"""TAK protocol 1: the same events as protobuf, strictly read, equal to their XML."""

import struct
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from skypact.conformance import STANDARDS, Recording, Report, Verdict
from skypact.conformance.cot.events import read
from skypact.conformance.cot.protobuf import WireError, varint
from skypact.conformance.cot.samples import EVENT, stream, tak_stream
from skypact.conformance.cot.tak import Broken, Message, datagram, framed, read_stream, to_message

COT = STANDARDS["cot"]
FIRST = EVENT.format(second=1)


def check(data: bytes, claim: str | None = None) -> Report:
    return COT.check([Recording("events", data)], claim)


def content(element: Element) -> tuple:
    """Everything but the order of attributes and of the parts of a detail."""
    parts = sorted((content(child) for child in element), key=repr)
    return element.tag, sorted(element.attrib.items()), (element.text or "").strip(), parts


def test_the_octets_of_a_message() -> None:
    made = datagram(to_message(fromstring(FIRST)))
    assert made[:3] == b"\xbf\x01\xbf"
    assert made[3:21] == b"\x12\x77\x0a\x0ba-u-A-M-F-Q*\x0bS"
    assert struct.pack("<d", 37.5431) in made


def test_both_framings_and_xml_say_the_same() -> None:
    event = fromstring(FIRST)
    message = to_message(event)
    for data in (framed(message), datagram(message)):
        (found,) = read_stream(data)
        assert isinstance(found, Message)
        times = {"time": "2026-03-02T10:00:01.000Z", "start": "2026-03-02T10:00:01.000Z"}
        event.attrib |= times | {"stale": "2026-03-02T10:00:31.000Z"}
        assert found.event is not None
        assert content(found.event) == content(event)


def test_the_claim_names_the_form() -> None:
    assert check(tak_stream(), "TAK protocol 1").verdict is Verdict.CONFORMS
    assert check(tak_stream(), "2.0").found == {"cot.claim": 3}
    assert check(stream(), "TAK protocol 1").found == {"cot.claim": 3}
    assert check(tak_stream()).seen == ("TAK protocol 1",)


def test_unknown_errors_are_one_value_in_each_form() -> None:
    event = fromstring(FIRST)
    event[0].set("ce", "9999999.0")
    message = to_message(event)
    assert struct.pack("<d", 999_999.0) in message
    (found,) = read_stream(framed(message))
    assert isinstance(found, Message)
    assert found.event is not None
    assert found.event[0].get("ce") == "9999999.0"
    assert check(framed(message)).verdict is Verdict.CONFORMS


def test_an_element_with_more_than_its_type_has_stays_xml() -> None:
    event = fromstring(FIRST)
    event.find("detail").append(fromstring('<contact callsign="A" endpoint="*:-1:stcp" phone="1"/>'))
    event.find("detail").append(fromstring('<contact callsign="B" endpoint="*:-1:stcp"/>'))
    (found,) = read_stream(framed(to_message(event)))
    assert isinstance(found, Message)
    assert content(found.event.find("detail")) == content(event.find("detail"))
    assert found.doubled == ("contact",)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"\xbf", "The header at offset 0 cannot be read: the number at offset 1 does not end."),
        (b"\xbf\x05ab", "The message at offset 0 says 5 bytes; 2 are there, 1048576 at most."),
        (b"\xbf\x00", "The message at offset 0 says 0 bytes; 0 are there, 1048576 at most."),
        (b"\xbf\x02\xbf\x12\x00", "The datagram is of protocol version 2; 1 is decoded."),
        (framed(b"\x2a\x00"), "Not a message of TAK protocol version 1: TakMessage has no field number 5."),
        (framed(b"\x12\x00\x12\x00"), "Not a message of TAK protocol version 1: TakMessage.cotEvent stands twice."),
        (
            framed(b"\x10\x01"),
            "Not a message of TAK protocol version 1: TakMessage.cotEvent has wire type 0; its type is written as 2.",
        ),
        (
            framed(b"\x12\x03\x0a\x01\xff"),
            "Not a message of TAK protocol version 1: CotEvent.type is not UTF-8 at byte 0.",
        ),
        (framed(b"\x12\x02\x51\x00"), "Not a message of TAK protocol version 1: CotEvent.lat is cut."),
        (
            framed(b"\x12\x08\x30\x80\x80\x80\x80\x80\x80\x40"),
            "Not a message of TAK protocol version 1: the time 281474976710656 ms after 1970 is in no calendar.",
        ),
    ],
)
def test_what_is_no_message_says_why(data: bytes, sentence: str) -> None:
    assert next(read_stream(data)) == Broken(sentence)


@pytest.mark.parametrize("data", [b"\x80\x80", b"\x80\x00", b"\xff" * 10 + b"\x01", b"\xff" * 9 + b"\x02"])
def test_a_number_is_as_short_as_it_can_be(data: bytes) -> None:
    with pytest.raises(WireError):
        varint(data, 0)


def test_the_sender_takes_the_version_it_sends() -> None:
    report = check(framed(b"\x0a\x04\x08\x02\x10\x03" + to_message(fromstring(FIRST))))
    assert report.found == {"cot.tak-control": 1}


def test_an_element_is_typed_or_xml() -> None:
    event = to_message(fromstring(FIRST))
    body = event[2:-22]  # the detail is its last field: 22 octets
    detail = b"\x0a\x08<track/>" + event[-20:]
    made = body + b"\x7a" + bytes([len(detail)]) + detail
    report = check(framed(b"\x12" + bytes([len(made) & 0x7F | 0x80, len(made) >> 7]) + made))
    assert "cot.tak-detail" in report.found


def test_what_a_server_adds_is_taken() -> None:
    """Times of a TAK server, and markings, for which MITRE's event has no place."""
    event = to_message(fromstring(FIRST))
    marked = event[2:] + b"\x82\x01\x07CAVEAT1\x8a\x01\x03USA"
    body = b"\x12" + bytes([len(marked) & 0x7F | 0x80, len(marked) >> 7]) + marked + b"\x18\x05\x20\x07"
    (found,) = read_stream(framed(body))
    assert isinstance(found, Message)
    assert dict(found.beside) == {"caveat": "CAVEAT1", "releaseableTo": "USA", "submissionTime": 5, "creationTime": 7}
    assert check(framed(body)).verdict is check(framed(event)).verdict


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=150))
def test_whatever_stands_behind_the_magic_byte_is_judged(data: bytes) -> None:
    for head in (b"\xbf", b"\xbf\x01\xbf"):
        assert check(head + data).verdict in Verdict


@pytest.mark.shared_data
def test_atak_s_examples_survive_the_way_through_protobuf(shared_data: Path) -> None:
    files = sorted((shared_data / "conformance" / "cot" / "examples").glob("*.cot"))
    assert len(files) == 12
    for file in files:
        (event,) = read(file.read_bytes())
        assert isinstance(event, Element)
        (found,) = read_stream(framed(to_message(event)))
        assert isinstance(found, Message), file.name
        assert content(found.event) == content(event), file.name
