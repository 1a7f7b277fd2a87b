"""Template filters for kits: the functions of :mod:`skypact.market.kits.wording`."""

from django import template

from skypact.market.kits import wording

register = template.Library()

register.filter("say", wording.say)
register.filter("word", wording.word)
register.filter("money", wording.money)
register.filter("metres", wording.metres)
register.filter("percent", wording.percent)
register.filter("seconds", wording.seconds)
register.filter("square_metres", wording.square_metres)
register.filter("surface", wording.surface)
register.filter("grade", wording.grade)


@register.filter
def name_of(thing: object) -> str:
    """The name of anything with ``name`` and ``name_ko``, in the reader's language."""
    return wording.said(thing.name, thing.name_ko)


@register.filter
def title_of(thing: object) -> str:
    """The title of anything with ``title`` and ``title_ko``, in the reader's language."""
    return wording.said(thing.title, thing.title_ko)


@register.filter
def site_of(stored: object) -> str:
    """The site's name of a stored kit, in the reader's language."""
    return wording.said(stored.site_name, stored.site_name_ko)


@register.filter
def summary_of(requirement: object) -> str:
    """A requirement's summary in the reader's language; its title without one."""
    return wording.said(requirement.summary, requirement.summary_ko) or title_of(requirement)


@register.filter
def cost_of(stored: object) -> str:
    """The cost of a stored kit."""
    return wording.sum_of(stored.total, stored.currency)


@register.filter
def at(values: dict[str, object], key: str) -> object:
    """``values[key]``; nothing where there is none."""
    return values.get(str(key), "") if values else ""


@register.filter
def dot(number: float) -> str:
    """A number as HTML attributes want it, whatever the reader's language."""
    return f"{number:.4f}"


@register.filter
def lonlat(position: tuple[float, float]) -> str:
    """A position for people: latitude first, with hemispheres."""
    lon, lat = position
    return f"{abs(lat):.5f}° {'N' if lat >= 0 else 'S'}, {abs(lon):.5f}° {'E' if lon >= 0 else 'W'}"
