"""What a recording holds, item by item, as ``libasterix`` reads it: for comparison with other decoders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from skypact.conformance import captures
from skypact.conformance.asterix import cat129
from skypact.conformance.asterix.editions import EDITIONS, name
from skypact.conformance.asterix.records import FramingError, blocks, decode, leaves, parse, unwrapped
from skypact.conformance.second import Reading, Value
from skypact.conformance.standard import Recording

_PLOTS_AND_TRACKS, _FUSED_TRACKS = 1, 62
#: What stands behind the kind of a block that holds one.
TRACKS, COMPOSED = " with tracks", " with composed track numbers"
#: Data blocks of a category by which its edition is settled.
_TELLING = 100


@dataclass(frozen=True)
class DataBlock:
    file: str
    message: int
    category: int
    body: bytes

    @property
    def whole(self) -> bytes:
        """With its category and length."""
        return bytes([self.category]) + (len(self.body) + 3).to_bytes(2, "big") + self.body


def data_blocks(recordings: Sequence[Recording]) -> Iterator[DataBlock]:
    """Every data block, up to the place where a recording breaks."""
    for recording in recordings:
        for number, payload in enumerate(_payloads(recording.data), 1):
            try:
                for category, body in blocks(payload):
                    yield DataBlock(recording.name, number, category, body)
            except FramingError:
                continue


def _payloads(data: bytes) -> Iterator[bytes]:
    if not captures.is_capture(data):
        yield data
        return
    for payload in captures.payloads(data):
        yield from unwrapped(payload)


def editions(recordings: Sequence[Recording]) -> dict[int, tuple[int, int]]:
    """The newest edition of each category under which its first data blocks parse, those that parse at all: decoders
    can be compared under one edition only."""
    common: dict[int, set[tuple[int, int]]] = {}
    for category in {one.category for one in data_blocks(recordings)} & EDITIONS.keys() - {cat129.CATEGORY}:
        of_it = (one for one in data_blocks(recordings) if one.category == category)
        for one in islice(of_it, _TELLING):
            accepted = set(decode(category, one.body).editions) or set(EDITIONS[category])
            common[category] = common.get(category, set(EDITIONS[category])) & accepted or common[category]
    return {category: max(found) for category, found in common.items()}


def readings(recordings: Sequence[Recording]) -> Iterator[Reading]:
    """A reading for each record of a data block that parses to its last bit."""
    chosen = editions(recordings)
    for one in data_blocks(recordings):
        if one.category == cat129.CATEGORY:
            yield from _uas_report(one)
        elif one.category in chosen:
            records = [_values(record) for record in parse(one.category, chosen[one.category], one.body)]
            yield from of_block(one, chosen[one.category], records)


def of_block(block: DataBlock, edition: tuple[int, int], records: Sequence[Mapping[str, Value]]) -> Iterator[Reading]:
    """Readings of the records of a block, of a kind such as ``CAT048 1.31``. Blocks that some decoders are known to
    read wrongly are of a kind of their own."""
    kind = name(block.category, edition)
    if block.category == _PLOTS_AND_TRACKS and any(one.get("020/TYP") == 1 for one in records):
        kind += TRACKS
    if block.category == _FUSED_TRACKS and any(path.startswith("510/") for one in records for path in one):
        kind += COMPOSED
    for one in records:
        yield Reading(block.file, block.message, kind, one)


def _uas_report(block: DataBlock) -> Iterator[Reading]:
    try:
        said = cat129.decode(block.body).report
    except cat129.NotOfCategoryError:
        return
    values: dict[str, Value | None] = {
        "010/SAC": said.source and said.source[0],
        "010/SIC": said.source and said.source[1],
        "015/SAC": said.destination and said.destination[0],
        "015/SIC": said.destination and said.destination[1],
        "020": said.manufacturer,
        "030": said.model,
        "040": said.serial_number and said.serial_number.hex(),
        "050": said.country,
        "070": said.time_of_day_s,
        "080/LAT": said.latitude_deg,
        "080/LON": said.longitude_deg,
        "090": said.altitude_amsl_m,
        "100": said.altitude_agl_m,
        "110": said.position_accuracy_m,
        **{f"120/{part}": said.risk and said.risk[at] for at, part in enumerate(("CERT", "AIR", "ENC"))},
        "185/EAST": said.east_m_s,
        "185/NORTH": said.north_m_s,
        "220": said.climb_m_s,
    }
    kept = {path: value for path, value in values.items() if value is not None}
    yield Reading(block.file, block.message, name(block.category, EDITIONS[block.category][0]), kept)


def _values(record: Any) -> dict[str, Value]:
    from asterix import base

    pairs = (
        (path, _value(leaf))
        for item, content in record.items_regular.items()
        for path, leaf in leaves(item, content)
        if not isinstance(leaf, base.Spare)
    )
    return numbered(pairs)


def _value(leaf: Any) -> Value:
    """A text, a number in the item's unit, or a code; what hangs on another item stays the number that is sent."""
    from asterix import base

    rule = type(leaf).cv_rule
    content = rule.cv_content(leaf.bs) if issubclass(rule, base.RuleContentContextFree) else None
    if isinstance(content, base.ContentString) and content.cv_string_type is not base.StringOctal:
        return content.as_string().strip()
    if isinstance(content, base.ContentQuantity):
        return float(content.as_quantity(content.cv_unit))
    if isinstance(content, base.ContentInteger):
        return int(content.as_integer())
    return int(leaf.as_uint())


def numbered(pairs: Iterable[tuple[str, Value]]) -> dict[str, Value]:
    """Values by path; those of a repetition after the first have their number behind the path, as in ``250/BDS1 2``."""
    found: dict[str, Value] = {}
    times: dict[str, int] = {}
    for path, value in pairs:
        times[path] = times.get(path, 0) + 1
        found[path if times[path] == 1 else f"{path} {times[path]}"] = value
    return found
