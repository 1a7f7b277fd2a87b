"""Vendors, listings, offers: what can be had, from whom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from pydantic import Field, model_validator

from skypact.schema.assurance import AssuranceScore
from skypact.schema.base import Address, Day, Model, Name, Nation, Ncage, Slug, StockNumber, Text
from skypact.schema.codification import StockNumberParts, is_us_cage, stock_number_parts
from skypact.schema.document import Document
from skypact.schema.equipment import Airframe, Battery, Charger, FusionNode, Imager, Motor, Sensor, SpeedController
from skypact.schema.evidence import (
    Celsius,
    Counts,
    Evidence,
    Flags,
    Kilograms,
    Metres,
    Provenance,
    Release,
    Texts,
    Watts,
)
from skypact.schema.money import Money
from skypact.schema.ports import Port
from skypact.schema.taxonomy import Category


class Vendor(Model):
    """A maker or seller."""

    id: Slug
    name: Name
    name_ko: Name | None = None
    nation: Nation | None
    """``None`` is unknown, and must be said: nobody gets a nation by leaving it out"""
    website: Address | None = None
    ncage: Ncage | None = None
    """NATO commercial and governmental entity code, format-checked only"""
    evidence: tuple[Evidence, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _code_fits_nation(self) -> Vendor:
        if self.ncage is not None and self.nation == "US" and not is_us_cage(self.ncage):
            raise ValueError("a US CAGE code begins and ends with a digit and has neither I nor O")
        return self


class Component(Model):
    """A part whose maker and origin matter to buyers' rules."""

    part: Name
    maker: Name | None = None
    country: Nation | None = None
    share: Annotated[float, Field(ge=0, le=1)] | None = None
    """share of the product's value, 0 to 1"""
    evidence: Evidence


class QuantityBreak(Model):
    """From this quantity on, this unit price."""

    quantity: Annotated[int, Field(gt=1, le=1_000_000_000)]
    price: Money


class Offer(Model):
    """What a seller asks and promises. ``None`` is not public or not known; it is never zero."""

    seller: Slug
    price: Money | None = None
    quantity_breaks: tuple[QuantityBreak, ...] = ()
    stock: Annotated[int, Field(ge=0, le=1_000_000_000_000)] | None = None
    lead_time_days: Annotated[int, Field(ge=0, le=36_500)] | None = None
    valid_until: Day | None = None
    evidence: Evidence

    @model_validator(mode="after")
    def _breaks_rise(self) -> Offer:
        quantities = [step.quantity for step in self.quantity_breaks]
        if quantities != sorted(set(quantities)):
            raise ValueError(f"quantity breaks must rise: {quantities}")
        currencies = {step.price.currency for step in self.quantity_breaks}
        if self.quantity_breaks and (self.price is None or currencies != {self.price.currency}):
            raise ValueError("quantity breaks need a base price in the same currency")
        return self

    def unit_price(self, quantity: int) -> Money | None:
        """The price of one when ``quantity`` are bought."""
        steps = [step.price for step in self.quantity_breaks if step.quantity <= quantity]
        return steps[-1] if steps else self.price


class Declaration(Model):
    """A status that somebody with authority declares: an export classification, a place on an approved list."""

    regime: Name
    """e.g. EAR, Korea strategic items, Blue UAS cleared list, SAFETY Act"""
    code: Name
    evidence: Evidence


class SpareFor(Model):
    """That a listing is a spare part or consumable of another one. The other one's id alone is accepted, too."""

    short_form: ClassVar[str] = "listing"
    """the field that a plain value stands for"""

    listing: Slug
    consumable: bool = False
    """used up in operation, not only replaced when broken"""
    quantity_per_year: Counts = ()
    """how many of these one unit of the other listing needs in a year"""

    @model_validator(mode="before")
    @classmethod
    def _plain_id(cls, value: Any) -> Any:
        return {cls.short_form: value} if isinstance(value, str) else value


