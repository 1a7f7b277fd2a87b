"""Reads of saved searches: everybody sees their own."""

from __future__ import annotations

from dataclasses import dataclass

from skypact.market.core.access import Actor
from skypact.market.searches.actions import found_now
from skypact.market.searches.models import SavedSearch


@dataclass(frozen=True)
class Kept:
    """A saved search and how many listings it finds today."""

    search: SavedSearch
    now: int

    @property
    def more(self) -> int:
        """How many listings more (less, where negative) than when its owner last looked."""
        return self.now - self.search.found


def searches_of(actor: Actor) -> list[Kept]:
    """The actor's own searches by name; nobody's, for who has not signed in."""
    if actor.user_id is None:
        return []
    own = SavedSearch.objects.filter(owner_id=actor.user_id)
    return [Kept(search, found_now(actor, search.query)) for search in own]
