"""The sample kits that a new installation shows: composed once, and again when the example or the catalogue changes."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.conf import settings

from skypact.market.core.access import Actor
from skypact.market.kits.actions import PublishKit, kit_folder
from skypact.market.kits.models import StoredKit
from skypact.market.kits.offering import offered
from skypact.schema import Kit, Requirement


def sample_kit(
    requirement: Requirement,
    *,
    on: date,
    progress: Callable[[str, float], None] = lambda stage, done: None,
    stop: Callable[[], bool] = lambda: False,
) -> Kit:
    """The published kit of an example, composed on the day ``on`` unless an unchanged one is there already.

    A search that was stopped is shown but not published. Raises :class:`InputError`.
    """
    name = f"sample-{requirement.id}"
    kept = _kept(name, requirement, on)
    if kept is not None:
        return kept
    # imported here alone: numba, OR-Tools and rasterio take seconds to load
    from skypact.market.kits.composing import compose_requirement
    from skypact.market.kits.rendering import write_pictures
    from skypact.market.kits.watching import write_watch

    composition = compose_requirement(
        requirement,
        terrain_folder=Path(settings.HOME) / "terrain",
        on=on,
        actor=Actor.anonymous(),
        progress=progress,
        stop=stop,
    )
    kit = composition.kit.model_copy(update={"id": name})
    if kit.status == "stopped":
        return kit
    kit_folder(name).parent.mkdir(mode=0o700, exist_ok=True)
    pictures = Path(tempfile.mkdtemp(prefix=".incoming-", dir=kit_folder(name).parent))
    try:
        write_pictures(pictures, relief=composition.terrain, layers=composition.layers)
        if composition.watch is not None:
            write_watch(pictures, composition.watch, composition.terrain)
        PublishKit(actor=Actor.system("demo"), kit=kit, pictures=pictures).execute()
    finally:
        shutil.rmtree(pictures, ignore_errors=True)
    return kit


def _kept(name: str, requirement: Requirement, on: date) -> Kit | None:
    stored = StoredKit.objects.filter(pk=name).first()
    if stored is None or not (kit_folder(name) / "bounds.json").is_file():
        return None
    try:
        kit = stored.kit
    except ValueError:  # written by an earlier version of the data model
        return None
    name_now = offered(Actor.anonymous(), on=on).named.name
    if kit.items and not (kit_folder(name) / "watch.json").is_file():  # composed by an earlier version
        return None
    same = kit.requirement == requirement and kit.catalogue_revision == name_now
    return kit if same else None
