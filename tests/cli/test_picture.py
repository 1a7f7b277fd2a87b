"""The combined picture from the command line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from skypact.cli.main import app
from skypact.conformance.picture import Cause
from skypact.conformance.picture.scene import Scene, make

run = CliRunner().invoke


def written(scene: Scene, folder: Path) -> list[str]:
    for one in scene.recordings:
        (folder / one.name).write_bytes(one.data)
    return [str(folder / one.name) for one in scene.recordings]


def test_a_picture_with_its_truth_and_map(tmp_path: Path) -> None:
    scene = make(1, seconds=20)
    (tmp_path / "truth.json").write_text(json.dumps(scene.truth()))
    options = ["--truth", str(tmp_path / "truth.json"), "--geojson", str(tmp_path / "map.json")]
    result = run(app, ["lab", "picture", *written(scene, tmp_path), *options])
    assert result.exit_code == 0
    assert result.stdout.splitlines()[:2] == [
        "seen working together: yes",
        "  2 tracks from 4 sources; up to 4 on one track, none disagrees.",
    ]
    assert "truth: 2 tracks for 2 objects, GOSPA " in result.stdout
    drawn = json.loads((tmp_path / "map.json").read_text())
    assert [one["geometry"]["type"] for one in drawn["features"]] == ["LineString", "LineString"]
    assert len(drawn["features"][0]["properties"]["sources"]) == 4


def test_a_source_that_disagrees_exits_with_1(tmp_path: Path) -> None:
    scene = make(1, fault=Cause.AXES, seconds=30)
    result = run(app, ["lab", "picture", *written(scene, tmp_path), "--json"])
    said = json.loads(result.stdout)
    assert (result.exit_code, said["together"]) == (1, "no")
    assert [(one["source"], one["causes"]) for one in said["disagreements"]] == [(scene.faulty, ["axes swapped"])]
    assert len(said["content_sha256"]) == 64


@pytest.mark.parametrize("said", ["25/201", "25/201=1,2", "=1,2,3", "a=200,2,3", "a=x,2,3"])
def test_a_place_that_is_none_is_refused(tmp_path: Path, said: str) -> None:
    (tmp_path / "x").write_bytes(b"<event/>")
    result = run(app, ["lab", "picture", str(tmp_path / "x"), "--sensor", said])
    assert result.exit_code == 2
    assert "accepted" in result.stderr


def test_a_truth_that_is_none_is_refused_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"<event/>")
    (tmp_path / "truth.json").write_text('{"objects": [{"id": "a", "positions": [[1, 2]]}]}')
    result = run(app, ["lab", "picture", str(tmp_path / "x"), "--truth", str(tmp_path / "truth.json")])
    assert result.exit_code == 2
    assert "truth.json" in result.stderr


def test_fused_tracks_go_to_files_and_conform(tmp_path: Path) -> None:
    files = written(make(1, seconds=20), tmp_path)
    cot, node = tmp_path / "out.xml", tmp_path / "out.sapient"
    options = ["--cot-out", str(cot), "--cot-xml", "--sapient-out", str(node)]
    result = run(app, ["lab", "picture", *files, *options])
    assert result.exit_code == 0
    assert "messages (Cursor on Target XML) to" in result.stderr
    for standard, file in (("cot", cot), ("sapient", node)):
        assert run(app, ["lab", "check", standard, str(file)]).exit_code == 0


def test_parties_are_told_and_unknown_ones_refused(tmp_path: Path) -> None:
    files = written(make(1, seconds=20), tmp_path)
    parties = ["--party", "CAT048 25/201=KR", "--party", "Remote ID receiver=US"]
    result = run(app, ["lab", "picture", *files, *parties])
    assert "  KR (CAT048 25/201) and US (Remote ID receiver) on one track for 19 s." in result.stdout.splitlines()
    refused = run(app, ["lab", "picture", *files, "--party", "radar=KR"])
    assert (refused.exit_code, 'no source is called "radar"' in refused.stderr) == (2, True)


def test_a_picture_is_signed_and_verified(tmp_path: Path) -> None:
    files = written(make(1, seconds=20), tmp_path)
    key, statement = tmp_path / "lab.pem", tmp_path / "picture.json"
    fingerprint = run(app, ["lab", "key", str(key)]).stdout.splitlines()[-1]
    words = ["--by", "Joint lab", "--kit", "a" * 64, "--listing", "CAT048 25/201=syn-radar", "-o", str(statement)]
    assert run(app, ["lab", "picture", *files, "--sign", str(key), *words]).exit_code == 0
    verified = run(app, ["lab", "verify", str(statement), "--trust", fingerprint])
    assert verified.exit_code == 0
    assert verified.stdout.splitlines()[0] == f"Signed by {fingerprint}"
    assert verified.stdout.splitlines()[1].startswith(f"Joint lab combined products of the kit {'a' * 64} on 20")
    assert "  CAT048 25/201 is syn-radar" in verified.stdout.splitlines()
    statement.write_text(statement.read_text().replace("syn-radar", "syn-other"))
    spoilt = run(app, ["lab", "verify", str(statement)])
    assert (spoilt.exit_code, "something was changed since it was signed" in spoilt.stderr) == (2, True)


@pytest.mark.parametrize("words", [["--by", ""], ["--by", "Lab"]])
def test_a_signature_needs_a_name_and_a_file(tmp_path: Path, words: list[str]) -> None:
    files = written(make(1, seconds=3), tmp_path)
    key = tmp_path / "lab.pem"
    run(app, ["lab", "key", str(key)])
    result = run(app, ["lab", "picture", *files, "--sign", str(key), *words])
    assert (result.exit_code, "a signed statement n" in result.stderr) == (2, True)
