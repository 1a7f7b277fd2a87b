"""Making the choice small without changing its answer: products another one beats, places that always go together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from skypact.engines.kit.candidates import Candidate
from skypact.engines.kit.choosing import Path
from skypact.engines.kit.options import Options, Reach
from skypact.schema import figure

Ints = NDArray[np.int64]


def unbeaten(
    candidates: Sequence[Candidate],
    reached: Sequence[tuple[Reach, ...]],
    paths: Sequence[tuple[Path, ...]],
    *,
    on: date,
) -> list[int]:
    """Indices of the products that no other one beats in every respect at once.

    One product beats another when it costs no more and is no less known, reaches as far for every threat class, looks
    as wide, has no tighter limits, and connects in every way the other does. Only products with one and the same
    kind of sensor are compared, and of equals the first by id stays.
    """
    order = sorted(range(len(candidates)), key=lambda number: (candidates[number].cost, candidates[number].listing.id))
    kept: list[int] = []
    for number in order:
        if not any(
            _beats(candidates[other], candidates[number])
            and _reaches_as_far(reached[other], reached[number], on)
            and set(paths[other]) >= set(paths[number])
            for other in kept
        ):
            kept.append(number)
    return sorted(kept)


def _beats(one: Candidate, other: Candidate) -> bool:
    return one.cost <= other.cost and one.unknowns <= other.unknowns


def _reaches_as_far(one: Sequence[Reach], other: Sequence[Reach], on: date) -> bool:
    kinds = {reach.sensor.kind for reach in (*one, *other)}
    if (
        len(kinds) != 1
        or len({id(reach.sensor) for reach in one}) != 1
        or len({id(reach.sensor) for reach in other}) != 1
    ):
        return False
    volumes = [
        (
            min(mine.width_deg or 0.0, 360.0) >= min(theirs.width_deg or 0.0, 360.0)
            and (mine.found.range_m or 0.0) >= (theirs.found.range_m or 0.0)
            and _limits(mine, on) == _limits(theirs, on)
        )
        for mine, theirs in zip(one, other, strict=True)
    ]
    return all(volumes)


def _limits(reach: Reach, on: date) -> tuple[float | None, ...]:
    sensor = reach.sensor
    return tuple(figure(claims, on=on) for claims in (sensor.range_min, sensor.elevation_min, sensor.elevation_max))


def merged_rows(options: Options, groups: int) -> tuple[Options, Ints, Ints]:
    """Places of one group that exactly the same options see become one row; places nobody sees are left out.

    Returns the options over the rows, how many places each row stands for, and the group of each row.
    """
    kinds, count, cells = options.seen.shape
    places = cells // groups
    columns = np.packbits(options.seen.reshape(kinds * count, cells), axis=0).T
    keyed = np.column_stack(
        [np.repeat(np.arange(groups, dtype=np.int64), places).view(np.uint8).reshape(cells, 8), columns]
    )
    keyed = np.ascontiguousarray(keyed)
    _, first, inverse = np.unique(
        keyed.view(np.dtype((np.void, keyed.shape[1]))).ravel(), return_index=True, return_inverse=True
    )
    weight = np.bincount(inverse.ravel(), minlength=len(first))
    seen_by_any = options.seen[:, :, first].any(axis=(0, 1))
    order = np.flatnonzero(seen_by_any)
    order = order[np.argsort(first[order], kind="stable")]
    rows = Options(options.kinds, options.seen[:, :, first[order]], options.product, options.position, options.azimuth)
    return rows, weight[order].astype(np.int64), (first[order] // places).astype(np.int64)
