"""The pages: what they show, to whom, in both languages."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.market.kits import samples
from tests.market.kits.test_actions import SYSTEM, job, person, pictures
from tests.market.kits.test_protecting import sent

from skypact.market.accounts.models import User
from skypact.market.core.access import Actor
from skypact.market.kits import launching
from skypact.market.kits.actions import FinishJob, PublishKit
from skypact.market.kits.models import ComposeJob, StoredRequirement
from skypact.market.kits.rendering import write_pictures
from skypact.schema import Kit

pytestmark = pytest.mark.django_db

DELIVERY_EXCLUSION = {"question": "delivery", "answer": "no", "reason": "too late", "listings": ["a-radar"]}


def text(client: Client, path: str, status: int = 200, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


@pytest.fixture
def publish(home: Path) -> Any:
    """Publishes a kit with real pictures."""

    def published(kit: Kit) -> None:
        folder = pictures(home)
        composition = samples.composition()
        write_pictures(folder, relief=composition.terrain, layers=composition.layers)
        PublishKit(actor=SYSTEM, kit=kit, pictures=folder).execute()

    return published


class TestProtect:
    def test_is_empty_at_first(self, client: Client) -> None:
        page = text(client, "/kits/protect/")
        assert 'name="icao" list="airports"' in page
        assert "Seoul World Cup Stadium" in page

    def test_begins_with_the_readers_nation_and_role(self) -> None:
        kim = person("kim")
        User.objects.filter(pk=kim.user_id).update(nation="KR", role="border_guard")
        page = text(signed_in(kim), "/kits/protect/")
        assert re.search(r'name="nation" value="KR"', page)
        assert '<option value="border_guard" selected>' in page

    @pytest.mark.parametrize(("name", "value"), [("airport", 'value="RKSI"'), ("stadium", 'value="37.5683"')])
    def test_an_example_fills_it(self, client: Client, name: str, value: str) -> None:
        assert value in text(client, f"/kits/protect/?example={name}")

    def test_no_such_example(self, client: Client) -> None:
        text(client, "/kits/protect/?example=moon", 404)

    def test_a_kit_fills_it(self, client: Client, publish: Any) -> None:
        publish(samples.kit())
        assert 'value="Old harbour"' in text(client, "/kits/protect/?kit=harbour-kit")

    def test_sending_it_starts_a_search(self, client: Client) -> None:
        response = client.post("/kits/protect/", sent(samples.requirement()))
        made = ComposeJob.objects.get()
        assert response.status_code == 302
        assert response.headers["Location"] == f"/kits/jobs/{made.pk}/"
        assert made.requirement.requirement == samples.requirement(title_ko=None)

    def test_what_does_not_fit_is_said_and_nothing_kept(self, client: Client) -> None:
        data = sent(samples.requirement())
        data["budget"] = ""
        data["warning_distance_m"] = "-1"
        response = client.post("/kits/protect/", data)
        page = response.content.decode()
        assert response.status_code == 422
        assert '<span class="usa-error-message" id="id_budget_error">This field is required.</span>' in page
        assert '<a href="#id_warning_distance_m">Warning distance (m)</a>' in page
        assert 'value="Old harbour"' in page
        assert not StoredRequirement.objects.exists()

    def test_an_airport_nobody_knows(self, client: Client) -> None:
        data = sent(samples.requirement(site={"name": "A", "icao": "ZZZZ", "radius_m": 100}))
        page = client.post("/kits/protect/", data).content.decode()
        assert "must be the ICAO code of a known airport (&#x27;ZZZZ&#x27;)" in page

    def test_too_many_searches(self, client: Client) -> None:
        kim = person("kim")
        for _ in range(5):
            job(kim)
        response = signed_in(kim).post("/kits/protect/", sent(samples.requirement()))
        assert response.status_code == 422
        assert "5 searches are under way already" in response.content.decode()
        assert ComposeJob.objects.count() == 5

    def test_a_foreign_page_cannot_send_it(self) -> None:
        response = Client(enforce_csrf_checks=True).post("/kits/protect/", sent(samples.requirement()))
        assert response.status_code == 403
        assert not ComposeJob.objects.exists()

    def test_without_obstacle_files_it_says_where_they_go(self, client: Client) -> None:
        assert "beside its elevation models: in the folder terrain" in text(client, "/kits/protect/")
        assert "표고 모형과 함께 두는 GeoJSON 파일" in text(client, "/kits/protect/", accept_language="ko")

    def test_speaks_korean(self, client: Client) -> None:
        page = text(client, "/kits/protect/?example=airport", accept_language="ko")
        assert "인천국제공항" in page
        assert "키트 구성" in page


class TestLoad:
    def test_a_requirement_fills_the_form(self, client: Client) -> None:
        response = client.post("/kits/protect/load/", {"text": samples.requirement().model_dump_json()})
        assert 'value="Old harbour"' in response.content.decode()

    def test_an_area_fills_the_map(self, client: Client) -> None:
        area = json.dumps({"type": "Polygon", "coordinates": [samples.SQUARE]})
        upload = SimpleUploadedFile("site.geojson", area.encode())
        page = client.post("/kits/protect/load/", {"document": upload}).content.decode()
        assert "[[[9.98,49.99],[10.02,49.99]," in page
        assert re.search(r'value="area"[^>]*checked', page)

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"\xff\xfe", "site.toml: byte 0: must be UTF-8 text"),
            (b"id = 7", "site.toml: id: input should be a valid string (found 7)"),
            (b"x" * (2 * 1024 * 1024 + 1), "site.toml: must be at most 2 MiB (found &#x27;2097153 bytes&#x27;)"),
        ],
    )
    def test_what_cannot_be_read_is_said(self, client: Client, content: bytes, words: str) -> None:
        response = client.post("/kits/protect/load/", {"document": SimpleUploadedFile("site.toml", content)})
        assert response.status_code == 422
        assert words in response.content.decode()

    def test_is_sent_not_visited(self, client: Client) -> None:
        text(client, "/kits/protect/load/", 405)


class TestAirports:
    def test_by_code_and_by_name(self, client: Client) -> None:
        by_code = client.get("/kits/airports/?q=rksi").json()["airports"]
        by_name = client.get("/kits/airports/?q=gimpo").json()["airports"]
        assert by_code[0]["icao"] == "RKSI"
        assert "RKSS" in [one["icao"] for one in by_name]
        assert (by_code[0]["country"], round(by_code[0]["lat"], 1)) == ("KR", 37.5)

    def test_one_letter_is_no_question(self, client: Client) -> None:
        assert client.get("/kits/airports/?q=r").json() == {"airports": []}


class TestJob:
    def test_shows_stage_and_share(self, client: Client) -> None:
        made = job(state="running")
        ComposeJob.objects.update(stage="sight", done=0.325, started_at=made.created_at)
        with launching.working_on(made.pk):
            page = text(client, f"/kits/jobs/{made.pk}/")
            part = text(client, f"/kits/jobs/{made.pk}/", hx_request="true")
        assert "Lines of sight from every position" in page
        assert 'value="0.3250"' in page
        assert "<html" not in part
        assert 'hx-trigger="every 500ms"' in part

    def test_a_dead_search_says_so(self, client: Client) -> None:
        page = text(client, f"/kits/jobs/{job(state='running').pk}/")
        assert "ended without an answer: it was killed, or the machine restarted." in page
        assert "hx-get" not in page

    def test_leads_to_the_kit(self, client: Client, home: Path) -> None:
        made = job(state="running")
        FinishJob(actor=SYSTEM, job_id=made.pk, kit=samples.kit(), pictures=pictures(home)).execute()
        response = client.get(f"/kits/jobs/{made.pk}/")
        assert (response.status_code, response.headers["Location"]) == (302, "/kits/harbour-kit/")
        part = client.get(f"/kits/jobs/{made.pk}/", headers={"hx-request": "true"})
        assert (part.status_code, part.headers["HX-Redirect"]) == (200, "/kits/harbour-kit/")

    def test_stop(self, client: Client) -> None:
        made = job()
        response = client.post(f"/kits/jobs/{made.pk}/stop/")
        assert response.headers["Location"] == f"/kits/jobs/{made.pk}/"
        assert ComposeJob.objects.get().state == "stopped"
        assert "stopped before it began" in text(client, f"/kits/jobs/{made.pk}/")

    def test_stopping_what_ended_changes_nothing(self, client: Client) -> None:
        made = job(state="failed")
        assert client.post(f"/kits/jobs/{made.pk}/stop/").status_code == 302
        assert ComposeJob.objects.get().state == "failed"

    def test_not_somebody_elses(self, client: Client) -> None:
        made = job(person("kim"))
        text(client, f"/kits/jobs/{made.pk}/", 404)
        assert client.post(f"/kits/jobs/{made.pk}/stop/").status_code == 404
        assert ComposeJob.objects.get().state == "queued"
        text(client, f"/kits/jobs/{uuid4()}/", 404)

    def test_is_stopped_by_sending_only(self, client: Client) -> None:
        made = job()
        text(client, f"/kits/jobs/{made.pk}/stop/", 405)
        assert ComposeJob.objects.get().state == "queued"


def blind_kit() -> Kit:
    """Two heights, of which the higher is blind in a larger part."""
    low = samples.kit().coverage[0].model_copy(update={"blind_area_m2": 1.2e6})
    high = low.model_copy(update={"height_m": 120.0, "blind_area_m2": 20.6e6})
    return samples.kit(id="blind-kit", coverage=[low.model_dump(mode="json"), high.model_dump(mode="json")])


class TestKit:
    def test_the_answer(self, client: Client, publish: Any) -> None:
        publish(samples.kit())
        page = text(client, "/kits/harbour-kit/")
        assert '<a href="/catalogue/states/0123456789abcdef/"><code>0123456789abcdef</code></a>' in page
        for words in (
            "This kit meets the requirement, with 2 open questions accepted; none is cheaper.",
            "kits-answer--unknown",
            "700,000 EUR",
            "600,000 EUR of it assumed",
            "2027-03-01",
            "95.5 %",
            "no price of Radar is public",
            "50.00000° N, 10.00000° E",
            "ASTERIX CAT 129",
            "Gateway &lt;1&gt;",
            "<cite>Act 1</cite>",
            "planning figure",
            "bare_earth",
        ):
            assert words in page, words
        assert 'class="sky-badge sky-badge--synthetic"' not in page

    def test_speaks_korean(self, client: Client, publish: Any) -> None:
        publish(samples.kit())
        page = text(client, "/kits/harbour-kit/", accept_language="ko")
        for words in (
            "항만",
            "이 키트는 요구를 채우며(받아들인 열린 물음 2건), 더 싼 것은 없습니다.",
            "Radar의 가격이 공개되지 않음",
            "레이더",
        ):
            assert words in page, words

    def test_without_open_questions_the_answer_is_green(self, client: Client, publish: Any) -> None:
        links = [link.model_dump(mode="json") | {"answer": "yes"} for link in samples.kit().links]
        publish(samples.kit(links=links))
        page = text(client, "/kits/harbour-kit/")
        assert "This kit meets the requirement, and none is cheaper." in page
        assert "kits-answer--optimal" in page
        assert "kits-answer--unknown" not in page

    def test_what_is_accepted_as_unknown_is_counted_by_question(self, client: Client, publish: Any) -> None:
        told = samples.kit().unknowns[0].model_dump(mode="json")
        accepted = [told | {"subject": subject, "accepted": "coexistence"} for subject in ("acme-radar", "acme-camera")]
        publish(samples.kit(unknowns=[told, *accepted], open_questions=2))
        page = text(client, "/kits/harbour-kit/")
        assert "with 2 open questions accepted" in page
        assert '<a href="#unknowns">Does it disturb its neighbours on the air? <strong>2</strong></a>' in page
        assert page.count("accepted as unknown<") == 2

    def test_every_connection_is_numbered_in_diagram_and_table(self, client: Client, publish: Any) -> None:
        publish(samples.kit())
        page = text(client, "/kits/harbour-kit/")
        for number in (1, 2, 3):
            assert page.count(f'<a href="#link-{number}">[{number}]</a>') == 1
            assert page.count(f'id="link-{number}"') == 1

    def test_what_is_not_seen_stands_beside_the_headline(self, client: Client, publish: Any) -> None:
        publish(samples.kit())
        assert "is not seen as asked" not in text(client, "/kits/harbour-kit/")
        publish(blind_kit())
        said = "20.6 km² inside the warning ring is not seen as asked (Mini multirotor at 120 m, the worst case)."
        assert said in text(client, "/kits/blind-kit/")
        korean = text(client, "/kits/blind-kit/", accept_language="ko")
        assert "경보선 안쪽 20.6 km²는 요구대로 탐지되지 않습니다(가장 나쁜 경우: 고도 120 m의 소형" in korean

    def test_generated_relief_is_badged(self, client: Client, publish: Any) -> None:
        terrain = samples.kit().terrain.model_copy(update={"synthetic": True})
        publish(samples.kit(terrain=terrain.model_dump()))
        page = text(client, "/kits/harbour-kit/")
        assert "The relief is generated, not real." in page
        assert 'class="sky-badge sky-badge--synthetic"' in page

    def test_a_refusal_for_want_of_prices_leads_to_the_assumptions(self, client: Client, publish: Any) -> None:
        reason = {"question": "price", "answer": "unknown", "reason": "no price", "listings": ["a-radar"]}
        publish(samples.refused_kit(exclusions=[reason]))
        page = text(client, "/kits/harbour-kit/")
        assert "Products without a public price take part once you assume one" in page
        assert 'href="/kits/protect/?kit=harbour-kit#assumptions"' in page
        assert "가격 가정 추가" in text(client, "/kits/harbour-kit/", accept_language="ko")

    @pytest.mark.parametrize("changes", [{"exclusions": []}, {"exclusions": [DELIVERY_EXCLUSION]}])
    def test_other_refusals_ask_for_no_prices(self, client: Client, publish: Any, changes: dict[str, Any]) -> None:
        publish(samples.refused_kit(**changes))
        assert "#assumptions" not in text(client, "/kits/harbour-kit/")

    def test_a_refusal(self, client: Client, publish: Any) -> None:
        publish(samples.refused_kit())
        page = text(client, "/kits/harbour-kit/")
        assert "There is no kit that meets this requirement." in page
        assert "The budget is too small." in page
        assert "8 EUR more" in page
        assert "Bill of materials" not in page

    def test_map_data(self, client: Client, publish: Any) -> None:
        publish(samples.kit())
        found = re.search(
            r'<script id="map-data" type="application/json">(.*?)</script>', text(client, "/kits/harbour-kit/")
        )
        assert found is not None
        data = json.loads(found[1])
        assert data["cases"] == [
            {
                "threat": "mini-multirotor",
                "name": "Mini multirotor",
                "height_m": 60.0,
                "height": "60 m",
                "share": "95.5 %",
            }
        ]
        assert [(spot["number"], spot["things"]) for spot in data["spots"]] == [
            (1, ["Radar", "Radar"]),
            (2, ["Camera"]),
        ]
        assert data["layers"][0]["url"] == "/kits/harbour-kit/pictures/layer-mini-multirotor-60.png"

    def test_pictures(self, client: Client, publish: Any) -> None:
        publish(samples.kit())
        response = client.get("/kits/harbour-kit/pictures/hillshade.png")
        assert response.headers["Content-Type"] == "image/png"
        assert b"".join(response.streaming_content)[:4] == b"\x89PNG"

    @pytest.mark.parametrize("name", ["kit.json", "bounds.json", "..%2f..%2fsecret_key", "missing.png"])
    def test_nothing_but_pictures(self, client: Client, publish: Any, name: str) -> None:
        publish(samples.kit())
        text(client, f"/kits/harbour-kit/pictures/{name}", 404)

    def test_downloads(self, client: Client, publish: Any) -> None:
        publish(samples.kit())
        kit = client.get("/kits/harbour-kit/kit.json")
        assert Kit.model_validate_json(kit.content) == samples.kit()
        assert kit.headers["Content-Disposition"] == 'attachment; filename="harbour-kit.json"'
        assert client.get("/kits/harbour-kit/kit.geojson").json()["type"] == "FeatureCollection"
        assert client.get("/kits/harbour-kit/bill.csv").content.decode().startswith("listing,name,vendor")

    def test_not_somebody_elses(self, client: Client, home: Path) -> None:
        kim = person("kim")
        made = job(kim, state="running")
        FinishJob(actor=SYSTEM, job_id=made.pk, kit=samples.kit(), pictures=pictures(home)).execute()
        for ending in ("", "kit.json", "kit.geojson", "bill.csv", "pictures/hillshade.png"):
            text(client, f"/kits/harbour-kit/{ending}", 404)
        assert signed_in(kim).get("/kits/harbour-kit/kit.json").status_code == 200


class TestList:
    def test_empty(self, client: Client) -> None:
        page = text(client, "/kits/")
        assert "No kits yet" in page
        assert 'href="/kits/protect/"' in page

    def test_lines(self, client: Client, publish: Any) -> None:
        publish(samples.kit())
        page = text(client, "/kits/")
        for words in ("Harbour", "Old harbour", "Cheapest kit, proven", "700,000 EUR", "2027-03-01"):
            assert words in page, words

    def test_statements(self, client: Client, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(2):
            client.get("/kits/")
