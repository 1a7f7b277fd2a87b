"""Words of the battery pages in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from skypact.engines.interop.batteries import Aspect, CostKind
from skypact.engines.interop.batteries.shipping import AirClass

ASPECTS = {
    Aspect.VOLTAGE: _("Voltage"),
    Aspect.CURRENT: _("Current"),
    Aspect.SAG: _("Voltage sag"),
    Aspect.CONNECTOR: _("Connector"),
    Aspect.POLARITY: _("Polarity"),
    Aspect.DATA: _("Data"),
    Aspect.ROOM: _("Room"),
    Aspect.MASS: _("Mass"),
    Aspect.TEMPERATURE: _("Temperature"),
    Aspect.CHARGING: _("Charging"),
}

COSTS = {
    CostKind.PURCHASE: _("Purchase"),
    CostKind.SHIPPING: _("Shipping"),
    CostKind.ADAPTERS: _("Adapters"),
    CostKind.CHARGERS: _("Chargers"),
    CostKind.ENDURANCE: _("Endurance lost"),
    CostKind.SPARES_POOL: _("Spares pool"),
    CostKind.INTRODUCTION: _("Introduction"),
    CostKind.STOCK: _("Stock used"),
}

AIR_CLASSES = {
    AirClass.TO_100_WH: _("to 100 Wh"),
    AirClass.TO_160_WH: _("100 to 160 Wh"),
    AirClass.OVER_160_WH: _("over 160 Wh"),
    AirClass.UNKNOWN: _("unknown"),
}

#: The planner's assumptions, as the page names them.
ASSUMPTIONS = {
    "packs_per_place": _("Packs bought for each place in an aircraft"),
    "spares_share": _("Spares on top, as a share"),
    "pool_packs": _("Spares pool of each nation and kind (packs)"),
    "pack_price": _("A pack, whatever its size"),
    "pack_price_per_wh": _("A pack, for each watt-hour"),
    "charger_price": _("A charger"),
    "aircraft_per_charger": _("Aircraft that share a charger"),
    "adapter_price": _("An adapter"),
    "introduction": _("Bringing one kind of pack into service"),
    "shipping_to_100_wh": _("Sending a pack of up to 100 Wh"),
    "shipping_to_160_wh": _("Sending a pack of up to 160 Wh"),
    "shipping_over_160_wh": _("Sending a pack over 160 Wh"),
    "endurance_lost_per_percent": _("Each hundredth of an aircraft's endurance lost"),
    "endurance_least": _("Least share of its endurance an aircraft keeps"),
}
