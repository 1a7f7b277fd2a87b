"""Every read on reports."""

from __future__ import annotations

from skypact.market.core.access import Actor
from skypact.market.kits import selectors
from skypact.market.kits.actions import kit_folder
from skypact.market.kits.models import StoredKit
from skypact.market.reports.content import SiteReport
from skypact.market.reports.release import label_of


def report(actor: Actor, kit_id: str) -> SiteReport:
    """The report on one kit, labelled by what its owner may read. Raises Http404 for a kit ``actor`` may not see."""
    stored = selectors.kit(actor, kit_id)
    private = stored.owner_id is not None and not stored.listed
    label = label_of(stored.kit, reader=_owner(stored), private=private)
    return SiteReport(stored.kit, kit_folder(stored.pk), label=label)


def _owner(stored: StoredKit) -> Actor:
    """Whose eyes the kit was composed with."""
    return Actor.anonymous() if stored.owner is None else Actor.of_user(stored.owner)
