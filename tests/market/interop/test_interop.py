"""The page, the interface, and what a listing works with: the engine's answers for what the reader may see."""

from __future__ import annotations

from collections import OrderedDict
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.engines.interop.together.made import V1, V2, c2, gateway
from tests.engines.made_up import OTHER_VENDOR, VENDOR, data_port, offer, sensor

from skypact.engines.interop import best_fit
from skypact.engines.interop.links import sureness
from skypact.market.catalogue import selectors as catalogue
from skypact.market.catalogue.actions import import_built_in, import_records
from skypact.market.catalogue.selectors import Filters
from skypact.market.core.access import Actor
from skypact.market.interop import selectors
from skypact.schema import Listing, Vendor

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"

A = sensor("A", "radar", 1, "1", speaks=V1)
B = sensor("B", "camera", 1, "1", speaks=V2)
C = c2("C", V2)
G = gateway("G", V1, V2, offers=[offer("500")])
THIRD = Vendor.model_validate({**VENDOR.model_dump(), "id": "third", "name": "Third"})
ALL = (VENDOR, OTHER_VENDOR, THIRD, A, B, C, G)


def stock(*records: Any) -> None:
    vendors = [one.model_copy(update={"id": f"SYN-{one.id.upper()}"}) for one in records if isinstance(one, Vendor)]
    listings = [
        one.model_copy(
            update={
                "vendor": f"SYN-{one.vendor.upper()}",
                "offers": tuple(item.model_copy(update={"seller": "SYN-MAKER"}) for item in one.offers),
            }
        )
        for one in records
        if not isinstance(one, Vendor)
    ]
    import_records(actor=Actor.system("test"), records=[*vendors, *listings], name="made.jsonl")


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What can be added is remembered by the catalogue's revision, whose numbers start anew with every test."""
    monkeypatch.setattr(selectors, "_remembered", OrderedDict())


@pytest.fixture
def stocked() -> None:
    stock(*ALL)


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.mark.parametrize("limit", ["mass_kg=inf", "budget=inf", "budget=nan", "currency=QQQ"])
@pytest.mark.usefixtures("stocked")
def test_the_interface_refuses_what_is_no_limit(client: Client, limit: str) -> None:
    answer = client.get(f"/api/v1/interop/complete?listing=SYN-A&{limit}")
    assert (answer.status_code, limit.split("=")[0] in answer.content.decode()) == (422, True)


def test_an_example_to_begin_with(client: Client) -> None:
    assert "For example:" not in client.get("/interop/").content.decode()
    import_built_in()
    page = client.get("/interop/").content.decode()
    assert '?listing=squarehead-discovair-g2-plus&amp;listing=tak-server">Discovair G2+ + TAK Server</a>' in page
    assert client.get("/interop/?listing=squarehead-discovair-g2-plus&listing=tak-server").status_code == 200


def test_nothing_chosen_yet(client: Client) -> None:
    page = client.get("/interop/").content.decode()
    assert "Nothing is chosen yet." in page
    korean = client.get("/interop/", headers={"accept-language": "ko"}).content.decode()
    assert "아직 고른 제품이 없습니다" in korean


@pytest.mark.usefixtures("stocked")
def test_a_set_its_answer_and_the_least_to_add(client: Client) -> None:
    page = client.get("/interop/?listing=SYN-A&quantity=2&listing=SYN-C&quantity=1&owned=SYN-C").content.decode()
    assert "A speaks SAPIENT v1; C takes SAPIENT v2" in page
    assert '1 × <a href="/catalogue/items/SYN-G/">G</a>' in page
    assert "500.00 EUR, proven least among the listed products." in page
    assert "<svg" in page
    assert 'value="2"' in page


def test_what_stays_open_with_the_additions_is_told(client: Client) -> None:
    import_built_in()
    page = client.get("/interop/?listing=squarehead-discovair-g2-plus&listing=tak-server").content.decode()
    assert "Not sure, even with these additions:" in page
    assert (
        "<li>Discovair G2+ → EFDI pod → TAK Server: to EFDI pod: both speak SAPIENT; the sender&#x27;s edition is "
        "not stated"
    ) in page
    assert "None of this has a public price, and no additions with public prices would do instead." in page
    assert "could not be checked" not in page
    asked = "listing=squarehead-discovair-g2-plus&listing=tak-server&powered=false&budget=1"
    limited = client.get(f"/interop/?{asked}").content.decode()
    told = "Nobody states a price of EFDI pod: whether the budget of 1.00 is kept could not be checked."
    assert told in limited
    document = client.get(f"/api/v1/interop/complete?{asked}&mass_kg=50").json()
    budget, mass = document["limits_checked"]
    assert (budget["name"], budget["answer"], budget["unstated"]) == ("budget", "unknown", ["efdi-pod"])
    assert (budget["wanted"], budget["known"], budget["reason"]) == (1, 0, told)
    assert (mass["name"], mass["answer"]) == ("mass", "unknown")
    assert "tak-server" in mass["unstated"]


