"""Cursor on Target: events of our own that pass, one fault at a time that fails, ATAK's published examples."""

import zipfile
from pathlib import Path

import pytest

from skypact.conformance import STANDARDS, Layer, Recording, Report, Verdict
from skypact.conformance.cot.samples import EVENT, stream

COT = STANDARDS["cot"]
GOOD = EVENT.format(second=0)


def check(data: str | bytes, claim: str | None = None) -> Report:
    return COT.check([Recording("events", data.encode() if isinstance(data, str) else data)], claim)


def test_the_stream_conforms() -> None:
    report = check(stream(), "2.0")
    assert (report.verdict, report.counts, report.seen) == (Verdict.CONFORMS, {"a": 3}, ("2.0",))


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("cot.unreadable", "<event ", "<events "),
        ("cot.unreadable", 'how="m-f"', 'how="m-f'),
        ("cot.unreadable", "<event ", '<!DOCTYPE event [<!ENTITY a "b">]><event '),
        ("cot.unreadable", "<event ", '<!DOCTYPE event SYSTEM "file:///etc/hostname"><event '),
        ("cot.attribute", ' how="m-f"', ""),
        ("cot.attribute", ' how="m-f"', ' how="m-f" hull="1"'),
        ("cot.attribute", ' ce="12.0"', ""),
        ("cot.attribute", ' ce="12.0"', ' ce="12.0" cep="1"'),
        ("cot.element", "<detail>", "<detail/><detail>"),
        ("cot.element", "<detail>", "loose<detail>"),
        ("cot.version", 'version="2.0"', 'version="1.1"'),
        ("cot.type", "a-u-A-M-F-Q", "a-q-A-M-F-Q"),
        ("cot.type", "a-u-A-M-F-Q", "a-u-a-M-F-Q"),
        ("cot.type", "a-u-A-M-F-Q", "z-u"),
        ("cot.how", "m-f", "x-f"),
        ("cot.time", 'time="2026-03-02T', 'time="2026-02-30T'),
        ("cot.time", 'time="2026-03-02T10:00:00Z', 'time="2026-03-02 10:00:00'),
        ("cot.number", "37.5431", "3.75431e1"),
        ("cot.uid", "SYN-TRACK-7", " "),
        ("cot.optional", ' how="m-f"', ' how="m-f" qos="a-b-c"'),
        ("cot.optional", ' how="m-f"', ' how="m-f" opex="x"'),
        ("cot.stale", "10:00:30Z", "09:59:59Z"),
        ("cot.position", "37.5431", "91"),
        ("cot.position", 'hae="164.0"', 'hae="164000"'),
        ("cot.errors", 'ce="12.0"', 'ce="-1"'),
        ("cot.track", 'course="90.0"', 'course="361"'),
        ("cot.track", ' speed="8.8"', ""),
        ("cot.track", 'course="90.0"', 'course="360.0"'),
        ("cot.track", ' speed="8.8"', ' speed="8.8" slope="91"'),
        ("cot.element", "<detail>", "<detail>loose"),
    ],
)
def test_one_fault_is_found(rule: str, old: str, new: str) -> None:
    assert GOOD.count(old) >= 1
    report = check(GOOD.replace(old, new, 1))
    assert list(report.found) == [rule]
    assert report.verdict is Verdict.DOES_NOT_CONFORM


def test_unknown_height_and_errors_are_allowed() -> None:
    unknown = GOOD.replace("164.0", "9999999.0").replace("12.0", "9999999").replace("20.0", "9999999.0")
    assert check(unknown).verdict is Verdict.CONFORMS


def test_an_older_event_of_the_same_uid_is_found() -> None:
    report = check(EVENT.format(second=2) + EVENT.format(second=1))
    assert report.found == {"cot.backwards": 1}


@pytest.mark.parametrize("how", ["m", "h-e", "h-g-i-g-o", "m-g-d", "m-v-ou", "m-R-t-a"])
def test_how_may_be_what_the_hierarchy_lists(how: str) -> None:
    assert check(GOOD.replace("m-f", how)).findings == ()


def test_how_outside_the_hierarchy_gets_a_warning() -> None:
    report = check(GOOD.replace("m-f", "m-x"))
    assert (report.found, report.verdict) == ({"cot.how-code": 1}, Verdict.CONFORMS)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ('lon="127.0211"', 'lon="127.0721"', {"cot.jump": 1}),
        ('lon="127.0211"', 'lon="127.0511"', {}),  # 2.6 km, within the errors of position
        ('lat="37.5431" lon="127.0211"', 'lat="0" lon="0"', {"cot.nowhere": 1}),
        ('lat="37.5431"', f'lat="{"9" * 400}"', {"cot.position": 1}),
    ],
)
def test_what_a_machine_tracks_does_not_jump(old: str, new: str, found: dict[str, int]) -> None:
    second = EVENT.format(second=1)
    assert old in second
    assert check(GOOD + second.replace(old, new)).found == found
    by_hand = (GOOD + second.replace(old, new)).replace("m-f", "h-e")
    assert "cot.jump" not in check(by_hand).found


def test_the_end_of_a_cut_stream_is_found() -> None:
    report = check(stream()[:-10])
    assert report.counts == {"a": 2}
    assert report.found == {"cot.unreadable": 1}


def test_entities_do_not_grow() -> None:
    bomb = '<!DOCTYPE e [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><event uid="&b;"></event>'
    assert check(bomb).layers[Layer.DECODE] is Verdict.DOES_NOT_CONFORM


@pytest.mark.shared_data
def test_the_published_examples_conform(shared_data: Path) -> None:
    """12 files and the 13 events of the data package; two events stand at 0, 0, which is a warning."""
    folder = shared_data / "conformance" / "cot" / "examples"
    recordings = [Recording(file.name, file.read_bytes()) for file in sorted(folder.glob("*.cot"))]
    with zipfile.ZipFile(folder / "CoT Types Data Package.zip") as package:
        packed = [Recording(name, package.read(name)) for name in package.namelist() if name.endswith(".cot")]
    assert (len(recordings), len(packed)) == (12, 13)
    for recording in (*recordings, *packed):
        report = COT.check([recording], "2.0")
        assert report.verdict is Verdict.CONFORMS, report.findings
        assert set(report.found) <= {"cot.nowhere"}
