"""People who sign in."""

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from skypact.schema import BuyerRole

ROLE_NAMES = {
    BuyerRole.MILITARY: _("Military"),
    BuyerRole.POLICE: _("Police"),
    BuyerRole.BORDER_GUARD: _("Border guard"),
    BuyerRole.AIRPORT: _("Airport operator"),
    BuyerRole.CIVIL: _("Civil operator"),
}


class User(AbstractUser):
    """A person; nation, role and organisation say on whose behalf. Empty means not stated, and grants nothing."""

    nation = models.CharField(
        _("nation"),
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2}$")],
        help_text=_("ISO 3166-1 alpha-2 code, such as KR"),
    )
    role = models.CharField(
        _("role"), max_length=20, blank=True, choices=[(role.value, name) for role, name in ROLE_NAMES.items()]
    )
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    vendor = models.CharField(
        _("vendor"), max_length=100, blank=True, help_text=_("the vendor whose listings this person keeps")
    )
    is_catalogue_editor = models.BooleanField(
        _("catalogue editor"), default=False, help_text=_("may approve or return what vendors submit")
    )
