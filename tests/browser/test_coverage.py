"""What a kit sees, as people explore it: by dragging, by keyboard, with forms alone, on a phone, in both languages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from tests.browser.conftest import PHONE
from tests.served import serving

KIT = "/kits/field/coverage/"
ROOT = Path(__file__).parents[2]
FIRST = ".cov-sensor >> nth=0"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site of its own, without a catalogue, that holds one kit of made-up radars over generated relief."""
    home = tmp_path_factory.mktemp("coverage-site")
    environment = {**os.environ, "SKYPACT_HOME": str(home)}
    subprocess.run([sys.executable, "-c", KEEP_A_KIT], env=environment, cwd=ROOT, check=True)
    with serving([str(Path(sys.executable).with_name("skypact"))], environment, log=home / "serve.log") as served:
        yield served.address


KEEP_A_KIT = """
from skypact.market.site import open_site
open_site()
from django.conf import settings
from tests.engines.kit.requirements import PLACE, requirement
from tests.engines.made_up import DAY, OTHER_VENDOR, VENDOR, claim, hub, sensor
from skypact.engines.kit import compose
from skypact.market.core.access import Actor
from skypact.market.kits.actions import PublishKit
from skypact.market.kits.rendering import write_pictures
from skypact.market.kits.terrain import terrain_of
from skypact.market.kits.watching import write_watch
from skypact.seed import rules, threats

asked = requirement(site={"name": "Field", "name_ko": "들판"},
                    detection={"share": 0.8, "spacing_m": 50, "heights_m": [30, 60]})
found = compose(asked, place=PLACE, nation="KR", listings=[sensor("RADAR", "radar", 1200, "50000", width=120), hub("HUB", "1000", fusion={"sensors_max": claim(8, "1")})],
                vendors=[VENDOR, OTHER_VENDOR], threats=threats(), rules=rules(), terrain=terrain_of(asked), on=DAY, revision="test")
pictures = settings.HOME / "pictures"
pictures.mkdir()
write_pictures(pictures, relief=found.terrain, layers=found.layers)
write_watch(pictures, found.watch, found.terrain)
(settings.HOME / "kits").mkdir()
PublishKit(actor=Actor.system("tests"), kit=found.kit.model_copy(update={"id": "field"}), pictures=pictures).execute()
"""  # noqa: E501


def ready(page: Page, address: str = KIT) -> None:
    page.goto(address)
    expect(page.locator("#map[data-ready]")).to_be_attached()


def figure(page: Page) -> Locator:
    """The figure of the first case."""
    return page.locator(".cov-cases tbody tr").first.locator("strong").first


def share(page: Page) -> str:
    """The figure of the first case as the page tells it now."""
    return figure(page).inner_text()


def test_the_kits_page_leads_here(page: Page) -> None:
    page.goto("/kits/field/")
    page.get_by_role("link", name="Explore coverage").click()
    expect(page.locator("#map[data-ready]")).to_be_attached()
    expect(page.get_by_role("heading", level=1)).to_contain_text("What the kit sees")
    expect(page.locator("#drawing")).to_be_hidden()


def test_dragging_a_sensor_changes_the_figures_and_the_address(page: Page) -> None:
    ready(page)
    before = share(page)
    page.locator("#map").scroll_into_view_if_needed()
    box = page.locator(FIRST).bounding_box()
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    with page.expect_response(lambda answer: "/tiles/" in answer.url and "move=" in answer.url):
        page.mouse.move(*middle)
        page.mouse.down()
        page.mouse.move(middle[0] + 150, middle[1] + 120, steps=4)
        page.mouse.up()
    expect(page.get_by_role("heading", name="What changed")).to_be_visible()
    expect(figure(page)).not_to_have_text(before)  # the first answers are on the way of the drag
    expect(page).to_have_url(re.compile(r"move=.*layer=kinds-"))
    moved = page.url
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Share covered")).to_be_visible()
    assert share(page) == before
    page.get_by_role("button", name="Redo").click()
    expect(page.get_by_role("heading", name="What changed")).to_be_visible()
    page.goto(moved)
    expect(page.get_by_role("heading", name="What changed")).to_be_visible()
    page.get_by_role("link", name="All back to the kit").click()
    assert share(page) == before


def test_by_keyboard_alone(page: Page) -> None:
    ready(page)
    sensor = page.locator(FIRST)
    sensor.focus()
    expect(sensor).to_have_attribute("aria-pressed", "true")
    latitude = float(page.get_by_label("Latitude (degrees)").input_value())
    for key in ("Shift+ArrowUp", "ArrowUp", "+", "+"):
        page.keyboard.press(key)
    expect(page.locator(".cov-moved li")).to_contain_text("110 m")
    expect(page.locator(".cov-moved li")).to_contain_text("mast")
    north = float(page.get_by_label("Latitude (degrees)").input_value()) - latitude
    assert round(north * 111_195) == 110
    page.keyboard.press("Control+z")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Share covered")).to_be_visible()


