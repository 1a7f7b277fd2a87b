"""A pack under load: an ideal source behind its internal resistance, feeding a load of constant power."""

from __future__ import annotations

import math


def loaded(voltage_v: float, resistance_ohm: float, power_w: float) -> tuple[float, float] | None:
    """Current (A) and voltage (V) at the contacts when the load draws ``power_w``; ``None`` when it cannot be given.

    ``P = (V - I R) I`` has the smaller root ``I = (V - sqrt(V² - 4 R P)) / 2R``; above ``V²/4R`` there is none (the
    maximum power transfer theorem). Written with the root in the denominator, so that ``R = 0`` gives ``P / V``.

    >>> loaded(22.2, 0.02, 400.0)
    (18.320393530739796, 21.833592129385202)
    >>> loaded(10.0, 1.0, 30.0) is None
    True
    """
    radicand = voltage_v * voltage_v - 4.0 * resistance_ohm * power_w
    if radicand < 0.0:
        return None
    current = 2.0 * power_w / (voltage_v + math.sqrt(radicand))
    return current, voltage_v - current * resistance_ohm


def holds_from(least_v: float, resistance_ohm: float, power_w: float) -> float:
    """The lowest open-circuit voltage (V) at which a load of ``power_w`` is given at ``least_v`` or more.

    From ``P = (V - I R) I`` with ``least_v`` at the contacts: ``V = least + R P / least``; where the power itself is
    the limit, ``V = 2 sqrt(R P)`` (maximum power transfer).

    >>> holds_from(18.0, 0.05, 1500.0)
    22.166666666666668
    >>> holds_from(5.0, 0.05, 1500.0)
    17.320508075688775
    """
    product = resistance_ohm * power_w
    if product <= 0.0:
        return least_v
    return least_v + product / least_v if least_v * least_v >= product else 2.0 * math.sqrt(product)


def endurance_ratio(*, energy: float, energy_before: float, mass: float, mass_before: float) -> float:
    """Endurance with other packs, as a multiple of what it was; energies and masses each in one unit.

    The power of a hovering rotor grows with the thrust to the power 3/2 (momentum theory: ``P = T^1.5 / sqrt(2 ρ A)``,
    Leishman 2006, "Principles of Helicopter Aerodynamics", 2nd ed., ch. 2), and so does that of a wing flown at one
    lift coefficient (Anderson 1999, "Aircraft Performance and Design", ch. 5). Payload and on-board electronics keep
    their power; their share is neglected, so that the effect of mass is rather over- than understated.

    >>> round(endurance_ratio(energy=200.0, energy_before=100.0, mass=1.5, mass_before=1.0), 4)
    1.0887
    """
    return energy / energy_before * math.pow(mass_before / mass, 1.5)