class Listing(Model):
    """One product as a catalogue holds it."""

    id: Slug
    name: Name
    name_ko: Name | None = None
    vendor: Slug
    category: Category
    part_number: Name | None = None
    nsn: StockNumber | None = None
    summary: Text
    summary_ko: Text | None = None
    release: Release = "PUBLIC"
    evidence: tuple[Evidence, ...] = Field(min_length=1)
    """the sources that say the product exists and is what the summary says"""
    mass: Kilograms = ()
    length: Metres = ()
    width: Metres = ()
    height: Metres = ()
    power_draw: Watts = ()
    ingress_protection: Texts = ()
    """IEC 60529 code"""
    temperature_min: Celsius = ()
    temperature_max: Celsius = ()
    decodes_content: Flags = ()
    """reads the content of radio traffic, which many buyers may not do"""
    sensors: tuple[Sensor, ...] = ()
    battery: Battery | None = None
    charger: Charger | None = None
    airframe: Airframe | None = None
    fusion: FusionNode | None = None
    motor: Motor | None = None
    speed_controller: SpeedController | None = None
    imagers: tuple[Imager, ...] = ()
    ports: tuple[Port, ...] = ()
    components: tuple[Component, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    offers: tuple[Offer, ...] = ()
    variant_of: Slug | None = None
    """the listing of which this one is another configuration"""
    spare_for: tuple[SpareFor, ...] = ()
    substitutes: tuple[Slug, ...] = ()
    """listings that do instead of this one, as somebody declares"""
    scores: tuple[AssuranceScore, ...] = ()
    documents: tuple[Document, ...] = ()

    @property
    def stock_number(self) -> StockNumberParts | None:
        """The parts of the NATO stock number."""
        return None if self.nsn is None else stock_number_parts(self.nsn)

    @property
    def synthetic(self) -> bool:
        """Whether a generator made this listing."""
        return self.id.startswith("SYN-")

    @model_validator(mode="after")
    def _synthetic_is_badged(self) -> Listing:
        made_up = [item for item in self.evidence if item.provenance is Provenance.SYNTHETIC]
        if self.synthetic and len(made_up) != len(self.evidence):
            raise ValueError("every evidence of a SYN- listing must have provenance synthetic")
        if made_up and not self.synthetic:
            raise ValueError("synthetic evidence on a listing whose id does not begin with SYN-")
        return self

    @model_validator(mode="after")
    def _defeat_has_no_performance(self) -> Listing:
        if self.category.family == "defeat" and any(sensor.ranges for sensor in self.sensors):
            raise ValueError("defeat equipment is listed without performance figures: remove its ranges")
        return self

    @model_validator(mode="after")
    def _each_named_once(self) -> Listing:
        for what, names in (
            ("spare_for", [spare.listing for spare in self.spare_for]),
            ("documents", [document.sha256 for document in self.documents]),
        ):
            if len(names) != len(set(names)):
                raise ValueError(f"{what} names the same one twice")
        return self

    @model_validator(mode="after")
    def _parts_match_category(self) -> Listing:
        needs = {
            "sensor": (bool(self.sensors), "sensors"),
            "battery": (self.battery is not None, "battery"),
            "aircraft": (self.airframe is not None, "airframe"),
        }
        present, field = needs.get(self.category.family, (True, ""))
        if not present:
            raise ValueError(f"a listing of category {self.category.value} needs {field}")
        identifiers = [port.id for port in self.ports]
        if len(identifiers) != len(set(identifiers)):
            raise ValueError(f"port ids repeat: {sorted(identifiers)}")
        return self


class Catalogue(Model):
    """Vendors and listings that refer to each other by id."""

    vendors: tuple[Vendor, ...]
    listings: tuple[Listing, ...]

    @model_validator(mode="after")
    def _references_hold(self) -> Catalogue:
        vendors = _unique("vendor", (vendor.id for vendor in self.vendors))
        listings = _unique("listing", (listing.id for listing in self.listings))
        for listing in self.listings:
            if listing.vendor not in vendors:
                raise ValueError(f"listing {listing.id}: vendor {listing.vendor} is not in the catalogue")
            spares = (spare.listing for spare in listing.spare_for)
            targets = (*spares, *listing.substitutes, *filter(None, [listing.variant_of]))
            for target in targets:
                if target not in listings:
                    raise ValueError(f"listing {listing.id}: refers to {target}, which is not in the catalogue")
            for offer in listing.offers:
                if offer.seller not in vendors:
                    raise ValueError(f"listing {listing.id}: seller {offer.seller} is not in the catalogue")
        return self

    def listing(self, identifier: str) -> Listing:
        """The listing with that id. Raises ``KeyError``."""
        for item in self.listings:
            if item.id == identifier:
                return item
        raise KeyError(identifier)


def _unique(what: str, identifiers: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    for identifier in identifiers:
        if identifier in seen:
            raise ValueError(f"{what} id {identifier} appears twice")
        seen.add(identifier)
    return seen
