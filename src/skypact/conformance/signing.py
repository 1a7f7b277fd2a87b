"""Signed statements: who tested what and when, with the whole report, so that nobody can change a word of it later.

The signature is Ed25519 (RFC 8032) over the line that names the statement's format and the canonical JSON of the
statement (sorted keys, no spaces, UTF-8). It proves who signed and that nothing was changed since; it does not prove
that the recording came from the product that the statement names. The recording's hash is in the report: who has the
recording can test again.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any, Final, Generic, Literal, Self, TypeVar

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import model_validator

from skypact.conformance.report import Report
from skypact.schema import InputError, parse_json
from skypact.schema.base import Day, Model, Name, Slug

_FORMAT_1: Final = "skypact lab statement 1"
_FORMAT_2: Final = "skypact lab statement 2"
_FORMAT_3: Final = "skypact lab statement 3"
_FORMAT_4: Final = "skypact lab statement 4"


#: How long a result about a product is to be relied on where its tester names no other span.
VALID_DAYS = 365


class Signable(Model):
    """What a signature can be over: of which format, who says it, of which day, for how long, and its own bytes."""

    format: str
    """names the kind of statement, so that none is taken for one of another kind"""
    conducted_by: Name
    tested_on: Day
    valid_until: Day | None = None
    """the last day on which to rely on it; ``None``: as long as the firmware stays"""

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.valid_until is not None and self.valid_until < self.tested_on:
            raise ValueError(f"valid_until ({self.valid_until}) must not be before tested_on ({self.tested_on})")
        return self

    def signed_bytes(self) -> bytes:
        """What the signature is over: the line that names the format, and the canonical JSON."""
        return f"{self.format}\n".encode() + canonical(self)

    def holds_on(self, day: date) -> bool:
        """Whether ``day`` lies between the test and the last day of validity."""
        return self.tested_on <= day and (self.valid_until is None or day <= self.valid_until)


class Statement(Signable):
    """What a lab says: the report, and what it is about."""

    format: Literal[
        "skypact lab statement 1", "skypact lab statement 2", "skypact lab statement 3", "skypact lab statement 4"
    ] = _FORMAT_4
    """Format 1 was signed before labs had second decoders: its report has neither agreements nor a mutation score.
    Up to format 2 each finding has one place; up to format 3 nothing is said of how much was heard."""
    report: Report
    listing: Slug | None = None
    """the product's id in the catalogue"""
    firmware: Name | None = None
    """of the product while it was recorded; another firmware needs another test"""

    @property
    def earns_badge(self) -> bool:
        """Whether the report does, and it is said of which firmware and until when: else a badge would never lapse."""
        return self.report.earns_badge and bool(self.firmware) and self.valid_until is not None

    @model_validator(mode="after")
    def _format_1_has_no_second_decoders(self) -> Self:
        if self.format == _FORMAT_1 and (self.report.agreements or self.report.mutation is not None):
            raise ValueError(f'a statement of the format "{_FORMAT_1}" holds neither agreements nor a mutation score')
        return self

    @model_validator(mode="after")
    def _up_to_format_2_findings_stand_alone(self) -> Self:
        if self.format in (_FORMAT_1, _FORMAT_2) and any(one.times > 1 or one.also for one in self.report.findings):
            raise ValueError(f'a finding of a statement of the format "{self.format}" has one place, and no count')
        return self

    @model_validator(mode="after")
    def _up_to_format_3_nothing_is_measured(self) -> Self:
        if self.format != _FORMAT_4 and self.report.heard is not None:
            raise ValueError(f'a statement of the format "{self.format}" does not say how much was heard')
        return self


S = TypeVar("S", bound=Signable)


class Signed(Model, Generic[S]):
    """A statement of any kind with its signature."""

    statement: S
    algorithm: Literal["Ed25519"] = "Ed25519"
    public_key: str
    signature: str

    @property
    def fingerprint(self) -> str:
        """The signing key's fingerprint."""
        return fingerprint(_decoded(self.public_key, 32))

    def sha256(self) -> str:
        """SHA-256 over the canonical JSON of all of it, the signature too."""
        return hashlib.sha256(canonical(self)).hexdigest()


