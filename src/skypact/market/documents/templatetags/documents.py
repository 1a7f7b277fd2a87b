"""Template tags: words for files in the reader's language."""

from django import template
from django.utils.translation import gettext as _

from skypact.market.documents import wording
from skypact.schema import MediaType

register = template.Library()


@register.filter
def type_words(media_type: MediaType) -> str:
    """What kind of file it is."""
    return str(wording.TYPES[media_type])


@register.filter
def state_words(state: str) -> str:
    """What is wrong with the bytes."""
    return str(wording.STATES[state])


@register.filter
def language_words(code: str | None) -> str:
    """A language; its code where it has no word here."""
    return _("unknown") if code is None else str(wording.LANGUAGES.get(code, code))
