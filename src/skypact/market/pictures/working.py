"""What a combining process does: recordings of strangers in a folder become a report and a drawing beside them.

It knows neither database nor key, may use only so much time and memory, and leaves either ``result.json`` or
``failed.txt``. Started by :mod:`skypact.market.pictures.combining` as ``python -m skypact.market.pictures.working``.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from skypact.conformance.picture import Assumptions, PictureReport, Site, Truth, combine
from skypact.conformance.picture.judging import Tell, silent
from skypact.conformance.picture.recordings import gather
from skypact.conformance.standard import Recording
from skypact.market.pictures.drawing import Drawing, of_recordings
from skypact.schema.base import Model

#: So long may one picture take, in seconds of processor time; four recordings of a minute take two.
MOST_SECONDS = 120
MOST_MEMORY = 4 * 2**30


class Question(Model):
    """What is asked beside the recordings."""

    names: tuple[str, ...]
    sites: Mapping[str, tuple[float, float, float]] = {}
    parties: Mapping[str, str] = {}
    """name of a recording -> whose product it is of: a nation, a maker"""
    truth: Truth | None = None
    undulation_m: float | None = None

    def sensors(self) -> dict[str, Site]:
        """Places of sensors that their recordings do not tell."""
        return {name: Site(*place) for name, place in self.sites.items()}


class Result(Model):
    """What came of it."""

    report: PictureReport
    drawing: Drawing


def make(question: Question, recordings: list[Recording], tell: Tell = silent) -> Result:
    """The picture; ``tell`` hears how far it is. Raises ValueError for a recording of no known format."""
    assumed = Assumptions(undulation_m=question.undulation_m)
    sites = question.sensors()
    parties = dict(_parties(question, recordings, sites, assumed))
    report = combine(recordings, sites=sites, truth=question.truth, assumed=assumed, parties=parties, tell=tell)
    drawing = of_recordings(recordings, report, sites=sites, truth=question.truth, assumed=assumed)
    return Result(report=report, drawing=drawing)


def _parties(
    question: Question, recordings: Sequence[Recording], sites: Mapping[str, Site], assumed: Assumptions
) -> Iterator[tuple[str, str]]:
    """Source and party: all sources of a recording are of its party."""
    for one in recordings:
        if one.name in question.parties:
            yield from ((source, question.parties[one.name]) for source in gather([one], sites, assumed).sources())


def run(folder: Path) -> None:
    """Makes the picture of the recordings ``0``, ``1`` … in ``folder`` as ``question.json`` asks."""
    question = Question.model_validate(json.loads((folder / "question.json").read_bytes()))
    recordings = [Recording(name, (folder / str(number)).read_bytes()) for number, name in enumerate(question.names)]
    try:
        result = make(question, recordings, lambda what, done, of: _write(folder, "progress", f"{what}\n{done}\n{of}"))
    except ValueError as error:
        _write(folder, "failed.txt", str(error))
    else:
        _write(folder, "result.json", result.model_dump_json())


def _write(folder: Path, name: str, text: str) -> None:
    """All of the file or none of it."""
    (folder / f".{name}").write_text(text, encoding="utf-8")
    os.replace(folder / f".{name}", folder / name)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    run(Path(sys.argv[1]))
