"""Writes relations. Called by the catalogue's storing only, inside its transaction: no act of its own, no event."""

from __future__ import annotations

from collections.abc import Sequence

from skypact.market.relations.models import Relation
from skypact.market.relations.reading import relations_in


def note_relations(listings: Sequence[tuple[str, str]]) -> None:
    """Let the relations of these listings, given as (id, document), be what their documents say now. Two statements."""
    Relation.objects.filter(source__in=[slug for slug, _ in listings]).delete()
    Relation.objects.bulk_create(
        Relation(source=slug, kind=kind, target=target)
        for slug, document in listings
        for kind, target in relations_in(document)
    )
