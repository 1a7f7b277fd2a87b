"""Reads relations from their other end.

What is found are ids only. Whether a reader may see those listings, the catalogue asks when it fetches them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from skypact.market.relations.models import Kind, Relation


def pointing_to(targets: Iterable[str], kinds: Collection[Kind] = tuple(Kind)) -> list[tuple[str, Kind, str]]:
    """Source, kind and target of every relation to one of ``targets``, by target and source. One statement."""
    rows = Relation.objects.filter(target__in=list(targets), kind__in=kinds)
    return [(source, Kind(kind), target) for source, kind, target in rows.values_list("source", "kind", "target")]
