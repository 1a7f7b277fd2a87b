"""What a composition is fed with: the relief around everything the requirement names."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.engines.kit.requirements import requirement

from skypact.market.core.access import Actor
from skypact.market.kits.composing import compose_requirement
from skypact.market.kits.terrain import terrain_of
from skypact.schema import InputError


def relief_of(tmp_path: Path, **changes: Any) -> float:
    asked = requirement(**changes)
    terrain = terrain_of(asked, named_in=tmp_path)
    return terrain.dx * (terrain.columns - 1) / 2


def test_the_relief_reaches_beyond_the_ring(tmp_path: Path) -> None:
    assert 2000 <= relief_of(tmp_path) < 2030


@pytest.mark.parametrize(
    "placement",
    [
        {"points": [[-52.0, -37.0]]},
        {"area": {"type": "Polygon", "coordinates": [[[120, 30], [130, 30], [130, 40], [120, 30]]]}},
    ],
)
def test_places_far_from_the_site_are_refused_before_any_relief_is_made(
    tmp_path: Path, placement: dict[str, Any]
) -> None:
    with pytest.raises(InputError, match="test-site: placement: everything named within 250 km of the site's middle"):
        relief_of(tmp_path, placement=placement)


def test_a_site_as_large_as_a_country_is_refused(tmp_path: Path) -> None:
    land = {"type": "Polygon", "coordinates": [[[120, 30], [130, 30], [130, 40], [120, 30]]]}
    with pytest.raises(InputError, match="test-site: site: everything named within 250 km of the site's middle"):
        relief_of(tmp_path, site={"circle": None, "area": land})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("centre", "told"),
    [((124.0, 36.0), ["the site lies in the sea, 166 km from the coast"]), ((127.0, 37.5), [])],
)
def test_a_site_in_the_sea_is_told_even_where_there_is_no_kit(
    tmp_path: Path, centre: tuple[float, float], told: list[str]
) -> None:
    asked = requirement(site={"circle": {"centre": centre, "radius_m": 500}})
    kit = compose_requirement(asked, terrain_folder=tmp_path, on=date(2026, 11, 21), actor=Actor.system("test")).kit
    assert kit.status == "no_kit"
    assert [str(unknown.question) for unknown in kit.unknowns] == told
