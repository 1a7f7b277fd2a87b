"""Catalogue files sent while they are written, so that a million rows need no memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from datetime import date

from skypact.exchange.catalogue import Format, Record, line_of, write
from skypact.exchange.catalogue.bundle import write_bundle

_CHUNK = 2**16


def chunks(records: Iterable[Record], format: Format) -> Iterator[bytes]:  # noqa: A002 (the field's word)
    """``records`` as a file of ``format``, in pieces."""
    if format is Format.JSONL:
        for record in records:
            yield line_of(record).encode() + b"\n"
        return
    with tempfile.TemporaryFile() as file:
        write(records, file, format)
        file.seek(0)
        while piece := file.read(_CHUNK):
            yield piece


def bundle_chunks(records: Iterable[Record], *, on: date) -> Iterator[bytes]:
    """The bundle of ``records``, in pieces."""
    with tempfile.TemporaryFile() as file:
        write_bundle(records, file, on=on)
        file.seek(0)
        while piece := file.read(_CHUNK):
            yield piece
