"""Volts and amperes: does the pack give what the aircraft takes, and does it hold up under load?"""

from __future__ import annotations

from skypact.engines.interop.batteries.check import Aspect, Check, known
from skypact.engines.interop.batteries.electric import holds_from, loaded
from skypact.engines.interop.batteries.pack import Pack, number
from skypact.engines.interop.batteries.socket import Socket
from skypact.schema import Answer, NumberClaim, Sentence, sentence

#: Lithium cells of one kind are rated from 3.6 V (Li-ion) to 3.85 V (high-voltage LiPo): nominal voltages further apart
#: than that ratio belong to different numbers of cells. (Fourteen cells and more lie closer than that: the highest
#: voltage then decides.)
CELL_SPREAD = 3.85 / 3.6


def voltage(pack: Pack, socket: Socket) -> Check:
    """Whether the pack's voltage, empty to full, lies inside what the aircraft takes."""
    low, high = socket.voltage_min, socket.voltage_max
    full, nominal, empty = (number(claim) for claim in (pack.voltage_max, pack.voltage_nominal, pack.voltage_min))
    reached = full if full is not None else nominal
    basis = known(pack.voltage_max, pack.voltage_nominal, high, low)
    if high is not None and high.stated and reached is not None and reached > high.value:
        reason = sentence(
            "it reaches {volts} V, the aircraft takes at most {limit} V", volts=_g(reached), limit=_g(high.value)
        )
        return Check(Aspect.VOLTAGE, Answer.NO, reason, basis)
    if low is not None and low.stated and nominal is not None and nominal < low.value:
        reason = sentence(
            "its nominal {volts} V is under the {limit} V that the aircraft needs",
            volts=_g(nominal),
            limit=_g(low.value),
        )
        return Check(Aspect.VOLTAGE, Answer.NO, reason, basis)
    window = high is not None and high.stated and low is not None and low.stated
    other = None if window else _other_cells(pack, socket)
    if other is not None:
        return other
    if full is None:
        return Check(Aspect.VOLTAGE, Answer.UNKNOWN, sentence("not known: its highest voltage"), basis)
    if high is None:
        return Check(
            Aspect.VOLTAGE, Answer.UNKNOWN, sentence("not known: the highest voltage that the aircraft takes"), basis
        )
    if full > high.value:
        reason = sentence(
            "it reaches {volts} V, the aircraft's own pack {limit} V; more is not stated to be borne",
            volts=_g(full),
            limit=_g(high.value),
        )
        return Check(Aspect.VOLTAGE, Answer.UNKNOWN, reason, basis)
    if nominal is None and (empty is None or low is None or empty < low.value):
        return Check(Aspect.VOLTAGE, Answer.UNKNOWN, sentence("not known: its nominal voltage"), basis)
    reason = sentence("{volts} V full, at most {limit} V taken", volts=_g(full), limit=_g(high.value))
    return Check(Aspect.VOLTAGE, Answer.YES, reason, basis)


def same_voltage(pack: Pack, socket: Socket) -> bool:
    """Whether both state a nominal voltage or a number of cells, and the same one."""
    stated = (pack.voltage_nominal, socket.voltage_nominal), (pack.cells, socket.cells)
    return any(None not in pair for pair in stated) and _other_cells(pack, socket) is None


def _other_cells(pack: Pack, socket: Socket) -> Check | None:
    """No, where the nominal voltages or the counts show another number of cells in series."""
    mine, theirs = number(pack.voltage_nominal), number(socket.voltage_nominal)
    if mine is not None and theirs is not None:
        if max(mine, theirs) <= CELL_SPREAD * min(mine, theirs):
            return None
        reason = sentence("nominal {volts} V instead of {wanted} V", volts=_g(mine), wanted=_g(theirs))
        return Check(Aspect.VOLTAGE, Answer.NO, reason, known(pack.voltage_nominal, socket.voltage_nominal))
    cells, wanted = number(pack.cells), number(socket.cells)
    if cells is not None and wanted is not None:
        if cells == wanted:
            return None
        reason = sentence("{cells} cells in series instead of {wanted}", cells=_g(cells), wanted=_g(wanted))
        return Check(Aspect.VOLTAGE, Answer.NO, reason, known(pack.cells, socket.cells))
    return Check(
        Aspect.VOLTAGE,
        Answer.UNKNOWN,
        sentence("not known: its nominal voltage")
        if mine is None
        else sentence("not known: the nominal voltage that the aircraft takes"),
    )


def current(pack: Pack, socket: Socket) -> Check:
    """Whether the pack may give what the aircraft draws, on the whole and at full throttle."""
    own = socket.own
    parts = (
        _current(
            pack, socket, pack.current_continuous, socket.hover_power, None if own is None else own.current_continuous
        ),
        _current(pack, socket, pack.current_peak, socket.peak_power, None if own is None else own.current_peak),
    )
    worst = next((part for answer in (Answer.NO, Answer.UNKNOWN) for part in parts if part.answer is answer), parts[1])
    return Check(Aspect.CURRENT, worst.answer, worst.reason, (*parts[0].evidence, *parts[1].evidence))


