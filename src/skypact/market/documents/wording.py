"""Words for files."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from skypact.market.documents.store import State
from skypact.schema import MediaType

TYPES = {
    MediaType.PDF: "PDF",
    MediaType.PNG: "PNG",
    MediaType.JPEG: "JPEG",
    MediaType.TEXT: gettext_lazy("Text"),
    MediaType.CSV: "CSV",
    MediaType.MP4: "MP4",
}
STATES = {
    State.MISSING: gettext_lazy("Listed, but its bytes are not on this node."),
    State.DAMAGED: gettext_lazy("Damaged: its bytes are not those that were given. It is not handed out."),
}
#: Languages that the form offers; others may come in a catalogue file.
LANGUAGES = {
    "en": gettext_lazy("English"),
    "ko": gettext_lazy("Korean"),
    "de": gettext_lazy("German"),
    "fr": gettext_lazy("French"),
    "pl": gettext_lazy("Polish"),
    "uk": gettext_lazy("Ukrainian"),
}
