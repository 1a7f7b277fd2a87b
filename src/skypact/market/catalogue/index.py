"""The search index on disk: one segment a revision, written before the revision commits.

A revision names its segment (:attr:`Revision.segment`): the listings last changed after the segment before it and up
to itself. Whoever can read the revision therefore finds exactly its index: an act that is rolled back or killed leaves
a folder that nobody opens. What is not on this machine is written again from the documents.
"""

from __future__ import annotations

import fcntl
import logging
import secrets
import shutil
import stat
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from skypact.engines.search import Entry, Index, Segment, merge_segments, write_segment
from skypact.market.catalogue.facts import ATTRIBUTES
from skypact.market.catalogue.holding import hold_catalogue
from skypact.market.catalogue.measures import MEASURES
from skypact.market.catalogue.models import Listing, ReleaseLabel, Revision, Vendor
from skypact.schema import InputError

#: More segments than this are merged, all but the first; a search looks into each of them.
MOST_SEGMENTS = 8
#: Fewer changed listings than this are not worth writing the whole index anew.
_WORTH_MERGING = 2_000
#: Folders that no revision names are swept when they are this old: younger ones may belong to an act under way.
_ORPHANED_AFTER_S = 24 * 3600
_TELL_EVERY_S = 5.0

Progress = Callable[[int, int], None]
"""told how many listings of how many are done"""

_log = logging.getLogger(__name__)
_refreshing = threading.Lock()


class Named(NamedTuple):
    """A revision and the segment that it names."""

    number: int
    segment: str


@dataclass(frozen=True)
class Opened:
    """The index of one revision as this process holds it open."""

    named: tuple[Named, ...]
    segments: dict[str, Segment]
    index: Index
    labels: tuple[str, ...]
    """every release label of the catalogue"""
    vendors: dict[str, VendorName]
    """by id; names of vendors are public"""
    answers: dict[Hashable, Any] = field(default_factory=dict)
    """what was asked lately; it goes with the revision"""


class VendorName(NamedTuple):
    """A vendor as lists name it."""

    slug: str
    name: str
    name_ko: str
    nation: str


_opened: Opened | None = None


def folder() -> Path:
    """Where the segments lie."""
    return Path(settings.HOME) / "index"


def current() -> Opened | None:
    """The index of the latest revision; ``None`` before the first.

    One statement, unless the catalogue changed since this process last asked.
    """
    latest = _names().last()
    held = _opened
    if latest is None or (held is not None and held.named[-1] == latest):
        return held if latest else None
    with _refreshing:
        return _refreshed()


def _names() -> QuerySet[Revision, tuple[int, str]]:
    return Revision.objects.exclude(segment="").order_by("number").values_list("number", "segment")


def _named() -> tuple[Named, ...]:
    return tuple(Named(*row) for row in _names())


def _refreshed() -> Opened:
    """Opens what the latest revision names and this process has not open yet; until then the old one serves."""
    global _opened
    while True:
        named = _named()
        if _opened is not None and _opened.named == named:
            return _opened
        segments = _openable(named)
        missing = [place for place, name in enumerate(named) if name.segment not in segments]
        if not missing:
            _opened = _open(named, segments)
        elif _named() == named:  # a segment may also be missing because it was merged into another one meanwhile
            for place in missing:
                _write_again(named[place], after=named[place - 1].number if place else 0)


def _open(named: tuple[Named, ...], segments: dict[str, Segment]) -> Opened:
    labels = tuple(ReleaseLabel.objects.order_by("label").values_list("label", flat=True))
    vendors = Vendor.objects.values_list("slug", "name", "name_ko", "nation")
    return Opened(
        named=named,
        segments=segments,
        index=Index([segments[name.segment] for name in named], MEASURES),
        labels=labels,
        vendors={row[0]: VendorName(*row) for row in vendors},
    )


def _openable(named: Iterable[Named]) -> dict[str, Segment]:
    """Those of the segments that are whole and of this version's attributes."""
    held = {} if _opened is None else _opened.segments
    segments = {}
    for name in named:
        try:
            segment = held.get(name.segment) or Segment.open(folder() / name.segment)
        except InputError as error:
            _log.warning("revision %s of the catalogue: %s", name.number, error)
            continue
        if segment.attributes == ATTRIBUTES:
            segments[name.segment] = segment
    return segments


