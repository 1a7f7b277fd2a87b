"""Catalogues of synthetic products with full data: for tests, benchmarks and training, never for a real decision.

Every listing and vendor has an id that begins with ``SYN-``, a name that says "Synthetic", and evidence of provenance
``synthetic``. The same ``items`` and ``seed`` give the same catalogue, byte for byte, on every machine; a listing
depends on its own number only, so that a million of them need no memory. Figures lie in the ranges usual for their
category and mean nothing beyond that.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from skypact.schema import Category, Extent, Listing, Mobility, Vendor
from skypact.seed.synthetic_shares import (
    BAND_HZ,
    CHEMISTRIES,
    CURRENCIES,
    DATA,
    GRADES,
    KOREAN,
    NATIONS,
    PATTERN,
    RANGE_M,
    SENSORS,
    STRIDE,
    SYLLABLES,
    TARGETS,
    TEST,
    WON,
)

Document = dict[str, Any]


def records(*, items: int, seed: int) -> Iterator[Vendor | Listing]:
    """The catalogue: vendors, then ``items`` listings. Raises ``ValueError`` for less than 1 or more than 1,000,000."""
    _check(items)
    yield from (Vendor.model_validate(_vendor(number, seed)) for number in range(_vendor_count(items)))
    yield from (Listing.model_validate(_listing(number, items, seed)) for number in range(items))


def lines(*, items: int, seed: int) -> Iterator[str]:
    """The same catalogue as lines of JSON Lines, several times quicker because nothing is validated on the way."""
    _check(items)
    for number in range(_vendor_count(items)):
        yield _line("vendor", _vendor(number, seed))
    for number in range(items):
        yield _line("listing", _listing(number, items, seed))


def _line(kind: str, document: Document) -> str:
    return json.dumps({kind: document}, ensure_ascii=False, separators=(",", ":"))


def _check(items: int) -> None:
    if not 1 <= items <= 1_000_000:
        raise ValueError(f"items must be from 1 to 1,000,000, not {items}")


def _vendor_count(items: int) -> int:
    return max(12, min(2_000, items // 40))


def _vendor_id(number: int) -> str:
    return f"SYN-VENDOR-{number + 1:05d}"


def _listing_id(number: int) -> str:
    return f"SYN-{number + 1:07d}"


def _name(dice: random.Random) -> str:
    return "".join(dice.choice(SYLLABLES) for _ in range(3)).capitalize()


def _vendor(number: int, seed: int) -> Document:
    dice = random.Random(f"{seed} vendor {number}")  # noqa: S311 (repeatable, not secret)
    return {
        "id": _vendor_id(number),
        "name": f"Synthetic {_name(dice)} {number + 1}",
        "name_ko": f"합성 업체 {number + 1}",
        "nation": NATIONS[number % len(NATIONS)],
        "evidence": [_evidence(dice)],
    }


def _evidence(dice: random.Random) -> Document:
    day = f"{dice.randint(2023, 2026)}-{dice.randint(1, 6):02d}-{dice.randint(1, 28):02d}"
    grade = dice.choice(GRADES)
    return {
        "grade": grade,
        "source": {"title": "Synthetic catalogue generator", "date": day},
        "observed": day,
        "provenance": "synthetic",
        **({"test": TEST} if grade == "tested" else {}),
    }


class _Draft:
    """One listing in the making: its dice, and claims in its own short form."""

    def __init__(self, number: int, seed: int) -> None:
        self.dice = random.Random(f"{seed} listing {number}")  # noqa: S311 (repeatable, not secret)
        self.evidence = _evidence(self.dice)

    def claim(self, value: float | str | bool, unit: str | None = None) -> list[Document]:
        """One claim; now and then a stronger one beside it, or one that expires."""
        said = {"value": value, **({"unit": unit} if unit else {})}
        claim = {**self.evidence, **said}
        draw = self.dice.random()
        if draw < 0.1:
            return [claim, {**_evidence(self.dice), **said}]
        if draw < 0.15:
            return [{**claim, "expires": f"{2027 + int(draw * 100) % 3}-01-01"}]
        return [claim]

    def between(self, low: float, high: float, unit: str, digits: int = 1) -> list[Document]:
        """A claim of a value drawn evenly."""
        return self.claim(round(self.dice.uniform(low, high), digits), unit)


def _listing(number: int, items: int, seed: int) -> Document:
    draft = _Draft(number, seed)
    category = PATTERN[number * STRIDE % len(PATTERN)]
    family, word = category.family, _name(draft.dice)
    dice = draft.dice
    document: Document = {
        "id": _listing_id(number),
        "name": f"Synthetic {word} {number + 1}",
        "name_ko": f"합성 {KOREAN[family]} {number + 1}",
        "vendor": _vendor_id(dice.randrange(_vendor_count(items))),
        "category": category.value,
        "part_number": f"SYN-{word[:2].upper()}{dice.randint(100, 999)}-{number + 1}",
        "summary": f"Synthetic {category.value.replace('.', ' ').replace('_', ' ')} for tests; no such product exists.",
        "summary_ko": f"시험용 합성 {KOREAN[family]}입니다. 실제 제품이 아닙니다.",
        "evidence": [draft.evidence],
        "mass": draft.between(0.2, 60.0, "kg", 2),
        "length": draft.between(0.05, 1.5, "m", 3),
        "width": draft.between(0.05, 1.0, "m", 3),
        "height": draft.between(0.02, 0.8, "m", 3),
        "ingress_protection": draft.claim(dice.choice(("IP54", "IP65", "IP66", "IP67"))),
        "temperature_min": draft.between(-40, -10, "degC", 0),
        "temperature_max": draft.between(45, 70, "degC", 0),
        "components": _components(draft),
        "offers": [_offer(draft, number, items)],
    }
    _PARTS.get(family, _plain)(draft, document, category)
    _refer(document, draft, number, category)
    if family in ("sensor", "c2") and dice.random() < 0.5:
        document["scores"] = _scores(draft)
    return document


def _scores(draft: _Draft) -> list[Document]:
    dice = draft.dice
    cases = dice.sample([(extent, mobility) for extent in Extent for mobility in Mobility], 2)
    return [
        {
            "use_case": {"extent": extent.value, "mobility": mobility.value, "threat_class": dice.choice(TARGETS)},
            "score": dice.randint(1, 10),
            "evidence": draft.evidence,
        }
        for extent, mobility in cases
    ]


def _refer(document: Document, draft: _Draft, number: int, category: Category) -> None:
    """Refer to listings that stand earlier, so that a reader needs no look ahead."""
    dice, period = draft.dice, len(PATTERN)
    if category is Category.SPARE and number:
        whole = {"listing": _listing_id(dice.randrange(number)), "consumable": dice.random() < 0.3}
        document["spare_for"] = [{**whole, "quantity_per_year": draft.claim(dice.randint(1, 12), "1")}]
    if number >= period and dice.random() < 0.05:
        document["variant_of"] = _listing_id(number - period)
    elif number >= period and dice.random() < 0.05:
        document["substitutes"] = [_listing_id(number - period)]


def _components(draft: _Draft) -> list[Document]:
    share = round(draft.dice.uniform(0.3, 0.8), 2)
    return [
        {"part": part, "country": draft.dice.choice(NATIONS), "share": value, "evidence": draft.evidence}
        for part, value in (("main electronics", share), ("housing", round(1 - share, 2)))
    ]


def _offer(draft: _Draft, number: int, items: int) -> Document:
    dice = draft.dice
    currency = dice.choice(CURRENCIES)
    price = dice.randint(20, 4000) * 10 * (WON if currency == "KRW" else 1)
    breaks = (10, 0.95), (50, 0.9)
    return {
        "seller": _vendor_id((number * 7) % _vendor_count(items)),
        "price": {"amount": str(price), "currency": currency},
        "quantity_breaks": [
            {"quantity": count, "price": {"amount": str(int(price * factor)), "currency": currency}}
            for count, factor in breaks
        ],
        "stock": dice.randint(0, 200),
        "lead_time_days": dice.randint(3, 240),
        "evidence": draft.evidence,
    }


def _data_port(draft: _Draft, role: str, name: str = "data") -> Document:
    standard, version = draft.dice.choice(DATA)
    return {
        "id": name,
        "kind": "data",
        "standard": standard,
        "version": version,
        "role": role,
        "attributes": {"transport": draft.dice.choice(("TCP", "UDP multicast"))},
        "evidence": draft.evidence,
    }


def _power_port(draft: _Draft, role: str, watts: float) -> Document:
    low, high = draft.dice.choice(((10.0, 32.0), (20.0, 30.0), (44.0, 57.0)))
    limits = {"current": "DC", "voltage_min_v": low, "voltage_max_v": high, "power_max_w": watts}
    return {
        "id": "power",
        "kind": "power",
        "standard": "DC",
        "role": role,
        "attributes": limits,
        "evidence": draft.evidence,
    }


def _consumer(draft: _Draft, document: Document, low: float, high: float) -> Document:
    watts = round(draft.dice.uniform(low, high), 1)
    document["power_draw"] = draft.claim(watts, "W")
    return _power_port(draft, "consumes", watts)


def _sensor(draft: _Draft, document: Document, category: Category) -> None:
    document["sensors"] = [_sensing(draft, kind) for kind in SENSORS[category]]
    if category in (Category.PASSIVE_RF, Category.REMOTE_ID):
        document["decodes_content"] = draft.claim(draft.dice.random() < 0.5)
    document["ports"] = [_data_port(draft, "provides"), _consumer(draft, document, 5, 400)]


def _sensing(draft: _Draft, kind: str) -> Document:
    low, high = RANGE_M[kind]
    sensor: Document = {
        "kind": kind,
        "ranges": [
            {
                "target": target,
                "threat_class": target,
                "target_rcs": draft.claim(0.0123, "m2"),
                "range": draft.between(low, high, "m", 0),
            }
            for target in TARGETS
        ],
        "range_min": draft.between(0, low / 10, "m", 0),
        "azimuth_coverage": draft.claim(float(draft.dice.choice((60, 90, 120, 180, 360))), "deg"),
        "elevation_min": draft.between(-15, 0, "deg", 0),
        "elevation_max": draft.between(20, 85, "deg", 0),
        "locates": draft.claim(kind in ("radar", "lidar", "remote_id") or draft.dice.random() < 0.5),
        "emits": draft.claim(kind in ("radar", "lidar")),
        "tracks_max": draft.claim(float(draft.dice.randint(5, 500)), "1"),
        "update_interval": draft.between(0.1, 4, "s", 2),
    }
    if kind in BAND_HZ:
        bottom, top = BAND_HZ[kind]
        frequency = round(draft.dice.uniform(bottom, top), -6)
        sensor["frequency_min"] = draft.claim(frequency, "Hz")
        sensor["frequency_max"] = draft.claim(frequency + 2e8, "Hz")
    return sensor


def _battery(draft: _Draft, document: Document, category: Category) -> None:
    dice, cells = draft.dice, draft.dice.choice((3, 4, 6, 8, 12, 14))
    capacity = round(dice.uniform(1.0, 30.0), 1)
    document["battery"] = {
        "chemistry": draft.claim(dice.choice(CHEMISTRIES)),
        "cells_series": draft.claim(float(cells), "1"),
        "cells_parallel": draft.claim(float(dice.randint(1, 6)), "1"),
        "voltage_nominal": draft.claim(round(cells * 3.7, 1), "V"),
        "voltage_min": draft.claim(round(cells * 3.0, 1), "V"),
        "voltage_max": draft.claim(round(cells * 4.2, 1), "V"),
        "capacity": draft.claim(capacity, "Ah"),
        "energy": draft.claim(round(capacity * cells * 3.7, 1), "Wh"),
        "current_continuous": draft.between(10, 200, "A", 0),
        "current_peak": draft.between(200, 400, "A", 0),
        "internal_resistance": draft.claim(round(cells * dice.uniform(0.001, 0.006), 4), "ohm"),
        "balance_connector": draft.claim("JST-XH"),
        "charge_current_max": draft.claim(round(capacity * 1.5, 1), "A"),
        "charge_profile": draft.claim("CC/CV 4.20 V"),
        "temperature_charge_min": draft.between(0, 5, "degC", 0),
        "temperature_charge_max": draft.between(40, 50, "degC", 0),
        "temperature_discharge_min": draft.between(-30, 0, "degC", 0),
        "temperature_discharge_max": draft.between(45, 65, "degC", 0),
        "un38_3": draft.claim(dice.random() < 0.9),
        "cell_maker": draft.claim(f"Synthetic {_name(dice)}"),
        "cell_origin": draft.claim(dice.choice(NATIONS)),
        **_contacts(draft, "", protocol="data_protocol", dialect="data_dialect"),
    }


def _contacts(draft: _Draft, prefix: str, *, protocol: str, dialect: str) -> Document:
    """Plug, polarity and data contacts, as a pack has them or an aircraft wants them."""
    dice = draft.dice
    return {
        f"{prefix}connector": draft.claim(dice.choice(("XT60", "XT90", "AS150", "EC5"))),
        f"{prefix}polarity": draft.claim("as marked"),
        f"{prefix}pinout": draft.claim(dice.choice(("+ -", "+ + C D - -"))),
        protocol: draft.claim(dice.choice(("none", "SMBus SBS 1.1", "DroneCAN BatteryInfo"))),
        dialect: draft.claim("standard"),
        f"{prefix}firmware": draft.claim(f"{dice.randint(1, 4)}.{dice.randint(0, 9)}"),
    }


def _aircraft(draft: _Draft, document: Document, category: Category) -> None:
    dice = draft.dice
    takeoff, cells = round(dice.uniform(0.5, 25.0), 1), dice.choice((3, 4, 6, 12))
    document["airframe"] = {
        "kind": dice.choice(("multirotor", "fixed_wing", "vtol", "helicopter", "aerostat")),
        "takeoff_mass_max": draft.claim(takeoff, "kg"),
        "payload_max": draft.claim(round(takeoff * 0.3, 2), "kg"),
        "mass_without_battery": draft.claim(round(takeoff * 0.45, 2), "kg"),
        "endurance": draft.between(1200, 14400, "s", 0),
        "speed_max": draft.between(10, 40, "m/s"),
        "link_range": draft.between(1000, 30000, "m", 0),
        "wind_max": draft.between(8, 18, "m/s"),
        "temperature_min": draft.between(-30, -5, "degC", 0),
        "temperature_max": draft.between(40, 55, "degC", 0),
        "battery": draft.claim(f"Synthetic pack {cells}S"),
        "battery_count": draft.claim(float(dice.randint(1, 2)), "1"),
        "battery_voltage": draft.claim(round(cells * 3.7, 1), "V"),
        "battery_voltage_min": draft.claim(round(cells * 3.0, 1), "V"),
        "battery_voltage_max": draft.claim(round(cells * 4.25, 1), "V"),
        "battery_capacity": draft.between(2, 32, "Ah"),
        "battery_energy": draft.between(40, 1500, "Wh", 0),
        "battery_mass_max": draft.claim(round(takeoff * 0.25, 2), "kg"),
        "battery_length": draft.between(0.08, 0.3, "m", 3),
        "battery_width": draft.between(0.03, 0.12, "m", 3),
        "battery_height": draft.between(0.03, 0.12, "m", 3),
        "hover_power": draft.claim(round(takeoff * dice.uniform(120, 220), 0), "W"),
        "peak_power": draft.claim(round(takeoff * dice.uniform(300, 450), 0), "W"),
        **_contacts(draft, "battery_", protocol="battery_protocol", dialect="battery_dialect"),
    }
    document["ports"] = [_data_port(draft, "provides")]


def _charger(draft: _Draft, document: Document, category: Category) -> None:
    cells = draft.dice.choice((4, 6, 8, 14))
    document["charger"] = {
        "chemistry": draft.claim(", ".join(CHEMISTRIES)),
        "cells_min": draft.claim(1.0, "1"),
        "cells_max": draft.claim(float(cells), "1"),
        "voltage_max": draft.claim(round(cells * 4.35, 1), "V"),
        "current_max": draft.between(5, 40, "A", 0),
        "power_max": draft.between(100, 1500, "W", 0),
        "connector": draft.claim(draft.dice.choice(("XT60", "XT90", "AS150", "EC5"))),
        "balance_connector": draft.claim("JST-XH"),
        "data_protocol": draft.claim(draft.dice.choice(("none", "SMBus SBS 1.1"))),
        "data_dialect": draft.claim("standard"),
        "charge_profile": draft.claim("CC/CV 4.20 V"),
    }
    document["ports"] = [_consumer(draft, document, 100, 1500)]


def _fusion(draft: _Draft, document: Document, category: Category) -> None:
    document["fusion"] = {
        "sensors_max": draft.claim(float(draft.dice.randint(4, 128)), "1"),
        "tracks_max": draft.claim(float(draft.dice.randint(50, 5000)), "1"),
    }
    ports = [_data_port(draft, "consumes", "data-in"), _consumer(draft, document, 20, 300)]
    document["ports"] = [*ports, *([_data_port(draft, "provides", "data-out")] if category is Category.GATEWAY else [])]


def _source(draft: _Draft, document: Document, category: Category) -> None:
    document["ports"] = [_power_port(draft, "provides", float(draft.dice.choice((60, 120, 240, 500, 1000))))]


def _radio(draft: _Draft, document: Document, category: Category) -> None:
    document["ports"] = [_data_port(draft, "peer"), _consumer(draft, document, 2, 40)]


def _mount(draft: _Draft, document: Document, category: Category) -> None:
    document["ports"] = [
        {
            "id": "head",
            "kind": "mechanical",
            "standard": draft.dice.choice(("1/4-20", "3/8-16", "VESA 100")),
            "role": "provides",
            "attributes": {"load_max_kg": round(draft.dice.uniform(3, 80), 1)},
            "evidence": draft.evidence,
        }
    ]


def _plain(draft: _Draft, document: Document, category: Category) -> None:
    """Categories of which nothing more is told; defeat equipment never has performance figures."""


def _propulsion(draft: _Draft, document: Document, category: Category) -> None:
    cells = draft.dice.choice((3, 4, 6, 12))
    if category is Category.SPEED_CONTROLLER:
        document["speed_controller"] = {
            "voltage_max": draft.claim(round(cells * 4.2, 1), "V"),
            "current_max": draft.between(20, 120, "A", 0),
        }
        return
    document["motor"] = {
        "speed_constant": draft.between(100, 2500, "rpm/V", 0),
        "poles": draft.claim(float(draft.dice.choice((12, 14, 28))), "1"),
        "voltage_nominal": draft.claim(round(cells * 3.7, 1), "V"),
        "current_max": draft.between(10, 90, "A", 0),
        "current_no_load": draft.between(0.3, 3, "A"),
        "winding_resistance": draft.between(0.01, 0.2, "ohm", 3),
    }


def _camera(draft: _Draft, document: Document, category: Category) -> None:
    across, down = draft.dice.choice(((640, 512), (1920, 1080), (4000, 3000)))
    document["imagers"] = [
        {
            "thermal": draft.claim(across == 640),
            "pixels_horizontal": draft.claim(float(across), "1"),
            "pixels_vertical": draft.claim(float(down), "1"),
            "image_sensor_width": draft.between(0.005, 0.024, "m", 4),
            "image_sensor_height": draft.between(0.004, 0.016, "m", 4),
            "focal_length": draft.between(0.004, 0.05, "m", 4),
        }
    ]


_PARTS: dict[str, Callable[[_Draft, Document, Category], None]] = {
    "sensor": _sensor,
    "battery": _battery,
    "aircraft": _aircraft,
    "c2": _fusion,
    "gateway": _fusion,
    "adapter": _radio,
    "charger": _charger,
    "power": _source,
    "radio": _radio,
    "network": _radio,
    "mount": _mount,
    "propulsion": _propulsion,
    "payload": _camera,
}
