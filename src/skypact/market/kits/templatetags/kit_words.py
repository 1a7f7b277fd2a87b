"""Template filters for kits: the functions of :mod:`skypact.market.kits.wording`."""

from django import template

from skypact.market.kits import wording

register = template.Library()

register.filter("say", wording.say)
register.filter("word", wording.word)
register.filter("money", wording.money)
register.filter("metres", wording.metres)
register.filter("percent", wording.percent)


@register.filter
def name_of(thing: object) -> str:
    """The name of anything with ``name`` and ``name_ko``, in the reader's language."""
    return wording.said(thing.name, thing.name_ko)


@register.filter
def title_of(thing: object) -> str:
    """The title of anything with ``title`` and ``title_ko``, in the reader's language."""
    return wording.said(thing.title, thing.title_ko)
