"""Data blocks of our own making: one radar turns, marks north and sectors, sees a plot and a tracker sees its track."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from skypact.conformance.asterix import cat129
from skypact.conformance.asterix.editions import MANDATORY
from skypact.conformance.asterix.records import specifications
from skypact.conformance.standard import Sample, Variant


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


def drone(second: float) -> cat129.Report:
    return cat129.Report(
        source=(25, 203),
        manufacturer="SYN",
        model="R1 ",
        serial_number=b"SYN1F1234567",
        country="KR",
        time_of_day_s=second,
        latitude_deg=37.5431,
        longitude_deg=127.0212,
        altitude_amsl_m=164.0,
        altitude_agl_m=120.0,
        position_accuracy_m=3,
        east_m_s=8.8,
        north_m_s=0.0,
        climb_m_s=0.5,
    )


def stream() -> bytes:
    made = b""
    for turn in range(3):
        second = 36_000.0 + 4 * turn
        made += block(34, marker(second)) + block(48, plot(second + 0.5)) + block(62, track(second + 1))
        made += cat129.encode(drone(second + 1.5))
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
    return [Sample(data, open=tuple(_items(made) for made in blocks), variants=_variants)]


def _variants() -> Iterator[Variant]:
    at = 36_000.0
    rest = stream()
    records = {34: marker(at), 48: plot(at + 0.5), 62: track(at + 1)}
    for category, record in records.items():
        for item in record:
            left = {name: value for name, value in record.items() if name != item}
            yield Variant(f"{category} without {item}", block(category, left) + rest, item not in MANDATORY[category])
    wrong: list[tuple[int, dict]] = [
        *((34, {"000": kind}) for kind in (0, 9, 200, 255)),
        *((34, {"030": raw}) for raw in (86_400 * 128, 2**24 - 1)),
        *((48, {"140": raw}) for raw in (86_400 * 128, 2**24 - 1)),
        *((48, {"090": (0, 0, raw)}) for raw in (-1_000, 7_000)),
        *((62, {"070": raw}) for raw in (86_400 * 128, 2**24 - 1)),
        *((62, {"105": (("LAT", raw), ("LON", 0))}) for raw in (2**29, -(2**29), 2**31 - 1)),
        *((62, {"105": (("LAT", 0), ("LON", raw))}) for raw in (2**30, -(2**31), 2**31 - 1)),
        *((62, {"185": (("VX", raw), ("VY", 0))}) for raw in (20_000, -20_000)),
    ]
    for category, change in wrong:
        yield Variant(f"{category} {change}", block(category, records[category] | change) + rest)
    yield from _drone_variants(drone(at + 1.5), rest)
    yield Variant("34 twice at once", rest[:10] + rest, True)
    yield Variant("an hour back", rest + block(34, marker(at - 3_600)))
    yield Variant("an hour ahead", block(34, marker(at + 3_600)) + rest)


def _drone_variants(report: cat129.Report, rest: bytes) -> Iterator[Variant]:
    gone = {"source": False, "country": False, "manufacturer": True, "serial_number": True, "altitude_amsl_m": True}
    for name, allowed in gone.items():
        yield Variant(f"129 without {name}", cat129.encode(replace(report, **{name: None})) + rest, allowed)
    nowhere = replace(report, latitude_deg=None, longitude_deg=None)
    yield Variant("129 without position", cat129.encode(nowhere) + rest)
    wrong: list[tuple[str, object]] = [
        ("country", "ZZ"),
        ("country", "kr"),
        ("altitude_amsl_m", 50_000.0),
        ("altitude_amsl_m", -2_000.0),
        ("altitude_agl_m", 50_000.0),
        ("east_m_s", 400.0),
        ("north_m_s", -400.0),
        ("climb_m_s", 200.0),
    ]
    for name, value in wrong:
        yield Variant(f"129 {name} {value}", cat129.encode(replace(report, **{name: value})) + rest)
    made = cat129.encode(report)
    for octet in range(4):  # latitude and longitude beyond the globe
        at = made.index((round(37.5431 / cat129.POSITION_LSB_DEG)).to_bytes(4, "big")) + octet
        changed = made[:at] + b"\x7f" + made[at + 1 :]
        yield Variant(f"129 position octet {octet}", changed + rest, octet > 0)
    yield Variant("129 two records", made[:1] + (2 * len(made) - 3).to_bytes(2, "big") + made[3:] * 2 + rest)
    yield Variant("129 reserved field", made[:5] + bytes([made[5] | 2]) + made[6:] + rest)
