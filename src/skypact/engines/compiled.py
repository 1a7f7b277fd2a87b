"""How the numeric kernels are compiled: to machine code on first use, kept on disk, without the interpreter lock."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """``function`` compiled by Numba. Division by zero gives inf or NaN, as in NumPy; no fast-math, so NaN is kept and
    sums come out as in Python, to the last bit.

    Kernels run in threads of our own (:mod:`skypact.engines.coverage.sightlines`), not in Numba's: its default
    threading layer ends the process when two threads call it at once.
    """
    kernel: Any = numba.njit(nogil=True, cache=True, error_model="numpy")(function)
    files = kernel._cache._cache_file
    files.save = partial(_save, files)
    return cast(F, kernel)


def _save(files: Any, key: object, data: object) -> None:
    """Keeps machine code under a name of its own before the index names it.

    Numba counts the names up and writes the index first. Two processes that compile a kernel at the same moment for
    two kinds of arguments then take the same name, and the next one may run the code of the one kind on the other; as
    may one that reads between index and code after the source has changed.
    """
    stamp = hashlib.sha256(repr((files._version, files._source_stamp, key)).encode()).hexdigest()[:16]
    name = f"{files._index_name.removesuffix('.nbi')}.{stamp}.nbc"
    files._save_data(name, data)
    files._save_index({**files._load_index(), key: name})
