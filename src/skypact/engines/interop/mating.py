"""When two ports mate. The answer is yes, no or unknown with the missing fact; unknown never turns into yes."""

from __future__ import annotations

from dataclasses import dataclass

from skypact.schema import Answer, Port, PortAttributes, PortKind, PortRole

#: Families of interfaces whose shared name says nothing of the messages that pass: two "REST APIs" need not
#: understand each other. They carry data, but whether two products speak the same dialect is unknown.
UNSPECIFIC = frozenset({"rest api", "api", "ethernet", "json", "xml", "mqtt", "udp", "tcp", "rs-232", "rs-485", "sdk"})

#: Names under which the same standard is known.
_ALIASES = {
    "bsi flex 335": "sapient",
    "cursor on target": "cot",
    "cot/tak": "cot",
    "tak": "cot",
    "mavlink 2": "mavlink",
    "power over ethernet": "poe",
    "ieee 802.3af": "poe",
    "ieee 802.3at": "poe",
    "ieee 802.3bt": "poe",
}

#: Standards that have had one wire format in the field, so that an unstated edition is no doubt
#: (Cursor on Target event schema 2.0, MITRE 2005).
_SINGLE_EDITION = frozenset({"cot"})


@dataclass(frozen=True)
class Fit:
    """Whether two ports mate, and why."""

    answer: Answer
    reason: str
    standard: str | None = None


def data_fit(provider: Port, consumer: Port) -> Fit:
    """Whether what ``provider`` sends is what ``consumer`` takes.

    Standards must be the same; editions must both be stated and equal; a profile that both state must be equal.
    """
    if not _faces(provider, consumer):
        return Fit(Answer.NO, "the two ports do not face each other")
    name = _canonical(provider.standard)
    if name != _canonical(consumer.standard):
        return Fit(Answer.NO, f"one speaks {provider.standard}, the other takes {consumer.standard}")
    if name in UNSPECIFIC:
        return Fit(Answer.UNKNOWN, f"both have {provider.standard}, which does not say which messages pass")
    shown = provider.standard if provider.version is None else f"{provider.standard} {provider.version}"
    if provider.version is None or consumer.version is None:
        if name not in _SINGLE_EDITION:
            side = "the sender's" if provider.version is None else "the receiver's"
            return Fit(Answer.UNKNOWN, f"both speak {provider.standard}; {side} edition is not stated", shown)
    elif not _same_edition(provider.version, consumer.version):
        return Fit(Answer.NO, f"{provider.standard}: one speaks {provider.version}, the other takes {consumer.version}")
    if provider.profile and consumer.profile and provider.profile != consumer.profile:
        return Fit(Answer.NO, f"{shown}: profile {provider.profile} is not {consumer.profile}")
    return Fit(Answer.YES, f"both speak {shown}", shown)


def power_fit(source: Port, consumer: Port, *, draw_w: float | None) -> Fit:
    """Whether ``source`` can feed ``consumer``, which draws ``draw_w`` watts (``None``: unknown).

    The source's whole voltage window must lie inside the consumer's, the current must be of one kind, and the
    power must suffice. A missing figure makes the answer unknown, a contradicting one makes it no.
    """
    if not _faces(source, consumer):
        return Fit(Answer.NO, "the two ports do not face each other")
    give, take = source.attributes, consumer.attributes
    if give.current and take.current and give.current != take.current:
        return Fit(Answer.NO, f"the source gives {give.current}, the consumer takes {take.current}")
    poe = {_canonical(source.standard) == "poe", _canonical(consumer.standard) == "poe"}
    if poe == {True, False}:
        return Fit(Answer.NO, f"{source.standard} does not feed {consumer.standard}")
    outside = _outside(give, take)
    if outside:
        return Fit(Answer.NO, outside)
    if give.power_max_w is not None and draw_w is not None and draw_w > give.power_max_w:
        return Fit(Answer.NO, f"the consumer draws {draw_w:g} W, the source gives {give.power_max_w:g} W")
    missing = _missing(give, take, draw_w, both_poe=poe == {True})
    if missing:
        return Fit(Answer.UNKNOWN, f"not known: {', '.join(missing)}", source.standard)
    return Fit(Answer.YES, f"{_window(give)} inside {_window(take)}, {draw_w:g} W of {give.power_max_w:g} W",
               source.standard)  # fmt: skip


def _faces(provider: Port, consumer: Port) -> bool:
    return (
        provider.kind is consumer.kind
        and provider.kind in (PortKind.DATA, PortKind.POWER)
        and provider.role in (PortRole.PROVIDES, PortRole.PEER)
        and consumer.role in (PortRole.CONSUMES, PortRole.PEER)
    )


def _canonical(standard: str) -> str:
    name = standard.casefold().strip()
    return _ALIASES.get(name, name)


def _same_edition(one: str, other: str) -> bool:
    return one.casefold().strip() == other.casefold().strip()


def _outside(give: PortAttributes, take: PortAttributes) -> str | None:
    if give.voltage_max_v is not None and take.voltage_max_v is not None and give.voltage_max_v > take.voltage_max_v:
        return f"the source reaches {give.voltage_max_v:g} V, the consumer takes at most {take.voltage_max_v:g} V"
    if give.voltage_min_v is not None and take.voltage_min_v is not None and give.voltage_min_v < take.voltage_min_v:
        return f"the source falls to {give.voltage_min_v:g} V, the consumer needs at least {take.voltage_min_v:g} V"
    return None


def _missing(give: PortAttributes, take: PortAttributes, draw_w: float | None, *, both_poe: bool) -> list[str]:
    facts: dict[str, object] = {
        "the source's power": give.power_max_w,
        "the consumer's draw": draw_w,
    }
    if not both_poe:
        facts |= {
            "the source's voltage": give.voltage_min_v and give.voltage_max_v,
            "the consumer's voltage window": take.voltage_min_v and take.voltage_max_v,
            "whether the source gives AC or DC": give.current,
            "whether the consumer takes AC or DC": take.current,
        }
    return [name for name, value in facts.items() if value is None]


def _window(attributes: PortAttributes) -> str:
    if attributes.voltage_min_v is None or attributes.voltage_max_v is None:
        return "PoE"
    return f"{attributes.voltage_min_v:g}–{attributes.voltage_max_v:g} V"