def test_layers_and_heights(page: Page) -> None:
    ready(page)
    with page.expect_request("**/tiles/lowest-*/**"):
        page.get_by_text("Lowest height that is seen").click()
    expect(page.get_by_text("from 120 m on")).to_be_visible()
    expect(page.get_by_label("Height above ground (m)")).to_be_hidden()
    page.get_by_text("Blind: not seen as asked").click()
    with page.expect_request("**/tiles/blind-*-95/**"):
        page.get_by_label("Height above ground (m)").fill("95")
        page.get_by_label("Height above ground (m)").press("Tab")
    expect(page).to_have_url(re.compile("layer=blind-.*-95"))


def test_a_line_drawn_on_the_map_is_a_profile(page: Page) -> None:
    ready(page)
    canvas = page.locator("#map canvas")
    page.locator(FIRST).click()
    expect(page.locator(FIRST)).to_have_attribute("aria-pressed", "true")
    canvas.click(position={"x": 60, "y": 200})
    expect(page.locator(FIRST)).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="Draw a profile").click()
    canvas.click(position={"x": 60, "y": 60})
    canvas.click(position={"x": 800, "y": 90})
    canvas.press("Enter")
    expect(page.get_by_role("img", name="Profile: ground")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="All places (CSV)").click()
    assert download.value.path().read_text().startswith("distance_m,longitude,latitude")
    page.get_by_text("The profile as a table").click()
    assert page.locator("#profile-table tbody tr").count() == 25


def test_a_place_outside_the_relief_is_refused_in_words(visit: BrowserContext) -> None:
    page = visit.new_page()  # the fixture's page takes the answer 422 for a complaint
    ready(page)
    page.get_by_label("Longitude (degrees)").fill("10")
    page.get_by_role("button", name="Try it there").click()
    expect(page.locator("#status")).to_contain_text("a place on the relief")
    expect(page.get_by_role("heading", name="Share covered")).to_be_visible()


def test_without_a_script_the_forms_do_it(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(KIT)
    expect(page.locator("#drawing svg")).to_be_visible()
    page.get_by_label("Mast (m)").fill("40")
    page.get_by_role("button", name="Try it there").click()
    expect(page.locator(".cov-moved li")).to_contain_text("→ 40 m")
    page.locator("#sensor").select_option(index=1)
    position = page.get_by_label("Longitude (degrees)").input_value()
    latitude = float(page.get_by_label("Latitude (degrees)").input_value()) + 0.01
    page.get_by_label("To (longitude, latitude)").fill(f"{position}, {latitude}")
    page.get_by_role("button", name="Show the profile").click()
    expect(page.get_by_role("img", name="Profile: ground")).to_be_visible()
    expect(page.locator(".cov-moved li")).to_contain_text("→ 40 m")
    context.close()


def test_without_webgl_the_picture_stays(page: Page) -> None:
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(KIT)
    expect(page.locator("#no-map")).to_be_visible()
    expect(page.locator("#drawing svg")).to_be_visible()
    expect(page.locator("#map")).to_be_hidden()


def test_korean_on_a_phone(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto(KIT)
    page.get_by_role("button", name="한국어").click()
    expect(page.locator("#map[data-ready]")).to_be_attached()
    expect(page.get_by_role("heading", level=1)).to_contain_text("키트가 보는 범위")
    page.locator(FIRST).focus()
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.get_by_role("heading", name="달라진 점")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.fixture
def troubled(visit: BrowserContext) -> Page:
    """A page whose console may complain: something is made to fail."""
    return visit.new_page()


def test_a_map_whose_coast_cannot_be_fetched_leaves_the_picture_and_the_forms(troubled: Page) -> None:
    troubled.route("**/atlas/land-10m*", lambda route: route.abort())
    troubled.goto(KIT)
    expect(troubled.locator("#no-map")).to_contain_text("The map could not be drawn (land-10m.json: ")
    expect(troubled.locator("#map")).to_be_hidden()
    expect(troubled.locator("#drawing")).to_be_visible()
    expect(troubled.get_by_role("button", name="Show this layer")).to_be_visible()
    before = share(troubled)
    troubled.get_by_label("Height above ground (m)").fill("30")
    troubled.get_by_role("button", name="Show this layer").click()
    expect(troubled).to_have_url(re.compile(r"height=30"))
    assert share(troubled) == before


def test_a_tile_that_fails_is_said_and_the_map_stays(troubled: Page) -> None:
    troubled.route("**/coverage/tiles/**", lambda route: route.fulfill(status=503, body="no"))
    ready(troubled)
    expect(troubled.locator("#status")).to_contain_text("Part of the layer could not be fetched (")
    expect(troubled.locator("#map")).to_be_visible()


def test_graphics_that_are_lost_and_come_back(troubled: Page) -> None:
    ready(troubled)
    lost = "window.lost = document.querySelector('#map canvas').getContext('webgl2').getExtension('WEBGL_lose_context')"
    troubled.evaluate(f"() => {{ {lost}; window.lost.loseContext(); }}")
    expect(troubled.locator("#no-map")).to_have_text(re.compile(r"The map could not be drawn \(WebGL\)\."))
    expect(troubled.locator("#map")).to_be_hidden()
    troubled.evaluate("() => window.lost.restoreContext()")
    expect(troubled.locator("#map")).to_be_visible()
    expect(troubled.locator("#no-map")).to_be_hidden()
