"""The REST interface under ``/api/v1/catalogue``."""

from __future__ import annotations

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, BinaryIO, Literal, cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from ninja import Field, File, Query, Router, Schema, Status, UploadedFile
from ninja.errors import HttpError
from ninja.security import SessionAuth
from pydantic import BaseModel, create_model
from pydantic_core import to_json

from skypact import schema
from skypact.exchange.catalogue import Foreign, Format
from skypact.market.catalogue import comparing, presentation, selectors, states, versions
from skypact.market.catalogue.actions import import_file
from skypact.market.catalogue.exporting import bundle_chunks, chunks
from skypact.market.catalogue.facts import FACETS, NAMES, NUMBERS
from skypact.market.catalogue.forms import EXAMPLES, read_filters
from skypact.market.catalogue.narrowing import quantity_text
from skypact.market.catalogue.report import Report
from skypact.market.core.access import Actor
from skypact.market.core.problems import ProblemDocument
from skypact.market.federation import selectors as federation
from skypact.market.federation.models import Kind, Subject
from skypact.market.prices.findings import Finding
from skypact.market.prices.selectors import PriceHistory
from skypact.market.prices.selectors import history as price_history

router = Router(tags=["catalogue"])

Values = Annotated[list[str], Field(default_factory=list, max_length=50)]
Bound = Annotated[str, Field(max_length=40)]


class _Asked(Schema):
    """What to look for; values of one facet are alternatives, numbers are written with or without their unit."""

    q: str = Field("", max_length=500)
    sort: Literal[("", *selectors.SORTS)] = ""  # type: ignore[valid-type]  # the orders there are

    def filters(self) -> selectors.Filters:
        """The same for the selectors. Raises InputError for a bound that is no quantity."""
        given = self.dict()
        filters, problems = read_filters(lambda name: given[name] if name in FACETS else [given[name]])
        if problems:
            raise schema.InputError(problems)
        return filters


_FACETS = dict.fromkeys(FACETS, (Values, ...))
_BOUNDS = {
    f"{name}_{end}": (Bound, Field("", description=f"{word} of {name}, such as {EXAMPLES[name]}"))
    for name in NUMBERS
    for end, word in (("min", "least value"), ("max", "greatest value"))
}
Search = create_model("Search", __base__=_Asked, **_FACETS, **_BOUNDS)  # type: ignore[call-overload]


class PagedSearch(Search):  # type: ignore[misc, valid-type]
    """A search and which page of it, by its number or by the cursor of the page before."""

    page: int = Field(1, ge=1, le=10_000_000)
    page_size: int = Field(25, ge=1, le=100)
    cursor: str = Field("", max_length=400, description="`next` of the page before; goes before `page`")


class Figure(BaseModel):
    """One attribute of a listing with the claim to rely on; ``value`` null is unknown."""

    attribute: str
    detail: str = ""
    value: float | str | bool | None = Field(None, union_mode="left_to_right")
    unit: str | None = None
    grade: schema.Grade | None = None
    source: schema.Source | None = None
    observed: date | None = None
    expires: date | None = None

    @classmethod
    def of(cls, attribute: presentation.Attribute) -> Figure:
        """The figure that ``attribute`` shows."""
        if attribute.best is None:
            return cls(attribute=attribute.key, detail=attribute.detail)
        claim = attribute.best.claim
        return cls(
            attribute=attribute.key,
            detail=attribute.detail,
            value=claim.value,
            unit=claim.unit.value if claim.unit else None,
            grade=claim.grade,
            source=claim.source,
            observed=claim.observed,
            expires=claim.expires,
        )


class Card(BaseModel):
    """A listing in a list."""

    id: str
    name: str
    name_ko: str | None
    vendor: str
    vendor_name: str
    nation: str
    category: schema.Category
    synthetic: bool
    summary: str
    summary_ko: str | None
    figures: list[Figure]
    price_flags: list[Finding] = Field(description="rises, offers added later, changed currencies of the set time")

    @classmethod
    def of(cls, seen: selectors.SeenCard) -> Card:
        """The card of ``seen``."""
        record = seen.record
        return cls(
            id=record.id,
            name=record.name,
            name_ko=record.name_ko,
            vendor=record.vendor,
            vendor_name=seen.vendor.name,
            nation=seen.vendor.nation,
            category=record.category,
            synthetic=record.synthetic,
            summary=record.summary,
            summary_ko=record.summary_ko,
            figures=[Figure.of(item) for item in record.figures],
            price_flags=list(seen.flags),
        )


