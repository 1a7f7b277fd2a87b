"""MISB ST 0601 metadata, as motion imagery of STANAG 4609 carries it: KLV packets without their transport stream.

With the stream around them: ``skypact.conformance.stanag4609``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from skypact.conformance.klv import item_table
from skypact.conformance.klv.packets import KlvError, Other, Packet, checksum, local_set, read
from skypact.conformance.klv.samples import samples
from skypact.conformance.klv.tags import CHECKSUM, SECURITY, TAGS, TIME, VERSION, Kind, Mark, Special, Tag, value
from skypact.conformance.report import Layer, Place, Severity
from skypact.conformance.second import Reading, Value
from skypact.conformance.span import Least
from skypact.conformance.standard import Evidence, Recording, Rule, Standard

UNREADABLE = Rule("klv.unreadable", Layer.DECODE, "SMPTE ST 336 and MISB ST 0107, key, BER length, value")
WRONG_SUM = Rule("klv.checksum", Layer.DECODE, "MISB ST 0601, item 1: 16-bit sum over the packet")
OTHER_SET = Rule(
    "klv.other-set", Layer.DECODE, "lab rule: a set with another universal label is not looked into", Severity.UNKNOWN
)
MANDATORY = Rule("klv.mandatory", Layer.SCHEMA, "MISB ST 0601, items 1, 2 and 65 in every packet (ST 0601.8-12)")
ORDER = Rule("klv.order", Layer.SCHEMA, "MISB ST 0601: time stamp first (ST 0601.8-09), checksum last (ST 0601.8-11)")
TWICE = Rule("klv.twice", Layer.SCHEMA, "lab rule: an item that stands once by the standard stands once")
LENGTH = Rule(
    "klv.length", Layer.SCHEMA, "MISB ST 0601, lengths of the items (ST 0601.13-29); none is 0 before edition 14"
)
LONG = Rule("klv.long", Layer.SCHEMA, "MISB ST 0601: the length that is recommended at most", Severity.WARNING)
UNKNOWN_TAG = Rule("klv.unknown-tag", Layer.SCHEMA, "lab rule: this tag is not in the lab's table", Severity.WARNING)
TEXT = Rule("klv.text", Layer.SCHEMA, "MISB ST 0601: texts are UTF-8 without control characters")
CODE = Rule("klv.code", Layer.SCHEMA, "MISB ST 0601, codes of the items")
NESTED = Rule("klv.nested", Layer.SCHEMA, "MISB ST 0601: a set in an item is a local set, to its last byte")
SECURITY_SET = Rule(
    "klv.security", Layer.SCHEMA, "MISB ST 0102, items 1 (classification 1 to 5), 2, 3 (// and code), 12, 13, 22"
)
NO_SECURITY = Rule(
    "klv.no-security",
    Layer.SCHEMA,
    "MISB ST 0102 in item 48: motion imagery states its classification; lab rule: once in a recording",
    Severity.WARNING,
)
CLAIM = Rule("klv.claim", Layer.SCHEMA, "MISB ST 0601, item 65")
EDITION = Rule(
    "klv.edition", Layer.SCHEMA, "lab rule: the lab knows ST 0601.1 to ST 0601.19; 0 is no edition", Severity.UNKNOWN
)
TIME_RANGE = Rule("klv.time", Layer.SEMANTIC, "MISB ST 0603, microseconds since 1970; lab rule: years 2000 to 2099")
BEYOND = Rule("klv.range", Layer.SEMANTIC, "MISB ST 0601, ranges of the items; MISB ST 1201, numbers of the mapping")
OUT_OF_RANGE = Rule(
    "klv.out-of-range", Layer.SEMANTIC, "MISB ST 0601 and ST 1201: the mark for no value", Severity.WARNING
)
BACKWARDS = Rule("klv.backwards", Layer.EXCHANGE, "MISB ST 0603: the time stamps of a stream rise")
SPEED = Rule(
    "klv.speed",
    Layer.EXCHANGE,
    "lab rule: from packet to packet the sensor moves at most 1,000 m/s, and at most 1 km more",
)
RULES = (
    UNREADABLE,
    WRONG_SUM,
    OTHER_SET,
    MANDATORY,
    ORDER,
    TWICE,
    LENGTH,
    LONG,
    UNKNOWN_TAG,
    TEXT,
    CODE,
    NESTED,
    SECURITY_SET,
    NO_SECURITY,
    CLAIM,
    EDITION,
    TIME_RANGE,
    BEYOND,
    OUT_OF_RANGE,
    BACKWARDS,
    SPEED,
)

_YEAR_2000_US, _YEAR_2100_US = 946_684_800 * 10**6, 4_102_444_800 * 10**6
_Say = Callable[[Rule, int, str], None]
_SECURITY_MANDATORY = {1, 2, 3, 12, 13, 22}
_EDITIONS = range(1, 20)
#: From this edition on an item without bytes says that its value is unknown (ST 0601.14-33), but for these three.
_EMPTY_SINCE, _NEVER_EMPTY = 14, (CHECKSUM, TIME, VERSION)
_FASTEST_M_S, _JITTER_M, _DEGREE_M = 1_000.0, 1_000.0, 111_320.0


def examine(recordings: Sequence[Recording], claim: str | None, evidence: Evidence) -> None:
    for recording in recordings:
        sensor = Sensor(evidence, claim, recording.name)
        for number, packet in enumerate(read(recording.data), 1):
            sensor.judge(number, packet)
        sensor.end()


@dataclass
class Sensor:
    """Judges the packets of one stream in order."""

    evidence: Evidence
    claim: str | None
    file: str
    last_us: int = 0
    _last_place: tuple[float, float, int] | None = None
    _packets: int = 0
    _secured: bool = False

    def judge(self, number: int, packet: Packet | Other | str) -> int | None:
        """The packet's time stamp in microseconds since 1970, where it can be relied upon."""
        place = Place(file=self.file, message=number)
        if isinstance(packet, str):
            self.evidence.find(UNREADABLE.id, place, packet)
            return None
        if isinstance(packet, Other):
            told = f"A set of {packet.length} bytes with the label {packet.key.hex()} was not looked into."
            self.evidence.find(OTHER_SET.id, place, told)
            return None
        self.evidence.judged |= set(Layer)
        self.evidence.counts["packet"] += 1
        if not _intact(packet, place, self.evidence):
            return None  # a spoilt packet would only be blamed again for what the damage changed
        self._packets += 1
        items = dict(packet.items)
        self._secured |= SECURITY in items
        _schema(packet, place, self.evidence, self.claim)
        time_us = int.from_bytes(items.get(TIME, b""), "big")
        if time_us < self.last_us:
            told = f"{(self.last_us - time_us) / 1e6:.3f} s older than the packet before."
            self.evidence.find(BACKWARDS.id, place, told)
        self.evidence.hear(self.file, "packet", time_us / 1e6 if time_us else None)
        self._moved(items, time_us, place)
        self.last_us = time_us
        return time_us or None

    def _moved(self, items: dict[int, bytes], time_us: int, place: Place) -> None:
        said = [value(TAGS[tag], items[tag]) for tag in (13, 14) if len(items.get(tag, b"")) == 4]
        if len(said) < 2 or not isinstance(said[0], float) or not isinstance(said[1], float):
            return
        latitude, longitude = said[0], said[1]
        if self._last_place is not None:
            north = latitude - self._last_place[0]
            east = (longitude - self._last_place[1] + 180) % 360 - 180
            metres = _DEGREE_M * math.hypot(north, east * math.cos(math.radians(latitude)))
            seconds = max(time_us - self._last_place[2], 0) / 1e6
            if metres > _FASTEST_M_S * seconds + _JITTER_M:
                told = f"The sensor moved {metres / 1000:.1f} km in {seconds:.3f} s."
                self.evidence.find(SPEED.id, place, told)
        self._last_place = latitude, longitude, time_us

    def end(self) -> None:
        if self._packets and not self._secured:
            told = f"None of {self._packets} packets states its classification in item {SECURITY}."
            self.evidence.find(NO_SECURITY.id, Place(file=self.file), told)


