"""When the sources of a live picture are compared: one comparison at a time, and never most of the time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from skypact.conformance.picture.judging import Judged

#: A comparison may take this share of the time.
_SHARE = 0.25


class Checking:
    """One comparison at a time, beside the tracking or in its place."""

    def __init__(self, background: bool) -> None:
        self._pool = ThreadPoolExecutor(1, "comparing") if background else None
        self._running: Future[tuple[Judged, float]] | None = None
        self._begun_s = self._rest_until = -math.inf
        self._closed = False
        self.found: Judged | None = None
        self.checked_s: float | None = None

    def due(self, now_s: float, every_s: float) -> bool:
        self._collect()
        rested = time.monotonic() >= self._rest_until
        return not self._closed and self._running is None and rested and now_s >= self._begun_s + every_s

    def _collect(self) -> None:
        if self._running is not None and self._running.done():
            self.found, took_s = self._running.result()
            self._running, self.checked_s = None, round(self._begun_s, 3)
            self._rest_until = time.monotonic() + took_s / _SHARE

    def begin(self, now_s: float, work: Callable[[], Judged]) -> None:
        self._begun_s = now_s
        if self._pool is not None:
            self._running = self._pool.submit(_timed, work)
            return
        self.found, _ = _timed(work)
        self.checked_s = round(now_s, 3)

    def close(self) -> None:
        """Waits for the comparison under way, and begins no other."""
        self._closed = True
        if self._pool is not None:
            self._pool.shutdown()
        self._collect()


def _timed(work: Callable[[], Judged]) -> tuple[Judged, float]:
    begun = time.monotonic()
    return work(), time.monotonic() - begun
