"""What it costs to fly an aircraft on a pack, by the planner's assumptions; whole units of the currency."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from skypact.engines.interop.batteries.shipping import AirClass, air_class
from skypact.schema import BatteryAssumptions


class CostKind(StrEnum):
    """What is paid for."""

    PURCHASE = "purchase"
    SHIPPING = "shipping"
    ADAPTERS = "adapters"
    CHARGERS = "chargers"
    ENDURANCE = "endurance lost"
    SPARES_POOL = "spares pool"
    INTRODUCTION = "introduction"
    STOCK = "stock used"
    """negative: packs that are held already and need not be bought"""


@dataclass(frozen=True)
class Change:
    """What changes for the aircraft of one row when they fly on a pack."""

    own: bool
    """they fly on it today"""
    adapter: bool
    endurance_ratio: float


def pieces(quantity: int, places: float, assumed: BatteryAssumptions) -> int:
    """Packs that ``quantity`` aircraft with ``places`` packs each must have, spares on top."""
    packs = quantity * places * assumed.packs_per_place
    return math.ceil(packs * (1.0 + assumed.spares_share) - 1e-9)


def price(energy_wh: float, assumed: BatteryAssumptions) -> int:
    """One pack."""
    return rounded(assumed.pack_price + assumed.pack_price_per_wh * energy_wh)


def sending(energy_wh: float, assumed: BatteryAssumptions) -> int:
    """Sending one pack, by its transport class."""
    found = air_class(energy_wh)
    if found is AirClass.TO_100_WH:
        return rounded(assumed.shipping_to_100_wh)
    return rounded(assumed.shipping_to_160_wh if found is AirClass.TO_160_WH else assumed.shipping_over_160_wh)


def serving(
    quantity: int, places: float, energy_wh: float, change: Change, assumed: BatteryAssumptions
) -> dict[CostKind, int]:
    """What it costs to fly ``quantity`` aircraft on the pack, all of its packs bought."""
    need = pieces(quantity, places, assumed)
    chargers = 0 if change.own else math.ceil(quantity / assumed.aircraft_per_charger - 1e-9)
    lost = max(0.0, 1.0 - change.endurance_ratio) * 100.0
    return {
        CostKind.PURCHASE: need * price(energy_wh, assumed),
        CostKind.SHIPPING: need * sending(energy_wh, assumed),
        CostKind.ADAPTERS: quantity * rounded(assumed.adapter_price or 0.0) if change.adapter else 0,
        CostKind.CHARGERS: chargers * rounded(assumed.charger_price),
        CostKind.ENDURANCE: rounded(quantity * lost * assumed.endurance_lost_per_percent),
    }


def rounded(amount: float) -> int:
    """To whole units, halves up."""
    return math.floor(amount + 0.5)
