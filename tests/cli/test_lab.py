"""The conformance lab from the command line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from skypact.cli.main import app
from skypact.conformance.klv.packets import packet
from skypact.conformance.klv.samples import items, stream
from skypact.conformance.remote_id.samples import location

run = CliRunner().invoke


@pytest.fixture
def good(tmp_path: Path) -> Path:
    file = tmp_path / "good.klv"
    file.write_bytes(stream())
    return file


def test_list_names_every_standard() -> None:
    said = json.loads(run(app, ["lab", "list", "--json"]).stdout)
    assert [one["standard"] for one in said] == ["sapient", "remote_id", "cot", "klv", "asterix"]
    assert run(app, ["lab", "list"]).stdout.startswith(
        "sapient: SAPIENT, BSI Flex 335 v2; versions BSI Flex 335 v2.0; "
    )


def test_a_good_recording_exits_with_0(good: Path) -> None:
    result = run(app, ["lab", "check", "klv", str(good), "--claim", "ST 0601.12"])
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0] == "klv, claimed ST 0601.12, seen ST 0601.12: conforms"


def test_a_false_claim_exits_with_1(good: Path) -> None:
    result = run(app, ["lab", "check", "klv", str(good), "--claim", "ST 0601.17", "--json"])
    said = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (said["verdict"], said["found"]) == ("does not conform", {"klv.claim": 3})
    assert said["files"][0]["bytes"] == len(stream())
    assert len(said["content_sha256"]) == 64


def test_what_a_recording_does_not_show_exits_with_3(tmp_path: Path) -> None:
    file = tmp_path / "one.bin"
    file.write_bytes(location(0))
    result = run(app, ["lab", "check", "remote_id", str(file)])
    assert result.exit_code == 3
    assert "cannot tell" in result.stdout.splitlines()[0]


def test_findings_beyond_those_kept_are_counted(tmp_path: Path) -> None:
    file = tmp_path / "many.klv"
    file.write_bytes(b"".join(packet(items(0)[:-1]) for _ in range(25)))
    result = run(app, ["lab", "check", "klv", str(file)])
    assert "  klv.mandatory: 5 more" in result.stdout.splitlines()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["check", "link16"], '"link16" is not tested here; accepted: sapient, remote_id, cot, klv, asterix'),
        (["check", "klv", "--claim", "2"], 'version "2" is unknown; accepted: ST 0601.1,'),
        (["mutate", "link16"], '"link16" is not tested here'),
    ],
)
def test_a_wrong_argument_says_what_is_accepted(good: Path, arguments: list[str], sentence: str) -> None:
    file = [str(good)] if arguments[0] == "check" else []
    result = run(app, ["lab", *arguments[:2], *file, *arguments[2:]], env={"COLUMNS": "400"})
    assert result.exit_code == 2
    assert sentence in " ".join(result.stderr.split())


def test_mutate_scores_the_lab() -> None:
    result = run(app, ["lab", "mutate", "klv", "--count", "50"])
    assert result.stdout.splitlines()[0] == (
        "klv: 50 of 50 changes outside free text rejected (100.0%, ceiling 100.0%);"
        " 50 of 50 outside open values (100.0%)"
    )
    said = json.loads(run(app, ["lab", "mutate", "klv", "--count", "50", "--json"]).stdout)
    assert (said[0]["tried"], said[0]["share"], said[0]["survivors"]) == (50, 1.0, {})
