"""Forms on prices."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class CurrencyForm(forms.Form):
    """Which currency a reader wants prices converted to; empty for none."""

    currency = forms.RegexField(r"^[A-Z]{3}$", required=False)
    next = forms.CharField(required=False, max_length=2000)


class RatesForm(forms.Form):
    """A file of the European Central Bank."""

    file = forms.FileField(label=_("File of the European Central Bank"))


class SinceForm(forms.Form):
    """From which day on findings are wanted."""

    since = forms.DateField(label=_("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    @classmethod
    def day_of(cls, data: Any) -> tuple["SinceForm", date | None]:
        """The form, and the day that is asked for."""
        form = cls(data)
        return form, form.cleaned_data["since"] if form.is_valid() else None
