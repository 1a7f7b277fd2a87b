"""The threat library: readable, sourced, and careful with what nobody has measured."""

from __future__ import annotations

from datetime import date

from skypact.schema import figure
from skypact.seed import threats

ON = date(2026, 11, 30)


def library():
    return {threat.id: threat for threat in threats()}


def test_the_classes_in_their_order():
    assert [threat.id for threat in threats()] == [
        "micro-multirotor",
        "mini-multirotor",
        "fpv-multirotor",
        "small-fixed-wing",
        "dark-multirotor",
    ]


def test_who_can_be_heard():
    assert {name: (threat.emits, threat.broadcasts_remote_id) for name, threat in library().items()} == {
        "micro-multirotor": (True, True),
        "mini-multirotor": (True, True),
        "fpv-multirotor": (True, False),
        "small-fixed-wing": (True, False),
        "dark-multirotor": (False, False),
    }


def test_cross_sections_are_the_smallest_published_mean_or_unknown():
    assert {name: figure(threat.rcs, on=ON) for name, threat in library().items()} == {
        "micro-multirotor": 0.0123,  # -19.1 dBsm
        "mini-multirotor": 0.0123,
        "fpv-multirotor": 0.0123,
        "small-fixed-wing": None,
        "dark-multirotor": 0.0123,
    }


def test_speed_and_height_are_known_for_every_class():
    for threat in threats():
        assert figure(threat.speed_max, on=ON), threat.id
        assert figure(threat.height_max, on=ON), threat.id


def test_every_source_can_be_looked_up():
    for threat in threats():
        claims = [claim for field in ("rcs", "speed_max", "height_max", "span") for claim in getattr(threat, field)]
        for evidence in (*threat.evidence, *claims, *(emission.evidence for emission in threat.emissions)):
            assert evidence.source.url, threat.id
            assert evidence.source.date < ON
