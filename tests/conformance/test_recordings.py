"""Recordings that ship with the project: those that must pass, and those that must fail for a stated reason."""

import json
from pathlib import Path

import pytest

from skypact.conformance import STANDARDS, Recording, Report, Verdict

FOLDER = Path(__file__).parent / "recordings"
EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))
PASS = sorted(file.name for file in (FOLDER / "pass").iterdir())


def check(file: Path) -> Report:
    return STANDARDS[file.name.partition(".")[0]].check([Recording(file.name, file.read_bytes())])


@pytest.mark.parametrize("name", PASS)
def test_must_pass(name: str) -> None:
    report = check(FOLDER / "pass" / name)
    assert (report.verdict, report.findings) == (Verdict.CONFORMS, ())


@pytest.mark.parametrize("name", EXPECTED)
def test_must_fail(name: str) -> None:
    report = check(FOLDER / "fail" / name)
    assert report.verdict is not Verdict.CONFORMS
    assert {"verdict": report.verdict.value, "found": report.found} == EXPECTED[name]


def test_every_standard_has_both_and_every_file_is_expected() -> None:
    assert {name.partition(".")[0] for name in PASS} == set(STANDARDS)
    assert {name.partition(".")[0] for name in EXPECTED} == set(STANDARDS)
    assert {file.name for file in (FOLDER / "fail").iterdir()} == set(EXPECTED)
