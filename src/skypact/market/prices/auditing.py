"""The audit of prices: rises, late offers, changed currencies, withdrawals, by whom; and whether the log is whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date

from django.db.models import Q

from skypact.market.core.access import Actor
from skypact.market.core.events import ChainError, verify_chain
from skypact.market.core.models import Event
from skypact.market.prices.findings import Finding, FindingKind, findings
from skypact.market.prices.selectors import added_to, observations, rule, seen_offers
from skypact.schema import Model

COLUMNS = (
    "at",
    "kind",
    "listing",
    "seller",
    "offer",
    "quantity",
    "before",
    "before_currency",
    "before_since",
    "after",
    "after_currency",
    "change_percent",
    "actor",
    "revision",
    "event",
)


class Audited(Finding):
    """A finding with who brought it about, and where the event log holds the act."""

    listing: str
    actor: str
    revision: int
    event: int | None = None
    """sequence number of the event; None where the log holds none"""

    @property
    def percent(self) -> str:
        """The change in per cent: ``12.5``; empty where it cannot be told."""
        return "" if self.share is None else f"{(self.share * 100).normalize():f}"


class Chain(Model):
    """Whether the event log is what was written."""

    whole: bool
    events: int
    fault: str = ""
    """the first event that does not fit, and how"""


class Audit(Model):
    """What an auditor is told, oldest first."""

    since: date | None
    rise_percent: float
    rise_days: int
    chain: Chain
    findings: tuple[Audited, ...]

    def count(self, kind: FindingKind) -> int:
        """How many findings are of one kind."""
        return sum(item.kind is kind for item in self.findings)


def audit(actor: Actor, *, since: date | None = None) -> Audit:
    """Everything found in the history of prices, from a day on. Raises PermissionDenied for anybody but staff."""
    actor.require_staff("read the audit of prices")
    told = rule()
    found = sorted(_audited(actor, since), key=lambda item: (item.at, item.revision, item.listing, item.seller))
    return Audit(
        since=since,
        rise_percent=float(told.share * 100),
        rise_days=told.days,
        chain=_chain(),
        findings=tuple(found),
    )


def _audited(actor: Actor, since: date | None) -> Iterator[Audited]:
    """Only listings of which anything was noted after they came are looked at: elsewhere nothing can be found."""
    later = added_to()
    if since is not None:
        later = later.filter(at__date__gte=since)
    acts = dict(later.values_list("revision", "actor").distinct())
    events = _events(set(acts))
    rows = observations(later.values("listing")).iterator(chunk_size=2000)
    for offer in seen_offers(actor, rows, telling=True):
        for item in findings(offer.observations, rule(), added=offer.added):
            if since is None or item.at.astimezone(UTC).date() >= since:
                yield Audited(
                    listing=offer.listing,
                    actor=acts[item.revision],
                    event=events.get(item.revision),
                    **{name: getattr(item, name) for name in Finding.model_fields},
                )


def _events(revisions: set[int]) -> dict[int, int]:
    """The sequence number of the event that made each revision of the catalogue."""
    found: dict[int, int] = {}
    acts = Event.objects.filter(Q(object_type="catalogue.revision") | Q(payload__contains='"revision":'))
    for event in acts.order_by("sequence").iterator(chunk_size=2000):
        number = event.object_id if event.object_type == "catalogue.revision" else event.data.get("revision")
        if str(number).isdecimal() and int(number) in revisions:
            found.setdefault(int(number), event.sequence)
    return found


def _chain() -> Chain:
    events = Event.objects.count()
    try:
        return Chain(whole=True, events=verify_chain())
    except ChainError as error:
        return Chain(whole=False, events=events, fault=str(error))


def csv_of(report: Audit) -> str:
    """One row a finding, with the columns :data:`COLUMNS`."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for item in report.findings:
        before, after = item.before, item.after
        row = (
            item.at.astimezone(UTC).isoformat(timespec="seconds"),
            item.kind.value,
            item.listing,
            item.seller,
            item.number,
            item.quantity,
            format(before.amount, "f") if before else "",
            before.currency if before else "",
            item.since.astimezone(UTC).isoformat(timespec="seconds") if item.since else "",
            format(after.amount, "f") if after else "",
            after.currency if after else "",
            item.percent,
            item.actor,
            item.revision,
            "" if item.event is None else item.event,
        )
        writer.writerow([_cell(value) for value in row])
    return text.getvalue()


def _cell(value: object) -> object:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, "CSV injection")."""
    runs = isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r")
    return f"'{value}" if runs and not _number(value) else value


def _number(value: str) -> bool:
    return value.lstrip("-").replace(".", "", 1).isdecimal()
