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
from skypact.engines.interop.batteries.supply import same_voltage
from skypact.schema import Answer, Listing

#: Energies as far apart as this, either way, make another kind of pack.
_ENERGY_SPREAD = 2.0

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
    alike: bool
    """whether something speaks for it: it surely works, or voltage or cells agree and it holds from half to twice the
    energy; of the others nothing is known that says no, and no more"""

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

    Sure ones first, then those that something speaks for, with the fewest open questions, without an adapter, in the
    same transport class or a lighter one, and with the most endurance (energy where the endurance is unknown). Raises
    ``ValueError`` for a ``pack`` that is no battery.
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
    ratio = energy / before if energy is not None and before else None
    near = ratio is not None and 1 / _ENERGY_SPREAD <= ratio <= _ENERGY_SPREAD
    return Substitute(
        fit=found,
        energy_ratio=ratio,
        mass_change_kg=None if mass is None or mass_before is None else mass - mass_before,
        air_class=found.shipping.air_class,
        air_class_before=air_class(before),
        alike=found.answer is Answer.YES or (near and same_voltage(new, place)),
    )


def _rank(one: Substitute) -> tuple[int, bool, int, bool, bool, float, str]:
    classes = list(AirClass)
    gain = one.endurance.ratio if one.endurance.ratio is not None else one.energy_ratio
    return (
        _ORDER[one.answer],
        not one.alike,
        len(one.fit.missing),
        one.fit.adapter is not None,
        classes.index(one.air_class) > classes.index(one.air_class_before),
        -(gain if gain is not None else 0.0),
        one.pack,
    )
