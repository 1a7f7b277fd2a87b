"""Every read of submissions: what one actor may see, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404

from skypact import schema
from skypact.market.catalogue import keeping
from skypact.market.catalogue.releasability import as_seen
from skypact.market.core.access import Actor
from skypact.market.core.paging import Page, page_number
from skypact.market.suppliers.deciding import conflicting, undecided
from skypact.market.suppliers.difference import Difference, differences
from skypact.market.suppliers.merging import seen_listing
from skypact.market.suppliers.models import Change, Decision, Entry, Line, Submission, Upload
from skypact.market.suppliers.steps import may_see, sides
from skypact.market.suppliers.transitions import Side, State

#: What a page of lines can be narrowed to, beside each change: prices that rise, what was returned or approved.
MORE_VIEWS = ("price_rise", "returned", "approved")
VIEWS = (*Change.values, *MORE_VIEWS)


@dataclass(frozen=True)
class OwnListing:
    """A listing of the vendor's own, and which open submission touches it."""

    stored: keeping.Stored
    submission: int | None

    @property
    def state(self) -> str:
        """``withdrawn`` or ``listed``."""
        return "listed" if self.stored.withdrawn is None else "withdrawn"


@dataclass(frozen=True)
class ShownLine:
    """A line as its reader may see it."""

    line: Line
    differences: list[Difference]
    conflict: bool
    """whether the live record is no longer the one that stands here as "before\""""
    closed: bool
    """whether the reader may see neither side"""

    @property
    def decidable(self) -> bool:
        """Whether the line still asks for a decision."""
        return self.line.decision == Decision.PENDING and self.line.change != Change.UNCHANGED


@dataclass(frozen=True)
class ShownUpload:
    """A file of a submission, and whether its reader may have it as it came."""

    file: Upload
    open: bool


def _visible(actor: Actor) -> QuerySet[Submission]:
    """The submissions that ``actor`` may see; the rule is :func:`steps.may_see`'s."""
    if not actor.vendor and not actor.may_edit_catalogue:
        raise PermissionDenied(f"{actor.label} may not see submissions; only vendors' people and catalogue editors may")
    own = Q(vendor=actor.vendor) if actor.vendor else Q(pk=None)
    others = Q(submitted_at__isnull=False) if actor.may_edit_catalogue else Q(pk=None)
    return Submission.objects.filter(own | others)


def submissions(
    actor: Actor, *, vendor: str = "", state: str = "", page: str | None = None, oldest_first: bool = False
) -> Page[Submission]:
    """One page of submissions, the latest first, each with ``asked``: how many records it would change."""
    found = _visible(actor)
    if vendor:
        found = found.filter(vendor=vendor.replace("\0", ""))
    if state:
        found = found.filter(state=state if state in State.values else None)
    total = found.count()
    number = page_number(page, total=total)
    rows = found.annotate(asked=Count("lines", filter=~Q(lines__change=Change.UNCHANGED)))
    rows = rows.select_related("author").order_by(*(("submitted_at", "pk") if oldest_first else ("-pk",)))
    items = Page(items=[], number=number, total=total)
    return Page(items=list(rows[(number - 1) * items.size : number * items.size]), number=number, total=total)


def queue(actor: Actor, *, page: str | None = None) -> Page[Submission]:
    """What waits for an editor's decision, the oldest first."""
    actor.require_editor("see the queue of submissions")
    return submissions(actor, state=State.SUBMITTED, page=page, oldest_first=True)


def waiting(actor: Actor) -> int:
    """How many submissions wait for a decision that ``actor`` may take."""
    found = Submission.objects.filter(state=State.SUBMITTED)
    return found.exclude(vendor=actor.vendor).count() if actor.vendor else found.count()


def returned(actor: Actor) -> int:
    """How many submissions of the actor's vendor wait for correction."""
    return Submission.objects.filter(vendor=actor.vendor, state=State.RETURNED).count()


def submission(actor: Actor, pk: int) -> Submission:
    """One submission. Raises Http404 where there is none, or none that ``actor`` may see."""
    found = Submission.objects.select_related("author").filter(pk=pk).first()
    if found is None or not may_see(actor, found):
        raise Http404(f"There is no submission {pk}.")
    return found


def thread(found: Submission) -> list[Entry]:
    """What was done and said, in order."""
    return list(found.entries.all())


