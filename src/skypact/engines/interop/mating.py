"""When two ports mate. The answer is yes, no or unknown with the missing fact; unknown never turns into yes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from skypact.schema import Answer, Port, PortKind, PortRole, Sentence, sentence

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

#: The edition that everybody who speaks a standard must read, so that an unstated one is no doubt: every TAK client
#: decodes protocol version 0, which is the XML of Cursor on Target 2.0, and sends a later one to those that have said
#: they read it (ground rules of commoncommo/core/impl/protobuf/protocol.txt, ATAK-CIV).
_READ_BY_ALL = {"cot": "2.0"}

#: Words for what carries data. Two that are not the same do not meet; the coarse ones leave that open.
_CARRIERS = {
    **{word: word for word in ("udp", "srt", "zmq", "mqtt", "socket.io", "grpc", "rs-232", "rs-422", "rs-485", "uart",
                               "can", "usb", "i2c", "bluetooth", "lora")},
    **dict.fromkeys(("tcp", "tls"), "tcp"),
    **dict.fromkeys(("http", "https", "websocket"), "http"),
    **dict.fromkeys(("multicast", "broadcast"), "udp"),
}  # fmt: skip
_COARSE = frozenset({"ethernet", "ip", "serial", "wi-fi", "wifi", "radio", "4g", "5g", "lte"})
_WORD = re.compile(r"[a-z0-9][a-z0-9.-]*[a-z0-9]|[a-z0-9]")

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
    states of its messages must hold every message that the receiver needs. Transports that both state must meet.

    A port that a test refutes, or of which what is known has expired, makes no connection sure, and none impossible: a
    fault somewhere in what is sent does not prove that nothing gets through. The answer is then unknown, whatever its
    maker says.
    """
    fit = _stated_fit(provider, consumer)
    if fit.answer is Answer.NO or not (provider.refuted or consumer.refuted):
        return fit
    return Fit(Answer.UNKNOWN, against(provider, consumer, fit.standard or provider.standard), fit.standard)


def against(provider: Port, consumer: Port, standard: str) -> Sentence:
    """What speaks against two ports of which one is refuted: a test, or that what was known of it has expired."""
    denied = provider.denied or consumer.denied
    if not denied:
        return (
            sentence("what is known of the sender expired on {date}", date=str(provider.evidence.expires))
            if provider.refuted
            else sentence("what is known of the receiver expired on {date}", date=str(consumer.evidence.expires))
        )
    day = str(denied[0].observed)
    return (
        sentence("a test of {date} says that the sender does not conform to {standard}", date=day, standard=standard)
        if provider.denied
        else sentence(
            "a test of {date} says that the receiver does not conform to {standard}", date=day, standard=standard
        )
    )


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
    doubt = (
        _edition_doubt(provider, consumer, shown)
        or same_profile(provider, consumer, shown)
        or _carrier_doubt(provider, consumer, shown)
    )
    return doubt or Fit(Answer.YES, sentence("both speak {standard}", standard=shown), shown)


def _edition_doubt(provider: Port, consumer: Port, shown: str) -> Fit | None:
    """What the editions of two ports of one standard have against a yes; ``None`` for nothing."""
    sent, taken = provider.version, consumer.version
    all_read = _READ_BY_ALL.get(canonical(provider.standard))
    if all_read is not None:
        if sent is None or same_edition(sent, all_read) or (taken is not None and same_edition(sent, taken)):
            return None
        falls_back = sentence("both speak {standard}; whether the sender falls back to edition {edition} is not stated",
                              standard=shown, edition=all_read)  # fmt: skip
        return Fit(Answer.UNKNOWN, falls_back, shown, detail_only=True)
    if sent is None or taken is None:
        return Fit(
            Answer.UNKNOWN,
            sentence("both speak {standard}; the sender's edition is not stated", standard=provider.standard)
            if sent is None
            else sentence("both speak {standard}; the receiver's edition is not stated", standard=shown),
            shown,
            detail_only=True,
        )
    if same_edition(sent, taken):
        return None
    said = sentence(
        "{standard}: one speaks {one}, the other takes {other}", standard=provider.standard, one=sent, other=taken
    )
    return Fit(Answer.NO, said)


def _carrier_doubt(provider: Port, consumer: Port, shown: str) -> Fit | None:
    """What the transports of two ports that both state one have against a yes; ``None`` for nothing."""
    sends, takes = provider.attributes.transport, consumer.attributes.transport
    if sends is None or takes is None or sends.casefold() == takes.casefold():
        return None
    (one, vague), (other, vaguely) = _carriers(sends), _carriers(takes)
    if one & other:
        return None
    if vague or vaguely:
        open_ = sentence(
            "{standard}: the sender's transport is {one}, the receiver's {other}; whether they meet is open",
            standard=shown,
            one=sends,
            other=takes,
        )
        return Fit(Answer.UNKNOWN, open_, shown, detail_only=True)
    said = sentence("{standard}: sent over {one}, taken over {other}", standard=shown, one=sends, other=takes)
    return Fit(Answer.NO, said, shown)


def _carriers(transport: str) -> tuple[frozenset[str], bool]:
    """What may carry the data, and whether the text leaves more open than that."""
    words = _WORD.findall(transport.casefold())
    named = frozenset(_CARRIERS[word] for word in words if word in _CARRIERS)
    return named, not named or any(word in _COARSE for word in words)


def same_profile(provider: Port, consumer: Port, shown: str) -> Fit | None:
    """What the profiles and messages of two ports of one edition have against a yes; ``None`` for nothing."""
    gives, takes = dialect(provider), dialect(consumer)
    if gives and takes and gives.casefold() != takes.casefold():
        return Fit(
            Answer.NO,
            sentence("{standard}: profile {one} is not {other}", standard=shown, one=gives, other=takes),
            shown,
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
        needs = sentence("{standard}: the receiver needs {messages}", standard=shown, messages=wanting)
        return Fit(Answer.NO, needs, shown)
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
