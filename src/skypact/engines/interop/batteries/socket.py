"""What an aircraft asks of a pack: its own statements, and where it makes none, what the pack it is sold with shows.

A *stated* limit answers no beyond it. What the aircraft's own pack *shows* is a limit that it certainly bears: a pack
within it fits, a pack beyond it may or may not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from skypact.engines.interop.batteries.pack import Pack
from skypact.schema import Airframe, AirframeKind, Listing, NumberClaim, TextClaim, figure, strongest


@dataclass(frozen=True)
class Limit:
    """A figure to stay within."""

    claim: NumberClaim
    stated: bool
    """whether the aircraft states it; otherwise its own pack shows that at least this is borne"""

    @property
    def value(self) -> float:
        """The figure. A limit is made of known claims only."""
        assert self.claim.value is not None  # noqa: S101 (strongest() gives known values only)
        return self.claim.value


@dataclass(frozen=True)
class Wanted:
    """A name to meet: a connector, a protocol."""

    claim: TextClaim
    stated: bool

    @property
    def value(self) -> str:
        """The name."""
        assert self.claim.value is not None  # noqa: S101 (strongest() gives known values only)
        return self.claim.value


@dataclass(frozen=True)
class Socket:
    """The place of a pack in an aircraft, or the place that another pack leaves."""

    id: str
    name: str
    kind: AirframeKind | None = None
    own: Pack | None = None
    """the pack that the aircraft is sold with, or that leaves the place"""
    count: NumberClaim | None = None
    energy_wh: float | None = None
    """rated energy of the pack that it is sold with"""
    voltage_nominal: NumberClaim | None = None
    cells: NumberClaim | None = None
    voltage_min: Limit | None = None
    voltage_max: Limit | None = None
    connector: Wanted | None = None
    polarity: Wanted | None = None
    pinout: Wanted | None = None
    protocol: Wanted | None = None
    dialect: Wanted | None = None
    firmware: Wanted | None = None
    room: tuple[Limit | None, Limit | None, Limit | None] = (None, None, None)
    pack_mass_max: Limit | None = None
    takeoff_mass_max: NumberClaim | None = None
    mass_without_battery: NumberClaim | None = None
    hover_power: NumberClaim | None = None
    peak_power: NumberClaim | None = None
    endurance: NumberClaim | None = None
    temperature_min: NumberClaim | None = None
    temperature_max: NumberClaim | None = None

    @property
    def packs(self) -> float:
        """How many packs are flown at once; one where nothing else is stated."""
        return max(1.0, self.count.value or 1.0) if self.count is not None else 1.0

    @classmethod
    def of_pack(cls, pack: Pack) -> Socket:
        """The place that ``pack`` leaves when another takes it: all that is known is what it shows."""
        length, width, height = (_limit(size, stated=False) for size in pack.size)
        return cls(
            id=pack.id,
            name=pack.name,
            own=pack,
            energy_wh=pack.energy_wh,
            voltage_nominal=pack.voltage_nominal,
            cells=pack.cells,
            voltage_min=_limit(pack.voltage_min, stated=False),
            voltage_max=_limit(pack.voltage_max, stated=False),
            connector=_wanted(pack.connector, stated=False),
            polarity=_wanted(pack.polarity, stated=False),
            pinout=_wanted(pack.pinout, stated=False),
            protocol=_wanted(pack.protocol, stated=False),
            dialect=_wanted(pack.dialect, stated=False),
            firmware=_wanted(pack.firmware, stated=False),
            room=(length, width, height),
            pack_mass_max=_limit(pack.mass, stated=False),
            temperature_min=pack.temperature_min,
            temperature_max=pack.temperature_max,
        )

    @classmethod
    def of_aircraft(cls, listing: Listing, own: Pack | None, *, on: date) -> Socket:
        """What the aircraft ``listing`` asks; ``own`` is the pack it is sold with.

        Raises ``ValueError`` for a listing that is no aircraft.
        """
        if listing.airframe is None:
            raise ValueError(f"{listing.id} is no aircraft")
        frame = listing.airframe
        shown = cls(listing.id, listing.name) if own is None else cls.of_pack(own)
        limit, wanted = partial(_stated_limit, on=on), partial(_stated_name, on=on)
        return replace(
            shown,
            id=listing.id,
            name=listing.name,
            kind=frame.kind,
            count=strongest(frame.battery_count, on=on),
            energy_wh=_energy(frame, on) if shown.energy_wh is None else shown.energy_wh,
            voltage_nominal=strongest(frame.battery_voltage, on=on) or shown.voltage_nominal,
            voltage_min=limit(frame.battery_voltage_min) or shown.voltage_min,
            voltage_max=limit(frame.battery_voltage_max) or shown.voltage_max,
            connector=wanted(frame.battery_connector) or shown.connector,
            polarity=wanted(frame.battery_polarity) or shown.polarity,
            pinout=wanted(frame.battery_pinout) or shown.pinout,
            protocol=wanted(frame.battery_protocol) or shown.protocol,
            dialect=wanted(frame.battery_dialect) or shown.dialect,
            firmware=wanted(frame.battery_firmware) or shown.firmware,
            room=(
                limit(frame.battery_length) or shown.room[0],
                limit(frame.battery_width) or shown.room[1],
                limit(frame.battery_height) or shown.room[2],
            ),
            pack_mass_max=limit(frame.battery_mass_max) or shown.pack_mass_max,
            takeoff_mass_max=strongest(frame.takeoff_mass_max, on=on),
            mass_without_battery=strongest(frame.mass_without_battery, on=on),
            hover_power=strongest(frame.hover_power, on=on),
            peak_power=strongest(frame.peak_power, on=on),
            endurance=strongest(frame.endurance, on=on),
            temperature_min=strongest(frame.temperature_min, on=on),
            temperature_max=strongest(frame.temperature_max, on=on),
        )


def _energy(frame: Airframe, on: date) -> float | None:
    stated = figure(frame.battery_energy, on=on)
    volts, capacity = figure(frame.battery_voltage, on=on), figure(frame.battery_capacity, on=on)
    if stated is not None or volts is None or capacity is None:
        return stated
    return volts * capacity


def _limit(claim: NumberClaim | None, *, stated: bool) -> Limit | None:
    return None if claim is None else Limit(claim, stated)


def _wanted(claim: TextClaim | None, *, stated: bool) -> Wanted | None:
    return None if claim is None else Wanted(claim, stated)


def _stated_limit(claims: tuple[NumberClaim, ...], *, on: date) -> Limit | None:
    return _limit(strongest(claims, on=on), stated=True)


def _stated_name(claims: tuple[TextClaim, ...], *, on: date) -> Wanted | None:
    return _wanted(strongest(claims, on=on), stated=True)