class FacetCount(BaseModel):
    """How many of the listings found have a value."""

    value: str
    name: str
    count: int


class BinCount(BaseModel):
    """How many of the listings found have a number from ``low`` to less than ``high``; null is open."""

    low: float | None
    high: float | None
    count: int


class NumberCounts(BaseModel):
    """How a number is spread over the listings found."""

    unit: str
    known: int
    bins: list[BinCount]


class Correction(BaseModel):
    """A word that nothing contains, and what was looked for instead."""

    word: str
    instead: list[str]


class SearchCounts(BaseModel):
    """How many listings a search finds, and how many of them have which value."""

    revision: str = Field(description="another one exactly when something changes that the caller may see")
    total: int
    facets: dict[str, list[FacetCount]]
    numbers: dict[str, NumberCounts]


class SearchPage(BaseModel):
    """One page of a search. ``next`` leads to the following one as long as the caller's catalogue does not change."""

    revision: str = Field(description="another one exactly when something changes that the caller may see")
    next: str | None
    total: int
    page: int
    pages: int
    page_size: int
    items: list[Card]
    facets: dict[str, list[FacetCount]]
    numbers: dict[str, NumberCounts]
    corrections: list[Correction]
    quantities: list[str]


class ComparedRow(Schema):
    """One attribute of the compared listings, in their order; null where a listing has no such attribute."""

    attribute: str
    label: str
    detail: str
    differs: bool
    cells: list[Figure | None]


class Comparison(Schema):
    """Listings side by side."""

    ids: list[str]
    rows: list[ComparedRow]


class HistoryEntry(Schema):
    """One change of a listing."""

    change: Kind
    at: datetime


class DifferenceOut(Schema):
    """What became of a listing or vendor since."""

    kind: str
    id: str
    name: str
    what: Literal["new", "changed", "tested", "gone"]
    fields: list[str]


class StateOut(Schema):
    """An earlier catalogue as the caller may see it."""

    name: str
    on: date
    at: datetime
    vendors: int
    listings: int
    whole: bool = Field(description="whether the hash over what the caller sees, with what labs said, gives its name")
    missing: list[str] = Field(description="records whose text of then is not kept")
    differences: list[DifferenceOut]

    @classmethod
    def of(cls, found: states.CatalogueState) -> StateOut:
        """The document of ``found``."""
        return cls(
            name=found.name,
            on=found.on,
            at=found.at,
            vendors=found.vendors,
            listings=found.listings,
            whole=found.whole,
            missing=list(found.missing),
            differences=[
                DifferenceOut(kind=one.subject.value, id=one.id, name=one.name, what=one.what, fields=list(one.fields))
                for one in found.differences
            ],
        )


class History(Schema):
    """What became of a listing, the latest change first, as far as the caller could see it."""

    items: list[HistoryEntry]


_ERRORS = {404: ProblemDocument, 422: ProblemDocument}
_GONE = {410: ProblemDocument}


def _today() -> date:
    return timezone.localdate()


@router.get("/listings", response={200: SearchPage, 422: ProblemDocument, **_GONE}, summary="Search the catalogue")
def search(request: HttpRequest, asked: Query[PagedSearch]) -> HttpResponse:
    """Listings the caller may see, with counts to narrow the search. A page beyond the last is the last.

    410: the catalogue has changed since the page that gave the cursor; begin again without one.
    """
    on, actor, filters = _today(), Actor.of_request(request), asked.filters()
    question = (filters, asked.page_size)
    number = versions.page_of(actor, question, asked.cursor, on=on) if asked.cursor else asked.page
    version = versions.version(actor, on=on)
    found = selectors.search(actor, filters, on=on, page=str(number), size=asked.page_size)
    following = found.page.next
    page = {
        "revision": version,
        "next": None if following is None else versions.cursor(version, question, following),
        "total": found.page.total,
        "page": found.page.number,
        "pages": found.page.pages,
        "page_size": asked.page_size,
        "items": [Card.of(item) for item in found.page.items],
        "facets": _facets(found),
        "numbers": _numbers(found),
        "corrections": [{"word": item.word, "instead": item.instead} for item in found.corrections],
        "quantities": [quantity_text(item) for item in found.quantities],
    }
    # hundreds of counts: to make a record of each and to check it would take a quarter of the time
    return HttpResponse(to_json(page), content_type="application/json; charset=utf-8")


