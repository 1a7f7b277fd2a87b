"""Knowing more never overturns an answer.

Kleene's operators are monotone in what is known, so a yes or a no stays what it is when an unknown fact is settled,
whatever it turns out to be; only an unknown may become something else. The one exception is evidence that contradicts a
declaration: a listed component that a cleared list should have kept out turns the answer to unknown, never to its
opposite.
"""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.eligibility.products import rule
from tests.engines.made_up import DAY

from skypact.engines.eligibility.conditions import evaluate
from skypact.engines.eligibility.facts import Facts, ListingFacts, Part, facts_of
from skypact.engines.eligibility.judgement import Bench
from skypact.schema import Answer, Buyer, BuyerRole, Category, Rule
from skypact.seed import rules

NATIONS = ["CN", "DE", "GB", "KR", "PL", "RU", "US"]
REGIMES = ["blue uas cleared list", "6 usc 124n authorised technologies"]
nation = st.sampled_from(NATIONS)
category = st.sampled_from(
    [
        Category.AIRCRAFT,
        Category.BATTERY,
        Category.CAMERA,
        Category.CYBER,
        Category.JAMMER,
        Category.NET,
        Category.PASSIVE_RF,
        Category.POWER,
        Category.REMOTE_ID,
        Category.RF_DIRECTED_ENERGY,
    ]
)
flag = st.booleans() | st.none()

leaves: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(lambda value: {"fact": "buyer.covered_site", "equals": value}, st.booleans()),
    st.builds(lambda value: {"fact": "buyer.certified", "equals": value}, st.booleans()),
    st.builds(lambda value: {"fact": "listing.decodes_content", "equals": value}, st.booleans()),
    st.builds(lambda value: {"fact": "listing.category", "equals": value}, category),
    st.builds(lambda value: {"fact": "vendor.nation", "equals": value}, nation),
    st.builds(lambda value: {"component_from": [value], "parts": ["radio"]}, nation),
    st.builds(lambda value: {"component_not_from": [value]}, nation),
    st.just({"declared": REGIMES[0]}),
    st.just({"question": "who knows?", "question_ko": "누가 아는가?"}),
)
conditions = st.recursive(
    leaves,
    lambda inner: st.one_of(
        *(
            st.builds(lambda parts, name=name: {name: parts}, st.lists(inner, min_size=1, max_size=3))
            for name in ("all_of", "any_of", "none_of")
        )
    ),
    max_leaves=8,
)
parts = st.lists(st.builds(Part, st.sampled_from(["radio", "camera", "frame"]), nation | st.none()), max_size=3)
listings = st.builds(
    ListingFacts,
    category=category | st.none(),
    decodes_content=flag,
    emits=flag,
    vendor_nation=nation | st.none(),
    parts=parts.map(tuple),
    accounted=st.booleans(),
    declarations=st.frozensets(st.sampled_from([(regime, "listed") for regime in REGIMES])),
)
buyers = st.builds(
    Buyer,
    nation=st.sampled_from(["KR", "US", "US", "DE", "GB", "PL"]),
    role=st.sampled_from(list(BuyerRole)),
    covered_site=flag,
    certified=flag,
)


@st.composite
def settled(draw: st.DrawFn, listing: ListingFacts, buyer: Buyer) -> tuple[ListingFacts, Buyer]:
    """The same case with some of its unknowns settled."""

    def learned(value: Any, values: st.SearchStrategy[Any]) -> Any:
        return draw(st.none() | values) if value is None else value

    more = listing._replace(
        category=learned(listing.category, category),
        decodes_content=learned(listing.decodes_content, st.booleans()),
        emits=learned(listing.emits, st.booleans()),
        vendor_nation=learned(listing.vendor_nation, nation),
        parts=tuple(Part(part.name, learned(part.country, nation)) for part in listing.parts),
        accounted=listing.accounted or draw(st.booleans()),
        declarations=listing.declarations | draw(st.frozensets(st.sampled_from([(one, "listed") for one in REGIMES]))),
    )
    told = {name: learned(getattr(buyer, name), st.booleans()) for name in ("covered_site", "certified")}
    return more, buyer.model_copy(update=told)


def case(listing: ListingFacts, buyer: Buyer) -> Facts:
    return facts_of(listing, buyer, place=buyer.nation)


@settings(max_examples=300, deadline=None)
@given(st.data(), conditions, listings, buyers)
def test_of_a_condition(data: st.DataObject, form: dict[str, Any], listing: ListingFacts, buyer: Buyer) -> None:
    condition = rule(form).when
    before = evaluate(condition, case(listing, buyer))
    after = evaluate(condition, case(*data.draw(settled(listing, buyer))))
    assert before in (Answer.UNKNOWN, after)


@settings(max_examples=200, deadline=None)
@given(st.data(), listings, buyers)
def test_of_a_verdict(data: st.DataObject, listing: ListingFacts, buyer: Buyer) -> None:
    before = verdict(listing, buyer, rules())
    after = verdict(*data.draw(settled(listing, buyer)), rules())
    assert {before, after} != {Answer.YES, Answer.NO}


@settings(max_examples=200, deadline=None)
@given(st.data(), listings.map(lambda listing: listing._replace(declarations=frozenset())), buyers)
def test_of_a_verdict_without_declarations(data: st.DataObject, listing: ListingFacts, buyer: Buyer) -> None:
    more, told = data.draw(settled(listing, buyer))
    before = verdict(listing, buyer, rules())
    after = verdict(more._replace(declarations=frozenset()), told, rules())
    assert before in (Answer.UNKNOWN, after)


def verdict(listing: ListingFacts, buyer: Buyer, book: tuple[Rule, ...]) -> Answer:
    return Bench(buyer, rules=book, on=DAY, place=None).verdict(listing).answer
