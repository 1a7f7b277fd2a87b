"""Set cover against brute force, an independent proof, and published rules of domination."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model
from scipy import sparse

from skypact.engines.coverage.siting import Cover, cheapest
from skypact.engines.coverage.siting.columns import Columns
from skypact.engines.coverage.siting.effort import Effort
from skypact.engines.coverage.siting.pricing import tightened
from skypact.engines.coverage.siting.subgradient import Multipliers, descended, first_prices, reduced_costs


def ones(count: int) -> np.ndarray:
    return np.ones(count, dtype=np.int64)


@st.composite
def covers(draw: st.DrawFn) -> Cover:
    """Every place is seen; costs from 1 to a few, or hundredths of a currency."""
    options, places = draw(st.integers(1, 8)), draw(st.integers(1, 14))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    seen = rng.random((options, places)) < draw(st.sampled_from((0.1, 0.3, 0.6)))
    seen[rng.integers(options, size=places), np.arange(places)] = True
    dearest = draw(st.sampled_from((1, 2, 6, 9_000_000)))
    return Cover(seen, rng.integers(1, 5, places), rng.integers(1, dearest + 1, options))


def least(cover: Cover) -> int:
    """The cost of the cheapest of all subsets that see every place."""
    numbers = range(len(cover.cost))
    chosen = chain.from_iterable(combinations(numbers, size) for size in range(len(cover.cost) + 1))
    return min(int(cover.cost[list(some)].sum()) for some in chosen if cover.seen[list(some)].any(axis=0).all())


def rail_like(rows: int, columns: int, seed: int) -> Cover:
    """Runs of rows, each a little further on, at a cost of 1 or 2: the shape of crew scheduling (Ceria et al. 1998)."""
    rng = np.random.default_rng(seed)
    ahead = np.cumsum(rng.integers(1, 9, (columns, 8)), axis=1) + rng.integers(0, rows, columns)[:, None]
    ahead[:rows, 0] = np.arange(rows)
    length = rng.integers(2, 9, columns)
    column, rank = np.nonzero(np.arange(8) < length[:, None])
    seen = sparse.csr_array((np.ones(len(column), dtype=np.bool_), (column, ahead[column, rank] % rows)))
    return Cover(seen, ones(rows), np.where(rng.random(columns) < 0.06, 1, 2))


@settings(max_examples=60, deadline=None)
@given(covers(), st.booleans())
def test_the_cheapest_cover_is_the_best_of_all_subsets(cover: Cover, thin: bool) -> None:
    asked = Cover(sparse.csr_array(cover.seen), cover.weight, cover.cost) if thin else cover
    best = least(cover)
    answer = cheapest(asked, need=int(cover.weight.sum()))
    assert (answer.cost, answer.bound, answer.gap, answer.proven) == (best, best, 0.0, True)
    assert cover.seen[answer.options].any(axis=0).all()
    assert answer.covered == cover.weight.sum()
    assert answer.cost == cover.cost[answer.options].sum()


@settings(max_examples=40, deadline=None)
@given(covers())
def test_without_proof_the_bound_still_holds(cover: Cover) -> None:
    answer = cheapest(cover, need=int(cover.weight.sum()), work_limit=0)
    assert answer.bound <= least(cover) <= answer.cost
    assert cover.seen[answer.options].any(axis=0).all()
    assert answer.proven == (answer.bound == answer.cost)


@settings(max_examples=60, deadline=None)
@given(covers())
def test_domination_keeps_an_optimal_cover(cover: Cover) -> None:
    left, kept = Columns.of(cover).undominated()
    smaller = np.zeros((len(left), left.rows), dtype=np.bool_)
    for column in range(len(left)):
        smaller[column, left.places[left.starts[column] : left.starts[column + 1]]] = True
    assert least(Cover(smaller, ones(left.rows), cover.cost[kept])) == least(cover)
    for one, other in combinations(range(len(left)), 2):
        for less, more in ((one, other), (other, one)):
            assert (smaller[less] & ~smaller[more]).any() or left.cost[more] > left.cost[less]


def test_domination_says_which_stay() -> None:
    seen = np.array([[1, 1, 0, 0], [1, 1, 1, 0], [0, 0, 0, 1], [0, 0, 0, 1], [0, 1, 0, 0]], dtype=np.bool_)
    cover = Cover(seen, ones(4), np.array([4, 4, 7, 7, 2]))
    left, kept = Columns.of(cover).undominated()
    # Option 0 sees less than 1, 3 the same as 2; places 0 and 1 are seen whenever 2 is, then 4 sees nothing more.
    assert kept.tolist() == [1, 2]
    assert (left.rows, left.places.tolist()) == (2, [0, 1])


@pytest.mark.parametrize("seed", [1, 2])
def test_a_rail_like_cover_is_proven_as_by_cp_sat_on_the_plain_model(seed: int) -> None:
    cover = rail_like(40, 400, seed)
    model = cp_model.CpModel()
    use = [model.new_bool_var("") for _ in cover.cost]
    across, viewers = Columns.of(cover).across()
    for place in range(40):
        model.add_bool_or([use[option] for option in viewers[across[place] : across[place + 1]]])
    model.minimize(sum(int(cost) * one for cost, one in zip(cover.cost, use, strict=True)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    assert solver.solve(model) == cp_model.OPTIMAL
    answer = cheapest(cover, need=40)
    assert (answer.cost, answer.proven) == (round(solver.objective_value), True)
    assert answer.covered == 40


def test_the_same_question_and_seed_have_the_same_answer() -> None:
    first, second = (cheapest(rail_like(150, 3000, 5), need=150, work_limit=0.5, seed=3) for _ in range(2))
    assert first.options.tolist() == second.options.tolist()
    assert (first.cost, first.bound) == (second.cost, second.bound)


def test_multipliers_rise_from_greedy_prices_to_the_relaxation() -> None:
    """Three options see two of three places each: half of each is enough, so the relaxation is 1.5 and a cover 2."""
    seen = ~np.eye(3, dtype=np.bool_)
    columns = Columns.of(Cover(seen, ones(3), ones(3)))
    effort = Effort(1.0, lambda: False)
    tight = tightened(columns, Multipliers.at(columns, np.zeros(3)), effort)
    assert tight.bound == pytest.approx(1.5)
    assert tight.price.tolist() == pytest.approx([0.5, 0.5, 0.5])
    answer = cheapest(Cover(seen, ones(3), ones(3)), need=3)
    assert (answer.cost, answer.bound) == (2, 2)


def test_every_kind_of_multipliers_bounds_the_relaxation_from_below() -> None:
    columns = Columns.of(rail_like(80, 1500, 7))
    effort = Effort(10.0, lambda: False)
    first = Multipliers.at(columns, first_prices(columns))
    soft = descended(columns, first, 40.0, 1.0, effort)
    tight = tightened(columns, soft, effort)
    assert first.bound <= soft.bound <= tight.bound
    bound, reduced = reduced_costs(columns.starts, columns.places, columns.cost, tight.price)
    assert bound == tight.bound
    assert reduced.min() > -1e-6
    assert tight.price.sum() == pytest.approx(tight.bound)
    assert 0.98 * tight.bound < soft.bound


def test_where_the_effort_is_over_the_multipliers_stay() -> None:
    columns = Columns.of(rail_like(80, 1500, 7))
    first = Multipliers.at(columns, first_prices(columns))
    assert tightened(columns, first, Effort(0.0, lambda: False)) is first
    ended = Effort(10.0, lambda: True)
    assert tightened(columns, first, ended) is first
    assert ended.stopped


def test_a_stopped_search_covers_all_and_is_not_called_proven() -> None:
    cover = rail_like(150, 3000, 5)
    answer = cheapest(cover, need=150, stop=lambda: True)
    assert (answer.stopped, answer.proven) == (True, False)
    assert answer.covered == 150
    assert answer.bound < answer.cost


def test_the_search_ends_at_the_wanted_gap() -> None:
    told: list[float] = []
    answer = cheapest(rail_like(150, 3000, 5), need=150, gap_wanted=0.25, progress=told.append)
    assert 0 < answer.gap <= 0.25
    assert told == sorted(told)
    assert told[-1] == 1 - answer.gap


def test_places_that_nothing_sees_are_named() -> None:
    seen = np.zeros((2, 9), dtype=np.bool_)
    seen[0, 3] = seen[1, 5] = True
    cover = Cover(seen, ones(9), ones(2))
    with pytest.raises(ValueError, match=r"2 of 9; 9 is asked for: no option sees place 0, 1, 2, 4, 6 and 2 more$"):
        cheapest(cover, need=9)
    thin = Cover(sparse.csr_array(seen), ones(9), ones(2))
    with pytest.raises(ValueError, match="cover 2 of 9; 3 is asked for: no option sees place 0"):
        cheapest(thin, need=3)
    assert cheapest(thin, need=2).options.tolist() == [0, 1]


def test_a_need_that_leaves_no_place_out_is_set_cover() -> None:
    """Weights 5 and 3: 6 of 8 can only be reached with both places, 5 with the heavy one alone."""
    seen = sparse.csr_array(np.array([[True, False], [False, True], [True, True]]))
    cover = Cover(seen, np.array([5, 3]), np.array([2, 2, 3]))
    assert cheapest(cover, need=6).options.tolist() == [2]
    assert cheapest(cover, need=5).options.tolist() == [0]


def test_a_sparse_cover_is_the_same_cover() -> None:
    seen = np.random.default_rng(1).random((30, 50)) < 0.2
    weight, cost = np.random.default_rng(2).integers(1, 9, 50), np.random.default_rng(3).integers(1, 9, 30)
    dense = Cover(seen, weight, cost)
    for form in (sparse.csr_array(seen), sparse.csc_matrix(seen), sparse.coo_array(seen)):
        thin = Cover(form, weight, cost)
        assert thin.covered(np.array([0, 7, 9])) == dense.covered(np.array([0, 7, 9]))
        assert thin.unseen().tolist() == dense.unseen().tolist()
        assert (thin.dense().seen == seen).all()
    with pytest.raises(ValueError, match=r"seen must be bool \(options, places\), is int8"):
        Cover(sparse.csr_array(seen.astype(np.int8)), weight, cost)
    with pytest.raises(ValueError, match="cost must be 30 integers"):
        Cover(sparse.csr_array(seen), weight, cost[:4])


def test_stored_falsehoods_and_doubles_are_no_sight() -> None:
    pairs = sparse.coo_array((np.array([True, True, False]), (np.array([0, 0, 1]), np.array([0, 0, 1]))), shape=(2, 2))
    cover = Cover(pairs, ones(2), ones(2))
    assert cover.unseen().tolist() == [1]
    assert cover.covered(np.array([0, 1])) == 1
