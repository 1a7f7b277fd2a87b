"""Files that belong to a listing: test reports, manuals, training material. The bytes live where their hash says."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from skypact.schema.base import PATTERN_MEANING, SHA256_PATTERN, Model, Name
from skypact.schema.evidence import Evidence

Sha256 = Annotated[str, Field(pattern=SHA256_PATTERN, description=PATTERN_MEANING[SHA256_PATTERN])]


class DocumentKind(StrEnum):
    """What a document is for."""

    TEST_REPORT = "test_report"
    TRAINING = "training"
    MANUAL = "manual"
    DATA_SHEET = "data_sheet"
    CERTIFICATE = "certificate"


class MediaType(StrEnum):
    """The kinds of file that are taken, by their registered media types (IANA). None of them runs in a browser."""

    PDF = "application/pdf"
    PNG = "image/png"
    JPEG = "image/jpeg"
    TEXT = "text/plain"
    CSV = "text/csv"
    MP4 = "video/mp4"


class Document(Model):
    """One file, named by its content. Its evidence says where it comes from and carries its release label."""

    sha256: Sha256
    title: Name
    kind: DocumentKind
    media_type: MediaType
    size_bytes: Annotated[int, Field(ge=1)]
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] | None = None
    """ISO 639-1"""
    evidence: Evidence
