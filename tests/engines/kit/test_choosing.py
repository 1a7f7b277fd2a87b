"""The chosen kit against brute force: every subset of every small question."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skypact.engines.kit.choosing import Choice, Chosen, Node, Nothing, Path, choose
from skypact.engines.kit.greedy import first_kit


def solved(question: Choice) -> Chosen | None:
    found = choose(question, work_limit=10.0, progress=lambda done: None, stop=lambda: False)
    if isinstance(found, Nothing):
        assert found == Nothing(impossible=True, stopped=False)
        return None
    return found


def brute_force(question: Choice) -> int | None:
    """The least cost over every subset of options and every hub, spelled out."""
    count = len(question.product)
    costs = [
        cost
        for size in range(count + 1)
        for subset in itertools.combinations(range(count), size)
        for hub in range(len(question.hubs))
        if (cost := cost_of(question, subset, hub)) is not None
    ]
    return min(costs, default=None)


def cost_of(question: Choice, subset: tuple[int, ...], hub: int) -> int | None:
    positions = {int(question.position[option]) for option in subset}
    if question.positions_max is not None and len(positions) > question.positions_max:
        return None
    limit = question.hubs[hub].sensors_max
    if limit is not None and len(subset) > limit:
        return None
    for group, need in enumerate(question.need):
        covered = 0
        for row in np.flatnonzero(question.group == group):
            kinds = sum(any(seen[option, row] for option in subset) for seen in question.seen)
            sensors = sum(any(seen[option, row] for seen in question.seen) for option in subset)
            certainty = (
                sum(int(question.certainty[option, row]) for option in subset) if question.certainty_needed else 0
            )
            enough = kinds >= question.kinds_needed and sensors >= question.sensors_needed
            covered += int(question.weight[row]) if enough and certainty >= question.certainty_needed else 0
        if covered < need:
            return None
    products = sorted({int(question.product[option]) for option in subset})
    spent = sum(int(question.cost[question.product[option]]) for option in subset)
    ways = [[path for path in question.paths[product] if path.hub == hub] for product in products]
    units = [sum(question.product[option] == product for option in subset) for product in products]
    networks = [
        sum(costs)
        for combination in itertools.product(*ways)
        if None
        not in (costs := [bill(question, gateway, combination, units) for gateway in range(len(question.gateways))])
    ]
    return None if not networks else spent + question.hubs[hub].cost + min(networks)


def bill(question: Choice, gateway: int, ways: Sequence[Path], units: Sequence[int]) -> int | None:
    """What as many of this gateway cost as the units on these ways need; None if no number of them serves."""
    node = question.gateways[gateway]
    served = sum(count for path, count in zip(ways, units, strict=True) if gateway in path.gateways)
    if served == 0:
        return 0
    if node.sensors_max is None:
        return node.cost
    return None if node.sensors_max == 0 else node.cost * math.ceil(served / node.sensors_max)


@st.composite
def questions(draw: st.DrawFn) -> Choice:
    products, options, rows, kinds, hubs, gateways = (draw(st.integers(1, top)) for top in (3, 6, 5, 2, 2, 2))
    groups = draw(st.integers(1, 2))
    flags = st.lists(st.booleans(), min_size=kinds * options * rows, max_size=kinds * options * rows)
    weight = np.array(draw(st.lists(st.integers(1, 4), min_size=rows, max_size=rows)))
    group = np.sort(np.array(draw(st.lists(st.integers(0, groups - 1), min_size=rows, max_size=rows))))
    total = [int(weight[group == number].sum()) for number in range(groups)]
    money = st.integers(0, 50)
    seen = np.array(draw(flags)).reshape(kinds, options, rows)
    certainty_needed = draw(st.sampled_from([0, 6]))
    parts = np.array(draw(st.lists(st.integers(0, 6), min_size=options * rows, max_size=options * rows)))
    way = st.builds(
        Path,
        st.integers(0, hubs - 1),
        st.lists(st.integers(0, gateways - 1), max_size=1).map(tuple),
        st.integers(0, 1),
    )
    return Choice(
        seen=seen,
        weight=weight,
        group=group,
        need=np.array([draw(st.integers(0, most)) for most in total]),
        product=np.array(draw(st.lists(st.integers(0, products - 1), min_size=options, max_size=options))),
        position=np.array(draw(st.lists(st.integers(0, 3), min_size=options, max_size=options))),
        cost=np.array(draw(st.lists(money, min_size=products, max_size=products))),
        unknowns=np.array(draw(st.lists(st.integers(0, 3), min_size=products, max_size=products))),
        paths=[tuple(dict.fromkeys(draw(st.lists(way, min_size=0, max_size=3)))) for _ in range(products)],
        hubs=[Node(draw(money), 0, draw(st.none() | st.integers(0, 3))) for _ in range(hubs)],
        gateways=[Node(draw(money), 0, draw(st.none() | st.integers(0, 3))) for _ in range(gateways)],
        kinds_needed=draw(st.integers(1, kinds)),
        positions_max=draw(st.none() | st.integers(1, 3)),
        seed=1,
        sensors_needed=draw(st.integers(1, 3)),
        certainty=(parts.reshape(options, rows) * seen.any(axis=0) * (certainty_needed > 0)).astype(np.uint16),
        certainty_needed=certainty_needed,
    )


@settings(max_examples=250, deadline=None)
@given(questions())
def test_no_subset_is_cheaper(question: Choice) -> None:
    chosen = solved(question)
    expected = brute_force(question)
    assert (None if chosen is None else chosen.cost) == expected
    if chosen is not None:
        assert chosen.proven
        assert chosen.bound == chosen.cost
        assert cost_of(question, tuple(int(option) for option in chosen.options), chosen.hub) == expected


SMALL = Choice(
    seen=np.array([[[True, False], [False, True], [True, True]]]),
    weight=np.array([3, 3]),
    group=np.array([0, 0]),
    need=np.array([6]),
    product=np.array([0, 0, 1]),
    position=np.array([0, 1, 2]),
    cost=np.array([100, 200]),
    unknowns=np.array([1, 0]),
    paths=[(Path(0, (), 0),), (Path(0, (), 0),)],
    hubs=[Node(50, 0, None)],
    gateways=[],
    kinds_needed=1,
    positions_max=None,
    seed=1,
)


def test_of_equally_cheap_kits_the_better_known_one() -> None:
    chosen = solved(SMALL)
    assert chosen is not None
    assert (chosen.options.tolist(), chosen.cost) == ([2], 250)
    worse_known = replace(SMALL, unknowns=np.array([0, 1]))
    other = solved(worse_known)
    assert other is not None
    assert (other.options.tolist(), other.cost) == ([0, 1], 250)


def test_a_gateway_serves_no_more_sensors_than_it_can() -> None:
    through = replace(
        SMALL, paths=[(Path(0, (0,), 0),), (Path(0, (), 0),)], gateways=[Node(150, 0, 1)], cost=np.array([10, 200])
    )
    chosen = solved(through)
    assert chosen is not None
    assert (chosen.options.tolist(), chosen.cost, chosen.gateways) == ([2], 250, {})
    cheap = solved(replace(through, gateways=[Node(80, 0, 1)]))
    assert cheap is not None
    assert (cheap.options.tolist(), cheap.cost, cheap.gateways) == ([0, 1], 230, {0: 2})
    assert solved(replace(through, gateways=[Node(0, 0, 0)], product=np.array([0, 0, 0]))) is None


def test_sensors_of_different_products_share_what_a_gateway_serves() -> None:
    both = replace(
        SMALL,
        seen=np.array([[[True, False], [False, True]]]),
        product=np.array([0, 1]),
        position=np.array([0, 1]),
        paths=[(Path(0, (0,), 0),), (Path(0, (0,), 0), Path(0, (1,), 0))],
        gateways=[Node(40, 0, 1), Node(30, 0, None)],
    )
    chosen = solved(both)
    assert chosen is not None
    assert (chosen.cost, chosen.paths) == (420, {0: Path(0, (0,), 0), 1: Path(0, (1,), 0)})
    alone = solved(replace(both, paths=[(Path(0, (0,), 0),)] * 2))
    assert alone is not None
    assert (alone.cost, alone.gateways) == (430, {0: 2})


def test_prices_in_won_stay_exact() -> None:
    won = replace(
        hard(options=5000, rows=20),
        cost=np.full(5000, 12_345_678_901_00),
        hubs=[Node(1_000_000_007_00, 1, None)],
        need=np.array([1]),
    )
    chosen = solved(won)
    assert chosen is not None
    assert (chosen.cost, chosen.bound, chosen.proven) == (13_345_678_908_00, 13_345_678_908_00, True)


def test_amounts_beyond_exact_arithmetic_are_refused() -> None:
    with pytest.raises(ValueError, match="too large to add up exactly"):
        solved(replace(SMALL, cost=np.array([10**16, 10**16 + 1])))


def test_what_cannot_be_covered_has_no_answer() -> None:
    assert solved(replace(SMALL, need=np.array([7]))) is None


def hard(options: int = 400, rows: int = 300) -> Choice:
    """A question whose proof takes long: random thin options of nearly equal cost."""
    random = np.random.default_rng(7)
    return replace(
        SMALL,
        seen=random.random((1, options, rows)) < 0.02,
        weight=np.ones(rows, dtype=np.int64),
        group=np.zeros(rows, dtype=np.int64),
        need=np.array([int(rows * 0.95)]),
        product=np.arange(options),
        position=np.arange(options),
        cost=random.integers(95, 105, options),
        unknowns=np.zeros(options, dtype=np.int64),
        paths=[(Path(0, (), 0),)] * options,
    )


def test_a_stopped_search_keeps_the_best_kit_so_far() -> None:
    question = hard()
    chosen = choose(question, work_limit=1e6, progress=lambda done: None, stop=lambda: True)
    assert isinstance(chosen, Chosen)
    assert chosen.stopped
    assert not chosen.proven
    assert chosen.bound < chosen.cost
    assert cost_of(question, tuple(int(option) for option in chosen.options), chosen.hub) == chosen.cost


def test_the_work_limit_ends_a_search_with_its_gap() -> None:
    question = hard()
    chosen = choose(question, work_limit=0.05, progress=lambda done: None, stop=lambda: False)
    assert isinstance(chosen, Chosen)
    assert (chosen.proven, chosen.stopped) == (False, False)
    assert 0 <= chosen.bound < chosen.cost
    again = choose(question, work_limit=0.05, progress=lambda done: None, stop=lambda: False)
    assert isinstance(again, Chosen)
    assert (again.cost, again.bound, again.options.tolist()) == (chosen.cost, chosen.bound, chosen.options.tolist())


@settings(max_examples=100, deadline=None)
@given(questions())
def test_the_first_kit_is_a_kit(question: Choice) -> None:
    start = first_kit(question)
    if start is not None:
        hub, options, _ = start
        assert cost_of(question, tuple(int(option) for option in options), hub) is not None
