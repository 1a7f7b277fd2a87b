"""What a composition may choose from: the catalogue as its reader sees it, with what labs say of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from skypact.market.catalogue import naming, selectors
from skypact.market.catalogue.naming import NamedCatalogue
from skypact.market.core.access import Actor
from skypact.market.lab.selectors import tested
from skypact.schema import Catalogue

#: A catalogue that changes while it is read is read again, this often at most.
_READINGS = 5


@dataclass(frozen=True)
class Offered:
    """A catalogue, and the name under which it can be told again."""

    catalogue: Catalogue
    named: NamedCatalogue


def offered(actor: Actor, *, on: date) -> Offered:
    """What ``actor`` may see on the day ``on``."""
    for _ in range(_READINGS):
        revision, at = selectors.revision(), timezone.now()
        seen = selectors.catalogue(actor, on=on)
        seen = seen.model_copy(update={"listings": tuple(tested(actor, seen.listings, on=on))})
        if selectors.revision() == revision:
            break
    name = naming.name_of(seen)
    return Offered(seen, NamedCatalogue(name=name, revision=revision, standing=actor.standing, on=on, at=at))
