"""Made-up products for engine tests: synthetic ids, so that no figure here can be taken for a real product's."""

from __future__ import annotations

from datetime import date
from typing import Any

from skypact.schema import Listing, Vendor

DAY = date(2026, 11, 21)
_SOURCE = {"title": "made up for a test", "date": "2026-01-01"}
EVIDENCE: dict[str, Any] = {
    "grade": "documented",
    "source": _SOURCE,
    "observed": "2026-01-01",
    "provenance": "synthetic",
}
OTHER_VENDOR = Vendor.model_validate({"id": "other", "name": "Other", "nation": "US", "evidence": [EVIDENCE]})
VENDOR = Vendor.model_validate({"id": "maker", "name": "Maker", "nation": "KR", "evidence": [EVIDENCE]})


def claim(value: object, unit: str | None = None, **more: object) -> list[dict[str, Any]]:
    """One claim of a value."""
    return [{**EVIDENCE, "value": value, "unit": unit, **more}]


def data_port(standard: str, role: str, version: str | None = None, **more: object) -> dict[str, Any]:
    """A data port."""
    name = f"{standard}-{role}-{version or 'x'}".lower().replace(" ", "-").replace(".", "-")
    port = {"id": name, "kind": "data", "standard": standard, "role": role, "version": version}
    return {**port, "evidence": EVIDENCE, **more}


def power_port(role: str, current: str | None, low: float | None, high: float | None, watts: float | None = None,
               standard: str = "DC") -> dict[str, Any]:  # fmt: skip
    """A power port."""
    attributes = {"current": current, "voltage_min_v": low, "voltage_max_v": high, "power_max_w": watts}
    return {
        "id": f"power-{role}",
        "kind": "power",
        "standard": standard,
        "role": role,
        "attributes": attributes,
        "evidence": EVIDENCE,
    }


def offer(price: str | None, days: int | None = 30, currency: str = "EUR", **more: object) -> dict[str, Any]:
    """One offer of the maker."""
    money = None if price is None else {"amount": price, "currency": currency}
    return {"seller": "maker", "price": money, "lead_time_days": days, "evidence": EVIDENCE, **more}


def listing(identifier: str, category: str, **more: object) -> Listing:
    """A listing; ``more`` replaces or adds fields."""
    fields: dict[str, Any] = {
        "id": f"SYN-{identifier}",
        "name": identifier.title(),
        "vendor": "maker",
        "category": category,
        "summary": "made up",
        "evidence": [EVIDENCE],
    }
    return Listing.model_validate({**fields, **more})


def sensor(
    identifier: str,
    kind: str,
    range_m: float,
    price: str | None,
    *,
    width: float = 360,
    speaks: tuple[str, str | None] = ("SAPIENT", "BSI Flex 335 v2"),
    threats: tuple[str, ...] = ("micro-multirotor",),
    days: int | None = 30,
    **more: object,
) -> Listing:
    """A mains-powered sensor with one sensing principle."""
    sensing = {
        "kind": kind,
        "ranges": [{"target": one, "threat_class": one, "range": claim(range_m, "m")} for one in threats],
        "azimuth_coverage": claim(width, "deg"),
    }
    fields: dict[str, Any] = {
        "sensors": [sensing],
        "ports": [data_port(speaks[0], "provides", speaks[1]), power_port("consumes", "AC", 100, 240)],
        "power_draw": claim(100, "W"),
        "offers": [offer(price, days)],
    }
    return listing(identifier, f"sensor.{kind}", **{**fields, **more})


def hub(identifier: str, price: str | None, *, takes: tuple[str, str | None] = ("SAPIENT", "BSI Flex 335 v2"),
        **more: object) -> Listing:  # fmt: skip
    """A mains-powered command-and-control product of another maker."""
    fields: dict[str, Any] = {
        "vendor": "other",
        "ports": [data_port(takes[0], "consumes", takes[1]), power_port("consumes", "AC", 100, 240)],
        "power_draw": claim(200, "W"),
        "offers": [offer(price)],
    }
    return listing(identifier, "c2", **{**fields, **more})
