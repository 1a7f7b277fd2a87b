"""What a requirement may ask for, and that what was stored before newer questions existed still opens."""

from __future__ import annotations

from typing import Any

import pytest
from tests.engines.kit.requirements import requirement

from skypact.schema import InputError, Kit, Region, Requirement, Weather, parse

#: A kit as it was stored before weather, approaches and blind areas existed.
OLD_KIT: dict[str, Any] = {
    "id": "old-1",
    "composed_on": "2026-10-01",
    "status": "optimal",
    "catalogue_revision": "r1",
    "site_outline": {"type": "Polygon", "coordinates": [[[127, 37], [127.1, 37], [127, 37.1], [127, 37]]]},
    "ring": [{"type": "LineString", "coordinates": [[127, 37], [127.1, 37], [127, 37]]}],
    "coverage": [
        {
            "threat": "micro-multirotor",
            "height_m": 60,
            "share": 1,
            "share_required": 0.9,
            "kinds_required": 1,
            "met": True,
            "shares_by_kinds": [1],
        }
    ],
    "terrain": {"name": "n", "surface": "surface", "synthetic": False, "spacing_m": 30, "crs": "c", "source": "s"},
    "optimisation": {
        "solver": "s", "cost": 1, "bound": 1, "gap": 0, "positions": 1, "options": 1, "ring_points": 8,
    },
}  # fmt: skip
_NEW = ("weather", "trust", "obstacles")


def document(**changes: Any) -> dict[str, Any]:
    return {**requirement().model_dump(mode="json"), **changes}


def test_an_old_requirement_asks_for_what_it_asked_before() -> None:
    old = {key: value for key, value in document().items() if key not in _NEW}
    old["detection"] = {
        key: old["detection"][key] for key in ("threats", "heights_m", "warning_distance_m", "share", "spacing_m")
    }
    read = parse(Requirement, old, file="old")
    assert read == requirement()
    assert (read.detection.sensors, read.detection.region, read.detection.physics) == (1, Region.RING, False)
    assert (read.weather, read.trust) == (Weather(), ())


def test_an_old_kit_still_opens() -> None:
    kit = parse(Kit, OLD_KIT | {"requirement": document()}, file="kit")
    assert (kit.approaches, kit.blind_areas) == ((), ())
    figure = kit.coverage[0]
    assert (figure.sensors_required, figure.region, figure.probability_mean) == (1, Region.RING, None)
    assert Kit.model_validate_json(kit.model_dump_json()) == kit


@pytest.mark.parametrize(
    ("changes", "place", "accepted"),
    [
        ({"detection": {"probability": 0.9, "fused_probability": 0.9}}, "detection.fused_probability",
         "must be above probability (0.9), which every sensor that counts reaches alone"),
        ({"detection": {"probability": 1.0}}, "detection.probability", "should be less than or equal to 0.999"),
        ({"detection": {"sensors": 0}}, "detection.sensors", "should be greater than or equal to 1"),
        ({"weather": {"rain_mm_h": 10}}, "weather", "counts only with detection.probability"),
        ({"detection": {"probability": 0.5}, "weather": {"visibility_m": 0}}, "weather.visibility_m",
         "should be greater than 0"),
        ({"trust": [{"grade": "stated", "factor": 0.5, "basis": "b"}, {"grade": "stated", "factor": 1, "basis": "b"}]},
         "trust", "each grade at most once, not stated, stated"),
        ({"trust": [{"grade": "stated", "factor": 1.5, "basis": "b"}]}, "trust.0.factor",
         "should be less than or equal to 1"),
    ],
)  # fmt: skip
def test_a_contradiction_is_told_at_its_field(changes: dict[str, Any], place: str, accepted: str) -> None:
    asked = document()
    for key, value in changes.items():
        asked[key] = {**asked[key], **value} if isinstance(value, dict) else value
    with pytest.raises(InputError) as refused:
        parse(Requirement, asked, file="asked")
    assert [problem.place for problem in refused.value.problems] == [place]
    assert accepted in refused.value.problems[0].accepted
