"""The REST interface under ``/api/v1/kits/<kit>/coverage``: what a kit sees, also with some of its sensors elsewhere.

Nothing here changes a kit: a question is answered, and kept nowhere.
"""

from __future__ import annotations

import math
from http import HTTPStatus
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.errors import HttpError
from pydantic import ConfigDict, Field

from skypact.market.core.access import Actor
from skypact.market.coverage import selectors
from skypact.market.coverage.figures import Case, cases
from skypact.market.coverage.moves import MOVES_MAX, Move, moved
from skypact.market.coverage.profiles import CORNERS_MAX, REASON_WORDS, Profile, Reason, Sample, profile
from skypact.market.coverage.scenes import Scene
from skypact.market.kits.standing import only_at
from skypact.schema import BlindArea, InputError, LineString, Position, Requirement

router = Router(tags=["kits"])

_BODY = "body"
#: Cases that a refusal names.
_CASES_NAMED = 12


class _Asked(Schema):
    """Unknown fields are refused: a misspelt one would be an answer to another question."""

    model_config = ConfigDict(extra="forbid")


class MoveIn(_Asked):
    """One sensor of the kit tried elsewhere."""

    position: Annotated[str, Field(max_length=200)]
    """id of one of the kit's positions"""
    at: tuple[float, float]
    """longitude, latitude in degrees"""
    mast_m: float
    azimuth_deg: float | None = None
    """from true north; without one it looks where it did"""

    @property
    def move(self) -> Move:
        """The move as the page knows it."""
        return Move(self.position, self.at[0], self.at[1], self.mast_m, self.azimuth_deg)


class WhatIf(_Asked):
    """A question: the kit with these sensors moved; one that is not named stays."""

    moves: Annotated[list[MoveIn], Field(max_length=MOVES_MAX)] = []


class CaseIn(_Asked):
    """One threat class at one height that the requirement asks for."""

    threat: Annotated[str, Field(max_length=200)]
    height_m: float


class CasesIn(WhatIf):
    """A question: what would be covered with these sensors moved."""

    cases: Annotated[list[CaseIn], Field(min_length=1, max_length=10_000)] | None = None
    """the cases to count, in the order in which they matter; null: all that the requirement asks for"""


class ProfileIn(WhatIf):
    """A question: a cut along a line; from the foot of a sensor if one is named."""

    line: Annotated[list[tuple[float, float]], Field(min_length=1, max_length=CORNERS_MAX)]
    threat: Annotated[str, Field(max_length=200)]
    height_m: Annotated[float, Field(ge=0, le=5000)]
    sensor: Annotated[str, Field(max_length=200)] | None = None


class CaseOut(Schema):
    """The share covered of the region that the requirement asks about, as the kit stands and as it would."""

    threat: str
    height_m: float
    share_before: float
    share_after: float
    share_required: float
    met: bool
    shares_by_kinds: list[float]
    blind: list[LineString]

    @classmethod
    def of(cls, case: Case) -> CaseOut:
        """The case as the interface shows it."""
        return cls(
            threat=case.threat,
            height_m=case.height_m,
            share_before=case.before,
            share_after=case.after,
            share_required=case.required,
            met=case.met,
            shares_by_kinds=list(case.by_kinds),
            blind=list(case.blind),
        )


class UncountedOut(Schema):
    """A case that the work of one answer did not reach: ask for it in ``cases``."""

    threat: str
    height_m: float
    share_before: float
    share_required: float


class StandingOut(Schema):
    """Where a sensor stands; null is unknown."""

    position: str
    at: tuple[float, float]
    ground_m: float | None
    mast_m: float


class WhatIfOut(Schema):
    """The answer; the kit itself is as it was."""

    kit: str
    cases: list[CaseOut]
    not_counted: list[UncountedOut]
    """cases asked for beyond what one answer counts; empty for most kits"""
    standing: list[StandingOut]


class SampleOut(Schema):
    """One place of a profile; null is unknown."""

    distance_m: float
    at: tuple[float, float]
    ground_m: float | None
    seen: bool | None
    """whether at least one sensor sees it at any height, whatever the requirement asks; null is unknown"""
    lowest_m: float | None
    """lowest height above ground at which at least one sensor sees it; null where none does, and where unknown"""
    sight_m: float | None

    @classmethod
    def of(cls, sample: Sample) -> SampleOut:
        """The place as the interface shows it."""
        seen = None if sample.lowest_m is None else math.isfinite(sample.lowest_m)
        return cls(
            distance_m=sample.distance_m,
            at=sample.at,
            ground_m=sample.ground_m,
            seen=seen,
            lowest_m=sample.lowest_m if seen else None,
            sight_m=sample.sight_m,
        )


class ReasonOut(Schema):
    """Why a sensor does not see the end of a line."""

    reason: Reason
    detail: str


