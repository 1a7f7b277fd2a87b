"""A segment: entries as arrays, written once, mapped into memory by everybody who opens it.

A segment is a folder of ``.npy`` files and ``segment.json``, which names each of them with size and checksum. It comes
into being by a rename, so it is there whole or not at all.
"""

from __future__ import annotations

import json
import os
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from shutil import rmtree
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skypact.engines.search.entries import Attribute, Kind
from skypact.engines.search.strings import Strings
from skypact.schema.problems import InputError

FORMAT = "skypact search segment 1"
HEADER = "segment.json"
ARRAYS = {
    # entries, by collation of their names, then by key
    "keys": np.int64,
    "names_text": np.uint8,
    "names_start": np.int64,
    "vendor": np.int32,
    "vendors_text": np.uint8,
    "vendors_start": np.int64,
    "shelf": np.int64,
    "release": np.int32,
    "withdrawn": np.bool_,
    "lengths": np.int32,
    # words, sorted; the letters typing errors are counted in; pieces inside Hangul words, sorted
    "words_text": np.uint8,
    "words_start": np.int64,
    "letters": np.uint16,
    "letters_start": np.int64,
    "signatures": np.uint64,
    "inner_word": np.int32,
    "inner_byte": np.int32,
    # postings of every word
    "posting_start": np.int64,
    "posting_doc": np.int32,
    "posting_weight": np.uint8,
    # facts: by attribute; then by document, group and falling strength (words: by document and code)
    "fact_doc": np.int32,
    "fact_code": np.int32,
    "fact_condition": np.int32,
    "fact_begins": np.bool_,
    "values_text": np.uint8,
    "values_start": np.int64,
    "numbers": np.float64,
}


@dataclass(frozen=True)
class Header:
    """What a segment says of itself. ``conditions``: release label and expiry (as an ordinal) that facts share.

    ``fact_start``: where each attribute's facts begin; ``value_start``: where its values begin among ``values`` or, for
    a number, ``numbers``; both have one more item than there are attributes.
    """

    attributes: tuple[Attribute, ...]
    labels: tuple[str, ...]
    conditions: tuple[tuple[str, int | None], ...]
    fact_start: tuple[int, ...]
    value_start: tuple[tuple[int, int], ...]


class Segment:
    """Entries as they lie in a folder. Open one with :meth:`open`."""

    def __init__(self, header: Header, arrays: Mapping[str, NDArray[Any]]) -> None:
        self.header, self.arrays = header, arrays
        self.attributes = header.attributes
        self.names = Strings(arrays["names_text"], arrays["names_start"])
        self.vendors = Strings(arrays["vendors_text"], arrays["vendors_start"])
        self.words = Strings(arrays["words_text"], arrays["words_start"])
        self._values = Strings(arrays["values_text"], arrays["values_start"])

    def __len__(self) -> int:
        return len(self.arrays["keys"])

    @classmethod
    def open(cls, folder: Path) -> Segment:
        """The segment in ``folder``, its arrays mapped into memory.

        Raises :class:`InputError`, which names the file, when there is none, it is of another version or damaged.
        """
        header, files = _read_header(folder / HEADER)
        return cls(header, {name: _mapped(folder / f"{name}.npy", name, files) for name in ARRAYS})

    def facts(self, attribute: int) -> slice:
        """Where the facts of an attribute lie."""
        return slice(self.header.fact_start[attribute], self.header.fact_start[attribute + 1])

    def raw_values(self, attribute: int) -> list[bytes]:
        """The values of a word attribute, encoded, by code."""
        begin, end = self.header.value_start[attribute]
        return [self._values.raw(place) for place in range(begin, end)]

    def numbers(self, attribute: int) -> NDArray[np.float64]:
        """The values of a number attribute, ascending, by code."""
        begin, end = self.header.value_start[attribute]
        return self.arrays["numbers"][begin:end]

    @cached_property
    def by_key(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The keys, ascending, and the document of each."""
        order = np.argsort(self.arrays["keys"], kind="stable")
        return self.arrays["keys"][order], order


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A folder beside ``folder`` that takes its place when the block ends well, and goes away when it does not.

    Raises FileExistsError when ``folder`` is there.
    """
    if folder.exists():
        raise FileExistsError(f"{folder} is there already; a segment is written into a new folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
    try:
        yield partial
        partial.chmod(0o755)
        _synced(partial)
        os.rename(partial, folder)
        _synced(folder.parent)
    finally:
        rmtree(partial, ignore_errors=True)


def save(segment: Segment, folder: Path) -> None:
    """Writes the files of ``segment``, the header last, all of them safe on the disk."""
    files = {}
    for name, kind in ARRAYS.items():
        path = folder / f"{name}.npy"
        with path.open("xb") as file:
            np.save(file, np.ascontiguousarray(segment.arrays[name], dtype=kind), allow_pickle=False)
        files[name] = {"bytes": path.stat().st_size, "checksum": _checksum(path)}
    content = {**asdict(segment.header), "files": files}
    with (folder / HEADER).open("x", encoding="utf-8") as file:
        json.dump({"format": FORMAT, "checksum": _sum_of(content), "content": content}, file)
    for path in folder.glob("*.*"):
        _synced(path)


def _read_header(path: Path) -> tuple[Header, dict[str, Any]]:
    def refused(found: object, accepted: str) -> InputError:
        return InputError.single(file=str(path), value=found, accepted=accepted)

    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise refused("nothing", "a segment of the search index") from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise refused(error, "whole JSON; the segment is damaged and must be written again") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        found = data.get("format") if isinstance(data, dict) else data
        raise refused(found, f"{FORMAT!r}; the segment must be written again")
    content: Any = data.get("content")
    if data.get("checksum") != _sum_of(content):
        raise refused(data.get("checksum"), "a header as it was written; the segment is damaged")
    attributes = tuple(
        Attribute(**{**one, "kind": Kind(one["kind"]), "edges": tuple(one["edges"])}) for one in content["attributes"]
    )
    conditions = tuple((label, ordinal) for label, ordinal in content["conditions"])
    values = tuple((begin, end) for begin, end in content["value_start"])
    header = Header(attributes, tuple(content["labels"]), conditions, tuple(content["fact_start"]), values)
    return header, content["files"]


def _mapped(path: Path, name: str, files: Mapping[str, Any]) -> NDArray[Any]:
    wanted = files[name]
    size = path.stat().st_size if path.is_file() else None
    if size != wanted["bytes"]:
        found = "nothing" if size is None else f"{size} bytes"
        raise InputError.single(
            file=str(path), value=found, accepted=f"{wanted['bytes']} bytes; the segment is damaged"
        )
    if (checksum := _checksum(path)) != wanted["checksum"]:
        accepted = f"the checksum {wanted['checksum']:08x}; the segment is damaged"
        raise InputError.single(file=str(path), value=f"{checksum:08x}", accepted=accepted)
    with path.open("rb") as file:
        np.lib.format.read_magic(file)
        shape, _, kind = np.lib.format.read_array_header_1_0(file)
        offset = file.tell()
    if not shape[0]:
        return np.empty(shape, dtype=kind)
    return np.memmap(path, dtype=kind, mode="r", offset=offset, shape=shape).view(np.ndarray)


def _checksum(path: Path) -> int:
    found = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            found = zlib.crc32(block, found)
    return found


def _sum_of(content: object) -> int:
    return zlib.crc32(json.dumps(content, sort_keys=True).encode())


def _synced(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
