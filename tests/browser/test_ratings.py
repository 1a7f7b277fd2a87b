"""Ratings in a real browser: a unit rates, a vendor replies, another unit finds it useful; phones; without scripts."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import DESKTOP, PHONE, prepare
from tests.served import serving

LISTING = "/catalogue/items/echodyne-echoguard/"
PASSWORD = "correct horse battery staple"
PEOPLE = (
    ("kim", "--nation", "KR", "--role", "military", "--organisation", "3rd Test Squadron"),
    ("lee", "--nation", "US", "--role", "military", "--organisation", "7th Trial Company"),
    ("sam", "--vendor", "echodyne"),
)
ACCEPTANCE = (
    *("rating", "accept", "echodyne-echoguard", "--organisation", "3rd Test Squadron", "--nation", "KR"),
    *("--delivery", "D-1", "--accepted-on", "2026-10-01", "--quantity", "4"),
)


@pytest.fixture(scope="module")
def rated_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site with two units, a vendor's person, and one accepted delivery."""
    home = tmp_path_factory.mktemp("rated-site")
    environment = {**os.environ, "SKYPACT_HOME": str(home)}
    command = [str(Path(sys.executable).with_name("skypact"))]
    prepare(command, environment)
    for person in PEOPLE:
        create = [*command, "account", "create", *person]
        typed = f"{PASSWORD}\n{PASSWORD}\n".encode()
        subprocess.run(create, env=environment, check=True, capture_output=True, input=typed)
    subprocess.run([*command, *ACCEPTANCE], env=environment, check=True, capture_output=True)
    with serving(command, environment, log=home / "serve.log") as served:
        yield served.address


def signed_in(browser: Browser, site: str, name: str, *, locale: str = "en-GB", scripts: bool = True) -> Page:
    """The listing's page as ``name`` sees it."""
    context = browser.new_context(base_url=site, viewport=DESKTOP, locale=locale, java_script_enabled=scripts)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.goto(LISTING)
    return page


def test_from_a_delivery_to_a_useful_rating(browser: Browser, rated_site: str) -> None:
    kim = signed_in(browser, rated_site, "kim", scripts=False)
    kim.get_by_role("link", name="Rate delivery D-1").click()
    kim.locator("label[for=id_score_3]").click()
    kim.get_by_label("What is good").fill("Sees far.")
    kim.get_by_label("What is bad").fill("Heavy.")
    kim.get_by_role("button", name="Save the rating").click()
    expect(kim.locator("#ratings")).to_contain_text("of 5, from 1 rating")

    sam = signed_in(browser, rated_site, "sam")
    sam.get_by_role("link", name="Reply", exact=True).click()
    sam.get_by_label("Reply").fill("A lighter mast is coming.")
    sam.get_by_role("button", name="Save the reply").click()
    expect(sam.locator(".rat-reply")).to_contain_text("A lighter mast is coming.")

    lee = signed_in(browser, rated_site, "lee")
    lee.get_by_role("button", name="Yes", exact=True).focus()
    lee.keyboard.press("Enter")
    expect(lee.locator(".rat-acts")).to_contain_text("Useful: 1 yes, 0 no")
    expect(lee.get_by_role("button", name="Yes ✓")).to_have_attribute("aria-pressed", "true")
    expect(lee.locator("#ratings")).not_to_contain_text("3rd Test Squadron")

    public = browser.new_context(base_url=rated_site).new_page()
    public.goto(LISTING)
    expect(public.locator("#ratings")).to_contain_text("Unrated.")


def test_pages_fit_a_phone_in_korean(browser: Browser, rated_site: str) -> None:
    page = signed_in(browser, rated_site, "kim", locale="ko-KR")
    page.set_viewport_size(PHONE)
    for path in (LISTING, "/ratings/acceptances/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    expect(page.get_by_role("heading", name="인수한 납품")).to_be_visible()