def _write_again(name: Named, *, after: int) -> None:
    """Writes a segment that is missing or damaged here from the documents; one process at a time does it."""
    with _only_one():
        if _openable([name]):
            return
        rows = Listing.objects.filter(revision__gt=after, revision__lte=name.number)
        shutil.rmtree(folder() / name.segment, ignore_errors=True)
        write_segment(folder() / name.segment, _entries_of(rows, _logged), ATTRIBUTES)


def _logged(done: int, total: int) -> None:
    _log.warning("search index: %s of %s listings read again", f"{done:,}", f"{total:,}")


def _entries_of(rows: QuerySet[Listing], progress: Progress) -> Iterator[Entry]:
    from skypact.market.catalogue.storing import entry_of_row

    total, told = rows.count(), time.monotonic()
    for done, row in enumerate(rows.select_related("vendor").order_by("pk").iterator(chunk_size=500), start=1):
        yield entry_of_row(row)
        if time.monotonic() - told > _TELL_EVERY_S or done == total:
            told = time.monotonic()
            progress(done, total)


@contextmanager
def _only_one() -> Iterator[None]:
    """Holds other processes of this machine back."""
    folder().mkdir(exist_ok=True)
    with (folder() / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def write(revision: Revision, entries: Iterable[Entry]) -> None:
    """Writes the segment of ``revision``, inside the transaction of the act and before it commits."""
    name = _new_name()
    folder().mkdir(exist_ok=True)
    write_segment(folder() / name, entries, ATTRIBUTES)
    named = (*_named(), Named(revision.number, name))
    kept, merged = _merged(named)
    _name(revision.number, merged, instead_of=named[kept:])
    transaction.on_commit(sweep)


def _new_name() -> str:
    return secrets.token_hex(16)


def _merged(named: tuple[Named, ...]) -> tuple[int, str]:
    """How many of ``named`` stay as they are, and the one segment that stands for the others."""
    segments = _openable(named)
    if len(segments) < len(named):  # this machine lacks some: those that have them merge
        return len(named) - 1, named[-1].segment
    parts = [segments[name.segment] for name in named]
    sizes = [len(part) for part in parts]
    changed = sum(sizes[1:])
    if changed * 4 >= sum(sizes) and (changed >= _WORTH_MERGING or len(parts) > MOST_SEGMENTS):
        kept = 0
    elif len(parts) > MOST_SEGMENTS:
        kept = 1
    else:
        return len(named) - 1, named[-1].segment
    name = _new_name()
    merge_segments(folder() / name, parts[kept:])
    return kept, name


def _name(number: int, segment: str, *, instead_of: Iterable[Named]) -> None:
    Revision.objects.filter(number__in=[name.number for name in instead_of]).update(segment="")
    Revision.objects.filter(number=number).update(segment=segment)


def rebuild(progress: Progress) -> int:
    """Writes the whole index anew from the documents and puts it in place; returns how many listings it holds.

    Searches go on with the old one meanwhile, and for good where this is killed.
    """
    latest = Revision.objects.order_by("-number").first()
    if latest is None:
        return 0
    name = _new_name()
    folder().mkdir(exist_ok=True)
    write_segment(folder() / name, _entries_of(Listing.objects.filter(revision__lte=latest), progress), ATTRIBUTES)
    with transaction.atomic():
        hold_catalogue()
        before = [held for held in _named() if held.number <= latest.number]
        _name(latest.number, name, instead_of=before)
        transaction.on_commit(sweep)
    return len(Segment.open(folder() / name))


def sweep() -> None:
    """Removes folders that no revision names and no act under way can still be writing."""
    named = {name.segment for name in _named()}
    oldest = time.time() - _ORPHANED_AFTER_S
    for found in folder().iterdir():
        if found.name not in named and _is_older(found, oldest):
            shutil.rmtree(found, ignore_errors=True)


def _is_older(found: Path, instant: float) -> bool:
    """Whether a folder has not been touched since; one that another act moved or removed just now has."""
    try:
        status = found.stat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_mtime < instant
