"""What pages send: a search, a file to import, an edited listing."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from skypact.market.catalogue.selectors import FACETS, PAGE_SIZES, SORTS, Filters
from skypact.market.core.paging import PAGE_SIZE

_LONGEST_QUERY = 500


def filters_of(query: QueryDict) -> Filters:
    """The search that the address bar says; what is no search is ignored."""
    facets = {name: tuple(dict.fromkeys(filter(None, query.getlist(name))))[:50] for name in FACETS}
    sort = query.get("sort", "")
    return Filters(q=query.get("q", "")[:_LONGEST_QUERY], sort=sort if sort in SORTS else "", **facets)


def page_size_of(query: QueryDict) -> int:
    """The page size that the address bar says, if it is one of those offered."""
    asked = query.get("size", "")
    return int(asked) if asked in {str(size) for size in PAGE_SIZES} else PAGE_SIZE


class ImportForm(forms.Form):
    """A catalogue file and what to do with its good rows when others are bad."""

    file = forms.FileField(label=_("Catalogue file"))
    keep_good = forms.BooleanField(label=_("Take the good rows even if others are bad"), required=False)


class EditForm(forms.Form):
    """A listing's document, and the digest of the one that the editor started from."""

    document = forms.CharField(label=_("Listing as JSON"), widget=forms.Textarea, strip=False)
    digest = forms.CharField(widget=forms.HiddenInput)
