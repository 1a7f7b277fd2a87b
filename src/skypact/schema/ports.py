"""Ports: where a product meets another one. Whether two ports fit is the interop engine's question."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from skypact.schema.base import Model, Name, Slug
from skypact.schema.evidence import Evidence


class PortKind(StrEnum):
    """What passes through a port."""

    DATA = "data"
    POWER = "power"
    MECHANICAL = "mechanical"
    RF = "rf"
    TIME = "time"
    """a clock: NTP, PTP, IRIG-B, PPS, GNSS"""
    POSITION = "position"
    """where it stands and which way it looks: GNSS, NMEA 0183"""


class PortRole(StrEnum):
    """The side a port takes: what provides mates with what consumes; a peer mates with a peer or either."""

    PROVIDES = "provides"
    CONSUMES = "consumes"
    PEER = "peer"


Positive = Annotated[float, Field(gt=0)]


class PortAttributes(Model):
    """What a port's own evidence says of it beyond its standard; ``None`` is unknown."""

    transport: Name | None = None
    """data: e.g. TCP, UDP multicast, RS-485, CAN"""
    messages: tuple[Name, ...] = ()
    """data: the messages of the standard that it sends, or that it needs to hear, by the standard's own names"""
    data_rate_max_bit_s: Positive | None = None
    """data: the most it sends, or the most it takes from all partners together"""
    connector: Name | None = None
    """power, mechanical: e.g. XT60, IEC 60320 C13, M12-A, 1/4-20"""
    current: Annotated[str, Field(pattern="^(AC|DC)$")] | None = None
    """power: AC or DC"""
    voltage_min_v: Positive | None = None
    voltage_max_v: Positive | None = None
    power_max_w: Positive | None = None
    """power: what a source can give, or the most a consumer draws"""
    power_total_max_w: Positive | None = None
    """power: what a source with several outlets gives over all of them"""
    current_max_a: Positive | None = None
    """power: what a source can give, or the most a consumer draws"""
    polarity: Name | None = None
    """power: ``centre positive``, ``as marked``, …"""
    frequency_min_hz: Positive | None = None
    frequency_max_hz: Positive | None = None
    bandwidth_hz: Positive | None = None
    """rf: what one transmission occupies of the frequencies that it can be set to"""
    radiated_power_max_w: Positive | None = None
    """rf: equivalent isotropically radiated power"""
    licence: Name | None = None
    """rf: under which licence or general authorisation it transmits, e.g. 47 CFR 15.245, ERC/REC 70-03 annex 6"""
    load_max_kg: Positive | None = None
    """mechanical: the mass a mount carries"""
    connections_max: Annotated[int, Field(gt=0)] | None = None
    """how many partners the port serves at once"""

    @model_validator(mode="after")
    def _windows_in_order(self) -> PortAttributes:
        for low, high, unit in (
            (self.voltage_min_v, self.voltage_max_v, "V"),
            (self.frequency_min_hz, self.frequency_max_hz, "Hz"),
        ):
            if low is not None and high is not None and low > high:
                raise ValueError(f"the lower limit {low:g} {unit} is above the upper limit {high:g} {unit}")
        return self


class Port(Model):
    """One connection point of a product."""

    id: Slug
    kind: PortKind
    standard: Name
    """the standard's own name: SAPIENT, ASTERIX, CoT, MAVLink, DC, AC mains, PoE, Ethernet, …"""
    version: Name | None = None
    """edition or category: BSI Flex 335 v2, CAT048, 2.0; ``None`` is unknown"""
    profile: Name | None = None
    """which subset or dialect of the standard; ``None`` is unknown, and so does not agree with a stated one"""
    role: PortRole
    attributes: PortAttributes = PortAttributes()
    evidence: Evidence
    refuted: tuple[Evidence, ...] = ()
    """tests that say the product does not do this, or its own evidence once that has expired; no connection that needs
    the port is then sure"""

    @property
    def denied(self) -> tuple[Evidence, ...]:
        """The tests among ``refuted``: all but the port's own evidence."""
        return tuple(one for one in self.refuted if one != self.evidence)
