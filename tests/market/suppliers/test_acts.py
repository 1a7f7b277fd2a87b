"""Every act in every state by everybody: done exactly where the table of transitions opens the way."""

from itertools import product

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from tests.market.suppliers.samples import ANONYMOUS, MEMBER, editor, file_of, listing, person, stock, vendor

from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.core.models import Event
from skypact.market.suppliers.actions import Compare, Note, ReplaceUpload, Submit, Withdraw
from skypact.market.suppliers.deciding import Approve, Return
from skypact.market.suppliers.models import Entry, Line, Submission, Upload
from skypact.market.suppliers.reading import read
from skypact.market.suppliers.steps import acts_of
from skypact.market.suppliers.transitions import EDGES, Act, Side, State

pytestmark = pytest.mark.django_db

PEOPLE = {
    "seller": Side.VENDOR,
    "seller who is staff": Side.VENDOR,
    "seller who is editor": Side.VENDOR,
    "editor": Side.EDITOR,
    "staff": Side.EDITOR,
    "editor of another vendor": Side.EDITOR,
    "command line": Side.EDITOR,
    "another vendor": None,
    "member": None,
    "anonymous": None,
}
PROPOSAL = listing("acme-radio", category="radio")


def actor(name: str) -> Actor:
    match name:
        case "seller":
            return person()
        case "seller who is staff":
            return person(name, is_staff=True)
        case "seller who is editor":
            return person(name, is_catalogue_editor=True)
        case "editor":
            return editor()
        case "staff":
            return person(name, vendor="", is_staff=True)
        case "editor of another vendor":
            return editor(name, vendor="bolt")
        case "command line":
            return Actor.system("command line")
        case "another vendor":
            return person(name, vendor="bolt")
        case "member":
            return MEMBER
        case _:
            return ANONYMOUS


def reading() -> object:
    return read(person(), "acme", content=file_of(PROPOSAL).read(), name="ours.jsonl")


def submission_in(state: State) -> Submission:
    from skypact.market.suppliers.actions import KeepUpload

    stock(vendor(), vendor("bolt"))
    found = KeepUpload(actor=person(), reading=reading()).execute()
    if state is not State.DRAFT:
        Submit(actor=person(), submission_id=found.pk).execute()
    if state is State.RETURNED:
        Return(actor=editor(), submission_id=found.pk, message="No.").execute()
    if state is State.APPROVED:
        Approve(actor=editor(), submission_id=found.pk).execute()
    if state is State.WITHDRAWN:
        Withdraw(actor=person(), submission_id=found.pk).execute()
    return Submission.objects.get(pk=found.pk)


def do(act: Act, who: Actor, pk: int) -> Submission:
    match act:
        case Act.REPLACE:
            return ReplaceUpload(actor=who, submission_id=pk, reading=reading()).execute()
        case Act.COMPARE:
            return Compare(actor=who, submission_id=pk).execute()
        case Act.SUBMIT:
            return Submit(actor=who, submission_id=pk).execute()
        case Act.WITHDRAW:
            return Withdraw(actor=who, submission_id=pk).execute()
        case Act.NOTE:
            return Note(actor=who, submission_id=pk, message="Hello.").execute()
        case Act.APPROVE:
            return Approve(actor=who, submission_id=pk).execute()
        case _:
            return Return(actor=who, submission_id=pk, message="No.").execute()


def everything() -> list[object]:
    models = (Event, Submission, Line, Entry, Upload)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize(("state", "act"), list(product(State, Act)), ids=str)
def test_done_where_the_way_is_open_and_else_nothing_changes(state: State, act: Act) -> None:
    found = submission_in(state)
    for name, side in PEOPLE.items():
        who = actor(name)
        targets = EDGES[state].get((act, side), frozenset()) if side else frozenset()
        visible = side is Side.VENDOR or (side is Side.EDITOR and found.submitted_at is not None)
        offered = act in acts_of(who, found)
        assert offered == (bool(targets) and visible), name
        if offered:
            continue
        before = everything()
        with pytest.raises((PermissionDenied, StateError, Http404)) as refused:
            do(act, who, found.pk)
        assert refused.type is not Http404 or not visible, name
        assert everything() == before, name


@pytest.mark.parametrize(
    ("state", "act", "side"), [(state, *way) for state, ways in EDGES.items() for way in ways], ids=str
)
def test_open_way_leads_where_the_table_says(state: State, act: Act, side: Side) -> None:
    found = submission_in(state)
    done = do(act, person() if side is Side.VENDOR else editor(), found.pk)
    assert State(done.state) in EDGES[state][act, side]
    assert Entry.objects.last().act == act
    assert Event.objects.last().action == f"suppliers.{act}"
    assert Event.objects.last().object_id == str(found.pk)
