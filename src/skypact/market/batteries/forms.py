"""What the pages of batteries send."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from skypact.exchange.fleet import SIZE_MAX, FleetFile, fleet_in
from skypact.market.batteries.selectors import DEFAULT_KINDS, MOST_KINDS

#: A fleet up to this length goes with the page, so that its reader can look at other points of the curve.
HELD_MAX = 1_000_000


class FleetForm(forms.Form):
    """A fleet file or the one that the page holds, how many kinds of packs are in question, and what counts."""

    fleet = forms.FileField(label=_("Fleet file (.csv, .xlsx or .json)"), required=False)
    held = forms.CharField(required=False, max_length=HELD_MAX, widget=forms.HiddenInput)
    kinds = forms.IntegerField(label=_("Most kinds of packs"), min_value=1, max_value=MOST_KINDS, initial=DEFAULT_KINDS)
    count_unknown = forms.BooleanField(
        label=_("Count packs too that fit if nothing unknown speaks against it"), required=False
    )

    def clean(self) -> dict[str, Any]:
        """One of the two must be there."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("fleet") and not cleaned.get("held") and "fleet" not in self.errors:
            self.add_error("fleet", _("Choose a fleet file."))
        return cleaned

    def read(self) -> FleetFile:
        """The fleet that was sent. Raises InputError. The form must be valid."""
        file: Any = self.cleaned_data["fleet"]
        if file:
            return fleet_in(file.read(SIZE_MAX + 1), name=file.name)
        return fleet_in(self.cleaned_data["held"].encode(), name="fleet.json")


class AssumedForm(forms.Form):
    """The assumptions that weigh most, as the page's address may change them for the catalogue's aircraft."""

    introduction = forms.FloatField(min_value=0, max_value=1e9, required=False)
    pack_price = forms.FloatField(min_value=0, max_value=1e9, required=False)
    pack_price_per_wh = forms.FloatField(min_value=0, max_value=1e9, required=False)

    @property
    def given(self) -> dict[str, float]:
        """Those that are given; the others stay as usual. The form must be valid."""
        return {name: value for name, value in self.cleaned_data.items() if value is not None}
