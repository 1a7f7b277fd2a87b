"""The live picture and the player from the command line, over sockets of this machine."""

from __future__ import annotations

import json
import signal
import socket
from collections.abc import Callable
from io import StringIO
from itertools import count
from pathlib import Path
from threading import Thread

import pytest
from rich.console import Console
from typer.testing import CliRunner

from skypact.cli.live import table
from skypact.cli.main import app
from skypact.conformance.listening import Address
from skypact.conformance.picture.framing import Unit
from skypact.conformance.picture.live import LivePicture
from skypact.conformance.picture.playing import Player, cues
from skypact.conformance.picture.receiving import Hub, Kept
from skypact.conformance.picture.scene import START_S, make

run = CliRunner().invoke
NAMES = ("radar", "node", "gateway", "receiver")


def test_ctrl_c_ends_a_live_picture_with_its_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The signal comes with the last message, so that nothing has to be waited for."""
    said = cues(make(1, seconds=15).recordings)
    keep, run_hub, arrived = Kept.keep, Hub.run, count(1)

    def kept(self: Kept, label: str, unit: Unit, arrival_s: float) -> None:
        keep(self, label, unit, arrival_s)
        if next(arrived) == len(said):
            signal.raise_signal(signal.SIGINT)

    def played(self: Hub, tick: Callable[[], bool], every_s: float = 1.0) -> None:
        with Player({name: Address("udp", "127.0.0.1", port) for name, port in self.ports.items()}) as player:
            playing = Thread(target=player.play, args=(said,), kwargs={"speed": 100})
            playing.start()
            try:
                run_hub(self, tick, every_s)
            finally:
                playing.join()

    monkeypatch.setattr(Kept, "keep", kept)
    monkeypatch.setattr(Hub, "run", played)
    replay = ["--as-of", "2026-03-02T10:00:00", "--speed", "10", "--delay", "60", "--seconds", "120"]
    options = ["--json", "--keep", str(tmp_path / "kept"), "--party", "CAT048 25/201=KR"]
    live = run(app, ["lab", "live", *(f"{name}=udp://127.0.0.1:0" for name in NAMES), *replay, *options])
    report = json.loads(live.stdout)
    assert (live.exit_code, report["together"], len(report["tracks"])) == (0, "yes", 2)
    assert [f"{name}: listening on port" in live.stderr for name in NAMES] == [True] * 4
    assert "Stopped." in live.stderr
    assert [one["party"] for one in report["sources"] if one["name"] == "CAT048 25/201"] == ["KR"]
    assert sorted(one.name for one in (tmp_path / "kept").iterdir()) == sorted(f"{name}.pcap" for name in NAMES)
    again = run(app, ["lab", "picture", *(str(tmp_path / "kept" / f"{name}.pcap") for name in NAMES), "--json"])
    assert json.loads(again.stdout)["tracks"] == report["tracks"]


def test_nothing_that_arrives_is_no_picture() -> None:
    result = run(app, ["lab", "live", "x=udp://127.0.0.1:0", "--seconds", "1"])
    assert (result.exit_code, "there is no picture" in result.stderr) == (3, True)


@pytest.mark.django_db(transaction=True)
def test_a_published_picture_is_opened_and_ended_on_the_site() -> None:
    from skypact.market.pictures.models import LiveSession

    result = run(
        app, ["lab", "live", "x=udp://127.0.0.1:0", "--seconds", "1", "--publish", "Trial", "--release", "PUBLIC"]
    )
    assert result.exit_code == 3
    (session,) = LiveSession.objects.all()
    assert (session.title, session.release, session.ended_at is None, session.picture_id) == (
        "Trial",
        "PUBLIC",
        False,
        None,
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("by_hash", [False, True])
def test_a_published_picture_is_of_the_kit_that_is_named(by_hash: bool) -> None:
    from tests.market.kits.samples import stored

    from skypact.market.pictures.models import LiveSession

    kit = stored()
    said = kit.kit.content_hash() if by_hash else kit.pk
    result = run(app, ["lab", "live", "x=udp://127.0.0.1:0", "--seconds", "1", "--publish", "Trial", "--kit", said])
    assert (result.exit_code, [one.kit for one in LiveSession.objects.all()]) == (3, [kit.pk])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("words", [["--kit", "none"], ["--kit", "0" * 64, "--publish", "Trial"]])
def test_a_kit_that_nobody_knows_ends_it_before_it_begins(words: list[str]) -> None:
    from skypact.market.pictures.models import LiveSession

    result = run(app, ["lab", "live", "x=udp://127.0.0.1:0", "--seconds", "1", *words])
    assert (result.exit_code, "there is no kit" in result.stderr) == (2, True)
    assert "listening" not in result.stderr
    assert not LiveSession.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_that_staff_ended_and_a_full_disk_cost_no_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from skypact.cli.live import _Published
    from skypact.market.core.access import Actor
    from skypact.market.pictures import live
    from skypact.market.pictures.actions import EndLive
    from skypact.market.pictures.models import LiveSession, Picture

    def full(*anything: object) -> None:
        raise OSError(28, "No space left on device")

    state = LivePicture(background=False).state(START_S)
    shown = _Published("Trial", "PUBLIC")
    session = LiveSession.objects.get().pk
    with monkeypatch.context() as patch:
        patch.setattr(live, "write", full)
        shown.show(state)
        shown.show(state)
    assert capsys.readouterr().err.count("No space left on device") == 1
    EndLive(actor=Actor.system("somebody else"), session=session).execute()
    shown.show(state)
    shown.end(None)
    assert "has ended already" in capsys.readouterr().err
    assert (live.heard_s(session), Picture.objects.count()) == (None, 0)


@pytest.mark.parametrize(
    ("feed", "said"),
    [("udp://127.0.0.1:0", "NAME=URL, such as"), ("x=udp://127.0.0.1:0?format=word", "nothing, or ?format= with klv")],
)
def test_a_feed_that_is_none_is_refused(feed: str, said: str) -> None:
    result = run(app, ["lab", "live", feed])
    assert (result.exit_code, said in result.stderr) == (2, True)


def test_a_folder_is_played_to_whoever_listens(tmp_path: Path) -> None:
    for one in make(1, seconds=4).recordings:
        (tmp_path / one.name).write_bytes(one.data)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.bind(("127.0.0.1", 0))
        own.settimeout(600)
        target = f"gateway=udp://127.0.0.1:{own.getsockname()[1]}"
        result = run(app, ["lab", "play", str(tmp_path), target, "--speed", "100"])
        heard = [own.recv(2000) for _ in range(2)]
    assert (result.exit_code, "Sent 2 messages" in result.stderr) == (0, True)
    assert "Playing 2 messages" in result.stderr
    assert b"".join(heard) == make(1, seconds=4).recordings[2].data


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["scene:x", "a=udp://127.0.0.1:9"], "scene: and a whole number"),
        (["/none/such", "a=udp://127.0.0.1:9"], "is no folder"),
        (["scene:1", "a=udp://127.0.0.1:9", "--seconds", "2"], 'no recording is called "a"'),
        (["scene:1", "radar=udp://127.0.0.1:9", "--fault", "rain"], "axes swapped"),
    ],
)
def test_what_cannot_be_played_is_refused(words: list[str], said: str) -> None:
    result = run(app, ["lab", "play", *words])
    assert (result.exit_code, said in result.stderr) == (2, True)


def test_the_table_shows_who_is_heard_and_what_is_tracked() -> None:
    picture = LivePicture(background=False, check_s=1e9, parties={"CAT048 25/201": "KR"})
    for cue in cues(make(1, seconds=6).recordings):
        picture.feed(cue.name, None, cue.data, cue.time_s)
    picture.feed("noise", None, b"\xee" * 7, START_S + 6, datagram=True)
    picture.finish()
    console = Console(width=200, record=True, file=StringIO())
    console.print(table(picture.state(START_S + 7)))
    shown = console.export_text()
    assert "CAT048 25/201 (KR)" in shown
    assert "SYN1F0000000000ALPHA" in shown
    assert "noise: 7 broken bytes" in shown
