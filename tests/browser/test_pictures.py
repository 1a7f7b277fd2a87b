"""Combined pictures as people look at them: played along the time, without a map, live, on a phone in Korean."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import PHONE
from tests.served import serving

ROOT = Path(__file__).parents[2]
PICTURE = "/pictures/00000000-0000-0000-0000-000000000001/"
SESSION = "00000000-0000-0000-0000-000000000002"

KEEP_PICTURES = """
from skypact.market.site import open_site
open_site()
from uuid import UUID
from skypact.conformance.picture import Cause
from skypact.conformance.picture.scene import make
from skypact.market.pictures.actions import keep
from skypact.market.pictures.models import LiveSession, Picture
from skypact.market.pictures.working import Question, make as combined

scene = make(1, fault=Cause.PLACE, seconds=30)
made = combined(Question(names=tuple(one.name for one in scene.recordings)), list(scene.recordings))
picture = Picture(id=UUID(int=1), title="Range day", release="PUBLIC", by="tests")
keep(picture, made.report, made.drawing.model_dump_json())
picture.save(force_insert=True)
LiveSession.objects.create(id=UUID(int=2), title="Range now", release="PUBLIC", by="tests")
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures-site")


@pytest.fixture(scope="module")
def site(home: Path) -> Iterator[str]:
    """A site of its own that holds one picture, in which a source disagrees, and one live session."""
    environment = {**os.environ, "SKYPACT_HOME": str(home), "SKYPACT_LIMIT_ANONYMOUS": "off"}
    subprocess.run([sys.executable, "-c", KEEP_PICTURES], env=environment, cwd=ROOT, check=True)
    with serving([str(Path(sys.executable).with_name("skypact"))], environment, log=home / "serve.log") as served:
        yield served.address


def state(latitude: float) -> dict[str, object]:
    """What a session shows: one track, one source."""
    source = {
        "name": "CoT gateway",
        "party": "KR",
        "latency": {"median_s": 0.3, "largest_s": 1.0},
        "loss": None,
        "silent_s": 0.4,
        "disagreement": "clock shifted: its clock is 11.0 s behind",
    }
    track = {
        "number": 7,
        "longitude_deg": 127.02,
        "latitude_deg": latitude,
        "height_m": 160.0,
        "east_m_s": 12.0,
        "north_m_s": 0.0,
        "sigma_m": 4.0,
        "age_s": 1.0,
        "contributors": [{"source": "CoT gateway"}],
        "identities": ["ALPHA"],
        "trail": [[127.019, 37.53], [127.0195, 37.53]],
    }
    return {"now_s": 1_772_445_600.0, "tracks": [track], "sources": [source], "together": "no", "reasons": ["why"]}


def say(home: Path, document: dict[str, object], *, age_s: float = -600.0) -> None:
    """Writes the state of the session, as old as it should be; one of the future is new, however slow the machine."""
    folder = home / "live"
    folder.mkdir(exist_ok=True)
    incoming = folder / "incoming"
    incoming.write_text(json.dumps(document))
    os.utime(incoming, (time.time() - age_s, time.time() - age_s))
    incoming.replace(folder / f"{SESSION}.json")


def ready(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#map[data-ready]")).to_be_attached()


def test_a_picture_is_played_by_keyboard(page: Page) -> None:
    ready(page, PICTURE)
    expect(page.get_by_role("heading", name="A source disagrees with the others")).to_be_visible()
    expect(page.locator(".pic-disagreements li")).to_contain_text("place shifted")
    expect(page.locator("#sketch")).to_be_hidden()
    expect(page.locator(".pic-number-pin--map").first).to_be_visible()
    clock, slider = page.locator("#clock"), page.get_by_label("Time", exact=True)
    at_end = clock.inner_text()
    slider.focus()
    page.keyboard.press("PageDown")
    expect(clock).not_to_have_text(at_end)
    before = clock.inner_text()
    page.keyboard.press("Space")
    expect(clock).not_to_have_text(before)
    expect(clock).to_have_text(at_end)  # 10 s at five times the speed
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.get_by_label("Fused tracks").uncheck()
    expect(page.locator(".pic-number-pin--map").first).to_be_hidden()


def test_without_a_map_the_drawing_and_the_tables_say_it(page: Page) -> None:
    page.add_init_script("HTMLCanvasElement.prototype.getContext = () => null")
    page.goto(PICTURE)
    expect(page.locator("#no-map")).to_be_visible()
    expect(page.locator("#sketch svg")).to_be_visible()
    expect(page.get_by_role("heading", name="Who contributed to which track")).to_be_visible()


def test_live_tracks_move_and_old_data_is_told_to_be_old(page: Page, home: Path) -> None:
    say(home, state(37.53))
    ready(page, f"/pictures/live/{SESSION}/")
    expect(page.locator("#heard")).to_have_text("Live now")
    expect(page.locator("#live-tracks")).to_contain_text("37.53000")
    expect(page.locator("#live-sources")).to_contain_text("its clock is 11.0 s behind")
    say(home, state(37.54))
    expect(page.locator("#live-tracks")).to_contain_text("37.54000")
    say(home, state(37.55), age_s=60)
    expect(page.locator("#stale")).to_contain_text("Old data: last heard 6")
    expect(page.locator(".pic-map--stale")).to_be_attached()
    say(home, state(37.56))
    expect(page.locator("#stale")).to_be_hidden()


def test_korean_on_a_phone(page: Page, home: Path) -> None:
    page.set_viewport_size(PHONE)
    say(home, state(37.53))
    for address, words in (
        (PICTURE, "한 출처가 다른 출처들과 어긋남"),
        ("/pictures/", "통합 상황도"),
        (f"/pictures/live/{SESSION}/", "출처"),
    ):
        page.goto(address)
        if page.get_by_role("button", name="한국어").count():
            page.get_by_role("button", name="한국어").click()
        expect(page.locator("main")).to_contain_text(words)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
