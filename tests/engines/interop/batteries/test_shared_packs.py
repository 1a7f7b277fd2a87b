"""The method on public figures: 131 makers' packs and the drones of an open catalogue whose packs are stated.

The figures are the makers'; the costs are the usual assumptions. Connectors and data are stated for none of them, so
that every fit is open: the curve is a check of the method and no advice.
"""

import csv
import json
import re
from functools import partial
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from tests.engines.interop.batteries.made_up import SILENT, aircraft, pack
from tests.engines.made_up import DAY

from skypact.engines.interop.batteries import CostKind, Point, standardise
from skypact.schema import Fleet, Listing

#: Drones served by 1 to 12 packs, of 57; 50 of them have any pack of their voltage and energy.
SERVED = (23, 41, 48, 49, 50, 50, 50, 50, 50, 50, 50, 50)
NOTHING = dict.fromkeys(("battery_dialect", "mass_without_battery", "takeoff_mass_max", "endurance"))

pytestmark = pytest.mark.shared_data


@pytest.fixture(scope="module")
def packs(shared_data: Path) -> list[Listing]:
    with (shared_data / "catalogue" / "uav_batteries_droneapp.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return [_pack(f"PACK-{number}", row) for number, row in enumerate(rows)]


def _pack(identifier: str, row: dict[str, str]) -> Listing:
    volts, capacity = float(row["Voltage_V"]), float(row["Capacity_mAh"]) / 1000
    unstated = dict.fromkeys(
        ("voltage_min", "voltage_max", "internal_resistance", "connector", "data_protocol", "data_dialect")
    )
    return pack(
        identifier,
        mass=float(row["Weight_g"]) / 1000,
        size=None,
        cells_series=round(volts / 3.7),
        voltage_nominal=volts,
        capacity=capacity,
        energy=volts * capacity,
        current_continuous=capacity * float(row["Discharge_Rate_C"]),
        current_peak=float(row["Imax_A"]),
        **unstated,
    )


@pytest.fixture(scope="module")
def drones(shared_data: Path) -> list[Listing]:
    rows = json.loads((shared_data / "catalogue" / "drones_open_catalog.json").read_text(encoding="utf-8"))
    found = (_drone(f"DRONE-{number}", row) for number, row in enumerate(rows))
    return [drone for drone in found if drone is not None]


def _drone(identifier: str, row: dict[str, object]) -> Listing | None:
    volts = re.match(r"([0-9]+(?:[.,][0-9]+)?)(?! ?W)", str(row.get("battery_voltage")))
    capacity = re.fullmatch(r"[0-9.]+", str(row.get("battery_supply")))
    if volts is None or capacity is None:
        return None
    milliampere_hours = float(capacity[0]) if float(capacity[0]) > 100 else float(capacity[0]) * 1000
    figures = {"battery_voltage": float(volts[1].replace(",", ".")), "battery_capacity": milliampere_hours / 1000}
    return aircraft(identifier, **{**SILENT, **NOTHING, **figures})


def _fleet(drones: list[Listing]) -> Fleet:
    return Fleet.model_validate({"title": "shared", "aircraft": [{"aircraft": one.id} for one in drones]})


def test_the_curve_is_proven_and_rises(packs: list[Listing], drones: list[Listing]) -> None:
    curve = standardise(_fleet(drones), [*packs, *drones], on=DAY, count_unknown=True)
    assert (curve.aircraft, curve.candidates, curve.arcs, curve.open_arcs) == (57, 131, 521, 521)
    assert tuple(point.served for point in curve.points) == SERVED
    assert all(point.proven and point.sure == 0 for point in curve.points)


def test_one_and_two_packs_against_every_choice(packs: list[Listing], drones: list[Listing]) -> None:
    alone = partial(standardise, _fleet(drones), on=DAY, count_unknown=True)
    curve = alone([*packs, *drones], max_k=2).points
    singles = [alone([one, *drones], max_k=1).points[0] for one in packs]
    assert _rank(curve[0]) == min(_rank(point) for point in singles)
    rows = {drone.id: number for number, drone in enumerate(drones)}
    costs = np.full((len(singles), len(drones)), np.inf)
    for number, point in enumerate(singles):
        for one in point.servings:
            costs[number, rows[one.row.aircraft]] = one.arc.cost
    fixed = [point.costs[CostKind.INTRODUCTION] + point.costs[CostKind.SPARES_POOL] for point in singles]
    best = min(_rank(point) for point in singles)
    for one, other in combinations(range(len(singles)), 2):
        cheapest = np.minimum(costs[one], costs[other])
        served = np.isfinite(cheapest)
        best = min(best, (-int(served.sum()), int(cheapest[served].sum()) + fixed[one] + fixed[other]))
    assert _rank(curve[1]) == best


def _rank(point: Point) -> tuple[int, int]:
    return -point.served, point.cost
