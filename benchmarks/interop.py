"""Interoperability: who reaches whom in a whole catalogue, the cheapest kit that works together, why there is none; and
how long it takes to prove the best k kinds of batteries for a fleet. Each is a module of ``interop_parts``, which says
what is made up, and beside which peer it is measured.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.interop_parts import batteries, completion, kits, pairs, refusals
from benchmarks.row import Row


def rows() -> Iterator[Row]:
    """Pairs, refusals, additions and kits of whole catalogues; then batteries."""
    for part in (pairs, refusals, completion, kits, batteries):
        yield from part.rows()
