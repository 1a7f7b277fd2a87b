"""How much longer a search may go on: counted work, never a clock, so that the same question has the same answer."""

from __future__ import annotations

from collections.abc import Callable

_ENTRIES_A_SECOND = 2.5e8


class Effort:
    """Work that is left, about seconds of one quiet core by the matrix entries read, and the user's stop."""

    def __init__(self, seconds: float, stop: Callable[[], bool]) -> None:
        self.seconds = seconds
        self.stopped = False
        self._stop = stop

    def spend(self, entries: float) -> None:
        """Counts entries of a matrix that were read."""
        self.seconds -= entries / _ENTRIES_A_SECOND

    @property
    def over(self) -> bool:
        """Whether nothing is left or the user ended the search."""
        self.stopped = self.stopped or self._stop()
        return self.stopped or self.seconds <= 0
