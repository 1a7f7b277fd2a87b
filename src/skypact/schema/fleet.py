"""A fleet whose batteries are to become fewer kinds: who flies what, which packs are held, what is assumed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import Annotated

from pydantic import Field, model_validator

from skypact.schema.base import Model, Name, Nation, Slug
from skypact.schema.catalogue import Listing
from skypact.schema.money import Currency

_Amount = Annotated[float, Field(ge=0, le=1e6)]
_Pieces = Annotated[int, Field(gt=0, le=1_000_000)]


class FleetAircraft(Model):
    """So many aircraft of one kind in one nation's hands."""

    nation: Nation | None = None
    """``None``: everybody's, in one pool of spares"""
    aircraft: Slug
    """listing id"""
    quantity: _Pieces = 1


class FleetStock(Model):
    """Packs that a nation holds already."""

    nation: Nation | None = None
    pack: Slug
    """listing id"""
    quantity: _Pieces


class BatteryAssumptions(Model):
    """What the planner assumes a change of batteries to cost. Planning assumptions, never a vendor's figures."""

    currency: Currency = "EUR"
    packs_per_place: Annotated[float, Field(gt=0, le=100)] = 3.0
    """packs bought for each pack that an aircraft flies on at once"""
    spares_share: Annotated[float, Field(ge=0, le=10)] = 0.1
    """spares on top, as a share"""
    pool_packs: Annotated[int, Field(ge=0, le=10_000)] = 10
    """spares that each nation keeps of each kind of pack, however few aircraft use it"""
    pack_price: _Amount = 50.0
    """a pack, whatever its size"""
    pack_price_per_wh: _Amount = 1.0
    charger_price: _Amount = 300.0
    """a charger, for aircraft that change their pack"""
    aircraft_per_charger: Annotated[float, Field(gt=0, le=1000)] = 3.0
    adapter_price: _Amount | None = 20.0
    """an adapter for an aircraft, listed or made; ``None``: no adapters"""
    introduction: _Amount = 20_000.0
    """bringing one kind of pack into service: test, codification, training"""
    shipping_to_100_wh: _Amount = 5.0
    """sending a pack of up to 100 Wh"""
    shipping_to_160_wh: _Amount = 15.0
    shipping_over_160_wh: _Amount = 30.0
    endurance_lost_per_percent: _Amount = 10.0
    """for each aircraft and each hundredth of its endurance that the new pack loses"""
    endurance_least: Annotated[float, Field(ge=0, le=1)] = 0.8
    """a pack that leaves an aircraft less than this share of its endurance does not serve it"""


class Fleet(Model):
    """The fleet, its stock, the assumptions, and listings of one's own that no catalogue holds."""

    title: Name
    aircraft: Annotated[tuple[FleetAircraft, ...], Field(min_length=1)]
    stock: tuple[FleetStock, ...] = ()
    assumptions: BatteryAssumptions = BatteryAssumptions()
    listings: tuple[Listing, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Fleet:
        _once("aircraft", ((one.nation, one.aircraft) for one in self.aircraft))
        _once("stock", ((one.nation, one.pack) for one in self.stock))
        _once("listing", (("", one.id) for one in self.listings))
        return self


def _once(what: str, pairs: Iterable[tuple[Hashable, str]]) -> None:
    for (nation, identifier), times in Counter(pairs).items():
        if times > 1:
            of = f" of {nation}" if nation else ""
            raise ValueError(f"{what} {identifier}{of} stands {times} times; add the quantities up in one line")
