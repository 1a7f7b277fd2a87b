"""Brings together what a composition needs: the place, its relief, the catalogue, the rules; then asks the engine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from skypact.engines.kit import Composition, compose
from skypact.market.catalogue import naming
from skypact.market.core.access import Actor
from skypact.market.kits.offering import offered
from skypact.market.kits.terrain import check_points, located, shore_of, site_offshore_m, terrain_of
from skypact.schema import Requirement
from skypact.seed import coexistence_rules, rules, threats


def compose_requirement(
    requirement: Requirement,
    *,
    terrain_folder: Path,
    on: date,
    actor: Actor,
    progress: Callable[[str, float], None] = lambda stage, done: None,
    stop: Callable[[], bool] = lambda: False,
) -> Composition:
    """The kit for ``requirement`` from what ``actor`` may see of this installation's catalogue, ordered on ``on``.

    Generated (SYN-) listings take part only where the requirement asks for them. What labs say of ports on that day
    is part of what is judged, and of the catalogue that the kit names; the event log notes what that name stands for.
    ``terrain_folder`` is where the requirement's elevation and obstacle files lie; which relief is used without any:
    :func:`skypact.market.kits.terrain.terrain_of`. Raises :class:`InputError`.
    """
    place, nation = located(requirement)
    progress("terrain", 0.0)
    terrain = terrain_of(requirement, named_in=terrain_folder)
    check_points(requirement, terrain)
    progress("terrain", 1.0)
    given = offered(actor, on=on)
    naming.remember(given.named)
    return compose(
        requirement,
        place=place,
        nation=nation,
        listings=[listing for listing in given.catalogue.listings if requirement.synthetic or not listing.synthetic],
        vendors=given.catalogue.vendors,
        threats=threats(),
        rules=rules(),
        coexistence=coexistence_rules(),
        terrain=terrain,
        on=on,
        revision=given.named.name,
        offshore_m=site_offshore_m(requirement),
        shore=shore_of(requirement, terrain),
        progress=progress,
        stop=stop,
    )