def uploads(actor: Actor, found: Submission) -> list[ShownUpload]:
    """The files of a submission, the latest last, without their bytes."""
    return [ShownUpload(upload, may_have(actor, found, upload)) for upload in found.uploads.defer("content")]


def may_have(actor: Actor, found: Submission, upload: Upload) -> bool:
    """Whether ``actor`` gets a file of ``found`` as it came: it may hold what an editor may not read.

    Nor may everybody of the vendor: a colleague of another nation gets what that nation may read, line by line.
    """
    return actor.is_staff or (Side.VENDOR in sides(actor, found) and upload.standing == actor.standing)


def counts(found: Submission) -> dict[str, int]:
    """How many lines each view of a submission holds; views without a line are left out."""
    wanted = {change: Count("pk", filter=Q(change=change)) for change in Change.values}
    wanted |= {view: Count("pk", filter=_viewed(view)) for view in MORE_VIEWS}
    told: Mapping[str, int] = found.lines.aggregate(**wanted)
    return {view: told[view] for view in VIEWS if told[view]}


def _viewed(view: str) -> Q:
    if view == "price_rise":
        return Q(price_rise__isnull=False)
    return Q(decision=view) if view in Decision.values else Q(change=view)


def conflicts(actor: Actor, found: Submission) -> frozenset[str]:
    """The ids of the open lines whose live record is no longer the one they were compared with, for who decides.

    The vendor is not told: a difference may lie in what he does not see. He compares again.
    """
    if found.state != State.SUBMITTED or Side.EDITOR not in sides(actor, found):
        return frozenset()
    return conflicting(undecided(found.pk))


def lines(
    actor: Actor, found: Submission, *, moved: Collection[str], view: str = "", page: str | None = None
) -> Page[ShownLine]:
    """One page of the lines; without a ``view``, those that change something. ``moved`` is what is in conflict."""
    rows = found.lines.all()
    rows = rows.filter(_viewed(view)) if view in VIEWS else rows.exclude(change=Change.UNCHANGED)
    total = rows.count()
    number = page_number(page, total=total)
    empty: Page[ShownLine] = Page(items=[], number=number, total=total)
    chosen = list(rows[(number - 1) * empty.size : number * empty.size])
    hidden = frozenset() if actor.is_staff else keeping.hidden(actor)
    return Page(
        items=[_shown(line, actor, hidden, moved) for line in chosen],
        number=number,
        total=total,
    )


def _shown(line: Line, actor: Actor, hidden: frozenset[str], moved: Collection[str]) -> ShownLine:
    conflict = line.decision != Decision.APPROVED and line.slug in moved
    if line.kind == "vendor":
        was, now = (_vendor(document, actor) for document in (line.before, line.document))
        return ShownLine(line, differences(was, now) if now is not None else [], conflict, False)
    before, after = (_listing(document, actor, hidden) for document in (line.before, line.document))
    closed = bool(line.document or line.before) and before is None and after is None
    return ShownLine(line, [] if after is None else differences(before, after), conflict, closed)


def _vendor(document: str, actor: Actor) -> schema.Vendor | None:
    """The vendor in ``document`` as ``actor`` may see it; ``None`` where there is none."""
    return as_seen(schema.Vendor.model_validate_json(document), actor) if document else None


def _listing(document: str, actor: Actor, hidden: frozenset[str]) -> schema.Listing | None:
    """The listing in ``document`` as ``actor`` may see it; ``None`` where there is none, or none for him."""
    if not document:
        return None
    record = schema.Listing.model_validate_json(document)
    if not keeping.readable_by(actor, [record.release]):
        return None
    return seen_listing(record, actor, hidden)


def own_listings(actor: Actor, *, text: str = "", page: str | None = None) -> Page[OwnListing]:
    """One page of the listings of the actor's vendor, by name, with the open submission that touches each."""
    vendor = actor.require_vendor("keep listings")
    found = keeping.page_of(actor, vendor, text=text, page=page)
    touched = dict(
        Line.objects.filter(
            submission__vendor=vendor,
            submission__state__in=[State.DRAFT, State.SUBMITTED, State.RETURNED],
            slug__in=[stored.slug for stored in found.items],
            kind="listing",
        )
        .exclude(change=Change.UNCHANGED)
        .exclude(decision=Decision.APPROVED)
        .order_by("submission_id")
        .values_list("slug", "submission_id")
    )
    items = [OwnListing(stored, touched.get(stored.slug)) for stored in found.items]
    return Page(items=items, number=found.number, total=found.total)
