"""Labels of reports."""

from __future__ import annotations

from itertools import permutations

import pytest
from tests.market.kits import samples
from tests.market.worlds import Clock, world_with_secrets

from skypact.market.accounts.models import User
from skypact.market.core.access import Actor
from skypact.market.reports.release import NOBODY, UNKNOWN, label_of, strictest


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        ([], "PUBLIC"),
        (["PUBLIC", "PUBLIC"], "PUBLIC"),
        (["PUBLIC", "REGISTERED"], "REGISTERED"),
        (["REGISTERED", "REL KR,US"], "REL KR,US"),
        (["REL KR,US", "REL PL,US", "PUBLIC"], "REL US"),
        (["REL US,KR", "REL KR,US"], "REL KR,US"),
        (["REL KR", "REL US", "REGISTERED"], NOBODY),
    ],
)
def test_the_strictest_label(labels: list[str], expected: str) -> None:
    assert {strictest(order) for order in permutations(labels)} == {expected}


@pytest.mark.django_db
class TestLabelOfAKit:
    def test_a_product_that_is_not_in_the_catalogue(self) -> None:
        assert label_of(samples.kit(), reader=Actor.system("test"), private=False) == UNKNOWN

    def test_a_kit_without_products(self) -> None:
        kit = samples.refused_kit()
        assert label_of(kit, reader=Actor.anonymous(), private=False) == "PUBLIC"
        assert label_of(kit, reader=Actor.anonymous(), private=True) == "REGISTERED"

    def test_it_goes_by_what_its_owner_may_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        clock = Clock()
        monkeypatch.setattr("django.utils.timezone.now", clock)
        world_with_secrets("REL KR")(clock)
        item = samples.kit().items[0].model_copy(update={"listing": "open-radar"})
        kit = samples.kit().model_copy(update={"items": (item,)})
        korean = Actor.of_user(User.objects.create(username="kim", nation="KR"))
        pole = Actor.of_user(User.objects.create(username="jan", nation="PL"))
        assert label_of(kit, reader=korean, private=False) == "REL KR"
        assert label_of(kit, reader=pole, private=False) != "REL KR"
