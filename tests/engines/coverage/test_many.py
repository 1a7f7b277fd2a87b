"""Many observers in groups: the same answer however they are cut and in whatever order the parts come back."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skypact.engines.coverage import SurfaceKind, Terrain, lowest_visible
from skypact.engines.coverage.many import Group, grouped, lowest_at, lowest_of_all, merge_lowest, who_sees

Task = TypeVar("Task")
Result = TypeVar("Result")
RANGE_M = 900.0


def relief(seed: int = 1) -> Terrain:
    heights = np.random.default_rng(seed).random((60, 80)) * 60
    heights[20:23, 30:34] = np.nan
    return Terrain(heights, 0.0, 3000.0, 50.0, 50.0, "EPSG:32652", SurfaceKind.SYNTHETIC, "made up", "made up")


def standing(terrain: Terrain, count: int, seed: int = 2) -> np.ndarray:
    rng = np.random.default_rng(seed)
    west, south, east, north = terrain.bounds
    return np.column_stack(
        [rng.uniform(west, east, count), rng.uniform(south, north, count), rng.uniform(2, 20, count)]
    )


def every_third(terrain: Terrain) -> np.ndarray:
    rows, columns = np.mgrid[0 : terrain.rows : 3, 0 : terrain.columns : 3]
    return np.column_stack([rows.ravel(), columns.ravel()])


def backwards(work: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[tuple[int, Result]]:
    return ((number, work(tasks[number])) for number in reversed(range(len(tasks))))


def one_by_one(terrain: Terrain, observers: np.ndarray) -> np.ndarray:
    """The oracle: every observer alone over the whole terrain."""
    found = np.full((len(observers), terrain.rows, terrain.columns), np.inf)
    for number, (x, y, mast) in enumerate(observers):
        around = lowest_visible(terrain, (x, y, mast), range_m=RANGE_M)
        top = round((terrain.y0 - around.terrain.y0) / terrain.dy)
        left = round((around.terrain.x0 - terrain.x0) / terrain.dx)
        rows, columns = around.lowest.shape
        found[number, top : top + rows, left : left + columns] = around.lowest
    return found


@settings(deadline=None, max_examples=15)
@given(count=st.integers(1, 25), at_most=st.integers(1, 9), seed=st.integers(0, 99))
def test_groups_see_what_each_observer_sees_alone(count: int, at_most: int, seed: int) -> None:
    terrain = relief(seed)
    observers, places = standing(terrain, count, seed), every_third(terrain)
    groups = grouped(terrain, observers, places, range_m=RANGE_M, at_most=at_most)
    assert sorted(number for group in groups for number in group.numbers) == list(range(count))
    assert max(len(group.numbers) for group in groups) <= at_most
    alone = one_by_one(terrain, observers)
    expected = alone[:, places[:, 0], places[:, 1]] <= 30
    for run in (None, backwards):
        how = {} if run is None else {"run": run}
        seen = who_sees(groups, observers=count, places=len(places), height_m=30.0, **how)
        np.testing.assert_array_equal(seen, expected)
    known = np.where(np.isnan(alone), np.inf, alone).min(axis=0)
    none_known = np.isnan(alone).any(axis=0) & (known == np.inf)
    together = lowest_of_all(terrain, groups, run=backwards)
    np.testing.assert_array_equal(together, np.where(none_known, np.nan, known).astype(np.float32))


def test_a_group_holds_no_more_terrain_than_it_needs() -> None:
    wide = Terrain(
        np.zeros((500, 500)), 0.0, 0.0, 50.0, 50.0, "EPSG:32652", SurfaceKind.SYNTHETIC, "made up", "made up"
    )
    groups = grouped(wide, [(5000.0, -5000.0, 5.0), (20000.0, -20000.0, 5.0)], [(100, 100)], range_m=RANGE_M)
    assert [group.terrain.heights.shape for group in groups] == [(39, 39), (39, 39)]
    assert [list(group.asked) for group in groups] == [[0], []] or [list(group.asked) for group in groups] == [[], [0]]


@pytest.mark.parametrize(
    ("one", "other", "merged"),
    [
        (np.inf, np.inf, np.inf),
        (np.inf, 3.0, 3.0),
        (7.0, 3.0, 3.0),
        (np.nan, 3.0, 3.0),
        (3.0, np.nan, 3.0),
        (np.nan, np.inf, np.nan),
        (np.inf, np.nan, np.nan),
        (np.nan, np.nan, np.nan),
    ],
)
def test_merging(one: float, other: float, merged: float) -> None:
    into = np.array([one], dtype=np.float32)
    merge_lowest(into, np.array([other], dtype=np.float32))
    np.testing.assert_array_equal(into, np.array([merged], dtype=np.float32))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"at_most": 0}, "at_most must be 1 or more, is 0"),
        ({"observers": [(1.0, 2.0)]}, r"observers must be x, y, mast triples of shape \(n, 3\), not \(1, 2\)"),
        ({"sectors": [None, None]}, "sectors: 2 given for 1 observers"),
        ({"places": [(60, 0)]}, r"places must be \(row, column\) pairs of posts of the terrain"),
        ({"places": [(0, -1)]}, r"places must be \(row, column\) pairs of posts of the terrain"),
    ],
)
def test_what_does_not_fit_is_refused(changes: dict[str, object], message: str) -> None:
    asked: dict[str, object] = {"observers": [(10.0, 2990.0, 2.0)], "places": [(0, 0)], "range_m": RANGE_M, **changes}
    with pytest.raises(ValueError, match=message):
        grouped(relief(), **asked)  # type: ignore[arg-type]


def test_a_group_travels() -> None:
    (group,) = grouped(relief(), [(10.0, 2990.0, 2.0)], [(0, 0), (3, 3)], range_m=RANGE_M)
    arrived: Group = pickle.loads(pickle.dumps(group))  # noqa: S301 (our own bytes)
    np.testing.assert_array_equal(lowest_at(arrived), lowest_at(group))
    assert len(pickle.dumps(group)) < 2 * group.terrain.heights.nbytes + 4000


def test_sectors_stay_with_their_observers() -> None:
    terrain = relief()
    observers = standing(terrain, 12, 3)
    sectors = [(30.0 * number, 60.0) if number % 3 else None for number in range(12)]
    groups = grouped(terrain, observers, [(20, 20)], range_m=RANGE_M, sectors=sectors, at_most=2)
    expected = np.full(terrain.heights.shape, np.inf, dtype=np.float32)
    for (x, y, mast), sector in zip(observers, sectors, strict=True):
        around = lowest_visible(terrain, (float(x), float(y), float(mast)), range_m=RANGE_M, sector=sector)
        top = round((terrain.y0 - around.terrain.y0) / terrain.dy)
        left = round((around.terrain.x0 - terrain.x0) / terrain.dx)
        rows, columns = around.lowest.shape
        merge_lowest(expected[top : top + rows, left : left + columns], around.lowest.astype(np.float32))
    np.testing.assert_array_equal(lowest_of_all(terrain, groups, run=backwards), expected)