def _intact(packet: Packet, place: Place, evidence: Evidence) -> bool:
    carried = dict(packet.items).get(CHECKSUM)
    if carried is None or len(carried) != 2 or not packet.raw.endswith(b"\x01\x02" + carried):
        return True  # the rules of presence and order say so
    said, computed = int.from_bytes(carried, "big"), checksum(packet.raw)
    if said != computed:
        evidence.find(
            WRONG_SUM.id, place, f"The packet carries the checksum 0x{said:04x}; its sum is 0x{computed:04x}."
        )
    return said == computed


def _schema(packet: Packet, place: Place, evidence: Evidence, claim: str | None) -> None:
    def say(rule: Rule, tag: int, sentence: str) -> None:
        name = TAGS[tag].name if tag in TAGS else "unknown"
        evidence.find(rule.id, place.model_copy(update={"field": f"item {tag}, {name}"}), sentence)

    there = [tag for tag, _ in packet.items]
    for tag in (TIME, VERSION, CHECKSUM):
        if tag not in there:
            say(MANDATORY, tag, f"Item {tag}, {TAGS[tag].name}, is mandatory and is not there.")
    if TIME in there and there[0] != TIME:
        say(ORDER, TIME, f"The packet begins with item {there[0]}; the time stamp comes first.")
    if CHECKSUM in there and there[-1] != CHECKSUM:
        say(ORDER, CHECKSUM, f"The packet ends with item {there[-1]}; the checksum comes last.")
    for tag in sorted({tag for tag in there if there.count(tag) > 1 and tag in TAGS and tag not in _REPEATED}):
        say(TWICE, tag, f"Item {tag} stands {there.count(tag)} times.")
    edition = int.from_bytes(dict(packet.items).get(VERSION, b""), "big")
    for tag, raw in packet.items:
        _item(tag, raw, edition, say)
    if len(dict(packet.items).get(VERSION, b"")) == 1:
        seen = f"ST 0601.{edition}"
        if edition in _EDITIONS:
            evidence.seen.add(seen)
        else:
            say(EDITION, VERSION, f"The packet says edition {edition}.")
        if claim and claim.startswith("ST 0601") and seen != claim:
            say(CLAIM, VERSION, f"Claimed {claim}; the packet says {seen}.")


