"""What pages send: a search, a file to import, an edited listing."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from skypact.exchange.quantities import accepted, in_unit
from skypact.market.catalogue.facts import FACETS, NAMES, NUMBERS, unit_of
from skypact.market.catalogue.selectors import PAGE_SIZES, SORTS, Bounds, Filters
from skypact.market.core.paging import PAGE_SIZE
from skypact.schema import Problem

_LONGEST_QUERY = 500
_MOST_VALUES = 50
#: What a bound of each number may say.
EXAMPLES = {
    name: "100" if (unit := unit_of(name)) is None else accepted(unit).partition(": ")[2].removesuffix("; or unknown")
    for name in NUMBERS
}


def filters_of(query: QueryDict) -> Filters:
    """The search that the address bar says; what is no search is ignored (:func:`mistakes_in` names it)."""
    filters, _mistakes = read_filters(query.getlist)
    return filters


def mistakes_in(query: QueryDict) -> tuple[Problem, ...]:
    """The bounds in the address bar that are no quantities."""
    return read_filters(query.getlist)[1]


def read_filters(values_of: Callable[[str], Sequence[str]]) -> tuple[Filters, tuple[Problem, ...]]:
    """The search that parameters say, and which of them say nothing; ``values_of`` gives a parameter's values."""
    chosen = {name: tuple(dict.fromkeys(filter(None, values_of(name))))[:_MOST_VALUES] for name in FACETS}
    between: dict[str, Bounds] = {}
    problems: list[Problem] = []
    for name in NUMBERS:
        ends = [_bound(name, end, values_of, problems) for end in ("min", "max")]
        if ends != [None, None]:
            between[name] = (ends[0], ends[1])
    text, sort = ("".join(values_of(name)[-1:]) for name in ("q", "sort"))
    filters = Filters(
        q=text[:_LONGEST_QUERY],
        sort=sort if sort in SORTS else "",
        chosen={name: values for name, values in chosen.items() if values},
        between=between,
    )
    return filters, tuple(problems)


def _bound(name: str, end: str, values_of: Callable[[str], Sequence[str]], problems: list[Problem]) -> float | None:
    parameter = f"{name}_{end}"
    text = "".join(values_of(parameter)[-1:]).strip()
    if not text:
        return None
    try:
        return quantity_of(name, text)
    except ValueError:
        accepts = f"a number, with its unit or without: {EXAMPLES[name]}"
        problems.append(Problem(file="search", place=parameter, value=text[:40], accepted=accepts))
        return None


def quantity_of(name: str, text: str) -> float:
    """What ``text`` says of the number ``name``, in its unit. Raises ValueError."""
    unit = unit_of(name)
    if unit is not None:
        value = in_unit(text, unit)
    else:  # an amount of money or of days stands for itself; its unit may be repeated
        value = float(text.upper().removesuffix(NAMES[name].unit.upper()).replace(",", ""))
    if not math.isfinite(value):
        raise ValueError("not a finite number")
    return value


#: What the page reads: the search, which part of it, and what is marked to compare.
READ = (
    *("q", "sort", "page", "page_size", "id", "csrfmiddlewaretoken"),
    *FACETS,
    *(f"{name}_{end}" for name in NUMBERS for end in ("min", "max")),
)


def page_size_of(query: QueryDict) -> int:
    """The page size that the address bar says, if it is one of those offered."""
    asked = query.get("page_size", "")
    return int(asked) if asked in {str(size) for size in PAGE_SIZES} else PAGE_SIZE


class ImportForm(forms.Form):
    """A catalogue file and what to do with its good rows when others are bad."""

    file = forms.FileField(label=_("Catalogue file"))
    keep_good = forms.BooleanField(label=_("Take the good rows even if others are bad"), required=False)


class EditForm(forms.Form):
    """A listing's document, and the digest of the one that the editor started from."""

    document = forms.CharField(label=_("Listing as JSON"), widget=forms.Textarea, strip=False)
    digest = forms.CharField(widget=forms.HiddenInput)
