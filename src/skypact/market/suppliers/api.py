"""The REST interface under ``/api/v1/submissions``: what vendors submit and editors decide."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from django.http import HttpRequest
from django.urls import reverse
from ninja import Field, File, Query, Router, Schema, Status, UploadedFile
from ninja.security import SessionAuth

from skypact.market.catalogue.report import Report
from skypact.market.core.access import Actor
from skypact.market.suppliers import selectors
from skypact.market.suppliers.actions import (
    LARGEST_UPLOAD,
    MOST_WITHDRAWN,
    Compare,
    Note,
    Outcome,
    ProposeWithdrawal,
    Submit,
    Withdraw,
    upload,
)
from skypact.market.suppliers.deciding import Approve, Return
from skypact.market.suppliers.difference import Difference
from skypact.market.suppliers.models import Submission
from skypact.market.suppliers.steps import acts_of
from skypact.market.suppliers.transitions import State

router = Router(tags=["submissions"], auth=SessionAuth())

Number = Annotated[int, Field(ge=1, le=2**63 - 1)]
Text = Annotated[str, Field("", max_length=5000)]


class ProblemDocument(Schema):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, object]] = []


class SubmissionOut(Schema):
    """A submission and what the caller may do with it."""

    id: int
    vendor: str
    state: str
    created_at: datetime
    compared_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None
    allowed_actions: list[str]
    address: str

    @classmethod
    def of(cls, found: Submission, actor: Actor) -> SubmissionOut:
        """The submission as ``actor`` may handle it."""
        return cls(
            id=found.pk,
            vendor=found.vendor,
            state=str(found.state),
            created_at=found.created_at,
            compared_at=found.compared_at,
            submitted_at=found.submitted_at,
            decided_at=found.decided_at,
            allowed_actions=[act.value for act in acts_of(actor, found)],
            address=reverse("api:submission", args=[found.pk]),
        )


class SubmissionPage(Schema):
    """One page of submissions."""

    total: int
    page: int
    pages: int
    items: list[SubmissionOut]


class EntryOut(Schema):
    """One step of the thread."""

    at: datetime
    author: str
    side: str
    act: str
    text: str


class FileOut(Schema):
    """A file as it came."""

    name: str
    size: int
    sha256: str
    rows: int
    refused: int


class SubmissionDetail(SubmissionOut):
    """A submission with its counts, files and thread."""

    counts: dict[str, int]
    conflicts: list[str]
    """ids whose live record has changed since the comparison; told to who decides"""
    files: list[FileOut]
    thread: list[EntryOut]


class DifferenceOut(Schema):
    """One field that differs, in the caller's language."""

    where: list[str]
    before: str
    after: str
    share: float | None
    mark: str | None

    @classmethod
    def of(cls, found: Difference) -> DifferenceOut:
        """The difference for the interface."""
        mark = None if found.mark is None else found.mark.value
        return cls(where=list(found.where), before=found.before, after=found.after, share=found.share, mark=mark)


class LineOut(Schema):
    """One record of a submission beside what was live."""

    kind: str
    id: str
    name: str
    change: str
    decision: str
    remark: str
    reason: str
    price_rise: float | None
    conflict: bool
    differences: list[DifferenceOut]


class LinePage(Schema):
    """One page of lines."""

    total: int
    page: int
    pages: int
    items: list[LineOut]


class UploadOut(Schema):
    """What became of an upload; without a submission nothing was kept."""

    report: Report
    submission: SubmissionOut | None


class Message(Schema):
    """What one says with an act."""

    message: Text


class Approval(Message):
    """A decision in favour; without ``ids`` of everything that is open."""

    ids: Annotated[list[str], Field(min_length=1, max_length=1000)] | None = None
    reasons: dict[str, str] = {}


class Refusal(Message):
    """A return, with reasons for all or for single listings by id."""

    reasons: dict[str, str] = {}


class Withdrawal(Schema):
    """Listings to withdraw, or with ``relist`` to list again."""

    ids: Annotated[list[str], Field(min_length=1, max_length=MOST_WITHDRAWN)]
    reason: Annotated[str, Field(min_length=1, max_length=2000)]
    relist: bool = False


_ERRORS = {401: ProblemDocument, 403: ProblemDocument, 404: ProblemDocument, 409: ProblemDocument}
_INPUT = {**_ERRORS, 422: ProblemDocument}


@router.get("", response={200: SubmissionPage, **_INPUT}, summary="Submissions that the caller may see")
def submissions(
    request: HttpRequest, vendor: str = "", state: State | None = None, page: Annotated[int, Query(ge=1)] = 1
) -> SubmissionPage:
    """A vendor's people see its own, catalogue editors all that were ever submitted; the latest first."""
    actor = Actor.of_request(request)
    found = selectors.submissions(actor, vendor=vendor[:100], state=state or "", page=str(page))
    items = [SubmissionOut.of(item, actor) for item in found.items]
    return SubmissionPage(total=found.total, page=found.number, pages=found.pages, items=items)


@router.post("", response={201: UploadOut, 200: UploadOut, **_ERRORS, 422: UploadOut | ProblemDocument})
def upload_file(
    request: HttpRequest,
    file: File[UploadedFile],
    keep_good: Annotated[bool, Query(description="keep the good rows and report the others")] = False,
    submission: Annotated[Number | None, Query(description="the submission whose file this one corrects")] = None,
) -> Status[UploadOut]:
    """Checks a file with the caller's listings and keeps it as a draft (201); nothing is kept of a file that says what
    is live already (200) or has refused rows (422)."""
    actor = Actor.of_request(request)
    outcome = upload(
        actor=actor,
        content=file.read(LARGEST_UPLOAD + 1),
        name=file.name or "upload",
        keep_good=keep_good,
        submission_id=submission,
    )
    return Status(_status(outcome), _uploaded(outcome, actor))


