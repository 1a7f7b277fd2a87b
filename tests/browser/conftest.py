"""A site of its own, served as a user would serve it, and Debian's Chromium to look at it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

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
STARTED_WITHIN_S = 30

expect.set_options(timeout=10_000)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running site with the built-in catalogue in a database of its own."""
    home = tmp_path_factory.mktemp("site")
    environment = {**os.environ, "SKYPACT_HOME": str(home)}
    command = [str(Path(sys.executable).with_name("skypact"))]
    prepare(command, environment)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = home / "serve.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, "serve", "--port", str(port), "--workers", "1"], env=environment, stdout=output, stderr=output
        )
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_it_answers(f"{address}/healthz", server, log)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def prepare(command: list[str], environment: dict[str, str]) -> None:
    """Fills the site's database with what the pages show."""
    subprocess.run([*command, "migrate"], env=environment, check=True, capture_output=True)


def wait_until_it_answers(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Returns once ``address`` answers; fails with the server's own words when it stopped or stays silent."""
    deadline = time.monotonic() + STARTED_WITHIN_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=1):  # noqa: S310
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"the site did not answer at {address}:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium without a window."""
    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is missing: run `make browser`, or apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
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
