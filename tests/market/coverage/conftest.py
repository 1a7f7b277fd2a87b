"""A kit composed once on land made by hand, kept as the composing process keeps it; relief is given, not read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.engines.kit.requirements import PLACE, requirement
from tests.engines.made_up import DAY, OTHER_VENDOR, VENDOR, claim, hub, sensor

from skypact.engines.coverage import SurfaceKind, Terrain
from skypact.engines.coverage.terrain import local_projection
from skypact.engines.kit import Composition, compose
from skypact.market.accounts.models import User
from skypact.market.coverage import selectors
from skypact.market.coverage.scenes import Scene
from skypact.market.kits.actions import _stored, kit_folder
from skypact.market.kits.models import StoredKit
from skypact.market.kits.rendering import write_pictures
from skypact.market.kits.watching import write_watch
from skypact.seed import rules, threats

DRONE = "micro-multirotor"


def land() -> Terrain:
    """Six by six kilometres: flat, with a wall of 120 m in the east (x = 700 m) and unknown posts in the north-west."""
    heights = np.zeros((61, 61))
    heights[20:40, 37] = 120.0
    heights[20:22, 24:26] = np.nan
    return Terrain(
        heights, -3000.0, 3000.0, 100.0, 100.0, local_projection(*PLACE.centre), SurfaceKind.SYNTHETIC, "land", "hand"
    )


@pytest.fixture(scope="session")
def composition() -> Composition:
    """Two radars of 1 km range back to back, 400 m north and south of the middle, each watching half of the azimuth."""
    asked = requirement(
        site={"name": "Field", "name_ko": "들판"},
        detection={"share": 0.6, "spacing_m": 50, "heights_m": [30, 60], "kinds": 1},
    )
    radar = sensor("RADAR", "radar", 1000, "50000", width=180)
    return compose(
        asked,
        place=PLACE,
        nation="KR",
        listings=[radar, hub("HUB", "10000", fusion={"sensors_max": claim(8, "1")})],
        vendors=[VENDOR, OTHER_VENDOR],
        threats=threats(),
        rules=rules(),
        terrain=land(),
        on=DAY,
        revision="test",
    )


@pytest.fixture
def kept(composition: Composition, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Keeps the composed kit under an id, for an owner or for whoever has its address."""
    settings.HOME = tmp_path
    monkeypatch.setattr(selectors, "terrain_of", lambda requirement: composition.terrain)

    def keep(name: str = "field", *, owner: User | None = None) -> StoredKit:
        kit = composition.kit.model_copy(update={"id": name})
        folder = kit_folder(name)
        folder.mkdir(parents=True)
        write_pictures(folder, relief=composition.terrain, layers=composition.layers)
        assert composition.watch is not None
        write_watch(folder, composition.watch, composition.terrain)
        stored = _stored(kit, owner_id=owner and owner.pk, listed=False)
        stored.save()
        return stored

    return keep


@pytest.fixture
def scene(composition: Composition) -> Scene:
    """The kit over its relief, without a database."""
    assert composition.watch is not None
    kit = composition.kit.model_copy(update={"id": "field"})
    return Scene(kit=kit, version="1", terrain=composition.terrain, watch=composition.watch)
