"""What the page frame shows to vendors' people and to editors."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest

from skypact.market.core.access import Actor
from skypact.market.suppliers import selectors


@dataclass(frozen=True)
class Navigation:
    """Counts for the links of the frame; each asks the database only where a page shows it."""

    request: HttpRequest

    @cached_property
    def waiting(self) -> int:
        """How many submissions wait for this editor."""
        return selectors.waiting(Actor.of_request(self.request))

    @cached_property
    def returned(self) -> int:
        """How many submissions of this person's vendor wait for correction."""
        return selectors.returned(Actor.of_request(self.request))


def supply(request: HttpRequest) -> dict[str, object]:
    """The context processor."""
    return {"supply": Navigation(request)}
