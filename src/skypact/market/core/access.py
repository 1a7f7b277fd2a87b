"""Who acts: the one thing that selectors and actions ask before they show or change anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from skypact.schema import BuyerRole, releasable

if TYPE_CHECKING:
    from skypact.market.accounts.models import User


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A person, nobody in particular, or the system itself."""

    label: str
    """how the event log names this actor: ``user:3 kim``, ``anonymous``, ``system:seed``"""
    user_id: int | None = None
    nation: str | None = None
    role: BuyerRole | None = None
    organisation: str = ""
    vendor: str = ""
    """slug of the vendor whose listings this actor keeps; empty is none"""
    is_staff: bool = False
    is_catalogue_editor: bool = False

    @classmethod
    def anonymous(cls) -> Actor:
        """Somebody who has not signed in."""
        return cls(label="anonymous")

    @classmethod
    def system(cls, name: str) -> Actor:
        """The installation itself, acting from its command line; it may do what staff may."""
        return cls(label=f"system:{name}", is_staff=True)

    @classmethod
    def of_user(cls, user: User) -> Actor:
        """The actor that a signed-in ``user`` is."""
        return cls(
            label=f"user:{user.pk} {user.username}",
            user_id=user.pk,
            nation=user.nation or None,
            role=BuyerRole(user.role) if user.role else None,
            organisation=user.organisation,
            vendor=user.vendor,
            is_staff=user.is_staff,
            is_catalogue_editor=user.is_catalogue_editor,
        )

    @classmethod
    def of_request(cls, request: HttpRequest) -> Actor:
        """The actor behind a web or API request."""
        return cls.of_user(request.user) if request.user.is_authenticated else cls.anonymous()

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody known stands behind the request."""
        return self.label == "anonymous"

    def may_read(self, label: str) -> bool:
        """Whether this actor may read what is labelled ``label``. Staff run the node and read all of it."""
        return self.is_staff or releasable(label, nation=self.nation, signed_in=not self.is_anonymous)

    @property
    def standing(self) -> str:
        """What decides which labels this actor may read: two actors of one standing read the same."""
        if self.is_staff:
            return "staff"
        return "anonymous" if self.is_anonymous else f"registered {self.nation or ''}"

    @property
    def may_edit_catalogue(self) -> bool:
        """Whether this actor decides on what vendors submit: staff, and those named catalogue editor."""
        return self.is_staff or self.is_catalogue_editor

    def require_staff(self, act: str) -> None:
        """Raises PermissionDenied unless this actor is staff; ``act`` says what was tried."""
        if not self.is_staff:
            raise PermissionDenied(f"{self.label} may not {act}; only staff may")

    def require_vendor(self, act: str) -> str:
        """The vendor that this actor acts for. Raises PermissionDenied where there is none."""
        if not self.vendor:
            raise PermissionDenied(f"{self.label} may not {act}; only somebody who acts for a vendor may")
        return self.vendor

    def require_editor(self, act: str) -> None:
        """Raises PermissionDenied unless this actor is a catalogue editor or staff."""
        if not self.may_edit_catalogue:
            raise PermissionDenied(f"{self.label} may not {act}; only a catalogue editor may")
