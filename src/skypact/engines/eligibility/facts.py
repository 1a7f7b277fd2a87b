"""What is known, on one day, of a listing, its vendor, the buyer and the place, in the words that rules use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from skypact.schema import Buyer, Category, Listing, SensorKind, Vendor, strongest
from skypact.schema.rule import Fact

#: Kinds of sensor that only receive, or that send light: without a claim to the contrary they send no radio waves.
_RADIO_SILENT = frozenset(
    {SensorKind.CAMERA, SensorKind.ACOUSTIC, SensorKind.LIDAR, SensorKind.PASSIVE_RF, SensorKind.REMOTE_ID}
)

#: Kinds of product that may read the content of radio traffic although nobody says so.
_MAY_READ_RADIO = frozenset({Category.PASSIVE_RF, Category.CYBER})

#: Component shares given to two or three digits are taken to account for the whole product from this sum on.
_WHOLE = 0.995


class Part(NamedTuple):
    """A component: its name in lower case, and the nation it comes from, where that is known on the day."""

    name: str
    country: str | None


class ListingFacts(NamedTuple):
    """Everything a rule can ask of a listing. Two listings with equal facts are judged alike."""

    category: Category | None
    decodes_content: bool | None
    emits: bool | None
    vendor_nation: str | None
    parts: tuple[Part, ...]
    accounted: bool
    """whether the components account for the whole product"""
    declarations: frozenset[tuple[str, str]]


#: A listing of which nothing is known.
NOTHING_KNOWN = ListingFacts(None, None, None, None, (), accounted=False, declarations=frozenset())


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one case."""

    named: dict[Fact, bool | str | None]
    listing: ListingFacts


def listing_facts(listing: Listing, vendor: Vendor, *, on: date) -> ListingFacts:
    """The facts of ``listing`` on the day ``on``; expired evidence counts as unknown."""
    return ListingFacts(
        category=listing.category,
        decodes_content=_decodes_content(listing, on=on),
        emits=_emits(listing, on=on),
        vendor_nation=vendor.nation,
        parts=tuple(
            Part(part.part.lower(), part.country if part.evidence.valid_on(on) else None) for part in listing.components
        ),
        accounted=_accounted(listing, on=on),
        declarations=frozenset(
            (entry.regime.lower(), entry.code) for entry in listing.declarations if entry.evidence.valid_on(on)
        ),
    )


def facts_of(listing: ListingFacts, buyer: Buyer, *, place: str | None) -> Facts:
    """All facts of one case. ``place`` is the nation on whose soil the equipment stands."""
    return Facts(
        named={
            Fact.PLACE_NATION: place,
            Fact.BUYER_NATION: buyer.nation,
            Fact.BUYER_ROLE: buyer.role.value,
            Fact.BUYER_COVERED_SITE: buyer.covered_site,
            Fact.BUYER_CERTIFIED: buyer.certified,
            Fact.VENDOR_NATION: listing.vendor_nation,
            Fact.LISTING_CATEGORY: None if listing.category is None else listing.category.value,
            Fact.LISTING_FAMILY: None if listing.category is None else listing.category.family,
            Fact.LISTING_DECODES_CONTENT: listing.decodes_content,
            Fact.LISTING_EMITS: listing.emits,
        },
        listing=listing,
    )


def _decodes_content(listing: Listing, *, on: date) -> bool | None:
    """As claimed; without a claim unknown for a receiver of foreign radio traffic, and no for everything else."""
    claim = strongest(listing.decodes_content, on=on)
    if claim is not None:
        return claim.value
    receives = any(sensor.kind is SensorKind.PASSIVE_RF for sensor in listing.sensors)
    return None if receives or listing.category in _MAY_READ_RADIO else False


def _emits(listing: Listing, *, on: date) -> bool | None:
    """Yes if one sensor transmits; no if every sensor is known not to; a listing without sensors says nothing."""
    stated = []
    for sensor in listing.sensors:
        claim = strongest(sensor.emits, on=on) if sensor.emits else None
        stated.append(claim.value if claim is not None else False if sensor.kind in _RADIO_SILENT else None)
    if True in stated:
        return True
    return False if stated and None not in stated else None


def _accounted(listing: Listing, *, on: date) -> bool:
    shares = [part.share for part in listing.components if part.evidence.valid_on(on)]
    return None not in shares and sum(share for share in shares if share is not None) >= _WHOLE
