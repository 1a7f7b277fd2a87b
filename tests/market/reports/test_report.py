"""The site report as a page, and for whom; the PDF is tested in ``tests/reports``, once and not for each database."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.market.kits import samples
from tests.market.kits.test_actions import SYSTEM, job, person, pictures
from tests.market.kits.test_pages import signed_in, text

from skypact.market.kits.actions import FinishJob
from skypact.market.reports import printing
from skypact.market.reports.typesetting import MISSING, OUT_OF_MEMORY, NoTypesetterError
from skypact.schema import Kit

pytestmark = pytest.mark.django_db

Publish = Callable[[Kit], None]
HOSTILE = '"}</style><script>alert(1)</script>\\a&'


class TestPage:
    def test_holds_what_a_commander_hands_on(self, client: Client, publish: Publish) -> None:
        publish(samples.kit())
        page = text(client, "/kits/harbour-kit/report/")
        for words in (
            "RELEASE NOT DETERMINED",
            "This kit meets the requirement, with 2 open questions accepted; none is cheaper.",
            "700,000 EUR",
            "95.5 %",
            "50.00000° N, 10.00000° E",
            "UTM 32N 571666 5539109",
            "MGRS 32U NA 71666 39109",
            "no price of Radar is public",
            "planning figure",
            "Act 1",
            "bare earth: trees and buildings are not in it",
            samples.kit().content_hash(),
            "Gateway &lt;1&gt;",
        ):
            assert words in page, words
        assert 'href="/kits/harbour-kit/report.pdf"' in page
        assert "SYNTHETIC" not in page

    def test_speaks_korean(self, client: Client, publish: Publish) -> None:
        publish(samples.kit())
        page = text(client, "/kits/harbour-kit/report/", accept_language="ko")
        for words in ("현장 보고서: 드론 탐지", "항만", "자재 명세서", "레이더"):
            assert words in page, words

    def test_what_is_not_seen_stands_beside_the_headline(self, client: Client, publish: Publish) -> None:
        low = samples.kit().coverage[0].model_copy(update={"blind_area_m2": 20.6e6})
        publish(samples.kit(coverage=[low.model_dump(mode="json")]))
        said = "20.6 km² inside the warning ring is not seen as asked (Mini multirotor at 60 m, the worst case)."
        assert said in text(client, "/kits/harbour-kit/report/")

    def test_what_is_made_up_is_said_on_every_page(self, client: Client, publish: Publish) -> None:
        terrain = samples.kit().terrain.model_copy(update={"synthetic": True})
        publish(samples.kit(terrain=terrain.model_dump()))
        assert "SYNTHETIC: exercise data, not for buying" in text(client, "/kits/harbour-kit/report/")
        sheet = client.get("/kits/harbour-kit/report/page.css").content.decode()
        assert '@top-left { content: "RELEASE NOT DETERMINED · SYNTHETIC: exercise data, not for buying"' in sheet

    def test_page_sheet_writes_strings_only(self, client: Client, publish: Publish) -> None:
        asked = samples.requirement(title=HOSTILE)
        publish(samples.kit(requirement=asked.model_dump(mode="json")))
        response = client.get("/kits/harbour-kit/report/page.css?language=en")
        line = next(line for line in response.content.decode().splitlines() if "@top-right" in line)
        assert response.headers["Content-Type"] == "text/css; charset=utf-8"
        assert line.startswith('  @top-right { content: "\\000022\\00007d\\00003c\\00002fstyle\\00003e')
        assert line.count('"') == 4
        assert "<script" not in text(client, "/kits/harbour-kit/report/").replace("&lt;script", "")

    def test_a_language_nobody_speaks_is_english(self, client: Client, publish: Publish) -> None:
        publish(samples.kit())
        english = client.get("/kits/harbour-kit/report/page.css?language=en").content
        assert client.get("/kits/harbour-kit/report/page.css?language=%22%7D").content == english

    def test_a_refusal(self, client: Client, publish: Publish) -> None:
        publish(samples.refused_kit())
        page = text(client, "/kits/harbour-kit/report/")
        assert "There is no kit that meets this requirement." in page
        assert "8 EUR more" in page
        assert "Bill of materials" not in page

    def test_not_somebody_elses(self, client: Client, home: Path) -> None:
        kim = person("kim")
        made = job(kim, state="running")
        FinishJob(actor=SYSTEM, job_id=made.pk, kit=samples.kit(), pictures=pictures(home)).execute()
        for ending in ("report/", "report/page.css", "report.pdf"):
            text(client, f"/kits/harbour-kit/{ending}", 404)
        assert client.get("/api/v1/kits/harbour-kit/report").status_code == 404
        assert signed_in(kim).get("/kits/harbour-kit/report/page.css").status_code == 200


class TestNoPdf:
    def test_without_the_systems_libraries_it_says_what_to_install(
        self, client: Client, publish: Publish, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        publish(samples.kit())

        def refuse(*_: Any) -> bytes:
            raise NoTypesetterError(MISSING)

        monkeypatch.setattr(printing, "pdf_apart", refuse)
        page = text(client, "/kits/harbour-kit/report.pdf", 503)
        assert "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0" in page
        assert 'href="/kits/harbour-kit/report/"' in page
        answer = client.get("/api/v1/kits/harbour-kit/report")
        assert (answer.status_code, answer.json()["detail"]) == (503, MISSING)

    def test_one_at_a_time(self, publish: Publish, monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
        publish(samples.kit())
        monkeypatch.setattr(printing, "_WAIT_S", 0.0)
        with printing._alone():
            page = text(client, "/kits/harbour-kit/report.pdf", 503)
        assert "Other reports are being made." in page

    @pytest.mark.parametrize("ended", [-signal.SIGXCPU, OUT_OF_MEMORY])
    def test_too_much_for_one_report(
        self, ended: int, publish: Publish, monkeypatch: pytest.MonkeyPatch, client: Client
    ) -> None:
        publish(samples.kit())
        gone = subprocess.CompletedProcess([], ended, b"", b"")
        monkeypatch.setattr(printing.subprocess, "run", lambda *_, **__: gone)
        page = text(client, "/kits/harbour-kit/report.pdf", 503)
        assert "This report is too large for a PDF made here." in page
        assert 'href="/kits/harbour-kit/report/"' in page
        answer = client.get("/api/v1/kits/harbour-kit/report")
        said = "this report takes more time or memory than one may; its page prints from any browser"
        assert (answer.status_code, answer.json()["detail"]) == (503, said)
