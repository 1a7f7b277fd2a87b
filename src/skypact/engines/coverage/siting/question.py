"""What is asked of siting, and what is answered: covering models over options and places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cover:
    """Who sees what. n options (one kind of sensor at one position each), m places.

    Parameters
    ----------
    seen : bool (n, m): option sees place; an array, or a sparse one of SciPy where few see little (it is kept as CSR)
    weight : int (m,), > 0: what a place counts
    cost : int (n,), > 0: hundredths of the currency, sensor and access together

    Raises ``ValueError`` for arrays that do not fit each other, weights or costs that are not positive.
    """

    seen: Flags | sparse.csr_array
    weight: Ints
    cost: Ints

    def __post_init__(self) -> None:
        if self.seen.ndim != 2 or self.seen.dtype != np.bool_:
            raise ValueError(f"seen must be bool (options, places), is {self.seen.dtype} {self.seen.shape}")
        if sparse.issparse(self.seen):
            rows = sparse.csr_array(self.seen, copy=True)
            rows.sum_duplicates()
            rows.eliminate_zeros()
            object.__setattr__(self, "seen", rows)
        options, places = self.seen.shape
        for name, values, count in (("cost", self.cost, options), ("weight", self.weight, places)):
            if values.shape != (count,) or not np.issubdtype(values.dtype, np.integer):
                raise ValueError(f"{name} must be {count} integers, is {values.dtype} {values.shape}")
            if (values <= 0).any():
                place = int(np.flatnonzero(values <= 0)[0])
                raise ValueError(f"{name}[{place}] must be above 0, is {values[place]}")

    def covered(self, options: Ints) -> int:
        """The weight of the places that at least one of the options sees."""
        return int(self.weight[self._shown(options)].sum())

    def unseen(self) -> Ints:
        """The places that no option sees."""
        return np.flatnonzero(~self._shown(np.arange(len(self.cost))))

    def dense(self) -> Cover:
        """The same with ``seen`` as an array, one byte a pair."""
        return self if isinstance(self.seen, np.ndarray) else Cover(self.seen.toarray(), self.weight, self.cost)

    def _shown(self, options: Ints) -> Flags:
        if isinstance(self.seen, np.ndarray):
            return np.asarray(self.seen[options].any(axis=0))
        shown = np.zeros(len(self.weight), dtype=np.bool_)
        shown[self.seen[options].indices] = True
        return shown


@dataclass(frozen=True, eq=False)
class Sited:
    """An answer and what is proven of it.

    ``bound`` limits every possible answer: the weight that can be covered at most, or the cost at least. ``proven``
    is true only where the answer reaches it. ``stopped``: the user ended the search.
    """

    options: Ints
    covered: int
    cost: int
    bound: int
    gap: float
    stopped: bool

    @property
    def proven(self) -> bool:
        """Whether no better answer exists."""
        return self.gap == 0


@dataclass(frozen=True, eq=False)
class Limits:
    """What may be spent: sensors and hundredths of the currency; ``None``: as many as wanted."""

    sensors: int | None
    budget: int | None

    def __post_init__(self) -> None:
        if self.sensors is None and self.budget is None:
            raise ValueError("say how many sensors or how much money may be used: both are open")
        for name, limit in (("sensors", self.sensors), ("budget", self.budget)):
            if limit is not None and limit < 0:
                raise ValueError(f"{name} must be 0 or more, is {limit}")
