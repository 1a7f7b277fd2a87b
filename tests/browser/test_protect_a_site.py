"""From a site to a kit, as people do it: by example, by drawing, by keyboard, on a phone, in both languages."""

from __future__ import annotations

import io
import json
import re

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pypdf import PdfReader
from tests.browser.conftest import PHONE

COMPOSED_WITHIN_MS = 600_000


def ready(page: Page) -> None:
    """Waits until the page's map is drawn and its tools work."""
    expect(page.locator("#map[data-ready]")).to_be_attached()


@pytest.fixture(scope="module")
def composed(site: str, browser: Browser) -> str:
    """The address of the airport's kit, composed through the form."""
    context = browser.new_context(base_url=site, locale="en-GB")
    page = context.new_page()
    page.goto("/kits/protect/?example=airport")
    ready(page)
    page.get_by_role("button", name="Compose the kit").click()
    page.wait_for_url(re.compile(r"/kits/jobs/[0-9a-f-]{36}/"))
    expect(page.locator("#answer")).to_be_visible(timeout=COMPOSED_WITHIN_MS)
    address = page.url.removeprefix(site)
    context.close()
    return address


def test_an_example_becomes_a_kit(composed: str, page: Page) -> None:
    page.goto(composed)
    expect(page.locator("h1")).to_contain_text("Incheon International Airport")
    expect(page.locator("#answer")).to_contain_text("This kit meets the requirement")
    headings = ("Coverage", "What nobody knows", "Bill of materials", "Positions", "Connections", "Left out, and why")
    for heading in headings:
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
    expect(page.get_by_role("img", name="Connection diagram")).to_be_visible()


def test_the_map_shows_what_is_chosen(composed: str, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.goto(composed)
    ready(page)
    assert page.locator("#map .kits-pin").count() >= 1
    page.locator("#layer-threats").get_by_text("Mini multirotor").click()
    with page.expect_request("**/layer-mini-multirotor-120.png"):
        page.locator("#layer-heights").get_by_text("120 m").click()
    expect(page.locator("#layer-share")).to_contain_text("of the warning ring covered")
    assert "hillshade.png" in asked
    assert "layer-micro-multirotor-60.png" in asked


def test_a_place_on_the_map_says_what_stands_there(composed: str, page: Page) -> None:
    page.goto(composed)
    ready(page)
    pin = page.locator("#map .kits-pin").first
    pin.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".kits-popup li").first).to_be_visible()


def test_korean(composed: str, page: Page) -> None:
    page.goto(composed)
    page.get_by_role("button", name="한국어").click()
    expect(page.locator("#answer")).to_contain_text("이 키트는 요구를 채우며")
    expect(page.get_by_role("heading", name="아무도 모르는 것")).to_be_visible()


def test_phone_needs_no_sideways_scrolling(composed: str, page: Page) -> None:
    page.set_viewport_size(PHONE)
    beside = f"/kits/compare/?before={composed.split('/')[2]}"
    for address in (composed, f"{composed}report/", beside, "/kits/protect/?example=airport", "/kits/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address


def test_downloads(composed: str, page: Page) -> None:
    page.goto(composed)
    with page.expect_download() as download:
        page.get_by_role("link", name="Bill of materials (CSV)").click()
    assert download.value.path().read_text().startswith("listing,name,vendor")


def test_drawing_an_area(page: Page) -> None:
    page.goto("/kits/protect/")
    ready(page)
    page.get_by_role("button", name="Draw the area").click()
    page.locator("#map canvas").scroll_into_view_if_needed()
    box = page.locator("#map canvas").bounding_box()
    assert box is not None
    for x, y in ((200, 200), (320, 200), (320, 300)):
        page.mouse.click(box["x"] + x, box["y"] + y)
    page.locator("#map canvas").press("Enter")
    expect(page.get_by_label("An area drawn on the map or pasted")).to_be_checked()
    area = json.loads(page.get_by_label("Area (GeoJSON)").input_value())
    assert area["type"] == "Polygon"
    assert len(area["coordinates"][0]) == 4
    assert area["coordinates"][0][0] == area["coordinates"][0][-1]


def test_everything_by_keyboard(page: Page) -> None:
    page.goto("/kits/protect/")
    ready(page)
    page.get_by_label("ICAO code of the airport").focus()
    page.keyboard.type("rkss")
    page.get_by_label("Title").focus()
    page.keyboard.type("Gimpo")
    page.keyboard.press("Tab")
    page.keyboard.type("Gimpo airport")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("A circle around a point")).to_be_checked()
    expect(page.get_by_label("Latitude (degrees)")).to_be_visible()
    expect(page.get_by_label("ICAO code of the airport")).to_be_hidden()


