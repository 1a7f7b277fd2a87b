"""Which other packs take a pack's place, best first, and what changes with each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from skypact.engines.interop.batteries.body import Endurance
from skypact.engines.interop.batteries.fitting import PackFit, fit
from skypact.engines.interop.batteries.pack import Adapter, Pack, number
from skypact.engines.interop.batteries.shipping import AirClass, air_class
from skypact.engines.interop.batteries.socket import Socket
from skypact.schema import Answer, Listing

_ORDER = {Answer.YES: 0, Answer.UNKNOWN: 1, Answer.NO: 2}


@dataclass(frozen=True)
class Substitute:
    """One pack in another's place. ``None`` is unknown."""

    fit: PackFit
    energy_ratio: float | None
    """rated energy as a multiple of the replaced pack's"""
    mass_change_kg: float | None
    air_class: AirClass
    air_class_before: AirClass

    @property
    def pack(self) -> str:
        """The substitute's listing id."""
        return self.fit.pack

    @property
    def answer(self) -> Answer:
        """Whether it works in the replaced pack's place."""
        return self.fit.answer

    @property
    def endurance(self) -> Endurance:
        """How the time in the air changes; known only for an aircraft."""
        return self.fit.endurance


def substitutes(
    pack: Listing,
    packs: Sequence[Listing],
    *,
    on: date,
    aircraft: Listing | None = None,
    adapters: Sequence[Listing] = (),
) -> tuple[Substitute, ...]:
    """The packs that may take the place of ``pack``, in ``aircraft`` or wherever it is used, without those that cannot.

    Sure ones first, then those with the fewest open questions, without an adapter, in the same transport class or a
    lighter one, and with the most endurance (energy where the endurance is unknown). Raises ``ValueError`` for a
    ``pack`` that is no battery.
    """
    old = Pack.of(pack, on=on)
    place = Socket.of_pack(old) if aircraft is None else Socket.of_aircraft(aircraft, old, on=on)
    plugs = [Adapter.of(one) for one in adapters]
    found = (_substitute(Pack.of(one, on=on), old, place, plugs) for one in packs if one.id != pack.id)
    return tuple(sorted((one for one in found if one.answer is not Answer.NO), key=_rank))


def _substitute(new: Pack, old: Pack, place: Socket, plugs: Sequence[Adapter]) -> Substitute:
    found = fit(new, place, adapters=plugs)
    mass, mass_before = number(new.mass), number(old.mass)
    energy, before = new.energy_wh, old.energy_wh
    return Substitute(
        fit=found,
        energy_ratio=energy / before if energy is not None and before else None,
        mass_change_kg=None if mass is None or mass_before is None else mass - mass_before,
        air_class=found.shipping.air_class,
        air_class_before=air_class(before),
    )


def _rank(one: Substitute) -> tuple[int, int, bool, bool, float, str]:
    classes = list(AirClass)
    gain = one.endurance.ratio if one.endurance.ratio is not None else one.energy_ratio
    return (
        _ORDER[one.answer],
        len(one.fit.missing),
        one.fit.adapter is not None,
        classes.index(one.air_class) > classes.index(one.air_class_before),
        -(gain if gain is not None else 0.0),
        one.pack,
    )