def _status(outcome: Outcome) -> HTTPStatus:
    if outcome.submission is not None:
        return HTTPStatus.CREATED
    return HTTPStatus.OK if outcome.nothing_new else HTTPStatus.UNPROCESSABLE_ENTITY


def _uploaded(outcome: Outcome, actor: Actor) -> UploadOut:
    kept = None if outcome.submission is None else SubmissionOut.of(outcome.submission, actor)
    return UploadOut(report=outcome.report, submission=kept)


@router.post("/withdrawals", response={201: SubmissionOut, **_INPUT}, summary="Ask that listings be withdrawn")
def propose_withdrawal(request: HttpRequest, asked: Withdrawal) -> Status[SubmissionOut]:
    """A new draft; it is submitted and decided like any other."""
    actor = Actor.of_request(request)
    act = ProposeWithdrawal(actor=actor, slugs=tuple(asked.ids), reason=asked.reason, relist=asked.relist)
    return Status(HTTPStatus.CREATED, SubmissionOut.of(act.execute(), actor))


@router.get("/{number}", response={200: SubmissionDetail, **_INPUT}, url_name="submission", summary="One submission")
def submission(request: HttpRequest, number: Number) -> SubmissionDetail:
    """State, counts, files and thread."""
    actor = Actor.of_request(request)
    found = selectors.submission(actor, number)
    return SubmissionDetail(
        **SubmissionOut.of(found, actor).dict(),
        counts=selectors.counts(found),
        conflicts=sorted(selectors.conflicts(actor, found)),
        files=[FileOut.from_orm(item.file) for item in selectors.uploads(actor, found)],
        thread=[EntryOut.from_orm(entry) for entry in selectors.thread(found)],
    )


@router.get("/{number}/lines", response={200: LinePage, **_INPUT}, summary="What a submission changes")
def lines(
    request: HttpRequest,
    number: Number,
    view: Annotated[str, Query(pattern=f"^({'|'.join(selectors.VIEWS)})?$")] = "",
    page: Annotated[int, Query(ge=1)] = 1,
) -> LinePage:
    """Each record beside what was live, field by field; without a ``view`` those that change something."""
    actor = Actor.of_request(request)
    found = selectors.submission(actor, number)
    moved = selectors.conflicts(actor, found)
    told = selectors.lines(actor, found, moved=moved, view=view, page=str(page))
    return LinePage(
        total=told.total, page=told.number, pages=told.pages, items=[_line_out(shown) for shown in told.items]
    )


def _line_out(shown: selectors.ShownLine) -> LineOut:
    line = shown.line
    return LineOut(
        kind=line.kind,
        id=line.slug,
        name=line.name,
        change=str(line.change),
        decision=str(line.decision),
        remark=line.remark,
        reason=line.reason,
        price_rise=line.price_rise,
        conflict=shown.conflict,
        differences=[DifferenceOut.of(item) for item in shown.differences],
    )


@router.post("/{number}/submit", response={200: SubmissionOut, **_INPUT}, summary="Submit (vendor)")
def submit(request: HttpRequest, number: Number, said: Message) -> SubmissionOut:
    """Hands it to the catalogue editors."""
    actor = Actor.of_request(request)
    return SubmissionOut.of(Submit(actor=actor, submission_id=number, message=said.message).execute(), actor)


@router.post("/{number}/withdraw", response={200: SubmissionOut, **_INPUT}, summary="Take back (vendor)")
def withdraw(request: HttpRequest, number: Number, said: Message) -> SubmissionOut:
    """The vendor no longer asks for it."""
    actor = Actor.of_request(request)
    return SubmissionOut.of(Withdraw(actor=actor, submission_id=number, message=said.message).execute(), actor)


@router.post("/{number}/note", response={200: SubmissionOut, **_INPUT}, summary="Write a message")
def note(request: HttpRequest, number: Number, said: Message) -> SubmissionOut:
    """Adds to the thread."""
    actor = Actor.of_request(request)
    return SubmissionOut.of(Note(actor=actor, submission_id=number, message=said.message).execute(), actor)


@router.post("/{number}/compare", response={200: SubmissionOut, **_INPUT}, summary="Compare again with what is live")
def compare(request: HttpRequest, number: Number, said: Message) -> SubmissionOut:
    """Lays the open lines beside the present catalogue."""
    actor = Actor.of_request(request)
    return SubmissionOut.of(Compare(actor=actor, submission_id=number, message=said.message).execute(), actor)


@router.post("/{number}/approve", response={200: SubmissionOut, **_INPUT}, summary="Approve (catalogue editor)")
def approve(request: HttpRequest, number: Number, said: Approval) -> SubmissionOut:
    """Takes the listings into the catalogue, all or none; those not named go back with their reasons."""
    actor = Actor.of_request(request)
    slugs = None if said.ids is None else tuple(said.ids)
    act = Approve(actor=actor, submission_id=number, message=said.message, remarks=said.reasons, slugs=slugs)
    return SubmissionOut.of(act.execute(), actor)


@router.post("/{number}/return", response={200: SubmissionOut, **_INPUT}, summary="Return (catalogue editor)")
def return_(request: HttpRequest, number: Number, said: Refusal) -> SubmissionOut:
    """Gives it back with reasons."""
    actor = Actor.of_request(request)
    act = Return(actor=actor, submission_id=number, message=said.message, remarks=said.reasons)
    return SubmissionOut.of(act.execute(), actor)
