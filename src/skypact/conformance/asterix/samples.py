"""Data blocks of our own making: one radar turns, marks north and sectors, sees a plot and a tracker sees its track."""

from __future__ import annotations

from collections.abc import Sequence

from skypact.conformance.asterix.records import specifications
from skypact.conformance.standard import Sample


def block(category: int, *records: dict) -> bytes:
    """A data block of the newest edition."""
    newest = specifications(category)[0]
    made = newest.create([newest.cv_uap.cv_record.create(record) for record in records])
    return made.unparse().to_bytes()


def marker(second: float, kind: int = 1) -> dict:
    return {"000": kind, "010": (("SAC", 25), ("SIC", 201)), "030": (second, "s")}


def plot(second: float) -> dict:
    return {
        "010": (("SAC", 25), ("SIC", 201)),
        "020": ((1, 0, 0, 0, 0, None),),
        "040": (("RHO", (10.0, "NM")), ("THETA", (45.0, "°"))),
        "140": (second, "s"),
        "090": (0, 0, ("FL", (12.0, "FL"))),
    }


def track(second: float) -> dict:
    return {
        "010": (("SAC", 25), ("SIC", 202)),
        "040": 7,
        "070": (second, "s"),
        "080": ((1, 0, 0, 0, 0, None),),
        "105": (("LAT", (37.5431, "°")), ("LON", (127.0212, "°"))),
        "185": (("VX", (8.75, "m/s")), ("VY", (0.0, "m/s"))),
    }


def stream() -> bytes:
    made = b""
    for turn in range(3):
        second = 36_000.0 + 4 * turn
        made += block(34, marker(second)) + block(48, plot(second + 0.5)) + block(62, track(second + 1))
    return made


def _items(made: bytes) -> bytes:
    """The items of a block of one record: what follows its field specification."""
    specification = next(at for at in range(3, len(made)) if not made[at] & 1)
    return made[specification + 1 :]


def samples() -> Sequence[Sample]:
    data = stream()
    blocks = []
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at + 1 : at + 3], "big")
        blocks.append(data[at : at + length])
        at += length
    return [Sample(data, open=tuple(_items(made) for made in blocks))]