#: Sets of which a packet may hold several: segments and amendments (MISB ST 1607), targets' geo-registration.
_REPEATED = (98, 99, 100, 101)


def _item(tag: int, raw: bytes, edition: int, say: _Say) -> None:
    if tag not in TAGS:
        say(UNKNOWN_TAG, tag, f"Item {tag} of {len(raw)} bytes was not looked into.")
        return
    known = TAGS[tag]
    if not raw and edition >= _EMPTY_SINCE and tag not in _NEVER_EMPTY:
        return  # "unknown"
    if not raw or not known.takes(len(raw)):
        accepted = known.length or ("1 to 8" if known.kind in (Kind.RANGE, Kind.COUNT) else "one or more")
        say(LENGTH, tag, f"{len(raw)} bytes; the standard says {accepted}.")
        return
    if known.longest is not None and len(raw) > known.longest:
        say(LONG, tag, f"{len(raw)} bytes; at most {known.longest} are recommended.")
    _value(tag, known, raw, say)
    if tag == SECURITY:
        _security(raw, say)
    elif known.kind is Kind.SET:
        _nested(raw, tag, say)


def _value(tag: int, known: Tag, raw: bytes, say: _Say) -> None:
    said = value(known, raw)
    if said in (Special.OUT_OF_RANGE, Special.RESERVED) or (isinstance(said, Mark) and said is not Mark.BEYOND):
        say(OUT_OF_RANGE, tag, f"The item says {said.value} instead of a value.")
    elif said is Mark.BEYOND:
        say(BEYOND, tag, f"{raw.hex()} is beyond {known.low:g} to {known.high:g}.")
    elif known.text and not _is_text(raw):
        say(TEXT, tag, f"{raw.hex()} is not printable text.")
    elif known.codes is not None and isinstance(said, int) and said >= known.codes:
        say(CODE, tag, f"{said} is not among the codes 0 to {known.codes - 1}.")
    elif tag in (TIME, 72) and isinstance(said, int) and not _YEAR_2000_US <= said < _YEAR_2100_US:
        say(TIME_RANGE, tag, f"{said} µs after 1970 is outside the years 2000 to 2099.")


