"""What a live session shows this second: one file a session, replaced as a whole, and when it was heard last.

``SKYPACT_HOME/live/<id>.json`` is written each second by the command that combines; pages only read it. A reader finds
the state before or the state after, never half of one.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from pydantic import BaseModel

#: Data older than this is told to be old, seconds.
STALE_S = 5.0
_ENCODER = DjangoJSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)


@dataclass(frozen=True)
class Heard:
    """The state of a session as it was written last."""

    document: bytes
    """JSON."""
    age_s: float

    @property
    def stale(self) -> bool:
        """Whether the picture shown is older than it should be."""
        return self.age_s > STALE_S

    @property
    def tag(self) -> str:
        """An entity tag of this very state."""
        return f'"{hashlib.sha256(self.document).hexdigest()[:32]}"'


def write(session: UUID, state: BaseModel | Mapping[str, object]) -> None:
    """Replaces the state of ``session``. Raises OSError where it cannot be written."""
    text = state.model_dump_json() if isinstance(state, BaseModel) else _ENCODER.encode(state)
    folder = _folder()
    descriptor, name = tempfile.mkstemp(prefix=".incoming-", dir=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
        os.replace(name, _path(session))
    except OSError:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise


def read(session: UUID) -> Heard | None:
    """The last state of ``session``; ``None`` before the first and after the end."""
    try:
        with _path(session).open("rb") as file:
            age_s = time.time() - os.fstat(file.fileno()).st_mtime
            return Heard(file.read(), max(age_s, 0.0))
    except FileNotFoundError:
        return None


def heard_s(session: UUID) -> float | None:
    """Seconds since ``session`` was heard last; ``None`` where nothing was heard."""
    try:
        return max(time.time() - _path(session).stat().st_mtime, 0.0)
    except FileNotFoundError:
        return None


def forget(session: UUID) -> None:
    """Removes the state of a session that ended."""
    _path(session).unlink(missing_ok=True)


def _folder() -> Path:
    path = Path(settings.HOME) / "live"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def _path(session: UUID) -> Path:
    return _folder() / f"{session}.json"
