"""The states of a picture and the ways between them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PictureState(TextChoices):
    WORKING = "working", _("Being combined")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")


#: From each state, where a picture may go.
EDGES: dict[PictureState, frozenset[PictureState]] = {
    PictureState.WORKING: frozenset({PictureState.DONE, PictureState.FAILED}),
    PictureState.DONE: frozenset(),
    PictureState.FAILED: frozenset(),
}

#: What people may do with a picture, and in which states it makes sense.
ACTS: dict[str, frozenset[PictureState]] = {
    "attach": frozenset({PictureState.DONE}),
    "release": frozenset({PictureState.DONE}),
    "remove": frozenset(PictureState),
}


def allowed(state: str, target: PictureState) -> bool:
    """Whether a picture may go from ``state`` to ``target``."""
    return target in EDGES[PictureState(state)]


def allowed_acts(state: str) -> list[str]:
    """The acts that are open to whoever keeps a picture in ``state``."""
    return [act for act, states in ACTS.items() if PictureState(state) in states]
