"""Counted comparisons of stored kits: each is made once, by a process of its own, and kept while others are not asked.

A folder ``comparisons/<key>`` holds one: ``request.json``, then ``progress``, and in the end ``result.json`` with its
pictures, or ``failed.txt``. The key stands for the content of both kits, and of
their sensors' listings as the reader may read them.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.utils.translation import gettext

from skypact.market.accounts.models import User
from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.kits import launching, selectors
from skypact.market.kits.models import StoredKit
from skypact.market.reports.comparing import KitComparison
from skypact.market.reports.selectors import watching
from skypact.schema import InputError

#: Comparisons that may wait at once, those of one reader among them (all who are not signed in count as one), and
#: finished ones that are kept.
_WAITING, _OF_ONE, _KEPT = 8, 3, 40
_PAUSE_S = 0.25


class State(StrEnum):
    """Where a comparison stands."""

    WORKING = "working"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True)
class KeptComparison:
    """What is known of a comparison."""

    key: str
    state: State
    done: float = 0.0
    reason: str = ""
    result: dict[str, Any] | None = None


def kept(actor: Actor, before: StoredKit, after: StoredKit, *, again: bool = False) -> KeptComparison:
    """The comparison of two kits as ``actor`` may have it; one that nobody asked for yet is begun.

    ``again`` begins one anew that failed. Raises StateError while too many wait.
    """
    key = key_of(actor, before, after)
    with (launching.folder() / "comparisons.lock").open(
        "ab"
    ) as lock:  # two who ask the same at the same moment begin it once
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = _look(key)
        if found is not None and not (again and found.state is State.FAILED):
            return found
        _begin(key, actor, before.pk, after.pk)
    return KeptComparison(key, State.WORKING)


def picture(key: str, name: str) -> Path | None:
    """A picture of a finished comparison; None where there is none of that name."""
    path = _folder(key) / name
    return path if path.suffix == ".png" and path.is_file() else None


def geojson(key: str) -> str | None:
    """The areas lost and gained of a finished comparison; None before."""
    try:
        return (_folder(key) / "areas.geojson").read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def key_of(actor: Actor, before: StoredKit, after: StoredKit) -> str:
    """What tells one comparison from all others: a listing that changed since asks for another one."""
    listings, missing = watching(actor, before.kit, after.kit)
    told = [before.kit.content_hash(), after.kit.content_hash(), actor.standing, *missing]
    told += [one.model_dump_json(exclude_defaults=True) for one in listings.values()]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:32]


def _root() -> Path:
    path = Path(settings.HOME) / "comparisons"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def _folder(key: str) -> Path:
    return _root() / key


def _job(key: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"skypact:comparison:{key}")


def _look(key: str) -> KeptComparison | None:
    folder = _folder(key)
    if not (folder / "request.json").is_file():
        return None
    if (folder / "result.json").is_file():
        result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
        return KeptComparison(key, State.READY, 1.0, result=result)
    if (folder / "failed.txt").is_file():
        return KeptComparison(key, State.FAILED, reason=(folder / "failed.txt").read_text(encoding="utf-8"))
    if not _working(folder):
        return KeptComparison(key, State.FAILED, reason="The process that counted ended without an answer.")
    done = 0.0
    with suppress(FileNotFoundError):  # not written yet
        done = float((folder / "progress").read_text(encoding="utf-8"))
    return KeptComparison(key, State.WORKING, done)


def _working(folder: Path) -> bool:
    begun = (folder / "request.json").stat().st_mtime
    return launching.alive(_job(folder.name)) or time.time() - begun < launching.STARTING_TIME_S


def _begin(key: str, actor: Actor, before: str, after: str) -> None:
    _make_room(actor.user_id)
    folder = _folder(key)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    request = {"before": before, "after": after, "user": actor.user_id}
    (folder / "request.json").write_text(json.dumps(request), encoding="utf-8")
    start(key)


def start(key: str) -> None:
    """Starts the process that counts."""
    launching.start_process(_job(key), ["kit", "compare", "--kept", key])


def _make_room(user: int | None) -> None:
    """Raises StateError where too many wait; removes the oldest of those that are done or whose process is gone."""
    folders = [path for path in _root().iterdir() if (path / "request.json").is_file()]
    done = [path for path in folders if (path / "result.json").is_file() or (path / "failed.txt").is_file()]
    waiting = [path for path in folders if path not in done and _working(path)]
    over = [path for path in folders if path not in waiting]
    if len(waiting) >= _WAITING:
        raise StateError(
            gettext("{count} comparisons are being counted already; ask again in a moment").format(count=len(waiting))
        )
    mine = [path for path in waiting if _request(path)["user"] == user]
    if len(mine) >= _OF_ONE:
        raise StateError(
            gettext("{count} comparisons that you asked for are being counted; ask again in a moment").format(
                count=len(mine)
            )
        )
    for path in sorted(over, key=lambda path: path.stat().st_mtime)[:-_KEPT]:
        shutil.rmtree(path, ignore_errors=True)


def _request(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "request.json").read_text(encoding="utf-8"))
    return found


def run(key: str) -> None:
    """Counts one comparison; what a process of its own does."""
    folder = _folder(key)
    request = _request(folder)
    actor = Actor.anonymous() if request["user"] is None else Actor.of_user(User.objects.get(pk=request["user"]))
    with launching.working_on(_job(key)), launching.turn(lambda: not folder.is_dir()) as ours:
        if not ours:
            return
        try:
            _count(folder, actor, request["before"], request["after"])
        except InputError as error:
            _write(folder, "failed.txt", str(error))


def _count(folder: Path, actor: Actor, before: str, after: str) -> None:
    from skypact.market.reports import differing  # the engines take seconds to load

    told = float("-inf")

    def progress(done: float) -> None:
        nonlocal told
        if time.monotonic() - told >= _PAUSE_S:
            told = time.monotonic()
            _write(folder, "progress", f"{done:.3f}")

    one, other = (selectors.kit(actor, kit_id).kit for kit_id in (before, after))
    counted = differing.count(KitComparison(one, other), actor=actor, progress=progress)
    result = differing.figures_of(counted) | {"pictures": differing.draw(folder, counted)}
    _write(folder, "areas.geojson", json.dumps(differing.geojson_of(counted)))
    _write(folder, "result.json", json.dumps(result))


def _write(folder: Path, name: str, text: str) -> None:
    """All of the file or none of it."""
    unfinished = folder / f".{name}"
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(folder / name)