@pytest.mark.usefixtures("stocked")
def test_a_search_offers_what_can_be_added(client: Client) -> None:
    page = client.get("/interop/?q=c2&listing=SYN-A&quantity=1").content.decode()
    assert "?listing=SYN-A&amp;listing=SYN-C&amp;quantity=1&amp;quantity=1" in page


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("listing=SYN-A&quantity=x", 422, "a whole number from 1 to 99"),
        ("listing=SYN-A&quantity=1&asked=1&mains=230", 422, "volts x amperes"),
        ("listing=SYN-A&quantity=1&budget=-3", 422, "a number from 0 on"),
        ("listing=SYN-A&quantity=1&mass_kg=light", 422, "a number from 0 on"),
        ("listing=SYN-A&quantity=1&common=perhaps", 422, "one of on, true, 1, yes, off, false, 0, no"),
        ("listing=SYN-A&quantity=1&currency=euro", 422, "a currency of three capitals"),
        ("listing=SYN-A&quantity=1&apart_m=far", 422, "a number from 0 on"),
        ("listing=SYN-A&quantity=1&mast_m=0", 422, "metres from 1 to 1000"),
        ("listing=SYN-A&quantity=1&nation=kr", 422, "two capitals of ISO 3166-1"),
        ("listing=SYN-A&quantity=1&currency=QQQ", 422, "a currency that prices are in or can be converted to: EUR"),
        ("listing=SYN-A&quantity=1&mass_kg=inf", 422, "a number from 0 on"),
        ("listing=SYN-NONE&quantity=1", 404, ""),
    ],
)
@pytest.mark.usefixtures("stocked")
def test_what_cannot_be_asked(client: Client, query: str, status: int, words: str) -> None:
    answer = client.get(f"/interop/?{query}")
    assert answer.status_code == status
    assert words in answer.content.decode()


@pytest.mark.usefixtures("stocked")
@pytest.mark.parametrize(
    ("asked", "air", "licence"),
    [
        ("", "unknown", None),
        ("&apart_m=26000&mast_m=10", "unknown", None),
        ("&apart_m=27000&mast_m=10", "yes", None),
        ("&apart_m=27000&mast_m=20", "unknown", None),
        ("&nation=KR", "unknown", "unknown"),
    ],
)
def test_how_far_apart_how_high_and_where(client: Client, asked: str, air: str, licence: str | None) -> None:
    said = client.get(f"/api/v1/interop/check?listing=SYN-A:2{asked}").json()["aspects"]
    assert (said["air"], said.get("licence")) == (air, licence)
    page = client.get(f"/interop/?listing=SYN-A&quantity=2{asked}")
    assert {str(one["name"]): one["answer"].value for one in page.context["aspects"]}["Radio frequencies"] == air
    assert ("nobody states under which licence A transmits" in page.content.decode()) == (licence is not None)
    assert client.get("/api/v1/interop/check?listing=SYN-A&nation=XX").status_code == 422
    assert client.get("/api/v1/interop/check?listing=SYN-A&mast_m=0").status_code == 422


@pytest.mark.usefixtures("stocked")
def test_the_interface_checks_and_completes(client: Client) -> None:
    checked = client.get("/api/v1/interop/check?listing=SYN-A:2&listing=SYN-C:1:own").json()
    assert (checked["answer"], checked["aspects"]["data"], checked["completion"]) == ("no", "no", None)
    assert checked["parts"][1] == {"listing": "SYN-C", "quantity": 1, "owned": True}
    assert checked["reasons"][0]["sentences"] == [
        "A speaks only SAPIENT v1; C takes SAPIENT v2.",
        "The set has no gateway between them.",
    ]
    completed = client.get("/api/v1/interop/complete?listing=SYN-A:2&listing=SYN-C&accept=0").json()
    assert completed["completion"]["additions"] == [{"listing": "SYN-G", "name": "G", "quantity": 1, "priced": True}]
    assert (completed["completion"]["proven"], completed["completion"]["cost"]) == (True, 500)
    assert client.get("/api/v1/interop/check").status_code == 422
    assert client.get("/api/v1/interop/check?listing=SYN-NONE").status_code == 404
    assert client.get("/api/v1/interop/check?listing=SYN-A:1:2").status_code == 422


