"""A requirement and kits made by hand, and what a composition looks like to the market."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from skypact.engines.coverage import SurfaceKind, Terrain
from skypact.engines.kit.watch import Watch
from skypact.market.kits.actions import kit_folder
from skypact.market.kits.models import StoredKit
from skypact.schema import Kit, Requirement

TODAY = date(2026, 11, 21)


def requirement(**changes: Any) -> Requirement:
    """A disc of one kilometre, guarded against one threat class at one height."""
    document: dict[str, Any] = {
        "id": "harbour",
        "title": "Harbour",
        "title_ko": "항만",
        "site": {"name": "Old harbour", "circle": {"centre": [10.0, 50.0], "radius_m": 1000}},
        "buyer": {"nation": "KR", "role": "police"},
        "detection": {
            "threats": ["mini-multirotor"],
            "heights_m": [60],
            "warning_distance_m": 500,
            "share": 0.9,
            "kinds": 1,
        },
        "budget": {"amount": "900000", "currency": "EUR"},
        "deadline": "2027-06-30",
        "assumptions": [
            {
                "kind": "price",
                "category": "sensor.radar",
                "value": "300000",
                "currency": "EUR",
                "basis": "planning figure",
            }
        ],
        "accept_unknown": ["power"],
    }
    return Requirement.model_validate(document | changes)


SQUARE = [[9.98, 49.99], [10.02, 49.99], [10.02, 50.01], [9.98, 50.01], [9.98, 49.99]]


def kit(**changes: Any) -> Kit:
    """Two radars through a gateway and one camera straight to one command and control product, fed from the mains."""
    asked = requirement()
    document: dict[str, Any] = {
        "id": "harbour-kit",
        "composed_on": "2026-11-21",
        "status": "optimal",
        "requirement": asked.model_dump(mode="json"),
        "catalogue_revision": "0123456789abcdef",
        "site_outline": {"type": "Polygon", "coordinates": [SQUARE]},
        "ring": [{"type": "LineString", "coordinates": SQUARE}],
        "items": [_radar(), _camera(), _item("acme-gateway", "Gateway <1>", "gateway"), _item("acme-c2", "C2", "c2")],
        "links": [
            _link("data", "acme-radar", "acme-c2", via=["acme-gateway"], standard="ASTERIX CAT 129", answer="yes"),
            _link("data", "acme-camera", "acme-c2", standard="ONVIF", answer="unknown"),
            _link("power", "mains", "acme-radar", answer="unknown"),
        ],
        "coverage": [
            {
                "threat": "mini-multirotor",
                "height_m": 60,
                "share": 0.955,
                "share_required": 0.9,
                "kinds_required": 1,
                "met": True,
                "shares_by_kinds": [0.955, 0.4],
                "blind": [{"type": "LineString", "coordinates": [[9.98, 49.99], [9.99, 49.99]]}],
            }
        ],
        "cost": {
            "total": {"amount": "700000", "currency": "EUR"},
            "assumed": {"amount": "600000", "currency": "EUR"},
            "budget": {"amount": "900000", "currency": "EUR"},
            "within_budget": True,
        },
        "delivery": {
            "ordered_on": "2026-11-21",
            "complete_on": "2027-03-01",
            "deadline": "2027-06-30",
            "answer": "yes",
            "critical": ["acme-radar"],
        },
        "assumptions_used": asked.model_dump(mode="json")["assumptions"],
        "unknowns": [
            {
                "subject": "acme-radar",
                "question": {
                    "text": "no price of Radar is public",
                    "template": "no price of {name} is public",
                    "facts": {"name": "Radar"},
                },
                "matters": "the cost",
                "settled_by": "a quotation",
            }
        ],
        "exclusions": [
            {
                "question": "eligibility",
                "answer": "no",
                "reason": "may not be bought",
                "citation": "Act 1",
                "listings": ["acme-jammer", "acme-net"],
            }
        ],
        "terrain": {
            "name": "hills",
            "surface": "bare_earth",
            "synthetic": False,
            "spacing_m": 30,
            "crs": "EPSG:32632",
            "source": "made by hand",
        },
        "optimisation": {
            "solver": "hand",
            "cost": 700000,
            "bound": 700000,
            "gap": 0,
            "positions": 4,
            "options": 12,
            "ring_points": 40,
        },
    }
    return Kit.model_validate(document | changes)


def refused_kit(**changes: Any) -> Kit:
    """No kit, with one shortfall."""
    refusal = {
        "sentences": ["The budget is too small."],
        "shortfalls": [{"limit": "budget", "wanted": "1 EUR", "nearest": "9 EUR", "remedy": "8 EUR more"}],
    }
    empty = dict.fromkeys(("items", "links", "coverage", "unknowns", "assumptions_used"), ())
    return kit(status="no_kit", refusal=refusal, cost=None, delivery=None, **empty, **changes)


def _item(listing: str, name: str, category: str, **more: Any) -> dict[str, Any]:
    return {
        "listing": listing,
        "name": name,
        "vendor": "Acme",
        "nation": "DK",
        "category": category,
        "quantity": 1,
        "unit_price": {"amount": "50000", "currency": "EUR"},
        "price_basis": "offer",
        "price_note": "offer of acme",
        "lead_time_days": 30,
        "lead_basis": "offer",
        "eligibility": "yes",
        **more,
    }


def _radar() -> dict[str, Any]:
    spot = {"at": [10.0, 50.0], "ground_m": 12, "mast_m": 6, "azimuth_width_deg": 90}
    return _item(
        "acme-radar",
        "Radar",
        "sensor.radar",
        name_ko="레이더",
        quantity=2,
        unit_price={"amount": "300000", "currency": "EUR"},
        price_basis="assumption",
        price_note="assumed: planning figure",
        positions=[{**spot, "id": "p1", "azimuth_deg": 0}, {**spot, "id": "p2", "azimuth_deg": 90}],
        ranges=[
            {"threat": "mini-multirotor", "kind": "radar", "range_m": 2000, "basis": "claim", "note": "=stated"},
        ],
    )


def _camera() -> dict[str, Any]:
    spot = {"id": "p3", "at": [10.01, 50.0], "ground_m": 15, "mast_m": 6}
    return _item("acme-camera", "Camera", "sensor.camera", unit_price=None, price_basis="unknown", positions=[spot])


def _link(kind: str, source: str, target: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "source": source, "target": target, "reason": "because", **more}


def terrain() -> Terrain:
    """Five by six posts 100 m apart on the equator, rising eastward; the north-western post is unknown."""
    heights = np.tile(np.arange(6.0) * 10, (5, 1))
    heights[0, 0] = np.nan
    return Terrain(
        heights=heights,
        x0=0.0,
        y0=400.0,
        dx=100.0,
        dy=100.0,
        crs="+proj=tmerc +lat_0=0 +lon_0=10 +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs",
        surface=SurfaceKind.BARE_EARTH,
        name="hills",
        source="made by hand",
    )


@dataclass(frozen=True)
class Layer:
    """A coverage layer as the engine hands it out."""

    threat: str
    height_m: float
    kinds: np.ndarray
    terrain: Terrain


@dataclass(frozen=True)
class Composition:
    """What composing hands out."""

    kit: Kit
    layers: tuple[Layer, ...]
    terrain: Terrain
    watch: Watch | None = None


def composition(made: Kit | None = None) -> Composition:
    """A kit with one layer: the western half sees nothing, the eastern half is seen by 1, 2, 4 kinds."""
    kinds = np.tile(np.array([0, 0, 0, 1, 2, 4], dtype=np.uint8), (5, 1))
    ground = terrain()
    return Composition(made or kit(), (Layer("mini-multirotor", 60.0, kinds, ground),), ground)


def stored(*, owner_id: int | None = None, **changes: Any) -> StoredKit:
    """The kit as the site keeps it, in everybody's list without an owner; its map has a relief and no layers."""
    made = kit(**changes)
    folder = kit_folder(made.id)
    folder.mkdir(parents=True, exist_ok=True)
    relief = {"file": "hillshade.png", "corners": [[9.98, 50.01], [10.02, 50.01], [10.02, 49.99], [9.98, 49.99]]}
    (folder / "bounds.json").write_text(json.dumps({"hillshade": relief, "layers": []}))
    return StoredKit.objects.create(
        id=made.id,
        owner_id=owner_id,
        listed=owner_id is None,
        title=made.requirement.title,
        site_name=made.requirement.site.name,
        status=made.status.value,
        currency="EUR",
        document=made.model_dump(mode="json"),
    )
