"""The curve over k: served, cost by cost, stock, and what unknowns do to it."""

from typing import Any

import pytest
from tests.engines.interop.batteries.made_up import SILENT, aircraft, pack
from tests.engines.made_up import DAY

from skypact.engines.interop.batteries import CostKind, standardise
from skypact.schema import Fleet, Listing

PLANES = [aircraft("ONE"), aircraft("TWO"), aircraft("THREE", battery_connector="EC5")]
PACKS = [
    pack("ALPHA", sold_for=("SYN-ONE",)),
    pack("BRAVO", sold_for=("SYN-TWO",), energy=150.0, mass=0.9),
    pack("CHARLIE", sold_for=("SYN-THREE",), connector="EC5"),
]
LISTINGS = [*PLANES, *PACKS]


def fleet(stock: list[dict[str, Any]] | None = None, **assumptions: Any) -> Fleet:
    rows = [
        {"nation": "KR", "aircraft": "SYN-ONE", "quantity": 10},
        {"nation": "US", "aircraft": "SYN-TWO", "quantity": 20},
        {"nation": "US", "aircraft": "SYN-THREE", "quantity": 5},
    ]
    chosen = {"adapter_price": None, **assumptions}
    return Fleet.model_validate({"title": "test", "aircraft": rows, "stock": stock or [], "assumptions": chosen})


def test_the_curve() -> None:
    curve = standardise(fleet(), LISTINGS, on=DAY, max_k=4)
    assert [(point.k, point.served, point.packs, point.proven) for point in curve.points] == [
        (1, 30, ("SYN-ALPHA",), True),
        (2, 35, ("SYN-ALPHA", "SYN-CHARLIE"), True),
        (3, 35, ("SYN-ALPHA", "SYN-CHARLIE"), True),
        (4, 35, ("SYN-ALPHA", "SYN-CHARLIE"), True),
    ]
    assert (curve.aircraft, curve.candidates, curve.arcs, curve.open_arcs) == (35, 3, 4, 0)
    first, second = curve.points[:2]
    assert [row.aircraft for row in first.left_out] == ["SYN-THREE"]
    assert (first.share, second.share, second.sure) == (30 / 35, 1.0, 35)


def test_each_cost_by_hand() -> None:
    (point,) = standardise(fleet(), LISTINGS, on=DAY, max_k=1).points
    assert point.costs == {
        CostKind.PURCHASE: (33 + 66) * 272,
        CostKind.SHIPPING: (33 + 66) * 30,
        CostKind.ADAPTERS: 0,
        CostKind.CHARGERS: 7 * 300,
        CostKind.ENDURANCE: 0,
        CostKind.SPARES_POOL: 2 * 10 * (272 + 30),
        CostKind.INTRODUCTION: 20_000,
        CostKind.STOCK: 0,
    }
    assert (point.cost, point.bound) == (58_038, 58_038)
    assert {(one.nation, one.pack, one.quantity) for one in point.to_buy} == {
        ("KR", "SYN-ALPHA", 43),
        ("US", "SYN-ALPHA", 76),
    }


def test_lost_endurance_is_paid_for_and_too_much_of_it_is_refused() -> None:
    heavy = pack("HEAVY", mass=1.4, sold_for=("SYN-FOUR",))
    listings = [PLANES[0], PACKS[0], aircraft("FOUR"), heavy]
    document = {
        "title": "stock of the heavy pack",
        "aircraft": [{"aircraft": "SYN-ONE", "quantity": 3}, {"aircraft": "SYN-FOUR", "quantity": 3}],
        "stock": [{"pack": "SYN-HEAVY", "quantity": 20}],
    }
    (point,) = standardise(Fleet.model_validate(document), listings, on=DAY, max_k=1).points
    assert (point.packs, point.served) == (("SYN-HEAVY",), 6)
    ratio = (4.2 / 4.4) ** 1.5
    assert [one.arc.change.endurance_ratio for one in point.servings] == [pytest.approx(ratio, abs=1e-12), 1.0]
    assert point.costs[CostKind.ENDURANCE] == round(3 * 100 * (1 - ratio) * 10) == 202
    assert point.costs[CostKind.CHARGERS] == 300
    strict = Fleet.model_validate({**document, "assumptions": {"endurance_least": 0.95}})
    assert standardise(strict, listings, on=DAY, max_k=1).points[0].packs == ("SYN-ALPHA",)


