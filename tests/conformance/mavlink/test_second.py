"""Frames read twice: both agree on what is right, and a first decoder that is wrong is caught."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from skypact.conformance import STANDARDS, Recording, Verdict
from skypact.conformance.fuzz import inputs
from skypact.conformance.mavlink import definitions, frames, pymavlink_reader, second
from skypact.conformance.mavlink.definitions import LAYOUTS, Layout
from skypact.conformance.mavlink.frames import frame_bytes
from skypact.conformance.mavlink.readings import readings
from skypact.conformance.mavlink.second import DECODER
from skypact.conformance.report import Agreement
from skypact.conformance.second import SecondDecoder, compare
from tests.conformance.wrong_decoders import caught

MAVLINK = STANDARDS["mavlink"]
SAMPLE = MAVLINK.samples()[0]


def compared(data: bytes, decoder: SecondDecoder = DECODER) -> Agreement:
    recordings = [Recording("link", data)]
    return compare(decoder, readings(recordings), recordings)


def test_both_read_the_flight_alike() -> None:
    found = compared(SAMPLE.data)
    assert (found.messages_both, found.only_first, found.only_second) == (52, 0, 0)
    assert (found.values_compared, found.disagreed, found.verdict) == (1_503, 0, Verdict.CONFORMS)
    read = next(one for one in DECODER.read([Recording("link", SAMPLE.data)]) if one.kind == "OPEN_DRONE_ID_LOCATION")
    assert (read.values["latitude"], read.values["frame system"]) == (375_431_000, 1)


def test_the_flight_earns_the_badge() -> None:
    assert MAVLINK.check([Recording("link", SAMPLE.data)], SAMPLE.claim).earns_badge


def test_both_tables_say_the_same_of_every_message() -> None:
    """Names, seeds and lengths of 390 messages: computed once by a script, once from the fields when they are read."""
    ours, theirs = definitions.messages(), second.messages()
    assert ours.keys() == theirs.keys()
    assert len(ours) == 390
    for number, known in ours.items():
        other = theirs[number]
        longest = sum(second._SIZES[kind] * max(1, count) for kind, _, count in other.fields)
        assert (other.name, other.seed, other.least, longest) == (
            known.name,
            known.crc_extra,
            known.length,
            known.longest,
        )


@pytest.mark.parametrize(
    ("data", "kinds"),
    [
        (frame_bytes(0, b"\1" * 9, sequence=7), ["HEARTBEAT"]),
        (frame_bytes(0, b"\1" * 9, sequence=7, version=1), ["HEARTBEAT"]),
        (frame_bytes(0, b"\1" * 8, sequence=7, version=1), ["HEARTBEAT"]),  # too short, with a right sum
        (frame_bytes(70_000, b"\1", sequence=7), ["message 70000"]),
        (b"noise" + frame_bytes(0, b"\1", sequence=7) + b"noise", ["HEARTBEAT"]),
        (frame_bytes(0, b"\1" * 9, sequence=7, signature=bytes(13)), ["HEARTBEAT"]),
        (frame_bytes(0, b"\1" * 9, sequence=7)[:-1], []),
        (b"\xfd", []),
        (b"", []),
    ],
)
def test_frames_and_what_is_none(data: bytes, kinds: list[str]) -> None:
    assert [one.kind for one in DECODER.read([Recording("link", data)])] == kinds
    assert compared(data).disagreed == 0


def test_one_flipped_bit_costs_its_frame_only() -> None:
    spoilt = bytearray(SAMPLE.data)
    spoilt[len(spoilt) // 2] ^= 1
    found = compared(bytes(spoilt))
    assert (found.messages_both, found.disagreed) == (51, 0)


def test_nothing_broken_stops_the_second() -> None:
    for data in itertools.islice(inputs(MAVLINK, seed=11), 300):
        list(DECODER.read([Recording("link", data)]))


@pytest.mark.parametrize("before", [b"", bytes(8) + frame_bytes(0, b"\1" * 9, sequence=7)], ids=["stream", "log"])
def test_noise_is_looked_at_only_where_a_frame_may_begin(before: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    frame = second._frame

    def counted(data: bytes, at: int, time: int) -> second.Frame | None:
        looked.append(at)
        return frame(data, at, time)

    monkeypatch.setattr(second, "_frame", counted)
    noise = before + bytes(range(0xFD)) * 1_000 + b"\xfd\xfe" * 50
    list(DECODER.read([Recording("link", noise)]))
    assert len(looked) <= 103
    assert looked == sorted(set(looked))


# First decoders that are wrong.

Patch = Callable[[pytest.MonkeyPatch], None]
_DECODE = Layout.decode
_FRAME = frames.Frame
_WRONG_VALUES: dict[str, Callable[[Any], Any]] = {
    "of other sign": lambda value: -value,
    "one too high": lambda value: value + 1,
    "in the other order of octets": lambda value: int.from_bytes(
        (int(value) & 0xFFFF_FFFF).to_bytes(4, "little"), "big"
    ),
}


def _misread(layout: Layout, field: str, wrong: Callable[[Any], Any]) -> Patch:
    def decode(self: Layout, payload: bytes) -> dict[str, Any]:
        values = dict(_DECODE(self, payload))
        if self.name == layout.name:
            said = values[field]
            single = isinstance(said, int | float)
            values[field] = wrong(said) if single else bytes(reversed(said)) if isinstance(said, bytes) else said[::-1]
        return values

    return lambda patch: patch.setattr(Layout, "decode", decode)


def _wrong_decoders() -> Iterator[tuple[str, Patch]]:
    """Every field of every message of the flight taken for its neighbour on the wire, and its number misread; header
    fields exchanged."""
    sent = {one.kind for one in readings([Recording("link", SAMPLE.data)])}
    for number, layout in LAYOUTS.items():
        if layout.name not in sent:
            continue
        for one, other in itertools.pairwise(layout.fields):
            names = {one.name: other, other.name: one}
            made = replace(layout, fields=tuple(names.get(field.name, field) for field in layout.fields))
            if made.sent != layout.sent:
                yield (
                    f"{layout.name}.{one.name} off by one",
                    lambda patch, n=number, m=made: patch.setitem(LAYOUTS, n, m),
                )
        for field in layout.sent:
            wrongs = _WRONG_VALUES if not field.count else {"backwards": lambda value: value}
            for what, wrong in wrongs.items():
                yield f"{layout.name}.{field.name} {what}", _misread(layout, field.name, wrong)
    for one, other in (("system", "component"), ("sequence", "system"), ("sequence", "component")):

        def exchanged(one: str = one, other: str = other, **given: Any) -> frames.Frame:
            return _FRAME(**{**given, one: given[other], other: given[one]})

        yield f"{one} for {other}", lambda patch, wrong=exchanged: patch.setattr(frames, "Frame", wrong)
    late = 8
    yield "time off by one", lambda patch: patch.setattr(frames, "_time", lambda data, at: late)


def test_wrong_first_decoders_are_caught() -> None:
    """Some read this flight right all the same: a zero of other sign, two neighbours of one value. All others are
    caught."""
    recordings = [Recording("link", SAMPLE.data)]
    assert caught(DECODER, readings, recordings, _wrong_decoders()) == (362, 76, [])


def test_pymavlink_is_asked_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pymavlink_reader, "_version", lambda: None)
    assert [one.name for one in MAVLINK.second] == ["skypact field table", "pymavlink"]
    found = compared(SAMPLE.data, replace(pymavlink_reader.DECODER, version=lambda: None))
    assert (found.verdict, found.reason) == (Verdict.CANNOT_TELL, "not on this machine")


def test_pymavlink_reads_the_flight_alike() -> None:
    pytest.importorskip("pymavlink", reason="pymavlink is optional and not installed")
    found = compared(SAMPLE.data, pymavlink_reader.DECODER)
    assert (found.only_first, found.only_second, found.disagreed) == (0, 0, 0)
    assert found.messages_both >= 51  # its edition may lack BATTERY_INFO
