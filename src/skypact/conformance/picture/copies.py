"""Which sources are one source under two names: the same looks, though framed, timed or thinned out otherwise.

An exact copy of a recording is refused. One that was framed anew, whose times were shifted or of which some messages
are missing still says the same places in the same order, which two sensors that measure for themselves do not. Compared
are *runs*: five places that a source says of one object one after another, at least four of them different (what stands
still looks alike to everybody), without times, names and heights. Of two sources of one format, the one with fewer
different runs is the other one again where more than half of them are the other's too, and at least three.

What aircraft say of themselves (broadcast Remote ID, ADS-B) reaches every receiver alike. Two receivers are told apart
by the delays between them, which are never the same to the microsecond; where no arrival is known, nothing tells them
apart, and they count as one.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from skypact.conformance.picture import remote_id
from skypact.conformance.picture.observation import Gathered, Observation

#: Places in a run, different ones among them, and common runs that are no chance.
_RUN, _DIFFERENT, _LEAST = 5, 4, 3
_SHARE = 0.5
#: What is heard, not measured.
_OVERHEARD = (remote_id.FORMAT, "ASTERIX CAT021")
#: Median change of the delay between two recordings from look to look: one recording that was shifted has none.
_STEADY_S = 10e-6

_Place = tuple[float, ...]
_Run = tuple[_Place, ...]


def copies(groups: Mapping[str, Sequence[Observation]], formats: Mapping[str, str]) -> dict[str, str]:
    """By source: whose looks it repeats. ``groups``: the observations of each source, in order of time."""
    runs = {source: dict(_runs(group)) for source, group in groups.items()}
    by_format: dict[str, list[str]] = defaultdict(list)
    for source in sorted(runs, key=lambda one: (-len(runs[one]), one)):
        by_format[formats[source]].append(source)
    found: dict[str, str] = {}
    for kind, sources in by_format.items():
        for number, source in enumerate(sources):
            others = (one for one in sources[:number] if one not in found)
            if (same := next((one for one in others if _is(kind, runs[source], runs[one])), None)) is not None:
                found[source] = same
    return found


def without(gathered: Gathered, copied: Mapping[str, str]) -> Gathered:
    """The same with no look of the sources ``copied``; each says why."""
    unplaced = gathered.unplaced.copy()
    for one in gathered.observations:
        if (of := copied.get(one.source)) is not None:
            unplaced[one.source, f"what {of} says too, so that both count as one source"] += 1
    kept = [one for one in gathered.observations if one.source not in copied]
    return Gathered(kept, gathered.repeats, gathered.formats, unplaced, gathered.counting)


def _is(kind: str, ours: Mapping[_Run, Observation], theirs: Mapping[_Run, Observation]) -> bool:
    """Whether the source with fewer runs is the other one again."""
    common = ours.keys() & theirs.keys()
    if len(common) < _LEAST or len(common) <= _SHARE * len(ours):
        return False
    return kind not in _OVERHEARD or not _received_apart([(ours[run], theirs[run]) for run in common])


def _runs(group: Sequence[Observation]) -> Iterator[tuple[_Run, Observation]]:
    """Each run with its last look."""
    recent: dict[str | None, list[_Place]] = defaultdict(list)
    for one in group:
        if (place := _place(one)) is None:
            continue
        last = recent[one.number or one.identity]
        last.append(place)
        del last[:-_RUN]
        if len(last) == _RUN and len(set(last)) >= _DIFFERENT:
            yield tuple(last), one


def _place(one: Observation) -> _Place | None:
    """To a tenth of a metre, as every framing of a format keeps it."""
    if one.polar is not None:
        return round(one.polar.slant_m, 1), round(one.polar.bearing_deg, 3)
    if one.longitude_deg is None or one.latitude_deg is None:
        return None
    return round(one.longitude_deg, 6), round(one.latitude_deg, 6)


def _received_apart(common: Sequence[tuple[Observation, Observation]]) -> bool:
    """Whether the delay between two recordings of the same looks is that of two receivers."""
    ordered = sorted(common, key=lambda pair: pair[0].time_s)
    delays = [one.arrival_s - other.arrival_s for one, other in ordered if one.arrival_s and other.arrival_s]
    changes = [abs(after - before) for before, after in pairwise(delays)]
    return bool(changes) and statistics.median(changes) > _STEADY_S
