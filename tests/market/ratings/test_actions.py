"""Who may accept, rate, edit, reply and judge; one rating a unit and delivery; denied acts change nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.utils import timezone
from tests.market.catalogue.samples import ANONYMOUS, listing, stock
from tests.market.ratings.samples import (
    DELIVERY,
    STAFF,
    WORDS,
    accepted,
    actor,
    person,
    rated,
    seller,
    soldier,
    stocked,
)

from skypact.market.core import events
from skypact.market.core.access import Actor
from skypact.market.core.actions import Action, StateError
from skypact.market.core.models import Event
from skypact.market.ratings import selectors
from skypact.market.ratings.actions import (
    EditRating,
    JudgeRating,
    RateItem,
    RecordAcceptance,
    ReplyToRating,
    judge,
)
from skypact.market.ratings.models import Acceptance, Judgement, Rating, RatingVersion, ReplyVersion
from skypact.schema import InputError

pytestmark = pytest.mark.django_db

TABLES = (Acceptance, Rating, RatingVersion, ReplyVersion, Judgement, Event)


def counts() -> list[int]:
    return [table.objects.count() for table in TABLES]


def denied(act: Action[Any], error: type[Exception]) -> str:
    """The words with which ``act`` is refused, having changed nothing."""
    before = counts()
    with pytest.raises(error) as refused:
        act.execute()
    assert counts() == before
    return str(refused.value)


@pytest.fixture(autouse=True)
def _stocked() -> None:
    stocked()


def test_staff_record_an_acceptance_with_one_event() -> None:
    before = Event.objects.count()
    found = accepted(organisation="  3rd   Test Squadron ")
    assert (found.organisation, found.quantity, found.recorded_by) == ("3rd Test Squadron", 4, "user:1 staff")
    event = Event.objects.last()
    assert event is not None
    assert Event.objects.count() == before + 1
    assert (event.action, event.object_type, event.object_id) == (
        "ratings.record_acceptance",
        "ratings.acceptance",
        str(found.pk),
    )
    assert event.data["delivery"] == "D-1"
    assert events.verify_chain() == before + 1


@pytest.mark.parametrize("who", [ANONYMOUS, Actor(label="user:7 x", user_id=7, nation="KR", organisation="U")])
def test_nobody_else_records_an_acceptance(who: Actor) -> None:
    denied(RecordAcceptance(actor=who, **DELIVERY), PermissionDenied)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"nation": "Korea"}, "nation"),
        ({"organisation": " "}, "organisation"),
        ({"organisation": "x" * 201}, "organisation"),
        ({"delivery": ""}, "delivery"),
        ({"delivery": "a\0b"}, "delivery"),
        ({"quantity": 0}, "quantity"),
        ({"quantity": 1_000_001}, "quantity"),
        ({"accepted_on": timezone.localdate() + timedelta(days=2)}, "accepted_on"),
        ({"listing": "nothing"}, "listing"),
    ],
)
def test_an_acceptance_that_does_not_fit_is_refused_with_its_place(changes: dict[str, Any], place: str) -> None:
    before = counts()
    with pytest.raises(InputError) as refused:
        accepted(**changes)
    assert [problem.place for problem in refused.value.problems] == [place]
    assert counts() == before


def test_an_acceptance_is_recorded_once() -> None:
    accepted()
    said = denied(RecordAcceptance(actor=STAFF, **{**DELIVERY, "quantity": 9}), StateError)
    assert said == "this unit's acceptance of this delivery is recorded already"
    assert accepted(delivery="D-2").pk


def test_a_unit_rates_what_it_accepted_with_one_event() -> None:
    taken, kim = accepted(), actor(soldier())
    before = Event.objects.count()
    version = RateItem(actor=kim, acceptance=taken.pk, **WORDS).execute()
    assert (version.number, version.score, version.pros, version.release, version.role) == (
        1,
        4,
        "Light.",
        "PUBLIC",
        "military",
    )
    event = Event.objects.last()
    assert event is not None
    assert (Event.objects.count(), event.action) == (before + 1, "ratings.rate")
    assert {name: event.data[name] for name in ("acceptance", "listing", "version", "score", "release")} == {
        "acceptance": taken.pk,
        "listing": "acme-mast",
        "version": 1,
        "score": 4,
        "release": "PUBLIC",
    }


@pytest.mark.parametrize(
    "who",
    [
        {},
        {"nation": "KR"},
        {"organisation": "3rd Test Squadron"},
        {"nation": "US", "organisation": "3rd Test Squadron"},
        {"nation": "KR", "organisation": "4th Test Squadron"},
        {"is_staff": True},
    ],
)
def test_nobody_rates_what_the_own_unit_did_not_accept(who: dict[str, Any]) -> None:
    taken = accepted()
    denied(RateItem(actor=actor(person("x", **who)), acceptance=taken.pk, **WORDS), Http404)
    denied(RateItem(actor=ANONYMOUS, acceptance=taken.pk, **WORDS), Http404)


def test_nobody_rates_what_he_sells() -> None:
    taken = accepted()
    both = person("both", nation="KR", organisation="3rd Test Squadron", role="military", vendor="acme")
    said = denied(RateItem(actor=actor(both), acceptance=taken.pk, **WORDS), PermissionDenied)
    assert said == "Nobody rates what he sells himself."


def test_a_delivery_is_rated_once_by_whomever_of_the_unit() -> None:
    taken = accepted()
    RateItem(actor=actor(soldier()), acceptance=taken.pk, **WORDS).execute()
    said = denied(RateItem(actor=actor(soldier("lee")), acceptance=taken.pk, **WORDS), StateError)
    assert said == "your unit has rated this delivery already: edit that rating"


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"score": 0}, "score"),
        ({"score": 6}, "score"),
        ({"pros": "", "cons": " "}, "pros"),
        ({"pros": "x" * 2_001}, "pros"),
        ({"conditions": "a\0"}, "conditions"),
        ({"release": "REL kr"}, "release"),
        ({"release": "REL KR" + ",US" * 80}, "release"),
    ],
)
def test_words_that_do_not_fit_are_refused_with_their_place(changes: dict[str, Any], place: str) -> None:
    taken, kim = accepted(), actor(soldier())
    before = counts()
    with pytest.raises(InputError) as refused:
        RateItem(actor=kim, acceptance=taken.pk, **{**WORDS, **changes}).execute()
    assert [problem.place for problem in refused.value.problems] == [place]
    assert counts() == before


def test_an_edit_is_a_further_version_and_the_first_stays() -> None:
    kim = soldier()
    identifier = rated(kim)
    EditRating(actor=actor(kim), rating=identifier, seen_version=1, **{**WORDS, "score": 2}).execute()
    assert list(RatingVersion.objects.values_list("number", "score")) == [(1, 4), (2, 2)]
    event = Event.objects.last()
    assert event is not None
    assert (event.action, event.data["version"], event.data["score"]) == ("ratings.edit", 2, 2)


def test_an_edit_that_changes_nothing_or_comes_late_is_refused() -> None:
    kim = soldier()
    identifier = rated(kim)
    same = EditRating(actor=actor(kim), rating=identifier, seen_version=1, **WORDS)
    assert denied(same, StateError) == "nothing was changed"
    late = EditRating(actor=actor(kim), rating=identifier, seen_version=0, **{**WORDS, "score": 1})
    assert denied(late, StateError) == "somebody of your unit edited this rating meanwhile: open it again"


def test_nobody_else_edits_a_rating() -> None:
    identifier = rated(soldier(), ago=40)
    change = {**WORDS, "score": 1}
    for who in (STAFF, ANONYMOUS, actor(soldier("lee", "Other")), actor(seller())):
        denied(EditRating(actor=who, rating=identifier, seen_version=1, **change), PermissionDenied)
    denied(EditRating(actor=STAFF, rating=identifier + 1, seen_version=1, **change), Http404)


def test_the_vendor_replies_and_words_it_otherwise() -> None:
    identifier, sam = rated(soldier()), actor(seller())
    ReplyToRating(actor=sam, rating=identifier, text=" Thank you. ").execute()
    ReplyToRating(actor=sam, rating=identifier, text="A stiffer pole is coming.").execute()
    assert list(ReplyVersion.objects.values_list("number", "vendor", "text")) == [
        (1, "acme", "Thank you."),
        (2, "acme", "A stiffer pole is coming."),
    ]
    event = Event.objects.last()
    assert event is not None
    assert (event.action, event.data["vendor"], event.data["version"]) == ("ratings.reply", "acme", 2)
    again = ReplyToRating(actor=sam, rating=identifier, text="A stiffer pole is coming.")
    assert denied(again, StateError) == "nothing was changed"


def test_nobody_else_replies() -> None:
    kim = soldier()
    identifier = rated(kim, ago=40)
    for who in (STAFF, ANONYMOUS, actor(kim), actor(person("o", vendor="other"))):
        denied(ReplyToRating(actor=who, rating=identifier, text="No."), PermissionDenied)


@pytest.mark.parametrize("text", ["", "  ", "x" * 2_001, "a\0"])
def test_a_reply_that_does_not_fit_is_refused(text: str) -> None:
    denied(ReplyToRating(actor=actor(seller()), rating=rated(soldier()), text=text), InputError)


def test_a_person_says_once_whether_it_was_useful_and_may_change_it() -> None:
    identifier, lee = rated(soldier()), actor(soldier("lee", "Other"))
    before = Event.objects.count()
    judge(actor=lee, rating=identifier, useful=True)
    judge(actor=lee, rating=identifier, useful=True)
    assert Event.objects.count() == before + 1
    judge(actor=lee, rating=identifier, useful=False)
    assert list(Judgement.objects.values_list("person", "useful")) == [(lee.user_id, False)]
    assert Event.objects.count() == before + 2


def test_who_wrote_it_who_sells_and_who_is_nobody_do_not_judge() -> None:
    kim = soldier()
    identifier = rated(kim, ago=40)
    for who in (ANONYMOUS, actor(kim), actor(soldier("park")), actor(seller())):
        denied(JudgeRating(actor=who, rating=identifier, useful=True), PermissionDenied)


def test_what_one_may_not_see_is_not_there_to_act_on() -> None:
    identifier = rated(soldier(), release="REL KR")
    us = actor(soldier("lee", "Other", nation="US"))
    assert denied(JudgeRating(actor=us, rating=identifier, useful=True), Http404) == f"There is no rating {identifier}."
    stock(listing("acme-secret", release="REL KR"))
    taken = accepted(listing="acme-secret", organisation="Other", nation="US")
    denied(RateItem(actor=us, acceptance=taken.pk, **WORDS), Http404)


@pytest.mark.parametrize(("table", "changes"), [(RatingVersion, {"score": 5}), (ReplyVersion, {"text": "Never said."})])
def test_the_database_keeps_what_was_said(table: type[RatingVersion], changes: dict[str, Any]) -> None:
    identifier = rated(soldier())
    ReplyToRating(actor=actor(seller()), rating=identifier, text="Thank you.").execute()
    for change in (lambda: table.objects.update(**changes), lambda: table.objects.all()._raw_delete("default")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert table.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_ratings_at_once_one_is_taken() -> None:
    taken, kim, lee = accepted(), actor(soldier()), actor(soldier("lee"))
    start = Barrier(2)

    def rate(who: Actor) -> str:
        start.wait(timeout=600)
        try:
            RateItem(actor=who, acceptance=taken.pk, **WORDS).execute()
        except StateError:
            return "refused"
        finally:
            connection.close()
        return "taken"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(rate, (kim, lee))) == ["refused", "taken"]
    assert (Rating.objects.count(), RatingVersion.objects.count()) == (1, 1)
    assert Event.objects.filter(action="ratings.rate").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_edits_at_once_one_is_taken() -> None:
    kim = soldier()
    identifier, start = rated(kim), Barrier(2)

    def edit(score: int) -> str:
        start.wait(timeout=600)
        try:
            words = {**WORDS, "score": score}
            EditRating(actor=actor(kim), rating=identifier, seen_version=1, **words).execute()
        except StateError:
            return "refused"
        finally:
            connection.close()
        return "taken"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(edit, (1, 2))) == ["refused", "taken"]
    assert RatingVersion.objects.count() == 2


def test_a_unit_sees_what_it_may_still_rate() -> None:
    kim = soldier()
    accepted()
    assert [row.delivery for row in selectors.ratings(actor(kim), "acme-mast").to_rate] == ["D-1"]
    rated(kim)
    assert [row.delivery for row in selectors.ratings(actor(kim), "acme-mast").to_rate] == ["D-1"]
    RateItem(actor=actor(kim), acceptance=Acceptance.objects.get(delivery="D-1").pk, **WORDS).execute()
    assert selectors.ratings(actor(kim), "acme-mast").to_rate == []
