"""Kits out of catalogues: the search against HiGHS on the whole program, and what is left out against what is kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.engines.interop.together.test_choosing import ADAPTER, CAMERA, HUB, MOUNT, RADAR, SOURCE, WANTED, few

from skypact.engines.interop.together import choosing
from skypact.engines.interop.together.assembling import (
    Products,
    assemble,
    diving,
    dominance,
    program,
    relaxation,
    search,
    verify_assembly,
    warm,
)
from skypact.engines.interop.together.choosing import Outcome


@pytest.fixture
def deep(monkeypatch: pytest.MonkeyPatch) -> None:
    """HiGHS proves tiny nodes only, and few products are looked at, so that every part of the search has work."""
    monkeypatch.setattr(search, "_SMALL", 6)
    monkeypatch.setattr(search, "_FEW", 8)
    monkeypatch.setattr("skypact.engines.interop.together.assembling.narrowing._LOOKED_AT", 6)
    monkeypatch.setattr("skypact.engines.interop.together.assembling.narrowing._OF_EACH", 1)
    monkeypatch.setattr(relaxation, "_COMING", 3)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("least", [{RADAR: 1, CAMERA: 1, HUB: 1}, {RADAR: 2, CAMERA: 1, HUB: 2, ADAPTER: 1, MOUNT: 2}])
@pytest.mark.usefixtures("deep")
def test_the_search_finds_what_highs_finds(seed: int, least: dict[int, int]) -> None:
    catalogue, wanted = few(40, seed=seed), replace(WANTED, least=least, score=14.0)
    found = assemble(catalogue, wanted)
    whole = choosing.with_highs(program(catalogue, wanted).arrays, 60.0, 1.0)
    assert (found.outcome, found.cost) == (whole.outcome, whole.cost)
    if found.outcome is Outcome.PROVEN:
        assert verify_assembly(catalogue, wanted, found) == ()
        assert found.bound == found.cost == float(catalogue.price[found.chosen].sum())


@pytest.mark.parametrize("change", [{"mass_max": 9.0}, {"watts_max": 12.0}, {"score": 500.0}, {"least": {99: 1}}])
@pytest.mark.usefixtures("deep")
def test_what_cannot_be_is_told_as_such(change: dict[str, object]) -> None:
    found = assemble(few(32, seed=2), replace(WANTED, **change))  # type: ignore[arg-type]
    assert (found.outcome, len(found.chosen), found.bound) == (Outcome.IMPOSSIBLE, 0, np.inf)


def test_no_time_leaves_an_honest_floor() -> None:
    catalogue = few(64, seed=2)
    found, best = assemble(catalogue, WANTED, limit_s=0.0), assemble(catalogue, WANTED)
    assert best.outcome is Outcome.PROVEN
    assert found.outcome is Outcome.OPEN
    assert 0 < found.bound <= best.cost


def test_prices_must_be_whole() -> None:
    catalogue = few(16, seed=2)
    with pytest.raises(ValueError, match="whole numbers"):
        assemble(replace(catalogue, price=catalogue.price + 0.5), WANTED)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.usefixtures("deep")
def test_few_columns_give_the_floor_of_all(seed: int) -> None:
    made = program(few(48, seed=seed), WANTED)
    active = np.zeros(48, dtype=np.bool_)
    found = relaxation.Relaxation(made).view(made.arrays.low, made.arrays.high, active).solve()
    assert found.floor == pytest.approx(choosing.relaxation(made.arrays).cost, abs=1e-4)
    assert not active.any()


@pytest.mark.parametrize("seed", range(3))
def test_a_relaxation_within_other_bounds_is_that_from_nothing(seed: int) -> None:
    made, dice = program(few(48, seed=seed), WANTED).arrays, np.random.default_rng(seed)
    kept = warm.Warm(made)
    solved = 0
    for _ in range(12):
        high = np.where(dice.random(len(made.cost)) < 0.1, 0.0, made.high)
        again, new = kept.solve(made.low, high), warm.Warm(replace(made, high=high)).solve(made.low, high)
        assert (again is None) == (new is None)
        if again is not None and new is not None:
            assert made.cost @ again[1] == pytest.approx(made.cost @ new[1])
            solved += 1
    assert solved > 0


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.usefixtures("deep")
def test_adapters_alone_close_no_better_kit(seed: int) -> None:
    """What is closed because its adapters cost too much is in no kit as cheap as the best."""
    catalogue = few(48, seed=seed)
    best = assemble(catalogue, WANTED)
    looking = search.Search(program(catalogue, WANTED), catalogue, end=np.inf)
    arrays = looking.program.arrays
    low, high = arrays.low.copy(), arrays.high.copy()
    root = looking.relaxation.view(low, high, np.ones(48, dtype=np.bool_)).solve()
    looking.narrowing.bridge(low, high, root, best.cost)
    within = choosing.with_highs(replace(arrays, high=high), 60.0, 1.0)
    assert (within.outcome, within.cost) == (best.outcome, best.cost)


def test_a_dive_finds_a_kit_and_its_neighbours() -> None:
    catalogue = few(48, seed=2)
    looking = search.Search(program(catalogue, WANTED), catalogue, end=np.inf)
    arrays, every = looking.program.arrays, np.ones(48, dtype=np.bool_)
    guess = diving.Few(looking.relaxation, arrays.low, arrays.high, every)
    low, high = arrays.low.copy(), arrays.high.copy()
    assert diving.made(guess, looking.narrowing, low, high, np.finfo(np.float64).max)
    decided = guess.solve(low, high)[1][looking.narrowing.ways]
    assert np.isin(np.round(decided, 6), (0.0, 1.0)).all()
    nearby = diving.neighbours(guess, looking.narrowing, arrays.low, arrays.high, decided > 0.5, np.inf)
    changes = [(bounds[1][looking.narrowing.ways] > 0).sum() - (decided > 0.5).sum() for bounds in nearby]
    assert len(changes) == 4
    assert set(changes) <= {-1, 1}
    assert not diving.made(guess, looking.narrowing, arrays.low.copy(), arrays.high.copy(), 1.0)


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
def test_what_is_left_out_costs_nothing(seed: int) -> None:
    """Nearly all products are alike, so that most are left out; the cheapest kit stays as cheap."""
    catalogue = few(48, seed=seed)
    alike = replace(catalogue, bus=np.minimum(catalogue.bus, 0), gives_bus=np.minimum(catalogue.gives_bus, 0))
    wanted = replace(WANTED, least={RADAR: 1, CAMERA: 2, HUB: 1}, score=16.0)
    kept = dominance.needed(alike, wanted, borne=float((alike.needs_mount >= 0).sum()))
    assert kept.sum() < len(kept)
    whole = choosing.with_highs(program(alike, wanted).arrays, 60.0, 1.0)
    less = choosing.with_highs(program(alike.some(kept), wanted).arrays, 60.0, 1.0)
    assert (whole.outcome, whole.cost) == (less.outcome, less.cost)


def two_sources(**change: object) -> Products:
    """A radar that needs both of two sources, the second in all no better than the first."""
    kinds = np.array([RADAR, CAMERA, HUB, SOURCE, SOURCE, MOUNT])
    none = np.full(6, -1)
    made = Products(
        price=np.array([900.0, 500.0, 700.0, 100.0, 120.0, 50.0]),
        kind=kinds,
        score=np.array([5.0, 5.0, 0, 0, 0, 0]),
        sends=np.array([0, 0, -1, -1, -1, -1]),
        takes=(kinds == HUB)[:, None],
        is_hub=kinds == HUB,
        is_adapter=np.zeros(6, dtype=np.bool_),
        bus=np.array([0, 0, 0, -1, -1, -1]),
        draw=np.array([150.0, 20.0, 10.0, 0, 0, 0]),
        gives_bus=np.array([-1, -1, -1, 0, 0, -1]),
        gives=np.array([0, 0, 0, 100.0, 100.0, 0]),
        mass=np.ones(6),
        needs_mount=np.array([0, 0, -1, -1, -1, -1]),
        mount=np.array([-1, -1, -1, -1, -1, 0]),
        gives_mounts=np.array([0, 0, 0, 0, 0, 2]),
        band=none,
        hears=none,
        blanks=none,
    )
    return replace(made, **change)  # type: ignore[arg-type]


def test_a_worse_source_stays_while_one_does_not_give_all_watts() -> None:
    both = two_sources()
    assert dominance.needed(both, WANTED).all()
    assert assemble(both, WANTED).cost == 2370.0
    strong = two_sources(gives=np.array([0, 0, 0, 200.0, 100.0, 0]))
    assert np.flatnonzero(~dominance.needed(strong, WANTED)).tolist() == [4]
    assert assemble(strong, WANTED).cost == 2250.0


def test_a_worse_product_stays_where_the_kit_must_have_two() -> None:
    strong = two_sources(gives=np.array([0, 0, 0, 200.0, 100.0, 0]))
    wanted = replace(WANTED, least={RADAR: 1, CAMERA: 1, HUB: 1, SOURCE: 2})
    assert dominance.needed(strong, wanted).all()
    assert assemble(strong, wanted).cost == 2370.0


def test_a_worse_hub_stays_if_it_takes_what_the_better_does_not() -> None:
    kinds = np.array([RADAR, CAMERA, HUB, HUB, SOURCE, MOUNT])
    made = two_sources(
        kind=kinds,
        price=np.array([900.0, 500.0, 700.0, 800.0, 100.0, 50.0]),
        is_hub=kinds == HUB,
        takes=np.array([[0, 0], [0, 0], [1, 0], [0, 1], [0, 0], [0, 0]], dtype=np.bool_),
        sends=np.array([1, 1, -1, -1, -1, -1]),
        bus=np.array([0, 0, 0, 0, -1, -1]),
        draw=np.array([50.0, 20.0, 10.0, 10.0, 0, 0]),
        gives_bus=np.array([-1, -1, -1, -1, 0, -1]),
        gives=np.array([0, 0, 0, 0, 100.0, 0]),
    )
    assert dominance.needed(made, WANTED).all()
    assert assemble(made, WANTED).cost == 2350.0


def test_the_check_wants_a_source_for_every_bus() -> None:
    made = two_sources(draw=np.zeros(6))
    found = assemble(made, WANTED)
    assert found.cost == 2250.0
    without = replace(found, chosen=found.chosen[found.chosen != 3], cost=2150.0)
    assert "nothing feeds the bus of product 0" in verify_assembly(made, WANTED, without)
