"""Recording a product live: the vendor points it at the lab, and what it sends is kept as it came.

UDP becomes a pcap (Ethernet frames around the datagrams as they arrived, so that other programs read it too); each
TCP connection becomes one file of its bytes in order.
"""

from __future__ import annotations

import ipaddress
import select
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from skypact.conformance.captures import ETHERNET
from skypact.conformance.standard import Answering, Recording
from skypact.schema import InputError

#: The most bytes that one recording holds.
MOST_BYTES = 256 * 2**20
_PART = 2**16
PCAP_HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 2**18, ETHERNET)
_SCHEMES = ("udp", "tcp", "tcp-connect")
_ACCEPTED = (
    "udp://HOST:PORT (a multicast group is joined), tcp://HOST:PORT (the product connects to the lab) or "
    "tcp-connect://HOST:PORT (the lab connects to the product)"
)


@dataclass(frozen=True)
class Address:
    """Where a product is listened to."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of_text(cls, text: str) -> Address:
        """``udp://239.2.3.1:6969``. Raises InputError."""
        try:
            parts = urlsplit(text)
            if parts.scheme in _SCHEMES and parts.hostname and parts.port is not None and not parts.path.strip("/"):
                return cls(parts.scheme, parts.hostname, parts.port)
        except ValueError:  # a port that is no number, a bracket that is not closed: said below
            pass
        raise InputError.single(file="address", value=text, accepted=_ACCEPTED)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


@dataclass
class Heard:
    """What arrived so far."""

    recordings: list[Recording] = field(default_factory=list)
    bytes: int = 0
    parts: int = 0
    """datagrams, or pieces of a connection"""
    peers: list[str] = field(default_factory=list)
    ended: str = ""
    """why listening ended"""


class Listener:
    """A socket that waits for one product. To be used as a context, so that the port is free afterwards::

    with Listener(Address.of_text("udp://127.0.0.1:6969")) as listener:
        heard = listener.listen(seconds=60)
    """

    def __init__(self, address: Address) -> None:
        """Opens the socket. Raises InputError where the address cannot be used."""
        self.address = address
        try:
            self._socket = open_socket(address)
        except OSError as error:
            raise InputError.single(
                file="address", value=str(address), accepted=f"an address that can be used here: {error}"
            ) from None

    def __enter__(self) -> Listener:
        return self

    def __exit__(self, *raised: object) -> None:
        self._socket.close()

    @property
    def port(self) -> int:
        """The port in use: the one that was asked for, or the one that the system chose for port 0."""
        return int(self._socket.getsockname()[1])

    def listen(
        self,
        *,
        seconds: float,
        most_bytes: int = MOST_BYTES,
        as_capture: bool = True,
        answering: Answering | None = None,
        tell: Callable[[Heard], None] = lambda heard: None,
    ) -> Heard:
        """Everything that arrives within ``seconds``; ends earlier at ``most_bytes`` or when stopped (Ctrl-C).

        Datagrams are kept as a capture, or one after another where ``as_capture`` is false. ``answering`` speaks back
        on TCP. ``tell`` is called after every piece. An interruption is no loss: what had arrived is handed out, and
        ``ended`` says so.
        """
        heard = Heard()
        session = (
            _Datagrams(heard, as_capture=as_capture) if self.address.scheme == "udp" else _Connections(heard, answering)
        )
        until = time.monotonic() + seconds
        try:
            heard.ended = session.run(self._socket, self.address, until, most_bytes, tell)
        except KeyboardInterrupt:
            heard.ended = "stopped"
        heard.recordings = session.recordings()
        return heard


class _Datagrams:
    def __init__(self, heard: Heard, *, as_capture: bool) -> None:
        self._heard = heard
        self._as_capture = as_capture
        self._kept: list[bytes] = []

    def run(self, own: socket.socket, address: Address, until: float, most: int, tell: Callable[[Heard], None]) -> str:
        heard = self._heard
        while (left := until - time.monotonic()) > 0:
            if not select.select([own], [], [], left)[0]:
                break
            data, peer = own.recvfrom(_PART)
            if heard.bytes + len(data) > most:
                return f"more than {most} bytes"
            _note(heard, len(data), peer)
            self._kept.append(pcap_record(data, peer, own.getsockname(), time.time()) if self._as_capture else data)
            tell(heard)
        return "time over"

    def recordings(self) -> list[Recording]:
        if not self._kept:
            return []
        if not self._as_capture:
            return [Recording("live.bin", b"".join(self._kept))]
        return [Recording("live.pcap", PCAP_HEADER + b"".join(self._kept))]


