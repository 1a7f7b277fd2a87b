"""Battery pages and interface: the engine's answers for what the reader may see."""

from __future__ import annotations

import csv
import html
import io
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from skypact.market.batteries.templatetags.batteries import change
from skypact.market.catalogue.actions import import_records
from skypact.market.core.access import Actor
from skypact.seed import catalogue

pytestmark = pytest.mark.django_db

PACK, AIRCRAFT = "parrot-anafi-battery", "parrot-anafi"


@pytest.fixture
def stocked() -> None:
    import_batteries()


def import_batteries() -> None:
    """The built-in packs, and of the built-in aircraft those that they are sold for and one that has none."""
    built_in = catalogue()
    packs = [listing for listing in built_in.listings if listing.category.family == "battery"]
    wanted = {"skydio-x10d", *(spare.listing for pack in packs for spare in pack.spare_for)}
    chosen = [listing for listing in built_in.listings if listing in packs or listing.id in wanted]
    vendors = {listing.vendor for listing in chosen}
    records = [*(vendor for vendor in built_in.vendors if vendor.id in vendors), *chosen]
    assert import_records(actor=Actor.system("test"), records=records, name="test").taken


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.mark.usefixtures("stocked")
def test_the_first_page_shows_the_curve_of_the_catalogue(client: Client) -> None:
    page = client.get("/batteries/").content.decode()
    assert "One of every listed aircraft" in page
    assert f'<option value="{PACK}">' in page
    assert page.count("proven least") == 12
    other = client.get("/batteries/?k=1").content.decode()
    assert "With 1 kind of pack<" in other


@pytest.mark.usefixtures("stocked")
def test_costs_are_said_to_be_assumptions_that_the_page_can_change(client: Client) -> None:
    page = client.get("/batteries/").content.decode()
    assert "Costs are planning assumptions, no vendor's prices." in page
    assert 'name="introduction" inputmode="decimal" value="20000"' in page
    cost = client.get("/batteries/").context["curve"].points[0].costs["introduction"]
    cheaper = client.get("/batteries/?introduction=5&pack_price=")
    assert (cost, cheaper.context["curve"].points[0].costs["introduction"]) == (20000, 5)
    assert "?k=1&amp;introduction=5#curve" in cheaper.content.decode()
    refused = client.get("/batteries/?introduction=inf")
    assert refused.status_code == 422
    assert "a sum from 0 on, or nothing" in refused.content.decode()


@pytest.mark.usefixtures("stocked")
def test_what_one_nation_has_left_and_another_buys_could_be_handed_over(client: Client) -> None:
    text = f"kind,nation,id,quantity\naircraft,KR,{AIRCRAFT},1\naircraft,FR,{AIRCRAFT},20\nstock,KR,{PACK},29\n"
    answer = client.post("/batteries/", {"fleet": SimpleUploadedFile("fleet.csv", text.encode()), "kinds": 1})
    held = answer.context["point"].stock[0]
    assert (held.quantity, held.used, held.left_over) == (29, 4, 25)
    (given,) = answer.context["handed_over"]
    assert (given.giver, given.taker, given.pack, given.quantity) == ("KR", "FR", PACK, 25)
    assert "25 × " in answer.content.decode()


@pytest.mark.usefixtures("stocked")
def test_endurance_is_a_share_and_its_change(client: Client) -> None:
    page = client.get(f"/batteries/fit/?pack={PACK}&aircraft={AIRCRAFT}").content.decode()
    assert "100\N{NO-BREAK SPACE}% of today&#x27;s (±0\N{NO-BREAK SPACE}%), 26 min" in page.replace("'", "&#x27;")


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


def doubled() -> None:
    """The built-in catalogue, and one of its packs once more as another source tells it."""
    import_batteries()
    first = catalogue().listing(DOUBLED)
    assert first.battery
    peak = first.battery.current_peak[0].model_copy(update={"value": 999.0})
    battery = first.battery.model_copy(update={"current_peak": (peak,)})
    other = first.model_copy(update={"id": "tp-another-source", "name": "TP5000-4SPX25", "battery": battery})
    import_records(actor=Actor.system("test"), records=[other], name="test")


DOUBLED = "thunder-power-tp5000-4spx25"


def test_a_pack_of_two_listings_stands_once_with_both_sources(client: Client) -> None:
    import_batteries()
    before = client.get(f"/api/v1/batteries/substitutes?pack={DOUBLED}").json()
    doubled()
    page = client.get("/batteries/").content.decode()
    assert f'<option value="{DOUBLED}">' in page
    assert "tp-another-source" not in page
    assert "1 pack that several listings tell of counts once." in page
    # asked for by either id it is the same pack, and no substitute of itself
    for slug in (DOUBLED, "tp-another-source"):
        page = client.get(f"/batteries/packs/{slug}/").content.decode()
        assert "The same pack, told by 2 listings." in page
        assert "The sources disagree:" in page
        assert ">999 A <" in page.replace("\xa0", " ")
        assert [one["pack"] for one in client.get(f"/api/v1/batteries/substitutes?pack={slug}").json()] == [
            one["pack"] for one in before
        ]
    listed = client.get("/batteries/same/").content.decode()
    assert (listed.count("<h2>"), "Perhaps one pack" in listed) == (1, False)
    told = client.get("/api/v1/batteries/same").json()
    assert [(one["pack"], [each["id"] for each in one["listings"]]) for one in told["same"]] == [
        (DOUBLED, [DOUBLED, "tp-another-source"])
    ]
    (disagreement,) = told["same"][0]["disagreements"]
    assert disagreement["field"] == "current_peak"
    assert [(one["listing"], one["claim"]["value"]) for one in disagreement["said"]][1] == ("tp-another-source", 999.0)


