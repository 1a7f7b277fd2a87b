"""Events of our own making: a drone track of three positions as a sensor gateway sends it, in both forms."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Sequence
from datetime import datetime
from xml.etree.ElementTree import Element, tostring  # writing only; defusedxml parses

from defusedxml.ElementTree import fromstring

from skypact.conformance.cot.tak import framed, to_message
from skypact.conformance.standard import Sample, Variant
from skypact.conformance.variants import of_xml

EVENT = (
    '<event version="2.0" uid="SYN-TRACK-7" type="a-u-A-M-F-Q" how="m-f" time="2026-03-02T10:00:0{second}Z"'
    ' start="2026-03-02T10:00:0{second}Z" stale="2026-03-02T10:00:3{second}Z">'
    '<point lat="37.5431" lon="127.021{second}" hae="164.0" ce="12.0" le="20.0"/>'
    '<detail><track course="90.0" speed="8.8"/></detail></event>'
)
_WRONG = {
    "version": ["1.0", "two", ""],
    "uid": ["", " "],
    "type": ["x-u-A", "", "a-q-A-M", "a"],
    "how": ["x", "", "m f"],
    "time": ["2026-03-02T10:00:00", "2026-03-02 10:00:00Z", "", "2026-13-02T10:00:00Z", "2027-03-02T10:00:00Z"],
    "start": ["now", "2027-03-02T10:00:00Z"],
    "stale": ["2025-03-02T10:00:00Z", "", "2026-03-02T10:00:00Z"],
    "lat": ["90.5", "-91", "37,5", "NaN", ""],
    "lon": ["180.5", "-181", "1e3"],
    "hae": ["200000", "-2000", "high"],
    "ce": ["-1", "2000000", ""],
    "le": ["-0.5", "99999999"],
    "course": ["360", "361", "-1", "east"],
    "speed": ["-1", "4000", ""],
}


def stream() -> bytes:
    return "\n".join(EVENT.format(second=second) for second in range(3)).encode()


def tak_stream() -> bytes:
    """The same events on a stream of TAK protocol 1."""
    return b"".join(framed(to_message(fromstring(EVENT.format(second=second)))) for second in range(3))


def samples() -> Sequence[Sample]:
    values = re.findall(r'(?:uid|how|time|start|stale|lat|lon|hae|ce|le|course|speed)="[^"]*', stream().decode())
    opened = {value.partition('"')[2] for value in values} | {"a-u-A-M-F-Q", "track", "\n"}
    return [
        Sample(
            stream(),
            open=tuple(value.encode() for value in sorted(opened)),
            claim="2.0",
            variants=lambda: _variants(),
        ),
        Sample(tak_stream(), open=_open_values(), claim="TAK protocol 1", variants=_tak_variants),
    ]


def _open_values() -> tuple[bytes | tuple[bytes, bytes], ...]:
    numbers = [37.5431, *(float(f"127.021{second}") for second in range(3)), 164.0, 12.0, 20.0, 90.0, 8.8]
    opened: list[bytes | tuple[bytes, bytes]] = [struct.pack("<d", number) for number in numbers]
    opened += [b"SYN-TRACK-7", b"a-u-A-M-F-Q", b"m-f"]
    for second in (0, 1, 2, 30, 31, 32):
        left = round(datetime.fromisoformat(f"2026-03-02T10:00:{second:02d}Z").timestamp() * 1000)
        number = bytearray()
        while left > 0x7F:
            number.append(left & 0x7F | 0x80)
            left >>= 7
        opened.append(bytes([*number, left]))
    return tuple(opened)


def _allowed(path: str, what: str) -> bool:
    # The detail and everything in it are optional and may grow.
    inside = path in ("detail", "track")
    return inside and not what.startswith("as") and (path, what) not in {("detail", "doubled"), ("detail", "with text")}


def _variants() -> Iterator[Variant]:
    first = [fromstring(EVENT.format(second=second)) for second in range(2)]

    def write(changed: Element) -> bytes:
        return b"\n".join(tostring(one) for one in (changed, first[1]))

    yield from of_xml(first[0], write, _allowed, _WRONG)
    yield Variant("out of order", b"\n".join(tostring(one) for one in reversed(first)))
    for lat, lon in (("38.5431", "127.021"), ("37.5431", "-127.021"), ("-37.5431", "127.021"), ("37.5431", "128.021")):
        far = fromstring(EVENT.format(second=1))
        far[0].attrib.update(lat=lat, lon=lon)
        yield Variant(f"a second later at {lat}, {lon}", b"\n".join(tostring(one) for one in (first[0], far)))


def _tak_variants() -> Iterator[Variant]:
    first = fromstring(EVENT.format(second=0))
    rest = framed(to_message(fromstring(EVENT.format(second=1))))
    message = to_message(first)
    for name, bad in (("lat", "90.5"), ("lon", "180.5"), ("hae", "200000"), ("ce", "-1"), ("le", "99999999")):
        changed = fromstring(EVENT.format(second=0))
        changed[0].set(name, bad)
        yield Variant(f"{name} {bad}", framed(to_message(changed)) + rest)
    for name, bad in (("type", "x-u-A"), ("how", "x"), ("uid", " "), ("stale", "2025-03-02T10:00:00Z"), ("uid", "")):
        changed = fromstring(EVENT.format(second=0))
        changed.set(name, bad)
        yield Variant(f"{name} {bad!r}", framed(to_message(changed)) + rest)
    inner = message[2:] if message[1] < 0x80 else message[3:]
    for what, other in (
        ("an unknown field", message + b"\x1a\x00"),
        ("an event twice", message * 2),
        ("a field with another wire type", b"\x10\x01"),
        ("an unknown field of the event", _wrapped(inner + b"\xa2\x01\x00")),
        ("a field of the event twice", _wrapped(inner + b"\x0a\x01a")),
        ("a text that is no UTF-8", _wrapped(inner.replace(b"SYN-TRACK", b"\xffYN-TRACK"))),
        ("a longer number than must be", message.replace(b"\x0a\x0ba-u", b"\x8a\x00\x0ba-u")),
        ("versions that leave out its own", b"\x0a\x04\x08\x02\x10\x03" + message),
        ("an XML part that is no XML", _wrapped(inner + b"\x7a\x05\x0a\x03<a>")),
    ):
        yield Variant(what, framed(other) + rest)
    yield Variant("out of order", rest + framed(message))
    yield Variant("no magic byte", framed(message)[1:] + rest)


def _wrapped(event: bytes) -> bytes:
    size = len(event)
    return b"\x12" + (bytes([size]) if size < 0x80 else bytes([size & 0x7F | 0x80, size >> 7])) + event
