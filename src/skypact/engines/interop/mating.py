"""When two ports mate. The answer is yes, no or unknown with the missing fact; unknown never turns into yes."""

from __future__ import annotations

from dataclasses import dataclass

from skypact.schema import Answer, Port, PortAttributes, PortKind, PortRole, Sentence, sentence

#: Names that say how data is carried and nothing of the messages: two "REST APIs" need not understand each other,
#: and a device with an Ethernet socket may speak any standard over it.
UNSPECIFIC = frozenset(
    {
        "api",
        "can",
        "csv",
        "ethernet",
        "grpc",
        "json",
        "kml",
        "mqtt",
        "protocol buffers",
        "rest api",
        "rs-232",
        "rs-232/422/485",
        "rs-422",
        "rs-485",
        "sdk",
        "serial",
        "tcp",
        "udp",
        "usb",
        "xml",
    }
)

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

#: Spellings of one edition.
_EDITIONS = {
    "bsi flex 335 v2.0": "bsi flex 335 v2",
    "bsi flex 335:2024 v2.0": "bsi flex 335 v2",
    "bsi flex 335 v1.0": "bsi flex 335 v1",
}

#: Profiles that name the standard's ordinary use, so that stating one says no more than stating none.
_ORDINARY = {"cot": frozenset({"tak"})}


@dataclass(frozen=True)
class Fit:
    """Whether two ports mate, and why."""

    answer: Answer
    reason: Sentence
    standard: str | None = None
    detail_only: bool = False
    """unknown only in a detail: the edition of a common standard, or how one maker connects its own products"""


def data_fit(provider: Port, consumer: Port) -> Fit:
    """Whether what ``provider`` sends is what ``consumer`` takes.

    Standards must be the same; editions must both be stated and equal; so must profiles, unless neither side has one:
    a profile that only one side states is a subset or dialect that nobody says the other one knows. What the sender
    states of its messages must hold every message that the receiver needs.

    A port that a test refutes makes no connection sure, and none impossible: a fault somewhere in what is sent does
    not prove that nothing gets through. The answer is then unknown, whatever its maker says.
    """
    fit = _stated_fit(provider, consumer)
    if fit.answer is Answer.NO or not (provider.refuted or consumer.refuted):
        return fit
    test = (provider.refuted or consumer.refuted)[0]
    said = (
        sentence("a test of {date} says that the sender does not conform to {standard}",
                 date=str(test.observed), standard=fit.standard or provider.standard)
        if provider.refuted
        else sentence("a test of {date} says that the receiver does not conform to {standard}",
                      date=str(test.observed), standard=fit.standard or provider.standard)
    )  # fmt: skip
    return Fit(Answer.UNKNOWN, said, fit.standard)


def _stated_fit(provider: Port, consumer: Port) -> Fit:
    """Whether the two ports mate by what is stated of them."""
    if not faces(provider, consumer):
        return Fit(Answer.NO, sentence("the two ports do not face each other"))
    name, taken = canonical(provider.standard), canonical(consumer.standard)
    if name in UNSPECIFIC or taken in UNSPECIFIC:
        vague = provider.standard if name in UNSPECIFIC else consumer.standard
        return Fit(Answer.UNKNOWN, sentence("{standard} does not say which messages pass", standard=vague))
    if name != taken:
        return Fit(
            Answer.NO,
            sentence("one speaks {one}, the other takes {other}", one=provider.standard, other=consumer.standard),
        )
    shown = provider.standard if provider.version is None else f"{provider.standard} {provider.version}"
    if provider.version is None or consumer.version is None:
        if name not in _SINGLE_EDITION:
            return Fit(
                Answer.UNKNOWN,
                sentence("both speak {standard}; the sender's edition is not stated", standard=provider.standard)
                if provider.version is None
                else sentence("both speak {standard}; the receiver's edition is not stated", standard=shown),
                shown,
                detail_only=True,
            )
    elif not same_edition(provider.version, consumer.version):
        return Fit(
            Answer.NO,
            sentence(
                "{standard}: one speaks {one}, the other takes {other}",
                standard=provider.standard,
                one=provider.version,
                other=consumer.version,
            ),
        )
    return _same_profile(provider, consumer, shown) or Fit(
        Answer.YES, sentence("both speak {standard}", standard=shown), shown
    )