def test_adapters_may_be_made() -> None:
    curve = standardise(fleet(adapter_price=25.0), LISTINGS, on=DAY, max_k=1)
    (point,) = curve.points
    assert (point.served, point.packs) == (35, ("SYN-ALPHA",))
    assert point.costs[CostKind.ADAPTERS] == 5 * 25


def test_stock_pulls_the_choice_and_the_rest_is_left_over() -> None:
    held = [
        {"nation": "US", "pack": "SYN-ALPHA", "quantity": 50},
        {"nation": "US", "pack": "SYN-BRAVO", "quantity": 7},
        {"nation": "KR", "pack": "SYN-ALPHA", "quantity": 100},
    ]
    (point,) = standardise(fleet(held), LISTINGS, on=DAY, max_k=1).points
    assert [(one.nation, one.pack, one.quantity, one.used) for one in point.stock] == [
        ("US", "SYN-ALPHA", 50, 50),
        ("US", "SYN-BRAVO", 7, 0),
        ("KR", "SYN-ALPHA", 100, 33),
    ]
    assert point.costs[CostKind.STOCK] == -(50 + 33) * 302
    assert {(one.nation, one.quantity) for one in point.to_buy} == {("US", 26), ("KR", 10)}


def test_unknown_fits_serve_nobody_unless_they_are_counted() -> None:
    silent = [aircraft("ONE", **SILENT), pack("ALPHA", sold_for=("SYN-ONE",)), pack("OPEN", connector=None)]
    rows = Fleet.model_validate({"title": "t", "aircraft": [{"aircraft": "SYN-ONE", "quantity": 2}],
                                 "assumptions": {"pack_price_per_wh": 1.0}})  # fmt: skip
    sure = standardise(rows, silent, on=DAY, max_k=1)
    assert (sure.arcs, sure.open_arcs, sure.points[0].packs, sure.points[0].sure) == (1, 1, ("SYN-ALPHA",), 2)
    without = [silent[0], silent[2]]
    assert standardise(rows, without, on=DAY, max_k=1).points[0].served == 0
    cheap = pack("OPEN", connector=None, energy=180.0)
    counted = standardise(rows, [*silent[:2], cheap], on=DAY, max_k=1, count_unknown=True).points[0]
    assert (counted.packs, counted.served, counted.sure) == (("SYN-OPEN",), 2, 0)


@pytest.mark.parametrize(
    "open_pack",
    [pack("OPEN", connector=None, energy=170.0), pack("OPEN", voltage_nominal=None, cells_series=None)],
    ids=["too little energy", "no voltage stated"],
)
def test_what_says_nothing_is_not_counted_either(open_pack: Listing) -> None:
    rows = Fleet.model_validate({"title": "t", "aircraft": [{"aircraft": "SYN-ONE"}]})
    listings = [aircraft("ONE", **SILENT), pack("ALPHA", sold_for=("SYN-ONE",)), open_pack]
    assert standardise(rows, listings, on=DAY, max_k=1, count_unknown=True).open_arcs == 0


def test_an_aircraft_or_pack_that_is_not_listed() -> None:
    with pytest.raises(KeyError, match="SYN-THREE"):
        standardise(fleet(), [*PLANES[:2], *PACKS], on=DAY)
    with pytest.raises(KeyError, match="SYN-NONE"):
        standardise(fleet([{"pack": "SYN-NONE", "quantity": 1}]), LISTINGS, on=DAY)
