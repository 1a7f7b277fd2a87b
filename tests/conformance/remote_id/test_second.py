"""Remote ID read twice by us, and both checked against what others' code read."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from skypact.conformance import STANDARDS, Recording, Verdict
from skypact.conformance.remote_id import field_table, readings
from skypact.conformance.second import Reading, compare

REMOTE_ID = STANDARDS["remote_id"]
#: What opendroneid-core-c (Apache-2.0, commit beb5639, gcc 12) read out of 66 messages of random bytes and at the edges
#: of the fields: message, kind, and a value a field. It tells what is unknown by these numbers, and it takes a
#: direction byte of 180 and more, which the standard has not.
VECTORS = [line.split() for line in Path(__file__).with_name("opendroneid.txt").read_text().splitlines()]
UNKNOWN = {"speed_m_s": 255, "climb_m_s": 63, "after_hour_s": 65535}
ALTITUDES = (
    "pressure_altitude_m",
    "geodetic_altitude_m",
    "height_m",
    "area_ceiling_m",
    "area_floor_m",
    "operator_altitude_m",
)
Read = Callable[[Sequence[Recording]], Iterable[Reading]]


def of(data: bytes) -> list[Recording]:
    return [Recording("a", data)]


@pytest.mark.parametrize("read", [readings, field_table.read], ids=["first", "second"])
def test_both_read_what_opendroneid_core_c_reads(read: Read) -> None:
    compared = 0
    for message, kind, *pairs in VECTORS:
        (found,) = read(of(bytes.fromhex(message)))
        assert found.kind == kind
        said = {name: float(value) for name, value in (pair.split("=") for pair in pairs)}
        assert said.pop("result") == 0
        said.pop("timestamp", None)  # of an authentication, which neither of ours reads
        if found.values.get("direction_deg") is None:
            said.pop("direction_deg", None)
            assert kind != "location" or bytes.fromhex(message)[2] >= 180
        for name, value in said.items():
            nowhere = name.endswith("itude_deg") and said["latitude_deg"] == said["longitude_deg"] == 0
            if nowhere or value == UNKNOWN.get(name) or (name in ALTITUDES and value == -1000):
                assert name not in found.values
            else:
                assert found.values[name] == pytest.approx(value, rel=1e-7, abs=1e-9), (message, name)
                compared += 1
    assert compared == 661


def test_our_own_samples_earn_the_badge() -> None:
    for sample in REMOTE_ID.samples():
        report = REMOTE_ID.check(of(sample.data), sample.claim)
        assert [one.verdict for one in report.agreements] == [Verdict.CONFORMS]
        assert report.earns_badge


@pytest.mark.parametrize(("size", "count", "held"), [(25, 2, 1), (25, 0, 0), (25, 10, 10), (24, 1, 1), (25, 1, 2)])
def test_a_pack_that_is_none_is_read_by_neither(size: int, count: int, held: int) -> None:
    message = bytes.fromhex(VECTORS[0][0])
    data = bytes([0xF2, size, count]) + held * message
    assert list(field_table.read([Recording("a", data)]))[:1] == list(readings([Recording("a", data)]))[:1]


CAPTURES = [
    ("parrot_anafi4_real.pcapng", 2295, 22505),
    ("odid_bt5_lr_sample.pcapng", 1069, 6021),
    ("odid_wifi_bcn_sample.pcap", 105, 714),
    ("odid_wifi_sample.pcap", 42, 495),
]


@pytest.mark.shared_data
@pytest.mark.parametrize(("name", "messages", "values"), CAPTURES)
def test_public_captures_are_read_alike(shared_data: Path, name: str, messages: int, values: int) -> None:
    recordings = of((shared_data / "conformance" / "remote_id" / name).read_bytes())
    found = compare(field_table.DECODER, readings(recordings), recordings)
    assert (found.messages_both, found.only_first, found.only_second) == (messages, 0, 0)
    assert (found.values_compared, found.disagreed, found.verdict) == (values, 0, Verdict.CONFORMS)


@pytest.mark.shared_data
def test_every_location_of_the_real_drone_is_equal_in_both(shared_data: Path) -> None:
    recordings = of((shared_data / "conformance" / "remote_id" / "parrot_anafi4_real.pcapng").read_bytes())
    ours, theirs = (
        [one for one in read(recordings) if one.kind == "location"] for read in (readings, field_table.read)
    )
    assert len(ours) == len(theirs) == 1140
    assert all(
        one.values["latitude_deg"] == other.values["latitude_deg"] for one, other in zip(ours, theirs, strict=True)
    )