def test_the_form_does_not_wait_for_the_map(page: Page) -> None:
    """The choice is made before the map's data have come."""
    held: list[Route] = []
    page.route("**/atlas/**", lambda route: held.append(route))  # answered at the end
    page.goto("/kits/protect/", wait_until="domcontentloaded")
    page.get_by_text("A circle around a point").click()
    expect(page.get_by_label("Latitude (degrees)")).to_be_visible()
    page.get_by_role("button", name="Add an assumption").click()
    expect(page.locator("#id_assumptions-0-kind")).to_be_focused()
    for route in held:
        route.continue_()
    ready(page)
    expect(page.get_by_label("Latitude (degrees)")).to_be_visible()


def test_without_webgl_the_form_works_and_says_so(page: Page) -> None:
    page.add_init_script(
        "const given = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {"
        " return kind.startsWith('webgl') ? null : given.call(this, kind, ...rest); };"
    )
    page.goto("/kits/protect/?example=stadium")
    expect(page.locator("#no-map")).to_contain_text("The form works without.")
    expect(page.locator("#map")).to_be_hidden()
    page.get_by_text("A circle around a point").click()
    expect(page.get_by_label("Latitude (degrees)")).to_be_visible()
    page.get_by_text("An area drawn on the map or pasted").click()
    expect(page.get_by_label("Latitude (degrees)")).to_be_hidden()


def test_rows_come_and_go(page: Page) -> None:
    page.goto("/kits/protect/")
    ready(page)
    page.get_by_role("button", name="Add an assumption").click()
    expect(page.locator("#id_assumptions-0-kind")).to_be_focused()
    page.get_by_role("button", name="Add an assumption").click()
    page.locator("#assumptions").get_by_role("button", name="Remove").first.click()
    expect(page.locator("#id_assumptions-0-kind")).to_be_hidden()
    expect(page.locator("#id_assumptions-1-kind")).to_be_visible()


def test_errors_come_first_and_lead_to_their_fields(visit: BrowserContext) -> None:
    page = visit.new_page()  # the fixture's page takes the answer 422 for a complaint
    page.goto("/kits/protect/?example=stadium")
    ready(page)
    page.get_by_label("Budget", exact=True).fill("")
    page.get_by_role("button", name="Compose the kit").click()
    expect(page.locator("#errors")).to_be_focused()
    page.locator("#errors").get_by_role("link", name="Budget").click()
    expect(page.get_by_label("Budget", exact=True)).to_be_in_viewport()
    expect(page.locator("#id_budget_error")).to_have_text("This field is required.")


def test_a_search_is_stopped(page: Page) -> None:
    page.goto("/kits/protect/?example=airport")
    ready(page)
    page.get_by_role("button", name="Compose the kit").click()
    page.get_by_role("button", name="Stop, and keep the best so far").click()
    expect(page.locator("h1")).to_contain_text("Incheon International Airport")
    stopped_or_done = page.locator("#answer, .usa-alert--info")
    expect(stopped_or_done.first).to_be_visible(timeout=COMPOSED_WITHIN_MS)


def test_the_report_prints_with_its_label_on_every_page(composed: str, page: Page) -> None:
    page.goto(composed)
    page.get_by_role("link", name="Site report").click()
    expect(page.locator("h1")).to_contain_text("Incheon International Airport")
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    told = [re.sub(r"\s+", " ", sheet.extract_text()) for sheet in printed.pages]
    assert len(told) > 3
    for number, sheet in enumerate(told, start=1):
        assert "PUBLIC · SYNTHETIC: exercise data, not for buying" in sheet
        assert f"{number} / {len(told)}" in sheet