def _current(
    pack: Pack, socket: Socket, rating: NumberClaim | None, power: NumberClaim | None, shown: NumberClaim | None
) -> Check:
    """One rating against one draw; a constant power draws the most at the lowest voltage."""
    may, watts, proven = number(rating), number(power), number(shown)
    if may is None:
        return Check(Aspect.CURRENT, Answer.UNKNOWN, sentence("not known: the current that it may give"))
    if watts is None:
        if proven is not None and may >= proven:
            reason = sentence("{amperes} A, the aircraft's own pack {wanted} A", amperes=_g(may), wanted=_g(proven))
            return Check(Aspect.CURRENT, Answer.YES, reason, known(rating, shown))
        return Check(Aspect.CURRENT, Answer.UNKNOWN, sentence("not known: what the aircraft draws"), known(rating))
    share = watts / socket.packs
    nominal, lowest = number(pack.voltage_nominal) or None, number(pack.voltage_min)
    evidence = known(rating, power, pack.voltage_nominal, pack.voltage_min)
    if nominal is not None and share / nominal > may:
        reason = sentence(
            "the aircraft draws {amperes} A ({rate} C), it may give {limit} A",
            amperes=f"{share / nominal:.1f}",
            rate=_rate(pack, share / nominal),
            limit=_g(may),
        )
        return Check(Aspect.CURRENT, Answer.NO, reason, evidence)
    if lowest is None:
        return Check(Aspect.CURRENT, Answer.UNKNOWN, sentence("not known: its lowest voltage"), evidence)
    if lowest <= 0.0 or share / lowest > may:
        reason = sentence(
            "near empty, at {volts} V, the aircraft draws more than the {limit} A that it may give",
            volts=_g(lowest),
            limit=_g(may),
        )
        return Check(Aspect.CURRENT, Answer.NO, reason, evidence)
    reason = sentence(
        "at most {amperes} A ({rate} C) of {limit} A",
        amperes=f"{share / lowest:.1f}",
        rate=_rate(pack, share / lowest),
        limit=_g(may),
    )
    return Check(Aspect.CURRENT, Answer.YES, reason, evidence)


def _rate(pack: Pack, amperes: float) -> str:
    """The current as a multiple of the capacity, 1/h."""
    capacity = number(pack.capacity)
    return "?" if not capacity else f"{amperes / capacity:.1f}"


def sag(pack: Pack, socket: Socket) -> Check:
    """Whether the voltage holds at full throttle, over the whole discharge.

    Yes only where it holds when the pack has come down to its own end voltage, where it is weakest; no where it does
    not even at the nominal voltage, which is that of a pack about half discharged. In between stands down to which
    open-circuit voltage it holds: how much charge is left there takes the cell's discharge curve, which no listing
    states. A current rating says nothing of volts. A pack that is no worse than the aircraft's own one holds as well.
    """
    resistance, watts, lowest = number(pack.resistance), number(socket.peak_power), number(pack.voltage_min)
    if _no_worse_than_own(pack, socket):
        own = socket.own
        reason = sentence("its internal resistance is no greater, its end voltage no lower than the own pack's")
        basis = known(pack.resistance, pack.voltage_min, *((own.resistance, own.voltage_min) if own else ()))
        return Check(Aspect.SAG, Answer.YES, reason, basis)
    if resistance is None:
        return Check(Aspect.SAG, Answer.UNKNOWN, sentence("not known: its internal resistance"))
    if watts is None:
        return Check(Aspect.SAG, Answer.UNKNOWN, sentence("not known: what the aircraft draws at full throttle"))
    share, low = watts / socket.packs, socket.voltage_min
    least = low.value if low is not None and low.stated else None
    evidence = known(pack.resistance, pack.voltage_nominal, socket.peak_power, low, pack.voltage_min)
    falls = _falls(pack, resistance, share, least if least is not None else lowest)
    if falls is not None:
        return Check(Aspect.SAG, Answer.NO, falls, evidence)
    if least is None:
        missing = sentence("not known: the lowest voltage that the aircraft takes")
        return Check(Aspect.SAG, Answer.UNKNOWN, missing, evidence)
    ended = loaded(lowest, resistance, share) if lowest else None
    if ended is not None and ended[1] >= least:
        reason = sentence(
            "at its end voltage it still holds {volts} V at {amperes} A; at least {limit} V is needed",
            volts=f"{ended[1]:.1f}",
            amperes=f"{ended[0]:.1f}",
            limit=_g(least),
        )
        return Check(Aspect.SAG, Answer.YES, reason, evidence)
    down_to = f"{holds_from(least, resistance, share):.1f}"
    if lowest is None:
        reason = sentence(
            "it holds {limit} V down to {volts} V without load; not known: its end voltage",
            limit=_g(least),
            volts=down_to,
        )
    else:
        reason = sentence(
            "it holds {limit} V down to {volts} V without load, not down to its end voltage of {end} V; "
            "not known: how much charge is left there",
            limit=_g(least),
            volts=down_to,
            end=_g(lowest),
        )
    return Check(Aspect.SAG, Answer.UNKNOWN, reason, evidence)


def _falls(pack: Pack, resistance: float, watts: float, needed: float | None) -> Sentence | None:
    """Why a pack charged to its nominal voltage (to its highest, where that is all that is known) does not hold."""
    charged = number(pack.voltage_nominal) or number(pack.voltage_max)
    if not charged:
        return None
    held = loaded(charged, resistance, watts)
    if held is None:
        return sentence("its internal resistance lets it give less than {watts} W", watts=_g(watts))
    amperes, volts = held
    if needed is None or volts >= needed:
        return None
    return sentence(
        "it falls to {volts} V at {amperes} A; at least {limit} V is needed",
        volts=f"{volts:.1f}",
        amperes=f"{amperes:.1f}",
        limit=_g(needed),
    )


def _no_worse_than_own(pack: Pack, socket: Socket) -> bool:
    """Whether it gives the current, over no more resistance and down to no lower voltage than the aircraft's own."""
    if socket.own is None or current(pack, socket).answer is not Answer.YES:
        return False
    resistance, proven = number(pack.resistance), number(socket.own.resistance)
    lowest, shown = number(pack.voltage_min), number(socket.own.voltage_min)
    if resistance is None or proven is None or lowest is None or shown is None:
        return False
    return resistance <= proven and lowest >= shown


def _g(value: float) -> str:
    return f"{value:.6g}"
