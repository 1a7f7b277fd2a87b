"""What the page of a picture shows beyond the report's own fields: colours, shares, the map's data, a sketch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString

from skypact.conformance.picture import PictureReport, Together
from skypact.conformance.picture.report import Contribution, Disagreeing, FusedTrack, PictureSource
from skypact.market.pictures import wording
from skypact.market.pictures.drawing import Drawing, Moved
from skypact.market.pictures.sketch import sketch

#: Colours of sources, told apart by the colour-blind too, each at least 4.5 : 1 on land and sea of the map.
COLOURS = ("#0b4778", "#a44f00", "#6b4c9a", "#00655c", "#7c1d48", "#4d5a00", "#1b4fbf", "#8b0a03")
#: Letters that tell sources apart where colour does not.
_MARKS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class SourceRow:
    """A source with its colour and what is wrong with it."""

    source: PictureSource
    colour: str
    mark: str
    listing: str
    disagreements: tuple[Disagreeing, ...]
    moved: tuple[Moved, ...]
    left_out: int

    @property
    def short(self) -> str:
        """The name without the tail of a long id."""
        return shortened(self.source.name)

    @property
    def lost_percent(self) -> float | None:
        """Share of counted messages that did not arrive."""
        loss = self.source.loss
        return None if loss is None else 100 * loss.missing / max(loss.missing + loss.received, 1)

    @property
    def off_the_map(self) -> bool:
        """Whether what it says lies in no place that the map shows."""
        return bool(self.moved) and all(one.said is None for one in self.moved)


@dataclass(frozen=True)
class Part:
    """What one source gave to a track."""

    contribution: Contribution
    colour: str
    mark: str
    share: float
    """of the track's looks"""

    @property
    def short(self) -> str:
        """The source's name without the tail of a long id."""
        return shortened(self.contribution.source)


@dataclass(frozen=True)
class TrackRow:
    """A fused track and who gave what to it."""

    track: FusedTrack
    parts: tuple[Part, ...]
    identities: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.track.end_s - self.track.start_s


def shortened(name: str) -> str:
    """A name whose last word, where it is a long id, ends after eight characters."""
    head, _, tail = name.rpartition(" ")
    return f"{head} {tail[:8]}…" if head and len(tail) > 20 else name


class PicturePage:
    """Everything the templates of a picture ask for."""

    def __init__(self, report: PictureReport, drawing: Drawing, *, listings: Mapping[str, str] | None = None) -> None:
        self.report = report
        self.drawing = drawing
        self._listings = listings or {}
        names = [one.name for one in report.sources]
        self._colours = {name: COLOURS[number % len(COLOURS)] for number, name in enumerate(names)}
        self._marks = {name: _MARKS[number % len(_MARKS)] for number, name in enumerate(names)}

    @property
    def tone(self) -> str:
        """What the colour of the verdict goes by."""
        return {Together.YES: "yes", Together.NO: "no", Together.CANNOT_TELL: "unknown"}[self.report.together]

    @cached_property
    def reasons(self) -> list[str]:
        """Why the verdict is what it is."""
        return list(wording.reasons(self.report))

    @cached_property
    def sources(self) -> list[SourceRow]:
        """Every source."""
        drawn = {one.name: one for one in self.drawing.sources}
        return [
            SourceRow(
                source=one,
                colour=self._colours[one.name],
                mark=self._marks[one.name],
                listing=self._listings.get(one.name, ""),
                disagreements=tuple(found for found in self.report.disagreements if found.source == one.name),
                moved=drawn[one.name].moved if one.name in drawn else (),
                left_out=drawn[one.name].left_out if one.name in drawn else 0,
            )
            for one in self.report.sources
        ]

    @cached_property
    def disagreeing(self) -> list[SourceRow]:
        """The sources that a disagreement names."""
        return [one for one in self.sources if one.disagreements]

    @cached_property
    def tracks(self) -> list[TrackRow]:
        """Every fused track."""
        return [self._track(one) for one in self.report.tracks]

    def _track(self, track: FusedTrack) -> TrackRow:
        looks = sum(part.looks for part in track.contributions) or 1
        parts = tuple(
            Part(part, self._colours.get(part.source, "#565c65"), self._marks.get(part.source, "?"), part.looks / looks)
            for part in track.contributions
        )
        names = sorted({name for part in track.contributions for name in part.identities})
        return TrackRow(track, parts, tuple(names))

    @property
    def has_map(self) -> bool:
        """Whether there is anything to draw."""
        return any(len(one.path) > 1 for one in self.drawing.tracks) or any(one.looks for one in self.drawing.sources)

    @property
    def has_looks(self) -> bool:
        """Whether single looks are known, not tracks alone."""
        return any(one.looks for one in self.drawing.sources)

    @cached_property
    def map_data(self) -> dict[str, Any]:
        """What the map's script reads."""
        told = self.drawing.model_dump(mode="json")
        for one in told["sources"]:
            one |= {"colour": self._colours.get(one["name"], "#565c65"), "mark": self._marks.get(one["name"], "?")}
        return told

    @cached_property
    def sketch(self) -> SafeString:
        """The same as a drawing that needs neither map nor script."""
        return sketch(self.drawing, self._colours)
