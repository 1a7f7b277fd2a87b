"""Search with facets, in process: 1,600 and 100,000 synthetic entries; ``SEARCH_ENTRIES=1000000`` asks for others.

Every question has words and three filters, and asks for 25 entries and the counts of 28 attributes. Peers over the
same entries: value rows on SQLite, FTS5, and tantivy where TANTIVY_PYTHON names a Python that has it. Everything
measured runs in a process of its own (:mod:`benchmarks.search_parts`). Peers are compared by processor time, which
other work on the machine does not change.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.row import Row
from benchmarks.search_parts import made_up, sqlite
from skypact.engines.search import Kind

LIMITS_MS = {1_600: 3.0, 100_000: 15.0, 1_000_000: 60.0}
PEERS_UP_TO = 100_000
PEER_QUESTIONS = 12
PARTS = Path(__file__).parent / "search_parts"


def rows() -> Iterator[Row]:
    """Each size by itself, the peers beside it."""
    sizes = [int(size) for size in os.environ.get("SEARCH_ENTRIES", "1600,100000").split(",")]
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            yield from _of_size(Path(folder), size)


def _of_size(folder: Path, size: int) -> Iterator[Row]:
    name = f"{size:,} entries"
    segment = folder / f"segment-{size}"
    built = _measured("-m", "benchmarks.search_parts.ours", "build", segment, size)
    ours = _measured("-m", "benchmarks.search_parts.ours", "ask", segment)
    times = [one for some in ours["times"].values() for one in some]
    p95 = _p95(times)
    limit = LIMITS_MS.get(size, LIMITS_MS[1_000_000])
    yield Row.at_most(f"{name}: search, 3 filters, 28 facets, p95 of {len(times)}", p95, "ms", limit=limit)
    worked = _p95(ours["worked"])
    yield Row.at_most(f"{name}: the same, processor time", worked, "ms", limit=limit)
    if size == 1_000_000:
        yield Row.at_most(f"{name}: peak memory of the process that answers", ours["peak_mb"], "MB", limit=2_000)
    if size >= 100_000:
        for part, what in (("seconds", "writing them"), ("worked", "writing them, processor time")):
            yield Row.at_most(f"{name}: {what}, for 100,000", built[part] * 100_000 / size, "s", limit=10)
        for sort, some in ours["times"].items():
            yield Row.at_most(f"{name}: p95 of questions with {sort}", _p95(some), "ms", limit=limit)
        yield Row.at_most(f"{name}: opening the index, preparing a reader's view", ours["opening"] + ours["preparing"],
                          "s", limit=10)  # fmt: skip
    if size <= PEERS_UP_TO:
        yield from _peers(folder, size, name, worked)


def _peers(folder: Path, size: int, name: str, worked: float) -> Iterator[Row]:
    measured = _measured("-m", "benchmarks.search_parts.sqlite", folder / f"{size}.sqlite3", size, PEER_QUESTIONS)
    counted = _measured("-m", "benchmarks.search_parts.ours", "count", folder / f"segment-{size}", PEER_QUESTIONS)
    pairs = zip(counted, measured["counted"], strict=True)
    differing = sum(ours != theirs for ours, theirs in pairs)
    yield Row.at_most(f"{name}: questions whose totals and counts differ from SQL's", differing, "", limit=0)
    found = measured["times"]
    peer = "facets by GROUP BY over value rows, SQLite"
    yield Row.against(f"{name}: p95, processor time", worked, "ms", peer=_p95(found["eav"]), peer_name=peer, times=20)
    if size < 100_000:
        return
    for part, peer in (("fts5_best", "FTS5: best 25, no facet"), ("fts5_all", "FTS5: all matches, no facet")):
        yield Row.against(
            f"{name}: p95, processor time", worked, "ms", peer=_p95(found[part]), peer_name=peer, times=0.5
        )
    if python := os.environ.get("TANTIVY_PYTHON"):
        lines = folder / f"{size}.jsonl"
        _write_lines(lines, size)
        found = _measured(PARTS / "tantivy_peer.py", folder / f"tantivy-{size}", lines, python=python)["times"]
        both = [best + facets for best, facets in zip(found["best"], found["facets"], strict=True)]
        for times, what in ((found["best"], "best 25, no facet"), (both, "best 25, facets that do not ignore choices")):
            peer = f"tantivy: {what}"
            yield Row.against(f"{name}: p95, processor time", worked, "ms", peer=_p95(times), peer_name=peer, times=0.1)


def _write_lines(path: Path, size: int) -> None:
    """What the tantivy process reads."""
    attributes = made_up.attributes()
    asked = [one.question for one in made_up.plain_questions(120)]
    questions = [
        {"words": sqlite.pieces(one.text).split(), "chosen": one.chosen, "between": one.between} for one in asked
    ]
    head = {
        "words": [attribute.name for attribute in attributes if attribute.kind is not Kind.NUMBER],
        "numbers": {attribute.name: attribute.edges for attribute in attributes if attribute.kind is Kind.NUMBER},
        "questions": questions,
    }
    with path.open("w", encoding="utf-8") as file:
        file.write(json.dumps(head) + "\n")
        for entry, values in sqlite.visible(size):
            row = [entry.key, sqlite.pieces(entry.names), sqlite.pieces(entry.text), values]
            file.write(json.dumps(row) + "\n")


def _measured(*arguments: object, python: str = sys.executable) -> Any:
    done = subprocess.run(
        [python, *map(str, arguments)], cwd=PARTS.parents[1], check=True, capture_output=True, text=True
    )
    return json.loads(done.stdout)


def _p95(times: list[float]) -> float:
    return float(np.percentile(times, 95))
