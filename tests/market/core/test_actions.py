"""An action happens as a whole, leaves one event, or changes nothing."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Barrier, BrokenBarrierError

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection

from skypact.market.accounts.models import User
from skypact.market.core.access import Actor
from skypact.market.core.actions import Action, StateError
from skypact.market.core.events import Record
from skypact.market.core.models import Event

pytestmark = pytest.mark.django_db

STAFF = Actor(label="user:1 staff", user_id=1, is_staff=True)


@dataclass(kw_only=True)
class Enrol(Action[User]):
    code = "test.enrol"
    username: str

    def check(self) -> None:
        self.actor.require_staff("enrol anybody")
        if User.objects.filter(username=self.username).exists():
            raise StateError(f"{self.username} is enrolled already")

    def perform(self) -> User:
        return User.objects.create(username=self.username)

    def record(self, result: User) -> Record:
        return Record(object_type="accounts.user", object_id=str(result.pk), data={"username": self.username})


def test_does_the_act_and_leaves_one_event() -> None:
    user = Enrol(actor=STAFF, username="kim").execute()
    event = Event.objects.get()
    assert (event.sequence, event.actor, event.action) == (1, "user:1 staff", "test.enrol")
    assert (event.object_type, event.object_id, event.data) == ("accounts.user", str(user.pk), {"username": "kim"})


def test_refused_actor_changes_nothing() -> None:
    with pytest.raises(PermissionDenied, match="^anonymous may not enrol anybody; only staff may$"):
        Enrol(actor=Actor.anonymous(), username="kim").execute()
    assert not User.objects.exists()
    assert not Event.objects.exists()


def test_wrong_state_changes_nothing() -> None:
    Enrol(actor=STAFF, username="kim").execute()
    with pytest.raises(StateError, match="^kim is enrolled already$"):
        Enrol(actor=STAFF, username="kim").execute()
    assert User.objects.count() == 1
    assert Event.objects.count() == 1


def test_failure_while_recording_takes_the_act_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def unrecordable(self: Enrol, result: User) -> Record:
        return Record(object_type="accounts.user", object_id="1", data={"range": float("nan")})

    monkeypatch.setattr(Enrol, "record", unrecordable)
    with pytest.raises(ValueError, match="not JSON compliant"):
        Enrol(actor=STAFF, username="kim").execute()
    assert not User.objects.exists()
    assert not Event.objects.exists()


@dataclass(kw_only=True)
class EnrolTogether(Enrol):
    """Waits for the other one between its look and its act, where the database lets the two go on side by side."""

    together: Barrier

    def check(self) -> None:
        super().check()
        with suppress(BrokenBarrierError):
            self.together.wait(timeout=0.5)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_do_the_same_at_once_the_second_hears_what_is_said_afterwards() -> None:
    together = Barrier(2)

    def enrol(_: int) -> str:
        try:
            return EnrolTogether(actor=STAFF, username="kim", together=together).execute().username
        except StateError as error:
            return str(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(enrol, range(2))) == ["kim", "kim is enrolled already"]
    assert (User.objects.count(), Event.objects.count()) == (1, 1)


@dataclass(kw_only=True)
class EnrolUnseen(Enrol):
    def check(self) -> None:
        """Does not look."""


def test_what_check_never_finds_stays_an_error() -> None:
    Enrol(actor=STAFF, username="kim").execute()
    with pytest.raises(IntegrityError):
        EnrolUnseen(actor=STAFF, username="kim").execute()
    assert (User.objects.count(), Event.objects.count()) == (1, 1)
