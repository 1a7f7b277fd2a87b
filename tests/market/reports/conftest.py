"""The same data folder of each test's own as for kits, and kits published with real pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.market.kits import samples
from tests.market.kits.conftest import home, started
from tests.market.kits.test_actions import SYSTEM, pictures

from skypact.market.kits.actions import PublishKit
from skypact.market.kits.rendering import write_pictures
from skypact.schema import Kit

__all__ = ["home", "started"]


@pytest.fixture
def publish(home: Path) -> Callable[[Kit], None]:
    """Publishes a kit with real pictures."""

    def published(kit: Kit) -> None:
        folder = pictures(home, f"incoming-{kit.id}")
        composition = samples.composition()
        write_pictures(folder, relief=composition.terrain, layers=composition.layers)
        PublishKit(actor=SYSTEM, kit=kit, pictures=folder).execute()

    return published
