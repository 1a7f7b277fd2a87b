"""Giving out accounts from the command line."""

import pytest
from typer.testing import CliRunner

from skypact.cli.main import app

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery staple"


def create(*arguments: str, typed: str = f"{PASSWORD}\n{PASSWORD}\n") -> tuple[int, str]:
    found = CliRunner().invoke(app, ["account", "create", *arguments], input=typed)
    return found.exit_code, found.output


def test_account_may_sign_in() -> None:
    from skypact.market.accounts.models import User

    assert create("kim", "--nation", "KR", "--role", "police", "--staff") == (
        0,
        "Password: \nRepeat for confirmation: \nkim may sign in now.\n",
    )
    user = User.objects.get()
    assert (user.nation, user.role, user.is_staff, user.check_password(PASSWORD)) == ("KR", "police", True, True)


def test_name_in_use_and_weak_password_are_refused() -> None:
    from skypact.market.accounts.models import User

    create("kim")
    assert create("kim")[0] == 1
    assert create("lee", typed="short\nshort\n")[0] == 1
    assert [user.username for user in User.objects.all()] == ["kim"]


def test_vendors_person_and_editor() -> None:
    from skypact.market.accounts.models import User
    from skypact.market.catalogue.actions import import_built_in

    assert create("kim", "--vendor", "nobody")[0] == 1
    import_built_in()
    assert create("kim", "--vendor", "robin-radar")[0] == 0
    assert create("lee", "--catalogue-editor")[0] == 0
    assert list(User.objects.values_list("username", "vendor", "is_catalogue_editor", "is_staff")) == [
        ("kim", "robin-radar", False, False),
        ("lee", "", True, False),
    ]
