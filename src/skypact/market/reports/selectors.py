"""Every read on reports."""

from __future__ import annotations

from django.utils import timezone

from skypact.market.catalogue import selectors as catalogue
from skypact.market.core.access import Actor
from skypact.market.kits import selectors
from skypact.market.kits.actions import kit_folder
from skypact.market.kits.models import StoredKit
from skypact.market.pictures import selectors as pictures
from skypact.market.reports.content import SiteReport
from skypact.market.reports.release import UNKNOWN, label_of, strictest
from skypact.schema import Kit, Listing


def report(actor: Actor, kit_id: str) -> SiteReport:
    """The report on one kit, labelled by what its owner may read. Raises Http404 for a kit ``actor`` may not see."""
    stored = selectors.kit(actor, kit_id)
    private = stored.owner_id is not None and not stored.listed
    owner = _owner(stored)
    label = label_of(stored.kit, reader=owner, private=private)
    on = timezone.localdate()
    seen = pictures.of_kit(owner, stored, on=on)
    # What connections rest on is told as everybody may read it: no label has to be stricter for it.
    listings = catalogue.listings(Actor.anonymous(), [item.listing for item in stored.kit.items], on=on)
    if label != UNKNOWN:
        label = strictest([label, *(one.row.release for one in seen.counted)])
    known = {one.record.id: one.record for one in listings}
    return SiteReport(stored.kit, kit_folder(stored.pk), label=label, pictures=seen, seen=known)


def watching(actor: Actor, *kits: Kit) -> tuple[dict[str, Listing], tuple[str, ...]]:
    """The listings of the kits' sensors as ``actor`` sees them today, by slug, and the slugs of those he does not."""
    named = sorted({item.listing for kit in kits for item in kit.items if item.ranges})
    found = {one.record.id: one.record for one in catalogue.listings(actor, named, on=timezone.localdate())}
    return found, tuple(name for name in named if name not in found)


def _owner(stored: StoredKit) -> Actor:
    """Whose eyes the kit was composed with."""
    return Actor.anonymous() if stored.owner is None else Actor.of_user(stored.owner)
