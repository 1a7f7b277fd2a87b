"""Every write on kits: asking for one, working on it, keeping it."""

from __future__ import annotations

import os
import secrets
import shutil
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from skypact.market.core.access import Actor
from skypact.market.core.actions import Action, StateError
from skypact.market.core.events import Record
from skypact.market.core.holding import Held, hold
from skypact.market.kits import launching, places
from skypact.market.kits.models import ComposeJob, StoredKit, StoredRequirement
from skypact.market.kits.transitions import ACTS, FINAL, JobState, allowed
from skypact.schema import InputError, Kit, KitStatus, Requirement

#: Searches somebody may have under way; nobody signed in counts as one person.
OPEN_JOBS_EACH = 5
OPEN_JOBS_ANONYMOUS = 10
#: Of those, searches that one address may have: nobody alone takes all places.
OPEN_JOBS_ADDRESS = 3


@dataclass(kw_only=True)
class RequestKit(Action[ComposeJob]):
    """Asks for a kit: keeps the requirement and starts a search. Raises InputError for places nobody knows."""

    code = "kits.request"

    requirement: Requirement
    asker: str = ""
    """who asks without being signed in: :func:`asker_at`; empty where nobody knows"""

    def check(self) -> None:
        problems = places.problems_of(self.requirement)
        if problems:
            raise InputError(problems)
        if self.actor.is_staff:
            return
        hold(Held.KITS)
        under_way = ComposeJob.objects.filter(owner_id=self.actor.user_id).exclude(state__in=FINAL)
        _refuse_beyond(OPEN_JOBS_ANONYMOUS if self.actor.user_id is None else OPEN_JOBS_EACH, under_way.count())
        if self.actor.user_id is None and self.asker:
            _refuse_beyond(OPEN_JOBS_ADDRESS, under_way.filter(asker=self.asker).count())

    def perform(self) -> ComposeJob:
        stored = StoredRequirement.objects.create(
            owner_id=self.actor.user_id, document=self.requirement.model_dump(mode="json")
        )
        asker = self.asker if self.actor.user_id is None else ""
        job = ComposeJob.objects.create(requirement=stored, owner_id=self.actor.user_id, asker=asker)
        transaction.on_commit(partial(launching.start, job.pk))
        return job

    def record(self, result: ComposeJob) -> Record:
        return _record(result, requirement=self.requirement.id)


def _refuse_beyond(limit: int, under_way: int) -> None:
    if under_way >= limit:
        raise StateError(f"{under_way} searches are under way already; wait for one to end, or stop one")


def asker_at(address: str) -> str:
    """What stands for an address without telling it."""
    return salted_hmac("skypact.kits.asker", address).hexdigest()


@dataclass(kw_only=True)
class _JobAction(Action[ComposeJob]):
    """An act on one job, whose row is read again and held for the length of the act."""

    job_id: UUID

    def held(self) -> ComposeJob:
        """The job's row, held until the transaction ends."""
        return ComposeJob.objects.select_for_update().get(pk=self.job_id)

    def require(self, target: JobState) -> None:
        """Raises StateError unless the job may go to ``target``."""
        state = self.held().state
        if not allowed(state, target):
            raise StateError(f"the search is {state}; it cannot become {target.value}")

    def moved(self, target: JobState, **fields: object) -> ComposeJob:
        """The job in its new state."""
        job = self.held()
        job.state = target
        for name, value in fields.items():
            setattr(job, name, value)
        if target in FINAL:
            job.finished_at = timezone.now()
        job.save()
        return job

    def record(self, result: ComposeJob) -> Record:
        return _record(result)


@dataclass(kw_only=True)
class BeginJob(_JobAction):
    """A composing process takes the job up."""

    code = "kits.begin"

    def check(self) -> None:
        self.actor.require_staff("take up a search")
        self.require(JobState.RUNNING)

    def perform(self) -> ComposeJob:
        return self.moved(JobState.RUNNING, started_at=timezone.now())


@dataclass(kw_only=True)
class StopJob(_JobAction):
    """Asks the search to end with the best kit so far. One that has not begun ends at once, without a kit."""

    code = "kits.stop"

    def check(self) -> None:
        job = self.held()
        if job.owner_id is not None and job.owner_id != self.actor.user_id and not self.actor.is_staff:
            raise PermissionDenied(f"{self.actor.label} may not stop a search of somebody else")
        if JobState(job.state) not in ACTS["stop"]:
            raise StateError(f"the search is {job.state} already")

    def perform(self) -> ComposeJob:
        job = self.held()
        if job.state == JobState.QUEUED:
            return self.moved(JobState.STOPPED, stop_requested=True)
        job.stop_requested = True
        job.save(update_fields=["stop_requested"])
        return job


@dataclass(kw_only=True)
class FailJob(_JobAction):
    """The search ends without an answer; ``reason`` says why."""

    code = "kits.fail"

    reason: str

    def check(self) -> None:
        self.actor.require_staff("declare a search failed")
        self.require(JobState.FAILED)

    def perform(self) -> ComposeJob:
        return self.moved(JobState.FAILED, failure=self.reason)

    def record(self, result: ComposeJob) -> Record:
        return _record(result, reason=self.reason)


