"""Sockets on this machine: played scenes arrive whole, and what is fused goes out to whoever listens."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from skypact.conformance import STANDARDS
from skypact.conformance.cot import events
from skypact.conformance.listening import Address
from skypact.conformance.picture import Together, combine
from skypact.conformance.picture.live import LivePicture
from skypact.conformance.picture.outlets import Outlet, Sender
from skypact.conformance.picture.playing import Player, cues
from skypact.conformance.picture.receiving import FeedAddress, Hub, Kept
from skypact.conformance.picture.scene import START_S, make
from skypact.conformance.picture.sending import Outgoing
from skypact.conformance.sapient import wire
from skypact.conformance.sapient.samples import stream
from skypact.conformance.standard import Recording
from skypact.schema import InputError
from tests.conformance.picture.test_sending import HERE, PICTURE

SPEED = 20.0


def clock(speed: float = SPEED) -> Callable[[], float]:
    begun = time.monotonic()
    return lambda: START_S + speed * (time.monotonic() - begun)


def test_a_scene_through_sockets_gives_the_picture_of_its_recordings(tmp_path: Path) -> None:
    scene = make(1, seconds=20)
    said = cues(scene.recordings)
    kept, sender = Kept(), Sender(Outlet(str(tmp_path / "out.tak")), "cot", clock())
    picture = LivePicture(
        keep=kept.keep, send=sender.take, sent=lambda: (sender.sent(),), delay_s=30.0, check_s=1e9, background=False
    )
    feeds = [
        "radar=udp://127.0.0.1:0",
        "node=tcp://127.0.0.1:0",
        "gateway=tcp://127.0.0.1:0",
        "receiver=udp://127.0.0.1:0",
    ]
    with Hub([FeedAddress.of_text(one) for one in feeds], picture, sender.clock) as hub:
        schemes = {"radar": "udp", "node": "tcp", "gateway": "tcp", "receiver": "udp"}
        targets = {name: Address(schemes[name], "127.0.0.1", port) for name, port in hub.ports.items()}

        def played() -> None:
            with Player(targets) as player:
                assert player.play(said, speed=SPEED) == len(said)

        thread = threading.Thread(target=played)
        thread.start()
        hub.run(lambda: thread.is_alive() or len(picture.state(sender.clock()).sources) < 4, every_s=0.05)
        hub.run(_once(), every_s=0.2)
        thread.join()
    picture.finish()
    sender.close()
    state, offline = picture.state(sender.clock()), combine(scene.recordings)
    assert [{one.source: one.looks for one in track.contributors} for track in state.tracks] == [
        {one.source: one.looks for one in track.contributions} for track in offline.tracks
    ]
    again = combine(kept.recordings())
    assert (again.together, again.reasons) == (Together.YES, offline.reasons)
    assert [one.states[-1].latitude_deg for one in again.tracks] == pytest.approx(
        [one.states[-1].latitude_deg for one in offline.tracks], abs=1e-6
    )
    assert all(one.latency is not None for one in again.sources)
    (sent,) = state.sent
    assert (sent.failed, sent.messages) == (0, len(list(events.read((tmp_path / "out.tak").read_bytes()))))
    assert sent.latency is not None


def _once() -> Callable[[], bool]:
    calls = iter([True, True, False])
    return lambda: next(calls)


def test_a_product_that_listens_is_connected_to_answered_and_found_again() -> None:
    picture = LivePicture(background=False, check_s=1e9)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(600)
        address = FeedAddress.of_text(f"node=tcp-connect://127.0.0.1:{server.getsockname()[1]}?format=sapient")
        answers = []

        def product() -> None:
            for _ in range(2):
                connection, _ = server.accept()
                with connection:
                    connection.sendall(stream())
                    answers.append(connection.recv(1000))

        thread = threading.Thread(target=product)
        thread.start()
        with Hub([address], picture, lambda: START_S + 5) as hub:
            hub.run(thread.is_alive, every_s=0.1)
        thread.join()
    assert [next(iter(wire.read(one))).registration_ack.acceptance for one in answers] == [True, True]
    (feed,) = picture.state(START_S + 6).feeds
    assert feed.messages >= 6
    assert (feed.format, feed.broken_bytes) == ("sapient", 0)


@pytest.mark.parametrize(
    "said",
    ["udp://127.0.0.1:1", "x=", "x=ftp://h:1", "x=udp://h", "x=udp://127.0.0.1:1?format=word", "x=udp://h:1?to=1"],
)
def test_a_feed_that_is_none_is_refused(said: str) -> None:
    with pytest.raises(InputError):
        FeedAddress.of_text(said)


def test_a_name_given_twice_and_a_port_in_use_are_refused() -> None:
    picture = LivePicture(background=False)
    one = FeedAddress.of_text("x=udp://127.0.0.1:0")
    with pytest.raises(InputError, match="each name once"):
        Hub([one, one], picture, time.time)
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = FeedAddress.of_text(f"y=tcp://127.0.0.1:{server.getsockname()[1]}")
        with pytest.raises(InputError, match="an address that can be used here"):
            Hub([taken], picture, time.time)


def test_what_is_kept_of_a_feed_is_bounded() -> None:
    kept = Kept(most_bytes=1_500)
    picture = LivePicture(background=False, keep=kept.keep)
    for recording in make(1, seconds=20).recordings[2:3]:
        picture.feed("gateway", None, recording.data, START_S + 20)
    (recording,) = kept.recordings()
    assert len(recording.data) <= 1_700
    assert kept.full == {"gateway": START_S + 20}
    assert combine([recording]).sources[0].observations > 0


OUT = Outgoing(PICTURE, 3, HERE, ("CoT x",), ())


@pytest.fixture
def receiver() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.bind(("127.0.0.1", 0))
        own.settimeout(600)
        yield own


def test_datagrams_go_out_one_a_message(receiver: socket.socket) -> None:
    sender = Sender(Outlet(f"udp://127.0.0.1:{receiver.getsockname()[1]}"), "cot", lambda: START_S + 2.0)
    sender.take(OUT, START_S + 0.5)
    (message,) = events.read(receiver.recv(2000))
    assert message.event.get("uid") == OUT.uid
    sent = sender.sent()
    assert (sent.messages, sent.failed, sent.format) == (1, 0, "TAK protocol 1")
    assert (sent.latency.median_s, sent.through.median_s) == (2.0, 1.5)
    sender.close()


def test_every_receiver_of_a_fusion_node_hears_its_registration_first() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(600)
        sender = Sender(Outlet(f"tcp://127.0.0.1:{server.getsockname()[1]}"), "sapient", lambda: START_S)
        heard = []
        for second in range(2):
            state = HERE.model_copy(update={"time_s": START_S + second})
            sender.take(Outgoing(PICTURE, 3, state, ("CoT x",), ()), START_S)
            connection, _ = server.accept()
            heard.append([one.WhichOneof("content") for one in wire.read(connection.recv(9_000))])
            connection.close()
            sender.outlet.drop()
        sender.close()
    assert heard == [["registration", "status_report", "detection_report"]] * 2


def test_what_nobody_takes_is_counted(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    sender = Sender(Outlet(f"tcp://127.0.0.1:{port}"), "cot", lambda: START_S)
    sender.take(OUT, START_S)
    sender.take(OUT, START_S)
    assert (sender.sent().messages, sender.sent().failed, sender.sent().latency) == (0, 2, None)
    sender.close()


def test_a_goodbye_ends_the_fusion_node(tmp_path: Path) -> None:
    sender = Sender(Outlet(str(tmp_path / "out")), "sapient", lambda: START_S)
    sender.take(OUT, START_S)
    sender.tick(START_S + 6)
    sender.close()
    found = STANDARDS["sapient"].check([Recording("out", (tmp_path / "out").read_bytes())], "BSI Flex 335 v2.0")
    assert (found.verdict.value, found.counts) == (
        "conforms",
        {"detection_report": 1, "registration": 1, "status_report": 3},
    )


def test_another_picture_is_another_node(tmp_path: Path) -> None:
    sender = Sender(Outlet(str(tmp_path / "out")), "sapient", lambda: START_S)
    other = UUID("11111111-1111-4111-8111-111111111111")
    for picture in (PICTURE, other):
        sender.take(Outgoing(picture, 1, HERE, ("CoT x",), ()), START_S)
    sender.close()
    nodes = [one.node_id for one in wire.read((tmp_path / "out").read_bytes()) if one.HasField("registration")]
    assert nodes == [str(PICTURE), str(other)]


@pytest.mark.parametrize("target", ["udp://h", "ftp://h:1", "/nowhere/at/all/out.tak", "udp://no such host:1"])
def test_a_target_that_is_none_is_refused(target: str) -> None:
    with pytest.raises(InputError, match="multicast too"):
        Outlet(target)
