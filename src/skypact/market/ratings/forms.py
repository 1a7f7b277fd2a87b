"""What the pages of ratings send. What fits is decided by the actions."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from skypact.market.ratings.actions import LONGEST_ORGANISATION, LONGEST_REFERENCE, LONGEST_TEXT
from skypact.market.ratings.models import SCORES


class AcceptanceForm(forms.Form):
    """A delivery that a unit accepted."""

    listing = forms.CharField(label=_("Listing"), max_length=100, help_text=_("The identifier on the listing's page."))
    organisation = forms.CharField(
        label=_("Organisation"), max_length=LONGEST_ORGANISATION, help_text=_("As in the accounts of its people.")
    )
    nation = forms.RegexField(label=_("Nation"), regex="^[A-Z]{2}$", help_text=_("A country code such as KR."))
    delivery = forms.CharField(
        label=_("Delivery"), max_length=LONGEST_REFERENCE, help_text=_("The number of the order or the despatch.")
    )
    accepted_on = forms.DateField(label=_("Accepted on"), widget=forms.DateInput(attrs={"type": "date"}))
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1)


def _text(label: object, hint: object) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 4})
    return forms.CharField(label=label, help_text=hint, max_length=LONGEST_TEXT, required=False, widget=area)


class RatingForm(forms.Form):
    """A score and what stands behind it."""

    score = forms.TypedChoiceField(
        label=_("Score"),
        coerce=int,
        choices=[(score, str(score)) for score in SCORES],
        widget=forms.RadioSelect,
        help_text=_("1 is worst, 5 is best."),
    )
    pros = _text(_("What is good"), "")
    cons = _text(_("What is bad"), "")
    conditions = _text(_("Conditions of use"), _("Where, how long and how the item was used. No real unit locations."))
    release = forms.CharField(
        label=_("Who may read this"),
        max_length=200,
        initial="PUBLIC",
        help_text=_("PUBLIC, REGISTERED (whoever is signed in), or REL with nations, as in REL KR,US."),
    )
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ReplyForm(forms.Form):
    """The vendor's answer."""

    text = forms.CharField(label=_("Reply"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 6}))
