"""The combined picture while it happens: bytes of several feeds in, tracks and the state of every source out.

Looks wait for a bounded time, so that sources with different delays come in order of their stated times; those that
come later still are counted and not tracked. Whatever arrives, memory stays bounded: every list here has a length.
"""

from __future__ import annotations

import heapq
import math
import statistics
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from uuid import UUID, uuid4

import numpy as np

from skypact.conformance.picture.checking import Checking
from skypact.conformance.picture.framing import Framer, Unit
from skypact.conformance.picture.fusing import HEIGHT_S, state
from skypact.conformance.picture.grid import Grid, why_not
from skypact.conformance.picture.judging import Judged, judge
from skypact.conformance.picture.live_state import LiveContributor, LiveFeed, LiveSource, LiveState, LiveTrack
from skypact.conformance.picture.observation import Counting, Gathered, Observation, Site
from skypact.conformance.picture.reading import Learned
from skypact.conformance.picture.recordings import Assumptions, impossible, read
from skypact.conformance.picture.report import Latency, Loss, Sent, Together, TrackState
from skypact.conformance.picture.sending import Outgoing, objects_of
from skypact.conformance.picture.tracking import Followed, Look, Tracker

#: How long looks wait for those of slower sources, s.
DELAY_S = 3.0
#: Between two comparisons of the sources, and how far back they look, s.
CHECK_S, WINDOW_S = 5.0, 60.0
#: A stated time so far ahead of the others is not waited for, s; and so far behind, the picture begins anew.
_AHEAD_S, _JUMP_S = 60.0, 30.0
#: A source that was not heard for so long does not tell the time any more, s.
_HEARD_S = 10.0
_MOST_SOURCES, _MOST_TRACKS, _MOST_WAITING = 64, 200, 5_000
_MOST_IN_WINDOW, _MOST_REMEMBERED, _MOST_ROWS = 400, 500, 20_000
_MOST_A_SECOND = 200
_MOST_NAMES = 8
_TRAIL = 30
#: A grid is good near its middle, m.
_FAR_M = 200_000.0


@dataclass
class _Feed:
    format: str | None
    framers: dict[int, Framer] = field(default_factory=dict)
    """Of each connection."""
    broken_bytes: int = 0
    """Of connections that ended."""
    bytes: int = 0
    messages: int = 0
    unread: Counter[str] = field(default_factory=Counter)
    last_heard_s: float | None = None
    spoken: str | None = None
    """The format of the last message."""


@dataclass
class _Source:
    """What is remembered of one source."""

    format: str
    feed: str
    observations: int = 0
    repeats: int = 0
    late: int = 0
    unplaced: Counter[str] = field(default_factory=Counter)
    last_heard_s: float = 0.0
    last_time_s: float = 0.0
    window: deque[Observation] = field(default_factory=lambda: deque(maxlen=_MOST_IN_WINDOW))
    delays: deque[float] = field(default_factory=lambda: deque(maxlen=_MOST_REMEMBERED))
    said: OrderedDict[tuple[object, ...], None] = field(default_factory=OrderedDict)
    second: tuple[int, int] = (0, 0)
    """A second of arrival, and how many looks came in it."""

    def again(self, one: Observation) -> bool:
        """Whether the same was said before."""
        if one.said() in self.said:
            return True
        self.said[one.said()] = None
        if len(self.said) > _MOST_REMEMBERED:
            self.said.popitem(last=False)
        return False

    def too_many(self, arrival_s: float) -> bool:
        second, count = self.second
        self.second = (int(arrival_s), count + 1 if int(arrival_s) == second else 1)
        return self.second[1] > _MOST_A_SECOND


@dataclass
class _Shown:
    """A track as it is shown and sent."""

    number: int
    since_s: float
    looks: Counter[str] = field(default_factory=Counter)
    last_s: dict[str, float] = field(default_factory=dict)
    identities: dict[str, None] = field(default_factory=dict)
    numbers: dict[str, dict[str, None]] = field(default_factory=dict)
    heights: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=_MOST_REMEMBERED))
    trail: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=_TRAIL))
    state: TrackState | None = None
    shown_s: float = -math.inf

    def add(self, one: Observation) -> None:
        self.looks[one.source] += 1
        self.last_s[one.source] = one.time_s
        if one.identity is not None and len(self.identities) < _MOST_NAMES:
            self.identities[one.identity] = None
        numbers = self.numbers.setdefault(one.source, {})
        if one.number is not None and len(numbers) < _MOST_NAMES:
            numbers[one.number] = None
        if one.height_m is not None:
            self.heights.append((one.time_s, one.height_m))


