"""Saved searches: kept once, seen by their owner only, counted by what the owner may see."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.test import Client
from tests.market.catalogue.samples import listing, stock, vendor

from skypact.market.accounts.models import User
from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.core.models import Event
from skypact.market.searches import selectors
from skypact.market.searches.actions import MOST_KEPT, RemoveSearch, RenameSearch, SaveSearch, note_opened
from skypact.market.searches.models import SavedSearch
from skypact.market.searches.queries import canonical

pytestmark = pytest.mark.django_db


def person(name: str, nation: str = "KR") -> Actor:
    return Actor.of_user(User.objects.create_user(name, password="correct horse battery staple", nation=nation))


def save(actor: Actor, query: str = "q=radio", name: str = "Radios") -> SavedSearch:
    return SaveSearch(actor=actor, name=name, query=query).execute()


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("", ""),
        ("?q=radar&page=3&page_size=50&id=a&id=b", "q=radar"),
        ("nation=US&q= radar &nation=KR&nation=KR&sort=", "nation=KR&nation=US&q=radar"),
        ("q=레이더", "q=%EB%A0%88%EC%9D%B4%EB%8D%94"),
    ],
)
def test_the_same_question_has_one_form(query: str, form: str) -> None:
    assert canonical(query) == form
    assert canonical(form) == form


def test_a_search_is_saved_once_with_an_event_and_its_count() -> None:
    stock(vendor(), listing("acme-1"), listing("acme-2"))
    kim = person("kim")
    kept = save(kim, query="vendor=acme&page=2", name="  Of   Acme ")
    assert (kept.name, kept.query, kept.found) == ("Of Acme", "vendor=acme", 2)
    event = Event.objects.get(action="searches.save")
    assert (event.object_id, event.data) == (str(kept.pk), {"name": "Of Acme", "query": "vendor=acme"})
    with pytest.raises(StateError, match="^you keep this search already: Of Acme$"):
        save(kim, query="page=7&vendor=acme", name="Again")
    with pytest.raises(StateError, match="^you keep another search named Of Acme$"):
        save(kim, query="q=other", name="Of Acme")
    assert [item.search.pk for item in selectors.searches_of(kim)] == [kept.pk]
    save(person("lee"), query="vendor=acme", name="Of Acme")


@pytest.mark.parametrize(
    ("query", "name", "reason"),
    [
        ("page=2", "x", "an empty search finds everything: type something or choose a filter, then save it"),
        ("q=a", "  ", "a saved search needs a name of 1 to 120 characters"),
        ("q=a", "x" * 121, "a saved search needs a name of 1 to 120 characters"),
        ("q=a%00b", "x", "a saved search holds no NUL characters"),
        ("q=" + "x" * 2000, "x", "the search is longer than 2000 characters: take some filters away"),
    ],
)
def test_what_cannot_be_saved_leaves_nothing(query: str, name: str, reason: str) -> None:
    with pytest.raises(StateError) as refused:
        save(person("kim"), query=query, name=name)
    assert str(refused.value) == reason
    assert not SavedSearch.objects.exists()
    assert not Event.objects.filter(action="searches.save").exists()


def test_there_is_a_limit() -> None:
    kim = person("kim")
    for number in range(MOST_KEPT):
        save(kim, query=f"q={number}", name=str(number))
    with pytest.raises(StateError, match="^you keep 50 searches, the most there can be: remove one first$"):
        save(kim, query="q=more", name="more")


def test_who_has_not_signed_in_saves_nothing() -> None:
    with pytest.raises(PermissionDenied, match="^Sign in to save a search.$"):
        save(Actor.anonymous())
    assert selectors.searches_of(Actor.anonymous()) == []


def test_a_search_of_somebody_else_is_not_there() -> None:
    kept, lee = save(person("kim")), person("lee")
    for act in (
        RenameSearch(actor=lee, search_id=kept.pk, name="Mine"),
        RemoveSearch(actor=lee, search_id=kept.pk),
        RemoveSearch(actor=Actor.anonymous(), search_id=kept.pk),
    ):
        with pytest.raises(Http404):
            act.execute()
    with pytest.raises(Http404):
        note_opened(lee, kept.pk)
    assert SavedSearch.objects.get().name == "Radios"


def test_it_tells_how_many_were_found_when_last_opened() -> None:
    stock(vendor(), listing("acme-1"), listing("acme-2", release="REL US"))
    kim = person("kim")
    kept = save(kim, query="vendor=acme")
    assert kept.found == 1
    stock(vendor(), listing("acme-3"), listing("acme-4", release="REL US"))
    (seen,) = selectors.searches_of(kim)
    assert (seen.now, seen.more) == (2, 1)
    note_opened(kim, kept.pk)
    (seen,) = selectors.searches_of(kim)
    assert (seen.now, seen.more) == (2, 0)


def test_rename_and_remove_and_undo_on_the_pages() -> None:
    client = Client()
    client.force_login(User.objects.create_user("kim", password="correct horse battery staple"))
    page = client.post("/searches/save/", {"name": "Radars", "query": "q=radar"})
    assert page.headers["Location"] == "/catalogue/?q=radar"
    kept = SavedSearch.objects.get()
    assert client.post("/searches/save/", {"name": "Radars", "query": "q=radar"}).status_code == 409
    assert client.get(f"/searches/{kept.pk}/").headers["Location"] == "/catalogue/?q=radar"
    client.post(f"/searches/{kept.pk}/rename/", {"name": "레이더"})
    assert "레이더" in client.get("/searches/").content.decode()
    gone = client.post(f"/searches/{kept.pk}/remove/").content.decode()
    assert "“레이더” was removed." in gone
    assert not SavedSearch.objects.exists()
    client.post("/searches/save/", {"name": "레이더", "query": "q=radar"})
    assert SavedSearch.objects.get().name == "레이더"
    assert 'href="/searches/save/?nation=KR"' in client.get("/catalogue/?nation=KR").content.decode()


def test_pages_ask_strangers_to_sign_in() -> None:
    for path in ("/searches/", "/searches/save/", "/searches/1/"):
        assert Client().get(path).headers["Location"].startswith("/accounts/login/")
    assert "/searches/" not in Client().get("/catalogue/").content.decode()


def test_api() -> None:
    client = Client()
    assert client.get("/api/v1/searches").status_code == 401
    client.force_login(User.objects.create_user("kim", password="correct horse battery staple"))
    body = {"name": "Radars", "query": "q=radar&page=2"}
    made = client.post("/api/v1/searches", body, content_type="application/json")
    assert (made.status_code, made.json()["address"]) == (201, "/catalogue/?q=radar")
    assert client.post("/api/v1/searches", body, content_type="application/json").status_code == 409
    (kept,) = client.get("/api/v1/searches").json()
    assert (kept["name"], kept["query"], kept["found"], kept["found_now"]) == ("Radars", "q=radar", 0, 0)
    assert client.delete(f"/api/v1/searches/{kept['id'] + 1}").status_code == 404
    assert client.delete(f"/api/v1/searches/{kept['id']}").status_code == 204
    assert client.get("/api/v1/searches").json() == []
