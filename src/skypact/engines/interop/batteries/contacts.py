"""Plugs and data: do the contacts meet, the right way round, and do both sides speak the same dialect?"""

from __future__ import annotations

from collections.abc import Sequence

from skypact.engines.interop.batteries.check import Aspect, Check, known
from skypact.engines.interop.batteries.pack import NO_DATA, Adapter, Pack, number, spelled, text
from skypact.engines.interop.batteries.socket import Socket
from skypact.schema import Answer, sentence

#: Connectors whose housing is marked with plus and minus and mates one way only (AMASS data sheets of the XT, MR and AS
#: series; E-flite EC series): where nobody states a reversal, the polarity is the marked one.
MARKED = frozenset({"xt30", "xt60", "xt60h", "xt90", "xt90s", "xt120", "xt150", "as150", "as150u", "ec3", "ec5"})
_AS_MARKED = "as marked"

#: Names of a bus or a family: two packs that "speak" it need not understand each other. ArduPilot alone carries a
#: driver a vendor for packs on SMBus and for packs on CAN.
FAMILIES = frozenset(
    [
        "smbus",
        "smbussbs",
        "smbussbs11",
        "smbussmartbatterysystem",
        "smartbatterysystem",
        "sbs",
        "sbs11",
        "i2c",
        "uart",
        "can",
        "dronecan",
        "uavcan",
        "mavlink",
    ]
)

#: The dialect of a pack that keeps to its standard.
STANDARD = "standard"
_ANY = "any"
#: A dialect of which only is said that there is one.
_UNNAMED = frozenset({"vendor", "vendorchanges", "vendormessage", "vendorspecific", "proprietary"})


def connector(pack: Pack, socket: Socket, adapters: Sequence[Adapter] = (), *, may_make: bool = False) -> Check:
    """Whether the plug mates, directly or through a listed adapter; ``may_make``: or through one that is made."""
    wanted = socket.connector
    if pack.connector is None:
        return Check(Aspect.CONNECTOR, Answer.UNKNOWN, sentence("not known: its connector"))
    if wanted is None:
        return Check(Aspect.CONNECTOR, Answer.UNKNOWN, sentence("not known: the aircraft's connector"))
    evidence = known(pack.connector, wanted)
    mine, theirs = text(pack.connector) or "", wanted.value
    if spelled(mine) == spelled(theirs):
        return Check(Aspect.CONNECTOR, Answer.YES, sentence("both have {connector}", connector=theirs), evidence)
    facts = {"one": mine, "other": theirs}
    if pack.pinout is not None or socket.pinout is not None:
        reason = sentence("{one} instead of {other}, with data contacts that no listed adapter carries", **facts)
        return Check(Aspect.CONNECTOR, Answer.NO, reason, evidence)
    for adapter in adapters:
        if spelled(mine) not in adapter.pack_side or spelled(theirs) not in adapter.aircraft_side:
            continue
        full = number(pack.voltage_max)
        if adapter.voltage_max is not None and full is not None and full > adapter.voltage_max:
            continue
        reason = sentence("{one} to {other} by {adapter}", **facts, adapter=adapter.name)
        return Check(Aspect.CONNECTOR, Answer.YES, reason, evidence, adapter.id)
    if may_make:
        reason = sentence("{one} to {other} by an adapter that is to be made", **facts)
        return Check(Aspect.CONNECTOR, Answer.YES, reason, evidence, "")
    reason = sentence("{one} instead of {other}, and no listed adapter joins them", **facts)
    return Check(Aspect.CONNECTOR, Answer.NO, reason, evidence)


def polarity(pack: Pack, socket: Socket) -> Check:
    """Whether plus meets plus, and the other contacts each other."""
    if pack.pinout is not None and socket.pinout is not None and _same(text(pack.pinout), socket.pinout.value) is False:
        reason = sentence(
            "its contacts are {one}, the aircraft's {other}", one=text(pack.pinout), other=socket.pinout.value
        )
        return Check(Aspect.POLARITY, Answer.NO, reason, known(pack.pinout, socket.pinout))
    mine = text(pack.polarity) or _marked(text(pack.connector))
    theirs = socket.polarity.value if socket.polarity else _marked(socket.connector.value if socket.connector else None)
    evidence = known(pack.polarity, socket.polarity)
    if mine is None:
        return Check(Aspect.POLARITY, Answer.UNKNOWN, sentence("not known: its polarity"), evidence)
    if theirs is None:
        return Check(Aspect.POLARITY, Answer.UNKNOWN, sentence("not known: the aircraft's polarity"), evidence)
    if not _same(mine, theirs):
        reason = sentence("its polarity is {one}, the aircraft's {other}", one=mine, other=theirs)
        return Check(Aspect.POLARITY, Answer.NO, reason, evidence)
    if pack.pinout is None and socket.pinout is not None:
        return Check(Aspect.POLARITY, Answer.UNKNOWN, sentence("not known: the order of its contacts"), evidence)
    return Check(Aspect.POLARITY, Answer.YES, sentence("the same polarity: {polarity}", polarity=theirs), evidence)


