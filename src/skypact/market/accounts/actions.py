"""Writes on accounts."""

from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import Http404

from skypact.market.accounts.models import User
from skypact.market.catalogue import selectors as catalogue
from skypact.market.core.access import Actor
from skypact.market.core.actions import Action, StateError
from skypact.market.core.events import Record


@dataclass(kw_only=True)
class CreateAccount(Action[User]):
    """Gives somebody an account. Raises ValidationError for a weak password, a malformed field, an unknown vendor."""

    code = "accounts.create"

    username: str
    password: str
    nation: str = ""
    role: str = ""
    organisation: str = ""
    vendor: str = ""
    is_staff: bool = False
    is_catalogue_editor: bool = False

    def check(self) -> None:
        self.actor.require_staff("create accounts")
        if User.objects.filter(username=self.username).exists():
            raise StateError(f"there is an account named {self.username} already")

    def perform(self) -> User:
        if self.vendor:
            _require_known(self.vendor)
        user = User(
            username=self.username,
            nation=self.nation,
            role=self.role,
            organisation=self.organisation,
            vendor=self.vendor,
            is_staff=self.is_staff,
            is_catalogue_editor=self.is_catalogue_editor,
        )
        validate_password(self.password, user)
        user.set_password(self.password)
        user.full_clean()
        user.save()
        return user

    def record(self, result: User) -> Record:
        return Record(
            object_type="accounts.user",
            object_id=str(result.pk),
            data={
                "username": result.username,
                "nation": result.nation,
                "role": result.role,
                "organisation": result.organisation,
                "vendor": result.vendor,
                "is_staff": result.is_staff,
                "is_catalogue_editor": result.is_catalogue_editor,
            },
        )


def _require_known(vendor: str) -> None:
    try:
        catalogue.vendor(Actor.system("accounts"), vendor)
    except Http404:
        raise ValidationError({"vendor": f"there is no vendor {vendor} in the catalogue"}) from None
