"""Four recordings of one scene: one picture, and each kind of mistake found in the source that makes it."""

from __future__ import annotations

import subprocess
import sys
from xml.etree.ElementTree import Element  # the type only

import pytest

from skypact.conformance.cot import tak
from skypact.conformance.picture import Cause, Site, Together, combine
from skypact.conformance.picture.scene import SERIALS, SOURCES, make
from skypact.conformance.picture.trial import trials
from skypact.conformance.standard import Recording

HASH = (
    "from skypact.conformance.picture import combine; from skypact.conformance.picture.scene import make;"
    "print(combine(make(3, seconds=10).recordings).content_hash())"
)


def test_four_formats_fuse_into_two_tracks_for_two_drones() -> None:
    (trial,) = trials([7], [None])
    report = trial.report
    assert (report.together, report.disagreements) == (Together.YES, ())
    assert report.reasons == ("2 tracks from 4 sources; up to 4 on one track, none disagrees.",)
    assert {one.name: (one.observations, one.tracks) for one in report.sources} == {
        "CAT048 25/201": (50, 2),
        "CoT gateway": (30, 2),
        "Remote ID receiver": (60, 1),
        SOURCES[1]: (80, 2),
    }
    looks = [{part.source: part.looks for part in track.contributions} for track in report.tracks]
    alpha = {SOURCES[0]: 25, SOURCES[1]: 40, SOURCES[2]: 15, SOURCES[3]: 60}
    bravo = {SOURCES[0]: 25, SOURCES[1]: 40, SOURCES[2]: 15}
    assert looks == [alpha, bravo]
    named = [{name for part in track.contributions for name in part.identities} for track in report.tracks]
    assert named == [{SERIALS[0]}, {SERIALS[1]}]
    truth = report.truth
    assert truth is not None
    assert (truth.objects, truth.tracks, truth.ambiguity, truth.spuriousness) == (2, 2, 1.0, 0.0)
    assert truth.completeness > 0.97
    assert truth.rms_m is not None
    assert truth.rms_m < 6


@pytest.mark.parametrize("fault", list(Cause))
def test_each_kind_of_mistake_is_found_in_the_source_that_makes_it(fault: Cause) -> None:
    (trial,) = trials([1], [fault])
    assert trial.report.together is Together.NO
    assert [(one.source, one.causes[0], one.alone) for one in trial.report.disagreements] == [
        (trial.scene.faulty, fault, True)
    ]
    assert trial.caught


def test_a_wrong_source_does_not_take_a_right_one_with_it() -> None:
    """The radar's shifted tracks are the only precise ones of the second drone beside the SAPIENT node's."""
    (trial,) = trials([11], [Cause.PLACE])
    assert trial.scene.faulty == "CAT048 25/201"
    assert [one.source for one in trial.report.disagreements] == ["CAT048 25/201"]


def test_of_two_that_disagree_nobody_can_say_who_is_wrong() -> None:
    scene = make(1, fault=Cause.CLOCK)
    gateway, receiver = scene.recordings[2], scene.recordings[1]
    assert scene.faulty == "CoT gateway"
    report = combine([gateway, receiver])
    assert report.together is Together.NO
    assert {(one.source, one.causes[0], one.alone) for one in report.disagreements} == {
        ("CoT gateway", Cause.CLOCK, False),
        (SOURCES[1], Cause.CLOCK, False),
    }
    assert report.reasons[0].startswith("CoT gateway or another one disagrees (clock shifted")


def test_one_source_alone_proves_nothing() -> None:
    report = combine([make(1).recordings[1]])
    assert (report.together, len(report.tracks)) == (Together.CANNOT_TELL, 2)
    assert report.reasons == ("One source alone: there is nobody to work together with.",)


def test_one_recording_under_two_names_is_not_two_products() -> None:
    """CoT does not say whose it is: its file's name does, and both agreed on everything."""
    once = make(1, seconds=5).recordings[2]
    with pytest.raises(ValueError, match=f'"{once.name}" and "other.tak" are the same recording'):
        combine([once, Recording("other.tak", once.data)])


def test_sources_that_see_different_drones_are_no_proof_and_no_fault() -> None:
    scene, far = make(1, seconds=20), make(2, seconds=20)
    report = combine([scene.recordings[1], Recording("other.tak", _farther_north(far.recordings[2].data))])
    assert report.together is Together.CANNOT_TELL
    assert "CoT other saw nothing that another source saw too." in report.reasons


def _farther_north(stream: bytes) -> bytes:
    """The gateway's events, 30 km away."""
    made = b""
    for message in tak.read_stream(stream):
        assert isinstance(message, tak.Message)
        assert isinstance(message.event, Element)
        point = message.event[0]
        point.set("lat", str(float(point.get("lat", "")) + 0.3))
        made += tak.framed(tak.to_message(message.event))
    return made


def test_a_radar_in_no_known_place_is_counted_and_proves_nothing() -> None:
    scene = make(1, seconds=20)
    plots = b"".join(_of_category(scene.recordings[0].data, 48))
    report = combine([Recording("radar.ast", plots), scene.recordings[1]])
    assert report.sources[0].name == "CAT048 25/201"
    assert report.sources[0].unplaced == {"a plot in range and bearing, and the radar's place is unknown": 18}
    assert report.together is Together.CANNOT_TELL
    given = combine(
        [Recording("radar.ast", plots), scene.recordings[1]], sites={"25/201": Site(127.02, 37.51297, 80.0)}
    )
    assert (given.together, given.sources[0].observations) == (Together.YES, 18)


def _of_category(data: bytes, category: int) -> list[bytes]:
    found, at = [], 0
    while at < len(data):
        length = int.from_bytes(data[at + 1 : at + 3], "big")
        if data[at] == category:
            found.append(data[at : at + length])
        at += length
    return found


def test_the_report_is_the_same_in_another_process() -> None:
    there = subprocess.run(
        [sys.executable, "-c", HASH], env={"PYTHONHASHSEED": "1"}, capture_output=True, text=True, check=True
    ).stdout
    assert there.strip() == combine(make(3, seconds=10).recordings).content_hash()


def test_no_recording_is_refused() -> None:
    with pytest.raises(ValueError, match="no recording to combine"):
        combine([])
