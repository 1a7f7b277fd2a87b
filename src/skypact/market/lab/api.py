"""The REST interface under ``/api/v1/lab``."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, File, Form, Path, Router, Schema, Status, UploadedFile
from ninja.errors import HttpError
from ninja.security import SessionAuth

from skypact import schema
from skypact.conformance import STANDARDS
from skypact.conformance.report import Report, Verdict
from skypact.conformance.signing import SignedStatement
from skypact.conformance.standard import Recording
from skypact.market.catalogue import selectors as catalogue
from skypact.market.catalogue.api import ProblemDocument
from skypact.market.core.access import Actor
from skypact.market.lab import selectors, testing
from skypact.market.lab.actions import AttachResult, WithdrawResult
from skypact.market.lab.badges import due_documents
from skypact.market.lab.due import Why
from skypact.market.lab.forms import MOST_FILES
from skypact.market.lab.keys import own_fingerprint
from skypact.market.lab.models import Result
from skypact.market.lab.places import BusyError, place
from skypact.market.lab.selectors import State
from skypact.schema import InputError
from skypact.schema.base import RELEASE_PATTERN, SHA256_PATTERN

router = Router(tags=["lab"])

Hash = Annotated[str, Path(pattern=SHA256_PATTERN)]


class StandardOut(Schema):
    """A standard that the lab tests."""

    name: str
    title: str
    versions: list[str]
    inputs: str
    rules: int


class LabOut(Schema):
    """What this node's lab tests, and the key with which it signs."""

    fingerprint: str
    standards: list[StandardOut]


class ResultOut(Schema):
    """A result at a listing."""

    sha256: str
    standard: str
    version: str
    verdict: Verdict
    state: State
    firmware: str
    tested_on: date
    valid_until: date | None
    fingerprint: str
    lab: str
    conducted_by: str
    profile: str
    badge: bool = Field(description="whether it holds today as proof: earned, valid, by a believed key")
    denies: bool = Field(description="whether it contradicts a claim today")
    rungs: dict[str, Verdict]
    missing: list[str] = Field(description="what a badge needs and this result lacks: rungs, version, firmware, day")
    release: str

    @classmethod
    def of(cls, badge: selectors.Badge) -> ResultOut:
        """The badge as the interface tells it."""
        row: Result = badge.result
        return cls(
            sha256=row.sha256,
            standard=row.standard,
            version=row.version,
            verdict=Verdict(row.verdict),
            state=badge.state,
            firmware=row.firmware,
            tested_on=row.tested_on,
            valid_until=row.valid_until,
            fingerprint=row.fingerprint,
            lab=badge.lab,
            conducted_by=row.conducted_by,
            profile=row.profile,
            badge=badge.proves,
            denies=badge.denies,
            rungs=row.rungs,
            missing=list(badge.missing),
            release=row.release,
        )


class AttachIn(Schema):
    """A signed statement, and who may see it."""

    statement: SignedStatement
    release: str = Field("PUBLIC", pattern=RELEASE_PATTERN, max_length=200)


_REFUSALS = {
    401: ProblemDocument,
    403: ProblemDocument,
    404: ProblemDocument,
    409: ProblemDocument,
    422: ProblemDocument,
}


@router.get("", response=LabOut, summary="What the lab tests")
def lab(request: HttpRequest) -> LabOut:
    """Standards with their versions, and the fingerprint under which other nodes may trust this one."""
    standards = [
        StandardOut(
            name=one.name, title=one.title, versions=list(one.versions), inputs=one.inputs, rules=len(one.rules)
        )
        for one in STANDARDS.values()
    ]
    return LabOut(fingerprint=own_fingerprint(), standards=standards)


