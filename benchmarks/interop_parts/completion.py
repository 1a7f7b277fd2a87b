"""The least to add to a set, out of thousands of products offered as listings: proven, checked, in CPU seconds.

Everything is made up from a seed. There are 40 interfaces of data in a ring; a gateway takes one and gives one of the
seven after it, so that a sensor five places before what a command-and-control product takes needs one gateway, twelve
places two, and twenty is beyond reach. Power comes as 12, 24 or 48 V DC from supplies on mains. All that is offered can
be added: a catalogue of that many products has fewer of these.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from ortools.sat.python import cp_model

from benchmarks.row import Row
from skypact.engines.interop import Mains
from skypact.engines.interop.links import interface
from skypact.engines.interop.together import Offered, Outcome, Part, Question, Wanted, complete, verify
from skypact.engines.interop.together.completing import program
from skypact.schema import Listing, Port

DAY = date(2026, 11, 21)
RING, STEP = 40, 7
VOLTS = (12.0, 24.0, 48.0)
SHARES = (("c2", 0.2), ("gateway", 0.45), ("power", 0.35))
SIZES = ((1_600, 10.0), (20_000, 25.0))
SEEDS = (11, 12)
PEER_LIMIT_S = 60.0
_EVIDENCE = {
    "grade": "documented",
    "source": {"title": "made up for a benchmark", "date": "2026-01-01"},
    "observed": "2026-01-01",
    "provenance": "synthetic",
}


@dataclass(frozen=True)
class Shape:
    """A question: so many sensors, each so many places before the hub's interface."""

    name: str
    sensors: int
    behind: int
    hub: bool = True
    common: bool = False
    possible: bool = True
    accept: int = 0
    peer: bool = False
    """whether CP-SAT is asked too"""


SHAPES = (
    Shape("3 products, one gateway", 2, 5),
    Shape("6 products, two gateways in a row", 5, 12),
    Shape("12 products, one gateway, power", 11, 5),
    Shape("12 products, two gateways in a row, power", 11, 12, peer=True),
    Shape("12 sensors, the command and control too", 12, 0, hub=False, common=True, peer=True),
    Shape("12 sensors, the command and control too, details may be open", 12, 0, hub=False, common=True, accept=1),
    Shape("6 products, beyond two gateways", 5, 20, possible=False),
)


def offered(count: int, *, seed: int) -> list[Offered]:
    """``count`` hubs, gateways and supplies with prices; the same seed gives the same ones."""
    dice = np.random.default_rng(seed)
    made = []
    for number in range(count):
        category = str(dice.choice([name for name, _ in SHARES], p=[share for _, share in SHARES]))
        price = float(round(float(dice.uniform(0.5, 2.0)) * {"c2": 8000, "gateway": 900, "power": 300}[category]))
        made.append(Offered(_offer(category, number, dice), price))
    return made


def _offer(category: str, number: int, dice: np.random.Generator) -> Listing:
    if category == "power":
        places = int(dice.integers(1, 5))
        volts, watts = float(dice.choice(VOLTS)), float(dice.integers(1, 9) * 60)
        limits = {"current": "DC", "voltage_min_v": volts, "voltage_max_v": volts, "power_max_w": watts,
                  "connections_max": places, "power_total_max_w": watts}  # fmt: skip
        ports = [_port("out", "power", "DC", "provides", attributes=limits), MAINS_IN]
        return _listing(f"P{number}", category, ports)
    place = int(dice.integers(RING))
    watts = float(dice.integers(5, 120))
    ports = [_power_in(float(dice.choice(VOLTS)), watts)]
    if category == "c2":
        taken = {place, *(int(one) for one in dice.integers(0, RING, int(dice.integers(0, 4))))}
        ports += [_data(f"in-{one}", one, "consumes") for one in sorted(taken)]
        room = int(dice.integers(4, 33))
    else:
        onward = (place + int(dice.integers(1, STEP + 1))) % RING
        ports += [_data("in", place, "consumes"), _data("out", onward, "provides")]
        room = int(dice.integers(1, 9))
    return _listing(f"{category.upper()}{number}", category, ports, room=room)


def asked(shape: Shape, others: list[Offered], *, seed: int) -> Question:
    """The set of ``shape``, all of whose sensors run on DC, with everything in ``others`` to be had."""
    dice = np.random.default_rng([seed, shape.sensors, shape.behind])
    taken = int(dice.integers(RING))
    parts = []
    for number in range(shape.sensors):
        place = int(dice.integers(RING)) if not shape.hub else (taken - shape.behind - int(dice.integers(3))) % RING
        ports = [_data("out", place, "provides"), _power_in(float(dice.choice(VOLTS)), float(dice.integers(10, 150)))]
        parts.append(Part(_listing(f"S{number}", "sensor.radar", ports)))
    if shape.hub:
        parts.append(Part(_listing("HUB", "c2", [_data("in", taken, "consumes"), MAINS_IN], room=64)))
    wanted = Wanted(powered="power" in shape.name, common=shape.common, accept=shape.accept, mains=Mains(230, 16))
    return Question(tuple(parts), wanted, DAY, tuple(others))


