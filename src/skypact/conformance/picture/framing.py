"""From bytes as they arrive on sockets to whole messages: broken ones are skipped and counted.

A format is known by its first whole message. Nothing here raises on any bytes, and no buffer grows beyond ``LONGEST``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from skypact.conformance import json_documents
from skypact.conformance.asterix import cat129
from skypact.conformance.asterix.editions import EDITIONS
from skypact.conformance.asterix.records import decode
from skypact.conformance.cot import events
from skypact.conformance.cot.tak import MAGIC, Broken
from skypact.conformance.klv.packets import KEY, KlvError, ber_length
from skypact.conformance.mavlink import frames
from skypact.conformance.picture import transport
from skypact.conformance.remote_id.messages import LONGEST_PACK, PACK, SIZE, NoMessageError, messages
from skypact.conformance.sapient import wire
from skypact.conformance.stanag4609.carriers import rtp_payload
from skypact.conformance.stanag4609.packets import PACKET, SYNC, packet

#: A message that says more bytes is broken; a kept one fits into a datagram.
LONGEST = 65_000
#: Its messages here are the KLV in it.
TRANSPORT = "stanag4609"
#: Broken bytes after which a format that was recognised, not given, is asked for anew.
_LOST = 16_384
_DEEPEST = 64

#: Where the message that begins at an offset ends; 0: more bytes are needed; -1: none begins there.
_End = Callable[[bytes, int], int]


@dataclass(frozen=True)
class Unit:
    """One message, as it came."""

    format: str
    data: bytes


def _sapient(data: bytes, at: int) -> int:
    if data[at] == ord("{"):
        return _object(data, at)
    if len(data) < at + 5:
        return 0
    length = int.from_bytes(data[at : at + 4], "little")
    # Every message begins with its time stamp or, in protobuf of another writer, its node: fields 1 and 2.
    if not 0 < length <= LONGEST - 4 or data[at + 4] not in (0x0A, 0x12):
        return -1
    return at + 4 + length if len(data) >= at + 4 + length else 0


_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|"|[{}]', re.DOTALL)


def _object(data: bytes, at: int) -> int:
    """The end of a JSON object, by its brackets outside of texts."""
    depth = 0
    for found in _TOKEN.finditer(data, at):
        token = found[0]
        if token == b'"':
            return 0
        depth += (token == b"{") - (token == b"}")
        if depth > _DEEPEST:
            return -1
        if not depth:
            return found.end()
    return 0


_EVENT = re.compile(rb"(<\?xml[^>]{0,200}>\s{0,20})?<event\b")
_EVENT_BEGUN = re.compile(rb"<(e(v(e(n(t)?)?)?)?|\?(x(m(l[^>]{0,200}(>\s{0,20}(<(e(v(e(n(t)?)?)?)?)?)?)?)?)?)?)?$")
_EVENT_END = b"</event>"


def _cot(data: bytes, at: int) -> int:
    if data[at] == MAGIC:
        return _tak(data, at)
    if _EVENT.match(data, at) is None:
        return 0 if _EVENT_BEGUN.match(data, at) else -1
    found = data.find(_EVENT_END, at)
    return found + len(_EVENT_END) if found >= 0 else 0


def _tak(data: bytes, at: int) -> int:
    length = 0
    for used in range(5):
        if at + 1 + used >= len(data):
            return 0
        byte = data[at + 1 + used]
        length |= (byte & 0x7F) << 7 * used
        if byte < 0x80:
            start = at + 2 + used
            if length == 1 and data[start : start + 1] == bytes([MAGIC]):
                return len(data)  # of a mesh: a datagram is one message
            if not 0 < length <= LONGEST:
                return -1
            return start + length if len(data) >= start + length else 0
    return -1


def _asterix(data: bytes, at: int) -> int:
    if data[at] not in EDITIONS:
        return -1
    if len(data) < at + 3:
        return 0
    length = int.from_bytes(data[at + 1 : at + 3], "big")
    if not 4 <= length <= LONGEST:
        return -1
    return at + length if len(data) >= at + length else 0


def _remote_id(data: bytes, at: int) -> int:
    size = SIZE
    if data[at] >> 4 == PACK:
        if len(data) < at + 3:
            return 0
        if data[at + 1] != SIZE or not 1 <= data[at + 2] <= LONGEST_PACK:
            return -1
        size = 3 + SIZE * data[at + 2]
    elif data[at] >> 4 > 5:
        return -1
    return at + size if len(data) >= at + size else 0


def _mavlink(data: bytes, at: int) -> int:
    if data[at] not in (frames.V1, frames.V2):
        return -1
    header = 6 if data[at] == frames.V1 else 10
    if len(data) < at + header:
        return 0
    signed = data[at] == frames.V2 and data[at + 2] & frames.SIGNED
    end = at + header + data[at + 1] + 2 + (13 if signed else 0)
    if len(data) < end:
        return 0
    return -1 if any(isinstance(one, str) for one in frames.read(data[at:end])) else end


def _klv(data: bytes, at: int) -> int:
    head = data[at : at + len(KEY)]
    if not KEY.startswith(head):
        return -1
    if len(data) < at + len(KEY) + 5:
        return 0
    try:
        length, start = ber_length(data, at + len(KEY))
    except KlvError:
        return -1
    if length > LONGEST:
        return -1
    return start + length if len(data) >= start + length else 0


def _transport(data: bytes, at: int) -> int:
    if data[at] != SYNC:
        return -1
    if len(data) < at + PACKET:
        return 0
    return at + PACKET if data[at + PACKET : at + PACKET + 1] in (b"", bytes([SYNC])) else -1


def _is_asterix(data: bytes) -> bool:
    if data[0] != cat129.CATEGORY:
        return bool(decode(data[0], data[3:]).editions)
    try:
        cat129.decode(data[3:])
    except cat129.NotOfCategoryError:
        return False
    return True


def _is_network(data: bytes) -> bool:
    try:
        return all(isinstance(one, dict) and {"flights", "details"} & set(one) for one in json_documents.read(data))
    except ValueError:
        return False


def _is_sapient(data: bytes) -> bool:
    return all(not isinstance(one, str) and one.WhichOneof("content") for one in wire.read(data))


def _is_remote_id(data: bytes) -> bool:
    try:
        return all(one.version <= 2 for one in messages(data))
    except NoMessageError:
        return False


@dataclass(frozen=True)
class _Format:
    end: _End
    is_one: Callable[[bytes], bool] = lambda data: True
    """Whether a message of that length is one indeed: asked of the first one, by which a format is recognised."""
    begins: re.Pattern[bytes] = re.compile(b".", re.DOTALL)


#: In the order in which a beginning is asked about: the surest marks first.
_FORMATS = {
    "klv": _Format(_klv, begins=re.compile(b"\x06")),
    TRANSPORT: _Format(_transport, transport.begins, re.compile(b"\x47")),
    "mavlink": _Format(_mavlink, begins=re.compile(b"[\xfd\xfe]")),
    "cot": _Format(
        _cot, lambda data: all(not isinstance(one, str | Broken) for one in events.read(data)), re.compile(b"<|\xbf")
    ),
    "f3411_network": _Format(
        lambda data, at: _object(data, at) if data[at] == ord("{") else -1, _is_network, re.compile(rb"\{")
    ),
    "asterix": _Format(
        _asterix, _is_asterix, re.compile(b"[" + b"".join(re.escape(bytes([one])) for one in EDITIONS) + b"]")
    ),
    "sapient": _Format(_sapient, _is_sapient),
    "remote_id": _Format(_remote_id, _is_remote_id),
}
FORMATS = tuple(_FORMATS)
_SPACED = (None, "cot", "sapient", "f3411_network")
_SPACE = re.compile(rb"[\s,\[\]]+(?=[<{]|$)")


@dataclass
class Framer:
    """One feed's bytes; ``given``: its format where that is known beforehand."""

    given: str | None = None
    broken_bytes: int = 0
    _known: str | None = None
    _waiting: bytes = b""
    _lost: int = 0
    _inside: transport.Demultiplexer = field(default_factory=transport.Demultiplexer)

    @property
    def format(self) -> str | None:
        return self.given or self._known

    @property
    def waiting(self) -> int:
        """Bytes of a message that is not whole yet."""
        return len(self._waiting)

    @property
    def unread(self) -> Counter[str]:
        """What of a transport stream gave no KLV, by reason."""
        return self._inside.unread

    def push(self, data: bytes, *, datagram: bool) -> Iterator[Unit]:
        """The messages that the bytes complete. A datagram begins and ends with a message.

        Of a transport stream they are the KLV in it; the video is left behind.
        """
        if datagram and self.format in (None, TRANSPORT):
            data = rtp_payload(data) or data
        for unit in self._cut(data, datagram=datagram):
            if unit.format == TRANSPORT:
                yield from (Unit("klv", one) for one in self._inside.take(packet(1, unit.data)))
            else:
                yield unit

    def _cut(self, data: bytes, *, datagram: bool) -> Iterator[Unit]:
        if datagram:
            self._drop(len(self._waiting))
        data, at = self._waiting + data, 0
        self._waiting = b""
        while at < len(data):
            if self.format in _SPACED and (space := _SPACE.match(data, at)):
                at = space.end()
                continue
            end = self._end(data, at, whole=datagram)
            if end > at:
                self._lost = 0
                yield Unit(self.format or "", data[at:end])
                at = end
            elif end == 0 and not datagram and len(data) - at <= LONGEST:
                self._waiting = data[at:]
                return
            elif end == 0 or (datagram and self.format is None):
                self._drop(len(data) - at)
                return
            else:
                found = _FORMATS[self.format].begins.search(data, at + 1) if self.format else None
                after = found.start() if found else at + 1 if self.format is None else len(data)
                self._drop(after - at)
                at = after

    def _end(self, data: bytes, at: int, *, whole: bool) -> int:
        """``whole``: the bytes end where a message ends, so that none is waited for."""
        if self.format is not None:
            return _FORMATS[self.format].end(data, at)
        ends = {name: one.end(data, at) for name, one in _FORMATS.items()}
        awaited = 0 in ends.values() and not whole
        for name, end in ends.items():
            # Nearly any bytes could be Remote ID: only where they can be nothing else.
            if end > at and not (awaited and name == "remote_id") and _FORMATS[name].is_one(data[at:end]):
                self._known = name
                return end
        return 0 if awaited else -1

    def _drop(self, count: int) -> None:
        self.broken_bytes += count
        self._lost += count
        if self._lost > _LOST:
            self._known, self._lost = None, 0