@dataclass(kw_only=True)
class FinishJob(_JobAction):
    """Keeps the kit that the search found, and closes the search."""

    code = "kits.finish"

    kit: Kit
    pictures: Path
    """folder with the pictures of the kit's map; it is moved, not copied"""

    def check(self) -> None:
        self.actor.require_staff("finish a search")
        self.require(self._target)

    def perform(self) -> ComposeJob:
        stored = _stored(self.kit, owner_id=self.held().owner_id, listed=False)
        stored.save(force_insert=True)
        job = self.moved(self._target, kit=stored, done=1.0)
        _move_in(self.kit, self.pictures)
        return job

    def record(self, result: ComposeJob) -> Record:
        return _record(result, kit=self.kit.id, status=self.kit.status.value)

    @property
    def _target(self) -> JobState:
        return JobState.STOPPED if self.kit.status is KitStatus.STOPPED else JobState.DONE


@dataclass(kw_only=True)
class PublishKit(Action[StoredKit]):
    """Puts a kit into everybody's list, in the place of one with the same id: how the examples get there."""

    code = "kits.publish"

    kit: Kit
    pictures: Path
    """folder with the pictures of the kit's map; it is moved, not copied"""

    def check(self) -> None:
        self.actor.require_staff("publish a kit")
        if StoredKit.objects.filter(pk=self.kit.id, listed=False).exists():
            raise StateError(f"{self.kit.id} is somebody's kit; a published one cannot take its place")

    def perform(self) -> StoredKit:
        stored = _stored(self.kit, owner_id=None, listed=True)
        stored.save()
        _move_in(self.kit, self.pictures)
        return stored

    def record(self, result: StoredKit) -> Record:
        return Record(object_type="kits.kit", object_id=result.pk, data={"status": result.status})


@dataclass(kw_only=True)
class PruneKits(Action[int]):
    """Removes what nobody signed in asked for and is older than ``days``: kits, searches, requirements, files."""

    code = "kits.prune"

    days: int

    def check(self) -> None:
        self.actor.require_staff("remove kits")
        if self.days < 1:
            raise StateError(f"kits are kept for at least a day, not {self.days}")

    def perform(self) -> int:
        before = timezone.now() - timedelta(days=self.days)
        jobs = ComposeJob.objects.filter(owner=None, state__in=FINAL, created_at__lt=before)
        kits = list(jobs.exclude(kit=None).values_list("kit_id", flat=True))
        requirements = list(jobs.values_list("requirement_id", flat=True))
        jobs.delete()
        StoredKit.objects.filter(pk__in=kits, owner=None, listed=False).delete()
        StoredRequirement.objects.filter(pk__in=requirements, jobs=None).delete()
        for kit in kits:
            transaction.on_commit(partial(shutil.rmtree, kit_folder(kit), ignore_errors=True))
        return len(kits)

    def record(self, result: int) -> Record:
        return Record(object_type="kits.kit", object_id="", data={"removed": result, "older_than_days": self.days})


def note_progress(job_id: UUID, *, stage: str, done: float) -> None:
    """Says how far a running search is. A passing figure and no act: it leaves no event."""
    ComposeJob.objects.filter(pk=job_id, state=JobState.RUNNING).update(stage=stage, done=min(max(done, 0.0), 1.0))


def notice_death(job: ComposeJob) -> ComposeJob:
    """The job, failed if its process is gone: a search never stays "running" when nobody works on it."""
    if job.finished or launching.alive(job.pk):
        return job
    waited = (timezone.now() - job.created_at).total_seconds()
    if job.state == JobState.QUEUED and waited < launching.STARTING_TIME_S:
        return job
    reason = (
        "The process that should compose this kit did not start."
        if job.state == JobState.QUEUED
        else "The process that composed this kit ended without an answer: it was killed, or the machine restarted."
    )
    try:
        return FailJob(actor=Actor.system("kits"), job_id=job.pk, reason=reason).execute()
    except StateError:  # it finished between our two looks
        return ComposeJob.objects.select_related("requirement").get(pk=job.pk)


def new_kit_id(requirement: Requirement) -> str:
    """An id nobody can guess, because whoever knows the address of an anonymous kit may read it."""
    return f"{requirement.id.lower()[:60].rstrip('-')}-{secrets.token_hex(10)}"


def kit_folder(kit_id: str) -> Path:
    """Where the files of a kit lie."""
    return Path(settings.HOME) / "kits" / kit_id


def _stored(kit: Kit, *, owner_id: int | None, listed: bool) -> StoredKit:
    requirement = kit.requirement
    return StoredKit(
        id=kit.id,
        owner_id=owner_id,
        listed=listed,
        title=requirement.title,
        title_ko=requirement.title_ko or "",
        site_name=requirement.site.name,
        site_name_ko=requirement.site.name_ko or "",
        status=kit.status.value,
        total=None if kit.cost is None else kit.cost.total.amount,
        currency=requirement.budget.currency,
        complete_on=None if kit.delivery is None else kit.delivery.complete_on,
        document=kit.model_dump(mode="json"),
        stored_at=timezone.now(),
    )


def _move_in(kit: Kit, pictures: Path) -> None:
    """Moves the finished folder into its place in one step; an older one of the same id goes."""
    (pictures / "kit.json").write_text(kit.model_dump_json(indent=1), encoding="utf-8")
    target = kit_folder(kit.id)
    old = target.with_name(f".old-{kit.id}-{secrets.token_hex(4)}")
    if target.exists():
        os.rename(target, old)
    os.rename(pictures, target)
    shutil.rmtree(old, ignore_errors=True)


def _record(job: ComposeJob, **data: object) -> Record:
    return Record(object_type="kits.job", object_id=str(job.pk), data={"state": str(job.state), **data})
