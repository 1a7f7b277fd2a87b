"""Forms: a recording to test, a statement to attach, a firmware, a key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skypact.conformance import STANDARDS
from skypact.conformance.signing import VALID_DAYS
from skypact.market.core.uploads import ManyFilesField
from skypact.market.lab.descriptions import described
from skypact.market.lab.testing import MOST_BYTES
from skypact.schema.base import RELEASE_PATTERN

_INPUT = {"class": "usa-input"}
_SELECT = {"class": "usa-select"}
_FILE = {"class": "cat-file"}
#: A session may come in several files, such as one of each connection.
MOST_FILES = 16
#: Between a standard and its version in the value of a choice.
_APART = "/"


class TestForm(forms.Form):
    """Recordings of one session, and what its maker claims.

    ``own``: the listings, by id with their names, to which the reader may attach results. ``None``: he may attach to
    any listing, and names it by its id. Who is not ``known`` tests without attaching.
    """

    __test__ = False

    listing = forms.SlugField(
        label=gettext_lazy("Product"),
        required=False,
        max_length=100,
        help_text=gettext_lazy("Id of its listing; only to attach the result there afterwards."),
        widget=forms.TextInput(attrs=_INPUT),
    )
    standard = forms.ChoiceField(label=gettext_lazy("Standard"), widget=forms.Select(attrs=_SELECT))
    claim = forms.CharField(
        label=gettext_lazy("Version that the maker claims"),
        required=False,
        max_length=150,
        help_text=gettext_lazy("Without one the report says which version was seen, and there is no badge."),
        widget=forms.Select(attrs=_SELECT),
    )
    files = ManyFilesField(
        label=gettext_lazy("Recording"),
        help_text=gettext_lazy("One session, in one file or several; 16 MiB together at most."),
        widget=ManyFilesField.widget(attrs={**_FILE, "multiple": True}),
    )
    firmware = forms.CharField(
        label=gettext_lazy("Firmware of the product"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("A result is about one firmware: name the one that was recorded."),
        widget=forms.TextInput(attrs=_INPUT),
    )
    valid_days = forms.IntegerField(
        label=gettext_lazy("Valid for so many days"),
        required=False,
        min_value=1,
        max_value=3650,
        initial=VALID_DAYS,
        help_text=gettext_lazy("365 where nothing is said: a badge that never lapses is none."),
        widget=forms.NumberInput(attrs=_INPUT),
    )

    def __init__(
        self, *args: Any, own: Sequence[tuple[str, str]] | None = (), known: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        titles = {one.name: described(one.title) for one in STANDARDS.values()}
        self.fields["standard"].choices = [("", _("Choose a standard")), *titles.items()]
        self.fields["claim"].widget.choices = [("", _("none: say which version is seen")), *_versions(titles)]
        standard, claim = self.initial.get("standard"), self.initial.get("claim")
        if standard and claim and _APART not in claim:
            self.initial["claim"] = f"{standard}{_APART}{claim}"
        if not known:
            del self.fields["firmware"], self.fields["valid_days"]
        if own is not None and not own:
            del self.fields["listing"]
        elif own is not None:
            choices = [("", _("none: only test")), *own]
            self.fields["listing"] = forms.ChoiceField(
                label=_("Product"),
                required=False,
                choices=choices,
                help_text=_("One of your listings, to attach the result there afterwards."),
                widget=forms.Select(attrs=_SELECT),
                error_messages={"invalid_choice": _("There is no listing %(value)s to which you may attach a result.")},
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        standard = said.get("standard")
        of, _apart, version = said.get("claim", "").rpartition(_APART)
        said["claim"] = version
        if standard and version and (of not in ("", standard) or version not in STANDARDS[standard].versions):
            facts = {"version": version, "title": described(STANDARDS[standard].title)}
            known = {"known": ", ".join(STANDARDS[standard].versions)}
            self.add_error("claim", _("%(version)s is no version of %(title)s; it has %(known)s") % {**facts, **known})
        if said.get("listing") and not said.get("firmware", "").strip():
            self.add_error(
                "firmware", _("A result for a listing is about one firmware: name the one that was recorded.")
            )
        files = said.get("files") or []
        if len(files) > MOST_FILES or sum(one.size or 0 for one in files) > MOST_BYTES:
            self.add_error("files", _("at most 16 files with 16 MiB together"))
        return said


def _versions(titles: Mapping[str, str]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The versions in groups: of each standard, of ASTERIX of each category. Several standards share versions, so that
    the value names both."""
    for one in STANDARDS.values():
        groups: dict[str, list[tuple[str, str]]] = {}
        for version in one.versions:
            group = f"ASTERIX {version.partition(' ')[0]}" if one.name == "asterix" else titles[one.name]
            groups.setdefault(group, []).append((f"{one.name}{_APART}{version}", version))
        yield from groups.items()


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
