"""Four formats of one scene as one picture, and faults injected into one source: ``PICTURE_SCENES`` scenes (20 unless
the variable says otherwise) of two drones and four sensors, each without a fault, with each of six, and with three of
them at sizes down to what cannot be seen; a tenth of that with eight sources; and ten drones for ten minutes.

A fault counts as caught where the one source that has it is named, no other is, and its likeliest cause is right.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from statistics import fmean

from benchmarks.row import Row
from skypact.conformance.picture import Cause, combine
from skypact.conformance.picture.scene import crowd
from skypact.conformance.picture.trial import SIZES, trials

SCENES = int(os.environ.get("PICTURE_SCENES", "20"))
LEAST_SHARE = 0.95


def rows() -> Iterator[Row]:
    clean = list(trials(range(1, SCENES + 1), [None]))
    share = fmean(one.one_picture for one in clean)
    yield Row.at_least(
        f"{SCENES} scenes, four formats: 2 tracks, all four sources, yes", share, "share", limit=LEAST_SHARE
    )
    scored = [one.report.truth for one in clean if one.report.truth is not None]
    yield Row.told("GOSPA, cutoff 100 m, mean", fmean(one.gospa_m for one in scored), "m")
    yield Row.told("distance to the truth, rms, mean", fmean(one.rms_m for one in scored if one.rms_m is not None), "m")
    caught: list[bool] = []
    for cause in Cause:
        found = [one.caught for one in trials(range(1, SCENES + 1), [cause], scored=False)]
        caught += found
        yield Row.told(f"{cause}: caught", fmean(found), "share")
    yield Row.at_least(f"{len(caught)} injected faults caught", fmean(caught), "share", limit=LEAST_SHARE)
    yield from _curve()
    yield from _eight()
    yield from _crowd()


def _curve() -> Iterator[Row]:
    """The share caught against the size of the fault, and how often something is blamed that is not at fault."""
    for cause, sizes in SIZES.items():
        unit = "s" if cause is Cause.CLOCK else "m"
        for size in sizes:
            tried = list(trials(range(1, SCENES + 1), [cause], size=size, scored=False))
            yield Row.told(f"{cause} by {size:g} {unit}: caught", fmean(one.caught for one in tried), "share")
            wrong = fmean(one.blamed_wrongly for one in tried)
            yield Row.told(f"{cause} by {size:g} {unit}: something else blamed", wrong, "share")


def _eight() -> Iterator[Row]:
    """Eight sources of eight formats; faults in one of the four that the first scenes lack."""
    seeds = range(1, max(2, SCENES // 2) + 1)
    share = fmean(one.one_picture for one in trials(seeds, [None], more=True, scored=False))
    yield Row.at_least(f"{len(seeds)} scenes, eight formats: one picture, yes", share, "share", limit=LEAST_SHARE)
    caught = [one.caught for cause in Cause for one in trials(seeds, [cause], more=True, scored=False)]
    name = f"{len(caught)} faults in MAVLink, network Remote ID, ADS-B or KLV caught"
    yield Row.at_least(name, fmean(caught), "share", limit=LEAST_SHARE)


def _crowd() -> Iterator[Row]:
    recordings = crowd(10, 600.0)
    begun = time.process_time()
    report = combine(recordings)
    yield Row.told("ten drones, ten minutes, four sources at 1 Hz: CPU time", time.process_time() - begun, "s")
    yield Row.told("ten drones, ten minutes: tracks", len(report.tracks), "tracks")
