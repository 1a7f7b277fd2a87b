"""Who sees which ratings: release labels, buyers first, counts over what is seen."""

import pytest
from django.http import Http404
from tests.market.catalogue.samples import ANONYMOUS, MEMBER, listing, stock
from tests.market.ratings.samples import (
    STAFF,
    UNIT,
    WORDS,
    actor,
    days_ago,
    person,
    rated,
    seller,
    soldier,
    stocked,
)

from skypact.market.core.access import Actor
from skypact.market.ratings import selectors
from skypact.market.ratings.actions import EditRating, ReplyToRating, judge

pytestmark = pytest.mark.django_db

SLUG = "acme-mast"


@pytest.fixture(autouse=True)
def _stocked() -> None:
    stocked()


def scores(who: Actor) -> list[int]:
    return [item.version.score for item in selectors.ratings(who, SLUG).items]


def edited(user: object, identifier: int, *, ago: int = 0, seen: int = 1, **words: object) -> None:
    with days_ago(ago):
        act = EditRating(actor=actor(user), rating=identifier, seen_version=seen, **{**WORDS, **words})  # type: ignore[arg-type]
        act.execute()


def test_unrated_is_unrated() -> None:
    found = selectors.ratings(ANONYMOUS, SLUG)
    assert (found.count, found.mean, found.items) == (0, None, [])
    assert found.distribution == {5: 0, 4: 0, 3: 0, 2: 0, 1: 0}


def test_mean_count_and_distribution_are_over_all_ratings_seen() -> None:
    for name, score in (("a", 5), ("b", 4), ("c", 4), ("d", 1)):
        rated(soldier(name, f"Unit {name}"), ago=31, score=score)
    found = selectors.ratings(ANONYMOUS, SLUG)
    assert (found.count, found.mean) == (4, 3.5)
    assert found.distribution == {5: 1, 4: 2, 3: 0, 2: 0, 1: 1}


def test_buyers_see_a_rating_before_the_public() -> None:
    kim = soldier()
    identifier = rated(kim, ago=29)
    early = [
        STAFF,
        actor(kim),
        actor(soldier("lee", "Other", nation="US")),
        actor(person("police", nation="KR", role="police")),
        actor(seller()),
    ]
    late = [
        ANONYMOUS,
        MEMBER,
        actor(person("nation", nation="KR")),
        actor(person("role", role="military")),
        actor(person("other", vendor="other")),
    ]
    assert [scores(who) for who in early] == [[4]] * 5
    assert [scores(who) for who in late] == [[]] * 5
    assert [selectors.ratings(who, SLUG).mean for who in late] == [None] * 5
    for who in late:
        with pytest.raises(Http404):
            selectors.rating(who, identifier)


def test_the_public_sees_each_version_when_its_time_has_come() -> None:
    kim = soldier()
    identifier = rated(kim, ago=40, score=5)
    edited(kim, identifier, ago=10, score=1)
    assert (scores(ANONYMOUS), scores(STAFF)) == ([5], [1])
    assert selectors.rating(ANONYMOUS, identifier).edited is False
    assert selectors.rating(STAFF, identifier).edited is True


def test_the_embargo_is_a_setting(settings: object) -> None:
    rated(soldier(), ago=5)
    assert scores(ANONYMOUS) == []
    settings.RATINGS_EMBARGO_DAYS = 5  # type: ignore[attr-defined]
    assert scores(ANONYMOUS) == [4]


def test_the_label_decides_who_sees_a_rating() -> None:
    identifier = rated(soldier(), ago=40, release="REL KR")
    korean, american = actor(soldier("lee", "Other")), actor(soldier("joe", "Other", nation="US"))
    assert (scores(korean), scores(american), scores(ANONYMOUS), scores(MEMBER)) == ([4], [], [], [])
    with pytest.raises(Http404):
        selectors.rating(american, identifier)


def test_a_narrower_label_takes_effect_at_once() -> None:
    kim = soldier()
    identifier = rated(kim, ago=40)
    assert scores(ANONYMOUS) == [4]
    edited(kim, identifier, release="REL KR")
    assert scores(ANONYMOUS) == []


def test_the_unit_sees_its_own_rating_whatever_the_label() -> None:
    kim = soldier()
    rated(kim, release="REL US")
    assert scores(actor(kim)) == [4]


def test_a_reply_is_for_buyers_first_too() -> None:
    identifier = rated(soldier(), ago=40)
    ReplyToRating(actor=actor(seller()), rating=identifier, text="Thank you.").execute()
    assert selectors.rating(ANONYMOUS, identifier).reply is None
    found = selectors.rating(STAFF, identifier).reply
    assert found is not None
    assert found.text == "Thank you."


def test_the_name_of_the_unit_is_for_staff_and_the_unit() -> None:
    kim = soldier()
    identifier = rated(kim, ago=40)
    others = (ANONYMOUS, actor(soldier("lee", "Other")), actor(seller()))
    assert [selectors.rating(who, identifier).organisation for who in others] == ["", "", ""]
    assert [selectors.rating(who, identifier).organisation for who in (STAFF, actor(kim))] == [UNIT, UNIT]


def test_history_is_for_staff_and_the_unit() -> None:
    kim = soldier()
    identifier = rated(kim, ago=40)
    edited(kim, identifier, score=1)
    for who in (STAFF, actor(kim)):
        assert [version.score for version in selectors.history(who, identifier).versions] == [4, 1]
    for who in (ANONYMOUS, actor(seller()), actor(soldier("lee", "Other"))):
        with pytest.raises(Http404):
            selectors.history(who, identifier)


def test_usefulness_is_counted_and_the_own_word_is_known() -> None:
    identifier = rated(soldier())
    lee, joe = actor(soldier("lee", "Other")), actor(soldier("joe", "Third"))
    judge(actor=lee, rating=identifier, useful=True)
    judge(actor=joe, rating=identifier, useful=False)
    found = selectors.rating(lee, identifier)
    assert (found.useful, found.not_useful, found.judged) == (1, 1, True)
    assert selectors.rating(STAFF, identifier).judged is None


def test_ratings_of_a_hidden_listing_are_hidden() -> None:
    stock(listing("acme-secret", release="REL KR"))
    with pytest.raises(Http404):
        selectors.ratings(ANONYMOUS, "acme-secret")


def test_acceptances_are_for_staff_and_the_unit() -> None:
    kim = soldier()
    rated(kim)
    assert [row.delivery for row in selectors.acceptances(actor(kim))] == ["D-1"]
    assert [row.delivery for row in selectors.acceptances(STAFF)] == ["D-1"]
    for who in (ANONYMOUS, MEMBER, actor(soldier("lee", "Other")), actor(soldier("joe", UNIT, nation="US"))):
        assert list(selectors.acceptances(who)) == []


def test_statements_do_not_grow_with_the_ratings(django_assert_num_queries: object) -> None:
    for number in range(5):
        rated(soldier(f"p{number}", f"Unit {number}"), ago=40)
    with django_assert_num_queries(4):  # type: ignore[operator]
        selectors.of_listing(ANONYMOUS, SLUG, vendor="acme")
