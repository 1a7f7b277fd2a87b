"""Network Remote ID: answers of our own that pass, one fault at a time that fails, and public test flights."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from skypact.conformance import STANDARDS, Recording, Report, Verdict
from skypact.conformance.f3411_network.samples import answer, details, session, stream

NETWORK = STANDARDS["f3411_network"]


def check(*documents: Any, claim: str | None = None) -> Report:
    return NETWORK.check([Recording("answers", stream(documents))], claim)


def test_the_session_conforms_to_its_edition_only() -> None:
    honest = check(*session(), claim="F3411-22a")
    assert (honest.verdict, honest.findings, honest.seen) == (Verdict.CONFORMS, (), ("F3411-22a",))
    assert honest.counts == {"details": 1, "flights": 3, "states": 3}
    assert check(*session(), claim="F3411-19").found == {"f3411_network.claim": 3}


def test_the_2019_edition_writes_times_as_texts() -> None:
    old = [answer(10), answer(11)]
    for one in old:
        one["timestamp"] = one["timestamp"]["value"]
        state = one["flights"][0]["current_state"]
        state["timestamp"] = state["timestamp"]["value"]
        state["height"] = state["position"].pop("height")
    report = check(*old, claim="F3411-19")
    assert (report.verdict, report.seen) == (Verdict.CONFORMS, ("F3411-19",))


def changed(change: Callable[[dict[str, Any]], object]) -> Report:
    made = session()
    change(made[1]["flights"][0])
    return check(*made)


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("ua-type", lambda flight: flight.pop("aircraft_type")),
        ("flight-id", lambda flight: flight.update(id="a/b")),
        ("interface", lambda flight: flight.pop("current_state")),
        ("timestamp", lambda flight: flight["current_state"].update(timestamp="42")),
        ("timestamp", lambda flight: flight["current_state"]["timestamp"].update(format="ISO")),
        ("timestamp-accuracy", lambda flight: flight["current_state"].update(timestamp_accuracy=-0.1)),
        ("operational-status", lambda flight: flight["current_state"].update(operational_status="Flying")),
        ("position", lambda flight: flight["current_state"]["position"].update(lat=90.1)),
        ("altitude", lambda flight: flight["current_state"]["position"].pop("alt")),
        ("height", lambda flight: flight["current_state"]["position"].pop("height")),
        ("height-type", lambda flight: flight["current_state"]["position"]["height"].update(reference="MSL")),
        ("vertical-accuracy", lambda flight: flight["current_state"]["position"].pop("accuracy_v")),
        ("horizontal-accuracy", lambda flight: flight["current_state"]["position"].update(accuracy_h="3 m")),
        ("speed-accuracy", lambda flight: flight["current_state"].pop("speed_accuracy")),
        ("track", lambda flight: flight["current_state"].update(track=360)),
        ("speed", lambda flight: flight["current_state"].update(speed=254.5)),
        ("speed", lambda flight: flight["current_state"].update(speed=True)),
        ("vertical-speed", lambda flight: flight["current_state"].update(vertical_speed=-63)),
        ("vertical-speed", lambda flight: flight["current_state"].update(vertical_speed=10**400)),
    ],
)
def test_one_fault_of_a_flight_is_found(rule: str, change: Callable[[dict[str, Any]], object]) -> None:
    report = changed(change)
    assert set(report.found) - {"f3411_network.claim"} == {f"f3411_network.{rule}"}
    assert report.verdict is Verdict.DOES_NOT_CONFORM


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("uas-id", {"uas_id": {}}),
        ("serial-number", {"uas_id": {"serial_number": "WRONG"}}),
        ("registration-id", {"uas_id": {"registration_id": "n.123456"}}),
        ("utm-id", {"uas_id": {"utm_id": "5f3a1c0e-0000-1000-8000-000000000000"}}),
        ("session-id", {"uas_id": {"specific_session_id": "xyz"}}),
        ("operator-id", {"operator_id": "SYN-\u00e9"}),
        ("operator-position", {"operator_location": {"position": {"lat": 91, "lng": 0}}}),
        ("operator-altitude", {"operator_location": {"position": {"lat": 1, "lng": 1}, "altitude_type": "Sea"}}),
        ("interface", {"uas_id": "SYN1"}),
    ],
)
def test_one_fault_of_the_details_is_found(rule: str, said: dict[str, Any]) -> None:
    made = details()
    made["details"] |= said
    report = check(answer(10), made)
    assert set(report.found) == {f"f3411_network.{rule}"}


def test_one_of_the_four_identities_is_enough() -> None:
    for name, value in (
        ("registration_id", "N.123456"),
        ("utm_id", "ae1fa066-6d68-4018-8274-af867966978e"),
        ("specific_session_id", "02-a1b2c3d4"),
    ):
        made = details()
        made["details"]["uas_id"] = {name: value}
        assert check(answer(10), made).verdict is Verdict.CONFORMS


def test_answers_that_do_not_fit_together() -> None:
    assert check(answer(11), answer(10)).found == {"f3411_network.backwards": 1}
    late = answer(11) | {"timestamp": {"value": "2026-03-02T10:02:00Z", "format": "RFC3339"}}
    assert check(answer(10), late).found == {"f3411_network.stale": 1}
    far = answer(11)
    far["flights"][0]["current_state"]["position"]["lat"] = 37.6
    assert check(answer(10), far).found == {"f3411_network.jump": 1}
    other = details()
    other["details"]["id"] = "another"
    assert check(answer(10), other).found == {"f3411_network.no-flight": 1}


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "unreadable"),
        (b'{"flights": [', "unreadable"),
        (b'{"flights": 1, "flights": 2}', "unreadable"),
        (b'{"flights": [NaN]}', "unreadable"),
        (b"\xff", "unreadable"),
        (b"[" * 100_000, "unreadable"),
        (b'{"service_areas": []}', "shape"),
        (b"7", "shape"),
        (b'{"flights": []}', "interface"),
        (b'{"details": 7}', "interface"),
    ],
)
def test_what_is_no_message_of_the_interface(data: bytes, rule: str) -> None:
    report = NETWORK.check([Recording("answers", data)])
    assert list(report.found) == [f"f3411_network.{rule}"]
    assert report.verdict is not Verdict.CONFORMS


def test_a_field_that_nobody_knows_is_told_and_let_pass() -> None:
    made = [answer(10) | {"vendor": 1}, details()]
    report = check(*made)
    assert (report.verdict, report.found) == (Verdict.CONFORMS, {"f3411_network.unknown-field": 1})


#: The public test suite's invalid flights, and the rule that has to refuse each.
INVALID = {
    "no_accuracy_h": "horizontal-accuracy",
    "no_accuracy_v": "vertical-accuracy",
    "no_alt": "altitude",
    "no_height": "height",
    "no_height_type": "height-type",
    "no_speed": "speed",
    "no_speed_accuracy": "speed-accuracy",
    "no_timestamp": "timestamp",
    "no_timestamp_accuracy": "timestamp-accuracy",
    "no_track": "track",
    "no_uas_id": "uas-id",
    "no_vertical_speed": "vertical-speed",
    "wrong_accuracy_h": "horizontal-accuracy",
    "wrong_accuracy_v": "vertical-accuracy",
    "wrong_height_type": "height-type",
    "wrong_operational_status": "operational-status",
    "wrong_registration_id": "registration-id",
    "wrong_serial_number": "serial-number",
    "wrong_speed": "speed",
    "wrong_speed_accuracy": "speed-accuracy",
    "wrong_timestamp": "timestamp",
    "wrong_timestamp_accuracy": "timestamp-accuracy",
    "wrong_track": "track",
    "wrong_ua_type": "ua-type",
    "wrong_utm_id": "utm-id",
    "wrong_vertical_speed": "vertical-speed",
}


@pytest.mark.shared_data
def test_the_public_suites_invalid_flights_are_refused_each_by_its_rule(shared_data: Path) -> None:
    folder = shared_data / "conformance" / "f3411_network"
    assert {file.stem for file in folder.glob("invalid_*.json")} == {f"invalid_{name}" for name in INVALID}
    for name, rule in INVALID.items():
        data = (folder / f"invalid_{name}.json").read_bytes()
        report = NETWORK.check([Recording(name, data)])
        assert (report.verdict, set(report.found)) == (Verdict.DOES_NOT_CONFORM, {f"f3411_network.{rule}"}), name


@pytest.mark.shared_data
def test_the_public_suites_valid_flights_conform(shared_data: Path) -> None:
    data = (shared_data / "conformance" / "f3411_network" / "zurich.json").read_bytes()
    report = NETWORK.check([Recording("zurich", data)])
    assert (report.verdict, report.found) == (Verdict.CONFORMS, {})
    assert report.counts == {"flights": 1, "states": 30}
    assert json.loads(data)["flights"][0]["flight_details"]["serial_number"] == "1AKGAAN8G70R7JS"