class _Connections:
    def __init__(self, heard: Heard, answering: Answering | None) -> None:
        self._heard = heard
        self._answering = answering
        self._received: list[bytearray] = []

    def run(self, own: socket.socket, address: Address, until: float, most: int, tell: Callable[[Heard], None]) -> str:
        if address.scheme == "tcp-connect":
            return self._take(own, own.getpeername(), until, most, tell) or "the product closed the connection"
        while (left := until - time.monotonic()) > 0:
            if not select.select([own], [], [], left)[0]:
                break
            connection, peer = own.accept()
            with connection:
                connection.setblocking(True)
                if ended := self._take(connection, peer, until, most, tell):
                    return ended
        return "time over"

    def _take(
        self,
        connection: socket.socket,
        peer: tuple[object, ...],
        until: float,
        most: int,
        tell: Callable[[Heard], None],
    ) -> str:
        """Why listening is over, or nothing where only this connection is."""
        received, heard = bytearray(), self._heard
        self._received.append(received)
        answer = self._answering() if self._answering is not None else _silence
        while (left := until - time.monotonic()) > 0:
            if not select.select([connection], [], [], left)[0]:
                break
            try:
                data = connection.recv(_PART)
            except ConnectionResetError:
                return ""
            if not data:
                return ""
            if heard.bytes + len(data) > most:
                return f"more than {most} bytes"
            received += data
            _note(heard, len(data), peer)
            tell(heard)
            connection.settimeout(left)  # a product that never reads its answers does not hold the lab
            try:
                connection.sendall(answer(data))
            except TimeoutError:
                break
            except (BrokenPipeError, ConnectionResetError):
                return ""
        return "time over"

    def recordings(self) -> list[Recording]:
        kept = [bytes(one) for one in self._received if one]
        return [Recording(f"live-{number}.bin", data) for number, data in enumerate(kept, 1)]


def _silence(data: bytes) -> bytes:
    return b""


def _note(heard: Heard, length: int, peer: tuple[object, ...]) -> None:
    name = f"{peer[0]}:{peer[1]}"
    heard.bytes += length
    heard.parts += 1
    if name not in heard.peers:
        heard.peers.append(name)


def pcap_record(data: bytes, source: tuple[object, ...], target: tuple[object, ...], at: float) -> bytes:
    """A pcap record: the datagram in UDP, IPv4 and Ethernet; IPv6 addresses are written as 0.0.0.0."""
    udp = struct.pack(">HHHH", int(str(source[1])), int(str(target[1])), 8 + len(data), 0) + data
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, _ipv4(source[0]), _ipv4(target[0]))
    total = sum(struct.unpack(">10H", head))
    total = (total & 0xFFFF) + (total >> 16)
    checksum = ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
    frame = bytes(12) + b"\x08\x00" + head[:10] + struct.pack(">H", checksum) + head[12:] + udp
    seconds = int(at)
    return struct.pack("<4I", seconds, int((at - seconds) * 1e6), len(frame), len(frame)) + frame


def _ipv4(host: object) -> bytes:
    address = ipaddress.ip_address(str(host).partition("%")[0])
    return address.packed if address.version == 4 else bytes(4)


def open_socket(address: Address) -> socket.socket:
    """Bound, or connected, as the scheme says. Raises OSError."""
    return _OPEN[address.scheme](address)


def _family(address: Address, kind: socket.SocketKind) -> tuple[socket.AddressFamily, tuple[object, ...]]:
    found = socket.getaddrinfo(address.host, address.port, type=kind)[0]
    return socket.AddressFamily(found[0]), found[4]


def _open_udp(address: Address) -> socket.socket:
    family, place = _family(address, socket.SOCK_DGRAM)
    own = socket.socket(family, socket.SOCK_DGRAM)
    try:
        own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * 2**20)
        group = ipaddress.ip_address(str(place[0]).partition("%")[0])
        if group.is_multicast and group.version == 4:
            own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            own.bind(("", address.port))
            own.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group.packed + bytes(4))
        else:
            own.bind(place)
    except OSError:
        own.close()
        raise
    return own


def _open_tcp(address: Address) -> socket.socket:
    family, place = _family(address, socket.SOCK_STREAM)
    own = socket.socket(family, socket.SOCK_STREAM)
    try:
        own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        own.bind(place)
        own.listen(4)
    except OSError:
        own.close()
        raise
    return own


def _connect(address: Address) -> socket.socket:
    return socket.create_connection((address.host, address.port), timeout=10)


_OPEN: dict[str, Callable[[Address], socket.socket]] = {
    "udp": _open_udp,
    "tcp": _open_tcp,
    "tcp-connect": _connect,
}
