"""The catalogue as it was: told again from what changes left behind, or said not to be whole; to whom may see it."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.http import Http404
from django.test import Client
from tests.market.catalogue.samples import (
    AMERICAN,
    ANONYMOUS,
    DAY,
    KOREAN,
    MEMBER,
    STAFF,
    claim,
    evidence,
    listing,
    stock,
    take,
    vendor,
)
from tests.market.lab.conftest import FOREIGN_FINGERPRINT, foreign
from typer.testing import CliRunner

from skypact.cli import catalogue as command
from skypact.cli.main import app
from skypact.market.catalogue import naming, selectors, states
from skypact.market.catalogue.models import PastRecord
from skypact.market.catalogue.states import CatalogueState
from skypact.market.catalogue.withdrawing import RelistListing, WithdrawListing
from skypact.market.core.access import Actor
from skypact.market.core.events import verify_chain
from skypact.market.core.models import Event
from skypact.market.kits.offering import offered
from skypact.market.lab.actions import AttachResult, DistrustKey, TrustKey, WithdrawResult
from skypact.schema import Catalogue, Listing, Vendor

pytestmark = pytest.mark.django_db
LATER = DAY + timedelta(days=20)


def remembered(actor: Actor = ANONYMOUS) -> str:
    """The name under which a kit of ``actor`` would know the catalogue, noted as composing notes it."""
    given = offered(actor, on=DAY)
    naming.remember(given.named)
    return given.named.name


def then(name: str, actor: Actor = ANONYMOUS) -> CatalogueState:
    return states.state(actor, name, on=LATER)


def catalogue(name: str, actor: Actor = ANONYMOUS) -> Catalogue:
    told = list(states.records(actor, name))
    state = then(name, actor)
    vendors = tuple(one for one in told if isinstance(one, Vendor))
    listings = tuple(one for one in told if isinstance(one, Listing))
    assert (state.vendors, state.listings) == (len(vendors), len(listings))
    return Catalogue(vendors=vendors, listings=listings)


def ids(name: str, actor: Actor = ANONYMOUS) -> list[str]:
    return [one.id for one in catalogue(name, actor).listings]


def since(state: CatalogueState) -> dict[str, tuple[str, tuple[str, ...]]]:
    return {one.id: (one.what, one.fields) for one in state.differences}


def test_all_that_changed_since_is_told_as_it_was() -> None:
    stock(listing(mass=[claim(1.0, "kg")]), listing("acme-pole"), listing("acme-base", substitutes=["acme-pole"]))
    before = selectors.catalogue(ANONYMOUS, on=DAY)
    name = remembered()
    take(vendor(name="Acme the Second"), listing(mass=[claim(2.0, "kg")], summary="Another."))
    take(listing(mass=[claim(3.0, "kg")]), listing("acme-new"))
    WithdrawListing(actor=STAFF, slug="acme-pole", reason="Gone.", on=DAY).execute()
    state = then(name)
    assert (state.whole, state.missing, state.on) == (True, (), DAY)
    assert catalogue(name) == before
    assert since(state) == {
        "acme": ("changed", ("name",)),
        "acme-base": ("changed", ("substitutes",)),
        "acme-mast": ("changed", ("mass",)),
        "acme-new": ("new", ()),
        "acme-pole": ("gone", ()),
    }
    # a state in between is told as well as the first
    between = remembered()
    take(listing(summary="A third."))
    assert then(between).whole
    assert catalogue(between).listings[1].mass[0].value == 3.0
    assert catalogue(name) == before


def test_nothing_changed_is_whole_without_a_kept_record() -> None:
    stock(listing())
    name = remembered()
    take(listing())
    assert (then(name).whole, then(name).differences, PastRecord.objects.count()) == (True, (), 0)


def test_what_comes_back_as_it_was_is_no_difference() -> None:
    stock(listing())
    name = remembered()
    take(listing(summary="Another."))
    take(listing())
    assert (then(name).whole, then(name).differences) == (True, ())
    assert PastRecord.objects.count() == 2


def test_what_was_withdrawn_then_is_not_there_though_it_was_relisted_since() -> None:
    stock(listing(), listing("acme-pole"))
    WithdrawListing(actor=STAFF, slug="acme-pole", reason="Gone.", on=DAY).execute()
    name = remembered()
    RelistListing(actor=STAFF, slug="acme-pole", reason="Back.", on=DAY).execute()
    take(listing("acme-pole", summary="Another."))
    assert (then(name).whole, ids(name), since(then(name))) == (True, ["acme-mast"], {"acme-pole": ("new", ())})


def test_a_name_stands_once_in_the_event_log() -> None:
    stock(listing())
    name = remembered()
    assert remembered() == name
    (event,) = Event.objects.filter(action="catalogue.name")
    assert (event.object_type, event.object_id) == ("catalogue.state", name)
    assert event.data == {
        "at": event.data["at"],
        "on": "2026-11-01",
        "revision": selectors.revision(),
        "standing": "anonymous",
    }
    assert re.fullmatch(r"[0-9a-f]{16}", name)
    verify_chain()


def test_a_name_that_this_node_never_gave() -> None:
    stock(listing())
    with pytest.raises(Http404, match="This node knows no catalogue 0123456789abcdef"):
        then("0123456789abcdef")


def test_a_text_that_is_not_kept_or_not_what_its_hash_says_is_named() -> None:
    stock(listing(), listing("acme-pole"), listing("acme-base"))
    name = remembered()
    take(listing(summary="Another."), listing("acme-pole", summary="Another."))
    lost, spoilt = PastRecord.objects.order_by("digest")
    slugs = {record.digest: json.loads(record.document)["id"] for record in (lost, spoilt)}
    lost.delete()
    PastRecord.objects.filter(pk=spoilt.pk).update(document=spoilt.document.replace("A thing", "A thong"))
    state = then(name)
    assert (state.whole, sorted(state.missing), ids(name)) == (False, sorted(slugs.values()), ["acme-base"])


def test_a_text_that_this_version_cannot_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    stock(listing())
    name = remembered()
    take(listing(summary="Another."))
    monkeypatch.setattr(states, "digest_of", lambda document: kept.digest)
    kept = PastRecord.objects.get()
    PastRecord.objects.update(document='{"id": "acme-mast", "wheels": 4}')
    assert (then(name).whole, then(name).missing) == (False, ("acme-mast",))


def test_what_labs_said_then_is_part_of_the_hash_and_not_of_the_file(tmp_path: Path, settings: object) -> None:
    settings.HOME = tmp_path
    port = {"id": "data", "kind": "data", "standard": "SAPIENT", "role": "provides", "evidence": evidence()}
    stock(listing(ports=[port]))
    untested = remembered()
    TrustKey(actor=STAFF, fingerprint=FOREIGN_FINGERPRINT, name="Joint lab").execute()
    made = AttachResult(actor=STAFF, slug="acme-mast", document=foreign(standard="sapient"), release="PUBLIC").execute()
    once = remembered()
    assert once != untested
    assert then(untested).whole
    assert since(then(untested)) == {"acme-mast": ("tested", ())}
    assert then(once).whole
    assert since(then(once)) == {}
    assert catalogue(once).listings[0].ports[0].evidence.grade.value == "stated"
    # what was withdrawn since is not told to everybody, and so the whole neither
    WithdrawResult(actor=STAFF, slug="acme-mast", sha256=made.sha256).execute()
    assert (then(once).whole, then(once, STAFF).whole, then(untested).whole) == (False, True, True)
    DistrustKey(actor=STAFF, fingerprint=FOREIGN_FINGERPRINT).execute()
    assert then(once, STAFF).whole


SECRET = claim(7.0, "kg", release="REL KR")


def test_each_reader_sees_what_he_may() -> None:
    stock(
        listing(mass=[claim(1.0, "kg"), SECRET]),
        listing("kr-mast", release="REL KR", evidence=[evidence(release="REL KR")]),
    )
    public, korean, whole = remembered(), remembered(KOREAN), remembered(STAFF)
    take(listing(), listing("kr-mast", summary="Another.", release="REL KR", evidence=[evidence(release="REL KR")]))
    # who may read all that the composer read sees it with the composer's eyes, and the hash holds
    for actor in (ANONYMOUS, MEMBER, AMERICAN, KOREAN, STAFF):
        assert (then(public, actor).whole, ids(public, actor)) == (True, ["acme-mast"])
        assert [one.value for one in catalogue(public, actor).listings[0].mass] == [1.0]
    for actor in (KOREAN, STAFF):
        assert (then(korean, actor).whole, ids(korean, actor)) == (True, ["acme-mast", "kr-mast"])
        assert [one.value for one in catalogue(korean, actor).listings[0].mass] == [1.0, 7.0]
    # anybody else sees with his own, and is told that it is not the whole
    for name in (korean, whole):
        for actor in (ANONYMOUS, MEMBER, AMERICAN):
            state = then(name, actor)
            assert (state.whole, state.missing, ids(name, actor)) == (False, (), ["acme-mast"])
            assert [one.value for one in catalogue(name, actor).listings[0].mass] == [1.0]
            assert since(state) == {"acme-mast": ("changed", ("mass",))}


def test_what_was_restricted_since_stays_hidden() -> None:
    stock(listing(mass=[claim(1.0, "kg"), claim(7.0, "kg")]), listing("acme-pole"))
    name = remembered()
    take(listing(mass=[claim(1.0, "kg"), SECRET]), listing("acme-pole", release="REL KR"))
    state = then(name)
    assert (state.whole, state.missing, ids(name)) == (False, (), ["acme-mast"])
    assert [one.value for one in catalogue(name).listings[0].mass] == [1.0]
    assert since(state) == {}
    assert (then(name, KOREAN).whole, then(name, STAFF).whole) == (True, True)


def test_a_listing_whose_every_source_was_restricted_since_is_hidden() -> None:
    stock(listing(evidence=[evidence(), evidence(note="old")]))
    name = remembered()
    sources = [evidence(release="REL KR"), evidence(note="old", release="REL KR"), evidence(note="new")]
    take(listing(evidence=sources))
    assert (ids(name), since(then(name))) == ([], {"acme-mast": ("new", ())})


def test_a_hidden_change_leaves_no_trace() -> None:
    secret = {"release": "REL KR", "evidence": [evidence(release="REL KR")]}
    stock(listing(mass=[claim(1.0, "kg")]), listing("kr-mast", **secret))
    name = remembered()
    before = then(name)
    take(listing(mass=[claim(1.0, "kg"), SECRET]), listing("kr-mast", summary="Another.", **secret))
    take(listing("kr-new", **secret))
    assert then(name) == before


@pytest.fixture
def client() -> Client:
    return Client()


def test_page_and_interface_tell_it_and_give_the_file(client: Client) -> None:
    stock(listing(), listing("acme-pole"))
    name = remembered()
    take(listing(summary="Another."), listing("acme-new"))
    page = client.get(f"/catalogue/states/{name}/").content.decode()
    assert "Whole: the hash over it is the one that the kits name." in page
    assert "2 listings of 1 vendors" in page
    assert page.count("<code>summary</code>") == 1
    told = client.get(f"/api/v1/catalogue/states/{name}").json()
    assert (told["whole"], told["listings"], told["on"]) == (True, 2, "2026-11-01")
    assert [(one["id"], one["what"], one["fields"]) for one in told["differences"]] == [
        ("acme-mast", "changed", ["summary"]),
        ("acme-new", "new", []),
    ]
    for address in (f"/catalogue/states/{name}/export/jsonl", f"/api/v1/catalogue/states/{name}/export"):
        answer = client.get(address)
        assert answer.headers["Content-Disposition"] == f'attachment; filename="skypact-catalogue-{name}.jsonl"'
        lines = [json.loads(line) for line in b"".join(answer).decode().splitlines()]
        assert [one["listing"]["summary"] for one in lines[1:]] == ["A thing.", "A thing."]
    assert client.get(f"/catalogue/states/{name}/export/doc").status_code == 404


def test_page_says_plainly_what_is_not_there(client: Client) -> None:
    stock(listing())
    name = remembered()
    take(listing(summary="Another."))
    PastRecord.objects.all().delete()
    page = client.get(f"/catalogue/states/{name}/").content.decode()
    assert "Not the whole of it" in page
    assert "<li><code>acme-mast</code></li>" in page
    assert client.get(f"/api/v1/catalogue/states/{name}").json()["missing"] == ["acme-mast"]
    unknown = client.get("/catalogue/states/0123456789abcdef/")
    assert (unknown.status_code, "This catalogue is not known here" in unknown.content.decode()) == (404, True)
    missing = client.get("/api/v1/catalogue/states/0123456789abcdef")
    assert (missing.status_code, missing.json()["detail"]) == (
        404,
        "This node knows no catalogue 0123456789abcdef: another node gave that name, or this one before it kept names.",
    )


def test_the_command_tells_it_and_writes_the_file(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "open_site", lambda: None)
    stock(listing())
    name = remembered()
    take(listing(summary="Another."))
    file = tmp_path / "then.jsonl"
    said = CliRunner().invoke(app, ["catalogue", "state", name, "--output", str(file)])
    assert (said.exit_code, said.stdout.splitlines()[1:]) == (
        0,
        ["whole: the hash over it is its name", "changed since: listing acme-mast: summary"],
    )
    assert Listing.model_validate(json.loads(file.read_text().splitlines()[1])["listing"]).summary == "A thing."
    PastRecord.objects.all().delete()
    said = CliRunner().invoke(app, ["catalogue", "state", name, "--json"])
    assert (said.exit_code, json.loads(said.stdout)["missing"]) == (3, ["acme-mast"])
    unknown = CliRunner().invoke(app, ["catalogue", "state", "0123456789abcdef"])
    assert (unknown.exit_code, "This node knows no catalogue" in unknown.output) == (1, True)


def test_the_day_of_the_kit_stands_in_the_state() -> None:
    stock(listing())
    assert then(remembered()).on == date(2026, 11, 1)
