"""Units with two sensors of one kind: each is counted with its own range, its own limits, its own sector."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.engines.kit.flat_land import HUB, composed, ground
from tests.engines.kit.requirements import requirement
from tests.engines.made_up import claim, sensor

from skypact.engines.coverage.watching import Places, seen_at
from skypact.engines.kit.comparing import watchers_of
from skypact.engines.kit.recounting import recount
from skypact.engines.kit.sensing import paired
from skypact.engines.kit.verifying import verify
from skypact.schema import Kit, Listing, RangeUsed

CLASS = "micro-multirotor"


def sensing(kind: str, range_m: float, width: float | None, **limits: Any) -> dict[str, Any]:
    return {
        "kind": kind,
        "ranges": [{"target": CLASS, "threat_class": CLASS, "range": claim(range_m, "m")}],
        "azimuth_coverage": [] if width is None else claim(width, "deg"),
        **limits,
    }


#: Near and all round, with a wide blind range; far, and a little over a quarter of the way round.
NEAR = sensing("radar", 900, 360, range_min=claim(300, "m"))
FAR = sensing("radar", 2000, 97)
PAIR = sensor("PAIR", "radar", 1, "50000", sensors=[NEAR, FAR])
BOTH = {PAIR.id: PAIR, HUB.id: HUB}


@pytest.fixture(scope="module")
def made() -> Kit:
    """A kit of such units."""
    kit = composed(requirement(detection={"kinds": 1, "share": 0.5, "warning_distance_m": 800}), PAIR, HUB).kit
    assert [item.listing for item in kit.items if item.ranges] == [PAIR.id]
    return kit


def rings() -> np.ndarray:
    """Places around the middle, 100 m to 2,500 m away."""
    angle, out = np.meshgrid(np.radians(np.arange(5.0, 360.0, 10.0)), np.arange(100.0, 2501.0, 100.0))
    return np.column_stack([(out * np.sin(angle)).ravel(), (out * np.cos(angle)).ravel()])


def test_a_kit_says_which_sensor_each_range_is_of(made: Kit) -> None:
    (item,) = (item for item in made.items if item.ranges)
    told = [(used.sensor, used.range_m, used.azimuth_width_deg) for used in item.ranges]
    assert told == [(1, 900.0, 360.0), (2, 2000.0, None)]
    assert {position.azimuth_width_deg for position in item.positions} == {97.0}


def by_hand(kit: Kit, places: np.ndarray) -> np.ndarray:
    """Which places any unit sees: on flat land by distance and direction alone."""
    land, seen = ground(), np.zeros(len(places), dtype=bool)
    (item,) = (item for item in kit.items if item.ranges)
    for position in item.positions:
        x, y = (float(axis) for axis in land.to_grid(*position.at))
        east, north = places[:, 0] - x, places[:, 1] - y
        slant = np.hypot(np.hypot(east, north), 60.0 - 10.0)
        aside = (np.degrees(np.arctan2(east, north)) - (position.azimuth_deg or 0.0) + 180.0) % 360.0 - 180.0
        seen |= ((slant >= 300.0) & (slant <= 900.0)) | ((slant <= 2000.0) & (np.abs(aside) <= 48.5))
    return seen


def test_it_is_counted_again_by_each_sensors_own_figures(made: Kit) -> None:
    places, height = rings(), made.requirement.detection.heights_m[0]
    again = recount(made, BOTH, ground(), places, threat=CLASS, height_m=height)
    assert (again.sensors > 0).tolist() == by_hand(made, places).tolist()
    assert verify(made, listings=BOTH, terrain=ground()) == ()


def test_comparisons_count_the_same(made: Kit) -> None:
    places, height = rings(), made.requirement.detection.heights_m[0]
    land = ground()
    for listings in ({PAIR.id: PAIR}, {}):
        watchers = watchers_of(made, listings=listings, terrain=land)
        assert [[each.range_m for each in one.watching] for one in watchers] == [[900.0, 2000.0]] * len(watchers)
        assert [[each.width_deg for each in one.watching] for one in watchers] == [[360.0, 97.0]] * len(watchers)
    watchers = watchers_of(made, listings={PAIR.id: PAIR}, terrain=land)
    lowest = [np.zeros(len(places)) for _ in watchers]
    found = seen_at(land, watchers, lowest, Places.on(land, *places.T), threat=CLASS, height_m=height)
    assert (found.sensors > 0).tolist() == by_hand(made, places).tolist()


def stripped(kit: Kit, keep: int) -> Kit:
    """The kit as an earlier version wrote it, with its first ``keep`` ranges."""
    plain = [
        item.model_copy(
            update={
                "ranges": tuple(
                    used.model_copy(update={"sensor": None, "azimuth_width_deg": None}) for used in item.ranges[:keep]
                )
            }
        )
        for item in kit.items
    ]
    return kit.model_copy(update={"items": tuple(plain)})


def test_kits_of_earlier_versions_tell_their_ranges_in_the_listings_order(made: Kit) -> None:
    places, height = rings(), made.requirement.detection.heights_m[0]
    old = stripped(made, 2)
    again = recount(old, BOTH, ground(), places, threat=CLASS, height_m=height)
    assert (again.sensors > 0).tolist() == by_hand(made, places).tolist()
    (watcher, *_) = watchers_of(old, listings={PAIR.id: PAIR}, terrain=ground())
    assert [(each.range_m, each.width_deg, each.limits.blind_m) for each in watcher.watching] == [
        (900.0, 360.0, 300.0),
        (2000.0, 97.0, None),
    ]


def test_a_range_nobody_can_place_counts_for_nothing_and_is_named(made: Kit) -> None:
    places, height = rings(), made.requirement.detection.heights_m[0]
    old = stripped(made, 1)
    again = recount(old, BOTH, ground(), places, threat=CLASS, height_m=height)
    assert again.sensors.max() == 0
    told = verify(old, listings=BOTH, terrain=ground())
    assert told[0] == (
        f"{PAIR.id} against {CLASS}: a range of 900 m is not that of a radar of the listing; it does not say of which, "
        "so it is not counted again"
    )
    (watcher, *_) = watchers_of(old, listings={PAIR.id: PAIR}, terrain=ground())
    assert [(each.range_m, each.limits.blind_m) for each in watcher.watching] == [(900.0, 300.0)]


def test_a_listing_that_has_lost_a_sensor_since() -> None:
    used = RangeUsed.model_validate(
        {"threat": CLASS, "kind": "radar", "sensor": 2, "range_m": 5, "basis": "claim", "note": {"text": "x"}}
    )
    one = PAIR.model_copy(update={"sensors": PAIR.sensors[:1]})
    assert list(paired([used], one)) == [(used, None)]
    assert list(paired([used], PAIR)) == [(used, PAIR.sensors[1])]


def test_a_sensor_whose_width_nobody_states_is_not_used_beside_one_whose_width_is_known() -> None:
    half_known: Listing = sensor(
        "HALF", "radar", 1, "50000", sensors=[sensing("radar", 1400, 360), sensing("radar", 2000, None)]
    )
    kit = composed(requirement(detection={"kinds": 1, "share": 0.5, "warning_distance_m": 800}), half_known, HUB).kit
    (item,) = (item for item in kit.items if item.ranges)
    assert [(used.sensor, used.range_m) for used in item.ranges] == [(1, 1400.0)]
    assert verify(kit, listings={half_known.id: half_known, HUB.id: HUB}, terrain=ground()) == ()
