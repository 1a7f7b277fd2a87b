"""Room, mass and temperature: does the pack go in, may the aircraft carry it, and in which weather do both work?"""

from __future__ import annotations

from dataclasses import dataclass

from skypact.engines.interop.batteries.check import Aspect, Check, known
from skypact.engines.interop.batteries.electric import endurance_ratio
from skypact.engines.interop.batteries.pack import Pack, number
from skypact.engines.interop.batteries.socket import Socket
from skypact.schema import AirframeKind, Answer, Sentence, sentence


def room(pack: Pack, socket: Socket) -> Check:
    """Whether the pack goes into the bay, turned as one likes."""
    sizes = [number(size) for size in pack.size]
    limits = [limit for limit in socket.room if limit is not None]
    evidence = known(*pack.size, *limits)
    if None in sizes:
        return Check(Aspect.ROOM, Answer.UNKNOWN, sentence("not known: its length, width and height"), evidence)
    if len(limits) < len(socket.room):
        return Check(Aspect.ROOM, Answer.UNKNOWN, sentence("not known: the room for the pack"), evidence)
    mine = sorted(size for size in sizes if size is not None)
    theirs = sorted(limit.value for limit in limits)
    facts = {"size": _millimetres(mine), "room": _millimetres(theirs)}
    if all(size <= limit for size, limit in zip(mine, theirs, strict=True)):
        return Check(Aspect.ROOM, Answer.YES, sentence("{size} mm in {room} mm", **facts), evidence)
    if all(limit.stated for limit in limits):
        return Check(Aspect.ROOM, Answer.NO, sentence("{size} mm do not go into {room} mm", **facts), evidence)
    reason = sentence("{size} mm, the aircraft's own pack {room} mm; more room is not stated", **facts)
    return Check(Aspect.ROOM, Answer.UNKNOWN, reason, evidence)


def _millimetres(sizes: list[float]) -> str:
    return " × ".join(f"{1000 * size:.0f}" for size in reversed(sizes))


def mass(pack: Pack, socket: Socket) -> Check:
    """Whether the aircraft may take off with the pack: by a limit for the pack, else by its take-off mass."""
    own, limit = number(pack.mass), socket.pack_mass_max
    if own is None:
        return Check(Aspect.MASS, Answer.UNKNOWN, sentence("not known: its mass"))
    if limit is not None and limit.stated:
        facts = {"mass": f"{own:.3g}", "limit": f"{limit.value:.3g}"}
        evidence = known(pack.mass, limit)
        if own > limit.value:
            return Check(Aspect.MASS, Answer.NO, sentence("{mass} kg, at most {limit} kg carried", **facts), evidence)
        return Check(Aspect.MASS, Answer.YES, sentence("{mass} kg of at most {limit} kg", **facts), evidence)
    if limit is not None and own <= limit.value:
        reason = sentence("{mass} kg, no heavier than the aircraft's own pack", mass=f"{own:.3g}")
        return Check(Aspect.MASS, Answer.YES, reason, known(pack.mass, limit))
    empty, most = number(socket.mass_without_battery), number(socket.takeoff_mass_max)
    evidence = known(pack.mass, socket.mass_without_battery, socket.takeoff_mass_max)
    if empty is None or most is None:
        reason = sentence("not known: the aircraft's mass without battery and its greatest take-off mass")
        return Check(Aspect.MASS, Answer.UNKNOWN, reason, evidence)
    facts = {"mass": f"{empty + socket.packs * own:.4g}", "limit": f"{most:.4g}"}
    if empty + socket.packs * own > most:
        reason = sentence("the aircraft takes off with {mass} kg, at most {limit} kg allowed", **facts)
        return Check(Aspect.MASS, Answer.NO, reason, evidence)
    reason = sentence("the aircraft takes off with {mass} kg of at most {limit} kg", **facts)
    return Check(Aspect.MASS, Answer.YES, reason, evidence)


def temperature(pack: Pack, socket: Socket, climate: tuple[float, float] | None = None) -> Check:
    """Whether pack and aircraft work in ``climate`` (lowest and highest °C); without one, whether there is any."""
    lows = [number(claim) for claim in (pack.temperature_min, socket.temperature_min)]
    highs = [number(claim) for claim in (pack.temperature_max, socket.temperature_max)]
    evidence = known(pack.temperature_min, pack.temperature_max, socket.temperature_min, socket.temperature_max)
    low = max((value for value in lows if value is not None), default=None)
    high = min((value for value in highs if value is not None), default=None)
    if low is not None and high is not None and low >= high:
        reason = sentence("one works from {low} °C, the other only to {high} °C", low=f"{low:g}", high=f"{high:g}")
        return Check(Aspect.TEMPERATURE, Answer.NO, reason, evidence)
    if climate is not None and ((low is not None and low > climate[0]) or (high is not None and high < climate[1])):
        reason = sentence(
            "together they work from {low} to {high} °C; {coldest} to {hottest} °C is asked",
            low="?" if low is None else f"{low:g}",
            high="?" if high is None else f"{high:g}",
            coldest=f"{climate[0]:g}",
            hottest=f"{climate[1]:g}",
        )
        return Check(Aspect.TEMPERATURE, Answer.NO, reason, evidence)
    if number(pack.temperature_min) is None or number(pack.temperature_max) is None:
        return Check(
            Aspect.TEMPERATURE,
            Answer.UNKNOWN,
            sentence("not known: from what to what temperature it gives power"),
            evidence,
        )
    if None in lows or None in highs:
        return Check(
            Aspect.TEMPERATURE,
            Answer.UNKNOWN,
            sentence("not known: from what to what temperature the aircraft flies"),
            evidence,
        )
    reason = sentence("together they work from {low} to {high} °C", low=f"{low:g}", high=f"{high:g}")
    return Check(Aspect.TEMPERATURE, Answer.YES, reason, evidence)


@dataclass(frozen=True)
class Endurance:
    """How the time in the air changes against the aircraft's own pack."""

    ratio: float | None
    """``None``: not known, and ``missing`` says what is missing"""
    seconds: float | None
    """where the aircraft's own endurance is known too"""
    missing: Sentence | None = None


def endurance(pack: Pack, socket: Socket) -> Endurance:
    """What the pack's energy and mass do to the endurance, without payload."""
    own = socket.own
    if own is not None and own.id == pack.id:
        return Endurance(1.0, number(socket.endurance))
    if socket.kind is AirframeKind.AEROSTAT:
        return Endurance(None, None, sentence("an aerostat's endurance does not follow from its mass"))
    energy, weight, empty = pack.energy_wh, number(pack.mass), number(socket.mass_without_battery)
    weight_before = None if own is None else number(own.mass)
    before = socket.energy_wh
    if not before:
        return Endurance(None, None, sentence("not known: the energy of the aircraft's own pack"))
    if energy is None:
        return Endurance(None, None, sentence("not known: its energy"))
    if weight is None or weight_before is None:
        return Endurance(None, None, sentence("not known: the mass of both packs"))
    if not empty:
        return Endurance(None, None, sentence("not known: the aircraft's mass without battery"))
    ratio = endurance_ratio(
        energy=energy,
        energy_before=before,
        mass=empty + socket.packs * weight,
        mass_before=empty + socket.packs * weight_before,
    )
    stated = number(socket.endurance)
    return Endurance(ratio, None if stated is None else ratio * stated)
