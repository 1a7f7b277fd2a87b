"""From sensors tried elsewhere back to a requirement: composed again, a kit may stand at exactly those places."""

from __future__ import annotations

from collections.abc import Sequence

from shapely.geometry import mapping, shape

from skypact.engines.coverage.watching import Watcher
from skypact.market.coverage.scenes import Scene
from skypact.schema import Placement, Position, Requirement

#: The area that is kept clear reaches this far beyond the site's outline, degrees (about a metre).
_ROOM_DEG = 1e-5


def places_of(scene: Scene, watchers: Sequence[Watcher]) -> tuple[Position, ...]:
    """Every place in use, once, in WGS 84."""
    lon, lat = scene.terrain.to_lonlat([one.x for one in watchers], [one.y for one in watchers])
    return tuple(dict.fromkeys((round(float(x), 7), round(float(y), 7)) for x, y in zip(lon, lat, strict=True)))


def only_at(scene: Scene, watchers: Sequence[Watcher]) -> Requirement:
    """The kit's requirement with the places of ``watchers`` as the only ones where equipment may stand.

    A requirement's points stand beside a grid over an area; so the whole area is kept clear of the grid.
    """
    asked = scene.kit.requirement
    area = asked.placement.area or scene.kit.site_outline
    clear = mapping(shape(area.model_dump()).buffer(_ROOM_DEG, quad_segs=2, join_style="mitre"))
    kept = asked.placement.model_dump(mode="json") | {"exclude": [clear], "points": places_of(scene, watchers)}
    return asked.model_copy(update={"placement": Placement.model_validate(kept)})
