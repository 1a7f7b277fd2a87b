"""Forms: recordings to combine, which source is which product, a statement to attach."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from skypact.conformance.picture import PictureReport, Truth
from skypact.market.core.uploads import ManyFilesField
from skypact.market.kits.wording import said
from skypact.market.pictures.actions import MOST_BYTES, MOST_FILES
from skypact.schema import InputError, KitItem, parse_json
from skypact.schema.base import RELEASE_PATTERN

_INPUT = {"class": "usa-input"}
_SELECT = {"class": "usa-select"}
_FILE = {"class": "cat-file"}
_LARGEST_STATEMENT = 8 * 2**20


def _release(*, required: bool = True) -> forms.RegexField:
    return forms.RegexField(
        label=gettext_lazy("Release"),
        regex=RELEASE_PATTERN,
        max_length=200,
        initial="PUBLIC" if required else "",
        required=required,
        help_text=gettext_lazy("PUBLIC, REGISTERED, or REL KR,US"),
        widget=forms.TextInput(attrs=_INPUT),
    )


def sites_of(text: str) -> dict[str, tuple[float, float, float]]:
    """Places of sensors written one a line: ``25/201 = 127.02, 37.51, 80``. Raises InputError naming the line."""
    found = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        name, _equals, place = line.rpartition("=")
        try:
            longitude, latitude, height = (float(part) for part in place.split(","))
        except ValueError:
            longitude = latitude = height = float("nan")
        if not name.strip() or not (abs(longitude) <= 180 and abs(latitude) <= 90 and abs(height) < 10_000):
            raise InputError.single(
                file="sensors",
                place=f"line {number}",
                value=line.strip(),
                accepted=_(
                    "SAC/SIC or node id = longitude, latitude, height in metres, such as 25/201 = 127.02, 37.51, 80"
                ),
            )
        found[name.strip()] = (longitude, latitude, height)
    return found


def parties_of(text: str, names: Sequence[str]) -> dict[str, str]:
    """Whose products the recordings are of, one a line: ``radar.pcap = KR``. Raises InputError naming the line."""
    found = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        name, _equals, party = (part.strip() for part in line.rpartition("="))
        if name not in names or not party or len(party) > 100:
            raise InputError.single(
                file="parties",
                place=f"line {number}",
                value=line.strip(),
                accepted=_("the name of a recording, =, and a nation or maker; there are: %(names)s")
                % {"names": ", ".join(names)},
            )
        found[name] = party
    return found


class PictureForm(forms.Form):
    """Recordings of several products at one time and place."""

    title = forms.CharField(
        label=gettext_lazy("What was recorded"),
        max_length=300,
        help_text=gettext_lazy("Such as place and day; only you see it until you release the picture."),
        widget=forms.TextInput(attrs=_INPUT),
    )
    files = ManyFilesField(
        label=gettext_lazy("Recordings"),
        help_text=gettext_lazy(
            "One of each product, made at the same time: SAPIENT, CoT, ASTERIX, Remote ID, MAVLink, KLV. At most 16 "
            "files, 16 MiB together. They are deleted once they are combined; their hashes stay."
        ),
        widget=ManyFilesField.widget(attrs={**_FILE, "multiple": True}),
    )
    sensors = forms.CharField(
        label=gettext_lazy("Places of sensors that their recordings do not tell"),
        required=False,
        max_length=4000,
        help_text=gettext_lazy(
            "One a line, such as: 25/201 = 127.02, 37.51, 80 (longitude, latitude, height in metres)"
        ),
        widget=forms.Textarea(attrs={"class": "usa-textarea pic-few"}),
    )
    parties = forms.CharField(
        label=gettext_lazy("Whose products they are"),
        required=False,
        max_length=4000,
        help_text=gettext_lazy("One recording a line, with a nation or maker: radar.pcap = KR"),
        widget=forms.Textarea(attrs={"class": "usa-textarea pic-few"}),
    )
    truth = forms.FileField(
        label=gettext_lazy("Where the objects really were"),
        required=False,
        help_text=gettext_lazy("JSON from the drones' own recorders; then the picture is scored (GOSPA, SIAP)."),
        widget=forms.FileInput(attrs={**_FILE, "accept": ".json"}),
    )
    undulation = forms.FloatField(
        label=gettext_lazy("Geoid above the ellipsoid here (m)"),
        required=False,
        min_value=-110,
        max_value=90,
        help_text=gettext_lazy("Only to compare heights above the sea; about 24 m in Korea."),
        widget=forms.NumberInput(attrs=_INPUT),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        files = given.get("files") or []
        if len(files) > MOST_FILES or sum(one.size or 0 for one in files) > MOST_BYTES:
            self.add_error("files", _("at most 16 files with 16 MiB together"))
        try:
            given["sites"] = sites_of(given.get("sensors") or "")
        except InputError as error:
            self.add_error("sensors", str(error))
        try:
            given["parties"] = parties_of(given.get("parties") or "", [one.name or "recording" for one in files])
        except InputError as error:
            self.add_error("parties", str(error))
        if file := given.get("truth"):
            if file.size > MOST_BYTES:
                self.add_error("truth", _("at most 16 files with 16 MiB together"))
                return given
            try:
                given["truth"] = parse_json(Truth, file.read(), file=file.name)
            except InputError as error:
                self.add_error("truth", str(error))
        return given


class ReleaseForm(forms.Form):
    """Who may see a picture; empty is its owner alone."""

    release = _release(required=False)


class ProductsForm(forms.Form):
    """Which source is which product of a kit."""

    def __init__(self, report: PictureReport, items: Sequence[KitItem], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sources = [one.name for one in report.sources]
        choices = [("", _("no product of this kit")), *((one.listing, said(one.name, one.name_ko)) for one in items)]
        for number, source in enumerate(self._sources):
            self.fields[f"source-{number}"] = forms.ChoiceField(
                label=source, choices=choices, required=False, widget=forms.Select(attrs=_SELECT)
            )
        self.fields["this_kit"] = forms.BooleanField(
            label=_("This very kit was recorded: these products, placed and connected as it says"),
            required=False,
            widget=forms.CheckboxInput(attrs={"class": "usa-checkbox__input"}),
        )
        self.fields["valid_days"] = forms.IntegerField(
            label=_("Valid for so many days"),
            required=False,
            min_value=1,
            max_value=3650,
            initial=365,
            widget=forms.NumberInput(attrs=_INPUT),
        )
        self.fields["release"] = _release()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        named = {source: given.get(f"source-{number}") for number, source in enumerate(self._sources)}
        given["listings"] = {source: listing for source, listing in named.items() if listing}
        if not given["listings"]:
            self.add_error(None, _("name at least one source that is a product of this kit"))
        return given


class AttachForm(forms.Form):
    """A signed picture, as a file."""

    file = forms.FileField(
        label=gettext_lazy("Signed picture"), widget=forms.FileInput(attrs={**_FILE, "accept": ".json"})
    )
    release = _release()

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if file := given.get("file"):
            if file.size > _LARGEST_STATEMENT:
                self.add_error("file", _("a signed picture has at most 8 MiB"))
            else:
                given["statement"] = file.read().decode("utf-8", errors="replace")
        return given
