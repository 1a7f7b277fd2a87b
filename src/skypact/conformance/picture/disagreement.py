"""Which source disagrees with the others, and the likely cause.

Each source's observations are laid on the tracks that every other source makes by itself. Who lies on somebody's tracks
as he is agrees; who would lie on them but for one mistake disagrees. Where no two sources agree, nobody can say who is
wrong, and both are named. Two sources with the same mistake agree with each other: that cannot be seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from skypact.conformance.picture.grid import Grid, Placed
from skypact.conformance.picture.matching import Cause, Fit, fits
from skypact.conformance.picture.observation import Observation
from skypact.conformance.picture.tracking import Track, track


@dataclass(frozen=True)
class Disagreement:
    source: str
    causes: tuple[Cause, ...]
    """Likeliest first; more than one where the recording cannot tell them apart."""
    sentence: str
    alone: bool = True
    """Whether it is this source that is wrong; else it is this one or another that is named too."""


@dataclass(frozen=True)
class Standing:
    agrees: Mapping[str, tuple[str, ...]]
    """Source -> the sources on whose tracks it lies as it is."""
    disagreements: tuple[Disagreement, ...]
    tracks: Mapping[str, tuple[Track, ...]]
    """What each source makes by itself."""


#: Observations on one track that make a meeting.
_LEAST = 5
_HEIGHT_SLACK_M = 12.0
_SPEED_UNITS = {"knots": 1 / 0.514444, "kilometres an hour": 3.6, "miles an hour": 2.23694, "feet a second": 1 / 0.3048}
_FOOT = 0.3048
_NEAR_RATIO = 0.1
_SLOWEST_M_S = 3.0
_TRACKS_APART_M = 60.0


def compare(
    groups: Mapping[str, Sequence[Observation]],
    grid: Grid,
    sigma_m: float,
    tell: Callable[[str, int, int], None] = lambda what, done, of: None,
) -> Standing:
    """``groups``: the observations of each source, in order of time. ``tell`` hears how many sources of how many are
    done."""
    placed = {source: grid.place(group, sigma_m) for source, group in groups.items()}
    tracks = {}
    for done, (source, one) in enumerate(placed.items()):
        tell("tracking each source", done, len(placed))
        tracks[source] = track(one, [source] * len(one))
    tell("comparing", 0, len(placed))
    found, agrees = _misplaced(groups, grid, tracks, sigma_m)
    wrong = {one.source for one in found}
    sound = {source: group for source, group in groups.items() if source not in wrong}
    found += _majority(dict(_heights(sound, placed, tracks)))
    found += _majority(dict(_identities(sound, tracks)))
    for source, group in groups.items():
        found += _speeds(source, group, placed[source], tracks[source])
    return Standing(agrees, tuple(found), tracks)


def _misplaced(
    groups: Mapping[str, Sequence[Observation]], grid: Grid, tracks: Mapping[str, Sequence[Track]], sigma_m: float
) -> tuple[list[Disagreement], dict[str, tuple[str, ...]]]:
    """Who is in the wrong place or time, and who agrees with whom.

    One after another: a wrong source's tracks may draw a right one to them, so the one that lies on least of the
    others' tracks as it is leaves first, and the rest is compared anew.
    """
    inside = list(groups)
    while True:
        explained: dict[str, tuple[Fit, ...]] = {}
        share: dict[str, float] = {}
        agrees: dict[str, tuple[str, ...]] = dict.fromkeys(groups, ())
        for source in inside:
            owners, pool = _pool(source, inside, tracks)
            as_said, explained[source] = fits(groups[source], grid, pool, sigma_m)
            share[source] = as_said.matched / len(groups[source])
            if not explained[source]:
                agrees[source] = _met(as_said, owners)
        suspects = [source for source in inside if explained[source]]
        if not suspects:
            break
        if not any(agrees.values()):
            return [_disagreement(one, explained[one], alone=False) for one in suspects], agrees
        inside.remove(min(suspects, key=lambda source: share[source]))
    found = []
    for source in groups:
        if source in inside:
            continue
        owners, pool = _pool(source, inside, tracks)
        as_said, explanations = fits(groups[source], grid, pool, sigma_m)
        if explanations:
            found.append(_disagreement(source, explanations, alone=True))
        else:
            agrees[source] = _met(as_said, owners)
    return found, agrees


def _met(as_said: Fit, owners: Sequence[str]) -> tuple[str, ...]:
    met = Counter(owners[at] for at in as_said.on if at >= 0)
    return tuple(sorted(other for other, count in met.items() if count >= _LEAST))


def _pool(source: str, inside: Sequence[str], tracks: Mapping[str, Sequence[Track]]) -> tuple[list[str], list[Track]]:
    """The tracks of the other sources, and whose each one is."""
    others = [other for other in inside if other != source]
    return [other for other in others for _ in tracks[other]], [one for other in others for one in tracks[other]]


def _disagreement(source: str, explanations: Sequence[Fit], *, alone: bool) -> Disagreement:
    causes = tuple(dict.fromkeys(one.cause for one in explanations if one.cause is not None))
    first = {one.cause: one.sentence for one in reversed(explanations)}
    sentence = "; or ".join(first[cause] for cause in causes)
    return Disagreement(source, causes, sentence, alone)


#: (source, other) -> whether they agree, and if not, why: (cause, sentence) from the first one's side.
_Pairs = dict[tuple[str, str], tuple[Cause, str] | None]


def _majority(pairs: _Pairs) -> Iterator[Disagreement]:
    """Who disagrees with somebody and agrees with nobody; if that holds for both sides, it is one of the two."""
    friends = Counter(source for (source, _), why in pairs.items() if why is None)
    said: set[str] = set()
    for (source, _), why in pairs.items():
        if why is None or friends[source] or source in said:
            continue
        said.add(source)
        cause, sentence = why
        against = [them for (us, them), one in pairs.items() if us == source and one is not None]
        yield Disagreement(source, (cause,), sentence, any(friends[them] for them in against))


def _heights(
    groups: Mapping[str, Sequence[Observation]], placed: Mapping[str, Placed], tracks: Mapping[str, Sequence[Track]]
) -> Iterator[tuple[tuple[str, str], tuple[Cause, str] | None]]:
    for source in groups:
        for other in groups:
            pairs = _common_heights(placed[source], placed[other], tracks[source], tracks[other])
            if source == other or len(pairs) < _LEAST:
                continue
            apart = np.median(pairs[:, 0] - pairs[:, 1])
            spread = 1.4826 * np.median(np.abs(pairs[:, 0] - pairs[:, 1] - apart))
            if abs(apart) <= _HEIGHT_SLACK_M + 3 * spread / np.sqrt(len(pairs)):
                yield (source, other), None
                continue
            ratio = float(np.median(pairs[:, 0] / np.where(pairs[:, 1] == 0, np.nan, pairs[:, 1])))
            for words, factor in (("feet in a field of metres", 1 / _FOOT), ("metres in a field of feet", _FOOT)):
                if abs(ratio / factor - 1) < _NEAR_RATIO:
                    yield (source, other), (Cause.UNIT, f"heights: {words}")
                    break
            else:
                yield (source, other), (Cause.HEIGHT, f"its heights lie {apart:+.0f} m from those of {other}")


def _common_heights(mine: Placed, theirs: Placed, ours: Sequence[Track], tracks: Sequence[Track]) -> np.ndarray:
    """(n, 2): heights of one object at one moment, by both."""
    rows = []
    for one, other in _meetings(ours, tracks):
        known = other.looks[np.isfinite(theirs.height_m[other.looks])]
        looks = one.looks[np.isfinite(mine.height_m[one.looks])]
        times = mine.time_s[looks]
        if len(known) >= 2:
            inside = looks[(times >= theirs.time_s[known[0]]) & (times <= theirs.time_s[known[-1]])]
            there = np.interp(mine.time_s[inside], theirs.time_s[known], theirs.height_m[known])
            rows.append(np.column_stack([mine.height_m[inside], there]))
    return np.concatenate(rows) if rows else np.empty((0, 2))


def _meetings(ours: Sequence[Track], theirs: Sequence[Track]) -> Iterator[tuple[Track, Track]]:
    """Pairs of tracks of one object: each one's nearest that runs beside it."""
    for one in ours:
        apart = []
        for other in theirs:
            place, _ = other.at(one.time_s)
            known = np.isfinite(place).all(axis=1)
            far = np.hypot(*(one.place_m - place)[known].T)
            apart.append(float(np.median(far)) if known.sum() >= _LEAST - 1 else np.inf)
        if apart and min(apart) <= _TRACKS_APART_M:
            yield one, theirs[int(np.argmin(apart))]


