"""The optimiser against a brute-force oracle that knows nothing of it."""

from itertools import combinations, product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skypact.engines.interop.batteries.choosing import Choice, choose, cost_of, undominated


@st.composite
def questions(draw: st.DrawFn) -> Choice:
    """Up to five rows, five packs, two pools; stock now and then."""
    rows, packs, pools = draw(st.integers(1, 5)), draw(st.integers(1, 5)), draw(st.integers(1, 2))

    def numbers(low: int, high: int, *shape: int) -> Any:
        size = int(np.prod(shape))
        return np.array(draw(st.lists(st.integers(low, high), min_size=size, max_size=size))).reshape(shape)

    worth = numbers(1, 9, packs)
    need = numbers(1, 6, rows)
    return Choice(
        weight=numbers(1, 4, rows),
        pool=numbers(0, pools - 1, rows),
        need=need,
        admissible=numbers(0, 1, rows, packs).astype(bool),
        cost=need[:, None] * worth[None, :] + numbers(0, 20, rows, packs),
        opening=numbers(0, 30, packs),
        keeping=numbers(0, 10, packs),
        worth=worth,
        stock=numbers(0, 1, pools, packs) * numbers(0, 12, pools, packs),
    )


def oracle(question: Choice, k: int) -> tuple[int, int]:
    """Most aircraft served and, for that, the least cost: every assignment, counted out."""
    rows, packs = question.admissible.shape
    best: tuple[int, int] | None = None
    for chosen in combinations(range(packs), min(k, packs)):
        for assigned in product((-1, *chosen), repeat=rows):
            if any(pack >= 0 and not question.admissible[row, pack] for row, pack in enumerate(assigned)):
                continue
            served = sum(int(question.weight[row]) for row, pack in enumerate(assigned) if pack >= 0)
            if best is None or (-served, _cost(question, assigned)) < best:
                best = (-served, _cost(question, assigned))
    assert best is not None
    return -best[0], best[1]


def _cost(question: Choice, assigned: tuple[int, ...]) -> int:
    total, needed = 0, dict[tuple[int, int], int]()
    for row, pack in enumerate(assigned):
        if pack >= 0:
            total += int(question.cost[row, pack])
            place = (int(question.pool[row]), pack)
            needed[place] = needed.get(place, 0) + int(question.need[row])
    for pool, pack in needed:
        total += int(question.keeping[pack])
        total -= int(question.worth[pack]) * min(needed[pool, pack], int(question.stock[pool, pack]))
    return total + sum(int(question.opening[pack]) for pack in {pack for _, pack in needed})


@settings(max_examples=60, deadline=None)
@given(questions())
def test_every_k_is_the_best_there_is(question: Choice) -> None:
    for chosen in choose(question, k_max=3):
        assert (chosen.served, chosen.cost) == oracle(question, chosen.k)
        assert (chosen.proven, chosen.bound) == (True, chosen.cost)
        assert len(set(chosen.pack.tolist()) - {-1}) <= chosen.k
        assert chosen.cost == _cost(question, tuple(chosen.pack.tolist()))


@settings(max_examples=60, deadline=None)
@given(questions())
def test_packs_left_away_change_no_answer(question: Choice) -> None:
    kept = [int(pack) for pack in undominated(question)]
    narrowed = question.admissible.copy()
    narrowed[:, [pack for pack in range(narrowed.shape[1]) if pack not in kept]] = False
    smaller = Choice(**{**vars(question), "admissible": narrowed})
    assert oracle(question, 2) == oracle(smaller, 2)


def one_row(**changes: Any) -> Choice:
    fields: dict[str, Any] = {
        "weight": np.array([3]),
        "pool": np.array([0]),
        "need": np.array([4]),
        "admissible": np.array([[True, True]]),
        "cost": np.array([[40, 44]]),
        "opening": np.array([5, 5]),
        "keeping": np.array([2, 2]),
        "worth": np.array([10, 10]),
        "stock": np.array([[0, 0]]),
    }
    return Choice(**(fields | changes))


def test_stock_decides() -> None:
    (without,) = choose(one_row(), k_max=1)
    assert (without.pack.tolist(), without.cost) == ([0], 47)
    (with_stock,) = choose(one_row(stock=np.array([[0, 3]])), k_max=1)
    assert (with_stock.pack.tolist(), with_stock.cost) == ([1], 21)


def test_nothing_fits() -> None:
    (chosen,) = choose(one_row(admissible=np.array([[False, False]])), k_max=1)
    assert (chosen.pack.tolist(), chosen.served, chosen.cost, chosen.proven) == ([-1], 0, 0, True)


def test_a_dominated_pack_goes_unless_it_is_held() -> None:
    assert undominated(one_row()).tolist() == [0]
    assert undominated(one_row(cost=np.array([[40, 40]]))).tolist() == [1]
    assert undominated(one_row(stock=np.array([[0, 3]]))).tolist() == [0, 1]


def test_the_check_refuses_a_pack_that_does_not_serve() -> None:
    with pytest.raises(ValueError, match="a row is given a pack that does not serve it"):
        cost_of(one_row(admissible=np.array([[False, True]])), np.array([0]))


def test_k_begins_at_one() -> None:
    with pytest.raises(ValueError, match="k_max must be at least 1, not 0"):
        list(choose(one_row(), k_max=0))