@router.post(
    "/check",
    auth=SessionAuth(),
    response={200: Report, 401: ProblemDocument, 413: ProblemDocument, 422: ProblemDocument},
    summary="Test a recording",
)
def check(
    request: HttpRequest,
    files: File[list[UploadedFile]],
    standard: Form[str],
    claim: Form[str] = "",
) -> Report:
    """The files are one session. Nothing is kept."""
    known = STANDARDS.get(standard)
    if known is None:
        raise InputError.single(
            file="form", place="standard", value=standard, accepted=f"one of {', '.join(STANDARDS)}"
        )
    if claim and claim not in known.versions:
        raise InputError.single(
            file="form", place="claim", value=claim, accepted=f"one of {', '.join(known.versions)}, or nothing"
        )
    if len(files) > MOST_FILES or sum(one.size or 0 for one in files) > testing.MOST_BYTES:
        raise HttpError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "A check takes at most 16 files with 16 MiB together.")
    try:
        recordings = [Recording(one.name or "recording", one.read()) for one in files]
        with place(Actor.of_request(request)):
            return testing.check(standard, recordings, claim or None)
    except (testing.TooMuchError, testing.WrongFileError) as error:
        raise HttpError(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from None
    except BusyError as error:
        raise HttpError(HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from None


class DueOut(Schema):
    """An interface that is to be tested again."""

    listing: str
    standard: str
    version: str
    why: list[Why]
    newer: str
    firmware: str
    result: str = Field(description="SHA-256 of the result that counts most of it today")
    command: str = Field(description="how to record the product live on a machine of its maker")


@router.get(
    "/due", auth=SessionAuth(), response={200: list[DueOut], 401: ProblemDocument}, summary="To be tested again"
)
def due(request: HttpRequest) -> list[DueOut]:
    """Which interfaces of the caller's products are to be tested again, and why; staff see those of all vendors."""
    on = timezone.localdate()
    return [DueOut(**one) for one in due_documents(Actor.of_request(request), on=on)]


@router.get(
    "/ports/{slug}", response={200: list[schema.Port], 404: ProblemDocument}, summary="Ports with what labs say of them"
)
def ports(request: HttpRequest, slug: str) -> list[schema.Port]:
    """The ports of a listing with the results that count today as their evidence, and what tests refute.

    The listing itself (`/catalogue/listings/{slug}`) stays as its vendor wrote it.
    """
    actor, on = Actor.of_request(request), timezone.localdate()
    record = catalogue.listing(actor, slug, on=on).record
    return list(selectors.tested(actor, [record], on=on)[0].ports)


@router.get("/results/{slug}", response={200: list[ResultOut], 404: ProblemDocument}, summary="Results of a listing")
def results(request: HttpRequest, slug: str) -> list[ResultOut]:
    """Those that the caller may see. Only ``valid`` ones that conform prove anything today."""
    actor, on = Actor.of_request(request), timezone.localdate()
    vendor = catalogue.listing(actor, slug, on=on).record.vendor
    return [ResultOut.of(badge) for badge in selectors.of_listing(actor, slug, vendor=vendor, on=on).badges]


@router.get(
    "/results/{slug}/{sha256}",
    response={200: SignedStatement, 404: ProblemDocument, 422: ProblemDocument},
    summary="One signed statement",
)
def result(request: HttpRequest, slug: str, sha256: Hash) -> SignedStatement:
    """The whole report with its signature, as `skypact lab verify` reads it."""
    return selectors.result(Actor.of_request(request), slug, sha256, on=timezone.localdate())[1]


@router.post(
    "/results/{slug}",
    auth=SessionAuth(),
    response={201: ResultOut, **_REFUSALS},
    summary="Attach a signed statement (the listing's vendor, staff)",
)
def attach(request: HttpRequest, slug: str, given: AttachIn) -> Status[ResultOut]:
    """Taken are statements about this listing that a believed key has signed, whatever their verdict."""
    actor = Actor.of_request(request)
    act = AttachResult(actor=actor, slug=slug, document=given.statement.model_dump_json(), release=given.release)
    made = act.execute()
    badge, _ = selectors.result(actor, slug, made.sha256, on=timezone.localdate())
    return Status(HTTPStatus.CREATED, ResultOut.of(badge))


@router.delete(
    "/results/{slug}/{sha256}",
    auth=SessionAuth(),
    response={204: None, **_REFUSALS},
    summary="Withdraw a result",
)
def withdraw(request: HttpRequest, slug: str, sha256: Hash) -> Status[None]:
    """It stays for the vendor and staff, marked. A vendor may not withdraw a result that says no."""
    WithdrawResult(actor=Actor.of_request(request), slug=slug, sha256=sha256).execute()
    return Status(HTTPStatus.NO_CONTENT, None)
