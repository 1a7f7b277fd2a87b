"""The states of a composing job and the ways between them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class JobState(TextChoices):
    QUEUED = "queued", _("Waiting")
    RUNNING = "running", _("Composing")
    DONE = "done", _("Done")
    STOPPED = "stopped", _("Stopped")
    FAILED = "failed", _("Failed")


#: From each state, where a job may go.
EDGES: dict[JobState, frozenset[JobState]] = {
    JobState.QUEUED: frozenset({JobState.RUNNING, JobState.STOPPED, JobState.FAILED}),
    JobState.RUNNING: frozenset({JobState.DONE, JobState.STOPPED, JobState.FAILED}),
    JobState.DONE: frozenset(),
    JobState.STOPPED: frozenset(),
    JobState.FAILED: frozenset(),
}

#: States a job does not leave.
FINAL = frozenset(state for state, targets in EDGES.items() if not targets)

#: What people may do with a job, and in which states it makes sense.
ACTS: dict[str, frozenset[JobState]] = {"stop": frozenset(EDGES) - FINAL}


def allowed_acts(state: str, *, stop_requested: bool) -> list[str]:
    """The acts that are open to people in ``state``; a search that is asked to stop is not asked again."""
    return [] if stop_requested else [act for act, states in ACTS.items() if JobState(state) in states]


def allowed(state: str, target: JobState) -> bool:
    """Whether a job may go from ``state`` to ``target``."""
    return target in EDGES[JobState(state)]
