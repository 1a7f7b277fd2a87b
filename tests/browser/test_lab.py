"""A vendor tests an interface in a real browser: by keyboard from the form to the badge, without script, on a phone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.test_suppliers import PASSWORD, visitor
from tests.served import serving

from skypact.conformance.klv.samples import items, packet, stream

VENDOR = "echodyne"
LISTING = "echodyne-echoshield"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site of its own with a vendor's person."""
    home = tmp_path_factory.mktemp("lab")
    environment = {**os.environ, "SKYPACT_HOME": str(home), "SKYPACT_LIMIT_ANONYMOUS": "off"}
    command = [str(Path(sys.executable).with_name("skypact"))]
    create = ["account", "create", "seller", "--vendor", VENDOR, "--password", PASSWORD]
    for arguments in (["catalogue", "load-seed"], create):
        subprocess.run([*command, *arguments], env=environment, check=True, capture_output=True)
    with serving(command, environment, log=home / "serve.log") as served:
        yield served.address


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """What a product sent: the lab takes no sample of its own for one."""
    file = tmp_path / "flight.klv"
    file.write_bytes(stream() + packet(items(3)))
    return file


def tab_to(page: Page, name: str) -> None:
    """Moves by the tabulator key alone to the control named ``name``."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name || document.activeElement.innerText") == name:
            return
    pytest.fail(f"no way by keyboard to {name}")


def test_from_the_form_to_the_badge_by_keyboard(browser: Browser, lab: str, recording: Path) -> None:
    page = visitor(browser, lab, "seller", viewport=DESKTOP)
    page.goto("/lab/")
    expect(page.locator("#id_claim")).to_be_disabled()
    for name, typed in (("listing", "EchoShield"), ("standard", "MISB ST 0601"), ("claim", "ST 0601.12")):
        tab_to(page, name)
        page.keyboard.type(typed)
    expect(page.locator("#id_claim option")).to_have_count(20)
    expect(page.locator("[data-standard=klv]")).to_be_visible()
    expect(page.locator("[data-standard=sapient]")).to_be_hidden()
    page.get_by_label("Recording", exact=True).set_input_files(recording)
    tab_to(page, "firmware")
    page.keyboard.type("1.4")
    tab_to(page, "Test")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="MISB ST 0601.12: conforms")).to_be_visible()
    tab_to(page, "Attach to EchoShield")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The result stands at this listing now.")).to_be_visible()
    page.goto(f"/catalogue/items/{LISTING}/")
    expect(page.locator(".lab-badge--proves")).to_contain_text("MISB ST 0601.12")
    phone = visitor(browser, lab, "seller", viewport=PHONE, locale="ko-KR")
    for path in ("/lab/", f"/lab/?listing={LISTING}&standard=asterix", f"/lab/results/{LISTING}/", "/lab/due/"):
        phone.goto(path)
        assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"], path


def test_without_script_the_versions_stand_in_groups_and_the_server_checks_them(
    browser: Browser, lab: str, recording: Path
) -> None:
    page = browser.new_context(base_url=lab, viewport=DESKTOP, java_script_enabled=False).new_page()
    page.goto("/lab/")
    page.get_by_label("Standard", exact=True).select_option("sapient")
    page.get_by_label("Version that the maker claims").select_option("klv/ST 0601.12")
    page.get_by_label("Recording", exact=True).set_input_files(recording)
    page.get_by_role("button", name="Test", exact=True).click()
    expect(page.get_by_text("ST 0601.12 is no version of SAPIENT, BSI Flex 335 v2")).to_be_visible()
    page.get_by_label("Standard", exact=True).select_option("klv")
    page.get_by_label("Recording", exact=True).set_input_files(recording)
    page.get_by_role("button", name="Test", exact=True).click()
    expect(page.get_by_role("heading", name="MISB ST 0601.12: conforms")).to_be_visible()
    expect(page.get_by_role("link", name="Download the report (JSON, not signed)")).to_be_visible()
    page.context.close()