def rows() -> Iterator[Row]:
    """Every shape at both sizes, CPU seconds; CP-SAT on the same program, one worker, level 2, stopped in time."""
    for count, limit in SIZES:
        offers = {seed: offered(count, seed=seed) for seed in SEEDS}
        for shape in SHAPES:
            taken, costs = [], []
            for seed in SEEDS:
                question = asked(shape, offers[seed], seed=seed)
                start = time.process_time()
                found = complete(question, limit_s=120)
                taken.append(time.process_time() - start)
                costs.append(found.cost)
                assert found.outcome is (Outcome.PROVEN if shape.possible else Outcome.IMPOSSIBLE)
                assert not shape.possible or verify(question, found) == ()
            measure = f"least to add out of {count:,} offered: {shape.name}, slower of {len(SEEDS)} seeds"
            row = Row.at_most(measure, max(taken), "s", limit=limit)
            if shape.peer:
                question = asked(shape, offers[SEEDS[0]], seed=SEEDS[0])
                peer, cost = _with_cp_sat(question)
                assert cost in (None, round(costs[0]))
                name = "CP-SAT, proven" if cost is not None else f"CP-SAT, no proof in {PEER_LIMIT_S:g} s"
                row = replace(row, peer=peer, peer_name=name, ratio=peer / taken[0])
            yield row


def _with_cp_sat(question: Question) -> tuple[float, int | None]:
    """How long CP-SAT takes for the program after our narrowing; its cost where it is proven.

    Shares of ways are parts of the sensors that mate alike; as whole numbers they are counted in units of all of these.
    """
    start = time.process_time()
    arrays = program(question)
    alike = Counter((interface(part.listing)) for part in question.sensors)
    units = math.lcm(*alike.values())
    scale = np.where(arrays.whole, 1, units)
    model = cp_model.CpModel()
    columns = [model.new_int_var(round(low), round(high * by), "")
               for low, high, by in zip(arrays.low, arrays.high, scale, strict=True)]  # fmt: skip
    matrix = arrays.matrix
    for row in range(matrix.shape[0]):
        part = slice(matrix.indptr[row], matrix.indptr[row + 1])
        weights = np.round(matrix.data[part] * units / scale[matrix.indices[part]]).astype(int).tolist()
        total = cp_model.LinearExpr.weighted_sum([columns[column] for column in matrix.indices[part]], weights)
        if np.isfinite(arrays.row_low[row]):
            model.add(total >= round(units * arrays.row_low[row]))
        if np.isfinite(arrays.row_high[row]):
            model.add(total <= round(units * arrays.row_high[row]))
    model.minimize(sum(int(cost) * column for cost, column in zip(arrays.cost, columns, strict=True) if cost))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_time_in_seconds = PEER_LIMIT_S
    status = solver.solve(model)
    return time.process_time() - start, round(solver.objective_value) if status == cp_model.OPTIMAL else None


def _data(name: str, place: int, role: str) -> Port:
    return _port(name, "data", f"Standard {place // 2}", role, version=str(place % 2 + 1))


def _power_in(volts: float, watts: float) -> Port:
    limits = {"current": "DC", "voltage_min_v": volts - 2, "voltage_max_v": volts + 2, "power_max_w": watts}
    return _port("in-power", "power", "DC", "consumes", attributes=limits)


def _port(name: str, kind: str, standard: str, role: str, **more: Any) -> Port:
    fields = {"id": name, "kind": kind, "standard": standard, "role": role, "evidence": _EVIDENCE, **more}
    return Port.model_validate(fields)


_AC = {"current": "AC", "voltage_min_v": 100.0, "voltage_max_v": 240.0, "power_max_w": 600.0}
MAINS_IN = _port("mains", "power", "AC mains", "consumes", attributes=_AC)


def _listing(name: str, category: str, ports: list[Port], *, room: int | None = None) -> Listing:
    fields: dict[str, Any] = {
        "id": f"SYN-{name}",
        "name": name.title(),
        "vendor": f"SYN-{name[-2:]}",
        "category": category,
        "summary": "made up",
        "evidence": [_EVIDENCE],
        "ports": ports,
    }
    if category.startswith("sensor"):
        fields["sensors"] = [{"kind": "radar"}]
    if room is not None:
        fields["fusion"] = {"sensors_max": [{**_EVIDENCE, "value": float(room), "unit": "1"}]}
    return Listing.model_validate(fields)
