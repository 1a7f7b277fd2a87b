"""Where fused tracks go: a file, UDP (a multicast group too) or TCP; and how long that took and what was not taken."""

from __future__ import annotations

import ipaddress
import socket
import statistics
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit
from uuid import UUID

from skypact.conformance.picture.report import Latency, Sent
from skypact.conformance.picture.sending import Form, FusionNode, Outgoing, cot_message
from skypact.schema import InputError

_ACCEPTED = "a file, udp://HOST:PORT (multicast too) or tcp://HOST:PORT"
_SCHEMES = ("udp", "tcp")
_SEND_S = 0.5
_AGAIN_S = 2.0
_REMEMBERED = 2_000


class Outlet:
    """Messages out; what cannot be sent now is lost and counted, as a receiver that is away misses it."""

    def __init__(self, target: str) -> None:
        """Raises InputError for an address or file that cannot be used; a TCP receiver may come later."""
        self.target = target
        self.begun = 0
        """How often a receiver was found: each one has heard nothing yet."""
        self._file: BinaryIO | None = None
        self._socket: socket.socket | None = None
        self._tried = -_AGAIN_S
        self._scheme, self._place = "file", ("", 0)
        try:
            parts = urlsplit(target)
            if parts.scheme in _SCHEMES and parts.hostname and parts.port and not parts.path.strip("/"):
                self._scheme, self._place = parts.scheme, (parts.hostname, parts.port)
            elif "://" in target:
                raise ValueError
            if self._scheme == "udp":
                self._socket, self._place = _datagrams(*self._place)
            elif self._scheme == "file":
                self._file = Path(target).open("wb")  # noqa: SIM115 (closed by close)
        except ValueError:
            raise InputError.single(file="output", value=target, accepted=_ACCEPTED) from None
        except OSError as error:
            raise InputError.single(file="output", value=target, accepted=f"{_ACCEPTED}: {error}") from None
        self.begun = 0 if self._scheme == "tcp" else 1

    @property
    def datagrams(self) -> bool:
        return self._scheme == "udp"

    def ready(self) -> bool:
        """Whether somebody may take a message; looks for a TCP receiver now and then."""
        if self._scheme == "tcp" and self._socket is None and time.monotonic() - self._tried >= _AGAIN_S:
            self._tried = time.monotonic()
            try:
                self._socket = socket.create_connection(self._place, timeout=_SEND_S)
                self.begun += 1
            except OSError:
                return False
        return self._file is not None or self._socket is not None

    def send(self, data: bytes) -> bool:
        """Whether the message was handed over. Raises OSError only for a file that cannot be written."""
        if not self.ready():
            return False
        if self._file is not None:
            self._file.write(data)
            return True
        if self._socket is None:
            return False
        try:
            if self._scheme == "udp":
                self._socket.sendto(data, self._place)
            else:
                self._socket.sendall(data)
        except OSError:
            self.drop()
            return False
        return True

    def drop(self) -> None:
        """Gives a TCP receiver up; the next message looks for one anew."""
        if self._scheme == "tcp" and self._socket is not None:
            self._socket.close()
            self._socket, self._tried = None, -_AGAIN_S

    def close(self) -> None:
        for one in (self._file, self._socket):
            if one is not None:
                one.close()


def _datagrams(host: str, port: int) -> tuple[socket.socket, tuple[str, int]]:
    family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
    own = socket.socket(family, socket.SOCK_DGRAM)
    if ipaddress.ip_address(str(place[0]).partition("%")[0]).is_multicast and family == socket.AF_INET:
        own.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)
    own.setblocking(False)
    return own, place  # type: ignore[return-value]


@dataclass
class Sender:
    """One format to one outlet. ``clock``: the one that arrivals are told by."""

    outlet: Outlet
    format: str
    """``cot`` or ``sapient``."""
    clock: Callable[[], float]
    xml: bool = False
    messages: int = 0
    failed: int = 0
    _late: deque[float] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    _through: deque[float] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    _node: FusionNode | None = None
    _told: tuple[UUID, int] | None = None
    """The picture, and the receiver, that the node was registered for."""

    def take(self, one: Outgoing, arrival_s: float | None) -> None:
        """Sends a track's state; ``arrival_s``: of the look that it rests on."""
        if self.format == "cot":
            form = Form.XML if self.xml else Form.MESH if self.outlet.datagrams else Form.STREAM
            taken = self._send(cot_message(one, form))
        else:
            node = self._session(one)
            taken = self._send(b"".join(message for _, message in node.take(one)))
        if taken and arrival_s is not None:
            self._late.append(self.clock() - one.state.time_s)
            self._through.append(self.clock() - arrival_s)

    def _session(self, one: Outgoing) -> FusionNode:
        self.outlet.ready()
        if self._node is None or self._told != (one.picture, self.outlet.begun):
            self._told = one.picture, self.outlet.begun
            self._node = FusionNode(one.picture, one.sources)
        return self._node

    def tick(self, time_s: float) -> None:
        """Status reports of the fusion node up to a time that no later message will be before."""
        if self._node is not None:
            for _, message in self._node.due(time_s):
                self._send(message)

    def close(self, time_s: float | None = None) -> None:
        if self._node is not None and self._node.last_s is not None:
            self._send(self._node.goodbye(max(self._node.last_s, time_s or 0.0)))
        self.outlet.close()

    def _send(self, message: bytes) -> bool:
        taken = self.outlet.send(message)
        self.messages += taken
        self.failed += not taken
        return taken

    def sent(self) -> Sent:
        return Sent(
            address=self.outlet.target,
            format="SAPIENT BSI Flex 335 v2.0"
            if self.format == "sapient"
            else "Cursor on Target XML"
            if self.xml
            else "TAK protocol 1",
            messages=self.messages,
            failed=self.failed,
            latency=_latency(self._late),
            through=_latency(self._through),
        )


def _latency(said: deque[float]) -> Latency | None:
    return Latency(median_s=round(statistics.median(said), 3), largest_s=round(max(said), 3)) if said else None
