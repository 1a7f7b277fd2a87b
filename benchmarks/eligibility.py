"""How long it takes to say, for every listing, whether a buyer may have and use it.

There is no peer of another house in this table: the general rule engines at hand (Cedar, business-rules, rule-engine)
are two-valued and tell neither an unknown nor what is missing for an answer, so they would be timed on less work. The
peer is our own ``judge``, called once a listing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from itertools import cycle, islice, product

from benchmarks.row import Row, seconds
from skypact.engines.eligibility import Verdict, judge, judge_many
from skypact.schema import Buyer, Component, Listing, Vendor
from skypact.seed import catalogue, rules

DAY = date(2026, 11, 21)
BUYERS = {
    "a US base": Buyer.model_validate({"nation": "US", "role": "military"}),
    "US county police": Buyer.model_validate({"nation": "US", "role": "police"}),
    "a Korean airport": Buyer.model_validate({"nation": "KR", "role": "airport"}),
}
PARTS = ("flight controller", "radio", "camera", "ground control", "final assembly")
COUNTRIES = ("KR", "US", "CN", "DE", None)


def rows() -> Iterator[Row]:
    """The built-in catalogue repeated to the size of the US marketplace, and as many aircraft that differ pairwise."""
    seed = catalogue()
    vendors = {vendor.id: vendor for vendor in seed.vendors}
    typical = [
        listing.model_copy(update={"id": f"{listing.id}-{number}"})
        for number, listing in enumerate(islice(cycle(seed.listings), 1600))
    ]
    different = _different(next(listing for listing in seed.listings if listing.category == "aircraft"), 1600)
    for name, buyer in BUYERS.items():
        for kind, listings, limit in (
            ("1,600 typical listings", typical, 50),
            ("1,600 aircraft of different parts", different, 200),
        ):
            ours = seconds(partial(judge_many, listings, vendors, buyer, rules=rules(), on=DAY))
            singly = seconds(partial(_one_by_one, listings, vendors, buyer), repeats=1)
            yield Row(
                measure=f"{kind} for {name}",
                ours=ours * 1000,
                unit="ms",
                peer=singly * 1000,
                peer_name="judge, one by one",
                ratio=singly / ours,
                bar=f"≤ {limit} ms",
                holds=ours * 1000 <= limit,
            )


def _one_by_one(listings: list[Listing], vendors: Mapping[str, Vendor], buyer: Buyer) -> list[Verdict]:
    return [judge(listing, vendors[listing.vendor], buyer, rules=rules(), on=DAY) for listing in listings]


def _different(aircraft: Listing, count: int) -> list[Listing]:
    """``count`` variants of ``aircraft``, no two of which have components of the same origins."""
    evidence = aircraft.evidence[0]
    return [
        aircraft.model_copy(
            update={
                "id": f"{aircraft.id}-{number}",
                "components": tuple(
                    Component(part=part, country=country, share=0.2, evidence=evidence)
                    for part, country in zip(PARTS, origins, strict=True)
                ),
            }
        )
        for number, origins in enumerate(islice(product(COUNTRIES, repeat=len(PARTS)), count))
    ]
