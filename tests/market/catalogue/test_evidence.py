"""How evidence is told: why one claim counts, and the test behind a value."""

import re

import pytest
from django.test import Client
from django.utils import translation
from tests.market.catalogue.samples import DAY, claim, listing, sensor, stock

from skypact.market.catalogue import evidence, presentation
from skypact.schema import Claim, TestRecord, why

TEST = {
    "method": "CWA 18150",
    "conducted_by": "a laboratory",
    "place": "an airfield",
    "date_from": "2025-05-01",
    "date_to": "2025-05-03",
    "scenario": {
        "name": "airport",
        "drones": 2,
        "threat_class": "micro-multirotor",
        "height_min_m": 30,
        "height_max_m": 120,
        "speed_max_mps": 15,
        "distance_min_m": 500,
        "weather": "dry, wind 4 m/s",
        "metrics": [
            {"function": "detection", "name": "detection probability", "value": 0.9},
            {"function": "detection", "name": "false alarms", "value": 0.5, "unit": "1/h"},
            {"function": "identification", "name": "correct type"},
        ],
    },
}


def reason(*claims: dict[str, object]) -> str:
    return evidence.reason(why([Claim[float].model_validate(one) for one in claims], on=DAY))


def test_reasons_speak_the_readers_language() -> None:
    pair = claim(1, "kg"), claim(2, "kg", grade="tested")
    with translation.override("en"):
        assert reason(*pair) == "the best grade: tested goes before stated"
        assert reason(pair[0]) == ""
    with translation.override("ko"):
        assert reason(*pair) == "등급이 가장 높음(시험됨 등급이 제조사 주장 등급보다 우선)"


def test_a_test_is_told_in_the_words_of_its_standard() -> None:
    with translation.override("en"):
        assert evidence.test_facts(TestRecord.model_validate(TEST)) == [
            ("Method", "CWA 18150"),
            ("Conducted by", "a laboratory"),
            ("Place", "an airfield"),
            ("When", "2025-05-01 to 2025-05-03"),
            ("Conditions", "unknown"),
            ("Scenario", "airport"),
            ("Drones at once", "2"),
            ("Threat class", "Micro multirotor"),
            ("Height above ground", "30 m to 120 m"),
            ("Speed", "up to 15 m/s"),
            ("Distance", "from 500 m"),
            ("Weather", "dry, wind 4 m/s"),
            ("Detection: detection probability", "0.9"),
            ("Detection: false alarms", "0.5 1/h"),
            ("Identification: correct type", "measured, not published"),
        ]


def test_a_bare_test_says_what_is_unknown() -> None:
    bare = TestRecord.model_validate({"method": "trial", "conducted_by": "Acme"})
    with translation.override("en"):
        assert dict(evidence.test_facts(bare)) == {
            "Method": "trial",
            "Conducted by": "Acme",
            "Place": "unknown",
            "When": "unknown",
            "Conditions": "unknown",
        }


def test_expired_only_means_unknown_and_names_what_went() -> None:
    gone = [claim(1, "kg", expires="2026-02-01"), claim(2, "kg", expires="2026-03-01")]
    kept = [*gone, claim(3, "kg")]
    one, other = (
        next(item for item in presentation.sections(record, on=DAY)[-1].attributes if item.key == "general mass")
        for record in (listing(mass=gone), listing(mass=kept))
    )
    assert one.best is None
    assert one.expired is not None
    assert one.expired.claim.value == 2
    assert (other.best.claim.value if other.best else None, other.expired) == (3, None)


@pytest.mark.django_db
def test_page_shows_tests_apart_from_statements_and_why(client: Client) -> None:
    ranges = [claim(5000, "m"), claim(3200, "m", grade="tested", test=TEST), claim(9000, "m", expires="2026-02-01")]
    stock(
        listing(
            "acme-radar",
            category="sensor.radar",
            sensors=[sensor(ranges=[{"target": "small drone", "range": ranges}])],
            mass=[claim(4, "kg", expires="2026-02-01")],
        )
    )
    page = re.sub(r"\s+", " ", client.get("/catalogue/items/acme-radar/").content.decode())
    assert page.count('<div class="cat-claim cat-claim--tested cat-claim--best">') == 1
    assert '<div class="cat-claim cat-claim--stated">' in page
    assert page.count("<summary>The test: CWA 18150 · a laboratory</summary>") == 1
    assert "<dt>Weather</dt><dd>dry, wind 4 m/s</dd>" in page
    assert "3.2 km counts: the best grade: tested goes before stated." in page
    assert '<del class="cat-value">9 km</del>' in page
    assert (
        '<h3>Mass</h3> <div> <p class="cat-unknown">unknown</p>'
        ' <div class="cat-claim cat-claim--stated cat-claim--expired"> <del class="cat-value">4 kg</del>'
    ) in page
    assert page.count("expired 2026-02-01") == 2
