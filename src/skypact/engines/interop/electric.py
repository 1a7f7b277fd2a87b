"""When a power output feeds a power input. The answer is yes, no or unknown with the missing fact."""

from __future__ import annotations

from skypact.engines.interop.mating import Fit, canonical, faces
from skypact.schema import Answer, Port, PortAttributes, Sentence, sentence

#: Appliance couplers of IEC 60320-1:2021: the outlet on the left takes the inlet on the right.
_COUPLERS = {"c1": "c2", "c5": "c6", "c7": "c8", "c9": "c10", "c13": "c14", "c15": "c16", "c17": "c18", "c19": "c20"}


def power_fit(source: Port, consumer: Port, *, draw_w: float | None) -> Fit:
    """Whether ``source`` can feed ``consumer``, which draws ``draw_w`` watts (``None``: unknown).

    The source's whole voltage window must lie inside the consumer's, current and polarity must be of one kind, power
    and amperes must suffice, and the plugs must mate. A missing figure makes the answer unknown, a contradicting one
    makes it no; plugs that differ, or that only one side states, are a detail: a cable settles them.
    """
    if not faces(source, consumer):
        return Fit(Answer.NO, sentence("the two ports do not face each other"))
    give, take = source.attributes, consumer.attributes
    poe = {canonical(source.standard) == "poe", canonical(consumer.standard) == "poe"}
    against = _of_another_kind(source, consumer, poe) or _outside(give, take) or _too_weak(give, take, draw_w)
    if against:
        return Fit(Answer.NO, against)
    missing = _missing(give, take, draw_w, both_poe=poe == {True})
    if missing:
        return Fit(Answer.UNKNOWN, missing, source.standard)
    plugs = None if poe == {True} else _plugs(give, take)
    if plugs:
        return Fit(Answer.UNKNOWN, plugs, source.standard, detail_only=True)
    return Fit(
        Answer.YES,
        sentence(
            "{give} inside {take}, {draw} W of {power} W",
            give=_window(give),
            take=_window(take),
            draw=f"{draw_w:g}",
            power=f"{give.power_max_w:g}",
        ),
        source.standard,
    )


def _of_another_kind(source: Port, consumer: Port, poe: set[bool]) -> Sentence | None:
    give, take = source.attributes, consumer.attributes
    if give.current and take.current and give.current != take.current:
        return sentence("the source gives {give}, the consumer takes {take}", give=give.current, take=take.current)
    if poe == {True, False}:
        return sentence("{source} does not feed {consumer}", source=source.standard, consumer=consumer.standard)
    if give.polarity and take.polarity and give.polarity.casefold() != take.polarity.casefold():
        return sentence(
            "the source's polarity is {give}, the consumer's {take}", give=give.polarity, take=take.polarity
        )
    return None


def _outside(give: PortAttributes, take: PortAttributes) -> Sentence | None:
    if give.voltage_max_v is not None and take.voltage_max_v is not None and give.voltage_max_v > take.voltage_max_v:
        return sentence(
            "the source reaches {give} V, the consumer takes at most {take} V",
            give=f"{give.voltage_max_v:g}",
            take=f"{take.voltage_max_v:g}",
        )
    if give.voltage_min_v is not None and take.voltage_min_v is not None and give.voltage_min_v < take.voltage_min_v:
        return sentence(
            "the source falls to {give} V, the consumer needs at least {take} V",
            give=f"{give.voltage_min_v:g}",
            take=f"{take.voltage_min_v:g}",
        )
    return None


def draw_limit_w(give: PortAttributes) -> float | None:
    """The most watts that the stated amperes of an output give at its lowest voltage; ``None`` where one is unknown."""
    if give.current_max_a is None or give.voltage_min_v is None:
        return None
    return give.current_max_a * give.voltage_min_v


def _too_weak(give: PortAttributes, take: PortAttributes, draw_w: float | None) -> Sentence | None:
    if give.power_max_w is not None and draw_w is not None and draw_w > give.power_max_w:
        return sentence(
            "the consumer draws {draw} W, the source gives {power} W",
            draw=f"{draw_w:g}",
            power=f"{give.power_max_w:g}",
        )
    if give.current_max_a is not None and take.current_max_a is not None and take.current_max_a > give.current_max_a:
        return sentence(
            "the consumer draws {draw} A, the source gives {current} A",
            draw=f"{take.current_max_a:g}",
            current=f"{give.current_max_a:g}",
        )
    most = draw_limit_w(give)
    if most is not None and draw_w is not None and draw_w > most:
        return sentence(
            "the consumer draws {draw} W, the source gives {current} A at {volts} V",
            draw=f"{draw_w:g}",
            current=f"{give.current_max_a:g}",
            volts=f"{give.voltage_min_v:g}",
        )
    return None


def _missing(give: PortAttributes, take: PortAttributes, draw_w: float | None, *, both_poe: bool) -> Sentence | None:
    """The first fact that is missing for a yes."""
    if draw_w is None:
        return sentence("not known: what the consumer draws")
    if give.power_max_w is None:
        return sentence("not known: the source's power")
    if both_poe:
        return None
    if take.voltage_min_v is None or take.voltage_max_v is None:
        return sentence("not known: the consumer's voltage window")
    if give.voltage_min_v is None or give.voltage_max_v is None:
        return sentence("not known: the source's voltage")
    if give.current is None or take.current is None:
        return sentence("not known: whether both are AC or both are DC")
    return None


def _plugs(give: PortAttributes, take: PortAttributes) -> Sentence | None:
    """What plugs and polarity leave open. Leads for mains are at hand everywhere, so that plugs of AC of which only
    one side tells are no doubt."""
    if give.connector and take.connector:
        if not _mate(give.connector, take.connector):
            return sentence("a cable from {one} to {other} is needed", one=give.connector, other=take.connector)
    elif take.current == "DC" and (give.connector or take.connector):
        return (
            sentence("not known: the source's plug; the consumer's is {plug}", plug=take.connector)
            if take.connector
            else sentence("not known: the consumer's plug; the source's is {plug}", plug=give.connector or "")
        )
    if give.polarity and not take.polarity:
        return sentence("not known: the consumer's polarity; the source's is {polarity}", polarity=give.polarity)
    if take.polarity and not give.polarity:
        return sentence("not known: the source's polarity; the consumer's is {polarity}", polarity=take.polarity)
    return None


def _mate(outlet: str, inlet: str) -> bool:
    one, other = (text.casefold().removeprefix("iec 60320").strip() for text in (outlet, inlet))
    return one == other or _COUPLERS.get(one) == other


def _window(attributes: PortAttributes) -> str:
    if attributes.voltage_min_v is None or attributes.voltage_max_v is None:
        return "PoE"
    if attributes.voltage_min_v == attributes.voltage_max_v:
        return f"{attributes.voltage_min_v:g} V"
    return f"{attributes.voltage_min_v:g}–{attributes.voltage_max_v:g} V"
