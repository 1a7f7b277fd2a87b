"""A kit's sensors over its relief, held in memory for as long as somebody looks at them.

What one sensor sees from one place is worked out once and shared by all tiles, figures and profiles that ask for it;
moving one sensor of many costs no more than that sensor. All that is held is bounded in bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from skypact.engines.coverage import Terrain, lowest_visible
from skypact.engines.coverage.watching import Places, Watcher, lowest_at
from skypact.engines.kit.watch import Watch
from skypact.market.coverage.holding import COVERAGE, Held
from skypact.schema import Kit, Position3D

Floats = NDArray[np.float64]
Posts = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Sight:
    """Lowest visible altitude above ground (rows, columns) of the posts from (top, left) of the relief on."""

    lowest: Floats
    top: int
    left: int

    def at(self, rows: Posts, columns: Posts) -> Floats:
        """The value at posts of the relief; inf for those that lie outside the sensor's window."""
        row, column = rows - self.top, columns - self.left
        height, width = self.lowest.shape
        inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
        return np.where(inside, self.lowest[np.where(inside, row, 0), np.where(inside, column, 0)], np.inf)


#: What sensors see, of all kits of this process (one of 10 km range on posts 30 m apart takes 3.6 MB), and the lowest
#: visible altitudes at the places that shares are counted over.
_SIGHTS: Held[Sight] = Held(COVERAGE)
_COUNTED: Held[Floats] = Held(COVERAGE)


@dataclass(frozen=True, eq=False)
class Scene:
    """One kit with its relief. ``version`` tells it from another kit of the same id."""

    kit: Kit
    version: str
    terrain: Terrain
    watch: Watch

    @cached_property
    def positions(self) -> dict[str, Position3D]:
        """The kit's positions of sensors by id, in the order of its bill of materials."""
        watched = {watcher.id for watcher in self.watch.watchers}
        return {
            position.id: position for item in self.kit.items for position in item.positions if position.id in watched
        }

    @cached_property
    def places(self) -> Places:
        """The places that the kit's shares are counted over."""
        return Places.on(self.terrain, *self.watch.places.T)

    def sight(self, watcher: Watcher) -> Sight:
        """What ``watcher`` sees of every post within its range, exact."""
        key = (self.kit.id, self.version, *watcher.observer, watcher.farthest_m)
        return _SIGHTS.of(key, lambda: self._look(watcher), size=lambda sight: sight.lowest.nbytes)

    def _look(self, watcher: Watcher) -> Sight:
        found = lowest_visible(self.terrain, watcher.observer, range_m=watcher.farthest_m)
        window, whole = found.terrain, self.terrain
        top, left = round((whole.y0 - window.y0) / whole.dy), round((window.x0 - whole.x0) / whole.dx)
        return Sight(found.lowest, top, left)

    def counted_lowest(self, watcher: Watcher) -> Floats:
        """Lowest visible altitude above ground at the places that are counted, exact at each."""
        key = (self.kit.id, self.version, *watcher.observer)
        return _COUNTED.of(
            key, lambda: lowest_at(self.terrain, watcher, self.places), size=lambda lowest: lowest.nbytes
        )
