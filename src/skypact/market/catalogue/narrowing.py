"""How a search is narrowed on the page: facets in groups, numbers with bars and ends, choices to take away."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from skypact.engines.search import Bin, Condition, Quantity
from skypact.market.catalogue import scores, wording
from skypact.market.catalogue.facts import FACETS, NAMES, NUMBERS, PRICED_IN, unit_of
from skypact.market.catalogue.index import VendorName
from skypact.market.catalogue.presentation import name_of
from skypact.market.catalogue.selectors import FacetValue, Filters, Found, Histogram
from skypact.schema import AirframeKind, DocumentKind, Extent, Mobility, Provenance

TITLES = {
    "family": gettext_lazy("Family"),
    "category": gettext_lazy("Category"),
    "sensor_kind": gettext_lazy("Sensor kind"),
    "range": gettext_lazy("Detection range"),
    "threat_class": gettext_lazy("Range stated against"),
    "interface": gettext_lazy("Data interface"),
    "interface_version": gettext_lazy("Data interface with version"),
    "nation": gettext_lazy("Nation of the vendor"),
    "vendor": gettext_lazy("Vendor"),
    "grade": gettext_lazy("Best grade of evidence"),
    "assurance": gettext_lazy("Assurance score for a use"),
    "document": gettext_lazy("Documents"),
    "price": gettext_lazy("Price"),
    "currency": gettext_lazy("Currency of the price"),
    "in_stock": gettext_lazy("Stock"),
    "lead_time": gettext_lazy("Lead time"),
    "band": gettext_lazy("Frequency band (IEEE)"),
    "lowest_frequency": gettext_lazy("Lowest frequency"),
    "highest_frequency": gettext_lazy("Highest frequency"),
    "azimuth": gettext_lazy("Azimuth coverage"),
    "tracks": gettext_lazy("Tracks at once"),
    "locates": gettext_lazy("Gives a position"),
    "emits": gettext_lazy("Transmits"),
    "decodes_content": gettext_lazy("Reads the content of radio traffic"),
    "mass": gettext_lazy("Mass"),
    "power_draw": gettext_lazy("Power draw"),
    "lowest_temperature": gettext_lazy("Lowest operating temperature"),
    "highest_temperature": gettext_lazy("Highest operating temperature"),
    "ingress_protection": gettext_lazy("Ingress protection"),
    "chemistry": gettext_lazy("Chemistry"),
    "cells": gettext_lazy("Cells in series"),
    "capacity": gettext_lazy("Capacity"),
    "energy": gettext_lazy("Energy"),
    "voltage": gettext_lazy("Nominal voltage"),
    "connector": gettext_lazy("Connector"),
    "airframe": gettext_lazy("Kind of aircraft"),
    "endurance": gettext_lazy("Endurance"),
    "payload": gettext_lazy("Greatest payload"),
    "takeoff_mass": gettext_lazy("Greatest take-off mass"),
    "link_range": gettext_lazy("Radio link range"),
    "component_origin": gettext_lazy("Origin of components"),
    "declaration": gettext_lazy("Declared status"),
    "nsn": gettext_lazy("NATO stock number"),
    "provenance": gettext_lazy("How values came to be"),
    "licence": gettext_lazy("Licence of the source"),
    "synthetic": gettext_lazy("Real or synthetic"),
}

#: The groups of the page, the most useful first; all but the first are folded.
GROUPS = (
    (
        gettext_lazy("Most asked for"),
        ("family", "category", "sensor_kind", "range", "interface", "nation", "vendor", "grade"),
    ),
    (
        gettext_lazy("Price and delivery"),
        ("price", "in_stock", "lead_time", "currency", *(f"price_{code.lower()}" for code in PRICED_IN)),
    ),
    (
        gettext_lazy("Sensing"),
        (
            *("threat_class", "band", "lowest_frequency", "highest_frequency", "azimuth", "tracks"),
            *("locates", "emits", "decodes_content", "interface_version"),
        ),
    ),
    (
        gettext_lazy("Size, power and surroundings"),
        ("mass", "power_draw", "lowest_temperature", "highest_temperature", "ingress_protection"),
    ),
    (gettext_lazy("Batteries"), ("chemistry", "cells", "voltage", "capacity", "energy", "connector")),
    (gettext_lazy("Aircraft"), ("airframe", "endurance", "payload", "takeoff_mass", "link_range")),
    (gettext_lazy("Trust and origin"), ("assurance", "document", "declaration", "component_origin", "provenance")),
    (gettext_lazy("Records"), ("synthetic", "nsn", "licence")),
)

_YES_NO = {"yes": gettext_lazy("Yes"), "no": gettext_lazy("No")}
_VALUES: Mapping[str, Mapping[str, object]] = {
    "family": wording.FAMILIES,
    "category": {category.value: name for category, name in wording.CATEGORIES.items()},
    "sensor_kind": {kind.value: name for kind, name in wording.SENSOR_KINDS.items()},
    "grade": {grade.value: name for grade, name in wording.GRADES.items()},
    "airframe": {kind.value: wording.AIRFRAMES[kind] for kind in AirframeKind},
    "provenance": {item.value: wording.PROVENANCES[item] for item in Provenance},
    "document": {
        DocumentKind.TEST_REPORT.value: gettext_lazy("Test report"),
        DocumentKind.TRAINING.value: gettext_lazy("Training material"),
        DocumentKind.MANUAL.value: gettext_lazy("Manual"),
        DocumentKind.DATA_SHEET.value: gettext_lazy("Data sheet"),
        DocumentKind.CERTIFICATE.value: gettext_lazy("Certificate"),
    },
    "price": {"yes": gettext_lazy("Has a price")},
    "in_stock": {"yes": gettext_lazy("In stock"), "no": gettext_lazy("Out of stock")},
    "nsn": {"yes": gettext_lazy("Has a stock number")},
    "synthetic": {"yes": gettext_lazy("Synthetic"), "no": gettext_lazy("Real product")},
    "locates": _YES_NO,
    "emits": _YES_NO,
    "decodes_content": _YES_NO,
}

SORTS = {
    "relevance": gettext_lazy("Relevance"),
    "name": pgettext_lazy("sort", "Name"),
    "vendor": gettext_lazy("Vendor"),
    "category": gettext_lazy("Category"),
    "range": gettext_lazy("Detection range, longest first"),
    "mass": gettext_lazy("Mass, lightest first"),
    "lead_time": gettext_lazy("Lead time, shortest first"),
}


def title_of(name: str) -> str:
    """The heading of a facet or number."""
    if name.startswith("price_"):
        return _("Price in %(currency)s") % {"currency": NAMES[name].unit}
    return str(TITLES[name])


def sort_name(sort: str) -> str:
    """A sort order in words."""
    if sort.startswith("price_"):
        return _("Price in %(currency)s, lowest first") % {"currency": NAMES[sort].unit}
    return str(SORTS[sort])


def value_name(facet: str, value: str, vendors: Mapping[str, VendorName]) -> str:
    """One value of a facet in words."""
    if facet in ("nation", "component_origin"):
        return wording.nation_name(value)
    if facet == "vendor" and value in vendors:
        return name_of(vendors[value])
    if facet == "assurance":
        return _assured(value)
    if facet == "threat_class":
        return value.replace("-", " ")
    return str(_VALUES.get(facet, {}).get(value, value))


def _assured(value: str) -> str:
    parts = value.split(" ")
    if len(parts) != 4 or parts[0] not in list(Extent) or parts[1] not in list(Mobility):
        return value
    extent, mobility, threat, band = parts
    named = (str(scores.EXTENTS[Extent(extent)]), str(scores.MOBILITIES[Mobility(mobility)]), threat.replace("-", " "))
    return f"{', '.join(named)}: {band}"


def number_text(name: str, value: float) -> str:
    """A value of a number with its unit, for people."""
    unit = unit_of(name)
    if unit is not None:
        return wording.quantity(value, unit)
    if NAMES[name].unit == "d":
        return _("%(days)s days") % {"days": f"{value:g}"}
    return f"{value:,.10g} {NAMES[name].unit}"


def bounds_text(name: str, low: float | None, high: float | None) -> str:
    """From where to where a number is asked for."""
    if low is None:
        return _("at most %(value)s") % {"value": number_text(name, high or 0.0)}
    if high is None:
        return _("at least %(value)s") % {"value": number_text(name, low)}
    if low == high:
        return number_text(name, low)
    return _("%(low)s to %(high)s") % {"low": number_text(name, low), "high": number_text(name, high)}


@dataclass(frozen=True)
class ShownValue:
    """One value of a facet with its words."""

    id: str
    """of its box on the page"""
    value: str
    text: str
    count: str
    chosen: bool


@dataclass(frozen=True)
class Bar:
    """One bar of a histogram, in a drawing of 100 by 24."""

    text: str
    x: float
    width: float
    height: float

    @property
    def y(self) -> float:
        """Where it begins, from above."""
        return _BARS_HIGH - self.height


_BARS_HIGH = 24.0


@dataclass(frozen=True)
class ShownFacet:
    """One facet of the page: values to tick, or a number with its bars and two ends."""

    name: str
    title: str
    first: tuple[ShownValue, ...] = ()
    more: tuple[ShownValue, ...] = ()
    bars: tuple[Bar, ...] = ()
    known: int = 0
    known_text: str = ""
    low: str = ""
    high: str = ""
    example: str = ""
    number: bool = False
    active: bool = False

    @property
    def bars_text(self) -> str:
        """The bars in words."""
        return "; ".join(bar.text for bar in self.bars)


@dataclass(frozen=True)
class ShownGroup:
    """Facets that belong together."""

    title: str
    facets: tuple[ShownFacet, ...]
    open: bool


@dataclass(frozen=True)
class Chip:
    """One choice in force, and the address without it."""

    text: str
    without: str


#: So many values of a facet stand in the open, the others are folded.
_OPEN_VALUES = 8


def groups(found: Found, filters: Filters, asked: QueryDict) -> list[ShownGroup]:
    """What the page offers to narrow ``found``: nothing that would not divide it, save what is chosen."""
    shown = []
    for place, (title, names) in enumerate(GROUPS):
        facets = tuple(facet for name in names if (facet := _shown(name, found, filters, asked)) is not None)
        if facets:
            shown.append(ShownGroup(str(title), facets, place == 0 or any(facet.active for facet in facets)))
    return shown


def _shown(name: str, found: Found, filters: Filters, asked: QueryDict) -> ShownFacet | None:
    if name in found.numbers:
        return _number(name, found.numbers[name], filters, asked)
    values = found.facets.get(name, [])
    chosen = name in filters.chosen
    if not chosen and not _divides(values, found.page.total):
        return None
    texts = [(value_name(name, item.value, found.vendors), item) for item in values]
    texts.sort(key=lambda pair: (not pair[1].chosen, -pair[1].count, pair[0]))
    shown = tuple(
        ShownValue(
            f"{name}-{slugify(item.value, allow_unicode=True)}", item.value, text, f"{item.count:,}", item.chosen
        )
        for text, item in texts
    )
    return ShownFacet(name, title_of(name), first=shown[:_OPEN_VALUES], more=shown[_OPEN_VALUES:], active=chosen)


def _divides(values: list[FacetValue], total: int) -> bool:
    return len(values) > 1 or (len(values) == 1 and values[0].count < total)


def _number(name: str, histogram: Histogram, filters: Filters, asked: QueryDict) -> ShownFacet | None:
    active = name in filters.between
    if not active and not histogram.known:
        return None
    low, high = (asked.get(f"{name}_{end}", "").strip()[:40] for end in ("min", "max"))
    return ShownFacet(
        name,
        title_of(name),
        bars=tuple(_bars(name, histogram.bins)),
        known=histogram.known,
        known_text=ngettext("known of %(shown)s listing", "known of %(shown)s listings", histogram.known)
        % {"shown": f"{histogram.known:,}"},
        low=low,
        high=high,
        example=number_text(name, NAMES[name].edges[len(NAMES[name].edges) // 2]),
        number=True,
        active=active,
    )


def _bars(name: str, bins: tuple[Bin, ...]) -> Iterator[Bar]:
    most = max((item.count for item in bins), default=0)
    width = 100 / max(len(bins), 1)
    for place, item in enumerate(bins):
        height = 0.0 if not item.count else max(1.0, _BARS_HIGH * item.count / most)
        text = f"{_bin_text(name, item)}: {item.count:,}"
        yield Bar(text, round(place * width, 3), round(width * 0.9, 3), round(height, 2))


def _bin_text(name: str, item: Bin) -> str:
    if item.low is None and item.high is not None:
        return _("under %(value)s") % {"value": number_text(name, item.high)}
    return bounds_text(name, item.low, item.high)


def chips(found: Found, filters: Filters, asked: QueryDict) -> list[Chip]:
    """Every choice in force, each with the address without it."""
    shown = [
        Chip(_choice(name, value, found.vendors), _without_value(asked, name, value))
        for name, value in _chosen(filters)
    ]
    for name in _bounded(filters):
        shown.append(Chip(_bounds(name, filters), _without_bounds(asked, name)))
    for quantity in found.quantities:
        shown.append(Chip(quantity_text(quantity), _with_text(asked, filters.q.replace(quantity.text, " ", 1))))
    return shown


def choices(filters: Filters) -> list[str]:
    """Every filter in force in words."""
    chosen = [_choice(name, value, {}) for name, value in _chosen(filters)]
    return chosen + [_bounds(name, filters) for name in _bounded(filters)]


def _chosen(filters: Filters) -> list[tuple[str, str]]:
    return [(name, value) for name in FACETS for value in filters.chosen.get(name, ())]


def _bounded(filters: Filters) -> list[str]:
    return [name for name in NUMBERS if name in filters.between]


def _choice(name: str, value: str, vendors: Mapping[str, VendorName]) -> str:
    return f"{title_of(name)}: {value_name(name, value, vendors)}"


def _bounds(name: str, filters: Filters) -> str:
    return f"{title_of(name)}: {bounds_text(name, *filters.between[name])}"


def _without_value(asked: QueryDict, name: str, value: str) -> str:
    rest = asked.copy()
    rest.setlist(name, [item for item in rest.getlist(name) if item != value])
    return _address(rest)


def _without_bounds(asked: QueryDict, name: str) -> str:
    rest = asked.copy()
    for end in ("min", "max"):
        rest.pop(f"{name}_{end}", None)
    return _address(rest)


def _with_text(asked: QueryDict, text: str) -> str:
    rest = asked.copy()
    rest["q"] = " ".join(text.split())
    return _address(rest)


def _address(rest: QueryDict) -> str:
    rest.pop("page", None)
    return f"?{rest.urlencode()}"


def quantity_text(quantity: Quantity) -> str:
    """What a quantity in the text was taken to ask for."""
    if any(item.attribute == "lowest_frequency" for way in quantity.ways for item in way):
        about = number_text("lowest_frequency", quantity.value)
        return _("%(asked)s: a frequency band around %(about)s") % {"asked": quantity.text.strip(), "about": about}
    ways = [_(" and ").join(_condition_text(item, quantity.value) for item in way) for way in quantity.ways]
    either = _(" or ").join(ways)
    return f"{quantity.text.strip()}: {either}"


def _condition_text(condition: Condition, value: float) -> str:
    low, high = condition.bounds(value)
    return f"{title_of(condition.attribute)} {bounds_text(condition.attribute, low, high)}"


@dataclass(frozen=True)
class Loosened:
    """What would be found without one of the choices in force."""

    chip: Chip
    count: int


#: So many searches without one choice are tried where nothing is found.
_MOST_LOOSENED = 8


def loosened(shown: list[Chip], count_of: Callable[[QueryDict], int]) -> list[Loosened]:
    """The choices without which something is found, most first; ``count_of`` says how much an address finds."""
    tried = [Loosened(chip, count_of(QueryDict(chip.without.removeprefix("?")))) for chip in shown[:_MOST_LOOSENED]]
    return sorted((item for item in tried if item.count), key=lambda item: -item.count)


@dataclass(frozen=True)
class Corrected:
    """A word that nothing contains, what was looked for instead, and the address that asks for that."""

    word: str
    instead: str
    address: str


def corrections(found: Found, filters: Filters, asked: QueryDict) -> list[Corrected]:
    """The words that were taken for typing errors."""
    return [
        Corrected(
            item.word, ", ".join(item.instead), _with_text(asked, _replaced(filters.q, item.word, item.instead[0]))
        )
        for item in found.corrections
    ]


def _replaced(text: str, word: str, instead: str) -> str:
    return " ".join(instead if part.casefold() == word.casefold() else part for part in text.split())
