"""Rises and what else an auditor looks for: exact at the limit, by share and by time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypact.market.prices.findings import FindingKind, Observed, Rule, findings
from skypact.schema import Money, QuantityBreak

RULE = Rule(share=Decimal("0.1"), days=90)
START = datetime(2026, 1, 1, tzinfo=UTC)


def said(day: float, price: str | None = "100", currency: str = "EUR", **more: Any) -> Observed:
    """An observation; price None: withdrawn."""
    steps = more.pop("steps", {})
    return Observed(
        at=START + timedelta(days=day),
        revision=int(day * 10) + 1,
        seller="acme",
        number=1,
        withdrawn=price is None,
        price=None if price is None else Money(amount=Decimal(price), currency=currency),
        quantity_breaks=tuple(
            QuantityBreak(quantity=quantity, price=Money(amount=Decimal(amount), currency=currency))
            for quantity, amount in steps.items()
        ),
        **more,
    )


def found(*offer: Observed, added: bool = False, rule: Rule = RULE) -> list[tuple[str, int, str, str, str]]:
    """kind, day, before, after, share"""
    return [
        (
            item.kind.value,
            (item.at - START).days,
            str(item.before or ""),
            str(item.after or ""),
            "" if item.share is None else str(item.share),
        )
        for item in findings(offer, rule, added=added)
    ]


def test_a_rise_is_more_than_the_set_share() -> None:
    assert found(said(0, "100"), said(1, "110")) == []
    assert found(said(0, "100"), said(1, "110.0001")) == [("rise", 1, "100 EUR", "110.0001 EUR", "0.1000")]
    assert found(said(0, "100"), said(1, "125")) == [("rise", 1, "100 EUR", "125 EUR", "0.2500")]


def test_small_rises_add_up_within_the_set_time() -> None:
    steps = [said(30 * number, str(100 + 4 * number)) for number in range(5)]
    assert found(*steps) == [
        ("rise", 90, "100 EUR", "112 EUR", "0.1200"),
        ("rise", 120, "104 EUR", "116 EUR", "0.1154"),
    ]


def test_a_price_counts_as_long_as_it_was_in_force() -> None:
    assert found(said(0, "100"), said(300, "125"))[0][:2] == ("rise", 300)
    slow = [said(0, "100"), said(10, "109"), said(100, "118")]
    assert found(*slow) == []
    assert found(*slow[:2], said(99, "118")) == [("rise", 99, "100 EUR", "118 EUR", "0.1800")]


def test_withdrawing_an_offer_does_not_hide_a_rise() -> None:
    assert found(said(0, "100"), said(10, None), said(20, "130")) == [
        ("withdrawn", 10, "100 EUR", "", ""),
        ("rise", 20, "100 EUR", "130 EUR", "0.3000"),
    ]
    assert found(said(0, "100"), said(10, None), said(100, "130"))[1:] == []


def test_up_and_down_again() -> None:
    assert found(said(0, "100"), said(10, "150"), said(20, "120")) == [
        ("rise", 10, "100 EUR", "150 EUR", "0.5000"),
        ("reversed", 20, "150 EUR", "120 EUR", "-0.2000"),
    ]
    assert [item[0] for item in found(said(0, "100"), said(10, "150"), said(101, "120"))] == ["rise"]
    assert found(said(0, "100"), said(10, "105"), said(20, "100")) == []


def test_only_the_price_counts() -> None:
    risen = [said(0, "100"), said(1, "125"), said(2, "125", stock=3)]
    assert [item[:2] for item in found(*risen)] == [("rise", 1)]


def test_the_greatest_rise_over_all_quantities() -> None:
    before = said(0, "100", steps={10: "90", 50: "80"})
    assert found(before, said(1, "100", steps={10: "90", 50: "88.01"})) == [
        ("rise", 1, "80 EUR", "88.01 EUR", "0.1001"),
    ]
    dropped = findings([before, said(1, "100", steps={10: "90"})], RULE, added=False)
    assert [(item.kind, item.quantity, str(item.before), str(item.after)) for item in dropped] == [
        (FindingKind.RISE, 50, "80 EUR", "90 EUR"),
    ]


def test_another_currency_is_no_rise_but_told() -> None:
    assert found(said(0, "100"), said(1, "900", "USD"), said(2, "150")) == [
        ("currency", 1, "100 EUR", "900 USD", ""),
        ("currency", 2, "900 USD", "150 EUR", ""),
        ("rise", 2, "100 EUR", "150 EUR", "0.5000"),
    ]


def test_from_nothing_to_something() -> None:
    assert found(said(0, "0"), said(1, "5")) == [("rise", 1, "0 EUR", "5 EUR", "")]
    silent = said(0).model_copy(update={"price": None})
    assert found(silent, said(1, "5")) == []


def test_an_offer_that_came_after_its_listing() -> None:
    assert found(said(5, "100"), added=True) == [("added", 5, "", "100 EUR", "")]
    assert found(said(5, "100")) == []


def test_another_rule() -> None:
    assert found(said(0, "100"), said(1, "130"), rule=Rule(share=Decimal("0.3"), days=90)) == []
    assert found(said(0, "100"), said(1, "101"), rule=Rule(share=Decimal(0), days=1))[0][0] == "rise"


@given(
    st.lists(
        st.tuples(st.integers(1, 60), st.sampled_from([None, "90", "95", "99", "100", "104.5", "110", "121"])),
        min_size=1,
        max_size=8,
    )
)
def test_rises_are_those_of_the_obvious_oracle(steps: list[tuple[int, str | None]]) -> None:
    """The oracle asks for every day whether a price of the 90 days before was lower by more than a tenth."""
    day, offer = 0, []
    for gap, price in steps:
        day += gap
        offer.append(said(day, price))
    standing: dict[int, Fraction | None] = {}
    for number, item in enumerate(offer):
        begins = (item.at - START).days
        ends = (offer[number + 1].at - START).days if number + 1 < len(offer) else begins + 1
        for date_ in range(begins, ends):
            standing[date_] = item.price and Fraction(item.price.amount)
    expected = []
    for item in offer:
        begins = (item.at - START).days
        price = item.price and Fraction(item.price.amount)
        known = [standing.get(date_) for date_ in range(begins - 90, begins)]
        lower = [one for one in known if one is not None]
        if price and lower and price > lower[-1] and price * 10 > min(lower) * 11:
            expected.append(begins)
    assert [item[1] for item in found(*offer) if item[0] == "rise"] == expected


@pytest.mark.parametrize("share", ["0.1", "0.1000"])
def test_shares_have_four_decimals(share: str) -> None:
    rule = Rule(share=Decimal(share), days=90)
    assert str(findings([said(0, "3"), said(1, "4")], rule, added=False)[0].share) == "0.3333"
