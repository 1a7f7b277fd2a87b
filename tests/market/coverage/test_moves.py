"""Sensors tried elsewhere: what an address may say, and what is refused with what would be accepted."""

from __future__ import annotations

import pytest

from skypact.market.coverage.moves import MOVES_MAX, Move, moved, moves_of
from skypact.market.coverage.scenes import Scene
from skypact.schema import InputError

HERE = "127.0010000,37.5020000"


def test_a_move_reads_as_it_is_written() -> None:
    texts = [f"syn-radar-1:{HERE},12", f"syn-radar-2:{HERE},12.5,270"]
    found = moves_of(texts, file="address")
    assert found == (Move("syn-radar-1", 127.001, 37.502, 12.0), Move("syn-radar-2", 127.001, 37.502, 12.5, 270.0))
    assert [str(move) for move in found] == texts


@pytest.mark.parametrize(
    "text",
    ["", "syn-radar-1", ":", f":{HERE},12", "syn-radar-1:127,37", "syn-radar-1:a,b,c", "syn-radar-1:nan,37,12",
     "syn-radar-1:inf,37,12", f"syn-radar-1:{HERE},12,90,4", "syn-radar-1:1e999,37,12", "x" * 5000],
)  # fmt: skip
def test_what_is_no_move_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(InputError, match=r"address: move\.1: must be position:longitude,latitude,mast") as refused:
        moves_of([f"syn-radar-1:{HERE},12", text], file="address")
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (f"other-1:{HERE},12", r"move\.0: one of syn-radar-1, syn-radar-2 \(found 'other-1'\)"),
        ("syn-radar-1:181,37,12", r"move\.0\.at: longitude and latitude in degrees"),
        ("syn-radar-1:128,37.5,12", r"move\.0\.at: a place on the relief land \(found '128\.00000, 37\.50000'\)"),
        ("syn-radar-1:-52,-37,12", r"move\.0\.at: a place on the relief land"),
        (f"syn-radar-1:{HERE},-1", r"move\.0\.mast_m: 0 to 200 m"),
        (f"syn-radar-1:{HERE},200.1", r"move\.0\.mast_m: 0 to 200 m"),
        (f"syn-radar-1:{HERE},12,360", r"move\.0\.azimuth_deg: 0 or more, under 360"),
        (f"syn-radar-1:{HERE},12,-1", r"move\.0\.azimuth_deg: 0 or more, under 360"),
    ],
)
def test_what_a_kit_cannot_do_is_refused(scene: Scene, text: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        moved(scene, moves_of([text], file="address"), file="address")


def test_a_sensor_is_moved_once_and_not_too_many_are(scene: Scene) -> None:
    twice = moves_of([f"syn-radar-1:{HERE},12"] * 2, file="address")
    with pytest.raises(InputError, match=r"move\.1: each sensor at most once"):
        moved(scene, twice, file="address")
    with pytest.raises(InputError, match=f"at most {MOVES_MAX} moves"):
        moves_of([f"syn-radar-1:{HERE},12"] * (MOVES_MAX + 1), file="address")


def test_only_what_is_named_moves(scene: Scene) -> None:
    first, second = moved(scene, moves_of([f"syn-radar-2:{HERE},30,45"], file="address"), file="address")
    assert first == scene.watch.watchers[0]
    assert (second.id, second.mast_m, second.watching) == ("syn-radar-2", 30.0, scene.watch.watchers[1].watching)
    assert (round(second.x), round(second.y)) == (88, 222)
    assert second.azimuth_deg == pytest.approx(45.0, abs=0.01)
