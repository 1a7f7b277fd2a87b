"""The form with which somebody gives a listing a file."""

from __future__ import annotations

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from skypact.market.catalogue.wording import DOCUMENT_KINDS
from skypact.market.documents.actions import Description
from skypact.market.documents.content import ENDINGS
from skypact.market.documents.wording import LANGUAGES
from skypact.schema import DocumentKind
from skypact.schema.base import RELEASE_PATTERN

_INPUT = {"class": "usa-input"}
_SELECT = {"class": "usa-select"}


class AttachForm(forms.Form):
    """A file and what it is."""

    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(
            attrs={"class": "cat-file", "accept": ",".join(f".{ending}" for ending in ENDINGS.values())}
        ),
    )
    title = forms.CharField(label=_("Title"), max_length=300, widget=forms.TextInput(attrs=_INPUT))
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[(kind.value, name) for kind, name in DOCUMENT_KINDS.items()],
        widget=forms.Select(attrs=_SELECT),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", "—"), *LANGUAGES.items()],
        widget=forms.Select(attrs=_SELECT),
    )
    dated = forms.DateField(
        label=_("Date of the document"), widget=forms.DateInput(attrs={**_INPUT, "type": "date"}, format="%Y-%m-%d")
    )
    release = forms.RegexField(
        label=_("Release"),
        regex=RELEASE_PATTERN,
        max_length=200,
        help_text=_("PUBLIC, REGISTERED, or REL KR,US"),
        widget=forms.TextInput(attrs=_INPUT),
    )

    def description(self) -> Description:
        """What the form says of the file."""
        said = self.cleaned_data
        dated: date = said["dated"]
        return Description(
            title=said["title"],
            kind=DocumentKind(said["kind"]),
            dated=dated,
            language=said["language"] or None,
            release=said["release"],
        )
