"""Every read on kits: who sees which."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from skypact.market.catalogue.relating import SpareOfKit, spares_for
from skypact.market.core.access import Actor
from skypact.market.core.paging import PAGE_SIZE, Page, page_number
from skypact.market.kits.models import ComposeJob, StoredKit
from skypact.schema import Kit

#: Kits from which one chooses another to compare with.
_BESIDE = 200
#: Digits of a content hash.
_HASH = 64


def kits_of(actor: Actor, page: str | None) -> Page[StoredKit]:
    """One page of the kits in this actor's list: their own and the published ones; staff see all. Two queries."""
    kits = _listed_for(actor).defer("document")
    total = kits.count()
    number = page_number(page, total=total)
    return Page(items=list(kits[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]), number=number, total=total)


def kit(actor: Actor, kit_id: str) -> StoredKit:
    """One kit. One without an owner is open to whoever knows its address; Http404 for what this actor may not see."""
    found = StoredKit.objects.filter(pk=kit_id).filter(_open_to(actor)).first()
    if found is None:
        raise Http404(f"there is no kit {kit_id} that you may see")
    return found


def kit_named(actor: Actor, text: str) -> StoredKit:
    """One kit by its id or its content hash, by the same rule as :func:`kit`. For a hash kit by kit is read."""
    found = StoredKit.objects.filter(pk=text).filter(_open_to(actor)).first()
    if found is None and len(text) == _HASH:
        kits = StoredKit.objects.filter(_open_to(actor)).iterator(chunk_size=50)
        found = next((one for one in kits if one.kit.content_hash() == text), None)
    if found is None:
        raise Http404(f"there is no kit {text} that you may see; accepted: an id or a content hash")
    return found


def kit_version(actor: Actor, kit_id: str) -> datetime:
    """When one kit was kept, by the same rule as :func:`kit`: what was made of it before is of an earlier one."""
    found = StoredKit.objects.filter(pk=kit_id).filter(_open_to(actor)).values_list("stored_at", flat=True).first()
    if found is None:
        raise Http404(f"there is no kit {kit_id} that you may see")
    return found


def beside(actor: Actor, kit: StoredKit | None) -> list[StoredKit]:
    """The latest kits in this actor's list, those of the same site as ``kit`` first; ``kit`` is always among them."""
    listed = list(_listed_for(actor).defer("document")[:_BESIDE])
    if kit is None:
        return listed
    if all(one.pk != kit.pk for one in listed):
        listed.insert(0, kit)
    return sorted(listed, key=lambda one: one.site_name != kit.site_name)


def job(actor: Actor, job_id: UUID) -> ComposeJob:
    """One search, by the same rule as :func:`kit`."""
    found = ComposeJob.objects.select_related("requirement").filter(pk=job_id).filter(_open_to(actor)).first()
    if found is None:
        raise Http404(f"there is no search {job_id} that you may see")
    return found


def spares_of(actor: Actor, kit: Kit, *, on: date) -> list[SpareOfKit]:
    """The spares and consumables for what is in ``kit``, as far as ``actor`` may see them; by the kit's own order."""
    units: Counter[str] = Counter()
    for item in kit.items:
        units[item.listing] += item.quantity
    return spares_for(actor, units, on=on)


def _listed_for(actor: Actor) -> QuerySet[StoredKit]:
    if actor.is_staff:
        return StoredKit.objects.all()
    mine = Q(owner_id=actor.user_id) if actor.user_id is not None else Q(pk__in=())
    return StoredKit.objects.filter(mine | Q(listed=True))


def _open_to(actor: Actor) -> Q:
    if actor.is_staff:
        return Q()
    return Q(owner=None) | Q(owner_id=actor.user_id) if actor.user_id is not None else Q(owner=None)
