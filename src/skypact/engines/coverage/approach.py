"""The defender's worst case: where could something come closest unnoticed, and how much time is left then?"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import rasterio.features
import shapely
from affine import Affine
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage, sparse
from scipy.sparse import csgraph
from shapely.geometry.base import BaseGeometry

from skypact.engines.coverage.terrain import Flags, Floats, Terrain

#: Kept on unobserved ground so that of two equally unobserved approaches the shorter is named.
_UNSEEN = 1e-6


@dataclass(frozen=True, eq=False)
class Approach:
    """The approach with the least exposure.

    ``x``, ``y`` are its posts from outside to the protected area (metres in the terrain's reference system),
    ``length_m`` its length, ``observed_m`` the length weighted with the exposure on the way.
    """

    x: Floats
    y: Floats
    length_m: float
    observed_m: float


def least_observed_approach(terrain: Terrain, exposure: ArrayLike, *, start: ArrayLike, goal: ArrayLike) -> Approach:
    """The path from any ``start`` post to any ``goal`` post along which ``exposure`` adds up to the least.

    A standard measure of barrier coverage: the minimal exposure path (Meguerdichian et al. 2001, "Exposure in wireless
    ad-hoc sensor networks", MobiCom), on the eight neighbours of every post, exposure averaged over both ends.

    Parameters
    ----------
    exposure : (rows, columns), per metre of path, ≥ 0: a detection probability, or 1 where a drone is seen, else 0
    start, goal : bool (rows, columns)

    Raises ``ValueError`` for arrays of another shape, exposure that is negative or unknown, or no start, goal or path.
    """
    cost = np.asarray(exposure, dtype=np.float64)
    begin, end = np.asarray(start, dtype=np.bool_), np.asarray(goal, dtype=np.bool_)
    if not cost.shape == begin.shape == end.shape == terrain.heights.shape:
        raise ValueError(f"exposure, start and goal must have the terrain's shape {terrain.heights.shape}")
    if not (np.isfinite(cost) & (cost >= 0)).all():
        raise ValueError("exposure must be known and not negative everywhere")
    if not begin.any() or not end.any():
        raise ValueError("there must be at least one start and one goal")
    graph = _neighbours(cost + _UNSEEN, terrain.dx, terrain.dy)
    reached, previous, _ = csgraph.dijkstra(
        graph, directed=False, indices=np.flatnonzero(begin), return_predecessors=True, min_only=True
    )
    goals = np.flatnonzero(end)
    post = int(goals[np.argmin(reached[goals])])
    path = [post]
    while previous[post] >= 0:
        post = int(previous[post])
        path.append(post)
    rows, columns = np.divmod(np.array(path[::-1]), terrain.columns)
    length = np.hypot(np.diff(columns) * terrain.dx, np.diff(rows) * terrain.dy)
    along = cost[rows, columns]
    return Approach(
        x=terrain.x0 + terrain.dx * columns,
        y=terrain.y0 - terrain.dy * rows,
        length_m=float(length.sum()),
        observed_m=float((length * (along[:-1] + along[1:]) / 2).sum()),
    )


def _neighbours(cost: Floats, dx: float, dy: float) -> sparse.coo_array:
    """The graph of posts with edges to the east, south, south-east and south-west, weighted by length and cost."""
    number = np.arange(cost.size).reshape(cost.shape)
    steps = (
        (np.s_[:, :-1], np.s_[:, 1:], dx),
        (np.s_[:-1, :], np.s_[1:, :], dy),
        (np.s_[:-1, :-1], np.s_[1:, 1:], math.hypot(dx, dy)),
        (np.s_[:-1, 1:], np.s_[1:, :-1], math.hypot(dx, dy)),
    )
    weights = [((cost[a] + cost[b]) / 2 * length).ravel() for a, b, length in steps]
    tails = [number[a].ravel() for a, _, _ in steps]
    heads = [number[b].ravel() for _, b, _ in steps]
    ends = (np.concatenate(tails), np.concatenate(heads))
    return sparse.coo_array((np.concatenate(weights), ends), shape=(cost.size, cost.size)).tocsr()


def warning_time(detected: ArrayLike, *, distance_m: ArrayLike, speed_m_s: float) -> float:
    """Seconds from first detection to the fence on a straight approach at constant speed; 0 if never detected.

    ``detected`` says for points along the approach whether they are seen, ``distance_m`` how far each lies from the
    fence; any order. Raises ``ValueError`` for shapes that differ, negative distances or a speed that is not positive.
    """
    seen, distance = np.asarray(detected, dtype=np.bool_), np.asarray(distance_m, dtype=np.float64)
    if seen.shape != distance.shape or (distance < 0).any():
        raise ValueError("detected and distance_m must have one shape, and no distance may be negative")
    if not speed_m_s > 0:
        raise ValueError(f"speed_m_s must be positive, is {speed_m_s}")
    return float(distance[seen].max() / speed_m_s) if seen.any() else 0.0


def blind_areas(terrain: Terrain, visible: ArrayLike, *, within: ArrayLike | None = None) -> BaseGeometry:
    """Where nothing is seen, as WGS 84 polygons: the cells around posts not ``visible``, bool (rows, columns).

    ``within`` limits the question to some posts. Unknown posts are not visible and so are blind. Raises ``ValueError``
    for arrays of another shape.
    """
    seen = np.asarray(visible, dtype=np.bool_)
    asked: NDArray[np.bool_] = np.ones_like(seen) if within is None else np.asarray(within, dtype=np.bool_)
    if seen.shape != terrain.heights.shape or asked.shape != seen.shape:
        raise ValueError(f"visible and within must have the terrain's shape {terrain.heights.shape}")
    blind: Flags = ~seen & asked
    place = Affine(terrain.dx, 0, terrain.x0 - terrain.dx / 2, 0, -terrain.dy, terrain.y0 + terrain.dy / 2)
    shapes = rasterio.features.shapes(blind.astype(np.uint8), mask=blind, transform=place)
    grid = shapely.MultiPolygon(
        [shapely.Polygon(rings["coordinates"][0], rings["coordinates"][1:]) for rings, _ in shapes]
    )
    return shapely.transform(grid, lambda at: np.column_stack(terrain.to_lonlat(at[:, 0], at[:, 1])))


def largest_blind(
    terrain: Terrain, visible: ArrayLike, *, within: ArrayLike, most: int
) -> tuple[tuple[float, shapely.Polygon], ...]:
    """The ``most`` largest connected blind areas, largest first: square metres, and the outline of their cells.

    Like :func:`blind_areas`, but in the terrain's reference system; cells that touch at a corner only are not
    connected. Raises ``ValueError`` for arrays of another shape.
    """
    seen, asked = np.asarray(visible, dtype=np.bool_), np.asarray(within, dtype=np.bool_)
    if not seen.shape == asked.shape == terrain.heights.shape:
        raise ValueError(f"visible and within must have the terrain's shape {terrain.heights.shape}")
    label, count = ndimage.label(~seen & asked)
    cells = np.bincount(label.ravel(), minlength=count + 1)[1:]
    chosen = np.argsort(-cells, kind="stable")[:most]
    place = Affine(terrain.dx, 0, terrain.x0 - terrain.dx / 2, 0, -terrain.dy, terrain.y0 + terrain.dy / 2)
    shapes = rasterio.features.shapes(label.astype(np.int32), mask=np.isin(label, chosen + 1), transform=place)
    outline = {
        int(value): shapely.Polygon(rings["coordinates"][0], rings["coordinates"][1:]) for rings, value in shapes
    }
    return tuple((float(cells[number]) * terrain.dx * terrain.dy, outline[number + 1]) for number in chosen.tolist())
