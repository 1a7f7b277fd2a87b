"""Three answers of a service provider about one flight, and the flight's details."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

from skypact.conformance.standard import Sample, Variant
from skypact.conformance.variants import of_json

FLIGHT = "5f3a1c0e-SYN-FLIGHT-7"


def _time(said: str) -> dict[str, str]:
    return {"value": said, "format": "RFC3339"}


def answer(second: int) -> dict[str, Any]:
    """A response to GET flights."""
    state = {
        "timestamp": _time(f"2026-03-02T10:00:{second:02d}.5Z"),
        "timestamp_accuracy": 0.5,
        "operational_status": "Airborne",
        "position": {
            "lat": 37.5431,
            "lng": 127.0212 + second * 1e-4,
            "alt": 164.0,
            "accuracy_h": "HA3m",
            "accuracy_v": "VA10m",
            "height": {"distance": 120.0, "reference": "TakeoffLocation"},
        },
        "track": 90.0,
        "speed": 9.0,
        "speed_accuracy": "SA1mps",
        "vertical_speed": 0.5,
    }
    flight = {"id": FLIGHT, "aircraft_type": "Helicopter", "current_state": state}
    return {"timestamp": _time(f"2026-03-02T10:00:{second + 1:02d}.0Z"), "flights": [flight]}


def details() -> dict[str, Any]:
    """A response to GET flight details."""
    return {
        "details": {
            "id": FLIGHT,
            "uas_id": {"serial_number": "SYN1F123456789ABCDEF"},
            "operator_id": "SYN-OP-0001",
            "operator_location": {"position": {"lat": 37.543, "lng": 127.021}},
            "operation_description": "Survey flight",
        }
    }


def session() -> list[dict[str, Any]]:
    return [answer(10), answer(11), details(), answer(12)]


def stream(documents: Sequence[Any]) -> bytes:
    return b"\n".join(json.dumps(one, separators=(",", ":")).encode() for one in documents)


#: Values of a field that no row allows.
WRONG: dict[str, list[Any]] = {
    "lat": [90.5, -91, "37", True, None],
    "lng": [180.5, -181, "127"],
    "alt": [-1_000.5, 40_000, "164"],
    "distance": [-1_001, 40_000],
    "reference": ["WRONG", "", "takeofflocation"],
    "accuracy_h": ["WRONG", "", 3],
    "accuracy_v": ["WRONG", "HA3m"],
    "speed_accuracy": ["WRONG", ""],
    "operational_status": ["WRONG", 2],
    "aircraft_type": ["WRONG", "", 2],
    "track": [-0.5, 360, 362, "90"],
    "speed": [-0.25, 254.5, 300],
    "vertical_speed": [-62.5, 63.5, 1e33],
    "timestamp_accuracy": [-0.1, 1e9],
    "timestamp": ["42", 42, None, "2026-13-02T10:00:00Z"],
    "value": ["42", "", 42, "2026-03-02 10:00:00Z", "2026-03-02T10:00:00+09:00", "1999-03-02T10:00:00Z"],
    "format": ["ISO", ""],
    "id": ["", "a/b", 7, "another"],
    "serial_number": ["WRONG", "SYN1E123456789ABCDEF", "", 7],
    "operator_id": ["\u00e9", 7],
    "flights": [[], None],
    "current_state": [None, 7],
    "details": [None, 7],
}


def _allowed(path: str, what: str) -> bool:
    # The description is free; operator and area are optional; a definition may grow.
    optional = ("operation_description", "operator_id", "operator_location")
    if what == "as 'another'":
        return path == "flights.id"  # one flight more
    return what == "with an unknown field" or (what == "left out" and path.rpartition(".")[2] in optional)


def _variants() -> Iterator[Variant]:
    yield from of_json(session(), stream, _allowed, WRONG)
    first, second = answer(10), answer(11)
    yield Variant("out of order", stream([second, details(), first]))
    yield Variant("old", stream([first, details(), {**second, "timestamp": _time("2026-03-02T10:02:00.0Z")}]))
    yield Variant("ahead", stream([{**first, "timestamp": _time("2026-03-02T09:59:00.0Z")}, details()]))


def samples() -> Sequence[Sample]:
    data = stream(session())
    numbers = set(
        re.findall(rb'"(?:lat|lng|alt|distance|track|speed|vertical_speed|timestamp_accuracy)":([-0-9.]+)', data)
    )
    names = (b"operator_id", b"operator_location", b"operation_description")
    opened: list[bytes | tuple[bytes, bytes]] = [(b":", number) for number in sorted(numbers)]
    opened += [(b'"value":"', time) for time in sorted(set(re.findall(rb'"value":"([^"]+)', data)))]
    opened += [(b'"flights":[{"id":"', FLIGHT.encode())]
    opened += [b"SYN-OP-0001", *names, (b'"serial_number":"', b"SYN1"), (b"SYN1F", b"123456789ABCDEF")]
    opened += [b"SA1mps", b"HA3m", b"VA10m", b"\n"]
    return [Sample(data, text=(b"Survey flight",), open=tuple(opened), claim="F3411-22a", variants=_variants)]
