"""The catalogue in a real browser: search as one types, comparison by keyboard, phones."""

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import PHONE

RADARS = "/catalogue/?category=sensor.radar"


def test_results_follow_what_is_typed_and_the_address_can_be_shared(page: Page) -> None:
    page.goto("/catalogue/")
    page.get_by_label("Search names, part numbers, vendors and descriptions").press_sequentially("echoguard")
    expect(page.locator(".cat-card")).to_have_count(1)
    expect(page.get_by_role("heading", name="EchoGuard")).to_be_visible()
    expect(page.locator("#q")).to_be_focused()
    assert "q=echoguard" in page.url
    page.reload()
    expect(page.locator(".cat-card")).to_have_count(1)


def test_filter_narrows_at_once_and_keeps_the_focus(page: Page) -> None:
    page.goto("/catalogue/")
    page.get_by_label("Radar", exact=False).and_(page.locator("[name=category][value='sensor.radar']")).focus()
    page.keyboard.press("Space")
    page.wait_for_url("**/catalogue/?**category=sensor.radar**")
    expect(page.locator("[name=category][value='sensor.radar']")).to_be_checked()
    expect(page.locator("[name=category][value='sensor.radar']")).to_be_focused()


def test_comparison_by_keyboard(page: Page) -> None:
    page.goto(RADARS)
    boxes = page.locator(".cat-card input[name=id]")
    for place, told in ((0, "1 listing to compare"), (1, "2 listings to compare")):
        boxes.nth(place).focus()
        page.keyboard.press("Space")
        expect(page.get_by_text(told)).to_be_visible()
    page.get_by_role("link", name="Compare", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Side by side")).to_be_visible()
    expect(page.locator("thead th")).to_have_count(2)


def test_choice_survives_another_search(page: Page) -> None:
    page.goto(RADARS)
    page.locator(".cat-card input[name=id]").first.focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("1 listing to compare")).to_be_visible()
    page.get_by_label("Search names, part numbers, vendors and descriptions").fill("nothing-like-this")
    expect(page.get_by_role("heading", name="Nothing here fits")).to_be_visible()
    expect(page.locator(".cat-chip input")).to_be_checked()


@pytest.mark.parametrize("locale", ["en-GB", "ko-KR"])
def test_pages_fit_a_phone(browser: Browser, site: str, locale: str) -> None:
    context = browser.new_context(base_url=site, viewport=PHONE, locale=locale)
    page = context.new_page()
    page.goto(RADARS)
    listing = page.locator(".cat-card__name a").first.get_attribute("href")
    vendor = page.locator(".cat-card__kind a").first.get_attribute("href")
    for path in (RADARS, listing, vendor, "/catalogue/?q=zeppelin"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"], path
    context.close()


def test_korean_page_speaks_korean(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, locale="ko-KR")
    page = context.new_page()
    page.goto("/catalogue/?q=레이더")
    expect(page.get_by_role("heading", name="카탈로그")).to_be_visible()
    assert page.locator(".cat-card").count() > 3
    context.close()