@pytest.mark.usefixtures("stocked")
def test_what_a_listing_works_with(client: Client) -> None:
    found = client.get("/api/v1/interop/with/SYN-A").json()
    assert [(one["listing"], one["direction"], one["answer"]) for one in found["partners"]] == [("SYN-G", "to", "yes")]
    assert "both speak SAPIENT v1" in client.get("/catalogue/items/SYN-A/").content.decode()
    page = client.get("/interop/with/SYN-C/").content.decode()
    assert "/catalogue/items/SYN-B/" in page
    assert "/catalogue/items/SYN-A/" not in page
    assert client.get("/interop/with/SYN-C/?page=99").status_code == 200
    assert client.get("/interop/with/SYN-NONE/").status_code == 404


@pytest.mark.usefixtures("stocked")
def test_side_by_side_has_a_row_on_working_together(client: Client) -> None:
    page = client.get("/catalogue/compare/?id=SYN-A&id=SYN-B&id=SYN-C").content.decode()
    assert "Its data reaches" in page
    assert "both speak SAPIENT v2" in page
    assert "Its data reaches" not in client.get("/catalogue/compare/?id=SYN-A&id=SYN-B").content.decode()


@pytest.mark.usefixtures("stocked")
def test_side_by_side_a_gateway_that_bridges_is_named(client: Client) -> None:
    page = client.get("/catalogue/compare/?id=SYN-A&id=SYN-C").content.decode()
    row = page.split("Its data reaches")[1].split("</tr>")[0]
    assert 'through <a href="/catalogue/items/SYN-G/">G</a>' in row
    assert "iop-answer--yes" in row
    assert "sky-badge--documented" in row
    assert "no listed gateway" not in row


def test_side_by_side_no_where_nothing_bridges(client: Client) -> None:
    stock(*(one for one in ALL if one is not G))
    page = client.get("/catalogue/compare/?id=SYN-A&id=SYN-C").content.decode()
    row = page.split("Its data reaches")[1].split("</tr>")[0]
    assert "iop-answer--no" in row
    assert "no listed gateway bridges the two" in row


def test_each_reason_has_its_picture(client: Client) -> None:
    stock(*(one for one in ALL if one is not G))
    said = client.get("/api/v1/interop/complete?listing=SYN-A&listing=SYN-C:1:own").json()["reasons"]
    assert said
    page = client.get("/interop/?listing=SYN-A&quantity=1&listing=SYN-C&quantity=1&owned=SYN-C").content.decode()
    for number, one in enumerate(said, start=1):
        drawing = ElementTree.fromstring(one["picture"])  # noqa: S314 (our own)
        names = {text.text for text in drawing.iter(f"{SVG}text")}
        assert {"A", "C"} <= names
        assert drawing.findtext(f"{SVG}title") == f"Reason {number} in a picture"
        assert drawing.findtext(f"{SVG}desc") == " ".join(one["sentences"])
        assert float(drawing.attrib["width"]) < 390
        crossed = [path for path in drawing.findall(f"{SVG}path") if path.attrib.get("stroke-dasharray")]
        assert len(crossed) == sum(group.tag == f"{SVG}g" for group in drawing) >= 1
        assert one["picture"] in page


def test_the_built_in_catalogue(client: Client) -> None:
    import_built_in()
    page = client.get("/interop/?listing=robin-radar-iris&quantity=1&listing=tak-server&quantity=1").content.decode()
    assert "both speak CoT" in page
    with CaptureQueriesContext(connection) as statements:
        client.get("/catalogue/items/robin-radar-iris/")
    assert len(statements) < 60


def catalogue_of(count: int) -> None:
    """Many sensors, of which a third speak what C takes, and every one after them only by another edition's name."""
    speaking = (V2, V1, ("SAPIENT", None))
    many = [sensor(f"M{number:03}", "camera", 1, "1", speaks=speaking[number % 3]) for number in range(count)]
    stock(VENDOR, OTHER_VENDOR, THIRD, C, G, *many)


def test_what_works_with_it_is_judged_over_the_whole_catalogue(client: Client) -> None:
    """The same as judging listing by listing, for far more than one page, surest first and then by name."""
    catalogue_of(90)
    actor, on = Actor.system("test"), date(2026, 11, 21)
    record = catalogue.listing(actor, "SYN-C", on=on).record
    expected = []
    for one in catalogue.records(actor, on=on, filters=Filters(chosen={"family": ("sensor", "gateway")})):
        if isinstance(one, Listing):
            own = one.model_copy(update={"vendor": "SYN-X"})  # that makers connect their own is no news
            degree = sureness(best_fit(own, record))
            expected += [(degree, one.name.casefold(), one.id)] if degree <= 1 else []
    expected.sort()
    found = []
    for page in range(1, 7):
        document = client.get(f"/api/v1/interop/with/SYN-C?page={page}").json()
        found += [one["listing"] for one in document["partners"]]
    assert found == [identifier for _, _, identifier in expected]
    assert (document["total"], document["pages"]) == (61, 6)
    assert document["counts"] == [
        {"family": "sensor", "answer": "yes", "number": 30},
        {"family": "sensor", "answer": "unknown", "number": 30},
        {"family": "gateway", "answer": "yes", "number": 1},
    ]
    last = document["partners"][-1]
    assert (last["answer"], last["direction"], last["evidence"]) == ("unknown", "from", "documented")


