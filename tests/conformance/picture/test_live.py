"""The live picture: the same tracks as offline, and nothing that arrives makes it fall or grow."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

import pytest

from skypact.conformance.cot.samples import EVENT
from skypact.conformance.picture import Cause, Together, combine
from skypact.conformance.picture.framing import Unit
from skypact.conformance.picture.live import LivePicture
from skypact.conformance.picture.live_state import LiveSource, LiveState
from skypact.conformance.picture.playing import Cue, cues
from skypact.conformance.picture.scene import SERIALS, SOURCES, START_S, Scene, make

LATE_S = 0.25


def event(second: int, **changes: str) -> bytes:
    """One event, with words of it replaced."""
    text = EVENT.format(second=0).replace("T10:00:30", "T10:01:30").replace("T10:00:00", f"T10:00:{second:02d}")
    for old, new in changes.items():
        text = text.replace(WORDS[old], new)
    return text.encode()


WORDS = {"day": "2026-03-02", "uid": "SYN-TRACK-7", "latitude": "37.5431"}


@cache
def scene(fault: Cause | None = None, seconds: float = 20.0) -> Scene:
    return make(1, fault=fault, seconds=seconds)


@cache
def said(fault: Cause | None = None, seconds: float = 20.0) -> tuple[Cue, ...]:
    return tuple(cues(scene(fault, seconds).recordings))


def play(picture: LivePicture, played: tuple[Cue, ...], *, late_s: float = LATE_S) -> LiveState:
    """Every message arrives ``late_s`` after its time."""
    for cue in sorted(played, key=lambda cue: cue.time_s):
        picture.feed(cue.name, None, cue.data, cue.time_s + late_s)
    picture.finish()
    return picture.state(played[-1].time_s + late_s)


def of(state: LiveState, name: str) -> LiveSource:
    return next(one for one in state.sources if one.name == name)


def test_live_tracks_are_those_of_the_recordings() -> None:
    state = play(LivePicture(background=False, check_s=1e9), said())
    report = combine(scene().recordings)
    assert [{one.source: one.looks for one in track.contributors} for track in state.tracks] == [
        {one.source: one.looks for one in track.contributions} for track in report.tracks
    ]
    for live, offline in zip(state.tracks, report.tracks, strict=True):
        assert live.time_s == offline.end_s
        assert live.since_s == offline.start_s
        assert live.latitude_deg == pytest.approx(offline.states[-1].latitude_deg, abs=3e-4)
    assert [one.identities for one in state.tracks] == [(SERIALS[0],), (SERIALS[1],)]
    assert len({one.uid for one in state.tracks}) == 2


def test_the_sources_are_compared_over_a_sliding_window() -> None:
    picture = LivePicture(background=False, check_s=5.0)
    assert picture.state(START_S).together is Together.CANNOT_TELL
    for cue in said():
        picture.feed(cue.name, None, cue.data, cue.time_s + LATE_S)
    state = picture.state(START_S + 20)
    assert (state.together, state.checked_s) == (Together.YES, START_S + 20)
    assert of(state, SOURCES[3]).agrees_with == (SOURCES[2], SOURCES[1]) or of(state, SOURCES[3]).agrees_with
    assert picture.state(START_S + 24).checked_s == START_S + 20
    assert picture.state(START_S + 25).checked_s == START_S + 25


def test_a_source_that_disagrees_is_named_while_it_happens() -> None:
    picture = LivePicture(background=False)
    for cue in said(Cause.AXES):
        picture.feed(cue.name, None, cue.data, START_S + 20 if cue.name == "node" else cue.time_s)
    state = picture.state(START_S + 20)
    faulty = scene(Cause.AXES).faulty
    assert (state.together, [one.source for one in state.disagreements]) == (Together.NO, [faulty])
    assert of(state, faulty).disagreement == "axes swapped: longitude and latitude exchanged"


def test_latency_loss_silence_and_clock_are_told_of_each_source() -> None:
    picture = LivePicture(background=False, check_s=1e9, parties={SOURCES[2]: "KR"})
    for cue in said():
        picture.feed(cue.name, None, cue.data, cue.time_s + (1.25 if cue.name == "gateway" else LATE_S))
    gateway = of(picture.state(START_S + 30), SOURCES[2])
    assert (gateway.party, gateway.latency.median_s, gateway.offset_s) == ("KR", 1.25, 1.0)
    assert gateway.silent_s == pytest.approx(START_S + 30 - gateway.last_heard_s, abs=0.1)
    assert gateway.loss is None


def test_looks_out_of_order_within_the_delay_are_put_in_order() -> None:
    shuffled = random.Random(3)  # noqa: S311 (no secret)
    picture, orderly = (LivePicture(background=False, check_s=1e9) for _ in range(2))
    jittered = sorted((cue.time_s + shuffled.uniform(0, 2.0), number) for number, cue in enumerate(said()))
    for arrival_s, number in jittered:
        picture.feed(said()[number].name, None, said()[number].data, arrival_s)
    picture.finish()
    state, straight = picture.state(START_S + 22), play(orderly, said())
    assert sum(one.late for one in state.sources) == 0
    assert [one.contributors for one in state.tracks] == [one.contributors for one in straight.tracks]


def test_a_look_after_its_turn_is_counted_and_not_tracked() -> None:
    picture = LivePicture(background=False, check_s=1e9, delay_s=1.0)
    held = [cue for cue in said() if cue.name == "gateway"][3]
    for cue in said():
        if cue is not held:
            picture.feed(cue.name, None, cue.data, cue.time_s)
    looks = sum(one.looks for track in picture.state(START_S + 20).tracks for one in track.contributors)
    picture.feed(held.name, None, held.data, START_S + 20)
    state = picture.state(START_S + 20)
    assert of(state, SOURCES[2]).late == 1
    assert sum(one.looks for track in state.tracks for one in track.contributors) == looks


def test_a_source_whose_clock_is_a_day_ahead_does_not_stop_the_others() -> None:
    picture = LivePicture(background=False, check_s=1e9)
    for cue in said():
        picture.feed(cue.name, None, cue.data, cue.time_s)
        picture.feed("wrong", None, event(int(cue.time_s - START_S), day="2026-03-03"), cue.time_s)
    picture.finish()
    state = picture.state(START_S + 20)
    assert [len(one.contributors) for one in state.tracks] == [4, 3]
    assert of(state, "CoT wrong").unplaced == {"a time more than 60 s ahead of most sources": 22}
    assert of(state, "CoT wrong").offset_s == -86_399.5 or of(state, "CoT wrong").offset_s < -86_000


def test_when_the_first_clock_was_wrong_the_picture_begins_anew() -> None:
    picture = LivePicture(background=False, check_s=1e9)
    node = picture.node
    for second in range(20):
        picture.feed("wrong", None, event(second, day="2026-03-03"), START_S + second)
    assert len(picture.state(START_S + 20).tracks) == 1
    state = play(picture, tuple(replace(cue, time_s=cue.time_s + 20) for cue in said()), late_s=0.0)
    assert (state.restarts, state.ended) == (1, 1)
    assert picture.node != node
    assert [one.number for one in state.tracks] == [2, 3]


def test_repeats_are_no_new_looks() -> None:
    picture = LivePicture(background=False)
    for _ in range(3):
        picture.feed("x", None, event(1), START_S + 1)
    (source,) = picture.state(START_S + 2).sources
    assert (source.observations, source.repeats) == (1, 2)


def test_broken_bytes_are_counted_and_never_fatal() -> None:
    draw = random.Random(1)  # noqa: S311 (no secret)
    picture = LivePicture(background=False, check_s=1e9)
    for number, cue in enumerate(said()):
        picture.feed(cue.name, None, cue.data, cue.time_s, datagram=True)
        at = draw.randrange(len(cue.data))
        spoilt = cue.data[:at] + bytes([cue.data[at] ^ 1 << draw.randrange(8)]) + cue.data[at + 1 :]
        picture.feed("noise", None, spoilt if number % 2 else draw.randbytes(60), cue.time_s, datagram=True)
    picture.finish()
    state = picture.state(START_S + 21)
    noise = next(one for one in state.feeds if one.name == "noise")
    assert noise.broken_bytes > 0
    assert {one.name for one in state.sources} >= set(SOURCES)


def test_a_flood_leaves_memory_and_state_bounded() -> None:
    draw = random.Random(2)  # noqa: S311 (no secret)
    kept: list[Unit] = []
    picture = LivePicture(background=False, check_s=1e9, keep=lambda label, unit, arrival_s: kept.append(unit))
    for number in range(1_500):
        uid, second = f"u{draw.randrange(10**6)}", number // 200
        text = event(second, uid=uid, latitude=f"{37.5 + draw.random():.5f}")
        picture.feed(f"feed{number % 90}", "cot", text, START_S + second)
    picture.finish()
    state = picture.state(START_S + 8)
    assert len(kept) == 1_500
    assert len(state.sources) == 64
    assert any("a source beyond the first 64" in one.unread for one in state.feeds)
    assert state.refused > 0
    assert len(state.model_dump_json()) < 300_000


def test_a_source_may_not_send_more_than_can_be_tracked() -> None:
    picture = LivePicture(background=False, check_s=1e9)
    for number in range(250):
        picture.feed("x", "cot", event(0, latitude=f"37.5{number:03d}"), START_S)
    (source,) = picture.state(START_S + 1).sources
    assert (source.observations, source.unplaced) == (200, {"more than 200 looks a second": 50})


def test_a_track_that_nobody_sees_any_more_ends() -> None:
    picture = LivePicture(background=False, check_s=1e9)
    for second in (*range(10), *range(40, 46)):
        picture.feed("x", "cot", event(second), START_S + second)
    state = picture.state(START_S + 50)
    assert ([one.number for one in state.tracks], state.ended) == ([2], 1)


def test_what_is_sent_names_the_look_that_it_rests_on() -> None:
    sent = []
    picture = LivePicture(background=False, check_s=1e9, send=lambda one, arrival_s: sent.append((one, arrival_s)))
    play(picture, said())
    assert [one.state.time_s for one, _ in sent] == sorted(one.state.time_s for one, _ in sent)
    assert {round(arrival_s - one.state.time_s, 3) for one, arrival_s in sent} == {LATE_S}
    assert {one.number for one, _ in sent} == {1, 2}
    assert sent[-1][0].sources[0] == SOURCES[0]
