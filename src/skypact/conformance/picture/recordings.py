"""From files to observations: which standard a recording speaks, and one clock for all of them."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from skypact.conformance import captures, json_documents
from skypact.conformance.asterix.editions import EDITIONS
from skypact.conformance.asterix.records import FramingError, blocks
from skypact.conformance.cot.tak import MAGIC
from skypact.conformance.klv.packets import KEY
from skypact.conformance.mavlink.frames import read as frames
from skypact.conformance.picture import asterix, cot, klv, mavlink, network, remote_id, sapient, transport
from skypact.conformance.picture.observation import Gathered, Observation, Site
from skypact.conformance.picture.reading import Learned, Reading
from skypact.conformance.remote_id.messages import PACK
from skypact.conformance.sapient import wire
from skypact.conformance.standard import Recording

_RADIO = (captures.WIFI, captures.WIFI_RADIOTAP, captures.BLUETOOTH_LE, captures.BLUETOOTH_LE_PHDR, captures.NORDIC_BLE)
#: 2010 and 2100, as the lab's rule for times of SAPIENT.
_FIRST_S, _LAST_S = 1_262_304_000, 4_102_444_800
_FARTHEST = 1e6
#: Those whose messages tell their day and hour come first: the others' times are counted from theirs.
_WHOLE = ("sapient", "cot", "f3411_network", "klv", "stanag4609")
_PARTIAL = ("asterix", "remote_id", "mavlink")
FORMATS = (*_WHOLE, *_PARTIAL)


@dataclass(frozen=True)
class Assumptions:
    """What stands in where a message does not say how well it knows; the report names what was used."""

    sigma_m: float = 30.0
    slant_sigma_m: float = 30.0
    bearing_sigma_deg: float = 0.2
    undulation_m: float | None = None
    """The geoid above the ellipsoid here; without it heights above the sea are compared with none."""

    def reading(self, sites: Mapping[str, Site], about_s: float | None, learned: Learned) -> Reading:
        """``about_s``: a moment of the recordings, where one is known; what was ``learned`` so far is added to."""
        return Reading(sites, about_s, self.slant_sigma_m, self.bearing_sigma_deg, self.undulation_m, learned)


def gather(
    recordings: Sequence[Recording], sites: Mapping[str, Site] | None = None, assumed: Assumptions | None = None
) -> Gathered:
    """Every observation of the recordings, in order of time.

    Times of day and of the hour need a moment to count from: the arrival in a capture, else the middle of what the
    recordings with whole times say.

    Raises ``ValueError`` for a recording of none of the formats.
    """
    assumed = assumed or Assumptions()
    into, learned = Gathered(), Learned()
    named = [(one, recognise(one)) for one in recordings]
    about_s: float | None = None
    for wanted in (_WHOLE, _PARTIAL):
        reading = assumed.reading(sites or {}, about_s, learned)
        for recording, name in named:
            if name in wanted:
                read(name, recording.data, PurePath(recording.name).stem, reading, into)
        times = [one.time_s for one in into.observations if _FIRST_S <= one.time_s < _LAST_S]
        about_s = statistics.median(times) if times else None
    known: dict[tuple[object, ...], Observation] = {}
    for one in into.observations:
        if (why := impossible(one)) is not None:
            into.leave_out(one.source, why)
        elif known.setdefault(one.said(), one) is not one:
            into.repeats.append(one)
    into.observations = list(known.values())
    into.observations.sort(key=lambda one: (one.time_s, one.source))
    return into


def impossible(one: Observation) -> str | None:
    """What no sensor on Earth can mean by it, and no tracker should be asked about."""
    if not _FIRST_S <= one.time_s < _LAST_S:
        return "a time outside 2010 to 2099"
    numbers = [one.height_m, one.pressure_height_m, one.sigma_m]
    if one.site is not None:
        numbers += [one.site.height_m]
        if not (abs(one.site.latitude_deg) <= 90 and abs(one.site.longitude_deg) <= 180):
            return "a sensor in no place on the globe"
    if one.polar is not None:
        numbers += [one.polar.slant_m, one.polar.bearing_deg, one.polar.slant_sigma_m, one.polar.bearing_sigma_deg]
    if not all(number is None or abs(number) < _FARTHEST for number in numbers):
        return "a height, range, angle or error that is no finite number or beyond 1,000 km"
    return None


def read(name: str, data: bytes, label: str, reading: Reading, into: Gathered) -> None:
    """Reads what a recording or a live message of a format of ``FORMATS`` holds. ``label`` names the source where the
    messages do not."""
    _READERS[name](data, label, reading, into)


_Reader = Callable[[bytes, str, Reading, Gathered], None]
_READERS: dict[str, _Reader] = {
    "sapient": lambda data, label, reading, into: sapient.read(data, reading, into),
    "cot": lambda data, label, reading, into: cot.read(data, label, into),
    "f3411_network": network.read,
    "klv": klv.read,
    "stanag4609": transport.read,
    "asterix": lambda data, label, reading, into: asterix.read(data, reading, into),
    "remote_id": remote_id.read,
    "mavlink": mavlink.read,
}


def recognise(recording: Recording) -> str:
    """One of ``FORMATS``, by the bytes. Raises ``ValueError``."""
    data = recording.data
    if captures.is_capture(data):
        payload = _first_payload(data)
        if payload is None:
            return "remote_id"
        data = payload
    head = data.lstrip()[:1]
    if head in (b"{", b"["):
        return "f3411_network" if _is_network(data) else "sapient"
    if head == b"<" or data[:1] == bytes([MAGIC]):
        return "cot"
    if data.startswith(KEY):
        return "klv"
    if transport.begins(data):
        return "stanag4609"
    if data and not isinstance(next(iter(frames(data))), str):
        return "mavlink"
    if _is_asterix(data):
        return "asterix"
    if data and not isinstance(next(iter(wire.read(data))), str):
        return "sapient"
    if data and (data[0] >> 4 <= 5 or data[0] >> 4 == PACK):
        return "remote_id"
    raise ValueError(
        f"{recording.name}: begins with {data[:4].hex() or 'nothing'}; accepted: SAPIENT (JSON, protobuf stream), CoT"
        " (XML, TAK protocol), MAVLink (frames, tlog), KLV (ST 0601, also in MPEG transport streams), ASTERIX (data"
        " blocks), Remote ID (bare messages, network answers), captures of their datagrams, and captures of Wi-Fi or"
        " Bluetooth with Remote ID"
    )


def _is_network(data: bytes) -> bool:
    try:
        first = next(iter(json_documents.read(data)), None)
    except ValueError:
        return False
    return isinstance(first, dict) and bool({"flights", "details"} & set(first))


def _first_payload(data: bytes) -> bytes | None:
    """The first datagram of a capture; ``None`` for a capture of Wi-Fi or Bluetooth."""
    try:
        for packet in captures.packets(data):
            if packet.link_type in _RADIO:
                return None
            if payload := captures.udp_payload(packet):
                return payload
    except captures.BrokenCaptureError:
        return b""
    return b""


def _is_asterix(data: bytes) -> bool:
    try:
        categories = {category for category, _ in blocks(data)}
    except FramingError:
        return False
    return bool(categories) and categories <= set(EDITIONS)
