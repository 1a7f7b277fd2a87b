"""Several products on several sockets at once, for a live picture; and what they sent, kept for the report."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from skypact.conformance.asterix.records import specifications
from skypact.conformance.listening import PCAP_HEADER, Address, open_socket, pcap_record
from skypact.conformance.picture.framing import FORMATS, Unit
from skypact.conformance.picture.live import LivePicture
from skypact.conformance.sapient.answering import Acknowledging
from skypact.conformance.standard import Recording
from skypact.schema import InputError

#: What is kept of one feed at most.
MOST_BYTES = 64 * 2**20
_PART = 2**16
_MOST_CONNECTIONS = 32
#: Between two attempts to reach a product that is not there, s.
_AGAIN_S = 2.0


@dataclass(frozen=True)
class FeedAddress:
    """Where a product is listened to, what it is called, and its format where that was said."""

    name: str
    address: Address
    format: str | None = None

    @classmethod
    def of_text(cls, text: str) -> FeedAddress:
        """``radar=udp://239.2.3.1:6969?format=asterix``. Raises InputError."""
        name, _, url = text.partition("=")
        if not name or not url:
            raise InputError.single(file="feed", value=text, accepted="NAME=URL, such as radar=udp://0.0.0.0:6969")
        said = parse_qs(urlsplit(url).query)
        format_ = said.get("format", [None])[-1]
        if set(said) - {"format"} or format_ not in (None, *FORMATS):
            raise InputError.single(
                file="feed", value=text, accepted=f"after the address nothing, or ?format= with {', '.join(FORMATS)}"
            )
        return cls(name, Address.of_text(url.partition("?")[0]), format_)


@dataclass
class Kept:
    """The messages of every feed with their arrival, as captures that other programs read too."""

    most_bytes: int = MOST_BYTES
    full: dict[str, float] = field(default_factory=dict)
    """Feed -> when nothing more was kept of it; seconds since 1970."""
    _records: dict[str, bytearray] = field(default_factory=dict)

    def keep(self, label: str, unit: Unit, arrival_s: float) -> None:
        kept = self._records.setdefault(label, bytearray(PCAP_HEADER))
        if label in self.full:
            return
        if len(kept) + len(unit.data) > self.most_bytes:
            self.full[label] = arrival_s
            return
        kept += pcap_record(unit.data, ("127.0.0.1", 1), ("127.0.0.1", 1), arrival_s)

    def recordings(self) -> list[Recording]:
        return [Recording(f"{label}.pcap", bytes(kept)) for label, kept in sorted(self._records.items())]


@dataclass
class _Connection:
    feed: FeedAddress
    number: int
    answer: Acknowledging = field(default_factory=Acknowledging)


class Hub:
    """The sockets of all feeds. To be used as a context, so that the ports are free afterwards."""

    def __init__(self, feeds: Sequence[FeedAddress], picture: LivePicture, clock: Callable[[], float]) -> None:
        """Opens the sockets. Raises InputError for an address that cannot be used, and for a name given twice."""
        specifications(48)  # takes a second to be there, which would be the first message's latency
        self._picture, self._clock = picture, clock
        self._selector = selectors.DefaultSelector()
        self._sockets: dict[socket.socket, FeedAddress | _Connection] = {}
        self._numbers = 0
        self._absent: dict[str, tuple[FeedAddress, float]] = {}
        self.ports: dict[str, int] = {}
        """Of each feed that is waited for: the system chooses one for port 0."""
        try:
            for feed in feeds:
                if feed.name in self.ports or feed.name in self._absent:
                    raise InputError.single(file="feed", value=feed.name, accepted="each name once")
                self._open(feed)
        except InputError:
            self.close()
            raise

    def __enter__(self) -> Hub:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        for own in list(self._sockets):
            self._close(own)
        self._selector.close()

    def _open(self, feed: FeedAddress) -> None:
        if feed.address.scheme == "tcp-connect":
            self._absent[feed.name] = feed, -_AGAIN_S
            return
        try:
            own = open_socket(feed.address)
        except OSError as error:
            raise InputError.single(
                file="feed", value=f"{feed.name}={feed.address}", accepted=f"an address that can be used here: {error}"
            ) from None
        self.ports[feed.name] = int(own.getsockname()[1])
        self._register(own, feed)

    def run(self, tick: Callable[[], bool], every_s: float = 1.0) -> None:
        """Feeds the picture until ``tick``, called every ``every_s``, says no."""
        due = time.monotonic()
        while True:
            if time.monotonic() >= due:
                due = max(due + every_s, time.monotonic())
                self._reach()
                if not tick():
                    return
            for key, _ in self._selector.select(max(0.0, min(due - time.monotonic(), every_s))):
                self._take(key.data, self._sockets[key.data])

    def _reach(self) -> None:
        """Connects to the products that are not there yet, or not any more."""
        for name, (feed, tried) in list(self._absent.items()):
            if time.monotonic() - tried < _AGAIN_S:
                continue
            self._absent[name] = feed, time.monotonic()
            try:
                own = socket.create_connection((feed.address.host, feed.address.port), timeout=0.2)
            except OSError:
                continue
            del self._absent[name]
            self._connected(own, feed)

    def _connected(self, own: socket.socket, feed: FeedAddress) -> None:
        self._numbers += 1
        self._register(own, _Connection(feed, self._numbers))

    def _register(self, own: socket.socket, data: FeedAddress | _Connection) -> None:
        own.setblocking(False)
        self._sockets[own] = data
        self._selector.register(own, selectors.EVENT_READ, own)

    def _take(self, own: socket.socket, data: FeedAddress | _Connection) -> None:
        if isinstance(data, _Connection):
            self._take_stream(own, data)
        elif data.address.scheme == "udp":
            self._take_datagrams(own, data)
        else:
            try:
                connection, _ = own.accept()
            except OSError:
                return
            if len(self._sockets) > _MOST_CONNECTIONS:
                connection.close()
            else:
                self._connected(connection, data)

    def _take_datagrams(self, own: socket.socket, feed: FeedAddress) -> None:
        for _ in range(256):
            try:
                received, _ = own.recvfrom(_PART)
            except OSError:
                return
            self._picture.feed(feed.name, feed.format, received, self._clock(), datagram=True)

    def _take_stream(self, own: socket.socket, connection: _Connection) -> None:
        feed = connection.feed
        try:
            received = own.recv(_PART)
            if received:
                self._picture.feed(feed.name, feed.format, received, self._clock(), stream=connection.number)
                own.send(connection.answer(received))
        except BlockingIOError:
            return
        except OSError:
            received = b""
        if not received:
            self._close(own)
            self._picture.hang_up(feed.name, connection.number)
            if feed.address.scheme == "tcp-connect":
                self._absent[feed.name] = feed, time.monotonic()

    def _close(self, own: socket.socket) -> None:
        self._selector.unregister(own)
        del self._sockets[own]
        own.close()
