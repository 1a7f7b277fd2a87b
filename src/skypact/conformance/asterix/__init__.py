"""ASTERIX, EUROCONTROL's format of surveillance data: categories 001, 002, 021, 034, 048, 062, 063, 065 and 129."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from skypact.conformance import captures
from skypact.conformance.asterix import cat129, croatia_control, item_table, readings, wireshark
from skypact.conformance.asterix.editions import EDITIONS, LIMITS, MANDATORY, NAMES, TIME_OF_DAY, name
from skypact.conformance.asterix.records import FramingError, blocks, decode, is_known, leaves, unwrapped
from skypact.conformance.asterix.samples import samples
from skypact.conformance.report import Layer, Place, Severity
from skypact.conformance.span import Least
from skypact.conformance.standard import Evidence, Recording, Rule, Standard

_PART_1 = "EUROCONTROL-SPEC-0149 part 1"
_CATEGORY = "the category's part of EUROCONTROL-SPEC-0149"

BROKEN_CAPTURE = Rule("asterix.broken-capture", Layer.DECODE, "pcap and pcapng (IETF opsawg drafts)")
FRAMING = Rule("asterix.framing", Layer.DECODE, f"{_PART_1}, data block: category and length")
MALFORMED = Rule("asterix.malformed", Layer.DECODE, f"{_CATEGORY}, user application profile; strict parse")
NO_SPECIFICATION = Rule(
    "asterix.no-specification",
    Layer.DECODE,
    "lab rule: a category without an open machine-readable specification cannot be judged",
    Severity.UNKNOWN,
)
UNREAD = Rule(
    "asterix.unread",
    Layer.DECODE,
    "lab rule: behind a thousand blocks that no edition accepts, blocks are counted and not read",
    Severity.UNKNOWN,
)
EMPTY = Rule("asterix.empty", Layer.SCHEMA, f"{_PART_1}, record: at least one item")
MANDATORY_ITEM = Rule("asterix.mandatory", Layer.SCHEMA, f"{_CATEGORY}, encoding rules of the items")
SPARE = Rule("asterix.spare", Layer.SCHEMA, f"{_PART_1}, spare bits are zero")
TABLE = Rule("asterix.value", Layer.SCHEMA, f"{_CATEGORY}, defined values of the items")
CANONICAL = Rule(
    "asterix.field-specification", Layer.SCHEMA, f"{_PART_1}, field specification: no trailing empty octet"
)
CLAIM = Rule("asterix.claim", Layer.SCHEMA, f"{_CATEGORY}, edition")
NOT_THERE = Rule(
    "asterix.not-there", Layer.SCHEMA, "lab rule: a claim is tested on records of its category", Severity.UNKNOWN
)
LIMIT = Rule("asterix.limit", Layer.SEMANTIC, f"{_CATEGORY}, ranges; lab rule: widths that no aircraft leaves")
TIME = Rule("asterix.time-of-day", Layer.SEMANTIC, f"{_CATEGORY}, time of day: below 86,400 s")
BACKWARDS = Rule("asterix.backwards", Layer.EXCHANGE, "lab rule: the time of day of one source does not fall by 60 s")
RISK = Rule(
    "asterix.risk-length",
    Layer.DECODE,
    "EUROCONTROL-SPEC-0149-29, edition 1.2, I129/120: one octet by table 2 (5.3.1), three by its description (5.2.12)",
    Severity.WARNING,
)
REPORTED_MANDATORY = Rule(
    "asterix.reported-mandatory",
    Layer.SCHEMA,
    "EUROCONTROL-SPEC-0149-29, edition 1.2, as one public implementation reads it: I129/070, and 090 or 100, in every"
    " record",
    Severity.UNKNOWN,
)
WRAPPED = Rule(
    "asterix.wrapped",
    Layer.DECODE,
    "lab rule: data blocks stand alone in a datagram; here each has six octets before it that are not ASTERIX",
    Severity.WARNING,
)
RULES = (
    RISK,
    REPORTED_MANDATORY,
    WRAPPED,
    BROKEN_CAPTURE,
    FRAMING,
    MALFORMED,
    UNREAD,
    NO_SPECIFICATION,
    EMPTY,
    MANDATORY_ITEM,
    SPARE,
    TABLE,
    CANONICAL,
    CLAIM,
    NOT_THERE,
    LIMIT,
    TIME,
    BACKWARDS,
)

_DAY_S = 86_400
#: Blocks that no edition accepts; a recording with more of them is no ASTERIX, or its device is broken.
_MOST_REFUSED = 1_000


def examine(recordings: Sequence[Recording], claim: str | None, evidence: Evidence) -> None:
    accepted: dict[int, set[tuple[int, int]]] = {}
    clocks: dict[tuple[int, int], float] = {}
    for recording in recordings:
        for number, payload in enumerate(_payloads(recording, evidence), 1):
            place = Place(file=recording.name, message=number)
            try:
                for category, body in blocks(payload):
                    _block(category, body, place, evidence, accepted, clocks)
            except FramingError as error:
                evidence.find(FRAMING.id, place, str(error))
    evidence.seen |= {name(category, edition) for category, editions in accepted.items() for edition in editions}
    _claim(claim, accepted, Place(file=recordings[0].name), evidence)


def _payloads(recording: Recording, evidence: Evidence) -> Iterator[bytes]:
    if not captures.is_capture(recording.data):
        if recording.data:
            yield recording.data
        return
    try:
        for packet in captures.packets(recording.data):
            if (payload := captures.udp_payload(packet)) is not None:
                found = list(unwrapped(payload))
                if found != [payload]:
                    sentence = f"{len(found)} data blocks stand in a wrapper of six octets each."
                    evidence.find(WRAPPED.id, Place(file=recording.name), sentence)
                yield from found
    except captures.BrokenCaptureError as error:
        evidence.find(BROKEN_CAPTURE.id, Place(file=recording.name), str(error))


def _block(
    category: int,
    body: bytes,
    place: Place,
    evidence: Evidence,
    accepted: dict[int, set[tuple[int, int]]],
    clocks: dict[tuple[int, int], float],
) -> None:
    evidence.judged |= {Layer.DECODE}
    evidence.counts[f"CAT{category:03d}"] += 1
    if not is_known(category):
        sentence = f"Category {category} is not decoded here; decoded: {', '.join(f'{one:03d}' for one in EDITIONS)}."
        evidence.find(NO_SPECIFICATION.id, place, sentence)
        return
    if category == cat129.CATEGORY:
        _uas_report(body, place, evidence, accepted, clocks)
        return
    if evidence.found[MALFORMED.id] >= _MOST_REFUSED:
        evidence.find(UNREAD.id, place, f"After {_MOST_REFUSED} blocks that no edition accepts this one was not read.")
        return
    block = decode(category, body)
    accepted[category] = accepted.get(category, set(EDITIONS[category])) & set(block.editions)
    if not block.editions:
        sentence = f"No edition of category {category} accepts this block; the newest says: {block.refusal}."
        evidence.find(MALFORMED.id, place, sentence)
        return
    evidence.judged |= set(Layer)
    for record in block.records:
        evidence.counts["records"] += 1
        _record(block.category, record, place, evidence)
        _clock(category, record, place, evidence, clocks)


def _uas_report(
    body: bytes,
    place: Place,
    evidence: Evidence,
    accepted: dict[int, set[tuple[int, int]]],
    clocks: dict[tuple[int, int], float],
) -> None:
    accepted.setdefault(cat129.CATEGORY, set(EDITIONS[cat129.CATEGORY]))
    try:
        record = cat129.decode(body)
    except cat129.NotOfCategoryError as error:
        accepted[cat129.CATEGORY] = set()
        evidence.find(MALFORMED.id, place, f"Edition 1.2 of category 129 does not accept this block: {error}.")
        return
    evidence.judged |= set(Layer)
    evidence.counts["records"] += 1
    if "120" in record.items:
        told = "one octet, as the table of items says; its description says three"
        if record.risk_octets != 1:
            told = "three octets, as its description says; the table of items says one"
        evidence.find(RISK.id, place, f"Item 120 has {told}.")
    for rule, item, sentence in cat129.faults(record):
        evidence.find(f"asterix.{rule}", place.model_copy(update={"field": item}), sentence)
    report = record.report
    if report.source is not None and report.time_of_day_s is not None:
        _fallen(
            (cat129.CATEGORY, report.source[0] << 8 | report.source[1]), report.time_of_day_s, place, evidence, clocks
        )


def _record(category: int, record: Any, place: Place, evidence: Evidence) -> None:
    def find(rule: Rule, field: str, sentence: str) -> None:
        evidence.find(rule.id, Place.model_construct(file=place.file, message=place.message, field=field), sentence)

    items = record.items_regular
    if record.is_empty():
        evidence.find(EMPTY.id, place, f"A record of category {category} holds nothing.")
        return
    for item in MANDATORY[category]:
        if item not in items:
            find(MANDATORY_ITEM, item, f"Item {item} is mandatory in category {category} and is not there.")
    raw = record.unparse().to_bytes()
    specification = next(at for at, byte in enumerate(raw) if not byte & 1)
    if specification and raw[specification] == 0:
        evidence.find(CANONICAL.id, place, f"The field specification {raw[: specification + 1].hex()} ends empty.")
    for item, content in items.items():
        for path, leaf in leaves(item, content):
            for rule, sentence in _faults(category, path, leaf):
                find(rule, path, sentence)


def _faults(category: int, path: str, leaf: Any) -> Iterator[tuple[Rule, str]]:
    asked = _asked(category, path, type(leaf))
    if asked is None:
        return
    number = leaf.as_uint()
    if asked.spare:
        if number:
            yield SPARE, f"Spare bits are {number:b}."
        return
    if asked.defined is not None and number not in asked.defined:
        yield TABLE, f"{number} is not among the defined values {sorted(asked.defined)}."
    if asked.limit is not None:
        unit, low, high = asked.limit
        said = asked.content(leaf.bs).as_quantity(unit)
        if not low <= said <= high:
            yield LIMIT, f"{said:g} {unit} is outside {low:g} to {high:g}."
    if asked.time and number >= _DAY_S * 128:
        yield TIME, f"{number / 128:.1f} s is past the end of the day."


@dataclass(frozen=True)
class _Asked:
    """What the rules ask of one kind of element."""

    spare: bool = False
    content: Any = None
    defined: dict[int, str] | None = None
    limit: tuple[str, float, float] | None = None
    time: bool = False


@cache
def _asked(category: int, path: str, kind: Any) -> _Asked | None:
    from asterix import base

    if issubclass(kind, base.Spare):
        return _Asked(spare=True)
    if not issubclass(kind.cv_rule, base.RuleContentContextFree):
        return None  # its meaning hangs on another item, which the lab's tables do not follow
    content = kind.cv_rule.cv_content
    defined = content.cv_values if issubclass(content, base.ContentTable) else None
    limit, time = LIMITS.get((category, path)), path == TIME_OF_DAY.get(category)
    return _Asked(False, content, defined, limit, time) if defined is not None or limit or time else None


def _clock(category: int, record: Any, place: Place, evidence: Evidence, clocks: dict[tuple[int, int], float]) -> None:
    source, time = record.items_regular.get("010"), record.items_regular.get(TIME_OF_DAY.get(category, ""))
    if source is None or time is None:
        return
    _fallen((category, source.as_uint()), time.as_uint() / 128, place, evidence, clocks)


def _fallen(
    key: tuple[int, int], now: float, place: Place, evidence: Evidence, clocks: dict[tuple[int, int], float]
) -> None:
    sac, sic = divmod(key[1], 256)
    evidence.hear(f"CAT{key[0]:03d} {sac}/{sic}", "record", now, turn_s=_DAY_S)
    fell = clocks.get(key, now) - now
    if 60 < fell < _DAY_S / 2:  # more is midnight
        evidence.find(BACKWARDS.id, place, f"The time of source {sac}/{sic} fell by {fell:.1f} s.")
    clocks[key] = now


def _claim(claim: str | None, accepted: dict[int, set[tuple[int, int]]], place: Place, evidence: Evidence) -> None:
    if claim is None:
        return
    category = int(claim[3:6])
    if category not in accepted:
        evidence.find(NOT_THERE.id, place, f"Claimed {claim}; the recording holds no category {category}.")
    elif claim not in {name(category, edition) for edition in accepted[category]}:
        evidence.find(CLAIM.id, place, f"Claimed {claim}; that edition refuses blocks of the recording.")


STANDARD = Standard(
    name="asterix",
    title="ASTERIX surveillance data, categories " + ", ".join(f"{category:03d}" for category in EDITIONS),
    versions=NAMES,
    profile="producer of records",
    inputs="data blocks one after another, or pcap and pcapng of UDP",
    rules=RULES,
    packages=("libasterix",),
    layers=(Layer.DECODE, Layer.SCHEMA, Layer.SEMANTIC, Layer.EXCHANGE),
    examine=examine,
    least=Least(
        "EUROCONTROL-SPEC-0147 (ESASSP), measurement interval: at most 8 s, the slowest antenna for 5 NM separation;"
        " drone radars and trackers renew faster",
        seconds=8.0,
        messages=3,
    ),
    samples=samples,
    ceiling="records carry no checksum: a measured number may change into another possible number",
    captures=True,
    readings=readings.readings,
    second=(wireshark.DECODER, croatia_control.DECODER, item_table.DECODER),
    about=lambda claim, kind: claim.partition(" ")[0] == kind.partition(" ")[0],
)
