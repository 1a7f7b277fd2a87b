"""Programs with whole numbers: the same answer by the short and the long way; whole kits against every subset."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from skypact.engines.interop.together import choosing
from skypact.engines.interop.together.assembling import Assembled, Products, Requirement, assemble, verify_assembly
from skypact.engines.interop.together.choosing import Outcome, Program, cheapest


def covering(*, seed: int) -> Program:
    dice = np.random.default_rng(seed)
    program = Program()
    for _ in range(60):
        program.column(cost=float(dice.integers(10, 100)), whole=True)
    for _ in range(25):
        chosen = dice.choice(60, 6, replace=False).tolist()
        program.row(chosen, [1.0] * 6, low=2)
    return program


@pytest.mark.parametrize("seed", range(3))
def test_fixing_by_reduced_cost_loses_nothing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    arrays = covering(seed=seed).arrays()
    short = cheapest(arrays)
    monkeypatch.setattr(choosing, "_SMALL", 10)
    monkeypatch.setattr(choosing, "_PROMISING", 30)
    long = cheapest(arrays)
    assert (short.outcome, long.outcome) == (Outcome.PROVEN, Outcome.PROVEN)
    assert short.cost == long.cost == long.bound
    assert (arrays.matrix @ long.values >= arrays.row_low - 1e-6).all()
    assert choosing.relaxation(arrays).cost <= short.cost


def test_what_cannot_be_is_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    program = covering(seed=1)
    program.row([0, 1], [1.0, 1.0], low=3)
    assert cheapest(program.arrays()).outcome is Outcome.IMPOSSIBLE
    monkeypatch.setattr(choosing, "_SMALL", 10)
    assert cheapest(program.arrays()).outcome is Outcome.IMPOSSIBLE


def test_no_time_is_no_answer() -> None:
    assert cheapest(covering(seed=1).arrays(), limit_s=0.0).outcome is Outcome.OPEN


def test_a_program_of_held_columns() -> None:
    program = Program()
    program.column(cost=3, low=1, high=1, whole=True)
    program.row([0], [1.0], low=1)
    assert cheapest(program.arrays()).cost == 3
    program.row([0], [1.0], low=2)
    assert cheapest(program.arrays()).outcome is Outcome.IMPOSSIBLE


RADAR, CAMERA, HUB, ADAPTER, SOURCE, CONVERTER, MOUNT, BLANKER = range(8)
WANTED = Requirement(least={RADAR: 1, CAMERA: 1, HUB: 1}, score=8.0, mass_max=120.0, watts_max=500.0)


def few(count: int, *, seed: int) -> Products:
    """A small catalogue on two protocols, two buses, one class of mount and two bands, so that kits exist."""
    dice = np.random.default_rng(seed)
    kind = np.array([RADAR, CAMERA, HUB, ADAPTER, SOURCE, CONVERTER, MOUNT, BLANKER])[np.arange(count) % 8]
    sensing, hub, adapter = kind <= CAMERA, kind == HUB, kind == ADAPTER
    source, converter = kind == SOURCE, kind == CONVERTER
    gives_bus = np.where(source | converter, dice.integers(0, 2, count), -1)
    fed = sensing | hub | adapter | (kind == BLANKER)
    takes = np.zeros((count, 2), dtype=np.bool_)
    takes[np.arange(count), dice.integers(0, 2, count)] = hub | adapter
    return Products(
        price=dice.integers(100, 2000, count).astype(float),
        kind=kind,
        score=np.where(sensing, dice.integers(2, 9, count), 0).astype(float),
        sends=np.where(sensing | adapter, dice.integers(0, 2, count), -1),
        takes=takes,
        is_hub=hub,
        is_adapter=adapter,
        bus=np.where(converter, 1 - gives_bus, np.where(fed, dice.integers(0, 2, count), -1)),
        draw=np.where(fed, dice.integers(5, 80, count), 0).astype(float),
        gives_bus=gives_bus,
        gives=np.where(source, 240.0, np.where(converter, 120.0, 0.0)),
        mass=dice.integers(1, 20, count).astype(float),
        needs_mount=np.where(sensing, 0, -1),
        mount=np.where(kind == MOUNT, 0, -1),
        gives_mounts=np.where(kind == MOUNT, 2, 0),
        band=np.where(kind == RADAR, dice.integers(0, 2, count), -1),
        hears=np.where(kind == CAMERA, dice.integers(0, 2, count), -1),
        blanks=np.where(kind == BLANKER, dice.integers(0, 2, count), -1),
    )


@pytest.mark.parametrize("seed", [2, 3, 5, 8])
def test_no_kit_is_cheaper(seed: int) -> None:
    catalogue = few(12, seed=seed)
    found = assemble(catalogue, WANTED)
    costs = [
        float(catalogue.price[list(chosen)].sum())
        for size in range(1, 9)
        for chosen in combinations(range(len(catalogue)), size)
        if _enough(catalogue, chosen) and not _wrong(catalogue, chosen)
    ]
    if found.outcome is Outcome.PROVEN and len(found.chosen) <= 8:
        assert verify_assembly(catalogue, WANTED, found) == ()
        assert found.cost == min(costs)
    else:
        assert not costs


def _enough(catalogue: Products, chosen: tuple[int, ...]) -> bool:
    kinds = {int(catalogue.kind[one]) for one in chosen}
    return {RADAR, CAMERA, HUB} <= kinds


def _wrong(catalogue: Products, chosen: tuple[int, ...]) -> tuple[str, ...]:
    kit = Assembled(Outcome.FOUND, np.array(chosen), float(catalogue.price[list(chosen)].sum()), 0.0)
    return verify_assembly(catalogue, WANTED, kit)


def test_the_check_finds_what_is_wrong() -> None:
    catalogue = few(60, seed=2)
    found = assemble(catalogue, WANTED)
    assert (found.outcome, verify_assembly(catalogue, WANTED, found)) == (Outcome.PROVEN, ())
    for one in found.chosen.tolist():
        fewer = np.array([other for other in found.chosen.tolist() if other != one])
        less = Assembled(found.outcome, fewer, found.cost - float(catalogue.price[one]), 0.0)
        assert verify_assembly(catalogue, WANTED, less) != (), one
    assert "the kit costs" in verify_assembly(catalogue, WANTED, Assembled(found.outcome, found.chosen, 1.0, 0.0))[0]
