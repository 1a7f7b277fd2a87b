"""How well a product is assured for one use: a score for each use case, never one for all.

After the NATO innovation badge: what is to be protected (point, area, border), how the system moves (static,
deployable, mobile), against which class of threat; 1 to 10, assurance and not certification.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from skypact.schema.base import Model, Slug
from skypact.schema.evidence import Evidence


class Extent(StrEnum):
    """What is protected."""

    POINT = "point"
    AREA = "area"
    BORDER = "border"


class Mobility(StrEnum):
    """How the system moves."""

    STATIC = "static"
    DEPLOYABLE = "deployable"
    """set up for a time, then taken elsewhere"""
    MOBILE = "mobile"
    """works on the move"""


class UseCase(Model):
    """What is protected, how the system moves, against which class of threat."""

    extent: Extent
    mobility: Mobility
    threat_class: Slug


class AssuranceScore(Model):
    """How well somebody judges a product to serve in one use case."""

    use_case: UseCase
    score: Annotated[int, Field(ge=1, le=10)] | None = None
    """1 (worst) to 10 (best); ``None``: looked at, not rated"""
    evidence: Evidence


def strongest_score(scores: Iterable[AssuranceScore], use_case: UseCase, *, on: date) -> AssuranceScore | None:
    """The score to rely on for ``use_case``: unexpired and rated; best grade first, then the latest.

    ``None`` means: unrated on that day. Nothing is taken over from another use case.
    """
    valid = [
        item for item in scores if item.use_case == use_case and item.score is not None and item.evidence.valid_on(on)
    ]
    return max(valid, key=lambda item: (item.evidence.grade.rank, item.evidence.observed), default=None)
