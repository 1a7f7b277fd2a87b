"""ASTERIX read by other decoders: where they agree, where they are known not to, and what a broken one is worth."""

import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from skypact.conformance import STANDARDS, Recording, Verdict, tshark
from skypact.conformance.asterix import croatia_control, item_table, wireshark
from skypact.conformance.asterix.readings import editions, readings
from skypact.conformance.asterix.samples import stream
from skypact.conformance.report import Agreement
from skypact.conformance.second import SecondDecoder, UnfinishedError, compare

ASTERIX = STANDARDS["asterix"]
RECORDINGS = Path(__file__).parent.parent / "recordings" / "pass"
#: The counts are of Debian 12's tshark; another one may read better.
needs_tshark = pytest.mark.skipif(tshark.version() != "4.0.17", reason="tshark 4.0.17 is not on this machine")
needs_asterix_decoder = pytest.mark.skipif(
    croatia_control.version() != "0.7.11",
    reason=f"{croatia_control.VARIABLE} names no Python that has asterix_decoder 0.7.11",
)


def raw(category: int, body: str) -> bytes:
    data = bytes.fromhex(body)
    return bytes([category]) + (3 + len(data)).to_bytes(2, "big") + data


def compared(data: bytes, decoder: SecondDecoder = wireshark.DECODER, name: str = "blocks") -> Agreement:
    recordings = [Recording(name, data)]
    return compare(decoder, readings(recordings), recordings)


@needs_tshark
def test_our_own_stream_is_read_alike_and_earns_the_badge() -> None:
    report = ASTERIX.check([Recording("blocks", stream())], "CAT048 1.32")
    assert [(one.decoder.name, one.messages_both, one.values_compared, one.disagreed) for one in report.agreements] == [
        ("tshark", 9, 87, 0),
        ("asterix_decoder", 0, 0, 0) if croatia_control.version() is None else ("asterix_decoder", 9, 60, 0),
        ("skypact item table", 3, 45, 0),
    ]
    assert report.earns_badge


@pytest.mark.parametrize(
    ("claim", "earned", "reason"),
    [("CAT129 1.2", True, ""), ("CAT048 1.32", False, "it reads no message of what was claimed")],
)
def test_agreement_on_another_category_than_the_claimed_earns_no_badge(claim: str, earned: bool, reason: str) -> None:
    """As on a machine without tshark: of a stream with category 129 in it, that alone is read twice."""
    alone = replace(ASTERIX, second=(item_table.DECODER,))
    report = alone.check([Recording("blocks", stream())], claim)
    assert (report.verdict, report.earns_badge) == (Verdict.CONFORMS, earned)
    assert (report.agreements[0].messages_both, report.agreements[0].reason) == (3, reason)


@needs_tshark
@pytest.mark.parametrize(
    ("body", "path", "ours", "theirs"),
    [
        ("f019c9465040200a00200100", "040/RHO", 10.0, 10.00390625),
        ("f019c9465040200a00200000", "140", 36000.5, 36000.5078125),
    ],
)
def test_another_value_of_the_first_decoder_is_seen(body: str, path: str, ours: float, theirs: float) -> None:
    """The second decoder reads a block that differs in one bit from what the first one read."""
    changed = body.replace("0a00", "0a01") if path == "040/RHO" else body.replace("465040", "465041")
    found = compare(wireshark.DECODER, readings([Recording("a", raw(48, body))]), [Recording("a", raw(48, changed))])
    (one,) = found.disagreements
    assert (one.place.field, float(one.ours), float(one.theirs)) == (f"CAT048 1.32 {path}", ours, theirs)
    assert found.verdict is Verdict.CANNOT_TELL


@needs_tshark
@pytest.mark.parametrize(
    ("category", "body", "path", "ours", "theirs"),
    [
        (34, "e11019c901465000ff9c000000000000", "120/HGT", -100.0, 65436.0),
        (48, "f419c9465040200a002000" + "3ff8", "090/FL", -2.0, 4094.0),
    ],
)
def test_what_wireshark_misreads_is_known_and_not_compared(
    category: int, body: str, path: str, ours: float, theirs: float
) -> None:
    recordings = [Recording("a", raw(category, body))]
    (first,), (second,) = readings(recordings), wireshark.read(recordings)
    assert (first.values[path], second.values[path]) == (ours, theirs)
    assert (category, path) in wireshark.NOT_COMPARED
    assert compared(recordings[0].data).verdict is Verdict.CONFORMS


