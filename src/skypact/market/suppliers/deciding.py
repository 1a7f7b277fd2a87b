"""The editor's acts: approving a submission, whole or in part, and returning it with reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from skypact import schema
from skypact.exchange.catalogue import Format
from skypact.market.catalogue import keeping
from skypact.market.catalogue.actions import ImportCatalogue, ImportRefusedError
from skypact.market.catalogue.checking import CheckedFile
from skypact.market.catalogue.holding import hold_catalogue
from skypact.market.catalogue.remedies import in_language
from skypact.market.catalogue.withdrawing import RelistListing, WithdrawListing
from skypact.market.core.actions import StateError
from skypact.market.core.events import Record
from skypact.market.suppliers.models import Change, Decision, Line, Submission
from skypact.market.suppliers.steps import LONGEST_MESSAGE, Step, content_of, record_of
from skypact.market.suppliers.transitions import Act, State

_NAMED = 10


class ConflictError(StateError):
    """The catalogue moved since the lines were compared; nothing was written."""

    def __init__(self, submission_id: int, slugs: Sequence[str]) -> None:
        self.slugs = tuple(slugs)
        told = ngettext(
            "%(count)d listing has changed in the catalogue since submission %(number)d was compared with it:"
            " %(names)s; compare again and look at the difference",
            "%(count)d listings have changed in the catalogue since submission %(number)d was compared with it:"
            " %(names)s; compare again and look at the difference",
            len(slugs),
        )
        names = ", ".join(slugs[:_NAMED]) + (", …" if len(slugs) > _NAMED else "")
        super().__init__(told % {"count": len(slugs), "number": submission_id, "names": names})


def conflicting(lines: QuerySet[Line]) -> frozenset[str]:
    """The ids of those of ``lines`` whose live record is no longer the one they were compared with."""
    found: set[str] = set()
    for kind in ("vendor", "listing"):
        of_kind = lines.filter(kind=kind)
        live = keeping.digests(kind, of_kind.order_by().values("slug"))
        seen = of_kind.order_by().values_list("slug", "seen")
        found.update(slug for slug, digest in seen if live.get(slug, "") != digest)
    return frozenset(found)


def undecided(submission_id: int) -> QuerySet[Line]:
    """The lines of a submission that ask for a decision."""
    lines = Line.objects.filter(submission_id=submission_id, decision=Decision.PENDING)
    return lines.exclude(change=Change.UNCHANGED)


@dataclass(kw_only=True)
class _Decision(Step):
    """An editor's answer."""

    remarks: Mapping[str, str] = field(default_factory=dict)
    """id of a listing → what the editor says of it"""

    def check(self) -> None:
        super().check()
        strangers = sorted(set(self.remarks) - {line.slug for line in self.open_lines()})
        if strangers:
            raise StateError(_("this submission asks for no change of %(name)s") % {"name": strangers[0]})
        if any(len(text) > LONGEST_MESSAGE or "\0" in text for text in self.remarks.values()):
            raise StateError(_("a reason has at most %(count)s characters of plain text") % {"count": LONGEST_MESSAGE})

    def open_lines(self) -> list[Line]:
        """The lines to decide on."""
        return list(undecided(self.submission_id))

    def returned(self, lines: Sequence[Line]) -> None:
        """Gives ``lines`` back with what was said of each."""
        for line in lines:
            line.decision, line.remark = Decision.RETURNED, self.remarks.get(line.slug, "").strip()
        Line.objects.bulk_update(lines, ["decision", "remark"], batch_size=200)


