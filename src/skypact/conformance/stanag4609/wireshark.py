"""Transport streams as Wireshark reads them: code of others in another language, run as the program ``tshark``.

The capture and the division into packets are ours: each packet of 188 bytes is handed over as one frame. Tables, PES
packets and their times are put together and read by Wireshark itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element  # types only

from skypact.conformance import tshark
from skypact.conformance.second import Reading, SecondDecoder, UnfinishedError, Value
from skypact.conformance.stanag4609.packets import CLOCK_HZ
from skypact.conformance.stanag4609.readings import ASSOCIATION, MAP, PACKET, PES, digest, handed
from skypact.conformance.standard import Recording

#: A run takes half a second, and a capture can hold as many streams as packets.
MOST_STREAMS = 32
_INSIDE = ("mpeg_pat", "mpeg_pmt", "mpeg-pes", "mpeg-pes.extension", "mpeg-pes.header-data", "mpeg-pes.data")


def read(recordings: Sequence[Recording]) -> Iterator[Reading]:
    """Each stream by a run of its own. Raises ``UnfinishedError``, also for more than ``MOST_STREAMS``."""
    for streams, chosen in enumerate(handed(recordings)):
        if streams == MOST_STREAMS:
            raise UnfinishedError(f"there are more than {MOST_STREAMS} streams, and tshark runs for each")
        frames = tshark.dissect("mp2t", (one.packet.raw for one in chosen), inside=_INSIDE)
        for one, frame in zip(chosen, frames, strict=False):
            for kind, values in () if frame.malformed else _read(frame.parts):
                if kind != PES or one.klv:
                    yield Reading(one.file, one.packet.number, kind, values)


def _read(parts: Sequence[Element]) -> Iterator[tuple[str, dict[str, Value]]]:
    begun: dict[str, Value] | None = None
    for part in parts:
        name = part.get("name")
        if name == "mp2t":
            yield PACKET, _packet(part)
        elif name == "mpeg_pat":
            yield ASSOCIATION, _association(part)
        elif name == "mpeg_pmt":
            yield MAP, _map(part)
        elif name == "mpeg-pes":
            if begun is not None:
                yield PES, begun
            begun = _numbers(part, {"stream": "mpeg-pes.stream"}) | {"bytes": 0, "sha256": digest(b"")}
        elif begun is not None:
            for field in part.iter("field"):
                if field.get("name") == "mpeg-pes.pts":
                    begun["pts"] = round(tshark.real(field.get("show", "")) * CLOCK_HZ)
                elif field.get("name") == "mpeg-pes.data":
                    data = bytes.fromhex(field.get("value", ""))
                    begun["bytes"], begun["sha256"] = len(data), digest(data)
    if begun is not None:
        yield PES, begun


def _said(part: Element, name: str) -> list[str]:
    return [field.get("show", "") for field in part.iter("field") if field.get("name") == name]


def _numbers(part: Element, fields: Mapping[str, str]) -> dict[str, Value]:
    """Those of the fields that Wireshark shows, by our names."""
    return {ours: tshark.number(said[0]) for ours, theirs in fields.items() if (said := _said(part, theirs))}


def _packet(part: Element) -> dict[str, Value]:
    fields = {"pid": "mp2t.pid", "starts": "mp2t.pusi", "counter": "mp2t.cc", "pcr": "mp2t.af.pcr"}
    return _numbers(part, fields)


def _association(part: Element) -> dict[str, Value]:
    numbers, pids = _said(part, "mpeg_pat.prog_num"), _said(part, "mpeg_pat.prog_map_pid")
    return {f"program {tshark.number(one)}": tshark.number(pid) for one, pid in zip(numbers, pids, strict=False)}


def _map(part: Element) -> dict[str, Value]:
    fields = {"program": "mpeg_pmt.pg_num", "version": "mpeg_pmt.version", "clock": "mpeg_pmt.pcr_pid"}
    said = _numbers(part, fields)
    streams = [one for one in part if any(field.get("name") == "mpeg_pmt.stream.type" for field in one)]
    for number, stream in enumerate(streams, 1):
        names = {"pid": "mpeg_pmt.stream.elementary_pid", "type": "mpeg_pmt.stream.type"}
        said |= _numbers(stream, {f"stream {number} {ours}": theirs for ours, theirs in names.items()})
        described = [one for one in stream if any(field.get("name") == "mpeg_descr.tag" for field in one)]
        for place, one in enumerate(described, 1):
            raw = one.get("value", "")
            said[f"stream {number} descriptor {place}"] = f"{raw[:2]} {raw[4:]}"
    return said


DECODER = SecondDecoder(
    name="tshark",
    version=tshark.version,
    whose="Wireshark's dissectors of MPEG-2 transport streams, code of others in C.",
    read=read,
)
