"""Bytes as sockets hand them over: cut anywhere, with rubbish between, or nothing but rubbish."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skypact.conformance.picture.framing import LONGEST, Framer, Unit
from skypact.conformance.picture.scene import make

RECORDINGS = {one.name: one.data for one in make(3, seconds=4, more=True).recordings}
FORMATS = {
    "radar.ast": "asterix",
    "node.sapient": "sapient",
    "gateway.tak": "cot",
    "receiver.odid": "remote_id",
    "autopilot.mavlink": "mavlink",
    "provider.json": "f3411_network",
    "adsb.ast": "asterix",
    "camera.klv": "klv",
}


def units(framer: Framer, *pieces: bytes, datagram: bool = False) -> list[Unit]:
    return [unit for piece in pieces for unit in framer.push(piece, datagram=datagram)]


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_is_known_by_its_first_message(name: str) -> None:
    framer = Framer()
    found = units(framer, RECORDINGS[name])
    assert {one.format for one in found} == {FORMATS[name]}
    assert b"".join(one.data for one in found).replace(b"\n", b"") == RECORDINGS[name].replace(b"\n", b"")
    assert (framer.broken_bytes, framer.waiting) == (0, 0)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("size", [1, 7, 100])
def test_a_stream_may_be_cut_anywhere(name: str, size: int) -> None:
    data = RECORDINGS[name][:1500]
    framer, whole = Framer(FORMATS[name]), Framer(FORMATS[name])
    cut = units(framer, *(data[at : at + size] for at in range(0, len(data), size)))
    assert cut == units(whole, data)
    assert framer.broken_bytes == 0


@pytest.mark.parametrize("name", ["radar.ast", "gateway.tak", "autopilot.mavlink", "camera.klv", "provider.json"])
def test_rubbish_between_messages_is_skipped_and_counted(name: str) -> None:
    whole = units(Framer(), RECORDINGS[name])
    rubbish = b"\xee" * 13
    framer = Framer()
    found = units(framer, whole[0].data + whole[1].data + rubbish + b"".join(one.data for one in whole[2:]))
    assert [one.data for one in found] == [one.data for one in whole]
    assert framer.broken_bytes == 13


def test_a_message_that_breaks_off_does_not_spoil_the_next_datagram() -> None:
    first, second, *_ = units(Framer(), RECORDINGS["gateway.tak"])
    framer = Framer()
    assert units(framer, first.data, second.data[:-4], second.data, datagram=True) == [first, second]
    assert framer.broken_bytes == len(second.data) - 4


def test_a_length_that_cannot_be_is_not_waited_for() -> None:
    framer = Framer("asterix")
    assert units(framer, b"\x30\x00\x00\x00") == []
    assert framer.broken_bytes == 4


def test_a_message_without_end_is_dropped() -> None:
    framer = Framer("cot")
    units(framer, b"<event " + b"x" * LONGEST, b"y" * 1000)
    assert (framer.waiting, framer.broken_bytes) == (0, LONGEST + 1007)


def test_a_format_that_was_only_recognised_is_asked_for_anew() -> None:
    framer = Framer()
    units(framer, RECORDINGS["camera.klv"])
    assert framer.format == "klv"
    units(framer, b"\xee" * 20_000)
    found = units(framer, RECORDINGS["autopilot.mavlink"])
    assert {one.format for one in found} == {"mavlink"}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.binary(max_size=400), max_size=8), st.booleans(), st.sampled_from([None, *FORMATS.values()]))
def test_no_bytes_raise_or_are_lost_count_of(pieces: list[bytes], datagram: bool, given_format: str | None) -> None:
    framer = Framer(given_format)
    found = units(framer, *pieces, datagram=datagram)
    told = sum(len(one.data) for one in found) + framer.broken_bytes + framer.waiting
    spaces = sum(
        piece.count(byte)
        for piece in pieces
        for byte in (b" ", b"\n", b"\r", b"\t", b"\x0b", b"\x0c", b",", b"[", b"]")
    )
    assert sum(map(len, pieces)) - spaces <= told <= sum(map(len, pieces))
    assert framer.waiting <= LONGEST


def test_damaged_messages_are_never_fatal() -> None:
    draw = random.Random(5)  # noqa: S311 (no secret)
    for name, data in RECORDINGS.items():
        framer = Framer()
        for _ in range(20):
            at = draw.randrange(len(data))
            units(
                framer, data[:at] + bytes([draw.randrange(256)]) + data[at + 1 : at + 300], datagram=draw.random() < 0.5
            )
        assert framer.waiting <= LONGEST, name
