"""The vendor's acts: uploading, proposing withdrawals, submitting, taking back; and messages from either side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _

from skypact import schema
from skypact.exchange.catalogue import Format
from skypact.market.catalogue import keeping
from skypact.market.catalogue.checking import CheckedFile
from skypact.market.catalogue.report import Report
from skypact.market.catalogue.withdrawing import LONGEST_REASON
from skypact.market.core.access import Actor
from skypact.market.core.actions import Action, StateError
from skypact.market.core.events import Record
from skypact.market.suppliers.models import Change, Decision, Line, Submission, Upload
from skypact.market.suppliers.reading import Comparison, Reading, read
from skypact.market.suppliers.steps import Step, content_of, record_of, say
from skypact.market.suppliers.transitions import Act, Side, State

LARGEST_UPLOAD = 96 * 1024 * 1024
"""bytes"""
MOST_WITHDRAWN = 200
"""listings that one submission may withdraw or list again"""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of an upload."""

    report: Report
    submission: Submission | None = None
    """``None`` where nothing was kept"""

    @property
    def nothing_new(self) -> bool:
        """Whether the file is good but says only what is live already."""
        return self.submission is None and self.report.taken


def upload(
    *, actor: Actor, content: bytes, name: str, keep_good: bool = False, submission_id: int | None = None
) -> Outcome:
    """Read a vendor's file and keep it as a draft, or in the place of what ``submission_id`` held.

    Nothing is kept of a file with a refused row, unless ``keep_good``; nor of one that says what is live already.
    Raises PermissionDenied before reading anything, StateError, Http404, InputError where it is too large.
    """
    vendor = actor.require_vendor("upload listings")
    if len(content) > LARGEST_UPLOAD:
        accepted = f"a file may have at most {LARGEST_UPLOAD // 2**20} MiB"
        raise schema.InputError.single(file=name, value=f"{len(content)} bytes", accepted=accepted)
    reading = read(actor, vendor, content=content, name=name.replace("\0", "")[-200:])
    report = reading.report
    if (report.refused and not keep_good) or not reading.lines:
        return Outcome(report=report.model_copy(update={"taken": False}))
    if not reading.changes_anything:
        return Outcome(report=report)
    if submission_id is None:
        kept = KeepUpload(actor=actor, reading=reading).execute()
    else:
        kept = ReplaceUpload(actor=actor, submission_id=submission_id, reading=reading).execute()
    return Outcome(report=report, submission=kept)


def _begun(actor: Actor) -> Submission:
    return Submission.objects.create(vendor=actor.vendor, author_id=actor.user_id, compared_at=timezone.now())


def _store(actor: Actor, submission: Submission, reading: Reading) -> Upload:
    assert reading.format is not None  # noqa: S101 (a file without lines is not stored)
    stored = Upload.objects.create(
        submission=submission,
        standing=actor.standing,
        name=reading.name,
        format=reading.format.value,
        size=len(reading.content),
        sha256=reading.sha256,
        content=reading.content,
        rows=reading.report.rows,
        refused=reading.report.refused,
        report=reading.report.model_dump_json(),
    )
    _put(submission, reading.lines)
    return stored


def _put(submission: Submission, lines: Sequence[Line]) -> None:
    """Lays ``lines`` in the place of all that are not approved."""
    submission.lines.exclude(decision=Decision.APPROVED).delete()
    for line in lines:
        line.submission = submission
    Line.objects.bulk_create(lines, batch_size=500)


@dataclass(kw_only=True)
class KeepUpload(Action[Submission]):
    """Keeps a file and what it says as a new draft."""

    code = "suppliers.upload"

    reading: Reading

    def check(self) -> None:
        self.actor.require_vendor("upload listings")

    def perform(self) -> Submission:
        submission = _begun(self.actor)
        _store(self.actor, submission, self.reading)
        say(submission, self.actor, Side.VENDOR, "upload", "")
        return submission

    def record(self, result: Submission) -> Record:
        return _record_of_upload(result, self.reading)


@dataclass(kw_only=True)
class ReplaceUpload(Step):
    """Lays a corrected file in the place of what the submission held; the old file stays beside it."""

    code = "suppliers.replace"
    act: ClassVar = Act.REPLACE

    reading: Reading

    def perform(self) -> Submission:
        submission = self.moved(State(self.held().state), author_id=self.actor.user_id, compared_at=timezone.now())
        _store(self.actor, submission, self.reading)
        return submission

    def record(self, result: Submission) -> Record:
        return _record_of_upload(result, self.reading)


def _record_of_upload(submission: Submission, reading: Reading) -> Record:
    file = {"file": reading.name, "sha256": reading.sha256, "rows": reading.report.rows}
    return record_of(submission, **file, refused=reading.report.refused, **content_of(reading.lines))


