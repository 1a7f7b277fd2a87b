"""Pages, tiles and files: who may have them, what they say, and what is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rasterio.io import MemoryFile

from skypact.market.accounts.models import User
from skypact.market.coverage import selectors
from skypact.market.coverage.figures import cases
from skypact.market.kits.actions import kit_folder
from skypact.market.kits.models import StoredKit, StoredRequirement

pytestmark = pytest.mark.django_db

Keep = Callable[..., StoredKit]
DRONE = "micro-multirotor"
MOVE = "move=syn-radar-1:127.0020000,37.5020000,12,45"
PAGE = "/kits/field/coverage/"
TILE = f"{PAGE}tiles/kinds-{DRONE}-60/13/6985/3174.png"
REST = ("", "changed/", "profile/?line=127.0,37.5&line=127.01,37.5", "profile.csv?line=127.0,37.5&line=127.01,37.5",
        "picture.png", "lowest.tif", "blind-areas.geojson", "positions.geojson",
        f"tiles/kinds-{DRONE}-60/13/6985/3174.png")  # fmt: skip


def person(name: str, **more: Any) -> Client:
    client = Client()
    client.force_login(User.objects.create(username=name, **more))
    return client


def untold(answer: Any) -> bytes:
    """A refusal without what differs each time, and without the kit's name."""
    return re.sub(rb'(csrfmiddlewaretoken" value="|X-CSRFToken": ")\w+', rb"\1", answer.content).replace(
        b"none", b"field"
    )


@pytest.mark.parametrize("rest", REST)
def test_the_kits_own_rule_holds_for_every_address(kept: Keep, rest: str) -> None:
    """Its owner and staff; for others it is as if it did not exist, whether or not it is in memory already."""
    owner = person("kim")
    kept(owner=User.objects.get(username="kim"))
    assert owner.get(PAGE + rest).status_code == 200
    assert person("admin", is_staff=True).get(PAGE + rest).status_code == 200
    for client in (Client(), person("lee"), person("ed", is_catalogue_editor=True)):
        hidden, missing = client.get(PAGE + rest), client.get(PAGE.replace("field", "none") + rest)
        assert (hidden.status_code, missing.status_code) == (404, 404)
        assert untold(hidden) == untold(missing)
        assert hidden.headers.get("ETag") is None


def test_a_kit_without_owner_is_open_to_who_knows_its_address(kept: Keep) -> None:
    kept()
    assert [Client().get(PAGE + rest).status_code for rest in REST] == [200] * len(REST)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
@pytest.mark.parametrize("rest", REST)
def test_nothing_can_be_written(kept: Keep, rest: str, method: str) -> None:
    kept()
    assert getattr(Client(), method)(PAGE + rest).status_code == 405


def test_the_page_says_figures_and_links_to_the_kit(kept: Keep) -> None:
    kit = kept().kit
    text = Client().get(PAGE).content.decode()
    assert 'href="/kits/field/"' in text
    assert f'data-case="{DRONE} 60"' in text
    assert "60.3 %" in text
    assert text.count('class="cov-drawing__sensor"') == 2
    assert "What changed" not in text
    assert text.count("data-box=") == len(kit.blind_areas) > 0
    link = re.search(r'href="(/kits/protect/\?kit=field&amp;stand=[^"]+)"', text)
    assert link is not None
    form = Client().get(link[1].replace("&amp;", "&"))
    assert form.status_code == 200
    assert "127, 37.503604\n127, 37.496396" in form.content.decode()


def test_a_moved_sensor_is_told_before_and_after_and_changes_no_kit(kept: Keep) -> None:
    stored = kept()
    before = (stored.document, (kit_folder("field") / "watch.json").read_bytes(), StoredRequirement.objects.count())
    text = Client().get(f"{PAGE}?{MOVE}").content.decode()
    assert "What changed" in text
    row = text[text.index(f'data-case="{DRONE} 60"') :].split("</tr>")[0]
    told = re.findall(r">([^<>]*(?:%|points))<", row)
    assert told == ["60.3 %", "51.5 %", "-8.7 points", "60 %"]
    assert "looks 0° → 45°" in text
    assert "mast 10 m → 12 m" in text
    assert "move=syn-radar-1%3A127.0020000%2C37.5020000%2C12%2C45" in text
    stored.refresh_from_db()
    after = (stored.document, (kit_folder("field") / "watch.json").read_bytes(), StoredRequirement.objects.count())
    assert after == before


