"""Writes on accounts."""

from dataclasses import dataclass

from django.contrib.auth.password_validation import validate_password

from skypact.market.accounts.models import User
from skypact.market.core.actions import Action, StateError
from skypact.market.core.events import Record


@dataclass(kw_only=True)
class CreateAccount(Action[User]):
    """Gives somebody an account. Raises ValidationError for a weak password or a malformed nation or role."""

    code = "accounts.create"

    username: str
    password: str
    nation: str = ""
    role: str = ""
    organisation: str = ""
    is_staff: bool = False

    def check(self) -> None:
        self.actor.require_staff("create accounts")
        if User.objects.filter(username=self.username).exists():
            raise StateError(f"there is an account named {self.username} already")

    def perform(self) -> User:
        user = User(
            username=self.username,
            nation=self.nation,
            role=self.role,
            organisation=self.organisation,
            is_staff=self.is_staff,
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
                "is_staff": result.is_staff,
            },
        )
