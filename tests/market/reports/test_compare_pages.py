"""Comparing two kits: the page, the interface, and the process that counts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.test import Client
from tests.market.catalogue.samples import listing, sensor, stock
from tests.market.kits import samples
from tests.market.kits.test_actions import SYSTEM, job, person, pictures
from tests.market.kits.test_pages import signed_in, text

from skypact.engines.coverage.terrain import local_projection
from skypact.engines.kit.comparing import Change
from skypact.market.kits import launching
from skypact.market.kits.actions import FinishJob
from skypact.market.reports import comparisons, differing
from skypact.schema import InputError, Kit

pytestmark = pytest.mark.django_db

Publish = Callable[[Kit], None]
PAIR = "before=harbour-kit&after=later-kit"


@pytest.fixture
def counting(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The comparisons for which a process would have been started."""
    keys: list[str] = []
    monkeypatch.setattr(comparisons, "start", keys.append)
    return keys


@pytest.fixture
def two(publish: Publish, counting: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two kits of one place: the later one has lost its camera and stands on the same relief."""
    publish(samples.kit())
    later = samples.kit(id="later-kit", items=[item.model_dump(mode="json") for item in samples.kit().items[:1]])
    publish(later)
    monkeypatch.setattr(differing, "terrain_of", lambda requirement, named_in=None: _around())
    return counting


def _around() -> Any:
    """The samples' relief, where the samples' kits stand."""
    return replace(samples.terrain(), crs=local_projection(10.0, 50.0), x0=-250.0, y0=200.0)


class TestChoice:
    def test_begins_with_kits_of_the_same_site(self, client: Client, publish: Publish) -> None:
        there = samples.requirement(site={"name": "Far away", "circle": {"centre": [1.0, 2.0], "radius_m": 100}})
        publish(samples.kit(id="far-kit", requirement=there.model_dump(mode="json")))
        publish(samples.kit())
        publish(samples.kit(id="later-kit"))
        page = text(client, "/kits/compare/?before=harbour-kit")
        first, last = page.index('value="later-kit"'), page.index('value="far-kit"')
        assert first < last
        assert '<option value="harbour-kit" selected>' in page

    def test_without_any_kit(self, client: Client) -> None:
        assert "Choose an earlier and a later kit of one place" in text(client, "/kits/compare/")

    def test_not_somebody_elses(self, client: Client, home: Path, publish: Publish, counting: list[str]) -> None:
        publish(samples.kit(id="later-kit"))
        kim = person("kim")
        made = job(kim, state="running")
        FinishJob(actor=SYSTEM, job_id=made.pk, kit=samples.kit(), pictures=pictures(home)).execute()
        for path in ("", "counted/", "areas.geojson", "pictures/change-0.png"):
            text(client, f"/kits/compare/{path}?{PAIR}", 404)
        assert client.get(f"/api/v1/kits/compare?{PAIR}").status_code == 404
        assert client.post(f"/kits/compare/counted/?{PAIR}").status_code == 404
        assert counting == []
        assert not (home / "comparisons").exists()

    def test_places_far_apart(self, client: Client, publish: Publish, counting: list[str]) -> None:
        ring = [{"type": "LineString", "coordinates": [[lon + 1, lat] for lon, lat in samples.SQUARE]}]
        publish(samples.kit())
        publish(samples.kit(id="later-kit", ring=ring))
        page = text(client, f"/kits/compare/?{PAIR}", 422)
        assert "These kits are of different places, 71.7 km apart" in page
        answer = client.get(f"/api/v1/kits/compare?{PAIR}")
        assert answer.status_code == 422
        assert "only kits of one place can be compared" in answer.content.decode()
        text(client, f"/kits/compare/counted/?{PAIR}", 404)
        assert client.post(f"/kits/compare/counted/?{PAIR}").status_code == 404
        assert counting == []


class TestCounted:
    def test_one_process_counts_and_the_page_waits(self, client: Client, two: list[str], home: Path) -> None:
        page = text(client, f"/kits/compare/?{PAIR}")
        assert 'hx-trigger="every 1s"' in page
        assert "Both kits are being counted anew on one grid." in page
        text(client, f"/kits/compare/counted/?{PAIR}")
        assert client.get(f"/api/v1/kits/compare?{PAIR}").status_code == 202
        assert len(two) == 1
        request = json.loads((home / "comparisons" / two[0] / "request.json").read_text())
        assert request == {"before": "harbour-kit", "after": "later-kit", "user": None}

    def test_what_it_finds_is_shown(self, client: Client, two: list[str]) -> None:
        text(client, f"/kits/compare/?{PAIR}")
        comparisons.run(two[0])
        page = text(client, f"/kits/compare/?{PAIR}")
        assert page.count("<svg") == 3
        assert "Both counted by the later kit" in page
        assert 'href="/kits/compare/pictures/change-0.png?before=harbour-kit&amp;after=later-kit"' in page
        assert "hx-get" not in page.split('id="counted"')[1].split("</section>")[0]
        picture = client.get(f"/kits/compare/pictures/change-0.png?{PAIR}")
        assert b"".join(picture.streaming_content)[:4] == b"\x89PNG"
        assert client.get(f"/kits/compare/areas.geojson?{PAIR}").json()["type"] == "FeatureCollection"
        answer = client.get(f"/api/v1/kits/compare?{PAIR}").json()
        case = answer["cases"][0]
        assert (answer["state"], case["threat"], case["height_m"]) == ("ready", "mini-multirotor", 60.0)
        posts = sum(case[f"{kind.name.lower()}_m2"] for kind in Change)
        assert posts == 30 * 100.0 * 100.0
        assert answer["listings_missing"] == ["acme-radar"]
        assert [(line["listing"], line["change"]) for line in answer["bill"]] == [
            ("acme-camera", "removed"), ("acme-gateway", "removed"), ("acme-c2", "removed"), ("acme-radar", "same"),
        ]  # fmt: skip

    def test_shares_of_other_things_are_not_subtracted(
        self, client: Client, publish: Publish, counting: list[str]
    ) -> None:
        asked = samples.requirement().model_dump(mode="json")
        asked["detection"] |= {"region": "area", "kinds": 2}
        publish(samples.kit())
        publish(samples.kit(id="later-kit", requirement=asked))
        page = text(client, f"/kits/compare/?{PAIR}")
        assert "not comparable: Kinds of sensor at each place, Share of" in page
        assert "Share of: the warning ring<" in page
        assert "Share of: the area inside the warning ring<" in page
        assert "± 0.0" not in page
        korean = text(client, f"/kits/compare/?{PAIR}", accept_language="ko")
        assert "비교할 수 없음: " in korean
        told = client.get(f"/api/v1/kits/compare?{PAIR}").json()
        assert told["shares"] == [
            {
                "threat": "mini-multirotor", "height_m": 60.0, "before": 0.955, "after": 0.955, "change": None,
                "not_comparable": ["kinds", "region"],
            }
        ]  # fmt: skip
        assert [rule["key"] for rule in told["rules"]] == ["kinds", "region"]

    def test_korean(self, client: Client, two: list[str]) -> None:
        text(client, f"/kits/compare/?{PAIR}")
        comparisons.run(two[0])
        page = text(client, f"/kits/compare/?{PAIR}", accept_language="ko")
        for words in ("두 키트 비교", "지상에서 달라지는 것", "이전만", "제거"):
            assert words in page, words

    def test_nothing_but_pictures(self, client: Client, two: list[str]) -> None:
        text(client, f"/kits/compare/?{PAIR}")
        comparisons.run(two[0])
        for name in ("result.json", "request.json", "..%2frequest.json", "change-9.png"):
            text(client, f"/kits/compare/pictures/{name}?{PAIR}", 404)

    def test_a_refusal_is_said_and_can_be_asked_again(
        self, client: Client, two: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: Any, **__: Any) -> None:
            raise InputError.single(file="harbour", place="terrain", accepted="must be there")

        text(client, f"/kits/compare/?{PAIR}")
        monkeypatch.setattr(differing, "count", refuse)
        comparisons.run(two[0])
        assert "harbour: terrain: must be there" in text(client, f"/kits/compare/?{PAIR}")
        answer = client.get(f"/api/v1/kits/compare?{PAIR}")
        assert (answer.status_code, answer.json()["state"], answer.json()["cases"]) == (200, "failed", None)
        response = client.post(f"/kits/compare/counted/?{PAIR}")
        assert response.headers["Location"] == f"/kits/compare/?{PAIR}"
        assert len(two) == 2

    def test_a_dead_process_is_noticed(self, client: Client, two: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
        text(client, f"/kits/compare/?{PAIR}")
        monkeypatch.setattr(launching, "STARTING_TIME_S", -1.0)
        assert "The process that counted ended without an answer." in text(client, f"/kits/compare/?{PAIR}")
        assert len(two) == 1

    def test_dead_ones_make_room(self, client: Client, two: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
        text(client, f"/kits/compare/?{PAIR}")
        monkeypatch.setattr(launching, "STARTING_TIME_S", -1.0)
        monkeypatch.setattr(comparisons, "_KEPT", 1)
        text(client, "/kits/compare/?before=later-kit&after=harbour-kit")
        text(client, "/kits/compare/?before=later-kit&after=later-kit")
        assert sorted(path.name for path in comparisons._root().iterdir()) == sorted(two[1:])

    def test_too_many_wait(self, client: Client, two: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(comparisons, "_WAITING", 0)
        assert "0 comparisons are being counted already" in text(client, f"/kits/compare/?{PAIR}")
        assert client.get(f"/api/v1/kits/compare?{PAIR}").status_code == 409
        assert client.post(f"/kits/compare/counted/?{PAIR}").status_code == 302
        assert two == []

    def test_one_reader_does_not_take_every_place(
        self, client: Client, two: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(comparisons, "_OF_ONE", 1)
        text(client, f"/kits/compare/?{PAIR}")
        refused = text(client, "/kits/compare/?before=later-kit&after=harbour-kit")
        assert "1 comparisons that you asked for are being counted" in refused
        text(signed_in(person("kim")), "/kits/compare/?before=later-kit&after=harbour-kit")
        assert len(two) == len(list(comparisons._root().iterdir())) == 2

    def test_the_oldest_are_forgotten(self, two: list[str], client: Client, home: Path, monkeypatch: Any) -> None:
        monkeypatch.setattr(comparisons, "_KEPT", 1)
        for number in range(3):
            folder = home / "comparisons" / f"{number}"
            folder.mkdir(parents=True)
            for name in ("request.json", "result.json"):
                (folder / name).write_text("{}")
        text(client, f"/kits/compare/?{PAIR}")
        left = {path.name for path in (home / "comparisons").iterdir()}
        assert len(left - {two[0]}) == 1

    def test_other_readers_count_for_themselves(self, two: list[str], client: Client) -> None:
        kim = person("kim")
        text(client, f"/kits/compare/?{PAIR}")
        text(signed_in(kim), f"/kits/compare/?{PAIR}")
        assert len(set(two)) == 2

    def test_a_listing_that_changed_is_counted_anew(self, two: list[str], client: Client) -> None:
        text(client, f"/kits/compare/?{PAIR}")
        stock(listing("acme-radar", category="sensor.radar", sensors=[sensor()]))
        text(client, f"/kits/compare/?{PAIR}")
        stock(listing("acme-mast", summary="Another thing that no kit holds."))
        text(client, f"/kits/compare/?{PAIR}")
        stock(listing("acme-radar", category="sensor.radar", sensors=[sensor()], summary="Turns faster."))
        text(client, f"/kits/compare/?{PAIR}")
        assert len(set(two)) == len(two) == 3


def test_patterns_tell_what_colours_do() -> None:
    """A drawing in black and white still tells lost (rising), gained (falling) and unknown (crossed) apart."""
    wide = np.zeros((4 * 20, 20), dtype=np.uint8)
    for number, kind in enumerate((Change.LOST, Change.GAINED, Change.BOTH, Change.UNKNOWN)):
        wide[number * 20 : (number + 1) * 20] = kind
    opacity = differing.painted(wide)[..., 3]
    lost, gained, both, unknown = (opacity[number * 20 : (number + 1) * 20] for number in range(4))
    assert np.array_equal(lost > 100, np.add.outer(np.arange(20), np.arange(20)) % 10 < 3)
    assert np.array_equal(gained > 100, np.subtract.outer(np.arange(20, 40), np.arange(20)) % 10 < 3)
    assert set(np.unique(both)) == {120}
    assert (unknown > 100).sum() > (lost > 100).sum()
    assert not differing.painted(np.full((2, 2), Change.NEITHER, dtype=np.uint8)).any()
