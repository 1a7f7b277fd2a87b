"""Our engine over the synthetic catalogue, in a process of its own: ``python -m benchmarks.search_parts.ours``.

``build FOLDER ENTRIES`` writes a segment; ``ask FOLDER`` opens it and asks. Both print what they measured, as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from benchmarks.search_parts import made_up
from skypact.engines.search import Entry, Index, Question, Segment, write_segment

QUESTIONS = 240


def build(folder: Path, count: int) -> dict[str, float]:
    """Seconds to write ``count`` entries, making them up not counted."""
    making = 0.0

    def entries() -> Iterator[Entry]:
        nonlocal making
        start = time.perf_counter()
        for entry in made_up.entries(count):
            making += time.perf_counter() - start
            yield entry
            start = time.perf_counter()

    start = time.perf_counter()
    write_segment(folder, entries(), made_up.attributes())
    taken = time.perf_counter() - start - making
    size = sum(file.stat().st_size for file in folder.iterdir())
    return {"seconds": taken, "megabytes": size / 1e6, "peak_mb": _peak_mb()}


def ask(folder: Path) -> dict[str, object]:
    """Times of the questions in ms, of opening and of preparing a view in s, and the peak of resident memory in MB."""
    start = time.perf_counter()
    index = Index([Segment.open(folder)], made_up.MEASURES)
    opening = time.perf_counter() - start
    start = time.perf_counter()
    view = index.view(made_up.READER, made_up.DAY)
    preparing = time.perf_counter() - start
    for asked in made_up.questions(QUESTIONS, seed=8)[:: len(view) // 100_000 * 5 + 1]:
        view.search(asked.question)
    start = time.perf_counter()
    view.search(Question())
    everything = (time.perf_counter() - start) * 1e3
    times: dict[str, list[float]] = defaultdict(list)
    totals = 0
    for asked in made_up.questions(QUESTIONS):
        start = time.perf_counter()
        totals += view.search(asked.question).total
        times[asked.sort].append((time.perf_counter() - start) * 1e3)
    return {
        "entries": len(view),
        "times": times,
        "everything": everything,
        "opening": opening,
        "preparing": preparing,
        "found": totals,
        "peak_mb": _peak_mb(),
    }


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    place = Path(sys.argv[2])
    print(json.dumps(build(place, int(sys.argv[3])) if sys.argv[1] == "build" else ask(place)))
