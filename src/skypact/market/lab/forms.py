"""Forms: a recording to test, a statement to attach, a firmware, a key."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skypact.conformance import STANDARDS
from skypact.market.core.uploads import ManyFilesField
from skypact.market.lab.testing import MOST_BYTES
from skypact.schema.base import RELEASE_PATTERN

_INPUT = {"class": "usa-input"}
_SELECT = {"class": "usa-select"}
_FILE = {"class": "cat-file"}
#: A session may come in several files, such as one of each connection.
MOST_FILES = 16


class TestForm(forms.Form):
    """Recordings of one session, and what its maker claims."""

    __test__ = False

    standard = forms.ChoiceField(
        label=gettext_lazy("Standard"),
        choices=[(one.name, one.title) for one in STANDARDS.values()],
        widget=forms.Select(attrs=_SELECT),
    )
    claim = forms.CharField(
        label=gettext_lazy("Version that the maker claims"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("As in the table below. Left empty, the report says which version was seen; no badge."),
        widget=forms.TextInput(attrs={**_INPUT, "list": "versions"}),
    )
    files = ManyFilesField(
        label=gettext_lazy("Recording"),
        help_text=gettext_lazy("One session, in one file or several; 16 MiB together at most."),
        widget=ManyFilesField.widget(attrs={**_FILE, "multiple": True}),
    )
    listing = forms.SlugField(
        label=gettext_lazy("Id of the product's listing"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Only to attach the result there afterwards."),
        widget=forms.TextInput(attrs=_INPUT),
    )
    firmware = forms.CharField(
        label=gettext_lazy("Firmware of the product"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs=_INPUT),
    )
    valid_days = forms.IntegerField(
        label=gettext_lazy("Valid for so many days"),
        required=False,
        min_value=1,
        max_value=3650,
        initial=365,
        widget=forms.NumberInput(attrs=_INPUT),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        standard, claim = said.get("standard"), said.get("claim")
        if standard and claim and claim not in STANDARDS[standard].versions:
            known = ", ".join(STANDARDS[standard].versions)
            self.add_error("claim", _("this standard has the versions %(known)s") % {"known": known})
        files = said.get("files") or []
        if len(files) > MOST_FILES or sum(one.size or 0 for one in files) > MOST_BYTES:
            self.add_error("files", _("at most 16 files with 16 MiB together"))
        return said


class AttachForm(forms.Form):
    """A signed statement, as a file or as text."""

    file = forms.FileField(
        label=gettext_lazy("Signed statement"),
        required=False,
        widget=forms.FileInput(attrs={**_FILE, "accept": ".json"}),
    )
    statement = forms.CharField(required=False, max_length=2**21, widget=forms.HiddenInput())
    release = forms.RegexField(
        label=gettext_lazy("Release"),
        regex=RELEASE_PATTERN,
        max_length=200,
        initial="PUBLIC",
        help_text=gettext_lazy("PUBLIC, REGISTERED, or REL KR,US"),
        widget=forms.TextInput(attrs=_INPUT),
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if file := said.get("file"):
            if file.size > 2**21:
                self.add_error("file", _("a statement has at most 2 MiB"))
            else:
                said["statement"] = file.read().decode("utf-8", errors="replace")
        if not said.get("statement") and not self.errors:
            self.add_error("file", _("choose the file that `skypact lab check --sign` wrote"))
        return said


class FirmwareForm(forms.Form):
    """What is shipped now."""

    firmware = forms.CharField(
        label=gettext_lazy("Firmware that is shipped now"), max_length=300, widget=forms.TextInput(attrs=_INPUT)
    )


class KeyForm(forms.Form):
    """A key to believe."""

    fingerprint = forms.CharField(
        label=gettext_lazy("Fingerprint"),
        max_length=200,
        widget=forms.TextInput(attrs={**_INPUT, "class": "usa-input cat-hash"}),
    )
    name = forms.CharField(label=gettext_lazy("Whose key it is"), max_length=300, widget=forms.TextInput(attrs=_INPUT))
