"""What a composing process does with its job. Started by :mod:`skypact.market.kits.launching`."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.kits import launching, places
from skypact.market.kits.actions import BeginJob, FailJob, FinishJob, kit_folder, new_kit_id, note_progress
from skypact.market.kits.models import ComposeJob
from skypact.market.kits.transitions import JobState
from skypact.schema import InputError

#: Parts of a search and the share of the whole that each usually takes.
STAGES = {"terrain": 0.10, "eligibility": 0.05, "sight": 0.35, "reduce": 0.10, "solve": 0.35, "explain": 0.05}
_PAUSE_S = 0.25


class Reporter:
    """Writes progress and reads the wish to stop, each at most four times a second."""

    def __init__(self, job_id: UUID, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._job_id = job_id
        self._clock = clock
        self._written = self._read = float("-inf")
        self._stage = ""
        self._stopping = False
        self._ends = clock() + settings.COMPOSE_SECONDS

    def progress(self, stage: str, done: float) -> None:
        """How far ``stage`` is, 0 to 1. A new stage is written at once."""
        now = self._clock()
        if stage == self._stage and now - self._written < _PAUSE_S:
            return
        self._stage, self._written = stage, now
        note_progress(self._job_id, stage=stage, done=overall(stage, done))

    def stop(self) -> bool:
        """Whether somebody asked the search to end, or it has worked as long as it may."""
        now = self._clock()
        if now >= self._ends:
            self._stopping = True
        if not self._stopping and now - self._read >= _PAUSE_S:
            self._read = now
            self._stopping = ComposeJob.objects.filter(pk=self._job_id, stop_requested=True).exists()
        return self._stopping


def overall(stage: str, done: float) -> float:
    """Share of the whole search that is done when ``stage`` is ``done``. Raises ValueError for a stage nobody knows."""
    names = list(STAGES)
    before = sum(STAGES[name] for name in names[: names.index(stage)])
    return before + STAGES[stage] * min(max(done, 0.0), 1.0)


def run_job(job_id: UUID) -> None:
    """Composes the kit of one job and keeps it. Whatever else goes wrong ends the process, which is noticed."""
    actor = Actor.system("composer")
    reporter = Reporter(job_id)
    with launching.working_on(job_id), launching.turn(lambda: _gone(job_id)) as our_turn:
        if not our_turn:
            return
        try:
            job = BeginJob(actor=actor, job_id=job_id).execute()
        except StateError:  # stopped while it waited
            return
        try:
            _compose(job, actor=actor, reporter=reporter)
        except InputError as error:
            FailJob(actor=actor, job_id=job_id, reason=str(error)).execute()


def _gone(job_id: UUID) -> bool:
    return not ComposeJob.objects.filter(pk=job_id, state=JobState.QUEUED).exists()


def _compose(job: ComposeJob, *, actor: Actor, reporter: Reporter) -> None:
    # imported here alone: numba, OR-Tools and rasterio have no place in a process that serves pages
    from skypact.market.kits.composing import compose_requirement
    from skypact.market.kits.rendering import write_pictures
    from skypact.market.kits.watching import write_watch

    requirement = job.requirement.requirement
    composition = compose_requirement(
        requirement,
        terrain_folder=places.terrain_folder(),
        on=timezone.localdate(),
        actor=_reader(job),
        progress=reporter.progress,
        stop=reporter.stop,
    )
    kit = composition.kit.model_copy(update={"id": new_kit_id(requirement)})
    folder = kit_folder(kit.id).parent
    folder.mkdir(mode=0o700, exist_ok=True)
    pictures = Path(tempfile.mkdtemp(prefix=".incoming-", dir=folder))
    try:
        write_pictures(pictures, relief=composition.terrain, layers=composition.layers)
        if composition.watch is not None:
            write_watch(pictures, composition.watch, composition.terrain)
        FinishJob(actor=actor, job_id=job.pk, kit=kit, pictures=pictures).execute()
    finally:
        shutil.rmtree(pictures, ignore_errors=True)


def _reader(job: ComposeJob) -> Actor:
    """Whose eyes the catalogue is read with: those of whoever asked."""
    return Actor.anonymous() if job.owner is None else Actor.of_user(job.owner)
