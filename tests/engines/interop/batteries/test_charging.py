"""Pack and charger: every answer with its reason."""

from typing import Any

import pytest
from tests.engines.interop.batteries.made_up import charger, read
from tests.engines.made_up import DAY, listing

from skypact.engines.interop.batteries.charging import Station, charging


@pytest.mark.parametrize(
    ("pack", "station", "answer", "reason"),
    [
        ({}, {}, "yes", "Charger charges it in 60 minutes or more"),
        ({"charge_current_max": 40.0}, {"power_max": 252.0}, "yes", "Charger charges it in 60 minutes or more"),
        ({"charge_current_max": 40.0}, {"power_max": None}, "yes", "Charger charges it in 30 minutes or more"),
        ({"charge_current_max": None}, {}, "yes", "Charger charges it; how fast is not known"),
        ({"cells_series": 9}, {}, "no", "9 cells in series; Charger charges 2 to 8"),
        ({"cells_series": 1}, {"cells_max": None}, "no", "1 cells in series; Charger charges 2 to ?"),
        ({"voltage_max": 36.5}, {}, "no", "Charger gives at most 36 V, the pack needs 36.5 V"),
        ({}, {"cells_max": None}, "unknown", "not known: whether Charger charges so many cells"),
        ({"chemistry": "LiFePO4"}, {}, "no", "Charger charges LiPo, Li-ion, not LiFePO4"),
        ({"chemistry": "li-ion"}, {}, "yes", "Charger charges it in 60 minutes or more"),
        ({"chemistry": None}, {}, "unknown", "not known: whether Charger has a profile for its chemistry"),
        ({"connector": "EC5"}, {}, "no", "the charger has XT90, the pack EC5"),
        ({"balance_connector": "TP"}, {}, "no", "the charger has JST-XH, the pack TP"),
        ({}, {"connector": None}, "unknown", "not known: whether the plugs of Charger mate"),
        (
            {"charge_profile": "CC/CV 4.35 V"},
            {},
            "no",
            "the charger charges by CC/CV 4.20 V, the pack wants CC/CV 4.35 V",
        ),
        ({"charge_profile": None}, {}, "unknown", "not known: whether Charger charges the way the pack wants"),
        ({}, {"data_protocol": "SMBus"}, "no", "the charger wants SMBus, the pack speaks DroneCAN BatteryInfo"),
        (
            {},
            {"data_protocol": "DroneCAN BatteryInfo"},
            "unknown",
            "not known: whether Charger understands the pack's dialect",
        ),
        (
            {},
            {"data_protocol": "DroneCAN BatteryInfo", "data_dialect": "standard"},
            "yes",
            "Charger charges it in 60 minutes or more",
        ),
        ({"chemistry": None, "connector": "EC5"}, {}, "no", "the charger has XT90, the pack EC5"),
    ],
)
def test_charging(pack: dict[str, Any], station: dict[str, Any], answer: str, reason: str) -> None:
    check = charging(read(**pack), Station.of(charger(**station), on=DAY))
    assert (check.answer.value, check.reason.text) == (answer, reason)


def test_a_charger_of_which_nothing_is_known() -> None:
    station = Station.of(listing("BARE", "charger"), on=DAY)
    assert charging(read(), station).answer == "unknown"


def test_a_charger_sold_for_the_pack() -> None:
    sold = Station.of(charger(chemistry=None, sold_for=("SYN-PACK",)), on=DAY)
    assert charging(read(), sold).reason.text == "Charger is sold for this pack"
    assert charging(read(cells_series=9), sold).answer == "no"
