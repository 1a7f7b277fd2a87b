"""Approval takes all of what was seen or nothing; returns carry reasons; of two at once one wins."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from tests.market.catalogue.samples import STAFF, claim
from tests.market.suppliers.samples import (
    draft,
    editor,
    evidence,
    listing,
    offer,
    person,
    sent,
    stock,
    submitted,
    vendor,
)

from skypact.market.catalogue.actions import EditListing
from skypact.market.catalogue.kept import document_of
from skypact.market.catalogue.models import Listing, Revision, Vendor
from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.core.events import verify_chain
from skypact.market.core.models import Event
from skypact.market.suppliers import selectors
from skypact.market.suppliers.actions import Compare, ProposeWithdrawal, Submit, Withdraw
from skypact.market.suppliers.deciding import Approve, ConflictError, Return
from skypact.market.suppliers.models import Line, Submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def stocked() -> None:
    stock(vendor(), vendor("bolt"), listing("acme-mast", offers=[offer("100")]), listing("acme-pole"))


def approve(found: Submission, actor: Actor | None = None, **options: Any) -> Submission:
    return Approve(actor=actor or editor(), submission_id=found.pk, **options).execute()


def decisions(found: Submission) -> dict[str, str]:
    return dict(found.lines.values_list("slug", "decision"))


def live(slug: str = "acme-mast") -> str:
    return Listing.objects.get(slug=slug).record.summary


@pytest.mark.usefixtures("stocked")
def test_approval_brings_the_lines_into_the_catalogue_by_one_import() -> None:
    found = submitted(
        vendor(website="https://acme.example"),
        listing("acme-mast", summary="Better."),
        listing("acme-rod"),
        listing("acme-pole"),
    )
    done = approve(found, message="Thank you.")
    assert (done.state, done.decided_by) == ("approved", editor().label)
    assert live() == "Better."
    assert Listing.objects.filter(slug="acme-rod").exists()
    assert Vendor.objects.get(slug="acme").record.website == "https://acme.example"
    assert decisions(found) == {"acme": "approved", "acme-mast": "approved", "acme-rod": "approved", "acme-pole": ""}
    imported, approved = Event.objects.order_by("-sequence")[:2][::-1]
    assert (imported.action, imported.actor) == ("catalogue.import", editor().label)
    assert imported.data["file"] == f"submission {found.pk}"
    assert (imported.data["listings_new"], imported.data["listings_changed"], imported.data["vendors_changed"]) == (
        1,
        1,
        1,
    )
    assert (approved.action, approved.object_id) == ("suppliers.approve", str(found.pk))
    assert (approved.data["message"], approved.data["lines"]) == ("Thank you.", {"changed": 2, "new": 1})
    assert verify_chain() == Event.objects.count()


@pytest.mark.usefixtures("stocked")
def test_feed_hears_of_each_item() -> None:
    from skypact.market.federation.models import Change

    before = Change.objects.count()
    approve(submitted(listing("acme-mast", summary="Better."), listing("acme-rod")))
    told = Change.objects.order_by("sequence").values_list("slug", "audience__kind")[before:]
    assert sorted(told) == [("acme-mast", "changed"), ("acme-rod", "new")]


@pytest.mark.usefixtures("stocked")
def test_chosen_listings_are_taken_and_the_others_returned_with_their_reasons() -> None:
    found = submitted(listing("acme-mast", summary="Better."), listing("acme-rod"), listing("acme-bar"))
    done = approve(found, slugs=("acme-mast",), remarks={"acme-rod": "What is it?"}, message="The rest is unclear.")
    assert done.state == "returned"
    assert decisions(found) == {"acme-mast": "approved", "acme-rod": "returned", "acme-bar": "returned"}
    assert found.lines.get(slug="acme-rod").remark == "What is it?"
    assert not Listing.objects.filter(slug="acme-rod").exists()
    sent(listing("acme-rod", summary="A rod."), submission_id=found.pk)
    Submit(actor=person(), submission_id=found.pk, message="Now told.").execute()
    assert decisions(found) == {"acme-mast": "approved", "acme-rod": ""}
    assert approve(found).state == "approved"
    assert live("acme-rod") == "A rod."
    assert live() == "Better."
    said = list(found.entries.values_list("side", "act", "text"))
    assert said == [
        ("vendor", "upload", ""),
        ("vendor", "submit", "Please take it."),
        ("editor", "approve", "The rest is unclear."),
        ("vendor", "replace", ""),
        ("vendor", "submit", "Now told."),
        ("editor", "approve", ""),
    ]


def refused(found: Submission, told: str, **options: Any) -> None:
    before = (Event.objects.count(), Revision.objects.count(), list(Line.objects.values()))
    with pytest.raises(StateError, match=told):
        approve(found, **options)
    assert (Event.objects.count(), Revision.objects.count(), list(Line.objects.values())) == before
    assert Submission.objects.get(pk=found.pk).state == "submitted"


@pytest.mark.usefixtures("stocked")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"slugs": ()}, "^choose among the open listings of this submission, not nothing$"),
        ({"slugs": ("bolt-mast",)}, "^choose among the open listings of this submission, not bolt-mast$"),
        ({"slugs": ("acme-pole",)}, "not acme-pole$"),
        (
            {"slugs": ("acme-mast",)},
            "^say why acme-rod is not approved, in its own reason or in the message$",
        ),
        ({"remarks": {"acme-pole": "No."}}, "^this submission asks for no change of acme-pole$"),
    ],
)
def test_choice_that_does_not_fit(options: dict[str, Any], message: str) -> None:
    found = submitted(listing("acme-mast", summary="Better."), listing("acme-rod"), listing("acme-pole"))
    refused(found, message, **options)


def edit(slug: str = "acme-mast", **changes: Any) -> None:
    row = Listing.objects.get(slug=slug)
    document = document_of(listing(slug, **changes))
    EditListing(actor=STAFF, slug=slug, document=document, seen_digest=row.digest).execute()


@pytest.mark.usefixtures("stocked")
def test_nothing_is_written_over_unseen() -> None:
    found = submitted(listing("acme-mast", summary="Better."), listing("acme-rod"), listing("acme-bar"))
    edit(summary="Edited meanwhile.")
    stock(vendor(), listing("acme-rod", summary="Imported meanwhile."))
    with pytest.raises(ConflictError) as conflict:
        approve(found)
    assert sorted(conflict.value.slugs) == ["acme-mast", "acme-rod"]
    refused(found, r"^2 listings have changed in the catalogue since submission \d+ was compared with it: acme-")
    assert live() == "Edited meanwhile."
    assert not Listing.objects.filter(slug="acme-bar").exists()
    Compare(actor=editor(), submission_id=found.pk).execute()
    assert dict(found.lines.values_list("slug", "change")) == {
        "acme-mast": "changed",
        "acme-rod": "changed",
        "acme-bar": "new",
    }
    assert approve(found).state == "approved"
    assert (live(), live("acme-rod")) == ("Better.", "A thing.")


@pytest.mark.usefixtures("stocked")
def test_conflict_holds_up_only_the_listings_it_touches() -> None:
    found = submitted(listing("acme-mast", summary="Better."), listing("acme-bar"))
    edit(summary="Edited meanwhile.")
    done = approve(found, slugs=("acme-bar",), message="The mast has changed.")
    assert done.state == "returned"
    assert decisions(found) == {"acme-mast": "returned", "acme-bar": "approved"}


@pytest.mark.usefixtures("stocked")
def test_reference_that_is_not_taken_along_stops_all() -> None:
    found = submitted(listing("acme-rod"), listing("acme-bar", substitutes=["acme-rod"]), listing("acme-nut"))
    refused(
        found,
        "^the listing acme-bar cannot be taken: substitutes 'acme-rod': there is no such listing",
        slugs=("acme-bar", "acme-nut"),
        message="Not the rod.",
    )


def test_hidden_claims_survive_what_their_vendor_writes() -> None:
    stock(vendor(), listing(mass=[claim(10, "kg"), claim(9, "kg", release="REL US", grade="documented")]))
    approve(submitted(listing(mass=[claim(12, "kg")])), actor=editor("chief", is_staff=True))
    assert [(item.value, item.release) for item in Listing.objects.get().record.mass] == [(12, "PUBLIC"), (9, "REL US")]


def test_hidden_source_of_a_vendor_survives_its_own_words_and_is_shown_to_nobody_else() -> None:
    closed = evidence(release="REL US")
    stock(vendor(evidence=[evidence(), closed]))
    found = submitted(vendor(name="Acme New"))
    page = selectors.lines(person(), found, moved=())
    assert [(item.before, item.after) for item in page.items[0].differences] == [("Acme", "Acme New")]
    refused(found, "^the listing acme carries what you may not read; somebody who may must decide on it$")
    approve(found, actor=editor("chief", is_staff=True))
    assert [item.release for item in Vendor.objects.get().record.evidence] == ["PUBLIC", "REL US"]
    assert sent(vendor(name="Acme New")).nothing_new


def test_editor_decides_only_on_what_he_may_read() -> None:
    stock(vendor(), listing(mass=[claim(9, "kg", release="REL US")]))
    found = submitted(listing(summary="Better."))
    refused(found, "^the listing acme-mast carries what you may not read; somebody who may must decide on it$")
    assert approve(found, actor=editor("lee", nation="US")).state == "approved"


@pytest.mark.usefixtures("stocked")
def test_withdrawing_and_listing_again() -> None:
    found = ProposeWithdrawal(actor=person(), slugs=("acme-mast",), reason="Out of production.").execute()
    Submit(actor=person(), submission_id=found.pk).execute()
    assert Listing.objects.get(slug="acme-mast").withdrawn is None
    approve(found)
    assert Listing.objects.get(slug="acme-mast").withdrawn is not None
    event = Event.objects.get(action="catalogue.withdraw_listing")
    assert (event.actor, event.data["reason"]) == (editor().label, "Out of production.")
    again = ProposeWithdrawal(actor=person(), slugs=("acme-mast",), reason="Made again.", relist=True).execute()
    Submit(actor=person(), submission_id=again.pk).execute()
    approve(again)
    assert Listing.objects.get(slug="acme-mast").withdrawn is None


@pytest.mark.usefixtures("stocked")
@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"slugs": ()}, "^name 1 to 200 listings, not 0$"),
        ({"slugs": ("acme-mast",), "reason": " "}, "^say why, in at most 2000 characters of plain text$"),
        ({"slugs": ("acme-mast", "bolt-mast")}, "^there is no listing bolt-mast of acme$"),
        ({"slugs": ("acme-mast",), "relist": True}, "^the listing acme-mast is not withdrawn$"),
    ],
)
def test_withdrawal_that_does_not_fit(options: dict[str, Any], message: str) -> None:
    stock(vendor("bolt"), listing("bolt-mast", vendor="bolt"))
    events = Event.objects.count()
    with pytest.raises(StateError, match=message):
        ProposeWithdrawal(actor=person(), **{"reason": "So.", **options}).execute()
    assert (Submission.objects.count(), Event.objects.count()) == (0, events)


@pytest.mark.usefixtures("stocked")
def test_return_needs_a_reason() -> None:
    found = submitted(listing("acme-rod"))
    with pytest.raises(StateError, match="^say why: in the message, or as the reason of single listings$"):
        Return(actor=editor(), submission_id=found.pk, message=" ", remarks={"acme-rod": " "}).execute()
    assert Submission.objects.get().state == "submitted"
    Return(actor=editor(), submission_id=found.pk, remarks={"acme-rod": "Which rod?"}).execute()
    assert (Submission.objects.get().state, found.lines.get().remark) == ("returned", "Which rod?")
    assert Event.objects.last().data["reasons"] == {"acme-rod": "Which rod?"}


@pytest.mark.usefixtures("stocked")
def test_nobody_approves_what_his_own_vendor_submits() -> None:
    found = submitted(listing("acme-rod"))
    with pytest.raises(PermissionDenied, match="may not approve a submission of acme$"):
        approve(found, actor=person("both", is_staff=True))
    assert Submission.objects.get().state == "submitted"


def at_once(*acts: Callable[[], object]) -> list[str]:
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        try:
            start.wait(timeout=600)
            act()
            return "done"
        except StateError as error:
            return str(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("stocked")
def test_two_editors_at_once_and_only_one_approves() -> None:
    found = submitted(listing("acme-rod"))
    one, two = editor("one"), editor("two")
    results = at_once(lambda: approve(found, one), lambda: approve(found, two))
    winner = Submission.objects.get().decided_by.partition(" ")[2]
    told = f"submission {found.pk} was approved by {winner} already: nothing is left to do"
    assert results == ["done", told]
    assert Event.objects.filter(action="suppliers.approve").count() == 1
    assert Event.objects.filter(action="catalogue.import").count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("stocked")
def test_vendor_takes_back_while_the_editor_approves() -> None:
    found = submitted(listing("acme-rod"))
    seller, chief = person(), editor()
    results = at_once(lambda: approve(found, chief), Withdraw(actor=seller, submission_id=found.pk).execute)
    state = Submission.objects.get().state
    told = "has taken submission" if state == "withdrawn" else "was approved by editor already"
    assert [told in text for text in results if text != "done"] == [True]
    assert Listing.objects.filter(slug="acme-rod").exists() == (state == "approved")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("stocked")
def test_edit_and_approval_at_once_never_lose_the_edit_unseen() -> None:
    found = submitted(listing("acme-mast", summary="Better."))
    chief = editor()
    results = at_once(lambda: approve(found, chief), lambda: edit(summary="Edited meanwhile."))
    assert "done" in results
    told = next((text for text in results if text != "done"), "both")
    if Submission.objects.get().state == "approved":  # the edit came second: refused, or begun after the approval
        assert "was changed by somebody else meanwhile" in told or (told, live()) == ("both", "Edited meanwhile.")
    else:
        assert (live(), "1 listing has changed in the catalogue" in told) == ("Edited meanwhile.", True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("stocked")
def test_two_submissions_of_one_listing_approved_at_once() -> None:
    first, second = submitted(listing("acme-rod", summary="One.")), submitted(listing("acme-rod", summary="Two."))
    chief = editor()
    results = at_once(lambda: approve(first, chief), lambda: approve(second, chief))
    assert results[1] == "done"
    assert results[0].startswith("1 listing has changed in the catalogue since submission")
    assert Event.objects.filter(action="suppliers.approve").count() == 1


@pytest.mark.usefixtures("stocked")
def test_draft_compared_again_follows_what_is_live() -> None:
    found = draft(listing("acme-mast", summary="Better."), listing("acme-rod", evidence=[evidence()]))
    stock(vendor(), listing("acme-mast", summary="Better."))
    Compare(actor=person(), submission_id=found.pk).execute()
    assert dict(found.lines.values_list("slug", "change")) == {"acme-mast": "unchanged", "acme-rod": "new"}
