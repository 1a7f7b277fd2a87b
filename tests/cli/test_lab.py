"""The conformance lab from the command line."""

import json
import socket
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

import skypact
from skypact.cli.main import app
from skypact.conformance.klv.packets import packet
from skypact.conformance.klv.samples import items, stream
from skypact.conformance.klv.tags import TAGS
from skypact.conformance.remote_id.samples import location

run = CliRunner().invoke


@pytest.fixture
def good(tmp_path: Path) -> Path:
    file = tmp_path / "good.klv"
    file.write_bytes(stream())
    return file


def test_list_names_every_standard() -> None:
    said = json.loads(run(app, ["lab", "list", "--json"]).stdout)
    assert [one["standard"] for one in said] == [
        "sapient",
        "remote_id",
        "f3411_network",
        "cot",
        "klv",
        "stanag4609",
        "asterix",
        "mavlink",
        "dronecan",
    ]
    assert run(app, ["lab", "list"]).stdout.startswith(
        "sapient: SAPIENT, BSI Flex 335 v2; versions BSI Flex 335 v2.0; "
    )


def test_list_names_second_decoders_and_those_that_are_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SKYPACT_ASTERIX_DECODER", raising=False)
    said = {one["standard"]: one["second_decoders"] for one in json.loads(run(app, ["lab", "list", "--json"]).stdout)}
    assert [one["name"] for one in said["asterix"]] == ["tshark", "asterix_decoder", "skypact item table"]
    assert said["asterix"][1]["version"] is None
    assert said["klv"][0]["version"] == skypact.__version__
    lines = run(app, ["lab", "list"]).stdout.splitlines()
    assert any(line.startswith("  second decoder asterix_decoder (not on this machine): Croatia") for line in lines)


def test_a_check_tells_what_the_second_decoder_read_and_what_the_badge_lacks(good: Path) -> None:
    lines = run(app, ["lab", "check", "klv", str(good), "--claim", "ST 0601.12"]).stdout.splitlines()
    table = f"skypact item table {skypact.__version__}"
    assert f"  second decoder {table}: 3 messages read by both; 30 values compared, 0 disagreements" in lines
    held = "strict parse held, rules held, plausibility held, exchange held, second decoder held, mutation held"
    assert f"  badge earned: {held}" in lines
    assert f"  badge not earned: {held}; no claim" in run(app, ["lab", "check", "klv", str(good)]).stdout.splitlines()
    said = json.loads(run(app, ["lab", "check", "klv", str(good), "--claim", "ST 0601.12", "--json"]).stdout)
    assert (said["earns_badge"], said["rungs"]["second decoder"]) == (True, "conforms")
    assert said["agreements"][0]["decoder"] == {"name": "skypact item table", "version": skypact.__version__}


def test_a_disagreement_is_told_with_both_values(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TAGS, 5, replace(TAGS[5], high=180))
    result = run(app, ["lab", "check", "klv", str(good), "--claim", "ST 0601.12"])
    assert result.exit_code == 3
    assert f"    {good}, message 1, packet 5: first 45.000686655985355, second 90.00137331197071" in result.stdout


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


def test_one_finding_said_25_times_is_told_once(tmp_path: Path) -> None:
    file = tmp_path / "many.klv"
    file.write_bytes(b"".join(packet(items(0)[:-1]) for _ in range(25)))
    result = run(app, ["lab", "check", "klv", str(file)])
    lines = result.stdout.splitlines()
    (first,) = [number for number, line in enumerate(lines) if " klv.mandatory " in line]
    assert lines[first + 1] == "    25 times: messages 1, 2, 3, 4, 5, 20 more"
    assert not [line for line in lines if line.endswith(" more") and "klv.mandatory" in line]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["check", "link16"], '"link16" is not tested here; accepted: sapient, remote_id, f3411_network, cot, klv,'),
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
    assert result.stdout.splitlines()[1] == (
        "  fields: 62 of 71 changes rejected; 61 of 61 that the standard does not allow (100.0%)"
    )
    said = json.loads(run(app, ["lab", "mutate", "klv", "--count", "50", "--json"]).stdout)
    assert (said[0]["tried"], said[0]["share"], said[0]["survivors"]) == (50, 1.0, {})
    assert (said[0]["fields"]["closed"], said[0]["fields"]["closed_share"]) == (61, 1.0)


