"""ASTERIX as Wireshark reads it: code of others in another language, run as the program ``tshark``.

The capture and the division into data blocks are ours: each block is handed over as one frame. Wireshark's tables are
made from the same public specification files as those of ``libasterix``: an error of these files would be in both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from xml.etree.ElementTree import Element  # types only

from skypact.conformance import tshark
from skypact.conformance.asterix.readings import DataBlock, data_blocks, editions, numbered, of_block
from skypact.conformance.second import Reading, SecondDecoder, Value
from skypact.conformance.standard import Recording

_FIELD = re.compile(r"asterix\.\d{3}_(?:V\d+_\d+_)?(\d{3}(?:_\w+)?)")
_KNOWN = re.compile(r"(\d{3})_V(\d+)_(\d+)_(\d{3}(?:_\w+)?)")
#: The one element of a repetition, which Wireshark names and the specification does not.
_RENAMED = {
    1: {"030/WE": "030", "130/IND": "130", "210/QI": "210"},
    2: {"050/SCS": "050", "060/SPM": "060", "080/WE": "080"},
    48: {"030/CODE": "030"},
}
#: What Wireshark 4.0 reads otherwise than the edition says, so that its word counts for nothing there.
NOT_COMPARED = {
    (34, "120/HGT"): "a height below the sea is read as one of more than 32 km",
    (48, "090/FL"): "a flight level below zero is read as one of more than 3,000 (as editions before 1.32 had it)",
    (48, "020/ADSB"): "two elements are read as one number",
    (48, "020/SCN"): "two elements are read as one number",
    (48, "020/PAI"): "two elements are read as one number",
}


def read(recordings: Sequence[Recording]) -> Iterator[Reading]:
    """A reading for each record of a data block that the dissector does not mark as malformed."""
    for frame, block, edition in _dissected(recordings):
        if not frame.malformed:
            messages = [one for part in frame.parts for one in part if one.get("name") == "asterix.message"]
            yield from of_block(block, edition, [_values(block.category, one) for one in messages])


def malformed(recordings: Sequence[Recording]) -> Iterator[DataBlock]:
    """The data blocks that the dissector marks as malformed. Raises ``UnfinishedError``."""
    return (block for frame, block, _ in _dissected(recordings) if frame.malformed)


def _dissected(recordings: Sequence[Recording]) -> Iterator[tuple[tshark.Frame, DataBlock, tuple[int, int]]]:
    chosen = {category: edition for category, edition in editions(recordings).items() if _nearest(category, edition)}
    preferences = []
    for category, edition in sorted(chosen.items()):
        major, minor = _nearest(category, edition) or edition
        preferences.append(f"asterix.i{category:03d}_version:Version {major}.{minor}")
    handed = [one for one in data_blocks(recordings) if one.category in chosen]
    frames = tshark.dissect("asterix", (one.whole for one in handed), preferences)
    for frame, block in zip(frames, handed, strict=False):
        yield frame, block, chosen[block.category]


def knows(kind: str, field: str) -> bool:
    """Whether the dissector has the category in an edition near enough, and the field in it."""
    found = _KIND.fullmatch(kind)
    if found is None:
        return False
    category, edition = int(found[1]), (int(found[2]), int(found[3]))
    nearest = _nearest(category, edition)
    if nearest is None or not field:
        return nearest is not None
    path = _NUMBER.sub("", field)
    return path in known()[category][nearest] and (category, path) not in NOT_COMPARED


#: Blocks with tracks are read by the profile of plots; composed track numbers are called malformed.
_KIND = re.compile(r"CAT(\d{3}) (\d+)\.(\d+)")
_NUMBER = re.compile(r" \d+$")


def _values(category: int, message: Element) -> dict[str, Value]:
    leaves = (leaf for leaf in message.iter("field") if not len(leaf))
    return numbered((path, _value(leaf)) for leaf in leaves if (path := _path(category, leaf.get("name", ""))))


def _path(category: int, name: str) -> str:
    """``040/RHO`` for ``asterix.048_040_RHO``; nothing for what is no element of an item."""
    found = _FIELD.fullmatch(name)
    return _spelt(category, found[1]) if found else ""


def _spelt(category: int, name: str) -> str:
    path = name.removesuffix("_VALUE").replace("_", "/")
    return _RENAMED.get(category, {}).get(path, path)


def _value(leaf: Element) -> Value:
    said, form = leaf.get("show", ""), tshark.fields("asterix")[leaf.get("name", "").removeprefix("asterix.")]
    if form in ("FT_DOUBLE", "FT_FLOAT"):
        return tshark.real(said)
    if form != "FT_STRING":
        return tshark.number(said)
    if not said or "\\" in said or "\ufffd" in said:  # not printable: the octets themselves
        said = bytes.fromhex(leaf.get("value", "")).decode("latin-1")
    return said.strip()


@cache
def known() -> dict[int, dict[tuple[int, int], set[str]]]:
    """Category -> edition -> paths of its elements."""
    found: dict[int, dict[tuple[int, int], set[str]]] = {}
    for name in tshark.fields("asterix"):
        if one := _KNOWN.fullmatch(name):
            of_edition = found.setdefault(int(one[1]), {}).setdefault((int(one[2]), int(one[3])), set())
            of_edition.add(_spelt(int(one[1]), one[4]))
    return found


def _nearest(category: int, edition: tuple[int, int]) -> tuple[int, int] | None:
    """The edition to dissect by: the newest that is not newer, else the oldest, with the same first number."""
    there = [one for one in known().get(category, {}) if one[0] == edition[0]]
    return max((one for one in there if one <= edition), default=min(there, default=None))


DECODER = SecondDecoder(
    name="tshark",
    version=tshark.version,
    whose="Wireshark's dissector, code of others in C; its tables come from the same public specification files.",
    read=read,
    knows=knows,
)