@needs_tshark
@pytest.mark.parametrize(
    "data",
    [raw(1, "c119ca802020"), raw(62, "910f0108" + "19ca465080" + "0400" + "2300" + "e892b0")],
    ids=["a track of category 001", "composed track numbers"],
)
def test_blocks_that_wireshark_cannot_read_are_not_held_against_them(data: bytes) -> None:
    found = compared(data)
    assert (found.only_first, found.disagreed, found.verdict) == (0, 0, Verdict.CANNOT_TELL)


@needs_tshark
def test_each_category_is_dissected_by_an_edition_that_fits() -> None:
    assert wireshark.knows("CAT021 0.23", "080")
    assert wireshark.knows("CAT048 1.32", "")  # by 1.31, the newest it has
    assert wireshark.knows("CAT048 1.32", "250/BDS1 3")
    assert not wireshark.knows("CAT048 1.32", "no such path")
    assert not wireshark.knows("CAT021 9.0", "")
    assert not wireshark.knows("CAT129 1.2", "")
    assert not wireshark.knows("CAT001 1.4 with tracks", "")


def test_a_recording_is_compared_under_one_edition() -> None:
    assert editions([Recording("a", stream())]) == {34: (1, 29), 48: (1, 32), 62: (1, 21)}
    assert editions([Recording("a", b""), Recording("b", b"\xff")]) == {}


def test_category_129_is_read_twice_in_all_its_items() -> None:
    found = compared((RECORDINGS / "asterix.drone.bin").read_bytes(), item_table.DECODER)
    assert (found.messages_both, found.values_compared, found.verdict) == (3, 45, Verdict.CONFORMS)


@pytest.mark.parametrize("octets", [b"\x9a", b"\x9a\x00\x00"])
def test_both_lengths_of_the_risk_are_read(octets: bytes) -> None:
    body = b"\x81\x08" + b"\x19\xc9" + octets
    (read,) = item_table.read([Recording("a", raw(129, body.hex()))])
    assert read.values == {"010/SAC": 25, "010/SIC": 201, "120/CERT": 2, "120/AIR": 1, "120/ENC": 10}


@pytest.mark.parametrize("body", ["81", "8019", "8019c900", "0101010100", "0004", "010200", "01020300", "ffffff"])
def test_a_record_that_does_not_end_with_its_block_is_not_read(body: str) -> None:
    assert list(item_table.read([Recording("a", raw(129, body))])) == []


def program(folder: Path, name: str, text: str) -> Path:
    made = folder / name
    made.write_text(f"#!/bin/sh\n{text}\n")
    made.chmod(made.stat().st_mode | stat.S_IXUSR)
    return made


