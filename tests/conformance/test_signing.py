"""Statements that are signed: right ones are taken, and no letter of one can be changed."""

from __future__ import annotations

import base64
import json
import stat
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from skypact.conformance import STANDARDS, Recording
from skypact.conformance.klv.samples import stream
from skypact.conformance.report import Agreement, Decoder, Disagreement, Finding, Place, Verdict
from skypact.conformance.signing import (
    Statement,
    fingerprint,
    new_key,
    public_bytes,
    read_key,
    read_signed,
    sign,
)
from skypact.schema import InputError

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
AGREEMENT = Agreement(
    decoder=Decoder(name="other", version="7.1"),
    messages_both=3,
    only_first=0,
    only_second=0,
    values_compared=24,
    disagreements=(Disagreement(place=Place(file="circle.klv", message=1, field="2"), ours="1", theirs="2"),),
    disagreed=1,
    verdict=Verdict.CANNOT_TELL,
)


def statement(**changes: object) -> Statement:
    report = STANDARDS["klv"].check([Recording("circle.klv", stream())], "ST 0601.12", compare=False)
    report = report.model_copy(update={"agreements": (AGREEMENT,), "mutation": 0.995})
    fields = {
        "report": report,
        "conducted_by": "합동 시험소",
        "tested_on": date(2026, 11, 1),
        "valid_until": date(2027, 10, 31),
        "listing": "acme-mast",
        "firmware": "2.1",
    }
    return Statement(**{**fields, **changes})


def test_a_signed_statement_reads_back_and_has_the_same_bytes_every_time() -> None:
    signed = sign(statement(), KEY)
    text = signed.model_dump_json()
    assert read_signed(text, file="s.json") == signed
    assert read_signed(text, file="s.json", trusted=[fingerprint(public_bytes(KEY))]) == signed
    assert sign(statement(), KEY).model_dump_json() == text
    assert signed.sha256() == sign(statement(), KEY).sha256() != sign(statement(firmware="2.2"), KEY).sha256()


def test_the_signature_is_plain_ed25519_over_the_documented_bytes() -> None:
    """Checked without our reader: the bytes of the module's own description, made by hand."""
    said = json.loads(sign(statement(), KEY).model_dump_json())
    plain = json.dumps(said["statement"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    KEY.public_key().verify(base64.b64decode(said["signature"]), b"skypact lab statement 4\n" + plain)
    assert said["statement"]["format"] == "skypact lab statement 4"


#: Written by the lab as it was before it had second decoders, with the key above.
FORMAT_1 = Path(__file__).with_name("statement-format-1.json")


def test_a_statement_of_the_first_format_still_holds_word_by_word() -> None:
    signed = read_signed(FORMAT_1.read_bytes(), file="s.json", trusted=[fingerprint(public_bytes(KEY))])
    assert signed.sha256() == "24b151840c61f5598d27dfd1b8764c5532448ff9cfa7a53c30da8e37f667b000"
    report = signed.statement.report
    assert report.content_hash() == "d75a34f7d6d9186aeea1645eeba144de214b491d13a849db6f1783f069a3fd4e"
    assert (report.agreements, report.mutation, report.earns_badge) == ((), None, False)


#: Written with the same key before findings were folded: its three findings say the same.
FORMAT_2 = Path(__file__).with_name("statement-format-2.json")
FOLDED = {
    "rule": "klv.checksum",
    "layer": "decode",
    "clause": "MISB ST 0601",
    "severity": "fault",
    "place": {"file": "a", "message": 1, "field": ""},
    "sentence": "It is wrong.",
    "times": 2,
    "also": [{"file": "a", "message": 2, "field": ""}],
}


def test_a_statement_of_the_second_format_still_holds_word_by_word() -> None:
    signed = read_signed(FORMAT_2.read_bytes(), file="s.json", trusted=[fingerprint(public_bytes(KEY))])
    assert signed.sha256() == "75128ed91275f93dff55ba5fd90b995882852a6173b351526ef5dd1c09a3579e"
    report = signed.statement.report
    assert report.content_hash() == "d45497215547b098342fe8e03d4286a8d4bffa5fb9f84dd438bde30f56df681f"
    said = "Claimed ST 0601.13; the packet says ST 0601.12."
    assert [(one.sentence, one.times, one.also) for one in report.findings] == [(said, 1, ())] * 3
    anew = STANDARDS["klv"].check([Recording("circle.klv", stream())], "ST 0601.13")
    assert [(one.sentence, one.times, [at.message for at in one.also]) for one in anew.findings] == [(said, 3, [2, 3])]
    assert (anew.layers, anew.found) == (report.layers, report.found)
    again = report.model_copy(update={"findings": (Finding.model_validate(FOLDED),)})
    with pytest.raises(ValidationError, match='of the format "skypact lab statement 2" has one place'):
        Statement.model_validate({**signed.statement.model_dump(), "report": again.model_dump()})


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("format",), "skypact lab statement 2"),
        (("format",), "skypact lab statement 3"),
        (("format",), "skypact lab statement 4"),
        (("report", "findings"), [FOLDED]),
        (("report", "mutation"), 1.0),
        (("report", "agreements"), [AGREEMENT.model_dump(mode="json")]),
    ],
)
def test_nothing_can_be_added_to_a_statement_of_the_first_format(place: tuple[str, ...], value: object) -> None:
    said = json.loads(FORMAT_1.read_bytes())
    inner = said["statement"]
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    with pytest.raises(InputError):
        read_signed(json.dumps(said), file="s.json")


