"""Who sees which kit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.http import Http404
from tests.market.kits import samples
from tests.market.kits.test_actions import ANYBODY, SYSTEM, job, person, pictures

from skypact.market.core.access import Actor
from skypact.market.kits import selectors
from skypact.market.kits.actions import FinishJob, PublishKit

pytestmark = pytest.mark.django_db


def composed(home: Path, name: str, actor: Actor = ANYBODY) -> None:
    made = job(actor, state="running")
    kit = samples.kit(id=name)
    FinishJob(actor=SYSTEM, job_id=made.pk, kit=kit, pictures=pictures(home, f"in-{name}")).execute()


@pytest.fixture
def kim() -> Actor:
    return person("kim")


@pytest.fixture
def kept(home: Path, kim: Actor) -> None:
    """One kit of Kim's, one of nobody's, one published."""
    composed(home, "of-kim", kim)
    composed(home, "of-nobody")
    PublishKit(actor=SYSTEM, kit=samples.kit(id="published"), pictures=pictures(home)).execute()


def listed(actor: Actor) -> list[str]:
    return sorted(kit.pk for kit in selectors.kits_of(actor, None).items)


@pytest.mark.usefixtures("kept")
class TestLists:
    def test_strangers_find_what_is_published(self) -> None:
        assert listed(ANYBODY) == ["published"]

    def test_people_find_their_own_too(self, kim: Actor) -> None:
        assert listed(kim) == ["of-kim", "published"]
        assert listed(person("park")) == ["published"]

    def test_staff_find_all(self) -> None:
        assert listed(person("lee", staff=True)) == ["of-kim", "of-nobody", "published"]

    def test_two_statements_however_many(self, kim: Actor, home: Path, django_assert_num_queries: Any) -> None:
        for number in range(5):
            composed(home, f"more-{number}", kim)
        with django_assert_num_queries(2):
            assert len(listed(kim)) == 7


@pytest.mark.usefixtures("kept")
class TestOneKit:
    @pytest.mark.parametrize("name", ["of-nobody", "published"])
    def test_who_knows_the_address_may_read_what_belongs_to_nobody(self, name: str) -> None:
        assert selectors.kit(ANYBODY, name).pk == name
        assert selectors.kit(person("park"), name).pk == name

    def test_what_belongs_to_somebody_is_theirs(self, kim: Actor) -> None:
        assert selectors.kit(kim, "of-kim").pk == "of-kim"
        assert selectors.kit(person("lee", staff=True), "of-kim").pk == "of-kim"
        for other in (ANYBODY, person("park")):
            with pytest.raises(Http404):
                selectors.kit(other, "of-kim")


def test_searches_follow_the_same_rule(kim: Actor) -> None:
    mine, open_one = job(kim), job()
    assert selectors.job(kim, mine.pk) == mine
    assert selectors.job(ANYBODY, open_one.pk) == open_one
    with pytest.raises(Http404):
        selectors.job(ANYBODY, mine.pk)
