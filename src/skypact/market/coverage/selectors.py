"""Every read on the map: by the rule of the kit itself, for whoever may see that."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from skypact.engines.coverage import Terrain
from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.coverage.holding import COVERAGE, Held
from skypact.market.coverage.scenes import Scene
from skypact.market.kits import selectors as kits
from skypact.market.kits.actions import kit_folder
from skypact.market.kits.terrain import terrain_of
from skypact.market.kits.watching import digest_of, read_watch
from skypact.schema import InputError, Kit

#: Kits that a process keeps at hand, by the bytes of their relief and what the kit itself takes beside it.
_SCENES: Held[Scene] = Held(COVERAGE)
#: What a kit takes in memory, measured on the four samples: three to five bytes for a letter of its JSON.
_BYTES_A_LETTER = 5


def version(actor: Actor, kit_id: str) -> datetime:
    """What tells this kit from another one of its id. One statement; Http404 for what this actor may not see."""
    return kits.kit_version(actor, kit_id)


def scene(actor: Actor, kit_id: str) -> Scene:
    """The kit over its relief. One statement while it is in memory, else two.

    Raises Http404 for a kit that this actor may not see, StateError saying why one cannot be explored: there is no kit,
    it was composed by an earlier version, or its relief has changed or is gone.
    """
    kept_at = version(actor, kit_id)
    return _SCENES.of((kit_id, kept_at), lambda: _made(actor, kit_id, kept_at), size=_bytes)


def _bytes(made: Scene) -> int:
    """Roughly what a scene takes in memory: its relief, its places twice, the kit."""
    return (
        made.terrain.heights.nbytes
        + 3 * made.watch.places.nbytes
        + _BYTES_A_LETTER * len(made.kit.model_dump_json(exclude_defaults=True))
    )


def _made(actor: Actor, kit_id: str, kept_at: datetime) -> Scene:
    kit = kits.kit(actor, kit_id).kit
    if not kit.items:
        raise StateError(_("There is no kit for this requirement, so there is nothing to see on a map."))
    kept = read_watch(kit_folder(kit_id))
    if kept is None:
        raise StateError(_("This kit was composed by an earlier version. Compose it again to explore what it sees."))
    terrain = _relief(kit)
    if digest_of(terrain) != kept.relief:
        raise StateError(_("The elevation files have changed since this kit was composed. Compose it again."))
    return Scene(kit=kit, version=kept_at.isoformat(), terrain=terrain, watch=kept.watch)


def _relief(kit: Kit) -> Terrain:
    try:
        return terrain_of(kit.requirement)
    except InputError as error:
        reason = _("The relief that this kit was composed on cannot be read any more: %(reason)s")
        raise StateError(reason % {"reason": error}) from None
