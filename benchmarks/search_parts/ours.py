"""Our engine over the synthetic catalogue, in a process of its own: ``python -m benchmarks.search_parts.ours``.

``build FOLDER ENTRIES`` writes a segment, ``ask FOLDER`` opens it and asks, ``count FOLDER QUESTIONS`` says how many
entries were found. They print what they measured, as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.search_parts import made_up
from skypact.engines.search import Entry, Index, Question, Segment, write_segment

QUESTIONS = 240


def build(folder: Path, count: int) -> dict[str, float]:
    """Seconds to write ``count`` entries, making them up not counted."""
    making = working = 0.0

    def entries() -> Iterator[Entry]:
        nonlocal making, working
        start, worked = time.perf_counter(), time.process_time()
        for entry in made_up.entries(count):
            making += time.perf_counter() - start
            working += time.process_time() - worked
            yield entry
            start, worked = time.perf_counter(), time.process_time()

    start, worked = time.perf_counter(), time.process_time()
    write_segment(folder, entries(), made_up.attributes())
    taken = time.perf_counter() - start - making
    working = time.process_time() - worked - working
    size = sum(file.stat().st_size for file in folder.iterdir())
    return {"seconds": taken, "worked": working, "megabytes": size / 1e6, "peak_mb": _peak_mb()}


def ask(folder: Path) -> dict[str, object]:
    """Times of the questions in ms (``worked``: of the processor alone), and of opening and preparing a view in s.

    ``peak_mb`` is the most resident memory that the process had.
    """
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
    totals, worked = 0, []
    for asked in made_up.questions(QUESTIONS):
        start, working = time.perf_counter(), time.thread_time()
        totals += view.search(asked.question).total
        times[asked.sort].append((time.perf_counter() - start) * 1e3)
        worked.append((time.thread_time() - working) * 1e3)
    return {
        "entries": len(view),
        "times": times,
        "worked": worked,
        "everything": everything,
        "opening": opening,
        "preparing": preparing,
        "found": totals,
        "peak_mb": _peak_mb(),
    }


def count(folder: Path, number: int) -> list[list[int]]:
    """The total and the sum of all counts of each plain question, to compare with another engine's."""
    view = Index([Segment.open(folder)], made_up.MEASURES).view(made_up.READER, made_up.DAY)
    found = []
    for asked in made_up.plain_questions(number):
        answer = view.search(replace(asked.question, facet_size=10_000))
        counts = [one.count for facet in answer.facets.values() for one in facet]
        counts += [one.count for bins in answer.bins.values() for one in bins]
        found.append([answer.total, sum(counts)])
    return found


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    act, place = sys.argv[1], Path(sys.argv[2])
    print(json.dumps(ask(place) if act == "ask" else {"build": build, "count": count}[act](place, int(sys.argv[3]))))