def _same_profile(provider: Port, consumer: Port, shown: str) -> Fit | None:
    """What the profiles and messages of two ports of one edition have against a yes; ``None`` for nothing."""
    gives, takes = dialect(provider), dialect(consumer)
    if gives and takes and gives.casefold() != takes.casefold():
        return Fit(
            Answer.NO, sentence("{standard}: profile {one} is not {other}", standard=shown, one=gives, other=takes)
        )
    if not (gives and takes) and (gives or takes):
        stated = sentence(
            "both speak {standard}; the receiver's profile is not stated, the sender's is {profile}"
            if gives
            else "both speak {standard}; the sender's profile is not stated, the receiver's is {profile}",
            standard=shown,
            profile=gives or takes,
        )
        return Fit(Answer.UNKNOWN, stated, shown, detail_only=True)
    sent = {message.casefold() for message in provider.attributes.messages}
    wanting = ", ".join(one for one in consumer.attributes.messages if one.casefold() not in sent)
    if wanting and sent:
        return Fit(Answer.NO, sentence("{standard}: the receiver needs {messages}", standard=shown, messages=wanting))
    if wanting:
        open_ = sentence(
            "{standard}: the receiver needs {messages}; what the sender sends is not stated",
            standard=shown,
            messages=wanting,
        )
        return Fit(Answer.UNKNOWN, open_, shown, detail_only=True)
    return None


def dialect(port: Port) -> str | None:
    """The profile that ``port`` states, save where it only names the standard's ordinary use."""
    said = (port.profile or "").casefold().strip()
    return None if said in _ORDINARY.get(canonical(port.standard), frozenset()) else port.profile


def power_fit(source: Port, consumer: Port, *, draw_w: float | None) -> Fit:
    """Whether ``source`` can feed ``consumer``, which draws ``draw_w`` watts (``None``: unknown).

    The source's whole voltage window must lie inside the consumer's, the current must be of one kind, and the
    power must suffice. A missing figure makes the answer unknown, a contradicting one makes it no.
    """
    if not faces(source, consumer):
        return Fit(Answer.NO, sentence("the two ports do not face each other"))
    give, take = source.attributes, consumer.attributes
    if give.current and take.current and give.current != take.current:
        return Fit(
            Answer.NO,
            sentence("the source gives {give}, the consumer takes {take}", give=give.current, take=take.current),
        )
    poe = {canonical(source.standard) == "poe", canonical(consumer.standard) == "poe"}
    if poe == {True, False}:
        return Fit(
            Answer.NO, sentence("{source} does not feed {consumer}", source=source.standard, consumer=consumer.standard)
        )
    outside = _outside(give, take)
    if outside:
        return Fit(Answer.NO, outside)
    if give.power_max_w is not None and draw_w is not None and draw_w > give.power_max_w:
        return Fit(
            Answer.NO,
            sentence(
                "the consumer draws {draw} W, the source gives {power} W",
                draw=f"{draw_w:g}",
                power=f"{give.power_max_w:g}",
            ),
        )
    missing = _missing(give, take, draw_w, both_poe=poe == {True})
    if missing:
        return Fit(Answer.UNKNOWN, missing, source.standard)
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


def faces(provider: Port, consumer: Port) -> bool:
    """Whether the two sides are of one kind and of opposite roles."""
    return (
        provider.kind is consumer.kind
        and provider.kind in (PortKind.DATA, PortKind.POWER, PortKind.TIME, PortKind.POSITION)
        and provider.role in (PortRole.PROVIDES, PortRole.PEER)
        and consumer.role in (PortRole.CONSUMES, PortRole.PEER)
    )


def canonical(standard: str) -> str:
    """The name under which a standard is compared."""
    name = standard.casefold().strip()
    return _ALIASES.get(name, name)


def same_edition(one: str, other: str) -> bool:
    """Whether two texts name the same edition of a standard."""
    return _edition(one) == _edition(other)


def _edition(version: str) -> str:
    name = version.casefold().strip()
    return _EDITIONS.get(name, name)


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


def _window(attributes: PortAttributes) -> str:
    if attributes.voltage_min_v is None or attributes.voltage_max_v is None:
        return "PoE"
    if attributes.voltage_min_v == attributes.voltage_max_v:
        return f"{attributes.voltage_min_v:g} V"
    return f"{attributes.voltage_min_v:g}–{attributes.voltage_max_v:g} V"