@dataclass(kw_only=True)
class Approve(_Decision):
    """Takes the chosen lines into the catalogue, all of them or none, and returns the others.

    Raises ConflictError where the catalogue moved since the comparison, StateError where a listing cannot be taken or
    carries what the editor may not read.
    """

    code = "suppliers.approve"
    act: ClassVar = Act.APPROVE

    slugs: tuple[str, ...] | None = None
    """the listings to take; None is all"""
    taken: list[Line] = field(default_factory=list, init=False)
    left: list[Line] = field(default_factory=list, init=False)

    def check(self) -> None:
        super().check()
        lines = self.open_lines()
        if self.slugs is not None:
            strangers = sorted(set(self.slugs) - {line.slug for line in lines})
            if strangers or not self.slugs:
                named = strangers[0] if strangers else _("nothing")
                raise StateError(_("choose among the open listings of this submission, not %(name)s") % {"name": named})
        chosen = {line.slug for line in lines} if self.slugs is None else set(self.slugs)
        self.taken = [line for line in lines if line.slug in chosen]
        self.left = [line for line in lines if line.slug not in chosen]
        unsaid = [line.slug for line in self.left if not self.remarks.get(line.slug, "").strip()]
        if unsaid and not self.message.strip():
            told = _("say why %(name)s is not approved, in its own reason or in the message")
            raise StateError(told % {"name": unsaid[0]})
        self._require_readable()

    def _require_readable(self) -> None:
        if self.actor.is_staff:
            return
        readable = keeping.readable_by(self.actor, {label for line in self.taken for label in line.labels.split("\n")})
        closed = [line.slug for line in self.taken if not set(line.labels.split("\n")) <= readable]
        if closed:
            told = _("the listing %(name)s carries what you may not read; somebody who may must decide on it")
            raise StateError(told % {"name": closed[0]})

    def perform(self) -> Submission:
        hold_catalogue()
        moved = conflicting(undecided(self.submission_id))
        conflicts = [line.slug for line in self.taken if line.slug in moved]
        if conflicts:
            raise ConflictError(self.submission_id, conflicts)
        self._take()
        for line in self.taken:
            line.decision, line.remark = Decision.APPROVED, self.remarks.get(line.slug, "").strip()
        Line.objects.bulk_update(self.taken, ["decision", "remark"], batch_size=200)
        self.returned(self.left)
        return self.moved(
            State.RETURNED if self.left else State.APPROVED, decided_at=timezone.now(), decided_by=self.actor.label
        )

    def _take(self) -> None:
        """Runs the catalogue's own acts. That the editor may decide is checked; they ask for staff."""
        actor = replace(self.actor, is_staff=True)
        file = CheckedFile(name=f"submission {self.submission_id}", format=Format.JSONL)
        for line in self.taken:
            if line.change in (Change.NEW, Change.CHANGED):
                model = schema.Vendor if line.kind == "vendor" else schema.Listing
                file.rows += 1
                file.keep(schema.parse_json(model, line.document, file=line.slug), line.row)
        if file.rows:
            act = ImportCatalogue(actor=actor, file=file)
            try:
                act.execute()
            except ImportRefusedError:
                slug, references = next(iter(act.dangling.items()))
                told = _("the listing %(name)s cannot be taken: %(problem)s")
                problem = references[0].problem
                facts = {"name": slug, "problem": f"{problem.field} {problem.value}: {in_language(problem.remedy)}"}
                raise StateError(told % facts) from None
        on = timezone.localdate()
        for line in self.taken:
            if line.change == Change.WITHDRAWN:
                WithdrawListing(actor=actor, slug=line.slug, reason=line.reason, on=on).execute()
            elif line.change == Change.RELISTED:
                RelistListing(actor=actor, slug=line.slug, reason=line.reason, on=on).execute()

    def record(self, result: Submission) -> Record:
        return record_of(result, message=self.message.strip(), **content_of(self.taken))


@dataclass(kw_only=True)
class Return(_Decision):
    """Gives the submission back to its vendor, with a reason for all of it or for single listings."""

    code = "suppliers.return"
    act: ClassVar = Act.RETURN

    def check(self) -> None:
        super().check()
        if not self.message.strip() and not any(text.strip() for text in self.remarks.values()):
            raise StateError(_("say why: in the message, or as the reason of single listings"))

    def perform(self) -> Submission:
        self.returned(self.open_lines())
        return self.moved(State.RETURNED, decided_at=timezone.now(), decided_by=self.actor.label)

    def record(self, result: Submission) -> Record:
        remarks = {slug: text.strip() for slug, text in self.remarks.items() if text.strip()}
        return record_of(result, message=self.message.strip(), reasons=remarks)
