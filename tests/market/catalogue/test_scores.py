"""Assurance by use case on the page of a listing."""

import re

import pytest
from django.test import Client
from django.utils import translation
from tests.market.catalogue.samples import DAY, evidence, listing, sensor, stock

from skypact.market.catalogue import scores
from skypact.schema import Listing


def score(value: int | None, extent: str, mobility: str, threat: str = "micro-multirotor", **how: object) -> object:
    use_case = {"extent": extent, "mobility": mobility, "threat_class": threat}
    return {"use_case": use_case, "score": value, "evidence": evidence(**how)}


def radar(*given: object) -> Listing:
    return listing("acme-radar", category="sensor.radar", sensors=[sensor()], scores=list(given))


def shown(record: Listing) -> dict[str, list[list[int | None]]]:
    with translation.override("en"):
        return {
            matrix.threat: [[cell.best and cell.best.score for cell in cells] for _, cells in matrix.rows]
            for matrix in scores.matrices(record.scores, on=DAY)
        }


def test_every_use_case_stands_alone_and_the_rest_is_unrated() -> None:
    record = radar(
        score(7, "area", "static"),
        score(4, "area", "static", grade="tested"),
        score(9, "border", "mobile", expires="2026-06-01"),
        score(2, "point", "deployable", "mini-multirotor"),
        score(None, "point", "static"),
    )
    none = [None, None, None]
    assert shown(record) == {
        "Micro multirotor": [none, [4, None, None], none],
        "Mini multirotor": [[None, 2, None], none, none],
    }


def test_only_what_has_a_use_case_says_that_it_is_unrated() -> None:
    assert scores.may_be_assured(radar())
    assert not scores.may_be_assured(listing())


@pytest.mark.django_db
def test_page_and_interface_show_scores_to_their_readers(client: Client) -> None:
    stock(radar(score(7, "area", "static"), score(9, "area", "static", grade="tested", release="REL KR")), listing())
    page = re.sub(r"\s+", " ", client.get("/catalogue/items/acme-radar/").content.decode())
    assert '<th scope="row">Area</th><td><strong class="cat-value">7</strong>' in page
    assert page.count('<span class="cat-unknown">unrated</span>') == 8
    assert ">9<" not in page
    found = client.get("/api/v1/catalogue/listings/acme-radar").json()["scores"]
    assert [(one["score"], one["use_case"]["extent"]) for one in found] == [(7, "area")]
    assert "Assurance by use case" not in client.get("/catalogue/items/acme-mast/").content.decode()
