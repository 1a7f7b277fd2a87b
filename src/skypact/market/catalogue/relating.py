"""Reads of how listings stand to one another: configurations, spares and substitutes, from either end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from skypact import schema
from skypact.market.catalogue.selectors import SeenListing, listings
from skypact.market.core.access import Actor
from skypact.market.relations.models import Kind
from skypact.market.relations.selectors import pointing_to
from skypact.schema import NumberClaim, SpareFor


@dataclass(frozen=True)
class Spare:
    """A spare or consumable beside what it is for, as far as the reader may know it."""

    seen: SeenListing
    """the spare, or seen from the spare what it is for"""
    terms: SpareFor
    per_year: NumberClaim | None
    """how many one unit needs in a year, by the claim to rely on; ``None`` is unknown"""


@dataclass(frozen=True, kw_only=True)
class Relations:
    """Everything that one listing is to others and others are to it."""

    variant_of: SeenListing | None
    variants: tuple[SeenListing, ...]
    spare_for: tuple[Spare, ...]
    spares: tuple[Spare, ...]
    substitutes: tuple[SeenListing, ...]
    substitute_for: tuple[SeenListing, ...]

    @property
    def any(self) -> bool:
        """Whether there is anything to show."""
        return any(getattr(self, name) for name in self.__dataclass_fields__)


def relations_of(actor: Actor, record: schema.Listing, *, on: date) -> Relations:
    """How ``record``, as ``actor`` sees it, stands to the other listings that ``actor`` may see."""
    pointing = pointing_to([record.id])
    named = [record.variant_of, *(spare.listing for spare in record.spare_for), *record.substitutes]
    seen = _by_id(actor, [*filter(None, named), *(source for source, _, _ in pointing)], on)

    def sources(kind: Kind) -> tuple[SeenListing, ...]:
        return tuple(seen[source] for source, found, _ in pointing if found is kind and source in seen)

    return Relations(
        variant_of=seen.get(record.variant_of or ""),
        variants=sources(Kind.VARIANT),
        spare_for=tuple(_spare(seen[item.listing], item, on) for item in record.spare_for if item.listing in seen),
        spares=tuple(_spare(item, terms, on) for item in sources(Kind.SPARE) for terms in _terms(item, record.id)),
        substitutes=tuple(seen[target] for target in record.substitutes if target in seen),
        substitute_for=sources(Kind.SUBSTITUTE),
    )


def _by_id(actor: Actor, slugs: Iterable[str], on: date) -> dict[str, SeenListing]:
    """Those listings that ``actor`` may see and that are still offered."""
    found = listings(actor, list(dict.fromkeys(slugs)), on=on)
    return {item.record.id: item for item in found if item.withdrawn is None}


def _terms(spare: SeenListing, target: str) -> list[SpareFor]:
    """What the spare says of ``target``; empty where its reader may not know that it is one."""
    return [item for item in spare.record.spare_for if item.listing == target]


def _spare(seen: SeenListing, terms: SpareFor, on: date) -> Spare:
    return Spare(seen, terms, schema.strongest(terms.quantity_per_year, on=on))


@dataclass(frozen=True)
class SpareOfKit:
    """A spare for one product of a kit."""

    listing: str
    """the product's id"""
    units: int
    """how many of the product the kit has"""
    spare: Spare

    @property
    def per_year(self) -> float | None:
        """How many all units of the kit need in a year; ``None`` is unknown."""
        known = self.spare.per_year
        return None if known is None or known.value is None else known.value * self.units


def spares_for(actor: Actor, units: Mapping[str, int], *, on: date) -> list[SpareOfKit]:
    """The spares and consumables for so many units of these listings, by product and then by the spare's name.

    Only what ``actor`` may see and what is still offered. One question to the relations, one to the catalogue.
    """
    pointing = pointing_to(units, (Kind.SPARE,))
    seen = _by_id(actor, (source for source, _, _ in pointing), on)
    return [
        SpareOfKit(target, units[target], _spare(seen[source], terms, on))
        for target in units
        for source in sorted(
            (source for source, _, to in pointing if to == target and source in seen),
            key=lambda slug: (seen[slug].record.name, slug),
        )
        for terms in _terms(seen[source], target)
    ]
