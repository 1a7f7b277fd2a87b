"""What a file is, told from its bytes, whatever it is called and however it arrives in parts."""

import io
import zipfile
from itertools import pairwise

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from skypact.market.documents import content
from skypact.market.documents.content import Inspector, RefusedFileError, TooLargeError
from skypact.schema import MediaType

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41"


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("word/document.xml", "<w/>")
    return out.getvalue()


GOOD = [
    (PDF, MediaType.PDF),
    (PNG, MediaType.PNG),
    (JPEG, MediaType.JPEG),
    (MP4, MediaType.MP4),
    (b"Range trial, 3 May 2025.\nIt rained.\n", MediaType.TEXT),
    ("\ufeff시험 성적서\n".encode(), MediaType.TEXT),
    (b"a", MediaType.TEXT),
    (b"day,range_m\n2025-05-03,3200\n", MediaType.CSV),
    ("날짜;거리\n2025-05-03;3200\n".encode(), MediaType.CSV),
    (b"day\trange\n1\t2\n", MediaType.CSV),
    (b"1 < 2, and so on\n", MediaType.TEXT),
]
BAD = {
    "html": b"<!doctype html><script>alert(1)</script>",
    "html after spaces": b"\xef\xbb\xbf \n<html>",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "xml": b'<?xml version="1.0"?><svg/>',
    "office or archive": archive(),
    "old office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64),
    "gzip": b"\x1f\x8b\x08" + bytes(32),
    "program": b"MZ\x90\x00\x03",
    "elf": b"\x7fELF\x02\x01\x01",
    "gif": b"GIF89a\x01\x00\x01\x00",
    "quicktime": b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ",
    "heic": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
    "utf-16": "report".encode("utf-16"),
    "cp949": "시험 성적서".encode("cp949"),
    "nul": b"a,b\n1,\x002\n",
    "escape": b"plain \x1b[2J text",
    "half a character": "가".encode()[:2],
}


def told(data: bytes, part: int) -> MediaType:
    inspector = Inspector()
    for start in range(0, len(data), part):
        inspector.see(data[start : start + part])
    return inspector.finish()


@pytest.mark.parametrize("part", [1, 7, 10_000])
@pytest.mark.parametrize(("data", "kind"), GOOD)
def test_content_tells_the_type(data: bytes, kind: MediaType, part: int) -> None:
    assert told(data, part) is kind


@pytest.mark.parametrize("part", [1, 10_000])
@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_everything_else_is_refused_and_says_what_would_be_taken(data: bytes, part: int) -> None:
    with translation.override("en"), pytest.raises(RefusedFileError, match="PDF, PNG, JPEG, MP4, and text or CSV"):
        told(data, part)


def test_an_empty_file_is_refused() -> None:
    with translation.override("en"), pytest.raises(RefusedFileError, match="the file is empty"):
        told(b"", 1)


def test_text_is_read_to_its_end() -> None:
    with pytest.raises(RefusedFileError):
        told(b"good\n" * 2000 + b"\x00", 4096)
    assert told("가나다\n".encode() * 5000, 4097) is MediaType.TEXT
    assert told(b"a,b\n" * 5000, 999) is MediaType.CSV


@pytest.mark.parametrize(("data", "kind"), [(PDF, MediaType.PDF), (b"text\n", MediaType.TEXT)])
def test_a_file_is_refused_as_soon_as_it_is_too_large(
    data: bytes, kind: MediaType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(content.LIMITS, kind, 10_000)
    inspector = Inspector()
    inspector.see(data + b"x" * (10_000 - len(data)))
    with pytest.raises(TooLargeError, match=kind.value):
        inspector.see(b"x")
    monkeypatch.setitem(content.LIMITS, kind, len(data) - 1)
    with pytest.raises(TooLargeError):
        told(data, 1)


@given(
    st.binary(max_size=40), st.sampled_from([b"", b"a", b"a,b\n", b"\x00"]), st.integers(1, 20), st.integers(1, 9000)
)
def test_how_a_file_is_cut_into_parts_changes_nothing(start: bytes, more: bytes, first: int, size: int) -> None:
    data = start + more * 2500

    def answer(*cuts: int) -> MediaType | None:
        inspector = Inspector()
        try:
            for low, high in pairwise((0, *cuts, len(data))):
                inspector.see(data[low:high])
            return inspector.finish()
        except RefusedFileError:
            return None

    assert answer(first, *range(first + size, len(data), size)) is answer()


def test_no_byte_is_skipped_between_parts() -> None:
    inspector = Inspector()
    inspector.see(b"a" * 5)
    with pytest.raises(RefusedFileError):
        inspector.see(b"a" * (content.HEAD - 3) + b"\x00" + b"a" * 100)