def _marked(connector_name: str | None) -> str | None:
    return _AS_MARKED if connector_name is not None and spelled(connector_name) in MARKED else None


def _same(one: str | None, other: str) -> bool:
    return one is not None and "".join(one.casefold().split()) == "".join(other.casefold().split())


def data(pack: Pack, socket: Socket) -> Check:
    """Whether the aircraft understands the pack: protocol, then whose dialect, then firmware."""
    wanted = socket.protocol
    if wanted is None:
        return Check(Aspect.DATA, Answer.UNKNOWN, sentence("not known: whether the aircraft needs data from the pack"))
    evidence = known(pack.protocol, pack.dialect, pack.firmware, wanted)
    if spelled(wanted.value) == NO_DATA:
        return Check(Aspect.DATA, Answer.YES, sentence("the aircraft needs no data from the pack"), evidence)
    if pack.protocol is None:
        return Check(Aspect.DATA, Answer.UNKNOWN, sentence("not known: its data protocol"), evidence)
    mine = text(pack.protocol) or ""
    if spelled(mine) != spelled(wanted.value):
        reason = (
            sentence("it speaks {one}, the aircraft wants {other}", one=mine, other=wanted.value)
            if wanted.stated
            else sentence("it speaks {one}; the aircraft's own pack speaks {other}", one=mine, other=wanted.value)
        )
        return Check(Aspect.DATA, Answer.NO if wanted.stated else Answer.UNKNOWN, reason, evidence)
    return _dialect(pack, socket, mine)


def _dialect(pack: Pack, socket: Socket, protocol: str) -> Check:
    said, wanted = text(pack.dialect), socket.dialect
    basis = known(pack.protocol, pack.dialect, pack.firmware, wanted)
    if said is None and wanted is None and spelled(protocol) not in FAMILIES:
        return Check(Aspect.DATA, Answer.YES, sentence("both speak {protocol}", protocol=protocol), basis)
    if said is None or wanted is None or spelled(said) in _UNNAMED or spelled(wanted.value) in _UNNAMED:
        reason = sentence("both speak {protocol}; not known: whose dialect", protocol=protocol)
        return Check(Aspect.DATA, Answer.UNKNOWN, reason, basis)
    if spelled(said) != spelled(wanted.value):
        reason = sentence(
            "{protocol}: its dialect is {one}, the aircraft's {other}", protocol=protocol, one=said, other=wanted.value
        )
        return Check(Aspect.DATA, Answer.NO if wanted.stated else Answer.UNKNOWN, reason, basis)
    spoken = f"{protocol} ({said})"
    if spelled(said) == STANDARD and (socket.firmware is None or not socket.firmware.stated):
        return Check(Aspect.DATA, Answer.YES, sentence("both speak {protocol}", protocol=spoken), basis)
    return _firmware(pack, socket, spoken)


def _firmware(pack: Pack, socket: Socket, spoken: str) -> Check:
    mine, wanted = text(pack.firmware), socket.firmware
    basis = known(pack.protocol, pack.dialect, pack.firmware, wanted)
    if wanted is not None and spelled(wanted.value) == _ANY:
        return Check(Aspect.DATA, Answer.YES, sentence("both speak {protocol}", protocol=spoken), basis)
    if mine is None or wanted is None:
        reason = sentence("both speak {protocol}; not known: whether its firmware is accepted", protocol=spoken)
        return Check(Aspect.DATA, Answer.UNKNOWN, reason, basis)
    if not _same(mine, wanted.value):
        reason = sentence(
            "{protocol}: its firmware is {one}, the aircraft accepts {other}",
            protocol=spoken,
            one=mine,
            other=wanted.value,
        )
        return Check(Aspect.DATA, Answer.NO if wanted.stated else Answer.UNKNOWN, reason, basis)
    return Check(
        Aspect.DATA,
        Answer.YES,
        sentence("both speak {protocol}, firmware {firmware}", protocol=spoken, firmware=mine),
        basis,
    )
