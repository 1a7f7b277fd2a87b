"""A vehicle of our own making: autopilot, smart battery and Remote ID transmitter over five seconds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from skypact.conformance.mavlink.definitions import BY_NAME, LAYOUTS, Value
from skypact.conformance.mavlink.frames import frame_bytes
from skypact.conformance.mavlink.values import CODES, LIMITS
from skypact.conformance.standard import Sample, Variant

_START_US = 1_772_445_600 * 10**6
AUTOPILOT, BATTERY, TRANSMITTER = 1, 180, 236
_UNUSED = 0xFFFF
_MILLIVOLTS = (3_912, 3_910, 3_915, 3_911, 3_913, 3_912)


@dataclass(frozen=True)
class Sent:
    """One message before it is numbered and summed."""

    at_s: float
    component: int
    name: str
    values: dict[str, Value]
    version: int = 2
    system: int = 1
    incompatible: int = 0
    cut: int = 0
    """Bytes that the payload lacks at its end."""


def heartbeat(kind: int, autopilot: int) -> dict[str, Value]:
    return {"type": kind, "autopilot": autopilot, "base_mode": 0x51, "system_status": 4, "mavlink_version": 3}


def battery_status(second: int) -> dict[str, Value]:
    return {
        "id": 0,
        "battery_function": 1,
        "type": 1,
        "temperature": 2_410,
        "voltages": (*_MILLIVOLTS, *(_UNUSED,) * 4),
        "current_battery": 1_250 + second,
        "current_consumed": 310 + 4 * second,
        "energy_consumed": 260,
        "battery_remaining": 81,
        "time_remaining": 960,
        "charge_state": 1,
    }


def battery_info() -> dict[str, Value]:
    return {
        "id": 0,
        "battery_function": 1,
        "type": 1,
        "state_of_health": 97,
        "cells_in_series": 6,
        "cycle_count": 41,
        "weight": 820,
        "discharge_minimum_voltage": 3.25,
        "charging_minimum_voltage": 2.5,
        "resting_minimum_voltage": 3.5,
        "charging_maximum_voltage": 4.25,
        "charging_maximum_current": 10.0,
        "nominal_voltage": 22.25,
        "discharge_maximum_current": 80.0,
        "discharge_maximum_burst_current": 120.0,
        "design_capacity": 5.5,
        "full_charge_capacity": 5.25,
        "manufacture_date": b"02032026",
        "serial_number": b"SYN-0007",
        "name": b"SYN_Pack-6S",
    }


def smart_battery_info() -> dict[str, Value]:
    return {
        "id": 0,
        "battery_function": 1,
        "type": 1,
        "capacity_full_specification": 5_500,
        "capacity_full": 5_250,
        "cycle_count": 41,
        "serial_number": b"SYN-0007",
        "device_name": b"SYN_Pack-6S",
        "weight": 820,
        "discharge_minimum_voltage": 3_250,
        "charging_minimum_voltage": 2_500,
        "resting_minimum_voltage": 3_500,
        "charging_maximum_voltage": 4_250,
        "cells_in_series": 6,
        "discharge_maximum_current": 80_000,
        "discharge_maximum_burst_current": 120_000,
        "manufacture_date": b"02/03/2026",
    }


def drone_id(second: int) -> list[tuple[str, dict[str, Value]]]:
    return [
        (
            "OPEN_DRONE_ID_BASIC_ID",
            {"id_type": 1, "ua_type": 2, "uas_id": tuple(b"SYN1F123456789ABCDEF")},
        ),
        (
            "OPEN_DRONE_ID_LOCATION",
            {
                "status": 2,
                "direction": 9_000,
                "speed_horizontal": 900,
                "latitude": 375_431_000,
                "longitude": 1_270_212_000 + 1_000 * second,
                "altitude_barometric": 160.0,
                "altitude_geodetic": 164.0,
                "height": 120.0,
                "horizontal_accuracy": 11,
                "vertical_accuracy": 5,
                "barometer_accuracy": 5,
                "speed_accuracy": 4,
                "timestamp": 1.0 * second,
                "timestamp_accuracy": 1,
            },
        ),
        (
            "OPEN_DRONE_ID_SYSTEM",
            {
                "operator_location_type": 1,
                "operator_latitude": 375_430_000,
                "operator_longitude": 1_270_210_000,
                "area_count": 1,
                "area_ceiling": -1_000.0,
                "area_floor": -1_000.0,
                "operator_altitude_geo": 44.0,
                "timestamp": 225_936_000 + second,
            },
        ),
        ("OPEN_DRONE_ID_OPERATOR_ID", {"operator_id": b"SYN-OP-0001"}),
        ("OPEN_DRONE_ID_SELF_ID", {"description": b"Survey flight"}),
        ("OPEN_DRONE_ID_ARM_STATUS", {"status": 0}),
    ]


def flight() -> list[Sent]:
    sent = []
    for second in range(5):
        at = float(second)
        sent += [
            Sent(at, AUTOPILOT, "HEARTBEAT", heartbeat(2, 3)),
            Sent(at, BATTERY, "HEARTBEAT", heartbeat(36, 8)),
            Sent(at, TRANSMITTER, "HEARTBEAT", heartbeat(34, 8)),
            Sent(at + 0.2, BATTERY, "BATTERY_STATUS", battery_status(second)),
        ]
        sent += [Sent(at + 0.4, TRANSMITTER, name, values) for name, values in drone_id(second)]
    sent += [
        Sent(4.6, BATTERY, "SMART_BATTERY_INFO", smart_battery_info()),
        Sent(4.6, BATTERY, "BATTERY_INFO", battery_info()),
    ]
    return sent


def old_flight() -> list[Sent]:
    """Version 1 over a serial line."""
    sent = []
    for second in range(4):
        at = float(second)
        sent += [
            Sent(at, AUTOPILOT, "HEARTBEAT", heartbeat(2, 3), version=1),
            Sent(at + 0.2, AUTOPILOT, "BATTERY_STATUS", battery_status(second), version=1),
        ]
    return sent


def telemetry() -> list[Sent]:
    """What an autopilot says of itself and of where it is."""
    sent = []
    for second in range(4):
        at, east = float(second), 1_000 * second
        place: dict[str, Value] = {"lat": 375_431_000, "lon": 1_270_212_000 + east, "alt": 164_000}
        gps = {"fix_type": 3, "eph": 90, "epv": 130, "vel": 880, "cog": 9_000, "satellites_visible": 14}
        gps |= {"time_usec": _START_US + second * 1_000_000, "alt_ellipsoid": 187_000, "h_acc": 1_500, "yaw": 9_010}
        own = {"time_boot_ms": 120_000 + 1_000 * second, "relative_alt": 60_000, "vx": 3, "vy": 880, "hdg": 9_010}
        state: dict[str, Value] = {"load": 410, "voltage_battery": 23_500, "current_battery": 1_250}
        state |= {"battery_remaining": 81, "drop_rate_comm": 20}
        sent += [
            Sent(at, AUTOPILOT, "HEARTBEAT", heartbeat(2, 3)),
            Sent(at + 0.1, AUTOPILOT, "SYS_STATUS", state),
            Sent(at + 0.2, AUTOPILOT, "GPS_RAW_INT", place | gps),
            Sent(at + 0.3, AUTOPILOT, "GLOBAL_POSITION_INT", place | own),
        ]
    return sent


def frames(messages: Iterable[Sent]) -> list[tuple[float, bytes]]:
    """Numbered, summed and timed."""
    made = []
    numbers: dict[tuple[int, int], int] = {}
    for one in messages:
        layout = LAYOUTS[BY_NAME[one.name]]
        payload = layout.encode(one.values)
        if one.version == 1:
            payload = payload[: layout.size - sum(field.size for field in layout.extensions)]
        sequence = numbers.get((one.system, one.component), 250)
        numbers[one.system, one.component] = (sequence + 1) % 256
        frame = frame_bytes(
            BY_NAME[one.name],
            payload[: len(payload) - one.cut],
            sequence=sequence,
            system=one.system,
            component=one.component,
            version=one.version,
            incompatible=one.incompatible,
        )
        made.append((one.at_s, frame))
    return made


def log(timed: Iterable[tuple[float, bytes]]) -> bytes:
    """A telemetry log: eight bytes of microseconds, then the frame."""
    return b"".join((_START_US + round(at_s * 1e6)).to_bytes(8, "big") + frame for at_s, frame in timed)


def samples() -> Sequence[Sample]:
    made = [(flight, "MAVLink 2"), (old_flight, "MAVLink 1"), (telemetry, "MAVLink 2")]
    return [
        Sample(
            log(frames(sent())),
            carried=tuple({frame for _, frame in frames(sent())}),
            claim=claim,
            variants=lambda sent=sent: _variants(sent),
        )
        for sent, claim in made
    ]


def _variants(sent: Callable[[], list[Sent]]) -> Iterator[Variant]:
    messages = sent()
    seen: set[str] = set()
    for at, one in enumerate(messages):
        if one.name in seen:
            continue
        seen.add(one.name)
        for what, values, allowed in _changed(one):
            changed = [*messages[:at], replace(one, values=values), *messages[at + 1 :]]
            yield Variant(f"{one.name}.{what}", log(frames(changed)), allowed)
        others = [
            ("from system 0", replace(one, system=0)),
            ("from component 0", replace(one, component=0)),
            ("with an undefined flag", replace(one, incompatible=0x02))
            if one.version == 2
            else ("cut by a byte", replace(one, cut=1)),
        ]
        if BY_NAME[one.name] < 256:  # version 1 has one byte for it
            others.append(("of the other version", replace(one, version=3 - one.version)))
        for what, other in others:
            changed = [*messages[:at], other, *messages[at + 1 :]]
            yield Variant(f"{one.name} {what}", log(frames(changed)))
    yield from _link_variants(messages)


def _changed(one: Sent) -> Iterator[tuple[str, dict[str, Value], bool]]:
    """(what, values, whether the definitions allow it)."""
    layout = LAYOUTS[BY_NAME[one.name]]
    widths = {"b": (-128, 127), "B": (0, 255), "h": (-(2**15), 2**15 - 1), "H": (0, 0xFFFF)}
    widths |= {"i": (-(2**31), 2**31 - 1), "I": (0, 2**32 - 1), "f": (-3e38, 3e38)}
    kinds = {"int8_t": "b", "uint8_t": "B", "int16_t": "h", "uint16_t": "H", "int32_t": "i", "uint32_t": "I"}
    sent = layout.sent if one.version == 2 else tuple(set(layout.sent) - set(layout.extensions))
    for field in sorted(sent, key=lambda field: field.name):
        if field.name in (known := CODES.get(one.name, {})):
            for code in {known[field.name].stop, 200, known[field.name].start - 1} & set(range(256)):
                if code not in known[field.name]:
                    yield f"{field.name} {code}", one.values | {field.name: code}, False
        if field.name in (bounds := LIMITS.get(one.name, {})):
            low, high, unknown = bounds[field.name]
            least, most = widths[kinds.get(field.type, "f")]
            for value in (low - 1, high + 1, least, most):
                whole = float(value) if field.type == "float" else int(value)
                if least <= whole <= most and whole not in unknown and not low <= whole <= high:
                    yield f"{field.name} {whole:g}", one.values | {field.name: whole}, False
            for mark in unknown:
                value = float(mark) if field.type == "float" else int(mark)
                yield f"{field.name} unknown", one.values | {field.name: value}, True
        if field.type == "char":
            yield f"{field.name} not ASCII", one.values | {field.name: b"\xc3\xa9"}, False
            yield f"{field.name} after NUL", one.values | {field.name: b"a\0b"}, False
            yield f"{field.name} empty", one.values | {field.name: b""}, True
    if one.name == "HEARTBEAT":
        yield "a ground station with an autopilot", one.values | {"type": 6}, False
    if one.name == "BATTERY_STATUS":
        holes = (3_912, _UNUSED, *(3_912,) * 5, *(_UNUSED,) * 3)
        yield "voltages with a hole", one.values | {"voltages": holes}, False
        yield "voltages in volts", one.values | {"voltages": (4,) * 6 + (_UNUSED,) * 4}, False


def _link_variants(messages: list[Sent]) -> Iterator[Variant]:
    timed = frames(messages)
    for at in range(1, len(messages)):
        twice = [*timed[: at + 1], timed[at], *timed[at + 1 :]]
        yield Variant(f"frame {at} twice", log(twice))
        yield Variant(f"frame {at} lost", log([*timed[:at], *timed[at + 1 :]]), True)
    for component in sorted({one.component for one in messages}):
        silent = [one for one in messages if (one.component, one.name) != (component, "HEARTBEAT")]
        if any(one.component == component for one in silent):
            yield Variant(f"component {component} without heartbeat", log(frames(silent)))
        own = [at for at, one in enumerate(messages) if one.component == component]
        swapped = list(timed)
        swapped[own[0]], swapped[own[1]] = (timed[own[0]][0], timed[own[1]][1]), (timed[own[1]][0], timed[own[0]][1])
        yield Variant(f"component {component} out of order", log(swapped))
    late = [(at_s + (20 if at_s >= 3 else 0), frame) for at_s, frame in timed]
    yield Variant("silence of 20 s", log(late))
    yield Variant("times run back", log([*timed[1:], timed[0]]))
    yield Variant("an hour in one moment", log((0.0, frame) for _, frame in timed))
