"""Leaving out options and merging places changes no answer: against every subset of all options."""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from tests.engines.made_up import DAY

from skypact.engines.kit import reduction
from skypact.engines.kit.choosing import Choice, Chosen, Node, Path, choose
from skypact.engines.kit.network import Network
from skypact.engines.kit.options import CERTAINTY_UNITS, Options
from skypact.engines.kit.reduction import merged_rows, unbeaten
from skypact.schema import SensorKind

KINDS = (SensorKind.CAMERA, SensorKind.RADAR)


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    """Options that often beat one another, and what is asked of them."""
    count, places, products = draw(st.integers(2, 7)), draw(st.integers(1, 4)), draw(st.integers(1, 3))
    groups = draw(st.integers(1, 2))
    cells = groups * places
    flags = st.lists(st.sampled_from([True, True, False]), min_size=2 * count * cells, max_size=2 * count * cells)
    seen = np.array(draw(flags)).reshape(2, count, cells)
    fused = draw(st.booleans())
    parts = st.sampled_from([0, CERTAINTY_UNITS // 3, CERTAINTY_UNITS // 2, CERTAINTY_UNITS])
    certainty = np.array(draw(st.lists(parts, min_size=count * cells, max_size=count * cells)), dtype=np.uint16)
    certainty = certainty.reshape(count, cells) * seen.any(axis=0)
    options = Options(
        kinds=KINDS,
        seen=seen,
        product=np.sort(np.array(draw(st.lists(st.integers(0, products - 1), min_size=count, max_size=count)))),
        position=np.array(draw(st.lists(st.integers(0, 1), min_size=count, max_size=count))),
        azimuth=np.full(count, np.nan),
        certainty=certainty if fused else np.empty((count, 0), dtype=np.uint16),
    )
    way = st.builds(Path, st.just(0), st.sampled_from([(), (0,)]), st.just(0))
    return {
        "options": options,
        "groups": groups,
        "cost": draw(st.lists(st.integers(1, 9), min_size=products, max_size=products)),
        "unknowns": draw(st.lists(st.integers(0, 1), min_size=products, max_size=products)),
        "ways": [(draw(way),) for _ in range(products)],
        "kinds": draw(st.integers(1, 2)),
        "sensors": draw(st.integers(1, 3)),
        "need": [draw(st.integers(1, places)) for _ in range(groups)],
        "positions_max": draw(st.none() | st.just(1)),
    }


def cheapest_of_all(asked: dict[str, Any]) -> int | None:
    """Every subset of the options as they are, place by place."""
    options: Options = asked["options"]
    found = []
    for size in range(len(options) + 1):
        for subset in itertools.combinations(range(len(options)), size):
            if asked["positions_max"] and len({int(options.position[one]) for one in subset}) > asked["positions_max"]:
                continue
            covered = [
                sum(any(seen[one, cell] for one in subset) for seen in options.seen) >= asked["kinds"]
                and sum(options.seen[:, one, cell].any() for one in subset) >= asked["sensors"]
                and (not options.fused or sum(int(options.certainty[one, cell]) for one in subset) >= CERTAINTY_UNITS)
                for cell in range(options.seen.shape[2])
            ]
            by_group = np.array(covered).reshape(asked["groups"], -1).sum(axis=1)
            if (by_group >= asked["need"]).all():
                products = {int(options.product[one]) for one in subset}
                gateway = any(asked["ways"][product][0].gateways for product in products)
                found.append(sum(asked["cost"][options.product[one]] for one in subset) + 5 * gateway)
    return min(found, default=None)


@settings(max_examples=250, deadline=None)
@given(questions())
def test_no_subset_of_all_options_is_cheaper(asked: dict[str, Any]) -> None:
    products = tuple(
        SimpleNamespace(cost=cost, unknowns=unknowns, listing=SimpleNamespace(id=f"P{number}"))
        for number, (cost, unknowns) in enumerate(zip(asked["cost"], asked["unknowns"], strict=True))
    )
    gateway = SimpleNamespace(cost=5, unknowns=0, listing=SimpleNamespace(fusion=None, ports=()))
    network = Network(products, (gateway,), (gateway,), tuple(asked["ways"]), whole=True)
    limited = asked["positions_max"] is not None
    whole: Options = asked["options"]
    kept = unbeaten(whole, network, sensors=asked["sensors"], same_position_only=limited, on=DAY)
    event(f"left out: {len(whole) - len(kept)}")
    rows, weight, group = merged_rows(whole.kept(kept), asked["groups"])
    question = Choice(
        seen=rows.seen,
        weight=weight,
        group=group,
        need=np.array(asked["need"]),
        product=rows.product,
        position=rows.position,
        cost=np.array(asked["cost"]),
        unknowns=np.array(asked["unknowns"]),
        paths=asked["ways"],
        hubs=[Node(0, 0, None)],
        gateways=[Node(5, 0, None)],
        kinds_needed=asked["kinds"],
        positions_max=asked["positions_max"],
        seed=1,
        sensors_needed=asked["sensors"],
        certainty=rows.certainty,
        certainty_needed=CERTAINTY_UNITS if rows.fused else 0,
    )
    chosen = choose(question, work_limit=10.0, progress=lambda done: None, stop=lambda: False)
    assert (chosen.cost if isinstance(chosen, Chosen) else None) == cheapest_of_all(asked)


def test_a_better_option_stands_for_another_only_where_one_is_enough() -> None:
    """Two sensors on one mast, the second no better than the first: it is needless once, but not where two must see."""
    options = Options(
        kinds=KINDS[:1],
        seen=np.array([[[True, True], [True, False]]]),
        product=np.array([0, 1]),
        position=np.array([0, 0]),
        azimuth=np.full(2, np.nan),
        certainty=np.empty((2, 0), dtype=np.uint16),
    )
    products = tuple(SimpleNamespace(cost=1, unknowns=0, listing=SimpleNamespace(id=f"P{one}")) for one in range(2))
    hub = SimpleNamespace(cost=0, unknowns=0, listing=SimpleNamespace(fusion=None, ports=()))
    network = Network(products, (hub,), (), ((Path(0, (), 0),),) * 2, whole=True)
    asked = {"same_position_only": False, "on": DAY}
    assert unbeaten(options, network, sensors=1, **asked).tolist() == [0]
    assert unbeaten(options, network, sensors=2, **asked).tolist() == [0, 1]


@pytest.mark.parametrize(("limits", "kept", "cost"), [((3, 10), 26, 2600), ((None, None), 13, 2400)])
def test_two_products_may_share_two_limited_gateways(
    limits: tuple[int | None, ...], kept: int, cost: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thirteen places, two products that are equal: three of one and ten of the other fill a gateway each.

    Hub 1000, sensors 13 × 100, gateways 100 and 200: 2600. Over one way all thirteen would need five of the first
    gateway or two of the second: 2700. Without limits one product over the first gateway is enough.
    """
    gateways = tuple(SimpleNamespace(cost=100 * (number + 1), serves=limit) for number, limit in enumerate(limits))
    monkeypatch.setattr(
        reduction, "serves", lambda gateway, on: float("inf") if gateway.serves is None else gateway.serves
    )
    places = 13
    products = tuple(SimpleNamespace(cost=100, unknowns=0, listing=SimpleNamespace(id=name)) for name in "AB")
    ways = (Path(0, (0,), 0), Path(0, (1,), 0))
    hub = SimpleNamespace(cost=1000, unknowns=0, listing=None)
    network = Network(products, (hub,), gateways, (ways, ways), whole=True)
    options = Options(
        kinds=KINDS[:1],
        seen=np.vstack([np.eye(places, dtype=np.bool_)] * 2)[None],
        product=np.repeat([0, 1], places),
        position=np.tile(np.arange(places), 2),
        azimuth=np.full(2 * places, np.nan),
        certainty=np.empty((2 * places, 0), dtype=np.uint16),
    )
    left = unbeaten(options, network, sensors=1, same_position_only=False, on=DAY)
    assert len(left) == kept
    chosen = options.kept(left)
    question = Choice(
        seen=chosen.seen,
        weight=np.ones(places, dtype=np.int64),
        group=np.zeros(places, dtype=np.int64),
        need=np.array([places]),
        product=chosen.product,
        position=chosen.position,
        cost=np.array([100, 100]),
        unknowns=np.array([0, 0]),
        paths=(ways, ways),
        hubs=[Node(1000, 0, None)],
        gateways=[Node(gateway.cost, 0, gateway.serves) for gateway in gateways],
        kinds_needed=1,
        positions_max=None,
        seed=1,
    )
    found = choose(question, work_limit=5.0, progress=lambda done: None, stop=lambda: False)
    assert isinstance(found, Chosen)
    assert (found.cost, found.proven) == (cost, True)