@pytest.mark.parametrize(
    ("query", "total", "shown"),
    [
        ("answer=yes", 5, {"yes"}),
        ("answer=unknown", 4, {"unknown"}),
        ("family=gateway", 1, {"yes"}),
        ("family=gateway&answer=unknown", 0, set()),
    ],
)
def test_what_works_with_it_is_narrowed(client: Client, query: str, total: int, shown: set[str]) -> None:
    catalogue_of(12)
    document = client.get(f"/api/v1/interop/with/SYN-C?{query}").json()
    assert (document["total"], {one["answer"] for one in document["partners"]}) == (total, shown)
    page = client.get(f"/interop/with/SYN-C/?{query}").content.decode()
    assert ("Nothing of this kind." in page) == (total == 0)
    assert "5 surely, 4 with a detail open" in page
    assert client.get("/api/v1/interop/with/SYN-C?answer=no").status_code == 422


def test_what_works_with_it_takes_the_same_transport(client: Client) -> None:
    def over(role: str, transport: str) -> dict[str, Any]:
        return data_port(V2[0], role, V2[1], attributes={"transport": transport})

    wired, net = (sensor(name, "camera", 1, "1", ports=[over("provides", carrier)])
                  for name, carrier in (("WIRED", "RS-485"), ("NET", "TCP")))  # fmt: skip
    stock(VENDOR, OTHER_VENDOR, c2("C", ports=[over("consumes", "TCP, TLS")]), wired, net)
    found = client.get("/api/v1/interop/with/SYN-C").json()
    assert [(one["listing"], one["answer"]) for one in found["partners"]] == [("SYN-NET", "yes")]


def test_what_works_with_it_takes_as_many_statements_in_any_catalogue(client: Client) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/interop/with/SYN-C/").status_code == 200
        return len(captured)

    catalogue_of(3)
    few = statements()
    catalogue_of(60)
    assert statements() == few


@pytest.mark.usefixtures("stocked")
def test_a_limit_with_its_ways_out(client: Client) -> None:
    query = "listing=SYN-A&quantity=2&listing=SYN-B&quantity=1&listing=SYN-C&quantity=1&asked=1&accept=0&budget=400"
    page = client.get(f"/interop/?{query}").content.decode()
    assert "Raise the budget to 500.00." in page
    assert "Leave out 2 × A, and nothing need be added." in page
    assert "budget=500" in page
    assert "listing=SYN-B&amp;listing=SYN-C&amp;quantity=1&amp;quantity=1" in page
    raised = client.get(f"/interop/?{query.replace('budget=400', 'budget=500')}").content.decode()
    assert "proven least among the listed products" in raised
    assert "Ways out" not in raised
    asked = "listing=SYN-A:2&listing=SYN-B&listing=SYN-C&accept=0&powered=false&budget=400"
    (limit,) = client.get(f"/api/v1/interop/complete?{asked}").json()["limits"]
    assert [(one["way"], one["to"], one["without"]) for one in limit["repairs"]] == [
        ("raise", 500, []),
        ("without", None, [{"listing": "SYN-A", "quantity": 2}]),
    ]


@pytest.mark.usefixtures("stocked")
def test_whether_the_limits_are_kept_is_told(client: Client) -> None:
    asked = "listing=SYN-A&listing=SYN-C&accept=0&powered=false"
    (budget,) = client.get(f"/api/v1/interop/complete?{asked}&budget=500").json()["limits_checked"]
    assert (budget["answer"], budget["known"], budget["unstated"]) == ("yes", 500, [])
    (over,) = client.get(f"/api/v1/interop/complete?{asked}&budget=499").json()["limits_checked"]
    assert (over["answer"], over["reason"]) == ("no", "The additions cost 500.00, more than the budget of 499.00.")
    assert client.get(f"/api/v1/interop/complete?{asked}").json()["limits_checked"] == []


@pytest.mark.usefixtures("stocked")
def test_the_page_reads_boxes_as_the_interface_does(client: Client) -> None:
    asked = "listing=SYN-A&quantity=1&listing=SYN-C&quantity=1"
    fed = client.get(f"/interop/?{asked}").context["answered"].question.wanted
    assert (fed.powered, fed.common) == (True, False)
    bare = client.get(f"/interop/?{asked}&powered=false&common=true&mass_kg=20").context["answered"].question.wanted
    assert (bare.powered, bare.common, bare.mass_max_kg) == (False, True, 20.0)