@dataclass(kw_only=True)
class ProposeWithdrawal(Action[Submission]):
    """Asks, as a new draft, that listings be withdrawn, or with ``relist`` listed again."""

    code = "suppliers.propose_withdrawal"

    slugs: tuple[str, ...]
    reason: str
    relist: bool = False
    found: dict[str, keeping.Stored] = field(default_factory=dict, init=False)

    def check(self) -> None:
        vendor = self.actor.require_vendor("withdraw listings")
        wanted = tuple(dict.fromkeys(self.slugs))
        if not 0 < len(wanted) <= MOST_WITHDRAWN:
            told = _("name 1 to %(most)s listings, not %(count)s")
            raise StateError(told % {"most": MOST_WITHDRAWN, "count": len(wanted)})
        if not 0 < len(self.reason.strip()) <= LONGEST_REASON or "\0" in self.reason:
            raise StateError(_("say why, in at most %(count)s characters of plain text") % {"count": LONGEST_REASON})
        self.found = keeping.stored_of(self.actor, vendor, slugs=wanted)
        unknown = [slug for slug in wanted if slug not in self.found]
        if unknown:
            raise StateError(_("there is no listing %(name)s of %(vendor)s") % {"vendor": vendor, "name": unknown[0]})
        for slug in wanted:
            withdrawn = self.found[slug].withdrawn
            if (withdrawn is not None) != self.relist:
                told = (
                    _("the listing %(name)s is not withdrawn")
                    if withdrawn is None
                    else _("the listing %(name)s is withdrawn already")
                )
                raise StateError(told % {"name": slug})

    def perform(self) -> Submission:
        submission = _begun(self.actor)
        change = Change.RELISTED if self.relist else Change.WITHDRAWN
        lines = [
            Line(
                place=place,
                kind="listing",
                slug=stored.slug,
                name=stored.name,
                name_ko=stored.name_ko,
                change=change,
                before=stored.document,
                seen=stored.digest,
                labels="\n".join(sorted(stored.labels)),
                reason=self.reason.strip(),
            )
            for place, stored in enumerate((self.found[slug] for slug in dict.fromkeys(self.slugs)), start=1)
        ]
        _put(submission, lines)
        say(submission, self.actor, Side.VENDOR, self.code.partition(".")[2], "")
        return submission

    def record(self, result: Submission) -> Record:
        return record_of(result, reason=self.reason.strip(), **content_of(result.lines.all()))


@dataclass(kw_only=True)
class Submit(Step):
    """Hands the submission to the catalogue editors; what was returned is open again."""

    code = "suppliers.submit"
    act: ClassVar = Act.SUBMIT

    def check(self) -> None:
        super().check()
        if not self._open().exists():
            raise StateError(_("this submission changes nothing: upload a file that does"))

    def perform(self) -> Submission:
        self._open().update(decision=Decision.PENDING)
        return self.moved(State.SUBMITTED, submitted_at=timezone.now(), decided_at=None, decided_by="")

    def _open(self) -> object:
        lines = Line.objects.filter(submission_id=self.submission_id)
        return lines.exclude(change=Change.UNCHANGED).exclude(decision=Decision.APPROVED)

    def record(self, result: Submission) -> Record:
        return record_of(result, message=self.message.strip(), **content_of(self._open()))


@dataclass(kw_only=True)
class Withdraw(Step):
    """The vendor takes the submission back; what was approved of it stays in the catalogue."""

    code = "suppliers.withdraw"
    act: ClassVar = Act.WITHDRAW

    def perform(self) -> Submission:
        return self.moved(State.WITHDRAWN)


@dataclass(kw_only=True)
class Note(Step):
    """A message in the thread."""

    code = "suppliers.note"
    act: ClassVar = Act.NOTE

    def check(self) -> None:
        super().check()
        if not self.message.strip():
            raise StateError(_("write the message first"))

    def perform(self) -> Submission:
        return self.moved(State(self.held().state))

    def record(self, result: Submission) -> Record:
        return record_of(result, message=self.message.strip())


@dataclass(kw_only=True)
class Compare(Step):
    """Lays every open line that changes something beside what is live now, as its vendor sees that."""

    code = "suppliers.compare"
    act: ClassVar = Act.COMPARE

    def perform(self) -> Submission:
        submission = self.held()
        author = submission.author
        writer = Actor.of_user(author) if author is not None else Actor.system("suppliers")
        comparison = Comparison(writer, submission.vendor)
        lines = list(submission.lines.exclude(decision=Decision.APPROVED))
        again = [*_offers_compared(lines, comparison), *_records_compared(lines, comparison)]
        again += [line for line in lines if line.change == Change.UNCHANGED]
        decided = {(line.kind, line.slug): (line.decision, line.remark) for line in lines}
        for place, line in enumerate(again, start=1):
            line.pk, line.place = None, place
            line.decision, line.remark = decided[line.kind, line.slug]
        _put(submission, again)
        return self.moved(State(submission.state), compared_at=timezone.now())

    def record(self, result: Submission) -> Record:
        return record_of(result, **content_of(result.lines.all()))


def _offers_compared(lines: Sequence[Line], comparison: Comparison) -> list[Line]:
    """The withdrawals and relistings among ``lines``."""
    found = [line for line in lines if line.change in (Change.WITHDRAWN, Change.RELISTED)]
    for line in found:
        live = comparison.own.get(line.slug)
        line.before, line.seen = ("", "") if live is None else (live.document, live.digest)
    return found


def _records_compared(lines: Sequence[Line], comparison: Comparison) -> list[Line]:
    """The new and changed records among ``lines``."""
    file = CheckedFile(name="compare again", format=Format.JSONL)
    for line in lines:
        if line.change in (Change.NEW, Change.CHANGED):
            words = comparison.words(line)
            comparison.compare(words)
            file.keep(words, line.row)
    return list(comparison.lines(file))