def test_no_pack_of_two_listings_says_so(client: Client) -> None:
    assert "No pack stands under several listings." in client.get("/batteries/same/").content.decode()


def test_stock_under_two_listings_of_one_pack_is_one_stock(client: Client) -> None:
    doubled()
    fleet = {
        "title": "Ours",
        "aircraft": [{"aircraft": AIRCRAFT, "nation": "KR"}],
        "stock": [
            {"nation": "KR", "pack": DOUBLED, "quantity": 5},
            {"nation": "KR", "pack": "tp-another-source", "quantity": 3},
        ],
    }
    curve = client.post("/api/v1/batteries/standardise?kinds=1", fleet, content_type="application/json").json()
    assert curve["points"][0]["stock"] == [{"nation": "KR", "pack": DOUBLED, "held": 8, "used": 0}]
    assert curve["points"][0]["nations"] == [
        {"nation": "KR", "aircraft": 1, "served": 1, "held": 8, "used": 0, "to_buy": 14, "left_over": 8}
    ]


@pytest.mark.usefixtures("stocked")
def test_the_template_comes_in_the_readers_language_and_reads_back(client: Client) -> None:
    english = client.get("/batteries/template/csv/")
    assert english.headers["Content-Disposition"] == 'attachment; filename="fleet-template.csv"'
    korean = client.get("/batteries/template/xlsx/", headers={"accept-language": "ko"})
    assert korean.content == client.get("/api/v1/batteries/fleet/template?format=xlsx&language=ko").content
    assert client.get("/batteries/template/ods/").status_code == 404
    assert client.get("/api/v1/batteries/fleet/template?format=ods").status_code == 422
    filled = english.content + f"aircraft,KR,{AIRCRAFT},3,\r\n".encode()
    read = client.post("/api/v1/batteries/fleet", {"file": SimpleUploadedFile("filled.csv", filled)}).json()
    assert read["aircraft"] == [{"nation": "KR", "aircraft": AIRCRAFT, "quantity": 3}]
    refused = client.post("/api/v1/batteries/fleet", {"file": SimpleUploadedFile("empty.csv", english.content)})
    assert (refused.status_code, refused.json()["errors"][0]["accepted"]) == (
        422,
        "only example rows; at least one row of kind aircraft is needed",
    )
    for form in ("csv", "xlsx", "json"):
        file = client.post(f"/api/v1/batteries/fleet/{form}?language=ko", read, content_type="application/json").content
        again = client.post("/api/v1/batteries/fleet", {"file": SimpleUploadedFile(f"f.{form}", file)})
        assert again.json() == read


@pytest.mark.usefixtures("stocked")
def test_another_point_of_ones_own_fleet_and_its_files_need_no_second_upload(client: Client) -> None:
    text = f"종류,국가,품목 ID,수량 (개)\n기체,KR,{AIRCRAFT},12\n기체,US,freefly-astro,4\n재고,KR,{PACK},50\n"
    sent = {"fleet": SimpleUploadedFile("fleet.csv", text.encode()), "kinds": 3}
    page = client.post("/batteries/", sent).content.decode()
    assert "More than 2 kinds serve no more aircraft and cost no less." in page
    assert "With 2 kinds of packs" in page
    (held,) = {html.unescape(found) for found in re.findall(r'name="held" value="([^"]*)"', page)}
    again = {"held": held, "kinds": 3}
    other = client.post("/batteries/", again | {"k": "1"}).content.decode()
    assert "With 1 kind of pack<" in other
    table = client.post("/batteries/", again | {"as": "csv"})
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert [(row["k"], row["quantity (pieces)"]) for row in rows if row["row"] == "served"] == [
        ("1", "12"),
        ("2", "16"),
        ("3", "16"),
    ]
    (stock,) = (row for row in rows if row["k"] == "2" and row["row"] == "stock")
    assert (stock["nation (ISO 3166-1 alpha-2)"], stock["pack"], stock["used (pieces)"]) == ("KR", PACK, "40")
    for form in ("csv", "xlsx", "json"):
        file = client.post("/batteries/", again | {"as": f"fleet-{form}"}).content
        back = client.post("/batteries/", {"fleet": SimpleUploadedFile(f"f.{form}", file), "kinds": 3}).content.decode()
        assert {html.unescape(found) for found in re.findall(r'name="held" value="([^"]*)"', back)} == {held}


@pytest.mark.usefixtures("stocked")
def test_the_curve_of_the_catalogue_is_a_file_too(client: Client) -> None:
    assert client.get("/batteries/?as=json").json()["fleet"] == "One of every listed aircraft"
    file = client.get("/batteries/?as=fleet-csv").content
    assert f"aircraft,,{AIRCRAFT},1,ANAFI" in file.decode()
    # what is no form of a file is the page
    assert "<h1>" in client.get("/batteries/?as=nothing").content.decode()


def test_a_form_without_a_file_is_told(client: Client) -> None:
    answer = client.post("/batteries/", {"kinds": 2})
    assert (answer.status_code, "Choose a fleet file." in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(("ratio", "said"), [(1.12, "+12\xa0%"), (0.9996, "±0\xa0%"), (47.61, "+4,661\xa0%")])
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
