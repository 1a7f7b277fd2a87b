"""Results held in memory up to a number of bytes; what was asked for longest ago leaves first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Held(Generic[T]):
    """Results by key. Threads share it; two that want the same one at once may both make it, and the first stays."""

    def __init__(self, bytes_max: int, *, count_max: int | None = None) -> None:
        self._bytes_max, self._count_max = bytes_max, count_max
        self._bytes = 0
        self._lock = threading.Lock()
        self._entries: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()

    def of(self, key: Hashable, make: Callable[[], T], *, size: Callable[[T], int]) -> T:
        """The result for ``key``; ``make`` makes it where it is not held, ``size`` tells its bytes."""
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
                return self._entries[key][0]
        made = make()
        cost = size(made)
        with self._lock:
            if key not in self._entries:
                self._entries[key] = (made, cost)
                self._bytes += cost
            self._entries.move_to_end(key)
            kept = self._entries[key][0]
            while len(self._entries) > 1 and self._over():
                _, (_, gone) = self._entries.popitem(last=False)
                self._bytes -= gone
        return kept

    def _over(self) -> bool:
        return self._bytes > self._bytes_max or (self._count_max is not None and len(self._entries) > self._count_max)

    @property
    def bytes(self) -> int:
        """How many bytes are held."""
        return self._bytes
