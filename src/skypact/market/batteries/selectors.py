"""What one actor may see of packs, aircraft, chargers and adapters, and what the engine says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.http import Http404

from skypact.engines.interop import batteries
from skypact.engines.interop.batteries import Curve, Distinct, PackFit, SamePack, Substitute, distinct, own_pack
from skypact.exchange.fleet import FleetFile, check_ids
from skypact.market.catalogue import selectors as catalogue
from skypact.market.core.access import Actor
from skypact.schema import Category, Fleet, FleetAircraft, FleetStock, InputError, Listing, Vendor

FAMILIES = ("battery", "aircraft", "charger", "adapter")
MOST_KINDS = 20
DEFAULT_KINDS = 12


@dataclass(frozen=True)
class Equipment:
    """The listings that batteries are about, as one actor may see them on one day.

    A pack that several listings tell of is one pack (:func:`skypact.engines.interop.batteries.distinct`): asked for by
    any of their ids, it answers with the claims of all of them.
    """

    listings: dict[str, Listing]
    """as they stand in the catalogue"""
    on: date
    makers: Mapping[str, str] = field(default_factory=dict)
    """vendors' names by id"""

    @cached_property
    def distinct(self) -> Distinct:
        """The same with every pack once."""
        return distinct([*self.listings.values()], on=self.on, makers=self.makers)

    @cached_property
    def packs(self) -> dict[str, SamePack]:
        """The packs of several listings, by the id under which each stands."""
        return {one.pack.id: one for one in self.distinct.same}

    @cached_property
    def known(self) -> dict[str, Listing]:
        """Every listing by id, a pack of several listings under each of theirs."""
        kept = {listing.id: listing for listing in self.distinct.listings}
        return kept | {identifier: kept[pack] for identifier, pack in self.distinct.joined.items()}

    def of(self, family: str) -> list[Listing]:
        """Those of one family, by name, each once."""
        found = [listing for listing in self.distinct.listings if listing.category.family == family]
        return sorted(found, key=lambda listing: (listing.name.casefold(), listing.id))

    @cached_property
    def adapters(self) -> list[Listing]:
        """The adapters at hand."""
        return [listing for listing in self.listings.values() if listing.category is Category.ADAPTER]

    def one(self, identifier: str, family: str) -> Listing:
        """One listing of a family. Raises Http404."""
        found = self.known.get(identifier)
        if found is None or found.category.family != family:
            raise Http404(f"There is no {family} {identifier}.")
        return found

    def fit(self, pack: str, aircraft: str, charger: str | None = None) -> PackFit:
        """Whether a pack works in an aircraft, and on a charger. Raises Http404."""
        flown = self.one(aircraft, "aircraft")
        return batteries.fit_pack(
            self.one(pack, "battery"),
            flown,
            on=self.on,
            charger=self.one(charger, "charger") if charger else None,
            own=own_pack(flown, self.distinct.listings, on=self.on),
            adapters=self.adapters,
        )

    def substitutes(self, pack: str, aircraft: str | None = None) -> tuple[Substitute, ...]:
        """What may take a pack's place, in one aircraft or anywhere. Raises Http404."""
        return batteries.substitutes(
            self.one(pack, "battery"),
            self.of("battery"),
            on=self.on,
            aircraft=self.one(aircraft, "aircraft") if aircraft else None,
            adapters=self.adapters,
        )

    def every_aircraft(self, title: str) -> Fleet:
        """A fleet of one of every aircraft. Raises InputError where there is none."""
        flown = [listing for listing in self.of("aircraft") if listing.airframe is not None]
        if not flown:
            raise InputError.single(
                file="catalogue", accepted="at least one aircraft; skypact catalogue load-seed loads some"
            )
        return Fleet(title=title, aircraft=tuple(FleetAircraft(aircraft=listing.id) for listing in flown))

    def curve(self, file: FleetFile, *, kinds: int, count_unknown: bool) -> Curve:
        """The best 1, 2, … ``kinds`` kinds of packs for a fleet. Raises InputError for ids that are not listed.

        Packs held under several listings of one pack are added up.
        """
        check_ids(file, [*self.listings.values()])
        own = {listing.id: listing for listing in file.fleet.listings}
        every = distinct([*(self.listings | own).values()], on=self.on, makers=self.makers)
        fleet = file.fleet.model_copy(update={"stock": _stock(file.fleet, every), "listings": ()})
        return batteries.standardise(fleet, every.listings, on=self.on, max_k=kinds, count_unknown=count_unknown)


def _stock(fleet: Fleet, every: Distinct) -> tuple[FleetStock, ...]:
    held: Counter[tuple[str | None, str]] = Counter()
    for one in fleet.stock:
        held[one.nation, every.id_of(one.pack)] += one.quantity
    return tuple(
        FleetStock.model_construct(nation=nation, pack=pack, quantity=number) for (nation, pack), number in held.items()
    )


def equipment(actor: Actor, *, on: date) -> Equipment:
    """The packs, aircraft, chargers and adapters that ``actor`` may see."""
    seen = list(catalogue.records(actor, on=on, filters=catalogue.Filters(chosen={"family": FAMILIES})))
    return Equipment(
        {record.id: record for record in seen if isinstance(record, Listing)},
        on,
        {record.id: record.name for record in seen if isinstance(record, Vendor)},
    )
