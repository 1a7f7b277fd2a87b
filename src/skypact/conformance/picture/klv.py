"""MISB ST 0601: the platform is seen where its sensor says that it is itself.

Where the sensor looks is no look at an aircraft: the centre of the frame and the target location are places where the
line of sight meets the ground. They are counted, and become nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from skypact.conformance.klv.packets import Other, Packet, checksum
from skypact.conformance.klv.packets import read as packets
from skypact.conformance.klv.tags import CHECKSUM, TAGS, TIME, value
from skypact.conformance.picture.observation import Gathered, Observation
from skypact.conformance.picture.reading import Reading, parts

FORMAT = "MISB ST 0601"
_LATITUDE, _LONGITUDE, _SEA, _ELLIPSOID = 13, 14, 15, 75
_FRAME_CENTRE, _TARGET = 23, 40
_CALL_SIGN, _TAIL_NUMBER = 59, 4


def read(data: bytes, label: str, reading: Reading, into: Gathered) -> None:
    source = f"KLV {label}"
    into.formats[source] = FORMAT
    for part, arrival_s in parts(data, source, into):
        take(part, arrival_s, source, reading, into)


def take(data: bytes, arrival_s: float | None, source: str, reading: Reading, into: Gathered) -> None:
    """Reads the packets that arrived together."""
    for packet in packets(data):
        if isinstance(packet, str):
            into.leave_out(source, "bytes that are no packet of ST 0601")
        elif isinstance(packet, Other):
            into.leave_out(source, "a set of another standard")
        elif not _intact(packet):
            into.leave_out(source, "a packet whose checksum is wrong")
        else:
            _packet(source, dict(packet.items), arrival_s, reading, into)


def _intact(packet: Packet) -> bool:
    return int.from_bytes(dict(packet.items).get(CHECKSUM, b""), "big") == checksum(packet.raw)


def _packet(source: str, items: Mapping[int, bytes], arrival_s: float | None, reading: Reading, into: Gathered) -> None:
    for tag, what in ((_FRAME_CENTRE, "the centre of a frame"), (_TARGET, "a target location")):
        if tag in items:
            into.leave_out(source, f"{what}: where the line of sight meets the ground, not an aircraft")
    latitude, longitude = _number(items, _LATITUDE), _number(items, _LONGITUDE)
    if len(items.get(TIME, b"")) != TAGS[TIME].length:
        into.leave_out(source, "no time")
    elif latitude is None or longitude is None:
        into.leave_out(source, "no position of the sensor")
    else:
        height_m = _number(items, _ELLIPSOID)
        name = items.get(_TAIL_NUMBER) or items.get(_CALL_SIGN)
        into.observations.append(
            Observation(
                source=source,
                time_s=int.from_bytes(items[TIME], "big") / 1e6,
                longitude_deg=longitude,
                latitude_deg=latitude,
                height_m=height_m if height_m is not None else reading.above_ellipsoid(_number(items, _SEA)),
                identity=None if name is None else name.decode("utf-8", "replace"),
                number="platform",
                arrival_s=arrival_s,
            )
        )


def _number(items: Mapping[int, bytes], tag: int) -> float | None:
    """``None`` for an item that is not there, has another length, or is marked as out of range."""
    raw = items.get(tag, b"")
    found = value(TAGS[tag], raw) if len(raw) == TAGS[tag].length else None
    return found if isinstance(found, float) else None
