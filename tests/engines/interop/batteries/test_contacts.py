"""Plugs, polarity and data: every answer with its reason."""

from typing import Any

import pytest
from tests.engines.interop.batteries.made_up import SILENT, adapter, place, read

from skypact.engines.interop.batteries.contacts import connector, data, polarity
from skypact.engines.interop.batteries.pack import Adapter

CABLE = Adapter.of(adapter("CABLE", "XT60", "XT90"))
VENDOR = {"data_protocol": "SMBus", "data_dialect": "Acme", "firmware": "2.1"}
WANTS = {"battery_protocol": "SMBus", "battery_dialect": "acme", "battery_firmware": "2.1"}


@pytest.mark.parametrize(
    ("pack", "aircraft", "answer", "reason"),
    [
        ({}, {}, "yes", "both have XT90"),
        ({"connector": "xt-90"}, {}, "yes", "both have XT90"),
        ({"connector": None}, {}, "unknown", "not known: its connector"),
        ({}, {"battery_connector": None}, "unknown", "not known: the aircraft's connector"),
        ({"connector": "XT60"}, {}, "yes", "XT60 to XT90 by Cable"),
        ({"connector": "EC5"}, {}, "no", "EC5 instead of XT90, and no listed adapter joins them"),
        (
            {"connector": "XT60", "pinout": "+ C D -"},
            {},
            "no",
            "XT60 instead of XT90, with data contacts that no listed adapter carries",
        ),
    ],
)
def test_connector(pack: dict[str, Any], aircraft: dict[str, Any], answer: str, reason: str) -> None:
    check = connector(read(**pack), place(**aircraft), [CABLE])
    assert (check.answer.value, check.reason.text) == (answer, reason)


def test_an_adapter_is_named_has_a_direction_and_a_voltage() -> None:
    assert connector(read(connector="XT60"), place(), [CABLE]).adapter == "SYN-CABLE"
    assert connector(read(), place(battery_connector="XT60"), [CABLE]).answer == "no"
    weak = Adapter.of(adapter("WEAK", "XT60", "XT90", volts=25.0))
    assert connector(read(connector="XT60"), place(), [weak]).answer == "no"


def test_an_adapter_may_be_made() -> None:
    check = connector(read(connector="EC5"), place(), may_make=True)
    assert (check.answer.value, check.adapter) == ("yes", "")
    assert check.reason.text == "EC5 to XT90 by an adapter that is to be made"


@pytest.mark.parametrize(
    ("pack", "aircraft", "answer", "reason"),
    [
        ({}, {}, "yes", "the same polarity: as marked"),
        ({"polarity": "reversed"}, {}, "no", "its polarity is reversed, the aircraft's as marked"),
        ({"polarity": "reversed"}, {"battery_polarity": "Reversed"}, "yes", "the same polarity: Reversed"),
        ({"connector": "4 mm bullet"}, {}, "unknown", "not known: its polarity"),
        ({}, {"battery_connector": "4 mm bullet"}, "unknown", "not known: the aircraft's polarity"),
        (
            {"pinout": "+ C D -"},
            {"battery_pinout": "+ D C -"},
            "no",
            "its contacts are + C D -, the aircraft's + D C -",
        ),
        ({"pinout": "+ C D -"}, {"battery_pinout": "+  c d -"}, "yes", "the same polarity: as marked"),
        ({}, {"battery_pinout": "+ C D -"}, "unknown", "not known: the order of its contacts"),
    ],
)
def test_polarity(pack: dict[str, Any], aircraft: dict[str, Any], answer: str, reason: str) -> None:
    check = polarity(read(**pack), place(**aircraft))
    assert (check.answer.value, check.reason.text) == (answer, reason)


@pytest.mark.parametrize(
    ("pack", "aircraft", "answer", "reason"),
    [
        ({}, {}, "yes", "both speak DroneCAN BatteryInfo (standard)"),
        ({}, {"battery_protocol": None}, "unknown", "not known: whether the aircraft needs data from the pack"),
        ({}, {"battery_protocol": "none"}, "yes", "the aircraft needs no data from the pack"),
        ({"data_protocol": None}, {}, "unknown", "not known: its data protocol"),
        ({"data_protocol": "none"}, {}, "no", "it speaks none, the aircraft wants DroneCAN BatteryInfo"),
        ({"data_protocol": "SMBus"}, {}, "no", "it speaks SMBus, the aircraft wants DroneCAN BatteryInfo"),
        (VENDOR, WANTS, "yes", "both speak SMBus (Acme), firmware 2.1"),
        (VENDOR | {"data_dialect": None}, WANTS, "unknown", "both speak SMBus; not known: whose dialect"),
        (VENDOR, WANTS | {"battery_dialect": None}, "unknown", "both speak SMBus; not known: whose dialect"),
        (VENDOR | {"data_dialect": "vendor"}, WANTS, "unknown", "both speak SMBus; not known: whose dialect"),
        (VENDOR | {"data_dialect": "Zenit"}, WANTS, "no", "SMBus: its dialect is Zenit, the aircraft's acme"),
        (VENDOR | {"firmware": "2.2"}, WANTS, "no", "SMBus (Acme): its firmware is 2.2, the aircraft accepts 2.1"),
        (VENDOR | {"firmware": "2.2"}, WANTS | {"battery_firmware": "any"}, "yes", "both speak SMBus (Acme)"),
        (
            VENDOR | {"firmware": None},
            WANTS,
            "unknown",
            "both speak SMBus (Acme); not known: whether its firmware is accepted",
        ),
        (
            {"data_protocol": "SMBus", "data_dialect": None},
            {"battery_protocol": "SMBus", "battery_dialect": None},
            "unknown",
            "both speak SMBus; not known: whose dialect",
        ),
        (
            {"data_protocol": "SMBus (Acme)", "data_dialect": None, "firmware": "2.1"},
            WANTS,
            "yes",
            "both speak SMBus (Acme), firmware 2.1",
        ),
        ({"data_dialect": None}, {"battery_dialect": None}, "yes", "both speak DroneCAN BatteryInfo"),
        (
            {"firmware": "1.0"},
            {"battery_firmware": "2.0"},
            "no",
            "DroneCAN BatteryInfo (standard): its firmware is 1.0, the aircraft accepts 2.0",
        ),
        (
            {"firmware": None},
            {"battery_firmware": "2.0"},
            "unknown",
            "both speak DroneCAN BatteryInfo (standard); not known: whether its firmware is accepted",
        ),
        ({"firmware": "1.0"}, {"battery_firmware": "any"}, "yes", "both speak DroneCAN BatteryInfo (standard)"),
    ],
)
def test_data(pack: dict[str, Any], aircraft: dict[str, Any], answer: str, reason: str) -> None:
    check = data(read(**pack), place(**aircraft))
    assert (check.answer.value, check.reason.text) == (answer, reason)


@pytest.mark.parametrize(
    ("pack", "answer"),
    [(VENDOR, "yes"), (VENDOR | {"data_protocol": "DroneCAN BatteryInfo"}, "unknown"),
     (VENDOR | {"data_dialect": "Zenit"}, "unknown"), (VENDOR | {"firmware": "2.2"}, "unknown")],
)  # fmt: skip
def test_what_the_own_pack_speaks_need_not_be_all_that_is_understood(pack: dict[str, Any], answer: str) -> None:
    assert data(read(**pack), place(read(identifier="OWN", **VENDOR), **SILENT)).answer == answer