def test_adapters_tell_what_they_lose() -> None:
    lines = run(app, ["lab", "adapters", "--count", "20"]).stdout.splitlines()
    assert lines[0] == "F3411-22a through CAT129 1.2 and back, 20 messages:"
    assert "  altitude_hae_m: lost" in lines
    (latitude,) = {line for line in lines[:22] if line.startswith("  latitude_deg: kept, within 0.0")}
    assert latitude.endswith(" m")
    assert "  climb_m_s: kept, within 0 m/s" in lines
    said = json.loads(run(app, ["lab", "adapters", "--count", "20", "--json"]).stdout)
    assert [(one["source"], one["target"]) for one in said][-1] == ("BSI Flex 335 v2.0", "CAT129 1.2")
    assert len(said) == 6


def test_a_signed_statement_is_written_and_verified(good: Path, tmp_path: Path) -> None:
    key, statement = tmp_path / "lab.pem", tmp_path / "statement.json"
    made = run(app, ["lab", "key", str(key)])
    fingerprint = made.stdout.splitlines()[-1]
    assert (made.exit_code, len(fingerprint)) == (0, 64)
    words = ["--by", "Joint lab", "--listing", "acme-mast", "--firmware", "2.1", "--valid-days", "365"]
    said = run(app, ["lab", "check", "klv", str(good), "--sign", str(key), *words, "-o", str(statement)])
    assert (said.exit_code, f"signed by {fingerprint}" in said.stderr) == (0, True)
    believed = run(app, ["lab", "verify", str(statement), "--trust", fingerprint])
    assert believed.exit_code == 0
    assert believed.stdout.splitlines()[0] == f"Signed by {fingerprint}"
    assert believed.stdout.splitlines()[1].startswith("Joint lab tested of acme-mast, firmware 2.1 on 20")
    facts = json.loads(run(app, ["lab", "verify", str(statement), "--json"]).stdout)
    assert (facts["trusted"], facts["report"]["verdict"]) == (False, "conforms")
    assert run(app, ["lab", "verify", str(statement), "--trust", "0" * 64]).exit_code == 2
    statement.write_text(statement.read_text().replace('"2.1"', '"2.2"'))
    spoilt = run(app, ["lab", "verify", str(statement)])
    assert spoilt.exit_code == 2
    assert "something was changed since it was signed" in spoilt.stderr
    again = run(app, ["lab", "key", str(key)])
    assert (again.exit_code, "a key is never written over" in again.stderr) == (2, True)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["-o", "s.json"], "a signed statement names who tested: add --by"),
        (["--by", "Lab"], "a signed statement needs a file: add --output"),
    ],
)
def test_signing_needs_a_name_and_a_file(good: Path, tmp_path: Path, words: list[str], sentence: str) -> None:
    run(app, ["lab", "key", str(tmp_path / "lab.pem")])
    result = run(
        app, ["lab", "check", "klv", str(good), "--sign", str(tmp_path / "lab.pem"), *words], env={"COLUMNS": "400"}
    )
    assert (result.exit_code, sentence in result.stderr, result.stdout) == (2, True, "")


def test_a_key_that_cannot_be_read_is_said_before_anything_is_recorded(good: Path, tmp_path: Path) -> None:
    words = ["--sign", str(tmp_path / "none.pem"), "--by", "Lab", "-o", str(tmp_path / "s.json")]
    result = run(app, ["lab", "listen", "klv", "udp://127.0.0.1:0", "--seconds", "600", *words])
    assert (result.exit_code, "a key file that can be read" in result.stderr) == (2, True)
    assert list(tmp_path.iterdir()) == [good]


