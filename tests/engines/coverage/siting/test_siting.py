"""Siting against brute force over all subsets."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from skypact.engines.coverage.siting import Cover, cheapest, most_covered
from skypact.engines.coverage.siting.bounding import whole


@st.composite
def covers(draw: st.DrawFn) -> Cover:
    options, places = draw(st.integers(1, 7)), draw(st.integers(1, 14))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return Cover(
        seen=rng.random((options, places)) < draw(st.sampled_from((0.1, 0.3, 0.6))),
        weight=rng.integers(1, 5, places),
        cost=rng.integers(1, 6, options),
    )


def subsets(cover: Cover) -> list[np.ndarray]:
    numbers = range(len(cover.cost))
    chosen = chain.from_iterable(combinations(numbers, size) for size in range(len(cover.cost) + 1))
    return [np.array(some, dtype=np.int64) for some in chosen]


@settings(max_examples=60, deadline=None)
@given(covers(), st.none() | st.integers(0, 4), st.integers(0, 12))
def test_most_covered_is_the_best_of_all_subsets(cover: Cover, sensors: int | None, budget: int) -> None:
    budget = max(budget, int(cover.cost.min()))
    sensors = None if sensors is None else min(sensors, len(cover.cost))
    best = max(
        cover.covered(some)
        for some in subsets(cover)
        if len(some) <= (99 if sensors is None else sensors) and cover.cost[some].sum() <= budget
    )
    answer = most_covered(cover, sensors=sensors, budget=budget)
    assert (answer.covered, answer.bound, answer.gap, answer.proven) == (best, best, 0.0, True)
    assert answer.covered == cover.covered(answer.options)
    assert answer.cost == cover.cost[answer.options].sum() <= budget
    assert sensors is None or len(answer.options) <= sensors


@settings(max_examples=60, deadline=None)
@given(covers(), st.floats(0, 1))
def test_cheapest_is_the_best_of_all_subsets(cover: Cover, share: float) -> None:
    need = int(share * cover.covered(np.arange(len(cover.cost))))
    best = min(int(cover.cost[some].sum()) for some in subsets(cover) if cover.covered(some) >= need)
    answer = cheapest(cover, need=need)
    assert (answer.cost, answer.bound, answer.proven) == (best, best, True)
    assert answer.covered == cover.covered(answer.options) >= need


@settings(max_examples=40, deadline=None)
@given(covers(), st.integers(1, 3), st.floats(0, 1))
def test_without_proof_the_bound_still_holds(cover: Cover, sensors: int, share: float) -> None:
    sensors = min(sensors, len(cover.cost))
    best = max(cover.covered(some) for some in subsets(cover) if len(some) <= sensors)
    answer = most_covered(cover, sensors=sensors, work_limit=0)
    assert answer.covered <= best <= answer.bound
    assert answer.proven == (answer.covered == answer.bound)
    rough = most_covered(cover, sensors=sensors, budget=7, gap_wanted=0.2)
    fair = max(cover.covered(some) for some in subsets(cover) if len(some) <= sensors and cover.cost[some].sum() <= 7)
    assert rough.covered <= fair <= rough.bound
    assert rough.gap <= 0.2
    need = int(share * cover.covered(np.arange(len(cover.cost))))
    least = min(int(cover.cost[some].sum()) for some in subsets(cover) if cover.covered(some) >= need)
    found = cheapest(cover, need=need, work_limit=0)
    assert found.bound <= least <= found.cost


def larger(seed: int) -> Cover:
    rng = np.random.default_rng(seed)
    sites, places = rng.random((60, 2)), rng.random((400, 2))
    seen = np.hypot(*(sites[:, None] - places).transpose(2, 0, 1)) < 0.16
    return Cover(seen, np.ones(400, dtype=np.int64), np.full(60, 100, dtype=np.int64))


def mixed(seed: int) -> Cover:
    """Covers without geometry: their relaxation is far from whole numbers."""
    rng = np.random.default_rng(seed)
    return Cover(rng.random((30, 120)) < 0.1, rng.integers(1, 9, 120), rng.integers(3, 9, 30))


def test_the_same_question_has_the_same_answer() -> None:
    first, second = (most_covered(larger(3), sensors=8, work_limit=0.2) for _ in range(2))
    assert first.options.tolist() == second.options.tolist()
    assert (first.covered, first.bound) == (second.covered, second.bound)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from((0.0, 0.01, 0.1)), st.sampled_from((0.0, 0.001, 5.0)))
def test_every_bound_told_holds_whatever_gap_and_work_are_allowed(seed: int, gap: float, work: float) -> None:
    """Against the search that runs to its end; by hand-made kinds at one position, weights, and both limits."""
    rng = np.random.default_rng(seed)
    sites, places = rng.random((12, 2)), rng.random((90, 2))
    away = np.hypot(*(sites[:, None] - places).transpose(2, 0, 1))
    cover = Cover(
        seen=np.concatenate([away < 0.15, away < 0.25]),
        weight=rng.integers(1, 9, 90),
        cost=np.concatenate([rng.integers(3, 6, 12), rng.integers(7, 12, 12)]),
    )
    budget = int(rng.integers(10, 50))
    exact = most_covered(cover, sensors=5, budget=budget, work_limit=60)
    assert exact.proven
    answer = most_covered(cover, sensors=5, budget=budget, gap_wanted=gap, work_limit=work)
    assert answer.covered <= exact.covered <= answer.bound
    assert answer.gap <= gap or (work < 5 and not answer.proven)
    assert cover.cost[answer.options].sum() <= budget
    assert len(answer.options) <= 5


@pytest.mark.parametrize("seed", range(3))
def test_a_proof_agrees_with_another_exact_solver(seed: int) -> None:
    cover = mixed(seed)
    model = cp_model.CpModel()
    use = [model.new_bool_var("") for _ in cover.cost]
    counted = [model.new_bool_var("") for _ in cover.weight]
    for place, one in enumerate(counted):
        model.add(sum(use[option] for option in np.flatnonzero(cover.seen[:, place])) >= one)
    model.add(sum(int(cost) * one for cost, one in zip(cover.cost, use, strict=True)) <= 25)
    model.maximize(sum(int(weight) * one for weight, one in zip(cover.weight, counted, strict=True)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    assert solver.solve(model) == cp_model.OPTIMAL
    answer = most_covered(cover, budget=25)
    assert (answer.covered, answer.proven) == (round(solver.objective_value), True)


def test_nodes_with_equal_bounds_do_not_stop_the_search() -> None:
    """Four rings of five places, each option sees two neighbours: five at half share would see all of a ring."""
    rings = np.array([[0, 1], [1, 2], [2, 3], [3, 4], [4, 0]])
    seen = np.zeros((20, 20), dtype=np.bool_)
    for block in range(4):
        for option, pair in enumerate(rings):
            seen[5 * block + option, 5 * block + pair] = True
    cover = Cover(seen, np.ones(20, dtype=np.int64), np.ones(20, dtype=np.int64))
    answer = most_covered(cover, sensors=10)
    assert (answer.covered, answer.bound, answer.proven) == (18, 18, True)


def test_a_stopped_search_is_never_called_proven() -> None:
    answer = most_covered(mixed(3), sensors=6, stop=lambda: True)
    assert (answer.stopped, answer.proven) == (True, False)
    assert answer.covered < answer.bound


def test_progress_ends_at_the_closed_share_of_the_gap() -> None:
    told: list[float] = []
    answer = cheapest(larger(4), need=200, progress=told.append)
    assert answer.proven
    assert told[-1] == 1.0
    assert all(0 <= share <= 1 for share in told)


def test_a_need_beyond_all_options_is_refused_with_the_figures() -> None:
    cover = Cover(np.array([[True, False]]), np.array([3, 4]), np.array([1]))
    with pytest.raises(ValueError, match="together cover 3 of 7; 4 is asked for"):
        cheapest(cover, need=4)


def test_contradictory_questions_are_refused() -> None:
    cover = Cover(np.array([[True]]), np.array([1]), np.array([1]))
    with pytest.raises(ValueError, match="both are open"):
        most_covered(cover)
    with pytest.raises(ValueError, match="budget must be 0 or more, is -1"):
        most_covered(cover, budget=-1)
    with pytest.raises(ValueError, match="2 sensors are asked for; there are fewer options to choose from: 1"):
        most_covered(cover, sensors=2)
    with pytest.raises(ValueError, match="a budget of 4 buys nothing: the cheapest option costs 5"):
        most_covered(Cover(np.array([[True], [True]]), np.array([1]), np.array([7, 5])), sensors=1, budget=4)
    with pytest.raises(ValueError, match="gap_wanted must be a number of 0 or more, is nan"):
        most_covered(cover, sensors=1, gap_wanted=float("nan"))
    with pytest.raises(ValueError, match=r"cost\[0\] must be above 0, is 0"):
        Cover(np.array([[True]]), np.array([1]), np.array([0]))


def test_a_bound_is_no_tighter_than_its_sum_is_exact() -> None:
    """Costs of a hundred million euros in hundredths: floating point no longer tells one hundredth apart there."""
    assert [whole(bound) for bound in (0.0, 2.0, 2.0000005, 2.1, 1e10 + 0.009, 1e10 + 0.5)] == [
        0,
        2,
        2,
        3,
        10**10,
        10**10 + 1,
    ]
