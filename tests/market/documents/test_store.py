"""Bytes by their hash: whole or not there, once, and checked when they go out."""

import hashlib
import io
import os
import time

import pytest
from tests.market.documents.conftest import files
from tests.market.documents.test_content import PDF

from skypact.market.documents import store
from skypact.market.documents.content import RefusedFileError
from skypact.market.documents.store import BrokenFileError, Incoming, State
from skypact.schema import MediaType

HASH = hashlib.sha256(PDF).hexdigest()


def test_a_file_lies_where_its_hash_says() -> None:
    assert store.take(io.BytesIO(PDF)) == (HASH, len(PDF), MediaType.PDF)
    assert store.place(HASH).read_bytes() == PDF
    assert store.place(HASH).parent.name == HASH[:2]
    assert store.place(HASH).stat().st_mode & 0o777 == 0o600
    with store.open_checked(HASH) as file:
        assert file.read() == PDF


def test_the_same_content_is_kept_once_and_mends_a_damaged_copy() -> None:
    store.take(io.BytesIO(PDF))
    store.place(HASH).write_bytes(b"x" * len(PDF))
    store.take(io.BytesIO(PDF))
    assert files() == [HASH]
    assert store.place(HASH).read_bytes() == PDF


def test_a_refused_or_broken_upload_leaves_nothing() -> None:
    with pytest.raises(RefusedFileError):
        store.take(io.BytesIO(b"<html>"))
    with Incoming() as file:
        file.write(PDF)
    assert files() == []


def test_missing_and_damaged_bytes_are_told_apart() -> None:
    assert store.glance(HASH, len(PDF)) is State.MISSING
    with pytest.raises(BrokenFileError, match="missing"):
        store.open_checked(HASH)
    store.take(io.BytesIO(PDF))
    assert store.glance(HASH, len(PDF)) is State.PRESENT
    store.place(HASH).write_bytes(PDF[:-1])
    assert store.glance(HASH, len(PDF)) is State.DAMAGED
    store.place(HASH).write_bytes(PDF[:-1] + b"?")
    assert store.glance(HASH, len(PDF)) is State.PRESENT
    with pytest.raises(BrokenFileError, match="damaged"):
        store.open_checked(HASH)


def test_only_what_lay_long_enough_is_old() -> None:
    store.take(io.BytesIO(PDF))
    half = Incoming()
    half.write(PDF)
    assert list(store.older_than(60)) == []
    past = time.time() - 61
    for path in store.root().glob("*/*"):
        os.utime(path, (past, past))
    assert {path.name for path in store.older_than(60)} == set(files())
    assert len(files()) == 2
    half.close()
