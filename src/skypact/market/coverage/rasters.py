"""Coverage as a raster that other tools open."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from skypact.engines.coverage.watching import Watcher
from skypact.exchange.coverage import write_lowest_visible
from skypact.market.coverage.layers import Layer, Measure, values
from skypact.market.coverage.scenes import Scene
from skypact.schema import InputError

#: Cells that a web process writes at once, about a second and a half of work.
CELLS_MAX = 2_000_000


def write_lowest_seen(path: Path, scene: Scene, watchers: Sequence[Watcher], threat: str) -> None:
    """The lowest height at which any sensor sees ``threat``: metres above ground, and above sea level.

    NaN is unknown, inf is seen at no height. Raises InputError for a relief beyond :data:`CELLS_MAX`.
    """
    terrain = scene.terrain
    if terrain.heights.size > CELLS_MAX:
        raise InputError.single(
            file=scene.kit.id,
            place="relief",
            value=f"{terrain.heights.size:,} posts",
            accepted=f"at most {CELLS_MAX:,} posts: for larger ones there is `skypact coverage see`",
        )
    rows, columns = (axis.ravel() for axis in np.indices(terrain.heights.shape))
    found = values(scene, watchers, Layer(Measure.LOWEST, threat), rows, columns).reshape(terrain.heights.shape)
    about = {"KIT": scene.kit.id, "THREAT": threat, "SENSORS": ", ".join(each.id for each in watchers)}
    write_lowest_visible(path, found.astype(np.float32), terrain, about=about)
