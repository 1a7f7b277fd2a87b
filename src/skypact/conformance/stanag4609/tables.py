"""Tables of a transport stream: sections, programs and their streams. ISO/IEC 13818-1, 2.4.4 and 2.6."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

PAT_PID = 0
#: Tables of other standards have these PIDs for themselves (13818-1 table 2-3; ETSI EN 300 468).
RESERVED_PIDS = range(1, 0x20)
REGISTRATION, METADATA, METADATA_STD = 0x05, 0x26, 0x27
KLVA = b"KLVA"
PRIVATE_DATA, METADATA_IN_PES = 0x06, 0x15
#: Stream types of motion imagery: 13818-1 table 2-34.
MOTION_IMAGERY = frozenset({0x01, 0x02, 0x10, 0x1B, 0x20, 0x21, 0x24, 0x33, 0x42})
_PAT_TABLE, _PMT_TABLE = 0x00, 0x02
_LONGEST = 1021


class TableError(ValueError):
    """This section is no table that can be read; says why."""


@dataclass(frozen=True, slots=True)
class Descriptor:
    tag: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Stream:
    type: int
    pid: int
    descriptors: tuple[Descriptor, ...]

    def having(self, tag: int) -> tuple[Descriptor, ...]:
        return tuple(one for one in self.descriptors if one.tag == tag)

    @property
    def registered(self) -> bool:
        """Registered as KLV (SMPTE RP 217)."""
        return any(one.data[:4] == KLVA for one in self.having(REGISTRATION))

    @property
    def is_klv(self) -> bool:
        """Whether the table says that KLV is in it. Metadata in PES packets count, so that a lost name is found."""
        return self.type == METADATA_IN_PES or self.registered


@dataclass(frozen=True, slots=True)
class Association:
    """Program association table: program number -> PID of its map. Program 0 is the network's."""

    version: int
    current: bool
    programs: dict[int, int]


@dataclass(frozen=True, slots=True)
class Map:
    """Program map table."""

    program: int
    version: int
    current: bool
    clock_pid: int
    descriptors: tuple[Descriptor, ...]
    streams: tuple[Stream, ...]

    @property
    def has_motion_imagery(self) -> bool:
        return any(one.type in MOTION_IMAGERY for one in self.streams)


@dataclass(frozen=True, slots=True)
class MetadataService:
    """What a metadata_descriptor says: 2.6.60."""

    identifier: bytes
    """metadata_format_identifier, where a format identifier follows"""
    service: int
    decoder_config: int


class Sections:
    """Puts the sections of one PID together."""

    def __init__(self) -> None:
        self._begun: bytearray | None = None

    def lost(self) -> None:
        """What had begun is incomplete: a packet is missing."""
        self._begun = None

    def feed(self, payload: bytes, starts: bool) -> Iterator[bytes | str]:
        """Whole sections, and a sentence for what cannot be one."""
        if starts:
            if not payload or 1 + payload[0] > len(payload):
                yield "The pointer to the beginning of a section leads out of the packet."
                self._begun = None
                return
            before, rest = payload[1 : 1 + payload[0]], payload[1 + payload[0] :]
            if before and self._begun is not None:
                yield from self._take(before)
            if self._begun:
                yield "A section begins before the one before it has ended."
            self._begun = bytearray()
            yield from self._take(rest)
        elif self._begun is not None and payload:
            yield from self._take(payload)

    def _take(self, data: bytes) -> Iterator[bytes | str]:
        begun = self._begun if self._begun is not None else bytearray()
        begun += data
        self._begun = begun
        while len(begun) >= 3 and begun[0] != 0xFF:
            length = 3 + (int.from_bytes(begun[1:3], "big") & 0x0FFF)
            if length > 3 + _LONGEST:
                yield f"A section says {length} bytes; the longest has {3 + _LONGEST}."
                self._begun = None
                return
            if len(begun) < length:
                return
            yield bytes(begun[:length])
            del begun[:length]
        if begun and begun[0] == 0xFF:
            if begun.strip(b"\xff"):
                yield "Behind the section stand other bytes than FF."
            self._begun = None
        elif not begun:
            self._begun = None


