"""What the pages of batteries send."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from skypact.exchange.fleet import parse_fleet
from skypact.market.batteries.selectors import MOST_KINDS
from skypact.schema import Fleet, InputError

_SIZE_MAX = 4 * 1024 * 1024


class FleetForm(forms.Form):
    """A fleet file, how many kinds of packs are in question, and what counts as fitting."""

    fleet = forms.FileField(label=_("Fleet file (.csv or .json)"))
    kinds = forms.IntegerField(label=_("Most kinds of packs"), min_value=1, max_value=MOST_KINDS, initial=8)
    count_unknown = forms.BooleanField(
        label=_("Count packs too that fit if nothing unknown speaks against it"), required=False
    )

    def read(self) -> Fleet:
        """The fleet in the file. Raises InputError. The form must be valid."""
        file: Any = self.cleaned_data["fleet"]
        ending = PurePath(file.name).suffix.lower()
        if ending not in (".csv", ".json"):
            raise InputError.single(file=file.name, value=ending, accepted="a fleet file ends in .csv or .json")
        if file.size > _SIZE_MAX:
            raise InputError.single(file=file.name, value=f"{file.size} bytes", accepted="at most 4 MiB")
        try:
            text = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise InputError.single(file=file.name, accepted="text in UTF-8") from None
        return parse_fleet(text, file=file.name, json_form=ending == ".json")