@router.get("/facets", response={200: SearchCounts, 422: ProblemDocument}, summary="Counts to narrow a search by")
def facets(request: HttpRequest, asked: Query[Search]) -> SearchCounts:
    """The counts of a search without its listings."""
    on, actor = _today(), Actor.of_request(request)
    version = versions.version(actor, on=on)
    found = selectors.search(actor, asked.filters(), on=on, size=1)
    return SearchCounts(revision=version, total=found.page.total, facets=_facets(found), numbers=_numbers(found))


def _facets(found: selectors.Found) -> dict[str, list[dict[str, object]]]:
    """As :class:`FacetCount`."""
    return {
        name: [{"value": item.value, "name": item.name, "count": item.count} for item in values]
        for name, values in found.facets.items()
    }


def _numbers(found: selectors.Found) -> dict[str, dict[str, object]]:
    """As :class:`NumberCounts`."""
    return {
        name: {
            "unit": NAMES[name].unit,
            "known": number.known,
            "bins": [{"low": item.low, "high": item.high, "count": item.count} for item in number.bins],
        }
        for name, number in found.numbers.items()
    }


@router.get(
    "/listings/{slug}",
    response={200: schema.Listing, **_ERRORS},
    exclude_defaults=True,
    summary="One listing with every claim",
)
def listing(request: HttpRequest, slug: str) -> schema.Listing:
    """The whole listing as the caller may see it; fields at their default are left out."""
    return selectors.listing(Actor.of_request(request), slug, on=_today()).record


@router.get("/listings/{slug}/history", response={200: History, **_ERRORS}, summary="What became of a listing")
def history(request: HttpRequest, slug: str) -> History:
    """New, changed, withdrawn, relisted: each with its instant, the latest first."""
    actor = Actor.of_request(request)
    selectors.listing(actor, slug, on=_today())
    entries = federation.history(actor, Subject.LISTING, slug)
    return History(items=[HistoryEntry(change=entry.kind, at=entry.at) for entry in entries])


@router.get(
    "/listings/{slug}/prices",
    url_name="listing_prices",
    response={200: PriceHistory, **_ERRORS},
    summary="What was asked for a listing over time",
)
def listing_prices(request: HttpRequest, slug: str) -> PriceHistory:
    """Prices, stock and lead times as quoted, the oldest first, and what of it is flagged."""
    actor, on = Actor.of_request(request), _today()
    selectors.listing(actor, slug, on=on)
    return price_history(actor, slug, on=on)


@router.get("/vendors/{slug}", response={200: schema.Vendor, **_ERRORS}, exclude_defaults=True, summary="One vendor")
def vendor(request: HttpRequest, slug: str) -> schema.Vendor:
    """The vendor as the caller may see it."""
    return selectors.vendor(Actor.of_request(request), slug)[1]


@router.get("/compare", response={200: Comparison, **_ERRORS}, summary="Up to six listings side by side")
def compare(
    request: HttpRequest,
    id: Annotated[list[str], Query(min_length=1, max_length=selectors.MOST_COMPARED)],  # noqa: A002
) -> Comparison:
    """Attributes in rows; for each listing the claim to rely on."""
    on = _today()
    found = selectors.listings(Actor.of_request(request), id, on=on)
    missing = [slug for slug in id if slug not in {item.record.id for item in found}]
    if missing:
        raise HttpError(HTTPStatus.NOT_FOUND, f"There is no listing {missing[0]}.")
    rows = [
        ComparedRow(
            attribute=row.key,
            label=row.label,
            detail=row.detail,
            differs=row.differs,
            cells=[None if cell is None else Figure.of(cell) for cell in row.cells],
        )
        for part in comparing.side_by_side([item.record for item in found], on=on)
        for row in part.rows
    ]
    return Comparison(ids=[item.record.id for item in found], rows=rows)


