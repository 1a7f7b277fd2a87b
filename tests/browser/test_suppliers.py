"""Vendors and editors in a real browser: upload, submit and decide by keyboard; pages fit a phone in both languages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import DESKTOP, PHONE
from tests.served import serving

PASSWORD = "correct horse battery staple"
VENDOR = "apc-propellers"


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site of its own, with a vendor's person and an editor."""
    home = tmp_path_factory.mktemp("market")
    environment = {**os.environ, "SKYPACT_HOME": str(home)}
    command = [str(Path(sys.executable).with_name("skypact"))]
    people = (["seller", "--vendor", VENDOR], ["editor", "--catalogue-editor"])
    create = [["account", "create", *person, "--password", PASSWORD] for person in people]
    for arguments in (["catalogue", "load-seed"], *create):
        subprocess.run([*command, *arguments], env=environment, check=True, capture_output=True)
    with serving(command, environment, log=home / "serve.log") as served:
        yield served.address


def visitor(browser: Browser, site: str, name: str, *, viewport: dict[str, int], locale: str = "en-GB") -> Page:
    page = browser.new_context(base_url=site, viewport=viewport, locale=locale).new_page()
    page.goto("/accounts/login/")
    page.locator("#id_login").fill(name)
    page.locator("#id_password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/accounts/login/" not in address)
    return page


def test_from_upload_to_approval_by_keyboard(browser: Browser, market: str, tmp_path: Path) -> None:
    seller = visitor(browser, market, "seller", viewport=DESKTOP)
    lines = seller.request.get(f"/catalogue/export/jsonl?vendor={VENDOR}").text().splitlines()
    records = [record for record in map(json.loads, lines) if "listing" in record]
    records[0]["listing"]["summary"] = "Another summary."
    file = tmp_path / "ours.jsonl"
    file.write_text("".join(f"{json.dumps(record)}\n" for record in records), encoding="utf-8")
    seller.goto("/suppliers/upload/")
    seller.get_by_label("File with your listings").set_input_files(file)
    seller.get_by_role("button", name="Upload and check").press("Enter")
    expect(seller.get_by_role("cell", name="Another summary.")).to_be_visible()
    seller.get_by_label("Message to the catalogue editor").fill("Please.")
    seller.get_by_role("button", name="Submit", exact=True).press("Enter")
    expect(seller.get_by_text("Waiting for a decision")).to_be_visible()
    address = seller.url
    for locale in ("en-GB", "ko-KR"):
        for name, viewport in (("seller", PHONE), ("editor", PHONE)):
            page = visitor(browser, market, name, viewport=viewport, locale=locale)
            own = ["/suppliers/", "/suppliers/upload/"] if name == "seller" else ["/suppliers/queue/"]
            for path in (*own, "/suppliers/submissions/", address):
                page.goto(path)
                assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"], path
    editor = visitor(browser, market, "editor", viewport=DESKTOP)
    editor.get_by_role("link", name="Submissions 1").press("Enter")
    editor.get_by_role("link", name="Submission 1", exact=True).press("Enter")
    expect(editor.get_by_text("Please.")).to_be_visible()
    editor.get_by_role("button", name="Approve all").press("Enter")
    expect(editor.get_by_role("heading", name="Nothing waits")).to_be_visible()
    seller.goto(f"/catalogue/items/{records[0]['listing']['id']}/")
    expect(seller.get_by_text("Another summary.")).to_be_visible()
