"""KLV in MPEG transport streams: as recordings, as datagrams and live, whole and with parts lost."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skypact.conformance.listening import PCAP_HEADER, pcap_record
from skypact.conformance.picture import transport
from skypact.conformance.picture.framing import Framer
from skypact.conformance.picture.live import LivePicture
from skypact.conformance.picture.observation import Gathered, Observation
from skypact.conformance.picture.playing import cues
from skypact.conformance.picture.reading import Learned
from skypact.conformance.picture.receiving import FeedAddress, Kept
from skypact.conformance.picture.recordings import Assumptions, gather, recognise
from skypact.conformance.stanag4609.packets import PACKET
from skypact.conformance.stanag4609.samples import (
    ASYNCHRONOUS_PLAN,
    KLV_PID,
    Plan,
    Set,
    cell,
    klv_at,
    pes,
    stream,
)
from skypact.conformance.standard import Recording


def in_two(one: Set) -> bytes:
    """An access unit in two cells of a packet."""
    number = 2 * one.sequence
    return cell(one.klv[:50], number, flags=0x9F) + cell(one.klv[50:], number + 1, flags=0x4F)


TIMES = (0.0, 0.2, 0.4, 0.6)
PLANS = {"synchronous": Plan(), "asynchronous": ASYNCHRONOUS_PLAN, "in two cells": replace(Plan(), cell=in_two)}
STARTS = bytes([0x47, 0x40 | KLV_PID >> 8, KLV_PID & 0xFF])


def packets(data: bytes) -> list[bytes]:
    return [data[at : at + PACKET] for at in range(0, len(data), PACKET)]


@cache
def expected() -> tuple[Observation, ...]:
    """What the same sets say bare."""
    sets = b"".join(klv_at(second, number) for number, second in enumerate(TIMES))
    return tuple(gather([Recording("camera.klv", sets)]).observations)


def read(data: bytes) -> Gathered:
    recording = Recording("camera.ts", data)
    assert recognise(recording) == "stanag4609"
    return gather([recording])


def datagrams(data: bytes, *, rtp: bool = False) -> list[bytes]:
    """Seven packets each, as they are sent."""
    parts = [data[at : at + 7 * PACKET] for at in range(0, len(data), 7 * PACKET)]
    if not rtp:
        return parts
    return [b"\x80\x21" + number.to_bytes(2, "big") + bytes(8) + part for number, part in enumerate(parts)]


@pytest.mark.parametrize("name", PLANS)
def test_a_transport_stream_says_what_its_klv_says(name: str) -> None:
    found = read(stream(PLANS[name]))
    assert tuple(found.observations) == expected()
    assert (len(expected()), found.formats, dict(found.unplaced)) == (4, {"KLV camera": "MISB ST 0601"}, {})


@pytest.mark.parametrize(("before", "after"), [(4, 0), (0, 16)])
def test_packets_with_a_time_before_or_a_correction_behind(before: int, after: int) -> None:
    data = b"".join(bytes(before) + one + bytes(after) for one in packets(stream(Plan())))
    assert tuple(read(data).observations) == expected()


@pytest.mark.parametrize("rtp", [False, True])
def test_of_a_capture_every_set_has_its_arrival(rtp: bool) -> None:
    sent = datagrams(stream(Plan()), rtp=rtp)
    began_s = expected()[0].time_s
    ports = ("127.0.0.1", 5004), ("127.0.0.1", 5005)
    records = [pcap_record(one, *ports, began_s + number) for number, one in enumerate(sent)]
    other = pcap_record(b"\x30" * 60, ("127.0.0.1", 7), ("127.0.0.1", 5005), began_s)
    found = read(PCAP_HEADER + records[0] + other + b"".join(records[1:]))
    assert [replace(one, arrival_s=None) for one in found.observations] == list(expected())
    # A set of 300 bytes ends one packet after the one that it begins in.
    ends = [at + 1 for at, one in enumerate(packets(stream(Plan()))) if one.startswith(STARTS)]
    assert [one.arrival_s for one in found.observations] == [began_s + end // 7 for end in ends]
    assert dict(found.unplaced) == {("KLV camera", "a datagram of a flow that is no transport stream"): 1}


def test_a_lost_packet_costs_its_set_and_no_other() -> None:
    whole = packets(stream(Plan()))
    (second,) = [at for at, one in enumerate(whole) if one.startswith(STARTS)][1:2]
    for lost in (second, second + 1):
        found = read(b"".join([*whole[:lost], *whole[lost + 1 :]]))
        assert tuple(found.observations) == (expected()[0], *expected()[2:])
        assert sum(found.unplaced.values()) in (0, 1)
    damaged = whole[second][:1] + bytes([whole[second][1] | 0x80]) + whole[second][2:]
    found = read(b"".join([*whole[:second], damaged, *whole[second + 1 :]]))
    assert tuple(found.observations) == (expected()[0], *expected()[2:])
    assert found.unplaced["KLV camera", "a packet of a transport stream that is damaged or scrambled"] == 1
    assert (
        tuple(read(b"".join([*whole[:second], *[whole[second]] * 2, *whole[second + 1 :]])).observations) == expected()
    )


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (stream(replace(ASYNCHRONOUS_PLAN, klv_descriptors=b"")), transport.NO_KLV),
        (b"".join(packets(stream(Plan()))[2:4]) * 3, "a transport stream without a program map"),
        (
            stream(replace(Plan(), map_program=2)),
            "a table of a transport stream that cannot be read",
        ),
    ],
)
def test_a_stream_that_names_no_klv_says_so(data: bytes, why: str) -> None:
    found = read(data)
    assert (found.observations, found.unplaced["KLV camera", why] > 0) == ([], True)


def test_a_packet_without_a_length_that_never_ends_is_given_up() -> None:
    begun = pes(0xBD, bytes(100), None)
    endless = [STARTS + b"\x10" + (begun[:4] + b"\0\0" + begun[6:]).ljust(184, b"\0")]
    head = bytes([0x47, KLV_PID >> 8, KLV_PID & 0xFF])
    endless += [head + bytes([0x10 | at & 0x0F]) + bytes([at & 0xFF]) * 184 for at in range(1, 2_000)]
    good = packets(stream(ASYNCHRONOUS_PLAN))
    found = read(b"".join([*good[:2], *endless, *good[2:]]))
    assert tuple(found.observations) == expected()
    assert dict(found.unplaced) == {("KLV camera", transport.BROKEN): 1}


@pytest.mark.parametrize("how", ["datagrams", "rtp", "stream"])
def test_live_it_is_the_klv_that_is_heard_and_kept(how: str) -> None:
    kept = Kept()
    picture = LivePicture(background=False, keep=kept.keep)
    data, draw = stream(Plan()), random.Random(5)  # noqa: S311 (no secret)
    pieces = datagrams(data, rtp=how == "rtp")
    if how == "stream":
        cuts = sorted(draw.sample(range(1, len(data)), 40))
        pieces = [data[one:other] for one, other in zip([0, *cuts], [*cuts, len(data)], strict=True)]
    for piece in pieces:
        picture.feed("camera", None, piece, expected()[0].time_s + 1, datagram=how != "stream")
    picture.finish()
    (source,) = picture.state(expected()[0].time_s + 2).sources
    (feed,) = picture.state(expected()[0].time_s + 2).feeds
    assert (source.name, source.observations, source.unplaced) == ("KLV camera", 4, {})
    assert (feed.format, feed.messages, feed.broken_bytes, feed.unread) == ("klv", 4, 0, {})
    again = gather(kept.recordings()).observations
    assert [replace(one, arrival_s=None) for one in again] == list(expected())


def test_live_a_camera_without_klv_is_told() -> None:
    picture = LivePicture(background=False)
    for piece in datagrams(stream(replace(ASYNCHRONOUS_PLAN, klv_descriptors=b""))):
        picture.feed("camera", None, piece, 1_772_445_600.0, datagram=True)
    (feed,) = picture.state(1_772_445_601.0).feeds
    assert (feed.messages, feed.unread) == (0, {transport.NO_KLV: 1})


def test_a_recorded_stream_is_played_as_its_klv() -> None:
    found = cues([Recording("camera.ts", stream(Plan()))])
    assert [(one.name, one.time_s) for one in found] == [("camera", one.time_s) for one in expected()]


def test_the_format_may_be_said() -> None:
    assert FeedAddress.of_text("camera=udp://127.0.0.1:0?format=stanag4609").format == "stanag4609"


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(list(PLANS)), st.integers(0, 2**32), st.integers(1, 40), st.booleans())
def test_nothing_broken_raises(plan: str, seed: int, spots: int, datagram: bool) -> None:
    draw, spoilt = random.Random(seed), bytearray(whole(plan))  # noqa: S311 (no secret)
    for _ in range(spots):
        spoilt[draw.randrange(len(spoilt))] = draw.randrange(256)
    del spoilt[draw.randrange(len(spoilt)) :]
    list(Framer("stanag4609").push(bytes(spoilt), datagram=datagram))
    into = Gathered()
    transport.read(bytes(spoilt), "x", Assumptions().reading({}, None, Learned()), into)
    assert len(into.observations) <= len(TIMES)


@cache
def whole(plan: str) -> bytes:
    return stream(PLANS[plan])
