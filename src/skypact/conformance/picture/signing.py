"""A signed picture: which products were seen working together, by whom, and on which kit it is proof.

Signed as the lab's statements are (:mod:`skypact.conformance.signing`), over the line ``skypact picture statement 1``.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Annotated, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import Field, model_validator

from skypact.conformance.picture.report import PictureReport
from skypact.conformance.signing import Signable, Signed, read_sealed, seal
from skypact.schema.base import Slug

KitHash = Annotated[str, Field(pattern=r"[0-9a-f]{64}")]


class PictureStatement(Signable):
    """What whoever made the picture says: the report, and which products and kit it is about."""

    format: Literal["skypact picture statement 1"] = "skypact picture statement 1"
    report: PictureReport
    kit: KitHash | None = None
    """the kit that the products are of, by its content hash"""
    listings: dict[str, Slug] = {}
    """name of a source -> the product's id in the catalogue"""

    @model_validator(mode="after")
    def _sources_there(self) -> PictureStatement:
        names = {one.name for one in self.report.sources}
        if strangers := sorted(set(self.listings) - names):
            raise ValueError(f'no source is called "{strangers[0]}"; there are: {", ".join(sorted(names)) or "none"}')
        return self


class SignedPicture(Signed[PictureStatement]):
    """A statement about a picture with its signature."""


def sign(statement: PictureStatement, key: Ed25519PrivateKey) -> SignedPicture:
    return seal(SignedPicture, statement, key)


def read_signed(text: str | bytes, *, file: str, trusted: Collection[str] | None = None) -> SignedPicture:
    """A signed picture whose signature is right. Raises InputError."""
    return read_sealed(SignedPicture, text, file=file, trusted=trusted)


def is_picture(text: bytes) -> bool:
    """Whether a document says that it is a statement about a picture; whether it is one, :func:`read_signed` asks."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return False
    statement = said.get("statement") if isinstance(said, dict) else None
    return isinstance(statement, dict) and str(statement.get("format", "")).startswith("skypact picture")