def _identities(
    groups: Mapping[str, Sequence[Observation]], tracks: Mapping[str, Sequence[Track]]
) -> Iterator[tuple[tuple[str, str], tuple[Cause, str] | None]]:
    """Two names for one object contradict each other only where the name is somebody else's for another object: a
    command system's track number is no serial number."""
    used = {source: {one.identity for one in group if one.identity} for source, group in groups.items()}
    for source in groups:
        for other in groups:
            if source == other or not used[source] or not used[other]:
                continue
            why: tuple[Cause, str] | None = None
            met = False
            for one, theirs in _meetings(tracks[source], tracks[other]):
                mine, said = _name(groups[source], one), _name(groups[other], theirs)
                if mine is None or said is None or (mine != said and mine not in used[other]):
                    continue
                met = True
                if mine != said:
                    why = Cause.IDENTITY, f"it says {mine} where {other} says {said}"
            if met:
                yield (source, other), why


def _name(group: Sequence[Observation], found: Track) -> str | None:
    """What most looks of a track say."""
    names = Counter(group[row].identity for row in found.looks)
    name, count = names.most_common(1)[0]
    return name if 2 * count > len(found.looks) else None


def _speeds(
    source: str, group: Sequence[Observation], placed: Placed, tracks: Sequence[Track]
) -> Iterator[Disagreement]:
    """Speeds said beside those that the source's own places make."""
    ratios = [
        placed.speed_m_s[row] / np.hypot(*found.velocity_m_s[at])
        for found in tracks
        for at, row in enumerate(found.looks)
        if at >= _LEAST and np.isfinite(placed.speed_m_s[row]) and np.hypot(*found.velocity_m_s[at]) > _SLOWEST_M_S
    ]
    if len(ratios) < _LEAST:
        return
    ratio = float(np.median(ratios))
    for name, factor in _SPEED_UNITS.items():
        if abs(ratio / factor - 1) < _NEAR_RATIO:
            yield Disagreement(source, (Cause.UNIT,), f"speeds: {name} in a field of metres a second")
            return