def test_cases_that_one_answer_does_not_reach_are_named_and_a_link_counts_each(
    kept: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept()
    monkeypatch.setitem(cases.__kwdefaults__, "work_max", 0)
    text = Client().get(f"{PAGE}?{MOVE}&layer=kinds-{DRONE}-30").content.decode()
    assert f'data-case="{DRONE} 30"' in text
    assert f'data-case="{DRONE} 60"' not in text
    assert "1 of 2 cases are counted" in text
    (link,) = re.findall(r'<a href="(\?[^"]+)#changed">60 m</a>', text)
    other = Client().get(PAGE + link.replace("&amp;", "&")).content.decode()
    row = other[other.index(f'data-case="{DRONE} 60"') :].split("</tr>")[0]
    assert re.findall(r">([^<>]*(?:%|points))<", row) == ["60.3 %", "51.5 %", "-8.7 points", "60 %"]
    assert 'id="uncounted"' not in Client().get(PAGE).content.decode()


def test_without_a_script_a_form_moves_one_sensor(kept: Keep) -> None:
    kept()
    asked = {"position": "syn-radar-1", "lat": "37.502", "lon": " 127.002", "mast": "12", "azimuth": ""}
    sent = Client().get(PAGE, asked | {"layer": f"lowest-{DRONE}", "move": ["syn-radar-2:127.0,37.499,8"]})
    assert sent.status_code == 302
    assert sent.headers["Location"] == (
        f"{PAGE}?move=syn-radar-2%3A127.0000000%2C37.4990000%2C8&move=syn-radar-1%3A127.0020000%2C37.5020000%2C12"
        f"&layer=lowest-{DRONE}#changed"
    )
    wrong = Client().get(PAGE, asked | {"lon": "east"})
    assert wrong.status_code == 422
    assert "form: move.0: must be position:longitude,latitude,mast" in wrong.content.decode()


def test_the_layer_form_names_a_layer(kept: Keep) -> None:
    kept()
    asked = {"measure": "blind", "threat": DRONE, "height": "90"}
    assert f"layer=blind-{DRONE}-90" in Client().get(PAGE, asked).content.decode()
    assert f"layer=lowest-{DRONE}" in Client().get(PAGE, asked | {"measure": "lowest"}).content.decode()


@pytest.mark.parametrize(
    "query",
    ["move=x", "move=other-1:127,37.5,3", "layer=kinds", "layer=..%2F..%2Fetc", "measure=kinds&threat=%3Cb%3E",
     "sensor=nobody&line=127,37.5", "line=127,37.5", "move=" + "9" * 3000, "height=1e9&threat=" + DRONE],
)  # fmt: skip
def test_what_does_not_fit_is_said_and_leads_back(kept: Keep, query: str) -> None:
    kept()
    page = Client().get(f"{PAGE}?{query}")
    assert page.status_code == 422
    assert f'href="{PAGE}"' in page.content.decode()
    assert b"<b>" not in page.content
    part = Client().get(f"{PAGE}profile/?{query}")
    assert (part.status_code, part.headers["Content-Type"]) == (422, "text/plain")


@pytest.mark.parametrize(
    ("address", "status"),
    [
        (f"kinds-{DRONE}-60/13/6985/3174", 200),
        ("kinds-other-60/13/6985/3174", 422),
        (f"kinds-{DRONE}-60/0/1/0", 404),
        (f"kinds-{DRONE}-60/21/0/0", 404),
        (f"kinds-{DRONE}-60/-1/0/0", 404),
        (f"kinds-{DRONE}-60/99999999999999999999/0/0", 404),
        (f"kinds-{DRONE}-60/13/1.5/0", 404),
    ],
)
def test_tiles_there_are(kept: Keep, address: str, status: int) -> None:
    kept()
    assert Client().get(f"{PAGE}tiles/{address}.png").status_code == status


def test_a_tile_has_a_tag_and_is_not_sent_twice(kept: Keep) -> None:
    kept()
    first = Client().get(TILE)
    assert (first.headers["Content-Type"], first.headers["Cache-Control"]) == ("image/png", "private, max-age=600")
    assert "Cookie" in first.headers["Vary"]
    again = Client().get(TILE, headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    moved = Client().get(f"{TILE}?{MOVE}", headers={"if-none-match": first.headers["ETag"]})
    assert moved.status_code == 200
    assert moved.content != first.content
    assert Client().get(f"{TILE}?move=nonsense", headers={"if-none-match": "*"}).status_code == 422


def test_a_kit_kept_anew_has_new_tiles(kept: Keep) -> None:
    stored = kept()
    tag = Client().get(TILE).headers["ETag"]
    stored.stored_at = stored.stored_at.replace(year=2030)
    stored.save()
    assert Client().get(TILE, headers={"if-none-match": tag}).status_code == 200


def test_two_statements_at_most_for_a_tile(kept: Keep, django_assert_num_queries: Any) -> None:
    kept()
    client = Client()
    client.get(TILE)
    with django_assert_num_queries(2):
        client.get(f"{TILE}?{MOVE}")
    etag = client.get(TILE).headers["ETag"]
    with django_assert_num_queries(1):
        client.get(TILE, headers={"if-none-match": etag})


def test_files(kept: Keep) -> None:
    kept()
    raster = Client().get(f"{PAGE}lowest.tif")
    assert raster.headers["Content-Disposition"] == f'attachment; filename="field-lowest-{DRONE}.tif"'
    with MemoryFile(raster.content) as file, file.open() as found:
        assert (found.shape, found.count, found.tags()["THREAT"]) == ((61, 61), 2, DRONE)
        assert found.read(1)[26, 30] == 0.0  # the northern radar's own place
    positions = json.loads(Client().get(f"{PAGE}positions.geojson?{MOVE}").content)
    assert [feature["geometry"]["coordinates"] for feature in positions["features"]] == [
        [127.002, 37.502],
        [127.0, 37.496396],
    ]
    assert [feature["properties"]["mast_m"] for feature in positions["features"]] == [12.0, 10.0]
    areas = json.loads(Client().get(f"{PAGE}blind-areas.geojson").content)
    assert areas["features"][0]["properties"]["threat"] == DRONE


def test_a_profile_on_the_page_and_as_a_file(kept: Keep) -> None:
    kept()
    query = "sensor=syn-radar-1&line=127.0101,37.504"
    page = Client().get(f"{PAGE}?{query}").content.decode()
    assert 'class="cov-profile"' in page
    assert "The relief hides a drone 30 m above the end" in page
    address = re.search(r'href="(/kits/field/coverage/profile\.csv\?[^"]+)"', page)
    assert address is not None
    text = Client().get(address[1].replace("&amp;", "&")).content.decode()
    assert text.startswith("distance_m,longitude,latitude,ground_m,")
    assert len(text.splitlines()) == 242


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda: (kit_folder("field") / "watch.json").unlink(), "composed by an earlier version"),
        (
            lambda: (kit_folder("field") / "watch.json").write_text(
                (kit_folder("field") / "watch.json").read_text().replace('"relief":"', '"relief":"0')
            ),
            "The elevation files have changed",
        ),
    ],
)
def test_a_kit_that_cannot_be_explored_says_why(kept: Keep, spoil: Callable[[], None], words: str) -> None:
    kept()
    spoil()
    page = Client().get(PAGE)
    assert page.status_code == 409
    assert words in page.content.decode()
    assert "/kits/protect/?kit=field" in page.content.decode()
    tile = Client().get(TILE)
    assert (tile.status_code, tile.headers["Content-Type"]) == (409, "text/plain")


def test_relief_that_is_gone(kept: Keep, monkeypatch: pytest.MonkeyPatch) -> None:
    from skypact.schema import InputError

    def gone(requirement: object) -> None:
        raise InputError.single(file="hills.tif", accepted="an existing elevation file")

    kept()
    monkeypatch.setattr(selectors, "terrain_of", gone)
    page = Client().get(PAGE)
    assert page.status_code == 409
    assert "hills.tif: an existing elevation file" in page.content.decode()


def test_korean(kept: Keep) -> None:
    kept()
    text = Client().get(f"{PAGE}?{MOVE}", headers={"accept-language": "ko"}).content.decode()
    assert "키트가 보는 범위: 들판" in text
    assert "달라진 점" in text
