"""A scene made up here, so that anybody sees what a combined picture is; with a fault in one of its sources, too."""

from __future__ import annotations

from contextlib import suppress

from django.http import Http404

from skypact import __version__
from skypact.conformance.picture import Cause, Truth
from skypact.conformance.picture.scene import make
from skypact.market.pictures import combining
from skypact.market.pictures.working import Question, Result

SEED = 1
#: How addresses name the faults.
FAULTS = {cause.name.lower(): cause for cause in Cause}


def key_of(fault: str) -> str:
    """What the sample is kept under."""
    return f"sample-{__version__}-{fault or 'sound'}"


def sample(fault: str) -> Result | None:
    """The made-up picture; ``fault`` is a key of ``FAULTS``, empty for the scene without one.

    Made once an installation, by a process of its own; ``None`` while it is being made. Raises Http404 for a fault
    nobody knows.
    """
    if fault and fault not in FAULTS:
        raise Http404(f"there is no sample {fault}")
    key = key_of(fault)
    at_work = combining.alive(key)
    made = combining.result(key)  # looked for after its process: one that ends in between has left it
    if made is not None or at_work:
        return made
    if combining.begun(key):  # the process before was killed, or the machine restarted
        combining.forget(key)
    scene = make(SEED, fault=FAULTS.get(fault))
    names = tuple(one.name for one in scene.recordings)
    with suppress(FileExistsError):  # somebody else asked at the same moment
        combining.start(key, Question(names=names, truth=Truth.model_validate(scene.truth())), scene.recordings)
    return combining.result(key)
