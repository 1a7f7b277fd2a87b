"""By which of its words one part of a listing is the same part in another version of the listing."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeVar

from skypact.schema import Claim, Model

Part = TypeVar("Part", bound=Model)

#: type → the fields that name a part; parts of other types are known by their place.
_NAMED_BY = {
    "AssuranceScore": ("use_case",),
    "Component": ("part", "maker"),
    "Declaration": ("regime",),
    "Document": ("sha256",),
    "Offer": ("seller",),
    "Port": ("id",),
    "QuantityBreak": ("quantity",),
    "Sensor": ("kind",),
    "SpareFor": ("listing",),
    "StatedRange": ("task", "threat_class", "target"),
    "TestMetric": ("function", "name"),
}


def identity(part: Model) -> tuple[Hashable, ...]:
    """What names ``part`` among its neighbours; empty where only its place does."""
    return tuple(getattr(part, name) for name in _NAMED_BY.get(type(part).__name__, ()))


def paired(before: Sequence[Part], after: Sequence[Part]) -> list[tuple[Part | None, Part | None]]:
    """The parts of two versions side by side: equal ones first, then those of one identity, then by place.

    A part that has no counterpart stands beside ``None``. Claims of one figure pair by grade, then by place.
    """
    gone, come = list(before), list(after)
    for part in before:
        if part in come:
            gone.remove(part)
            come.remove(part)
    pairs: list[tuple[Part | None, Part | None]] = []
    for part in list(gone):
        twin = next((other for other in come if _alike(part, other)), None)
        if twin is not None:
            pairs.append((part, twin))
            gone.remove(part)
            come.remove(twin)
    shared = 0
    if all(not identity(part) for part in (*gone, *come)):
        shared = min(len(gone), len(come))
        pairs += zip(gone[:shared], come[:shared], strict=True)
    pairs += [(part, None) for part in gone[shared:]]
    pairs += [(None, part) for part in come[shared:]]
    return pairs


def _alike(part: Model, other: Model) -> bool:
    if isinstance(part, Claim) and isinstance(other, Claim):
        return part.grade is other.grade
    return bool(identity(part)) and identity(part) == identity(other)
