"""Shares with sensors elsewhere: the kit's own where nothing moved, the engine's direct answer where something did."""

from __future__ import annotations

import numpy as np
import pytest
from tests.engines.made_up import DAY, sensor

from skypact.engines.coverage import sees, sight_heights
from skypact.engines.coverage.watching import Watcher
from skypact.market.coverage.figures import Case, Cases, cases, recounted
from skypact.market.coverage.moves import Move, moved
from skypact.market.coverage.scenes import Scene

RADAR = sensor("RADAR", "radar", 1000, "50000", width=180).sensors[0]


def moves(scene: Scene, *given: Move) -> tuple[Move, ...]:
    return moved(scene, given, file="test")


def test_where_nothing_moved_the_figures_are_the_kits_own(scene: Scene) -> None:
    found = [recounted(scene, scene.watch.watchers, figure) for figure in scene.kit.coverage]
    assert cases(scene, scene.watch.watchers) == Cases(tuple(found), ())
    assert [(case.before, case.after, case.blind) for case in found] == [
        (figure.share, figure.share, figure.blind) for figure in scene.kit.coverage
    ]
    assert [case.met for case in found] == [figure.met for figure in scene.kit.coverage]
    assert [case.by_kinds for case in found] == [figure.shares_by_kinds for figure in scene.kit.coverage]
    assert 0.5 < found[0].after < 1.0


def test_a_sensor_put_back_by_its_rounded_place_changes_nothing(scene: Scene) -> None:
    """The kit names positions to a centimetre; who sends those back means the place itself."""
    spot = scene.positions["syn-radar-1"]
    back = Move("syn-radar-1", spot.at[0], spot.at[1], spot.mast_m, spot.azimuth_deg)
    assert moves(scene, back) == scene.watch.watchers


@pytest.mark.parametrize(
    ("x", "y", "mast", "azimuth"), [(250.0, 180.0, 10.0, 0.0), (500.0, 0.0, 200.0, 90.0), (-420.0, 700.0, 0.0, 301.0)]
)
def test_a_moved_sensor_is_counted_as_the_engine_does(
    scene: Scene, x: float, y: float, mast: float, azimuth: float
) -> None:
    terrain = scene.terrain
    lon, lat = (float(axis) for axis in terrain.to_lonlat(x, y))
    changed = cases(scene, moves(scene, Move("syn-radar-1", lon, lat, mast, azimuth))).counted
    ring = scene.watch.places
    ground = terrain.height_at(*ring.T)
    for case, figure in zip(changed, scene.kit.coverage, strict=True):
        seen = np.zeros(len(ring), dtype=bool)
        for at_x, at_y, height, looks in ((x, y, mast, azimuth), (0.0, -400.0, 10.0, 180.0)):
            east, north = ring[:, 0] - at_x, ring[:, 1] - at_y
            volume = sees(
                RADAR,
                range_m=1000.0,
                horizontal_m=np.hypot(east, north),
                above_m=ground + case.height_m - float(terrain.height_at(at_x, at_y)) - height,
                bearing_deg=np.degrees(np.arctan2(east, north)),
                on=DAY,
                sector=(looks, 180.0),
            )
            seen |= volume & (sight_heights(terrain, [(at_x, at_y, height)], ring)[0] <= case.height_m)
        assert case.after == pytest.approx(seen.mean(), abs=1.5 / len(ring))  # a place on the sector's very edge
        assert case.before == figure.share
        assert case.after != case.before


def test_on_unknown_ground_a_sensor_sees_nothing(scene: Scene) -> None:
    lon, lat = (float(axis) for axis in scene.terrain.to_lonlat(-550.0, 950.0))
    north_gone = cases(scene, moves(scene, Move("syn-radar-1", lon, lat, 10.0))).counted
    alone = cases(scene, scene.watch.watchers[1:]).counted
    assert [case.after for case in north_gone] == [case.after for case in alone]
    assert not any(case.met for case in north_gone)


def test_the_kit_stays_as_it_was(scene: Scene) -> None:
    before = scene.kit.model_dump_json()
    cases(scene, moves(scene, Move("syn-radar-1", 127.002, 37.502, 30.0, 45.0)))
    assert scene.kit.model_dump_json() == before
    assert cases(scene, scene.watch.watchers).counted[0].after == scene.kit.coverage[0].share


def tried(scene: Scene) -> tuple[Watcher, ...]:
    return moves(scene, Move("syn-radar-1", 127.002, 37.502, 30.0, 45.0))


def told(found: Cases) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
    return (
        [(case.threat, case.height_m) for case in found.counted],
        [(figure.threat, figure.height_m) for figure in found.left],
    )


def test_what_one_answer_counts_is_bounded_and_exact(scene: Scene) -> None:
    """Two radars at so many places each: work for one case, and no more."""
    watchers, work = tried(scene), 2 * len(scene.watch.places)
    whole = cases(scene, watchers)
    low, high = ((figure.threat, figure.height_m) for figure in scene.kit.coverage)
    assert told(whole) == ([low, high], [])
    assert told(cases(scene, watchers, work_max=2 * work)) == ([low, high], [])
    some = cases(scene, watchers, work_max=2 * work - 1)
    assert told(some) == ([low], [high])
    assert some.counted == whole.counted[:1]
    assert told(cases(scene, watchers, work_max=0)) == ([low], [high])


def test_what_the_map_shows_is_counted_first(scene: Scene) -> None:
    watchers, whole = tried(scene), cases(scene, tried(scene))
    low, high = ((figure.threat, figure.height_m) for figure in scene.kit.coverage)
    found = cases(scene, watchers, first=high, work_max=0)
    assert told(found) == ([high], [low])
    assert found.counted == whole.counted[1:]
    assert told(cases(scene, watchers, first=(high[0], None), work_max=0)) == ([low], [high])
    assert cases(scene, watchers, first=high) == whole


def test_only_what_is_asked_for_is_counted(scene: Scene) -> None:
    low, high = ((figure.threat, figure.height_m) for figure in scene.kit.coverage)
    assert told(cases(scene, tried(scene), only=[high])) == ([high], [])
    assert told(cases(scene, tried(scene), only=[high, low, high], work_max=0)) == ([high], [low])
    assert cases(scene, scene.watch.watchers, only=[high]) == Cases((Case.of_the_kit(scene.kit.coverage[1]),), ())
