"""Network Remote ID by another parser and the types of the interface definition."""

import json
from pathlib import Path

import pytest

from skypact.conformance import STANDARDS, Recording, Verdict
from skypact.conformance.f3411_network import interface, readings
from skypact.conformance.f3411_network.samples import answer, session, stream
from skypact.conformance.second import compare

NETWORK = STANDARDS["f3411_network"]


def compared(data: bytes) -> tuple[int, int, int, int]:
    recordings = [Recording("a", data)]
    found = compare(interface.DECODER, readings(recordings), recordings)
    return found.messages_both, found.only_first, found.only_second, found.disagreed


def test_our_own_session_earns_the_badge() -> None:
    report = NETWORK.check([Recording("a", stream(session()))], "F3411-22a")
    (agreed,) = report.agreements
    assert (agreed.messages_both, agreed.values_compared, agreed.verdict) == (4, 57, Verdict.CONFORMS)
    assert report.earns_badge


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("2026-03-02T10:00:10.5Z", 1_772_445_610_500_000),
        ("2026-03-02T19:00:10.5+09:00", 1_772_445_610_500_000),
        ("2026-03-02T10:00:10.123456789Z", 1_772_445_610_123_456),
        ("2024-02-29T23:59:59Z", 1_709_251_199_000_000),
        ("1969-12-31T23:59:59.9Z", -100_000),
    ],
)
def test_times_are_read_alike_by_two_calendars(text: str, microseconds: int) -> None:
    document = answer(10)
    document["timestamp"]["value"] = text
    recordings = [Recording("a", json.dumps(document).encode())]
    for read in (readings, interface.read):
        (found,) = read(recordings)
        assert found.values["timestamp"] == microseconds


@pytest.mark.parametrize("other", ["2026-03-02T10:00:11.5Z", "2026-03-02T10:00:10.500001Z"])
def test_a_time_of_another_second_is_another_value(other: str) -> None:
    """A second is less than a billionth of the seconds since 1970, by which two floats are the same."""
    document = answer(10)
    document["timestamp"]["value"] = "2026-03-02T10:00:10.5Z"
    ours = list(readings([Recording("a", json.dumps(document).encode())]))
    document["timestamp"]["value"] = other
    found = compare(interface.DECODER, ours, [Recording("a", json.dumps(document).encode())])
    assert [one.place.field for one in found.disagreements] == ["document timestamp"]


@pytest.mark.parametrize("text", ["2026-02-29T10:00:00Z", "2026-13-01T10:00:00Z", "2026-03-02T24:00:00Z", "soon"])
def test_a_time_of_no_calendar_is_no_value(text: str) -> None:
    document = answer(10)
    document["timestamp"]["value"] = text
    assert list(interface.read([Recording("a", json.dumps(document).encode())])) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("lat", 90.5), ("lat", "37"), ("lat", True), ("accuracy_h", "HA4m"), ("alt", [1]), ("alt", "NaN")],
)
def test_what_is_not_of_the_interfaces_types_is_not_read(field: str, value: object) -> None:
    document = answer(10)
    document["flights"][0]["current_state"]["position"][field] = value
    data = json.dumps(document).encode()
    assert compared(data) == (0, 1, 0, 1)
    assert NETWORK.check([Recording("a", data)]).verdict is Verdict.DOES_NOT_CONFORM


def test_a_field_outside_the_interface_is_not_compared() -> None:
    document = answer(10) | {"extra": {"deep": [1, 2]}}
    assert compared(json.dumps(document).encode()) == (1, 0, 0, 0)
    assert not interface.knows("document", "extra.deep[0]")
    assert interface.knows("document", "flights[3].states[12].position.height.distance")


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"nothing", b'{"flights": 1}', b"\xff", b'{"a":"\\ud800"}', b"}{"])
def test_what_is_no_answer_is_read_by_neither(data: bytes) -> None:
    assert compared(data) in {(0, 0, 0, 0), (0, 1, 0, 1)}
    assert NETWORK.check([Recording("a", data)]).verdict is not Verdict.CONFORMS


def test_no_variant_that_our_rules_let_pass_is_refused_by_the_types() -> None:
    """Each is a change of one field that F3411-22a leaves open, so both must read it, and alike."""
    passed = 0
    for sample in NETWORK.samples():
        for variant in sample.variants():
            if NETWORK.check([Recording("a", variant.data)], sample.claim, compare=False).verdict is Verdict.CONFORMS:
                passed += 1
                assert compared(variant.data)[1:] == (0, 0, 0), variant.name
    assert passed == 22


@pytest.mark.shared_data
def test_the_public_flight_is_read_alike(shared_data: Path) -> None:
    assert compared((shared_data / "conformance" / "f3411_network" / "zurich.json").read_bytes()) == (1, 0, 0, 0)


@pytest.mark.shared_data
def test_of_26_invalid_flights_the_types_alone_refuse_14(shared_data: Path) -> None:
    """The others lack what the interface leaves open and the standard does not, or hold ids that are no such ids."""
    files = sorted((shared_data / "conformance" / "f3411_network").glob("invalid_*.json"))
    refused = [file.stem for file in files if compared(file.read_bytes())[1]]
    assert (len(files), len(refused)) == (26, 14)
