"""A scene made up here, so that anybody sees what a combined picture is; with a fault in one of its sources, too."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.http import Http404
from pydantic import ValidationError

from skypact import __version__
from skypact.conformance.picture import Cause, Truth
from skypact.conformance.picture.scene import make
from skypact.market.pictures import combining
from skypact.market.pictures.working import Question, Result

SEED = 1
#: How addresses name the faults.
FAULTS = {cause.name.lower(): cause for cause in Cause}


def sample(fault: str) -> Result:
    """The made-up picture; ``fault`` is a key of ``FAULTS``, empty for the scene without one.

    Made once an installation, by a process of its own. Raises Http404 for a fault nobody knows.
    """
    if fault and fault not in FAULTS:
        raise Http404(f"there is no sample {fault}")
    path = Path(settings.HOME) / "pictures" / f"sample-{__version__}-{fault or 'sound'}.json"
    with suppress(FileNotFoundError, ValidationError):
        return Result.model_validate_json(path.read_bytes())
    scene = make(SEED, fault=FAULTS.get(fault))
    question = Question(names=tuple(one.name for one in scene.recordings), truth=Truth.model_validate(scene.truth()))
    made = combining.wait_for(question, scene.recordings)
    if made is None:
        raise RuntimeError("the made-up scene could not be combined")
    path.parent.mkdir(mode=0o700, exist_ok=True)
    incoming = path.with_suffix(f".{os.getpid()}")
    incoming.write_text(made.model_dump_json(), encoding="utf-8")
    os.replace(incoming, path)
    return made
