"""What pages send: a file, a withdrawal, a decision."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from skypact.market.catalogue.withdrawing import LONGEST_REASON

_REASON = "reason-"


class UploadForm(forms.Form):
    """A catalogue file and what to do with its good rows when others are refused."""

    file = forms.FileField(label=_("File with your listings"))
    keep_good = forms.BooleanField(label=_("Go on with the good rows if others are refused"), required=False)


class WithdrawalForm(forms.Form):
    """Why listings are withdrawn or listed again."""

    reason = forms.CharField(
        label=_("Reason, shown on the page of each listing"), max_length=LONGEST_REASON, widget=forms.Textarea
    )


def remarks_of(sent: QueryDict) -> dict[str, str]:
    """What an editor wrote to single listings, by id."""
    written = {name.removeprefix(_REASON): sent[name].strip() for name in sent if name.startswith(_REASON)}
    return {slug: text for slug, text in written.items() if text}
