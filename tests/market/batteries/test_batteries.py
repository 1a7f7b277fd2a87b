"""Battery pages and interface: the engine's answers for what the reader may see."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from skypact.market.batteries.templatetags.batteries import change
from skypact.market.catalogue.actions import import_built_in, import_records
from skypact.market.core.access import Actor
from skypact.seed import catalogue

pytestmark = pytest.mark.django_db

PACK, AIRCRAFT = "parrot-anafi-battery", "parrot-anafi"


@pytest.fixture
def stocked() -> None:
    import_built_in()


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.mark.usefixtures("stocked")
def test_the_first_page_shows_the_curve_of_the_catalogue(client: Client) -> None:
    page = client.get("/batteries/").content.decode()
    assert "One of every listed aircraft" in page
    assert f'<option value="{PACK}">' in page
    assert page.count("proven least") == 8
    other = client.get("/batteries/?k=1").content.decode()
    assert "With 1 kind of pack<" in other


def test_an_empty_catalogue_says_so(client: Client) -> None:
    page = client.get("/batteries/").content.decode()
    assert "There is no aircraft in the catalogue yet." in page
    assert "<select" not in page


@pytest.mark.usefixtures("stocked")
def test_a_fit_shows_every_check(client: Client) -> None:
    page = client.get(f"/batteries/fit/?pack={PACK}&aircraft={AIRCRAFT}").content.decode()
    assert page.count('data-label="Asked"') == 9
    assert "<strong>yes</strong>" in page.lower()
    korean = client.get(
        f"/batteries/fit/?pack={PACK}&aircraft={AIRCRAFT}", headers={"accept-language": "ko"}
    ).content.decode()
    assert "전압" in korean
    assert client.get("/batteries/fit/?pack=").headers["Location"] == "/batteries/"
    assert client.get(f"/batteries/fit/?pack={PACK}&aircraft=none").status_code == 404
    assert client.get(f"/batteries/fit/?pack={AIRCRAFT}&aircraft={AIRCRAFT}").status_code == 404


@pytest.mark.usefixtures("stocked")
def test_a_pack_shows_where_it_works_and_what_replaces_it(client: Client) -> None:
    page = client.get(f"/batteries/packs/{PACK}/").content.decode()
    assert f"?pack={PACK}&amp;aircraft={AIRCRAFT}" in page
    assert client.get(f"/batteries/packs/{AIRCRAFT}/").status_code == 404
    # Whatever is listed only because nobody knows a thing of it is behind a line with its count.
    found = client.get(f"/api/v1/batteries/substitutes?pack={PACK}&limit=100").json()
    others = [one["pack"] for one in found if not one["alike"]]
    assert page.count('data-label="Energy"') == len(found) - len(others)
    table, folded = page.split(f"{len(others)} packs more that nothing known rules out, and nothing speaks for")
    assert others
    assert all(f"/batteries/packs/{one}/" in folded and f"/batteries/packs/{one}/" not in table for one in others)


@pytest.mark.usefixtures("stocked")
def test_a_fleet_file_gives_its_curve_and_leaves_nothing(client: Client) -> None:
    text = f"kind,nation,id,quantity\naircraft,KR,{AIRCRAFT},12\nstock,KR,{PACK},5\n"
    file = SimpleUploadedFile("fleet.csv", text.encode())
    page = client.post("/batteries/", {"fleet": file, "kinds": 2}).content.decode()
    assert "What becomes of present stock" in page
    file = SimpleUploadedFile("fleet.csv", text.encode())
    answer = client.post("/batteries/", {"fleet": file, "kinds": 2, "as": "json"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="battery-curve.json"'
    document = json.loads(answer.content)
    assert (document["aircraft"], document["points"][0]["packs"]) == (12, [PACK])
    assert document["points"][0]["stock"] == [{"nation": "KR", "pack": PACK, "held": 5, "used": 5}]


@pytest.mark.usefixtures("stocked")
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("fleet.xls", b"x", "fleet.xls: a fleet file ends in .csv, .xlsx or .json"),
        ("fleet.csv", b"\xff\xfe", "fleet.csv: the file is UTF-16; save it as UTF-8"),
        ("fleet.csv", b"kind,nation,id,quantity\naircraft,KR,none,1\n", "the id of a listed aircraft"),
        ("fleet.json", b"{", "fleet.json"),
    ],
)
def test_a_bad_fleet_file_is_told(client: Client, name: str, content: bytes, words: str) -> None:
    answer = client.post("/batteries/", {"fleet": SimpleUploadedFile(name, content), "kinds": 2})
    assert answer.status_code == 422
    assert words in answer.content.decode()


@pytest.mark.usefixtures("stocked")
def test_the_interface_answers_the_same(client: Client) -> None:
    fit = client.get(f"/api/v1/batteries/fit?pack={PACK}&aircraft={AIRCRAFT}").json()
    assert (fit["answer"], fit["pack"], len(fit["checks"])) == ("yes", PACK, 9)
    found = client.get("/api/v1/batteries/substitutes?pack=thunder-power-tp5000-4spx25&limit=2").json()
    assert {one["pack"] for one in found} == {"thunder-power-tp5000-4sr70", "thunder-power-tp8000-4spx25"}
    fleet = {"title": "Ours", "aircraft": [{"aircraft": AIRCRAFT, "quantity": 3}]}
    curve = client.post("/api/v1/batteries/standardise?kinds=1", fleet, content_type="application/json").json()
    assert [point["packs"] for point in curve["points"]] == [[PACK]]
    missing = client.get("/api/v1/batteries/fit?pack=none&aircraft=none")
    assert (missing.status_code, missing.json()["detail"]) == (404, "There is no aircraft none.")
    fleet["aircraft"] = [{"aircraft": "none"}]
    bad = client.post("/api/v1/batteries/standardise", fleet, content_type="application/json")
    assert (bad.status_code, bad.json()["errors"][0]["place"]) == (422, "aircraft.0.aircraft")


@pytest.mark.parametrize(("ratio", "said"), [(1.12, "+12\xa0%"), (0.9996, "0\xa0%"), (47.61, "+4,661\xa0%")])
def test_a_change_is_one_word(ratio: float, said: str) -> None:
    assert change(ratio) == said


def test_what_the_reader_may_not_see_is_not_there(client: Client) -> None:
    built_in = catalogue()
    pack = built_in.listing(PACK).model_copy(update={"release": "REL KR"})
    others = [listing for listing in built_in.listings if listing.id != PACK]
    import_records(actor=Actor.system("test"), records=[*built_in.vendors, pack, *others], name="test")
    assert client.get(f"/batteries/packs/{PACK}/").status_code == 404
    assert PACK not in client.get("/batteries/").content.decode()
    assert client.get(f"/api/v1/batteries/fit?pack={PACK}&aircraft={AIRCRAFT}").json()["detail"] == (
        f"There is no battery {PACK}."
    )


@pytest.mark.usefixtures("stocked")
def test_packs_of_the_fleet_file_are_named_and_lead_nowhere(client: Client) -> None:
    """They are in the file only: their own pages would not be found."""
    known = {record.id: record.model_dump(mode="json", exclude_none=True) for record in catalogue().listings}
    ours = [
        known[PACK] | {"id": "our-pack", "name": "Our pack"},
        known[AIRCRAFT] | {"id": "our-drone", "name": "Our drone", "airframe": known[AIRCRAFT]["airframe"]},
    ]
    claims = ours[1]["airframe"].get("battery", [])
    for claim in claims:
        claim["value"] = "our-pack"
    ours[0].pop("spare_for", None)
    fleet = {"title": "Ours", "aircraft": [{"aircraft": "our-drone"}], "listings": ours}
    file = SimpleUploadedFile("fleet.json", json.dumps(fleet).encode())
    page = client.post("/batteries/", {"fleet": file, "kinds": 1, "count_unknown": "on"}).content.decode()
    assert "Our drone" in page
    assert "/batteries/packs/our-" not in page