@router.get("/export", response={200: None, 422: ProblemDocument}, summary="Everything the caller may see, as a file")
def export(request: HttpRequest, asked: Query[Search], format: Format = Format.JSONL) -> HttpResponse:  # noqa: A002
    """JSON Lines, JSON, CSV or a spreadsheet; importing the file gives the same records again."""
    actor, filters, on = Actor.of_request(request), asked.filters(), _today()
    response = download(actor, filters, format)
    response.headers["ETag"] = versions.entity_tag(actor, (filters, format.value), on=on)
    return response


def download(actor: Actor, filters: selectors.Filters, format: Format) -> HttpResponse:  # noqa: A002
    """The catalogue file as a response."""
    records = selectors.records(actor, on=_today(), filters=filters)
    charset = "" if format is Format.XLSX else "; charset=utf-8"
    response = StreamingHttpResponse(chunks(records, format), content_type=f"{format.media_type}{charset}")
    response.headers["Content-Disposition"] = f'attachment; filename="skypact-catalogue.{format.value}"'
    return cast(HttpResponse, response)


@router.get(
    "/export/bundle", response={200: None}, summary="Everything the caller may see, with its JSON Schema and licences"
)
def export_bundle(request: HttpRequest) -> HttpResponse:
    """A ZIP file: ``catalogue.jsonl``, which imports as it is, its JSON Schema, and a page on both."""
    return download_bundle(Actor.of_request(request))


def download_bundle(actor: Actor) -> HttpResponse:
    """The bundle as a response."""
    on = _today()
    pieces = bundle_chunks(selectors.records(actor, on=on), on=on)
    response = StreamingHttpResponse(pieces, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="skypact-catalogue-{on}.zip"'
    return cast(HttpResponse, response)


@router.get("/states/{name}", response={200: StateOut, **_ERRORS}, summary="The catalogue as a kit names it")
def state(request: HttpRequest, name: str) -> StateOut:
    """What was there when a kit was composed from it, whether it is whole, and what has become of each item since.

    404: this node never gave that name.
    """
    return StateOut.of(states.state(Actor.of_request(request), name, on=_today()))


@router.get(
    "/states/{name}/export", response={200: None, **_ERRORS}, summary="The catalogue as a kit names it, as a file"
)
def export_state(request: HttpRequest, name: str, format: Format = Format.JSONL) -> HttpResponse:  # noqa: A002
    """What the caller may see of it, in the formats of the export."""
    return download_state(Actor.of_request(request), name, format)


def download_state(actor: Actor, name: str, format: Format) -> HttpResponse:  # noqa: A002
    """An earlier catalogue as a response."""
    found = states.records(actor, name)
    charset = "" if format is Format.XLSX else "; charset=utf-8"
    response = StreamingHttpResponse(chunks(found, format), content_type=f"{format.media_type}{charset}")
    response.headers["Content-Disposition"] = f'attachment; filename="skypact-catalogue-{name}.{format.value}"'
    return cast(HttpResponse, response)


@router.post(
    "/import",
    auth=SessionAuth(),
    response={200: Report, 401: ProblemDocument, 403: ProblemDocument, 422: Report},
    summary="Import a catalogue file (staff)",
)
def import_(
    request: HttpRequest,
    file: File[UploadedFile],
    keep_good: Annotated[bool, Query(description="take the good rows and report the others")] = False,
    format: Annotated[  # noqa: A002
        Format | Foreign | None, Query(description="default: what the file holds, and its name's ending")
    ] = None,
) -> Status[Report]:
    """All or nothing, unless ``keep_good``. The report names row, field, value and remedy of every problem."""
    report = import_file(
        actor=Actor.of_request(request),
        stream=cast(BinaryIO, file.file),
        name=file.name or "upload",
        keep_good=keep_good,
        format=format,
    )
    return Status(HTTPStatus.OK if report.taken else HTTPStatus.UNPROCESSABLE_ENTITY, report)
