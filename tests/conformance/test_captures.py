"""Packet captures in both formats, both byte orders, whole and broken."""

import struct

import pytest

from skypact.conformance.captures import (
    BARE_IP,
    LINUX_ANY,
    LINUX_ANY_2,
    LOOPBACK,
    BrokenCaptureError,
    Packet,
    packets,
    udp_payload,
)


def pcap(order: str, *, nanoseconds: bool = False) -> bytes:
    magic = 0xA1B23C4D if nanoseconds else 0xA1B2C3D4
    header = struct.pack(f"{order}IHHiIII", magic, 2, 4, 0, 0, 65535, 1)
    return header + struct.pack(f"{order}4I", 1000, 500, 3, 3) + b"abc"


def pcapng(order: str, resolution: bytes = b"") -> bytes:
    def block(kind: int, body: bytes) -> bytes:
        length = 12 + len(body)
        return struct.pack(f"{order}2I", kind, length) + body + struct.pack(f"{order}I", length)

    option = struct.pack(f"{order}2H", 9, 1) + resolution + b"\0\0\0" if resolution else b""
    section = struct.pack(f"{order}I2Hq", 0x1A2B3C4D, 1, 0, -1)
    packet = struct.pack(f"{order}5I", 0, 0, 4_000_000, 3, 3) + b"abc\0"
    return block(0x0A0D0D0A, section) + block(1, struct.pack(f"{order}2HI", 127, 0, 0) + option) + block(6, packet)


@pytest.mark.parametrize("order", ["<", ">"])
def test_both_byte_orders(order: str) -> None:
    assert list(packets(pcap(order))) == [Packet(1, 1000.0005, b"abc")]
    assert list(packets(pcapng(order))) == [Packet(127, 4.0, b"abc")]


def test_the_fraction_of_a_second_has_the_stated_size() -> None:
    assert next(packets(pcap("<", nanoseconds=True))).time_s == pytest.approx(1000.0000005, abs=1e-9)
    assert next(packets(pcapng("<", b"\x03"))).time_s == 4000.0
    assert next(packets(pcapng("<", b"\x82"))).time_s == 1_000_000.0


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file begins with nothing; expected pcap or pcapng."),
        (pcap("<")[:20], "The file header has fewer than 24 bytes."),
        (pcap("<")[:30], "The packet header at offset 24 is cut."),
        (pcap("<")[:-1], "The packet at offset 40 says 3 bytes; the file has 2 more."),
        (pcapng("<")[:-1], "The block at offset 48 says 36 bytes; the file has 35 more."),
        (pcapng("<")[:8] + b"\0" * 20, "The section at offset 0 has the byte-order mark 00000000."),
    ],
)
def test_a_broken_capture_says_where(data: bytes, sentence: str) -> None:
    with pytest.raises(BrokenCaptureError) as broken:
        list(packets(data))
    assert str(broken.value) == sentence


def test_a_udp_datagram_behind_a_vlan_tag() -> None:
    ip = bytes([0x45]) + bytes(8) + bytes([17]) + bytes(10)
    udp = struct.pack(">4H", 1, 2, 8 + 3, 0) + b"abc"
    ethernet = bytes(12) + b"\x81\x00\x00\x05\x08\x00"
    assert udp_payload(Packet(1, None, ethernet + ip + udp + b"padding")) == b"abc"
    assert udp_payload(Packet(1, None, bytes(12) + b"\x08\x06" + bytes(40))) is None
    assert udp_payload(Packet(127, None, ethernet + ip + udp)) is None


def datagram(version: int, *, pieces: int = 0, protocol: int = 17) -> bytes:
    udp = struct.pack(">4H", 1, 2, 8 + 3, 0) + b"abc"
    if version == 6:
        return struct.pack(">IHBB32x", 0x6000_0000, len(udp), protocol, 64) + udp
    return struct.pack(">BBHHHBBH8x", 0x45, 0, 20 + len(udp), 0, pieces, 64, protocol, 0) + udp


@pytest.mark.parametrize(
    ("link_type", "header"),
    [
        (1, bytes(12) + b"{}"),
        (LINUX_ANY, bytes(14) + b"{}"),
        (LINUX_ANY_2, b"{}" + bytes(18)),
        (LOOPBACK, bytes(4)),
        (BARE_IP, b""),
    ],
)
def test_links_that_carry_datagrams(link_type: int, header: bytes) -> None:
    for version, kind in ((4, b"\x08\x00"), (6, b"\x86\xdd")):
        framed = header.replace(b"{}", kind) + datagram(version)
        assert udp_payload(Packet(link_type, None, framed)) == b"abc"


@pytest.mark.parametrize(
    "ip",
    [
        datagram(4, pieces=0x2000),
        datagram(4, pieces=0x0001),
        datagram(4, protocol=6),
        datagram(6, protocol=6),
        datagram(4)[:27],
        datagram(6)[:47],
        b"\x55" + datagram(4)[1:],
        b"",
    ],
)
def test_what_is_no_whole_datagram(ip: bytes) -> None:
    assert udp_payload(Packet(BARE_IP, None, ip)) is None
