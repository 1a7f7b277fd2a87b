"""To whom a report may be passed on: the strictest of the labels of what stands in it."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from skypact.market.catalogue import releasability, selectors
from skypact.market.core.access import Actor
from skypact.schema import Kit

#: No reader may have all of it: labels that no nation is part of at once.
NOBODY = "NOT RELEASABLE"
#: Some product of the kit is not in this catalogue as its reader sees it, so that nobody can tell.
UNKNOWN = "RELEASE NOT DETERMINED"


def strictest(labels: Iterable[str]) -> str:
    """The one label that lets nobody read who may not read each of ``labels``; PUBLIC without any."""
    found = "PUBLIC"
    for label in labels:
        found = _both(found, label)
    return found


def _both(one: str, other: str) -> str:
    if "PUBLIC" in (one, other) or one == other:
        return other if one == "PUBLIC" else one
    if NOBODY in (one, other):
        return NOBODY
    if "REGISTERED" in (one, other):
        return other if one == "REGISTERED" else one
    shared = set(one.removeprefix("REL ").split(",")) & set(other.removeprefix("REL ").split(","))
    return f"REL {','.join(sorted(shared))}" if shared else NOBODY


def label_of(kit: Kit, *, reader: Actor, private: bool) -> str:
    """The label of a report on ``kit``: the strictest among the claims about its products that ``reader`` may read,
    and among the results of labs that its connections rest on.

    ``reader`` is who had the kit composed. The plan of a site that only its owner sees (``private``) is at least
    REGISTERED, whatever is public about the products.
    """
    named = {item.listing for item in kit.items}
    seen = selectors.listings(reader, sorted(named), on=timezone.localdate())
    if {one.record.id for one in seen} != named:
        return UNKNOWN
    labels = {label for one in seen for label in releasability.labels(one.record)}
    labels |= {label for link in kit.links for label in releasability.labels(link)}
    return strictest(sorted(labels | ({"REGISTERED"} if private else set())))
