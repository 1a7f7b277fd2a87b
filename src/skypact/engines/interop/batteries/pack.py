"""A pack, a charger and an adapter as they are known on one day: the strongest claim of each field, or none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from skypact.schema import Battery, Listing, NumberClaim, PortKind, PortRole, TextClaim, strongest

#: The protocol field says this where there are no data contacts.
NO_DATA = "none"


@dataclass(frozen=True)
class Pack:
    """One battery pack. ``None`` is unknown."""

    id: str
    name: str
    sold_for: frozenset[str]
    """aircraft for which its maker sells it"""
    chemistry: TextClaim | None
    cells: NumberClaim | None
    voltage_nominal: NumberClaim | None
    voltage_min: NumberClaim | None
    voltage_max: NumberClaim | None
    capacity: NumberClaim | None
    stated_energy: NumberClaim | None
    current_continuous: NumberClaim | None
    current_peak: NumberClaim | None
    resistance: NumberClaim | None
    connector: TextClaim | None
    polarity: TextClaim | None
    pinout: TextClaim | None
    balance_connector: TextClaim | None
    protocol: TextClaim | None
    dialect: TextClaim | None
    firmware: TextClaim | None
    charge_current_max: NumberClaim | None
    charge_profile: TextClaim | None
    temperature_min: NumberClaim | None
    temperature_max: NumberClaim | None
    cell_maker: TextClaim | None
    cell_origin: TextClaim | None
    un38_3: bool | None
    mass: NumberClaim | None
    size: tuple[NumberClaim | None, NumberClaim | None, NumberClaim | None]

    @classmethod
    def of(cls, listing: Listing, *, on: date) -> Pack:
        """The pack that ``listing`` describes. Raises ``ValueError`` for a listing that is no battery."""
        if listing.battery is None:
            raise ValueError(f"{listing.id} is no battery")
        battery = listing.battery
        tested = strongest(battery.un38_3, on=on)
        protocol, dialect = _spoken(battery, on)
        return cls(
            id=listing.id,
            name=listing.name,
            sold_for=frozenset(spare.listing for spare in listing.spare_for),
            chemistry=strongest(battery.chemistry, on=on),
            cells=strongest(battery.cells_series, on=on),
            voltage_nominal=strongest(battery.voltage_nominal, on=on),
            voltage_min=strongest(battery.voltage_min, on=on),
            voltage_max=strongest(battery.voltage_max, on=on),
            capacity=strongest(battery.capacity, on=on),
            stated_energy=strongest(battery.energy, on=on),
            current_continuous=strongest(battery.current_continuous, on=on),
            current_peak=strongest(battery.current_peak, on=on),
            resistance=strongest(battery.internal_resistance, on=on),
            connector=strongest(battery.connector, on=on),
            polarity=strongest(battery.polarity, on=on),
            pinout=strongest(battery.pinout, on=on),
            balance_connector=strongest(battery.balance_connector, on=on),
            protocol=protocol,
            dialect=dialect,
            firmware=strongest(battery.firmware, on=on),
            charge_current_max=strongest(battery.charge_current_max, on=on),
            charge_profile=strongest(battery.charge_profile, on=on),
            temperature_min=strongest(battery.temperature_discharge_min, on=on),
            temperature_max=strongest(battery.temperature_discharge_max, on=on),
            cell_maker=strongest(battery.cell_maker, on=on),
            cell_origin=strongest(battery.cell_origin, on=on),
            un38_3=None if tested is None else tested.value,
            mass=strongest(listing.mass, on=on),
            size=(
                strongest(listing.length, on=on),
                strongest(listing.width, on=on),
                strongest(listing.height, on=on),
            ),
        )

    @property
    def energy_wh(self) -> float | None:
        """Rated energy, Wh: stated, else nominal voltage times capacity (the watt-hour rating of UN 38.3)."""
        stated = number(self.stated_energy)
        voltage, capacity = number(self.voltage_nominal), number(self.capacity)
        if stated is not None or voltage is None or capacity is None:
            return stated
        return voltage * capacity


def _spoken(battery: Battery, on: date) -> tuple[TextClaim | None, TextClaim | None]:
    """Protocol and dialect; a dialect may stand in brackets behind the protocol, as in ``SMBus (DJI Mavic 2)``."""
    protocol, dialect = strongest(battery.data_protocol, on=on), strongest(battery.data_dialect, on=on)
    if protocol is None or protocol.value is None:
        return None, dialect
    bracketed = re.fullmatch(r"(.+?)\s*\((.+)\)", protocol.value)
    if bracketed is None:
        return protocol, dialect
    own = protocol.model_copy(update={"value": bracketed[2]})
    return protocol.model_copy(update={"value": bracketed[1]}), dialect or own


@dataclass(frozen=True)
class Adapter:
    """A cable or plug between two connectors."""

    id: str
    name: str
    pack_side: frozenset[str]
    aircraft_side: frozenset[str]
    voltage_max: float | None

    @classmethod
    def of(cls, listing: Listing) -> Adapter:
        """What the listing's power ports say: it consumes from the pack and provides to the aircraft."""
        ports = [port for port in listing.ports if port.kind is PortKind.POWER and port.attributes.connector]
        limits = [port.attributes.voltage_max_v for port in ports if port.attributes.voltage_max_v is not None]
        return cls(
            id=listing.id,
            name=listing.name,
            pack_side=frozenset(
                spelled(port.attributes.connector or "") for port in ports if port.role is not PortRole.PROVIDES
            ),
            aircraft_side=frozenset(
                spelled(port.attributes.connector or "") for port in ports if port.role is not PortRole.CONSUMES
            ),
            voltage_max=min(limits, default=None),
        )


def number(claim: NumberClaim | None) -> float | None:
    """The value of a claim that may be missing."""
    return None if claim is None else claim.value


def text(claim: TextClaim | None) -> str | None:
    """The value of a claim that may be missing."""
    return None if claim is None else claim.value


def spelled(name: str) -> str:
    """A name without what only its spelling changes: ``XT-60`` and ``xt60`` are one connector."""
    return re.sub(r"[\W_]+", "", name.casefold())