class ProfileOut(Schema):
    """A cut through relief and coverage. Its places tell what at least one sensor sees, whatever is asked for."""

    seen_by: Literal["at least one sensor"] = "at least one sensor"
    threat: str
    height_m: float
    length_m: float
    outside: int
    """places where no height is known"""
    sensor: str | None
    clear: bool | None
    """whether the sensor's line of sight to the end is clear, range and sector left aside; null: unknown"""
    needed_m: float | None
    """lowest height above ground at the end that is in its line of sight"""
    reasons: list[ReasonOut]
    """why the sensor has no line of sight to the end, or does not watch what lies there"""
    samples: list[SampleOut]

    @classmethod
    def of(cls, found: Profile) -> ProfileOut:
        """The profile as the interface shows it."""
        return cls(
            threat=found.threat,
            height_m=found.height_m,
            length_m=found.length_m,
            outside=found.outside,
            sensor=found.sensor,
            clear=found.clear,
            needed_m=found.needed_m,
            reasons=[ReasonOut(reason=reason, detail=str(REASON_WORDS[reason])) for reason in found.reasons],
            samples=[
                SampleOut(
                    distance_m=sample.distance_m,
                    at=sample.at,
                    ground_m=sample.ground_m,
                    seen=None if sample.lowest_m is None else math.isfinite(sample.lowest_m),
                    lowest_m=sample.lowest_m
                    if sample.lowest_m is not None and math.isfinite(sample.lowest_m)
                    else None,
                    sight_m=sample.sight_m,
                )
                for sample in found.samples
            ],
        )


@router.post("/{kit_id}/coverage/what-if", response=WhatIfOut, url_name="coverage-what-if")
def what_if(request: HttpRequest, kit_id: str, asked: CasesIn) -> WhatIfOut:
    """What the kit would see with some of its sensors elsewhere. Changes nothing.

    Each case is counted whole and exactly or not at all, the first in any case.
    """
    _require_json(request)
    scene = selectors.scene(Actor.of_request(request), kit_id)
    watchers = moved(scene, [move.move for move in asked.moves], file=_BODY)
    standing = []
    for watcher in watchers:
        lon, lat = (round(float(axis), 7) for axis in scene.terrain.to_lonlat(watcher.x, watcher.y))
        ground = float(scene.terrain.height_at(watcher.x, watcher.y))
        known = None if math.isnan(ground) else round(ground, 2)
        standing.append(StandingOut(position=watcher.id, at=(lon, lat), ground_m=known, mast_m=watcher.mast_m))
    found = cases(scene, watchers, only=_only(scene, asked.cases))
    left = [
        UncountedOut(
            threat=one.threat, height_m=one.height_m, share_before=one.share, share_required=one.share_required
        )
        for one in found.left
    ]
    return WhatIfOut(
        kit=kit_id, cases=[CaseOut.of(case) for case in found.counted], not_counted=left, standing=standing
    )


def _only(scene: Scene, asked: list[CaseIn] | None) -> list[tuple[str, float]] | None:
    """The cases asked for. Raises InputError for the first that the requirement does not ask for."""
    if asked is None:
        return None
    known = [(figure.threat, figure.height_m) for figure in scene.kit.coverage]
    for number, one in enumerate(asked):
        if (one.threat, one.height_m) not in known:
            accepted = ", ".join(f"{threat} at {height:g}" for threat, height in known[:_CASES_NAMED])
            more = f" and {len(known) - _CASES_NAMED} more" if len(known) > _CASES_NAMED else ""
            raise InputError.single(
                file=_BODY,
                place=f"cases.{number}",
                value=f"{one.threat[:80]} at {one.height_m:g}",
                accepted=f"a case of the kit's requirement: {accepted}{more}",
            )
    return [(one.threat, one.height_m) for one in asked]


@router.post("/{kit_id}/coverage/profile", response=ProfileOut, url_name="coverage-profile")
def cut(request: HttpRequest, kit_id: str, asked: ProfileIn) -> ProfileOut:
    """Ground, lowest visible height and line of sight along a line. Changes nothing."""
    _require_json(request)
    scene = selectors.scene(Actor.of_request(request), kit_id)
    watchers = moved(scene, [move.move for move in asked.moves], file=_BODY)
    line: list[Position] = list(asked.line)
    return ProfileOut.of(
        profile(scene, watchers, line, threat=asked.threat, height_m=asked.height_m, sensor=asked.sensor, file=_BODY)
    )


@router.post("/{kit_id}/coverage/requirement", response=Requirement, url_name="coverage-requirement")
def requirement(request: HttpRequest, kit_id: str, asked: WhatIf) -> Requirement:
    """The kit's requirement with these positions as the only ones where equipment may stand: to compose again."""
    _require_json(request)
    scene = selectors.scene(Actor.of_request(request), kit_id)
    watchers = moved(scene, [move.move for move in asked.moves], file=_BODY)
    lon, lat = scene.terrain.to_lonlat([one.x for one in watchers], [one.y for one in watchers])
    places = dict.fromkeys((round(float(x), 7), round(float(y), 7)) for x, y in zip(lon, lat, strict=True))
    return only_at(scene.kit, list(places))


@router.get("/{kit_id}/coverage/blind-areas", response=list[BlindArea], url_name="coverage-blind-areas")
def blind_areas(request: HttpRequest, kit_id: str) -> list[BlindArea]:
    """The kit's blind areas, largest first."""
    return list(selectors.scene(Actor.of_request(request), kit_id).kit.blind_areas)


def _require_json(request: HttpRequest) -> None:
    if request.content_type != "application/json":  # other types need no consent of the browser's owner
        raise HttpError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send the question as application/json.")