def _is_text(raw: bytes) -> bool:
    try:
        return raw.decode("utf-8").isprintable()
    except UnicodeDecodeError:
        return False


def _nested(raw: bytes, tag: int, say: _Say) -> None:
    try:
        list(local_set(raw))
    except KlvError as error:
        say(NESTED, tag, f"The set cannot be read: {error}.")


def _security(raw: bytes, say: _Say) -> None:
    try:
        items = dict(local_set(raw))
    except KlvError as error:
        say(SECURITY_SET, SECURITY, f"The security set cannot be read: {error}.")
        return
    for tag in sorted(_SECURITY_MANDATORY - set(items)):
        say(SECURITY_SET, SECURITY, f"Item {tag} of the security set is mandatory and is not there.")
    if 1 in items and items[1] not in (b"\x01", b"\x02", b"\x03", b"\x04", b"\x05"):
        say(SECURITY_SET, SECURITY, f"Classification {items[1].hex()} is not among 1 to 5.")
    if 3 in items and not (items[3].startswith(b"//") and len(items[3]) > 2 and items[3].isascii()):
        say(SECURITY_SET, SECURITY, f"Classifying country {items[3]!r} is not // and a code.")
    if 13 in items and (not items[13] or len(items[13]) % 2 or b"\0\0" in items[13]):
        say(SECURITY_SET, SECURITY, f"Object country codes {items[13].hex()} are not UTF-16.")
    if 22 in items and len(items[22]) != 2:
        say(SECURITY_SET, SECURITY, f"The version of the security set has {len(items[22])} bytes; the standard says 2.")


def readings(recordings: Sequence[Recording]) -> Iterator[Reading]:
    """What the first decoder reads out of each packet with the right sum, by tag; packets are counted alone."""
    for recording in recordings:
        packets = (one for one in read(recording.data) if isinstance(one, Packet))
        for number, packet in enumerate(packets, 1):
            if _has_sum(packet):
                yield Reading(recording.name, number, "packet", _read_values(packet))


def _has_sum(packet: Packet) -> bool:
    tag, raw = packet.items[-1] if packet.items else (0, b"")
    return tag == CHECKSUM and raw == checksum(packet.raw).to_bytes(2, "big")


def _read_values(packet: Packet) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for tag, raw in packet.items:
        known = TAGS.get(tag)
        if not raw or str(tag) in values or (known is not None and not known.takes(len(raw))):
            continue
        said = value(known, raw) if known is not None else raw
        if not isinstance(said, Special | Mark):
            values[str(tag)] = said.hex() if isinstance(said, bytes) else said
    return values


STANDARD = Standard(
    name="klv",
    title="MISB ST 0601 metadata of motion imagery",
    versions=tuple(f"ST 0601.{version}" for version in range(1, 20)),
    profile="sensor metadata",
    inputs="KLV packets one after another, as taken out of the transport stream",
    rules=RULES,
    packages=(),
    layers=(Layer.DECODE, Layer.SCHEMA, Layer.SEMANTIC, Layer.EXCHANGE),
    examine=examine,
    least=Least(
        "lab rule: rising times and a sensor that moves show in several packets; ST 0601 names no period (the 30 s of"
        " MISB ST 0902 are of another claim)",
        seconds=1.0,
        messages=3,
    ),
    samples=samples,
    ceiling="the 16-bit sum sees every single bit; two changes that cancel out in it pass",
    readings=readings,
    second=(item_table.DECODER,),
)
