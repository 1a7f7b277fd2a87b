"""The one way to change something: an action says who may, does it in one transaction, and leaves one event.

A web page, an API call and a command that do the same thing run the same action::

    @dataclass(kw_only=True)
    class WithdrawListing(Action[Listing]):
        code = "catalogue.withdraw_listing"
        listing: Listing

        def check(self) -> None:
            self.actor.require_staff("withdraw a listing")
            if self.listing.withdrawn:
                raise StateError(f"{self.listing.slug} is withdrawn already")

        def perform(self) -> Listing: ...

        def record(self, result: Listing) -> Record: ...
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from django.db import IntegrityError, transaction

from skypact.market.core import events
from skypact.market.core.access import Actor
from skypact.market.core.events import Record

Result = TypeVar("Result")


class StateError(Exception):
    """The act does not fit the state that things are in; the message says which state would."""


@dataclass(kw_only=True)
class Action(ABC, Generic[Result]):
    """One act. Subclasses are dataclasses whose fields are the arguments of the act."""

    code: ClassVar[str]
    """how the event log names the act: ``catalogue.import``"""

    actor: Actor

    @abstractmethod
    def check(self) -> None:
        """Raises PermissionDenied where this actor may not, StateError where the state forbids it; changes nothing."""

    @abstractmethod
    def perform(self) -> Result:
        """Makes the change. Runs inside the transaction, after :meth:`check`."""

    @abstractmethod
    def record(self, result: Result) -> Record:
        """What the event log keeps of it."""

    def execute(self) -> Result:
        """Checks, performs and records in one transaction: all of it happens, or nothing."""
        try:
            return self._at_once()
        except IntegrityError:
            # On PostgreSQL acts go on side by side: what check() did not find may be there when perform() writes the
            # same. Whoever wrote it has committed by now, so a second check finds it and says what it always says.
            return self._at_once()

    def _at_once(self) -> Result:
        with transaction.atomic():
            self.check()
            result = self.perform()
            events.append(actor=self.actor, action=self.code, record=self.record(result))
        return result
