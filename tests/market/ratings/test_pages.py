"""The section on a listing's page, the forms, and the acts behind them."""

import pytest
from django.test import Client
from tests.market.ratings.samples import WORDS, accepted, actor, person, rated, seller, soldier, stocked

from skypact.market.accounts.models import User
from skypact.market.ratings.actions import EditRating
from skypact.market.ratings.models import Acceptance, Judgement, Rating, RatingVersion, ReplyVersion

pytestmark = pytest.mark.django_db

LISTING = "/catalogue/items/acme-mast/"
FORM = {**WORDS, "release": "PUBLIC"}
ACCEPTANCE = {
    "listing": "acme-mast",
    "organisation": "3rd Test Squadron",
    "nation": "KR",
    "delivery": "D-1",
    "accepted_on": "2026-10-01",
    "quantity": "4",
}


@pytest.fixture(autouse=True)
def _stocked() -> None:
    stocked()


def as_(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def text(client: Client, path: str = LISTING) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_an_unrated_listing_says_so_in_both_languages(client: Client) -> None:
    assert "Unrated. Units that accepted this item may rate it" in text(client)
    client.cookies["django_language"] = "ko"
    assert "평가가 없습니다." in text(client)


def test_the_section_shows_mean_distribution_words_and_reply(client: Client) -> None:
    rated(soldier(), ago=31)
    rated(soldier("lee", "Other", nation="US"), ago=31, score=1)
    page = text(client)
    assert "<strong>2.5</strong> of 5, from 2 ratings" in page
    assert "Sways in wind." in page
    assert "South Korea, Military" in page
    assert "3rd Test Squadron" not in page


def test_what_somebody_wrote_is_text_and_never_markup(client: Client) -> None:
    rated(soldier(), ago=31, pros="<script>alert(1)</script>\nsecond line")
    page = text(client)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>second line" in page


def test_staff_record_an_acceptance_on_the_page(client: Client) -> None:
    as_(client, person("staff", is_staff=True))
    response = client.post("/ratings/acceptances/", ACCEPTANCE)
    assert (response.status_code, response["Location"]) == (302, "/ratings/acceptances/")
    assert Acceptance.objects.get().delivery == "D-1"
    assert "D-1" in text(client, "/ratings/acceptances/")
    again = client.post("/ratings/acceptances/", ACCEPTANCE)
    assert again.status_code == 422
    assert "recorded already" in again.content.decode()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("listing", "nothing", "the id of a listing of the catalogue"),
        ("nation", "kr", "Enter a valid value."),
        ("quantity", "0", "greater than or equal to 1"),
        ("accepted_on", "2999-01-01", "a day that is not to come"),
    ],
)
def test_a_form_that_does_not_fit_says_so_at_its_field(client: Client, field: str, value: str, words: str) -> None:
    as_(client, person("staff", is_staff=True))
    response = client.post("/ratings/acceptances/", {**ACCEPTANCE, field: value})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert Acceptance.objects.count() == 0


def test_others_see_no_form_and_may_not_send_it(client: Client) -> None:
    as_(client, soldier())
    assert "Record an acceptance" not in text(client, "/ratings/acceptances/")
    assert "No accepted deliveries" in text(client, "/ratings/acceptances/")
    assert client.post("/ratings/acceptances/", ACCEPTANCE).status_code == 403
    assert Acceptance.objects.count() == 0


def test_a_unit_rates_and_edits(client: Client) -> None:
    taken = accepted()
    as_(client, soldier())
    assert f"/ratings/acceptances/{taken.pk}/rate/" in text(client)
    response = client.post(f"/ratings/acceptances/{taken.pk}/rate/", FORM)
    assert (response.status_code, response["Location"]) == (302, f"{LISTING}#ratings")
    identifier = Rating.objects.get().pk
    page = text(client, f"/ratings/{identifier}/edit/")
    assert "Sways in wind." in page
    change = {**FORM, "score": "2", "seen_version": "1"}
    assert client.post(f"/ratings/{identifier}/edit/", change).status_code == 302
    assert list(RatingVersion.objects.values_list("score", flat=True)) == [4, 2]
    late = client.post(f"/ratings/{identifier}/edit/", {**change, "score": "3"})
    assert late.status_code == 422
    assert "open it again" in late.content.decode()
    assert "edited on" in text(client)
    history = text(client, f"/ratings/{identifier}/history/")
    assert history.index("4 of 5") < history.index("2 of 5")


def test_a_rating_without_words_or_score_is_refused(client: Client) -> None:
    taken = accepted()
    as_(client, soldier())
    response = client.post(f"/ratings/acceptances/{taken.pk}/rate/", {"release": "PUBLIC", "score": "5"})
    assert response.status_code == 422
    assert "say what is good, what is bad, or both" in response.content.decode()
    response = client.post(f"/ratings/acceptances/{taken.pk}/rate/", {**FORM, "score": "6"})
    assert response.status_code == 422
    assert Rating.objects.count() == 0


def test_the_vendor_replies(client: Client) -> None:
    identifier = rated(soldier())
    as_(client, seller())
    assert f"/ratings/{identifier}/reply/" in text(client)
    assert client.post(f"/ratings/{identifier}/reply/", {"text": "Thank you."}).status_code == 302
    assert ReplyVersion.objects.get().text == "Thank you."
    assert "Reply of the vendor" in text(client)
    assert client.post(f"/ratings/{identifier}/reply/", {"text": "Thank you."}).status_code == 422


def test_somebody_says_whether_it_was_useful(client: Client) -> None:
    identifier = rated(soldier())
    as_(client, soldier("lee", "Other"))
    response = client.post(f"/ratings/{identifier}/useful/", {"useful": "yes"})
    assert response["Location"] == f"{LISTING}#ratings"
    assert "Useful: 1 yes, 0 no" in text(client)
    client.post(f"/ratings/{identifier}/useful/", {"useful": "no"})
    assert [row.useful for row in Judgement.objects.all()] == [False]


@pytest.mark.parametrize("path", ["edit", "reply", "history"])
def test_pages_of_a_rating_are_closed_to_others(client: Client, path: str) -> None:
    identifier = rated(soldier())
    as_(client, soldier("lee", "Other"))
    assert client.get(f"/ratings/{identifier}/{path}/").status_code in (403, 404)
    assert client.get(f"/ratings/{identifier + 1}/{path}/").status_code == 404
    assert client.get(f"/ratings/{10**30}/{path}/").status_code == 404


def test_who_has_not_signed_in_is_asked_to(client: Client) -> None:
    identifier = rated(soldier(), ago=40)
    for path in ("acceptances/", "acceptances/1/rate/", f"{identifier}/edit/", f"{identifier}/history/"):
        response = client.get(f"/ratings/{path}")
        assert response["Location"].startswith("/accounts/login/")
    assert client.post(f"/ratings/{identifier}/useful/", {"useful": "yes"})["Location"].startswith("/accounts/login/")
    assert Judgement.objects.count() == 0


def test_history_shows_names_to_staff_only(client: Client) -> None:
    kim = soldier()
    identifier = rated(kim)
    EditRating(actor=actor(kim), rating=identifier, seen_version=1, **{**WORDS, "score": 1}).execute()
    assert f"user:{kim.pk} kim" not in text(as_(client, kim), f"/ratings/{identifier}/history/")
    staff = person("staff", is_staff=True)
    assert f"user:{kim.pk} kim" in text(as_(client, staff), f"/ratings/{identifier}/history/")
