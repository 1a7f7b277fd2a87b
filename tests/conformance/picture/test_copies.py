"""One source under two names is one source; two that say much alike are two."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element, tostring

import pytest

from skypact.conformance.cot import tak
from skypact.conformance.picture import Together, combine
from skypact.conformance.picture.copies import copies
from skypact.conformance.picture.observation import Observation, Polar
from skypact.conformance.picture.scene import make
from skypact.conformance.standard import Recording

Looks = Sequence[Observation]
COT, RADAR, BROADCAST = "Cursor on Target", "ASTERIX CAT048", "ASTM F3411 broadcast"


def flight(seed: int, *, count: int = 200, sigma_deg: float = 1e-4, step_deg: float = 1e-4, digits: int = 7) -> Looks:
    """One drone as a sensor of the format has it: ``sigma_deg`` of noise of its own, ``digits`` on the wire."""
    drawn = random.Random(seed)  # noqa: S311 (a seeded draw)
    return [
        Observation(
            "one",
            1_772_445_600.0 + at,
            longitude_deg=round(127.0 + at * step_deg + drawn.gauss(0, sigma_deg), digits),
            latitude_deg=round(37.5 + drawn.gauss(0, sigma_deg), digits),
            number="7",
            arrival_s=1_772_445_600.5 + at,
        )
        for at in range(count)
    ]


def named(looks: Looks, **changes: object) -> list[Observation]:
    return [replace(one, source="other", **changes) for one in looks]


def later(looks: Looks, seconds: float) -> list[Observation]:
    moved = ((one, (one.arrival_s or 0) + seconds) for one in looks)
    return [replace(one, source="other", time_s=one.time_s + seconds, arrival_s=arrival) for one, arrival in moved]


def thinned(looks: Looks, every: int) -> list[Observation]:
    return [one for at, one in enumerate(named(looks)) if at % every]


def found(one: Looks, other: Looks, kind: str = COT) -> dict[str, str]:
    return copies({"one": one, "other": other}, {"one": kind, "other": kind})


@pytest.mark.parametrize(
    ("changed", "which"),
    [
        (named, "other"),
        (lambda looks: later(looks, 3.75), "other"),
        (lambda looks: thinned(looks, 10), "other"),
        (lambda looks: thinned(later(looks, -86_400.0), 12), "other"),
        (lambda looks: named(looks[60:90]), "other"),
        (lambda looks: named(looks, number="a name of its own", height_m=3.0, identity="KR-1"), "other"),
        (lambda looks: named([*looks, *flight(2, count=100)]), "one"),
    ],
    ids=["renamed", "shifted", "thinned", "shifted and thinned", "a part", "other names", "with more behind it"],
)
def test_a_near_copy_is_the_same_source(changed: Callable[[Looks], Looks], which: str) -> None:
    once = flight(1)
    assert found(once, changed(once)) == {which: "one" if which == "other" else "other"}


def test_of_three_alike_one_is_left() -> None:
    once = flight(1)
    groups = {"a": once, "b": named(once), "c": thinned(once, 10)}
    assert copies(groups, dict.fromkeys(groups, COT)) == {"b": "a", "c": "a"}


@pytest.mark.parametrize("digits", [7, 5, 4])
def test_two_sensors_of_one_kind_on_one_drone_are_two(digits: int) -> None:
    """With four digits a place is a square of 11 m, and neighbours are often said alike."""
    assert found(flight(1, digits=digits), named(flight(2, digits=digits))) == {}


def test_two_coarse_sensors_that_watch_one_thing_for_an_hour_and_a_half_are_two() -> None:
    """It stands still: both say the same few squares again and again, in an order of their own."""
    still = {"count": 5_000, "step_deg": 0.0, "digits": 4}
    assert found(flight(1, **still), named(flight(2, **still))) == {}


def test_what_stands_still_is_alike_to_everybody() -> None:
    beacons = [
        replace(one, longitude_deg=127.0 + at % 8, latitude_deg=37.5, number=str(at % 8))
        for at, one in enumerate(flight(1))
    ]
    assert found(beacons, named(beacons)) == {}


def test_two_radars_of_one_kind_are_two_and_one_is_one() -> None:
    def plots(seed: int) -> list[Observation]:
        drawn = random.Random(seed)  # noqa: S311 (a seeded draw)
        cell, turn = 1852 / 256, 360 / 65536
        return [
            replace(
                one,
                longitude_deg=None,
                latitude_deg=None,
                number=None,
                polar=Polar(
                    round(drawn.gauss(4_000, 30) / cell) * cell,
                    round(drawn.gauss(30, 0.2) / turn) * turn,
                    *(None, 30.0, 0.2),
                    assumed=True,
                ),
            )
            for one in flight(seed, count=2_000)
        ]

    assert found(plots(1), named(plots(2)), RADAR) == {}
    assert found(plots(1), later(plots(1), 2.5), RADAR) == {"other": "one"}


def test_the_same_places_in_two_formats_are_passed_on_and_not_copied() -> None:
    once = flight(1)
    assert copies({"one": once, "other": named(once)}, {"one": BROADCAST, "other": COT}) == {}


def test_two_receivers_of_one_broadcast_are_two_by_their_delays() -> None:
    once = flight(1)
    drawn = random.Random(3)  # noqa: S311 (a seeded draw)
    apart = [replace(one, arrival_s=(one.arrival_s or 0) + drawn.gauss(0.002, 0.0005)) for one in named(once)]
    assert found(once, apart, BROADCAST) == {}
    assert found(once, apart, COT) == {"other": "one"}
    assert found(once, later(once, 0.75), BROADCAST) == {"other": "one"}
    assert found([replace(one, arrival_s=None) for one in once], apart, BROADCAST) == {"other": "one"}


def test_a_near_copy_proves_nothing_in_a_picture() -> None:
    """The gateway's stream as XML, three seconds late: it agreed with itself, and no two products had met."""
    stream = make(1, seconds=40).recordings[2]
    events = []
    for message in tak.read_stream(stream.data):
        assert isinstance(message, tak.Message)
        assert isinstance(message.event, Element)
        for name in ("time", "start", "stale"):
            moved = datetime.fromisoformat(message.event.get(name, "")) + timedelta(seconds=3)
            message.event.set(name, moved.isoformat().replace("+00:00", "Z"))
        events.append(tostring(message.event))
    report = combine([stream, Recording("other.cot", b"".join(events[1:]))])
    assert report.together is Together.CANNOT_TELL
    assert [one.observations for one in report.sources] == [20, 0]
    assert {part.source for one in report.tracks for part in one.contributions} == {"CoT gateway"}
    said = "CoT other gave no position (19 times what CoT gateway says too, so that both count as one source)."
    assert said in report.reasons