@pytest.fixture
def fake_tshark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A program of that name which says its version and its fields, and then what the test wants."""

    def put(text: str) -> None:
        known = "F\\tx\\tasterix.048_V1_31_040_RHO\\tFT_DOUBLE\\tasterix"
        program(tmp_path, "tshark", f'case "$1" in --version) echo 9.9.9;; -G) printf "{known}\\n";; *) {text};; esac')
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
        for cached in (tshark.version, tshark.fields, wireshark.known):
            cached.cache_clear()

    yield put
    monkeypatch.undo()
    for cached in (tshark.version, tshark.fields, wireshark.known):
        cached.cache_clear()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("echo gone >&2; exit 3", "tshark broke off"),
        ('echo "<pdml><packet><proto"; kill -9 $$', "tshark broke off"),
        ('echo "<pdml></pdml>"; echo no more >&2; exit 2', "tshark ended with status 2: no more"),
        ('echo "<!DOCTYPE a [<!ENTITY b \\"c\\">]><pdml/>"', "tshark wrote what it never does"),
    ],
)
def test_a_program_that_fails_is_told_and_never_agrees(fake_tshark: Callable[[str], None], text: str, why: str) -> None:
    fake_tshark(text)
    found = compared(raw(48, "f019c9465040200a002000"))
    assert found.decoder.version == "9.9.9"
    assert found.reason.startswith(why)
    assert (found.verdict, found.disagreed) == (Verdict.CANNOT_TELL, 0)


def test_a_program_that_hangs_is_ended(fake_tshark: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skypact.conformance.programs.MOST_WALL_S", 0.2)
    fake_tshark("exec sleep 60")
    assert compared(raw(48, "f019c9465040200a002000")).reason.startswith("tshark broke off")


def test_a_machine_without_tshark_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    tshark.version.cache_clear()
    found = compared(raw(48, "f019c9465040200a002000"))
    assert (found.decoder.version, found.reason) == ("", "not on this machine")
    with pytest.raises(UnfinishedError, match="tshark is not on this machine"):
        list(tshark.dissect("asterix", []))
    monkeypatch.undo()
    tshark.version.cache_clear()


def test_the_users_own_python_reads_with_its_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = (
        '[{"I040": {"RHO": {"val": 10.5}}, "I220": {"ACAddr": {"val": "3C660C"}}, "I240": {"TId": {"val": "A  "}}}]'
    )
    fake = program(tmp_path, "python", f"case \"$3\" in *importlib*) echo 0.7.11;; *) echo '{record}';; esac")
    monkeypatch.setenv(croatia_control.VARIABLE, str(fake))
    recordings = [Recording("a", raw(48, "f019c9465040200a802000"))]
    found = compare(croatia_control.DECODER, readings(recordings), recordings)
    assert (found.decoder.version, found.messages_both) == ("0.7.11", 1)
    assert {one.place.field: (one.ours, one.theirs) for one in found.disagreements} == {
        "CAT048 1.32 010/SAC": ("25", "nothing"),
        "CAT048 1.32 010/SIC": ("201", "nothing"),
        "CAT048 1.32 020/TYP": ("1", "nothing"),
        "CAT048 1.32 040/THETA": ("45.0", "nothing"),
        "CAT048 1.32 140": ("36000.5", "nothing"),
        "CAT048 1.32 220": ("nothing", "3958284"),
        "CAT048 1.32 240": ("nothing", "'A'"),
    }


def test_without_the_variable_that_package_is_not_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(croatia_control.VARIABLE, raising=False)
    assert croatia_control.version() is None
    with pytest.raises(UnfinishedError, match="SKYPACT_ASTERIX_DECODER names no interpreter"):
        list(croatia_control.read([]))


CAPTURES = [
    # records of both, of the first alone, of the other alone; values compared; disagreements; blocks called malformed
    ("asterix.pcap", (62, 0, 28, 930, 55), 64, (62, 0, 420, 280, 420)),
    ("cat_034_048.pcap", (162, 0, 0, 5646, 0), 0, (162, 0, 0, 2322, 0)),
    ("cat_062_065.pcap", (3, 0, 0, 164, 0), 0, (3, 0, 0, 42, 0)),
    ("cat062cat065.raw", (3, 0, 0, 172, 0), 0, (3, 0, 0, 42, 0)),
    ("cat_001_002.pcap", (1, 0, 0, 5, 0), 2, (8, 0, 0, 75, 0)),
]


def counts(found: Agreement) -> tuple[int, ...]:
    return (found.messages_both, found.only_first, found.only_second, found.values_compared, found.disagreed)


@needs_tshark
@pytest.mark.shared_data
@pytest.mark.parametrize(("name", "expected", "malformed"), [row[:3] for row in CAPTURES])
def test_public_captures_by_wireshark(shared_data: Path, name: str, expected: tuple[int, ...], malformed: int) -> None:
    data = (shared_data / "conformance" / "asterix" / name).read_bytes()
    assert counts(compared(data, name=name)) == expected
    assert len(list(wireshark.malformed([Recording(name, data)]))) == malformed


@needs_asterix_decoder
@pytest.mark.shared_data
@pytest.mark.parametrize(("name", "expected"), [(row[0], row[3]) for row in CAPTURES])
def test_public_captures_by_asterix_decoder(shared_data: Path, name: str, expected: tuple[int, ...]) -> None:
    data = (shared_data / "conformance" / "asterix" / name).read_bytes()
    assert counts(compared(data, croatia_control.DECODER, name)) == expected
