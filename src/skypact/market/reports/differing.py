"""What two kits see differently, counted anew by the engine on one grid: figures, pictures and GeoJSON.

Loads the engines; a process that serves pages starts another one for it (:mod:`.comparisons`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from skypact.engines.coverage import Terrain
from skypact.engines.kit.comparing import Change, ChangedArea, Difference, differences, seen_by, watchers_of
from skypact.market.core.access import Actor
from skypact.market.kits.rendering import Picture, classes_picture, coverage_picture, hillshade, write_pictures
from skypact.market.kits.terrain import terrain_of
from skypact.market.reports.comparing import KitComparison
from skypact.market.reports.selectors import watching
from skypact.schema import InputError, Kit, Position, Requirement

Progress = Callable[[float], None]

#: Colours of the difference, opacity last; every class has a pattern too, since colours alone do not tell.
_PAINT = {
    Change.LOST: (178, 24, 43, 215),
    Change.GAINED: (33, 102, 172, 215),
    Change.BOTH: (120, 130, 120, 120),
    Change.UNKNOWN: (60, 60, 60, 230),
}
#: Pixels from one line of a pattern to the next, and how thick a line is.
_HATCH, _THICK = 10, 3


@dataclass(frozen=True, eq=False)
class Layer:
    """By how many kinds of sensor each post of ``terrain`` is seen: what :mod:`skypact.market.kits.rendering` draws."""

    threat: str
    height_m: float
    kinds: NDArray[np.uint8]
    terrain: Terrain


@dataclass(frozen=True, eq=False)
class Counted:
    """The differences of two kits on one terrain."""

    comparison: KitComparison
    differences: tuple[Difference, ...]
    terrain: Terrain
    missing: tuple[str, ...]
    """listings that the catalogue does not show, so that their blind range and limits of elevation are not applied"""


def count(
    comparison: KitComparison, *, actor: Actor, named_in: Path | None = None, progress: Progress = lambda done: None
) -> Counted:
    """Counts what both kits see, on the relief of the later kit's requirement. Raises InputError.

    ``named_in``: the folder of the elevation files that the requirement names.
    """
    before, after = comparison.before, comparison.after
    if not comparison.cases:
        raise InputError.single(
            file=after.id,
            place="detection.threats",
            value=", ".join(after.requirement.detection.threats),
            accepted=f"must share a threat class with {before.id} ({', '.join(before.requirement.detection.threats)})",
        )
    terrain = terrain_of(_holding(after.requirement, _standing(before, after)), named_in=named_in)
    listings, missing = watching(actor, before, after)
    found = differences(
        before, after,
        listings=listings, terrain=terrain, zone=comparison.zone, cases=comparison.cases, progress=progress,
    )  # fmt: skip
    return Counted(comparison, found, terrain, missing)


def draw_kit(
    kit: Kit, folder: Path, *, actor: Actor, named_in: Path | None = None, progress: Progress = lambda done: None
) -> None:
    """Draws the pictures of a kit that comes from elsewhere into ``folder``, counted from its own words."""
    terrain = terrain_of(_holding(kit.requirement, _standing(kit)), named_in=named_in)
    listings, _ = watching(actor, kit)
    cases = [(figure.threat, figure.height_m) for figure in kit.coverage]
    watchers = watchers_of(kit, listings=listings, terrain=terrain)
    seen = seen_by(watchers, kit.requirement, cases=cases, terrain=terrain, progress=progress)
    layers = [Layer(*case, one.kinds, terrain) for case, one in zip(cases, seen, strict=True)]
    write_pictures(folder, relief=terrain, layers=layers)


def _standing(*kits: Kit) -> list[Position]:
    return [position.at for kit in kits for item in kit.items for position in item.positions]


def _holding(requirement: Requirement, places: Sequence[Position]) -> Requirement:
    """The requirement whose relief holds these places too."""
    points = tuple(dict.fromkeys((*requirement.placement.points, *places)))
    return requirement.model_copy(update={"placement": requirement.placement.model_copy(update={"points": points})})


def figures_of(counted: Counted) -> dict[str, Any]:
    """The figures as JSON: square metres by case and change, and the largest areas lost and gained."""
    comparison, terrain = counted.comparison, counted.terrain
    return {
        "before": comparison.before.id,
        "after": comparison.after.id,
        "zone_m2": round(comparison.zone_m2, 1),
        "terrain": {
            "name": terrain.name,
            "surface": terrain.surface.value,
            "spacing_m": round(max(terrain.dx, terrain.dy), 3),
            "source": terrain.source,
        },
        "listings_missing": list(counted.missing),
        "cases": [
            {
                "threat": one.threat,
                "height_m": one.height_m,
                **{f"{kind.name.lower()}_m2": round(one.areas_m2[kind], 1) for kind in Change},
                "lost": [_told(area, terrain) for area in one.lost],
                "gained": [_told(area, terrain) for area in one.gained],
            }
            for one in counted.differences
        ],
    }


def _told(area: ChangedArea, terrain: Terrain) -> dict[str, Any]:
    inside = area.outline.representative_point()
    lon, lat = terrain.to_lonlat(inside.x, inside.y)
    return {"area_m2": round(area.area_m2, 1), "at": [round(float(lon), 6), round(float(lat), 6)]}


def geojson_of(counted: Counted) -> dict[str, Any]:
    """The largest areas lost and gained as a FeatureCollection (RFC 7946)."""
    features = [
        {
            "type": "Feature",
            "geometry": _degrees(area.outline, counted.terrain),
            "properties": {
                "change": kind, "threat": one.threat, "height_m": one.height_m, "area_m2": round(area.area_m2, 1),
            },
        }
        for one in counted.differences
        for kind, areas in (("lost", one.lost), ("gained", one.gained))
        for area in areas
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": features}


def _degrees(outline: shapely.Polygon, terrain: Terrain) -> dict[str, Any]:
    moved = shapely.transform(outline, lambda at: np.column_stack(terrain.to_lonlat(at[:, 0], at[:, 1])).round(6))
    return json.loads(shapely.to_geojson(shapely.orient_polygons(moved)))


def draw(folder: Path, counted: Counted) -> dict[str, Any]:
    """Writes the pictures into ``folder`` and says where they lie."""
    shade = hillshade(counted.terrain)
    placed: dict[str, Any] = {"hillshade": _kept(folder, "hillshade.png", shade), "cases": []}
    for number, one in enumerate(counted.differences):
        layers = {
            "before": Layer(one.threat, one.height_m, one.kinds_before, counted.terrain),
            "after": Layer(one.threat, one.height_m, one.kinds_after, counted.terrain),
        }
        pictures = {
            name: _kept(folder, f"{name}-{number}.png", coverage_picture(layer)) for name, layer in layers.items()
        }
        change = classes_picture(one.change, counted.terrain, painted)
        pictures["change"] = _kept(folder, f"change-{number}.png", change)
        placed["cases"].append(pictures)
    return placed


def _kept(folder: Path, name: str, picture: Picture) -> dict[str, Any]:
    (folder / name).write_bytes(picture.png)
    return {"file": name, "corners": picture.corners}


def painted(change: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The change in colours and patterns, uint8 (rows, columns, 4): lost rises to the right, gained falls, what both
    see is plain, unknown is crossed, what neither sees stays clear.
    """
    row, column = np.indices(change.shape)
    rising, falling = ((row + column) % _HATCH < _THICK), ((row - column) % _HATCH < _THICK)
    image = np.zeros((*change.shape, 4), dtype=np.uint8)
    image[change == Change.BOTH] = _PAINT[Change.BOTH]
    for kind, lines in ((Change.LOST, rising), (Change.GAINED, falling), (Change.UNKNOWN, rising | falling)):
        own = change == kind
        image[own] = (*_PAINT[kind][:3], 70)
        image[own & lines] = _PAINT[kind]
    return image
