"""How the numeric kernels are compiled: to machine code on first use, kept on disk, without the interpreter lock."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """``function`` compiled by Numba. Division by zero gives inf or NaN, as in NumPy; no fast-math, so NaN is kept.

    Kernels run in threads of our own (:mod:`skypact.engines.coverage.sightlines`), not in Numba's: its default
    threading layer ends the process when two threads call it at once.
    """
    return cast(F, numba.njit(nogil=True, cache=True, error_model="numpy")(function))
