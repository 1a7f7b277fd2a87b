"""From places where somebody would rather stand back to a requirement."""

from __future__ import annotations

from collections.abc import Sequence

from shapely.geometry import mapping, shape

from skypact.schema import Kit, Placement, Position, Requirement, parse

#: The area that is kept clear reaches this far beyond the outline, degrees (about a metre).
_ROOM_DEG = 1e-5


def only_at(kit: Kit, places: Sequence[Position]) -> Requirement:
    """The kit's requirement with ``places`` as the only ones where equipment may stand. Raises InputError.

    A requirement's points stand beside a grid over an area; so the whole area is kept clear of the grid.
    """
    asked = kit.requirement
    area = asked.placement.area or kit.site_outline
    clear = mapping(shape(area.model_dump()).buffer(_ROOM_DEG, quad_segs=2, join_style="mitre"))
    wanted = asked.placement.model_dump(mode="json") | {"exclude": [clear], "points": list(places)}
    return asked.model_copy(update={"placement": parse(Placement, wanted, file=asked.id, place="placement")})
