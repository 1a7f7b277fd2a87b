"""Results held in memory up to a number of bytes; what was asked for longest ago leaves first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar, cast

T = TypeVar("T")


class Pool:
    """Bytes that several holders share. Threads share it, and what no room is left for is not held."""

    def __init__(self, bytes_max: int) -> None:
        self._bytes_max = bytes_max
        self._bytes = 0
        self._lock = threading.Lock()
        self._entries: OrderedDict[Hashable, tuple[object, int]] = OrderedDict()

    def look(self, key: Hashable) -> tuple[object, int] | None:
        """What is held under ``key`` with its bytes."""
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
            return self._entries.get(key)

    def keep(self, key: Hashable, made: object, cost: int) -> object:
        """Holds ``made`` unless another thread did first; returns what is to be used."""
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
                return self._entries[key][0]
            if cost <= self._bytes_max:
                self._entries[key] = (made, cost)
                self._bytes += cost
                while self._bytes > self._bytes_max:
                    _, (_, gone) = self._entries.popitem(last=False)
                    self._bytes -= gone
            return made

    @property
    def bytes(self) -> int:
        """How many bytes are held."""
        return self._bytes


class Held(Generic[T]):
    """Results by key, in the bytes of ``pool``. Two that want the same at once may both make it; the first stays."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def of(self, key: Hashable, make: Callable[[], T], *, size: Callable[[T], int]) -> T:
        """The result for ``key``; ``make`` makes it where it is not held, ``size`` tells its bytes."""
        found = self._pool.look((self, key))
        if found is not None:
            return cast(T, found[0])
        made = make()
        return cast(T, self._pool.keep((self, key), made, size(made)))


#: What a web process holds of all kits that somebody looks at: their relief, what sensors see of it, tiles.
COVERAGE = Pool(256 * 1024 * 1024)
