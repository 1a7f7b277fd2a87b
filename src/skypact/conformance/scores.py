"""The lab's own published scores (``scores.json``): the share of changes that each lab rejects.

Measured by ``mutation.py`` on the samples of the standards; ``RECORD=1 pytest tests/conformance/test_scores.py``
measures them anew. The tests repeat the smaller count exactly, ``make bench-lab`` the larger one.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from skypact.schema.base import Model

if TYPE_CHECKING:
    from skypact.conformance.mutation import Score

#: Changes of bits and bytes that were drawn: for the tests, and for the record.
FEW, MANY = 400, 3_000
SEED = 1


class Share(Model):
    """Changes outside free text and open values, and how many of them cost the verdict."""

    tried: int
    rejected: int

    @property
    def share(self) -> float:
        """The rejected share; 0 where nothing was tried."""
        return self.rejected / self.tried if self.tried else 0.0


class Published(Model):
    """The scores of one standard's lab with seed ``SEED``."""

    few: Share
    """Out of ``FEW`` changes of bits and bytes."""
    many: Share
    """Out of ``MANY``."""
    fields: Share
    """All changes of fields that the samples know, behind right checksums."""


def of(score: Score) -> Share:
    """The part of a score that is published."""
    return Share(tried=score.closed, rejected=score.closed_rejected)


@cache
def published() -> dict[str, Published]:
    """Every standard's scores."""
    said = json.loads(files(__package__).joinpath("scores.json").read_text(encoding="utf-8"))
    return {name: Published.model_validate(one) for name, one in said.items()}


def closed_share(standard: str) -> float | None:
    """The worse of both published shares, bits and fields; ``None`` for a standard without a published score."""
    found = published().get(standard)
    return None if found is None else min(found.many.share, found.fields.share)
