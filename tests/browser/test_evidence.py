"""Evidence, documents and comparison as somebody sees them: nothing runs off a phone, in either language."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import DESKTOP, PHONE

PAGES = [
    "/catalogue/items/parrot-anafi/",
    "/catalogue/items/toris-aesa-drone-radar/",
    "/catalogue/items/skydio-x10/",
    "/catalogue/compare/?id=parrot-anafi&id=skydio-x10&id=skydio-x2d&id=deltaquad-pro&id=dji-mavic-2-enterprise&id=freefly-astro",
    "/documents/parrot-anafi/",
]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_runs_off_the_page(site: str, browser: Browser, path: str, language: str, size: dict[str, int]) -> None:
    page = browser.new_context(viewport=size, locale=language).new_page()
    response = page.goto(site + path)
    assert response is not None
    assert response.status == 200
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.context.close()


def test_the_test_behind_a_value_opens_by_keyboard(site: str, page: Page) -> None:
    page.goto(f"{site}/catalogue/items/parrot-anafi/")
    fold = page.locator(".cat-claim--tested details").first
    expect(fold.get_by_text("Conducted by")).to_be_hidden()
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(fold.get_by_text("Conducted by")).to_be_visible()
    expect(page.get_by_text("25.8 min counts: the best grade: tested goes before stated.")).to_be_visible()


def test_six_listings_print_on_landscape_pages(site: str, page: Page) -> None:
    page.goto(site + PAGES[3])
    page.emulate_media(media="print")
    for words in ("Download as CSV", "Remove"):
        expect(page.get_by_text(words).first).to_be_hidden()
    expect(page.locator("thead th")).to_have_count(6)
