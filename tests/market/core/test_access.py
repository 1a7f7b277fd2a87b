"""Who acts."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory

from skypact.market.accounts.models import User
from skypact.market.core.access import Actor
from skypact.schema import BuyerRole


def test_visitor_is_anonymous_and_may_little() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    actor = Actor.of_request(request)
    assert actor.is_anonymous
    assert (actor.label, actor.nation, actor.role, actor.is_staff) == ("anonymous", None, None, False)
    with pytest.raises(PermissionDenied, match="^anonymous may not edit listings; only staff may$"):
        actor.require_staff("edit listings")


@pytest.mark.django_db
def test_person_acts_for_nation_role_and_organisation() -> None:
    user = User.objects.create(username="kim", nation="KR", role="police", organisation="Incheon police")
    request = RequestFactory().get("/")
    request.user = user
    actor = Actor.of_request(request)
    assert actor == Actor(
        label=f"user:{user.pk} kim",
        user_id=user.pk,
        nation="KR",
        role=BuyerRole.POLICE,
        organisation="Incheon police",
        is_staff=False,
    )
    assert not actor.is_anonymous


def test_what_is_not_stated_is_unknown() -> None:
    actor = Actor.of_user(User(username="lee"))
    assert (actor.nation, actor.role) == (None, None)


def test_installation_itself_may_do_what_staff_may() -> None:
    actor = Actor.system("seed")
    actor.require_staff("load the seed")
    assert actor.label == "system:seed"
