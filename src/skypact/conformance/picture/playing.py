"""Recordings played to sockets at the pace of their own times: for demonstrations, and to test what listens."""

from __future__ import annotations

import socket
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from skypact.conformance import captures
from skypact.conformance.listening import Address
from skypact.conformance.picture.framing import Framer
from skypact.conformance.picture.observation import Gathered
from skypact.conformance.picture.reading import Learned
from skypact.conformance.picture.recordings import Assumptions, gather, read, recognise
from skypact.conformance.standard import Recording
from skypact.schema import InputError


@dataclass(frozen=True)
class Cue:
    """A message and when it is due."""

    time_s: float
    """Seconds since 1970, by the recording."""
    name: str
    data: bytes


def cues(recordings: Sequence[Recording]) -> list[Cue]:
    """The messages of all recordings in order: by their arrival in a capture, else by the times that they state.

    What states no time (a registration, a status) goes with the message after it. Raises ``ValueError`` for a recording
    of no known format, and for one without any time.
    """
    gathered = gather(recordings)
    times = [one.time_s for one in gathered.observations]
    about_s = statistics.median(times) if times else None
    found = [cue for recording in recordings for cue in _of(recording, about_s)]
    return sorted(found, key=lambda cue: cue.time_s)


def _of(recording: Recording, about_s: float | None) -> Iterator[Cue]:
    name = PurePath(recording.name).stem
    if captures.is_capture(recording.data):
        for packet in captures.packets(recording.data):
            if (payload := captures.udp_payload(packet)) and packet.time_s is not None:
                yield Cue(packet.time_s, name, payload)
        return
    format_, learned = recognise(recording), Learned()
    untimed: list[bytes] = []
    last_s: float | None = None
    for unit in Framer(format_).push(recording.data, datagram=True):
        into = Gathered()
        read(unit.format, unit.data, name, Assumptions().reading({}, about_s, learned), into)
        untimed.append(unit.data)
        if into.observations:
            last_s = into.observations[0].time_s
            yield from (Cue(last_s, name, data) for data in untimed)
            untimed.clear()
    if last_s is None and untimed:
        raise ValueError(f"{recording.name}: nothing in it tells a time to play it by")
    yield from (Cue(last_s or 0.0, name, data) for data in untimed)


class Player:
    """Sends cues to the socket of their recording; ``tcp`` connects to whoever listens there."""

    def __init__(self, targets: Mapping[str, Address]) -> None:
        """Raises InputError for an address that nobody can be reached at."""
        self._sockets: dict[str, tuple[socket.socket, tuple[object, ...] | None]] = {}
        for name, address in targets.items():
            try:
                self._sockets[name] = _open(address)
            except OSError as error:
                self.close()
                raise InputError.single(
                    file="target", value=f"{name}={address}", accepted=f"an address where somebody listens: {error}"
                ) from None

    def __enter__(self) -> Player:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def close(self) -> None:
        for own, _ in self._sockets.values():
            own.close()

    def play(
        self,
        said: Sequence[Cue],
        *,
        speed: float = 1.0,
        tell: Callable[[Cue, int], None] = lambda cue, number: None,
        at_s: float | None = None,
    ) -> int:
        """How many messages went out. A receiver that hangs up ends its own part only. ``at_s``: when the first one is
        due, seconds since 1970; at once where it is not said or gone by."""
        begun, first_s = time.monotonic(), said[0].time_s if said else 0.0
        if at_s is not None:
            begun += max(0.0, at_s - time.time())
        gone: set[str] = set()
        sent = 0
        for number, cue in enumerate(said, 1):
            if cue.name not in self._sockets or cue.name in gone:
                continue
            time.sleep(max(0.0, begun + (cue.time_s - first_s) / speed - time.monotonic()))
            own, place = self._sockets[cue.name]
            try:
                if place is None:
                    own.sendall(cue.data)
                else:
                    own.sendto(cue.data, place)
                sent += 1
            except ConnectionRefusedError:
                pass  # UDP tells of the datagram before; the next one may be taken
            except OSError:
                gone.add(cue.name)
            tell(cue, number)
        return sent


def _open(address: Address) -> tuple[socket.socket, tuple[object, ...] | None]:
    if address.scheme == "udp":
        family, _, _, _, place = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_DGRAM)[0]
        return socket.socket(family, socket.SOCK_DGRAM), place
    return socket.create_connection((address.host, address.port), timeout=10), None
