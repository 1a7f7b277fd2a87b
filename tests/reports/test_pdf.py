"""The PDF of a site report. It does not depend on the database, so that these tests run on SQLite alone."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.templatetags.static import static
from django.test import Client
from django.utils import translation
from pypdf import PdfReader
from tests.market.kits import samples

from skypact.market.core.access import Actor
from skypact.market.kits.actions import kit_folder
from skypact.market.reports import printing, selectors, typesetting
from skypact.market.reports.typesetting import NoTypesetterError, Sheet, pdf_of
from skypact.schema import Kit

pytestmark = pytest.mark.django_db

Publish = Callable[[Kit], None]
HOSTILE = '"}</style><script>alert(1)</script>\\a&'


def pdf(kit_id: str, language: str = "en") -> bytes:
    with translation.override(language):
        report = selectors.report(Actor.anonymous(), kit_id)
        return printing.pdf_here(report, kit_folder(kit_id))


def pages(made: bytes) -> list[str]:
    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(io.BytesIO(made)).pages]


def fonts(made: bytes) -> Iterator[tuple[str, bool]]:
    """(name, whether it lies in the file) of every font of every page."""
    for page in PdfReader(io.BytesIO(made)).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = inner["/FontDescriptor"].get_object()
            yield str(inner["/BaseFont"]).partition("+")[2], any(f"/FontFile{n}" in descriptor for n in ("", "2", "3"))


class TestPdf:
    @pytest.mark.parametrize("language", ["en", "ko"])
    def test_says_the_same_on_every_page_and_numbers_them(self, publish: Publish, language: str) -> None:
        publish(samples.kit())
        made = pdf("harbour-kit", language)
        found = pages(made)
        assert len(found) == 4
        for number, page in enumerate(found, start=1):
            assert "RELEASE NOT DETERMINED" in page
            assert f"{number} / {len(found)}" in page
            assert f"SHA-256 {samples.kit().content_hash()[:16]}" in page
        assert ("현장 보고서" if language == "ko" else "Site report") in found[0]
        assert set(fonts(made)) == {("Pretendard", True), ("Pretendard-Bold", True)}
        assert PdfReader(io.BytesIO(made)).metadata.creation_date.isoformat()[:10] == "2026-11-21"

    def test_korean_words_end_no_line_before_they_end(self, publish: Publish) -> None:
        """Set in lines of 20 mm: a word that is longer than a line is broken, no other; nothing is left in the text."""
        words = (
            "제조사가 밝히지 않은 경우(120°의 평면) C2가 연결합니다 가나다라마바사아자차카타파하거너더러머버서어저처"
        )
        page = (
            f'<html lang="ko"><head><link rel="stylesheet" href="{static("reports/report.css")}"></head>'
            f'<body><p style="width: 20mm">{words}</p></body></html>'
        )
        files = {static(name): str(printing._found(name)) for name in printing._FILES}

        def lines(html: str) -> list[str]:
            made = typesetting.pdf_of(Sheet(html=html, identifier="x", files=files, texts={}))
            return [line.strip() for line in PdfReader(io.BytesIO(made)).pages[0].extract_text().splitlines()]

        whole = {word for word in words.split() if len(word) < 12}
        assert whole - {word for line in lines(page) for word in line.split()}
        kept = lines(printing.words_whole(page))
        assert whole <= {word for line in kept for word in line.split()}
        assert "".join(kept).replace(" ", "") == words.replace(" ", "")
        assert len(kept) > len(words) // 12

    def test_only_running_korean_text_is_joined(self) -> None:
        page = '<title>가나</title><p title="가나">가나 A다 1기(라) ab &amp;마</p><svg><text>가나</text></svg>'
        joined = printing.words_whole(page).replace("\u2060", "|")
        assert joined == (
            '<title>가나</title><p title="가나">가|나 A|다 1|기|(라) ab &amp;마</p><svg><text>가나</text></svg>'
        )

    def test_the_same_kit_gives_the_same_bytes(self, publish: Publish) -> None:
        publish(samples.kit())
        assert pdf("harbour-kit") == pdf("harbour-kit")

    def test_the_closing_table_stands_on_one_page(self, publish: Publish) -> None:
        publish(samples.kit())
        found = [page for page in pages(pdf("harbour-kit")) if "On what this rests" in page or "Made by" in page]
        assert len(found) == 1

    def test_a_refused_kit_has_a_report(self, publish: Publish) -> None:
        publish(samples.refused_kit())
        assert "There is no kit that meets this requirement." in pages(pdf("harbour-kit"))[0]

    def test_a_hundred_sensors(self, publish: Publish) -> None:
        radar = samples.kit().items[0].model_dump(mode="json")
        spots = [
            {**radar["positions"][0], "id": f"p{number}", "at": [9.98 + 0.0004 * number, 50.0]} for number in range(100)
        ]
        items = [{**radar, "quantity": 100, "positions": spots}]
        publish(samples.kit(items=items, links=[], unknowns=[]))
        found = " ".join(pages(pdf("harbour-kit")))
        assert all(f" p{number} " in found for number in range(100))

    def test_names_are_not_markup(self, publish: Publish) -> None:
        asked = samples.requirement(title=HOSTILE, title_ko=None)
        publish(samples.kit(requirement=asked.model_dump(mode="json")))
        found = pages(pdf("harbour-kit"))
        assert all(HOSTILE in page for page in found)

    def test_nothing_but_named_files_is_read(self) -> None:
        for address in ("http://127.0.0.1:9/x.png", "file:///etc/passwd", "/static/other.png", "data:text/css,*{}"):
            sheet = Sheet(html=f'<link rel="stylesheet" href="{address}">', identifier="x", files={}, texts={})
            with pytest.raises(ValueError, match="which is not part of it"):
                pdf_of(sheet)

    def test_download(self, client: Client, publish: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
        """Made in a process of its own, the same as here."""
        publish(samples.kit())
        response = client.get("/kits/harbour-kit/report.pdf")
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.headers["Content-Disposition"] == 'attachment; filename="harbour-kit-en.pdf"'
        assert response.content == pdf("harbour-kit")
        monkeypatch.setattr(printing, "pdf_apart", printing.pdf_here)
        korean = client.get("/api/v1/kits/harbour-kit/report?language=ko")
        assert korean.headers["Content-Disposition"] == 'attachment; filename="harbour-kit-ko.pdf"'
        assert "현장 보고서" in pages(korean.content)[0]
        assert client.get("/api/v1/kits/harbour-kit/report?language=fr").status_code == 422


def test_a_missing_library_is_told_apart_from_other_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str, *rest: Any) -> Any:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return imported(name, *rest)

    imported = __import__
    monkeypatch.setattr("builtins.__import__", missing)
    with pytest.raises(NoTypesetterError, match=r"apt-get install libpango-1\.0-0 .*libpango"):
        typesetting.pdf_of(Sheet(html="", identifier="", files={}, texts={}))