class LivePicture:
    """Feeds in, tracks out::

    picture = LivePicture(sites={"25/201": Site(127.02, 37.51, 80.0)})
    picture.feed("radar", None, data, time.time(), datagram=True)
    picture.state(time.time())
    """

    def __init__(
        self,
        sites: Mapping[str, Site] | None = None,
        assumed: Assumptions | None = None,
        *,
        parties: Mapping[str, str] | None = None,
        delay_s: float = DELAY_S,
        check_s: float = CHECK_S,
        keep: Callable[[str, Unit, float], None] = lambda label, unit, arrival_s: None,
        send: Callable[[Outgoing, float], None] = lambda one, arrival_s: None,
        sent: Callable[[], tuple[Sent, ...]] = tuple,
        background: bool = True,
    ) -> None:
        """``keep`` gets every whole message with its arrival; ``send`` every fused track at most once a second, with
        the arrival of the look that it rests on; ``sent`` says how that went. ``background``: whether comparisons run
        beside the tracking, in a thread of their own."""
        self.node: UUID = uuid4()
        self._sites, self._assumed, self._parties = sites or {}, assumed or Assumptions(), parties or {}
        self._delay_s, self._check_s = delay_s, check_s
        self._keep, self._send, self._sent = keep, send, sent
        self._learned = Learned()
        self._counting: dict[str, Counting] = {}
        self._feeds: dict[str, _Feed] = {}
        self._sources: dict[str, _Source] = {}
        self._waiting: list[tuple[float, str, int, Observation]] = []
        self._arrivals = self._rows = 0
        self._released_s = -math.inf
        self._grid: Grid | None = None
        self._tracker = self._new_tracker()
        self._looked: OrderedDict[int, Observation] = OrderedDict()
        self._shown: dict[int, _Shown] = {}
        self._ended = self._refused = self._restarts = self._numbers = 0
        self._check = Checking(background)
        self._finished = False

    # -- in ------------------------------------------------------------------------------------------------------

    def feed(
        self,
        source_label: str,
        format_hint: str | None,
        data: bytes,
        arrival_s: float,
        *,
        datagram: bool = False,
        stream: int = 0,
    ) -> None:
        """Bytes as they came. ``format_hint``: one of ``framing.FORMATS`` where it is known; ``datagram``: whether they
        begin and end with a message; ``stream``: which connection of this feed. Never raises on what the bytes are."""
        feed = self._feeds.get(source_label)
        if feed is None:
            feed = self._feeds[source_label] = _Feed(format_hint)
        framer = feed.framers.get(stream)
        if framer is None:
            framer = feed.framers[stream] = Framer(feed.format)
        feed.bytes += len(data)
        feed.last_heard_s = arrival_s
        for unit in framer.push(data, datagram=datagram):
            feed.messages += 1
            feed.spoken = unit.format
            self._keep(source_label, unit, arrival_s)
            self._unit(source_label, feed, unit, arrival_s)
        self._release(arrival_s)

    def hang_up(self, source_label: str, stream: int) -> None:
        """A connection ended; what it had begun to say is broken."""
        feed = self._feeds.get(source_label)
        if feed is not None and (framer := feed.framers.pop(stream, None)) is not None:
            feed.broken_bytes += framer.broken_bytes + framer.waiting
            feed.unread += framer.unread

    def _unit(self, label: str, feed: _Feed, unit: Unit, arrival_s: float) -> None:
        into = Gathered()
        for name, counting in self._counting.items():
            into.counting[name] = counting
        reading = replace(self._assumed.reading(self._sites, arrival_s, self._learned), arrival_s=arrival_s)
        read(unit.format, unit.data, label, reading, into)
        for name, format_ in into.formats.items():
            if name not in self._sources and len(self._sources) < _MOST_SOURCES:
                self._sources[name] = _Source(format_, label, last_heard_s=arrival_s)
        self._counting = {name: one for name, one in into.counting.items() if name in self._sources}
        for (name, why), count in into.unplaced.items():
            known = self._sources.get(name)
            (known.unplaced if known else feed.unread)[why] += count
        for one in into.observations:
            source = self._sources.get(one.source)
            if source is None:
                feed.unread[f"a source beyond the first {_MOST_SOURCES}"] += 1
            else:
                self._look(source, replace(one, arrival_s=arrival_s), arrival_s)

    def _look(self, source: _Source, one: Observation, arrival_s: float) -> None:
        why = impossible(one)
        if why is None and source.too_many(arrival_s):
            why = f"more than {_MOST_A_SECOND} looks a second"
        if why is not None:
            source.unplaced[why] += 1
            return
        if source.again(one):
            source.repeats += 1
            return
        source.last_heard_s, source.last_time_s = arrival_s, one.time_s
        source.delays.append(arrival_s - one.time_s)
        source.window.append(one)
        if (why := why_not(one)) is not None:  # compared all the same: axes swapped show like that
            source.unplaced[why] += 1
            return
        source.observations += 1
        if one.time_s <= self._released_s:
            source.late += 1
        elif one.time_s > self._clock(arrival_s) + _AHEAD_S:
            source.unplaced[f"a time more than {_AHEAD_S:.0f} s ahead of most sources"] += 1
        elif len(self._waiting) >= _MOST_WAITING:
            source.unplaced[f"more than {_MOST_WAITING} looks wait for their turn"] += 1
        else:
            self._arrivals += 1
            heapq.heappush(self._waiting, (one.time_s, one.source, self._arrivals, one))

    # -- the clock of the sources --------------------------------------------------------------------------------

    def _clock(self, arrival_s: float) -> float:
        """The moment that half of the sources heard lately have reached at least; the lesser of two."""
        told = [
            one.last_time_s + arrival_s - one.last_heard_s
            for one in self._sources.values()
            if one.delays and arrival_s - one.last_heard_s <= _HEARD_S
        ] or [one.last_time_s + arrival_s - one.last_heard_s for one in self._sources.values() if one.delays]
        return statistics.median_low(told) if told else arrival_s

    # -- tracking ------------------------------------------------------------------------------------------------

    def _new_tracker(self) -> Tracker:
        return Tracker(kept=2, most=_MOST_TRACKS, ended=self._over)

    def _over(self, one: Followed) -> None:
        self._ended += self._shown.pop(one.number, None) is not None

    def _release(self, arrival_s: float) -> None:
        if self._finished:
            return
        until_s = self._clock(arrival_s) - self._delay_s
        if until_s < self._released_s - _JUMP_S:
            self._restart(until_s)
        self._track(max(until_s, self._released_s))

    def _restart(self, released_s: float) -> None:
        """Most sources' clocks or places are elsewhere than thought: what was tracked so far is no picture of them."""
        self._restarts += 1
        self.node = uuid4()
        self._ended += len(self._shown)
        self._refused += self._tracker.refused
        self._numbers += self._tracker.numbers
        self._shown.clear()
        self._looked.clear()
        self._tracker = self._new_tracker()
        self._grid, self._released_s = None, released_s
        self._waiting = [one for one in self._waiting if one[0] <= released_s + self._delay_s + _AHEAD_S]
        heapq.heapify(self._waiting)

    def _track(self, until_s: float) -> None:
        looks = []
        while self._waiting and self._waiting[0][0] <= until_s:
            looks.append(heapq.heappop(self._waiting)[3])
        self._released_s = until_s
        if not looks:
            return
        if self._grid is None:
            groups: dict[str, list[Observation]] = {}
            for one in [*looks, *(row[3] for row in self._waiting)]:
                groups.setdefault(one.source, []).append(one)
            self._grid = Grid.around(list(groups.values()))
        if self._grid is None:
            return
        placed = self._grid.place(looks, self._assumed.sigma_m)
        known = [row for row in range(len(looks)) if np.isfinite(placed.place_m[row]).all()]
        for (time_s, _), rows in groupby(known, key=lambda row: (looks[row].time_s, looks[row].source)):
            taken = []
            for row in rows:
                self._rows += 1
                self._looked[self._rows] = looks[row]
                taken.append(Look(self._rows, placed.place_m[row], placed.covariance_m2[row]))
            for followed in self._tracker.take(time_s, taken):
                self._show(followed)
        while len(self._looked) > _MOST_ROWS:
            self._looked.popitem(last=False)

    def _show(self, one: Followed) -> None:
        last = one.estimates[-1]
        shown = self._shown.get(one.number)
        if shown is None:
            shown = self._shown[one.number] = _Shown(self._numbers + one.number, one.first_s)
            for row in one.rows:
                if row in self._looked:
                    shown.add(self._looked[row])
        else:
            shown.add(self._looked[last.row])
        heights = [height for time_s, height in shown.heights if last.time_s - time_s <= HEIGHT_S]
        if self._grid is None:
            return
        shown.state = state(last, heights, self._grid)
        if last.time_s >= shown.shown_s + 1.0:
            shown.shown_s = last.time_s
            shown.trail.append((shown.state.longitude_deg, shown.state.latitude_deg))
            self._send(self._outgoing(shown, shown.state), self._looked[last.row].arrival_s or last.time_s)

    def _outgoing(self, shown: _Shown, at: TrackState) -> Outgoing:
        return Outgoing(
            self.node,
            shown.number,
            at,
            tuple(sorted(shown.looks)),
            tuple(sorted(shown.identities)),
            objects_of((source, tuple(numbers)) for source, numbers in sorted(shown.numbers.items())),
        )

    @property
    def tracked_s(self) -> float | None:
        """No track will be sent for a moment before it; ``None``: nothing has come yet."""
        return self._released_s if math.isfinite(self._released_s) else None

    def finish(self) -> None:
        """Tracks what still waits; nothing more is to come."""
        self._track(max((one[0] for one in self._waiting), default=self._released_s))
        self._finished = True
        self._check.close()

    # -- out -----------------------------------------------------------------------------------------------------

    def state(self, now_s: float) -> LiveState:
        """The picture now, by the clock that arrivals are told by; compares the sources where that is due."""
        self._release(now_s)
        heard = any(one.delays for one in self._sources.values())
        clock_s = self._clock(now_s) if heard else None
        if heard and self._check.due(now_s, self._check_s):
            window = self._window(now_s)
            self._check.begin(now_s, lambda: judge(window, self._assumed, self._parties))
        judged = self._check.found
        if judged and judged.grid and self._grid and self._grid.apart_m(judged.grid) > _FAR_M:
            self._restart(self._released_s)
        shown = sorted(self._shown.values(), key=lambda one: one.number)
        return LiveState(
            now_s=round(now_s, 3),
            picture_s=None if clock_s is None else round(clock_s, 3),
            tracks=tuple(self._live(one, one.state, clock_s or now_s) for one in shown if one.state is not None),
            ended=self._ended,
            refused=self._refused + self._tracker.refused,
            restarts=self._restarts,
            sources=tuple(self._told(name, one, now_s, judged) for name, one in sorted(self._sources.items())),
            feeds=tuple(_told_feed(name, one) for name, one in sorted(self._feeds.items())),
            checked_s=self._check.checked_s,
            together=judged.together if judged else Together.CANNOT_TELL,
            reasons=judged.reasons if judged else ("The sources have not been compared yet.",),
            disagreements=judged.disagreements if judged else (),
            sent=self._sent(),
        )

    def _window(self, now_s: float) -> Gathered:
        """What arrived lately, also what came too late or too early to be tracked."""
        looks = [
            look
            for one in self._sources.values()
            for look in one.window
            if look.arrival_s is not None and look.arrival_s >= now_s - WINDOW_S
        ]
        looks.sort(key=lambda look: (look.time_s, look.source))
        return Gathered(looks, formats={name: one.format for name, one in self._sources.items()})

    def _live(self, one: _Shown, at: TrackState, clock_s: float) -> LiveTrack:
        return LiveTrack(
            uid=self._outgoing(one, at).uid,
            number=one.number,
            longitude_deg=at.longitude_deg,
            latitude_deg=at.latitude_deg,
            height_m=at.height_m,
            east_m_s=at.east_m_s,
            north_m_s=at.north_m_s,
            sigma_m=round(((at.east_sigma_m**2 + at.north_sigma_m**2) / 2) ** 0.5, 1),
            time_s=at.time_s,
            since_s=round(one.since_s, 3),
            age_s=round(clock_s - at.time_s, 1),
            contributors=tuple(
                LiveContributor(
                    source=name, party=self._parties.get(name), looks=count, last_s=round(one.last_s[name], 3)
                )
                for name, count in sorted(one.looks.items())
            ),
            identities=tuple(sorted(one.identities)),
            trail=tuple(one.trail),
        )

    def _told(self, name: str, one: _Source, now_s: float, judged: Judged | None) -> LiveSource:
        delay = statistics.median(one.delays) if one.delays else None
        others = [
            statistics.median(other.delays) for other in self._sources.values() if other is not one and other.delays
        ]
        counted = self._counting.get(name)
        why = next((why for why in judged.disagreements if why.source == name), None) if judged else None
        agrees = next((other.agrees_with for other in judged.sources if other.name == name), ()) if judged else ()
        return LiveSource(
            name=name,
            format=one.format,
            feed=one.feed,
            party=self._parties.get(name),
            observations=one.observations,
            repeats=one.repeats,
            unplaced=dict(sorted(one.unplaced.items())),
            late=one.late,
            last_heard_s=round(one.last_heard_s, 3),
            silent_s=round(max(0.0, now_s - one.last_heard_s), 1),
            latency=None if delay is None else Latency(median_s=round(delay, 3), largest_s=round(max(one.delays), 3)),
            offset_s=round(delay - statistics.median(others), 3) if delay is not None and others else None,
            loss=Loss(received=counted.received, missing=counted.missing) if counted else None,
            disagreement=f"{' or '.join(why.causes)}: {why.sentence}" if why else None,
            agrees_with=agrees,
        )


def _told_feed(name: str, one: _Feed) -> LiveFeed:
    return LiveFeed(
        name=name,
        format=one.spoken or one.format,
        bytes=one.bytes,
        messages=one.messages,
        broken_bytes=one.broken_bytes + sum(framer.broken_bytes for framer in one.framers.values()),
        unread=dict(sorted(sum((framer.unread for framer in one.framers.values()), one.unread).items())),
        last_heard_s=None if one.last_heard_s is None else round(one.last_heard_s, 3),
    )
