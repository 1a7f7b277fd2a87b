"""What binds products of one kit together, as the program of :mod:`.choosing` takes it: numbers, no products.

Products that may not stand side by side (clauses over "so many of it are there"), what hubs and gateways carry besides
a number of sensors (tracks, data), who needs whom (time, position), and what one position's circuit gives.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from ortools.sat.python import cp_model


class Role(StrEnum):
    """What a member of a kit is to the program."""

    SENSOR = "sensor"
    HUB = "hub"
    GATEWAY = "gateway"
    EXTRA = "extra"


@dataclass(frozen=True, order=True)
class Member:
    """One product: its role, and its number among the products of that role."""

    role: Role
    number: int


@dataclass(frozen=True)
class Load:
    """Something that units of sensors put on hubs and gateways: ``weight`` of one unit of each sensor product, and how
    much one unit of each hub and gateway carries at most; ``None``: without limit."""

    weight: tuple[int, ...]
    hubs: tuple[int | None, ...]
    gateways: tuple[int | None, ...]


#: So many units of each of these are there at least.
AtLeast = tuple[tuple[Member, int], ...]


@dataclass(frozen=True)
class Need:
    """Every unit of ``member`` is served by one of ``givers``, of which each unit serves so many (``None``: all)."""

    member: Member
    givers: tuple[tuple[Member, int | None], ...]


@dataclass(frozen=True)
class Jointly:
    """All of it; empty: every product stands for itself."""

    never: tuple[AtLeast, ...] = ()
    """so many units at least of all of these may not be in one kit"""
    exactly: tuple[AtLeast, ...] = ()
    """kits that may not be: their members in their numbers, and nothing else"""
    needs: tuple[Need, ...] = ()
    loads: tuple[Load, ...] = ()
    draw: tuple[int, ...] = ()
    """what one unit of each sensor product takes from its position's circuit; empty: no circuit is counted"""
    circuit: int = 0
    """what one position's circuit gives"""

    def limits(self, gateway: int) -> bool:
        """Whether one unit of a gateway carries only so much of something."""
        return any(load.gateways[gateway] is not None for load in self.loads)


#: Nothing binds products together.
ALONE = Jointly()


class Counted(Protocol):
    """The program's view of one member: an expression of how many there are, and how many there can be."""

    def __call__(self, member: Member) -> tuple[Any, int]: ...


def impose(model: cp_model.CpModel, jointly: Jointly, members: Sequence[Member], counted: Counted) -> None:
    """Adds the clauses and needs to ``model``."""
    known: dict[tuple[Member, int], Any] = {}

    def there(member: Member, least: int) -> Any:
        """A literal: so many of ``member`` at least are in the kit."""
        if (member, least) not in known:
            amount, most = counted(member)
            if least > most:
                literal = model.new_constant(0)
            else:
                literal = model.new_bool_var(f"{least} of {member.role} {member.number}")
                model.add(amount >= least).only_enforce_if(literal)
                model.add(amount <= least - 1).only_enforce_if(~literal)
            known[member, least] = literal
        return known[member, least]

    for clause in jointly.never:
        model.add_bool_or([~there(member, least) for member, least in clause])
    for kit in jointly.exactly:
        told: Mapping[Member, int] = dict(kit)
        fewer = [~there(member, count) for member, count in kit]
        model.add_bool_or(fewer + [there(member, told.get(member, 0) + 1) for member in members])
    for need in jointly.needs:
        units, most = counted(need.member)
        served = [(most if places is None else places) * counted(giver)[0] for giver, places in need.givers]
        model.add(sum(served) >= units)
