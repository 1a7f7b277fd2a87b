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


class AttachForm(forms.Form):
    """A file and what it is."""

    file = forms.FileField(
        label=_("File"), widget=forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in ENDINGS.values())})
    )
    title = forms.CharField(label=_("Title"), max_length=300)
    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, name) for kind, name in DOCUMENT_KINDS.items()])
    language = forms.ChoiceField(label=_("Language"), required=False, choices=[("", "—"), *LANGUAGES.items()])
    dated = forms.DateField(label=_("Date of the document"), widget=forms.DateInput(attrs={"type": "date"}))
    release = forms.RegexField(
        label=_("Release"), regex=RELEASE_PATTERN, max_length=200, help_text=_("PUBLIC, REGISTERED, or REL KR,US")
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
