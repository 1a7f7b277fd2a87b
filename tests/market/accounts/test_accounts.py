"""Accounts are given out; people sign in and out; secrets are hashed with argon2."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils.translation import override
from tests.market.catalogue.samples import stock, vendor

from skypact.market.accounts.actions import CreateAccount
from skypact.market.accounts.models import User
from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.core.models import Event

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"


def create(actor: Actor | None = None, **changes: object) -> User:
    wanted: dict[str, object] = {"username": "kim", "password": PASSWORD, "nation": "KR", "role": "police", **changes}
    return CreateAccount(actor=actor or Actor.system("test"), **wanted).execute()


def test_account_is_created_with_an_event_and_without_the_password_in_it() -> None:
    user = create(organisation="Incheon police")
    assert user.password.startswith("argon2$argon2id$")
    event = Event.objects.get()
    assert (event.action, event.object_id) == ("accounts.create", str(user.pk))
    assert event.data == {
        "username": "kim",
        "nation": "KR",
        "role": "police",
        "organisation": "Incheon police",
        "vendor": "",
        "is_staff": False,
        "is_catalogue_editor": False,
    }


def test_vendors_person_and_catalogue_editor() -> None:
    stock(vendor())
    seller = Actor.of_user(create(vendor="acme"))
    assert (seller.require_vendor("x"), seller.may_edit_catalogue) == ("acme", False)
    with pytest.raises(PermissionDenied, match="kim may not x; only a catalogue editor may$"):
        seller.require_editor("x")
    editor = Actor.of_user(create(username="lee", is_catalogue_editor=True))
    editor.require_editor("x")
    with pytest.raises(PermissionDenied, match="lee may not x; only somebody who acts for a vendor may$"):
        editor.require_vendor("x")
    Actor.system("test").require_editor("x")


def test_only_staff_creates_accounts() -> None:
    with pytest.raises(PermissionDenied, match="^user:7 lee may not create accounts; only staff may$"):
        create(Actor(label="user:7 lee", user_id=7))
    assert not User.objects.exists()
    assert not Event.objects.exists()


def test_name_in_use_is_refused() -> None:
    create()
    with pytest.raises(StateError, match="^there is an account named kim already$"):
        create()
    assert User.objects.count() == 1
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"password": "short"}, "too short"),
        ({"nation": "Korea"}, "at most 2 characters"),
        ({"nation": "kr"}, "Enter a valid value"),
        ({"role": "pirate"}, "'pirate' is not a valid choice"),
        ({"vendor": "acme"}, "there is no vendor acme in the catalogue"),
    ],
)
def test_malformed_account_changes_nothing(change: dict[str, str], message: str) -> None:
    with override("en"), pytest.raises(ValidationError) as refused:
        create(**change)
    with override("en"):
        assert message in " ".join(refused.value.messages)
    assert not User.objects.exists()
    assert not Event.objects.exists()


def test_signing_in_and_out(client: Client) -> None:
    create()
    answer = client.post("/accounts/login/", {"login": "kim", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert "kim" in answer.content.decode()
    answer = client.post("/accounts/logout/", follow=True)
    assert answer.redirect_chain == [("/", 302)]
    assert 'href="/accounts/login/"' in answer.content.decode()


def test_wrong_password_does_not_sign_in(client: Client) -> None:
    create()
    answer = client.post("/accounts/login/", {"login": "kim", "password": "wrong"})
    assert answer.status_code == 200
    assert "_auth_user_id" not in client.session


def test_nobody_makes_an_account_by_himself(client: Client) -> None:
    assert client.get("/accounts/signup/").status_code == 200
    client.post("/accounts/signup/", {"username": "eve", "password1": PASSWORD, "password2": PASSWORD})
    assert not User.objects.exists()


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/2fa/", "/accounts/password/change/"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_account_pages_stand_in_the_frame(client: Client, address: str, language: str) -> None:
    client.force_login(create())
    page = client.get(address, headers={"accept-language": language}, follow=True).content.decode()
    assert f'<html lang="{language}">' in page
    assert 'class="sky-header"' in page