def _places(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    if isinstance(value, dict):
        return [place for key, item in value.items() for place in _places(item, (*path, key))]
    if isinstance(value, list):
        return [place for number, item in enumerate(value) for place in _places(item, (*path, number))]
    return [path]


def test_every_change_of_every_field_is_refused() -> None:
    text = sign(statement(), KEY).model_dump_json()
    places = _places(json.loads(text))
    assert len(places) == 43
    for place in places:
        said = json.loads(text)
        inner = said
        for step in place[:-1]:
            inner = inner[step]
        old = inner[place[-1]]
        inner[place[-1]] = old + 1 if isinstance(old, int | float) else f"{old or ''}x"
        with pytest.raises(InputError):
            read_signed(json.dumps(said), file="s.json")


def test_a_changed_day_names_the_signature() -> None:
    said = json.loads(sign(statement(), KEY).model_dump_json())
    said["statement"]["valid_until"] = "2099-01-01"
    with pytest.raises(InputError) as refused:
        read_signed(json.dumps(said), file="s.json")
    (problem,) = refused.value.problems
    assert (problem.file, problem.place) == ("s.json", "signature")
    assert problem.accepted == (
        "the signature of public_key over this very statement; something was changed since it was signed"
    )


def test_a_key_that_nobody_trusts_is_refused_though_its_signature_fits() -> None:
    mine, foreign = fingerprint(public_bytes(KEY)), fingerprint(public_bytes(OTHER))
    text = sign(statement(), OTHER).model_dump_json()
    with pytest.raises(InputError, match=f"a key that is trusted here: {mine}") as refused:
        read_signed(text, file="s.json", trusted={mine})
    assert foreign[:20] in refused.value.problems[0].value
    with pytest.raises(InputError, match="there is none"):
        read_signed(text, file="s.json", trusted=())


@pytest.mark.parametrize("spelling", ["", "AAAA", "not base64", "강", "A" * 43 + "="])
def test_a_key_of_another_form_is_refused(spelling: str) -> None:
    said = json.loads(sign(statement(), KEY).model_dump_json())
    said["public_key"] = spelling
    with pytest.raises(InputError):
        read_signed(json.dumps(said), file="s.json")


def test_validity_has_a_first_and_a_last_day() -> None:
    said = statement()
    days = [date(2026, 10, 31), date(2026, 11, 1), date(2027, 10, 31), date(2027, 11, 1)]
    assert [said.holds_on(day) for day in days] == [False, True, True, False]
    assert statement(valid_until=None).holds_on(date(2100, 1, 1))
    with pytest.raises(ValueError, match="must not be before tested_on"):
        statement(valid_until=date(2026, 10, 31))


def test_a_key_is_its_owners_alone_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "lab.pem"
    key = new_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert public_bytes(read_key(path)) == public_bytes(key)
    before = path.read_bytes()
    with pytest.raises(InputError, match="never written over"):
        new_key(path)
    assert path.read_bytes() == before
    with pytest.raises(InputError, match="a path where a file can be written: No such file or directory"):
        new_key(tmp_path / "none" / "lab.pem")


def test_what_is_no_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "lab.pem"
    with pytest.raises(InputError, match=r"lab\.pem: a key file that can be read: No such file"):
        read_key(path)
    other = generate_private_key(SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    locked = KEY.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"x")
    )
    for content in (b"", b"hello", other, locked):
        path.write_bytes(content)
        with pytest.raises(InputError, match="an Ed25519 private key in PEM without a password"):
            read_key(path)
