"""A site of its own, served as a user would serve it, and Debian's Chromium to look at it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from tests.served import serving

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}

#: Milliseconds that a page may take on a machine under any load; what is there is found at once.
PATIENCE = 120_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running site with the built-in catalogue in a database of its own."""
    home = tmp_path_factory.mktemp("site")
    environment = {**os.environ, "SKYPACT_HOME": str(home)}
    command = [str(Path(sys.executable).with_name("skypact"))]
    prepare(command, environment)
    with serving(command, environment, log=home / "serve.log") as served:
        yield served.address


def prepare(command: list[str], environment: dict[str, str]) -> None:
    """Fills the site's database with what the pages show."""
    subprocess.run([*command, "catalogue", "load-seed"], env=environment, check=True, capture_output=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is missing: run `make system`, or apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, timeout=PATIENCE)
        new_context = chromium.new_context

        def patient(**options: Any) -> BrowserContext:
            context = new_context(**options)
            context.set_default_timeout(PATIENCE)
            return context

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(chromium, "new_context", patient)
            yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[BrowserContext]:
    """A fresh visitor at a desk, who speaks English; relative addresses lead to the site."""
    context = browser.new_context(base_url=site, viewport=DESKTOP, locale="en-GB")
    yield context
    context.close()


@pytest.fixture
def page(visit: BrowserContext) -> Iterator[Page]:
    """A page whose console must stay free of errors, the content security policy's among them, and of foreign hosts."""
    page = visit.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: _note_foreign(request.url, complaints))
    yield page
    assert complaints == []


def _note_foreign(url: str, complaints: list[str]) -> None:
    if not url.startswith(("http://127.0.0.1:", "blob:", "data:")):
        complaints.append(f"the page asked {url}")
