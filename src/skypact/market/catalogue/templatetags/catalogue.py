"""Template tags: the catalogue's words in the reader's language."""

from django import template

from skypact.market.catalogue import evidence, narrowing, presentation, remedies, wording
from skypact.schema import Category, DocumentKind, Listing, Money, SensorKind, TestRecord, Vendor

register = template.Library()


@register.filter
def in_language(record: Listing | Vendor) -> str:
    """The name in the reader's language."""
    return presentation.name_of(record)


@register.filter
def summary(record: Listing) -> str:
    """The summary in the reader's language."""
    return presentation.summary_of(record)


@register.filter
def category_name(category: Category) -> str:
    """A category in words."""
    return str(wording.CATEGORIES[category])


@register.filter
def sensor_kind_name(kind: SensorKind) -> str:
    """A sensor kind in words."""
    return str(wording.SENSOR_KINDS[kind])


@register.filter
def nation_name(code: str) -> str:
    """A country in words."""
    return wording.nation_name(code)


@register.filter
def port_kind_name(kind: object) -> str:
    """A port kind in words."""
    return str(wording.PORT_KINDS[kind])


@register.filter
def port_role_name(role: object) -> str:
    """A port role in words."""
    return str(wording.PORT_ROLES[role])


@register.filter
def airframe_name(kind: object) -> str:
    """An airframe kind in words."""
    return str(wording.AIRFRAMES[kind])


@register.filter
def port_details(port: object) -> str:
    """What is known of a port beyond its standard, in one line."""
    return "; ".join(wording.port_details(port))


@register.filter
def sort_name(sort: str) -> str:
    """A sort order in words."""
    return narrowing.sort_name(sort)


@register.filter
def age_on(observed: object, on: object) -> str:
    """How long before ``on`` something was observed."""
    return presentation.age(observed, on=on)


@register.filter
def document_kind_name(kind: DocumentKind) -> str:
    """What a document is for, in words."""
    return str(wording.DOCUMENT_KINDS[kind])


@register.filter
def test_facts(test: TestRecord) -> list[evidence.Fact]:
    """What is known of a test, as label and text."""
    return evidence.test_facts(test)


@register.filter
def money(amount: Money) -> str:
    """An amount as it was quoted."""
    return str(amount)


@register.filter
def remedy_in_language(remedy: str) -> str:
    """What a report advises, in the reader's language."""
    return remedies.in_language(remedy)


@register.filter
def share(value: float) -> str:
    """A share as a percentage."""
    return f"{value * 100:.3g} %"
