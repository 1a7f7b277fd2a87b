"""MISB ST 0601 metadata, as STANAG 4609 motion imagery carries it: KLV packets without their transport stream."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from skypact.conformance.klv.packets import KlvError, Packet, checksum, local_set, read
from skypact.conformance.klv.samples import samples
from skypact.conformance.klv.tags import CHECKSUM, SECURITY, TAGS, TIME, VERSION, value
from skypact.conformance.report import Layer, Place, Severity
from skypact.conformance.standard import Evidence, Recording, Rule, Standard

UNREADABLE = Rule("klv.unreadable", Layer.DECODE, "SMPTE ST 336 and MISB ST 0107, key, BER length, value")
WRONG_SUM = Rule("klv.checksum", Layer.DECODE, "MISB ST 0601, item 1: 16-bit sum over the packet")
MANDATORY = Rule("klv.mandatory", Layer.SCHEMA, "MISB ST 0601, items 1, 2 and 65 in every packet")
ORDER = Rule("klv.order", Layer.SCHEMA, "MISB ST 0601: the time stamp comes first, the checksum last")
TWICE = Rule("klv.twice", Layer.SCHEMA, "lab rule: an item that stands once by the standard stands once")
LENGTH = Rule("klv.length", Layer.SCHEMA, "MISB ST 0601, lengths of the items")
UNKNOWN_TAG = Rule("klv.unknown-tag", Layer.SCHEMA, "lab rule: this tag is not in the lab's table", Severity.WARNING)
TEXT = Rule("klv.text", Layer.SCHEMA, "MISB ST 0601: texts are UTF-8 without control characters")
SECURITY_SET = Rule("klv.security", Layer.SCHEMA, "MISB ST 0102, items 1 (classification 1 to 5), 2, 3, 12, 13, 22")
CLAIM = Rule("klv.claim", Layer.SCHEMA, "MISB ST 0601, item 65")
TIME_RANGE = Rule("klv.time", Layer.SEMANTIC, "MISB ST 0603, microseconds since 1970; lab rule: years 2000 to 2099")
OUT_OF_RANGE = Rule(
    "klv.out-of-range", Layer.SEMANTIC, 'MISB ST 0601: the value marked "out of range"', Severity.WARNING
)
BACKWARDS = Rule("klv.backwards", Layer.EXCHANGE, "MISB ST 0603: the time stamps of a stream rise")
RULES = (
    UNREADABLE,
    WRONG_SUM,
    MANDATORY,
    ORDER,
    TWICE,
    LENGTH,
    UNKNOWN_TAG,
    TEXT,
    SECURITY_SET,
    CLAIM,
    TIME_RANGE,
    OUT_OF_RANGE,
    BACKWARDS,
)

_YEAR_2000_US, _YEAR_2100_US = 946_684_800 * 10**6, 4_102_444_800 * 10**6
_Say = Callable[[Rule, int, str], None]
_SECURITY_MANDATORY = {1, 2, 3, 12, 13, 22}


def examine(recordings: Sequence[Recording], claim: str | None, evidence: Evidence) -> None:
    for recording in recordings:
        last_us = 0
        for number, packet in enumerate(read(recording.data), 1):
            place = Place(file=recording.name, message=number)
            if isinstance(packet, str):
                evidence.find(UNREADABLE.id, place, packet)
                continue
            evidence.judged |= set(Layer)
            evidence.counts["packet"] += 1
            if not _intact(packet, place, evidence):
                continue  # a spoilt packet would only be blamed again for what the damage changed
            _schema(packet, place, evidence, claim)
            time_us = int.from_bytes(dict(packet.items).get(TIME, b""), "big")
            if time_us < last_us:
                evidence.find(BACKWARDS.id, place, f"{(last_us - time_us) / 1e6:.3f} s older than the packet before.")
            last_us = time_us


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
    for tag in sorted({tag for tag in there if there.count(tag) > 1 and tag in TAGS}):
        say(TWICE, tag, f"Item {tag} stands {there.count(tag)} times.")
    for tag, raw in packet.items:
        _item(tag, raw, say)
    version = dict(packet.items).get(VERSION, b"")
    if len(version) == 1:
        seen = f"ST 0601.{version[0]}"
        evidence.seen.add(seen)
        if claim and seen != claim:
            say(CLAIM, VERSION, f"Claimed {claim}; the packet says {seen}.")


def _item(tag: int, raw: bytes, say: _Say) -> None:
    if tag not in TAGS:
        say(UNKNOWN_TAG, tag, f"Item {tag} of {len(raw)} bytes was not looked into.")
        return
    known = TAGS[tag]
    if not raw or (known.length is not None and len(raw) != known.length):
        say(LENGTH, tag, f"{len(raw)} bytes; the standard says {known.length or 'one or more'}.")
        return
    read_value = value(known, raw)
    if read_value is None:
        say(OUT_OF_RANGE, tag, "The sensor marks its value as out of range.")
    elif known.text and not _is_text(raw):
        say(TEXT, tag, f"{raw.hex()} is not printable text.")
    elif tag in (TIME, 72) and not _YEAR_2000_US <= int(read_value) < _YEAR_2100_US:
        say(TIME_RANGE, tag, f"{read_value} µs after 1970 is outside the years 2000 to 2099.")
    elif tag == SECURITY:
        _security(raw, say)


def _is_text(raw: bytes) -> bool:
    try:
        return raw.decode("utf-8").isprintable()
    except UnicodeDecodeError:
        return False


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
    samples=samples,
    ceiling="the 16-bit sum sees every single bit; two changes that cancel out in it pass",
)
