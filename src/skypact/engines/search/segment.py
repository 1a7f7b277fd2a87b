"""A segment: entries written once, opened by many."""

from __future__ import annotations

import os
import pickle
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from skypact.engines.search.entries import Attribute, Entry, attributes_by_name, check_fact
from skypact.schema.problems import InputError


class Segment:
    """Entries as they lie in a folder. Open one with :meth:`open`."""

    def __init__(self, folder: Path, attributes: tuple[Attribute, ...], entries: tuple[Entry, ...]) -> None:
        self.folder, self.attributes, self.entries = folder, attributes, entries

    def __len__(self) -> int:
        return len(self.entries)

    @classmethod
    def open(cls, folder: Path) -> Segment:
        """The segment in ``folder``. Raises :class:`InputError` when there is none or it is damaged."""
        path = folder / "segment.pickle"
        if not path.is_file():
            raise InputError.single(file=str(path), accepted="a segment of the search index")
        attributes, entries = pickle.loads(path.read_bytes())  # noqa: S301
        return cls(folder, attributes, entries)


def write_segment(folder: Path, entries: Iterable[Entry], attributes: Sequence[Attribute]) -> None:
    """Writes ``entries`` into a new ``folder``, whole or not at all.

    Raises FileExistsError when ``folder`` is there, ValueError when two entries have one key or a fact does not fit
    the attributes.
    """
    named = attributes_by_name(attributes)
    kept: dict[int, Entry] = {}
    for entry in entries:
        if entry.key in kept:
            raise ValueError(f"two entries have the key {entry.key}")
        for fact in entry.facts:
            check_fact(fact, named)
        kept[entry.key] = entry
    _write(folder, tuple(attributes), tuple(kept.values()))


def merge_segments(folder: Path, segments: Sequence[Segment]) -> None:
    """Writes what ``segments`` (earlier ones first) amount to into a new ``folder``; withdrawals are kept.

    Raises ValueError when their attributes differ, FileExistsError when ``folder`` is there.
    """
    if not segments or any(segment.attributes != segments[0].attributes for segment in segments):
        raise ValueError("segments to merge must have the same attributes, and there must be one")
    kept = {entry.key: entry for segment in segments for entry in segment.entries}
    _write(folder, segments[0].attributes, tuple(kept.values()))


def _write(folder: Path, attributes: tuple[Attribute, ...], entries: tuple[Entry, ...]) -> None:
    if folder.exists():
        raise FileExistsError(f"{folder} is there already; a segment is written into a new folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    (partial / "segment.pickle").write_bytes(pickle.dumps((attributes, entries)))
    os.rename(partial, folder)
