"""Signed pictures: right ones are read, changed ones are not, and a lab's statement is no picture."""

from __future__ import annotations

import json
from datetime import date
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from skypact.conformance.picture import PictureReport, combine
from skypact.conformance.picture.scene import SOURCES, make
from skypact.conformance.picture.signing import PictureStatement, is_picture, read_signed, sign
from skypact.conformance.signing import fingerprint, public_bytes
from skypact.conformance.signing import read_signed as read_lab
from skypact.schema import InputError

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@cache
def report() -> PictureReport:
    return combine(make(1, seconds=6).recordings)


def statement(**changes: object) -> PictureStatement:
    said = {
        "report": report(),
        "conducted_by": "합동 시험소",
        "tested_on": date(2026, 11, 21),
        "valid_until": date(2027, 11, 20),
        "kit": "a" * 64,
        "listings": {SOURCES[0]: "syn-radar"},
    }
    return PictureStatement.model_validate({**said, **changes})


def test_a_signed_picture_reads_back() -> None:
    signed = sign(statement(), KEY)
    text = signed.model_dump_json()
    assert read_signed(text, file="p.json", trusted=[fingerprint(public_bytes(KEY))]) == signed
    assert is_picture(text.encode())
    assert signed.statement.holds_on(date(2027, 11, 20))
    assert not signed.statement.holds_on(date(2027, 11, 21))


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said["statement"].update(kit="b" * 64),
        lambda said: said["statement"]["listings"].update({SOURCES[0]: "other"}),
        lambda said: said["statement"]["report"].update(together="no"),
        lambda said: said["statement"]["report"]["sources"][0].update(observations=99),
    ],
)
def test_no_word_of_it_can_be_changed(change: object) -> None:
    said = json.loads(sign(statement(), KEY).model_dump_json())
    change(said)
    with pytest.raises(InputError, match="something was changed since it was signed"):
        read_signed(json.dumps(said), file="p.json")


@pytest.mark.parametrize(
    "change", [{"kit": "abc"}, {"listings": {"radar": "syn-radar"}}, {"valid_until": date(2026, 1, 1)}]
)
def test_what_cannot_be_said_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        statement(**change)


def test_a_picture_is_no_statement_of_a_lab() -> None:
    text = sign(statement(), KEY).model_dump_json()
    with pytest.raises(InputError):
        read_lab(text, file="p.json")
    assert not is_picture(b'{"statement": {"format": "skypact lab statement 1"}}')
    assert not is_picture(b"[" * 10_000)