T = TypeVar("T", bound=Signed[Any])


class SignedStatement(Signed[Statement]):
    """A statement with its signature; ``public_key`` (32 bytes) and ``signature`` (64 bytes) in base64."""


def fingerprint(public_key: bytes) -> str:
    """SHA-256 of a raw public key, 64 hexadecimal digits: short enough to be read out over the telephone in groups."""
    return hashlib.sha256(public_key).hexdigest()


def new_key(path: Path) -> Ed25519PrivateKey:
    """Draws a key and writes it to ``path`` (PKCS 8, PEM, readable by its owner alone).

    Raises InputError where something lies there already: a key that is written over cannot sign again.
    """
    key = Ed25519PrivateKey.generate()
    text = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise InputError.single(
            file=str(path), accepted="a path where nothing lies yet: a key is never written over"
        ) from None
    except OSError as error:
        raise InputError.single(
            file=str(path), accepted=f"a path where a file can be written: {error.strerror}"
        ) from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)
    return key


def read_key(path: Path) -> Ed25519PrivateKey:
    """The key that :func:`new_key` wrote. Raises InputError."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise InputError.single(
            file=str(path), accepted=f"a key file that can be read: {error.strerror}; `skypact lab key` makes one"
        ) from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError.single(
            file=str(path), accepted="an Ed25519 private key in PEM without a password; `skypact lab key` makes one"
        )
    return key


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    """The raw public key of ``key``, 32 bytes."""
    return key.public_key().public_bytes_raw()


def seal(signed: type[T], statement: Signable, key: Ed25519PrivateKey) -> T:
    """The statement with the signature of ``key``; the same statement and key give the same bytes."""
    return signed(
        statement=statement,
        public_key=base64.b64encode(public_bytes(key)).decode(),
        signature=base64.b64encode(key.sign(statement.signed_bytes())).decode(),
    )


def read_sealed(model: type[T], text: str | bytes, *, file: str, trusted: Collection[str] | None = None) -> T:
    """A signed statement of this kind whose signature is right.

    ``trusted`` are fingerprints of the keys to be believed; ``None`` asks only that the signature fits its own key,
    which anybody's does. Raises InputError for anything else.
    """
    signed = parse_json(model, text, file=file)
    try:
        key = Ed25519PublicKey.from_public_bytes(_decoded(signed.public_key, 32))
        key.verify(_decoded(signed.signature, 64), signed.statement.signed_bytes())
    except (ValueError, InvalidSignature):
        raise InputError.single(
            file=file,
            place="signature",
            value=signed.signature,
            accepted="the signature of public_key over this very statement; something was changed since it was signed",
        ) from None
    if trusted is not None and signed.fingerprint not in trusted:
        raise InputError.single(
            file=file,
            place="public_key",
            value=signed.fingerprint,
            accepted=f"a key that is trusted here: {', '.join(sorted(trusted)) or 'there is none'}",
        )
    return signed


def sign(statement: Statement, key: Ed25519PrivateKey) -> SignedStatement:
    """The lab's statement with the signature of ``key``."""
    return seal(SignedStatement, statement, key)


def read_signed(text: str | bytes, *, file: str, trusted: Collection[str] | None = None) -> SignedStatement:
    """A signed statement of a lab, as :func:`read_sealed`."""
    return read_sealed(SignedStatement, text, file=file, trusted=trusted)


def canonical(model: Model) -> bytes:
    """JSON with sorted keys and without spaces, in UTF-8: the bytes that hashes and signatures are over."""
    said = model.model_dump(mode="json")
    return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _decoded(text: str, length: int) -> bytes:
    """Bytes of one spelling of base64. Raises ValueError."""
    try:
        found = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("not base64") from None
    if len(found) != length or base64.b64encode(found).decode() != text:
        raise ValueError(f"{len(found)} bytes")
    return found