def test_a_product_is_recorded_live_and_its_recording_kept(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as product:
        address = f"tcp-connect://127.0.0.1:{product.getsockname()[1]}"

        def send() -> None:
            connection, _ = product.accept()
            with connection:
                connection.sendall(stream())

        thread = threading.Thread(target=send)
        thread.start()
        words = ["--claim", "ST 0601.12", "--seconds", "600", "--keep", str(tmp_path / "kept"), "--json"]
        result = run(app, ["lab", "listen", "klv", address, *words])
        thread.join()
    assert result.exit_code == 0
    assert json.loads(result.stdout)["files"][0]["name"] == "live-1.bin"
    assert (tmp_path / "kept" / "live-1.bin").read_bytes() == stream()
    assert f"{len(stream())} bytes" in result.stderr
    assert "the product closed the connection" in result.stderr


def test_silence_cannot_be_told_and_a_wrong_address_is_refused() -> None:
    result = run(app, ["lab", "listen", "klv", "udp://127.0.0.1:0", "--seconds", "0.1"])
    assert (result.exit_code, "nothing is tested" in " ".join(result.stderr.split())) == (3, True)
    result = run(app, ["lab", "listen", "klv", "radar"])
    assert (result.exit_code, "tcp-connect://HOST:PORT" in result.stderr, result.stdout) == (2, True, "")


@pytest.mark.django_db
def test_a_believed_labs_statement_is_attached_and_what_is_due_is_told(tmp_path: Path) -> None:
    from tests.market.catalogue.samples import listing, stock

    from skypact.market.lab.models import Result

    stock(listing())
    good = tmp_path / "product.klv"
    good.write_bytes(stream() + packet(items(3)))
    key, statement = tmp_path / "lab.pem", tmp_path / "statement.json"
    fingerprint = run(app, ["lab", "key", str(key)]).stdout.splitlines()[-1]
    words = ["--claim", "ST 0601.12", "--by", "Joint lab", "--listing", "acme-mast", "-o", str(statement)]
    unnamed = run(app, ["lab", "check", "klv", str(good), "--sign", str(key), *words])
    assert (unnamed.exit_code, "add --firmware" in unnamed.stderr, statement.exists()) == (2, True, False)
    run(app, ["lab", "check", "klv", str(good), "--sign", str(key), "--firmware", "2.1", *words])
    said = json.loads(statement.read_text())["statement"]
    assert (date.fromisoformat(said["valid_until"]) - date.fromisoformat(said["tested_on"])).days == 365
    refused = run(app, ["lab", "attach", "acme-mast", str(statement)])
    assert (refused.exit_code, "a key that is trusted here" in refused.stderr) == (2, True)
    assert run(app, ["lab", "trust", fingerprint, "Joint lab"]).exit_code == 0
    again = run(app, ["lab", "trust", fingerprint, "Joint lab"])
    assert (again.exit_code, again.stderr) == (2, "this node believes that key already\n")
    nowhere = run(app, ["lab", "attach", "none-such", str(statement)])
    assert (nowhere.exit_code, Result.objects.count()) == (2, 0)
    attached = run(app, ["lab", "attach", "acme-mast", str(statement)])
    assert (attached.exit_code, attached.stdout) == (0, "acme-mast: klv ST 0601.12, conforms\n")
    assert Result.objects.get().by == "system:command line"
    assert run(app, ["lab", "due"]).exit_code == 0
    Result.objects.update(valid_until=date(2026, 1, 1))
    due = run(app, ["lab", "due"])
    assert (due.exit_code, due.stdout) == (
        1,
        "acme-mast: klv ST 0601.12: the result has expired; the lab tests a newer version of the standard: ST 0601.19\n"
        '  skypact lab listen klv tcp://0.0.0.0:4000 --claim "ST 0601.12" --keep session/\n',
    )
    (told,) = json.loads(run(app, ["lab", "due", "--vendor", "acme", "--json"]).stdout)
    assert (told["listing"], told["why"], told["newer"]) == ("acme-mast", ["expired", "newer_version"], "ST 0601.19")
    none = run(app, ["lab", "due", "--vendor", "rival"])
    assert (none.exit_code, none.stdout) == (0, "Nothing is to be tested again.\n")
    assert run(app, ["lab", "distrust", fingerprint]).stdout == "This site no longer believes Joint lab.\n"
