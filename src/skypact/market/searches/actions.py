"""Writes on saved searches."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from skypact.market.accounts.models import User
from skypact.market.catalogue import selectors as catalogue
from skypact.market.catalogue.forms import filters_of
from skypact.market.core.access import Actor
from skypact.market.core.actions import Action, StateError
from skypact.market.core.events import Record
from skypact.market.searches.models import SavedSearch
from skypact.market.searches.queries import canonical

MOST_KEPT = 50
_LONGEST_NAME = 120
_LONGEST_QUERY = 2000


def found_now(actor: Actor, query: str) -> int:
    """How many listings ``query`` finds today among those that ``actor`` may see."""
    found = catalogue.search(actor, filters_of(QueryDict(query)), on=timezone.localdate(), facets=False, size=1)
    return found.page.total


@dataclass(kw_only=True)
class SaveSearch(Action[SavedSearch]):
    """Keeps a question under a name. Raises PermissionDenied, StateError."""

    code = "searches.save"

    name: str
    query: str

    def check(self) -> None:
        if self.actor.user_id is None:
            raise PermissionDenied(_("Sign in to save a search."))
        User.objects.select_for_update().get(pk=self.actor.user_id)  # one person's searches are counted one at a time
        self.name, self.query = " ".join(self.name.split()), canonical(self.query)
        if not self.name or len(self.name) > _LONGEST_NAME:
            raise StateError(_("a saved search needs a name of 1 to %(most)s characters") % {"most": _LONGEST_NAME})
        if "\0" in self.name + self.query or "%00" in self.query:
            raise StateError(_("a saved search holds no NUL characters"))
        if not self.query:
            raise StateError(_("an empty search finds everything: type something or choose a filter, then save it"))
        if len(self.query) > _LONGEST_QUERY:
            raise StateError(
                _("the search is longer than %(most)s characters: take some filters away") % {"most": _LONGEST_QUERY}
            )
        kept = SavedSearch.objects.filter(owner_id=self.actor.user_id)
        same = kept.filter(query=self.query).first()
        if same is not None:
            raise StateError(_("you keep this search already: %(name)s") % {"name": same.name})
        if kept.filter(name=self.name).exists():
            raise StateError(_("you keep another search named %(name)s") % {"name": self.name})
        if kept.count() >= MOST_KEPT:
            raise StateError(
                _("you keep %(most)s searches, the most there can be: remove one first") % {"most": MOST_KEPT}
            )

    def perform(self) -> SavedSearch:
        return SavedSearch.objects.create(
            owner_id=self.actor.user_id,
            name=self.name,
            query=self.query,
            opened_at=timezone.now(),
            found=found_now(self.actor, self.query),
        )

    def record(self, result: SavedSearch) -> Record:
        return _record(result)


@dataclass(kw_only=True)
class _OwnSearch(Action[SavedSearch]):
    """An act on a search of the actor's own. Raises Http404 for any other."""

    search_id: int

    def check(self) -> None:
        held = SavedSearch.objects.select_for_update()
        if held.filter(pk=self.search_id, owner_id=self.actor.user_id).first() is None:
            raise Http404(f"You keep no search {self.search_id}.")

    def record(self, result: SavedSearch) -> Record:
        return _record(result)


@dataclass(kw_only=True)
class RenameSearch(_OwnSearch):
    """Gives a saved search another name. Raises Http404, StateError."""

    code = "searches.rename"

    name: str

    def check(self) -> None:
        super().check()
        self.name = " ".join(self.name.split())
        if not self.name or len(self.name) > _LONGEST_NAME or "\0" in self.name:
            raise StateError(_("a saved search needs a name of 1 to %(most)s characters") % {"most": _LONGEST_NAME})
        others = SavedSearch.objects.filter(owner_id=self.actor.user_id, name=self.name).exclude(pk=self.search_id)
        if others.exists():
            raise StateError(_("you keep another search named %(name)s") % {"name": self.name})

    def perform(self) -> SavedSearch:
        found = SavedSearch.objects.get(pk=self.search_id)
        found.name = self.name
        found.save(update_fields=["name"])
        return found


@dataclass(kw_only=True)
class RemoveSearch(_OwnSearch):
    """Forgets a saved search. Saving the same question again brings it back. Raises Http404."""

    code = "searches.remove"

    def perform(self) -> SavedSearch:
        found = SavedSearch.objects.get(pk=self.search_id)
        SavedSearch.objects.filter(pk=found.pk).delete()
        return found


def note_opened(actor: Actor, search_id: int) -> SavedSearch:
    """Notes that its owner looks at a saved search now; a passing fact, no act: it leaves no event. Raises Http404."""
    found = SavedSearch.objects.filter(pk=search_id, owner_id=actor.user_id).first()
    if found is None:
        raise Http404(f"You keep no search {search_id}.")
    found.opened_at, found.found = timezone.now(), found_now(actor, found.query)
    SavedSearch.objects.filter(pk=found.pk).update(opened_at=found.opened_at, found=found.found)  # if it still is there
    return found


def _record(search: SavedSearch) -> Record:
    return Record(
        object_type="searches.search",
        object_id=str(search.pk),
        data={"name": search.name, "query": search.query},
    )