def crc32(data: bytes) -> int:
    """CRC of sections (annex A): polynomial 04C11DB7, begun with ones, not reflected; 0 over a section with its own."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc << 8 & 0xFFFFFFFF) ^ _CRC[crc >> 24 ^ byte]
    return crc


def _crc_of(byte: int) -> int:
    crc = byte << 24
    for _ in range(8):
        crc = crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)
    return crc & 0xFFFFFFFF


_CRC = tuple(_crc_of(byte) for byte in range(256))


def association(section: bytes) -> Association:
    """A section of PID 0. Raises ``TableError``."""
    version, current, body = _long(section, _PAT_TABLE, "program association")
    if len(body) % 4:
        raise TableError(f"its programs have {len(body)} bytes, which are not four each")
    programs = {
        int.from_bytes(body[at : at + 2], "big"): int.from_bytes(body[at + 2 : at + 4], "big") & 0x1FFF
        for at in range(0, len(body), 4)
    }
    return Association(version, current, programs)


def program_map(section: bytes) -> Map:
    """A section of the PID that the association names. Raises ``TableError``."""
    version, current, body = _long(section, _PMT_TABLE, "program map")
    if section[6:8] != b"\0\0":
        raise TableError(f"it is section {section[6]} of {section[7]}; a program map has one, number 0")
    if len(body) < 4:
        raise TableError("it ends before its clock")
    at = 4 + (int.from_bytes(body[2:4], "big") & 0x0FFF)
    if at > len(body):
        raise TableError("the descriptors of the program lead out of it")
    streams: list[Stream] = []
    own = descriptors(body[4:at])
    while at < len(body):
        if at + 5 > len(body):
            raise TableError("it ends inside a stream")
        end = at + 5 + (int.from_bytes(body[at + 3 : at + 5], "big") & 0x0FFF)
        if end > len(body):
            raise TableError("the descriptors of a stream lead out of it")
        pid = int.from_bytes(body[at + 1 : at + 3], "big") & 0x1FFF
        streams.append(Stream(body[at], pid, descriptors(body[at + 5 : end])))
        at = end
    clock = int.from_bytes(body[:2], "big") & 0x1FFF
    return Map(int.from_bytes(section[3:5], "big"), version, current, clock, own, tuple(streams))


def _long(section: bytes, table: int, name: str) -> tuple[int, bool, bytes]:
    """(version, current, body between header and CRC) of a section in the long form."""
    if section[0] != table:
        raise TableError(f"its table_id is {section[0]:#04x}; the {name} table has {table:#04x}")
    if not section[1] & 0x80 or section[1] & 0x40 or len(section) < 12:
        raise TableError("it has not the long form of a section")
    if crc := crc32(section):
        said = int.from_bytes(section[-4:], "big")
        raise TableError(f"its CRC {said:08x} is not that of its bytes (remainder {crc:08x})")
    if section[6] > section[7]:
        raise TableError(f"it is section {section[6]} of {section[7]}")
    return section[5] >> 1 & 0x1F, bool(section[5] & 1), section[8:-4]


def descriptors(data: bytes) -> tuple[Descriptor, ...]:
    """Raises ``TableError``."""
    found: list[Descriptor] = []
    at = 0
    while at < len(data):
        if at + 2 > len(data) or at + 2 + data[at + 1] > len(data):
            raise TableError(f"descriptor {data[at]:#04x} leads out of its loop")
        found.append(Descriptor(data[at], data[at + 2 : at + 2 + data[at + 1]]))
        at += 2 + data[at + 1]
    return tuple(found)


def metadata_service(descriptor: Descriptor) -> MetadataService:
    """Reads a metadata_descriptor up to its flags (2.6.60). Raises ``TableError``."""
    data = descriptor.data
    at = 2 + (4 if data[:2] == b"\xff\xff" else 0)
    identifier = b""
    if data[at : at + 1] == b"\xff":
        identifier = data[at + 1 : at + 5]
        at += 4
    at += 1
    if at + 2 > len(data):
        raise TableError(f"the metadata_descriptor has {len(data)} bytes and ends before its service and flags")
    if data[at + 1] & 0x0F != 0x0F:
        raise TableError("reserved bits of the metadata_descriptor are not 1")
    return MetadataService(identifier, data[at], data[at + 1] >> 5)
