"""A catalogue file checked row by row, outside any transaction, and kept on disk until it is written.

Reading costs seconds where writing costs little, so nothing here touches the database: what the file refers to outside
itself is noted (:attr:`CheckedFile.references`) and asked of the database by the action that writes.
"""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from os import SEEK_END
from typing import BinaryIO, Literal

from skypact.exchange.catalogue import Foreign, Format, Record, RowProblem, UnreadableFileError, batches, read
from skypact.market.catalogue.kept import Kept, unpacked
from skypact.market.catalogue.looking import Looked, LookedRow, Policy, Reference, look, look_at
from skypact.market.catalogue.sharing import looked_at

#: A report names this many problems and counts the rest.
PROBLEMS_SHOWN = 1_000


#: Hears how many rows are ``checked`` or records ``written`` so far.
Progress = Callable[[Literal["checked", "written"], int], None]

#: Progress is told every so many rows.
STEP = 500


def unheard(doing: Literal["checked", "written"], count: int) -> None:
    """Progress that nobody wants to hear."""


def _spool() -> BinaryIO:
    return tempfile.TemporaryFile()


@dataclass
class CheckedFile:
    """What is good in a file, what is wrong, and what must be asked of the database."""

    name: str
    format: Format | Foreign
    rows: int = 0
    refused: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    """what the catalogue does not carry → how many rows"""
    problems: list[RowProblem] = field(default_factory=list)
    problem_count: int = 0
    unreadable: bool = False
    references: list[Reference] = field(default_factory=list)
    vendors: set[str] = field(default_factory=set)
    listings: set[str] = field(default_factory=set)
    _spools: tuple[BinaryIO, BinaryIO] = field(default_factory=lambda: (_spool(), _spool()))
    """vendors, listings: on disk, so that a large file needs little memory"""

    @property
    def names_vendors_in_passing(self) -> bool:
        """Whether the file gives of its vendors a name and no more, so that what is known of them already stays."""
        return isinstance(self.format, Foreign)

    def refuse(self, problems: tuple[RowProblem, ...]) -> None:
        """Count a refused row and its problems."""
        self.refused += 1
        self.problem_count += len(problems)
        self.problems.extend(problems[: max(0, PROBLEMS_SHOWN - len(self.problems))])

    def keep(self, record: Record, row: int | None) -> None:
        """Take a good record in; a vendor told again is the same vendor (:func:`exchange.catalogue.read` checks)."""
        self.take_in(look_at(record, row))

    def take_in(self, looked: Looked) -> None:
        """The same for a record that was looked at."""
        of_vendors, of_listings = self._spools
        if looked.description is None:
            of_listings.write(looked.pickled)
            self.listings.add(looked.id)
            self.references.extend(looked.references)
        elif looked.id not in self.vendors:
            of_vendors.write(looked.pickled)
            self.vendors.add(looked.id)

    def kept(self, kind: str) -> Iterator[Kept]:
        """The good records of one kind, ``vendor`` or ``listing``, in the order of the file."""
        return _unspooled(self._spools[kind == "listing"])


def _unspooled(spool: BinaryIO) -> Iterator[Kept]:
    """What was put into a spool: this process's own temporary file, which nobody else can write."""
    end = spool.seek(0, SEEK_END)
    spool.seek(0)
    while spool.tell() < end:
        yield unpacked(pickle.load(spool))  # noqa: S301


def check(
    stream: BinaryIO,
    *,
    name: str,
    format: Format | Foreign,  # noqa: A002 (the field's word)
    policy: Policy | None = None,
    progress: Progress = unheard,
) -> CheckedFile:
    """Read the whole file and say what is good in it; ``policy`` adds what else a good record must fulfil."""
    checked = CheckedFile(name=name, format=format)
    try:
        with closing(_rows(stream, name, format, policy)) as rows:
            for row in rows:
                checked.rows += 1
                _take(checked, row)
                if checked.rows % STEP == 0:
                    progress("checked", checked.rows)
    except UnreadableFileError as error:
        checked.unreadable = True
        checked.refuse((error.problem,))
    return checked


def _rows(
    stream: BinaryIO,
    name: str,
    format: Format | Foreign,  # noqa: A002
    policy: Policy | None,
) -> Generator[LookedRow, None, None]:
    """Every row, looked at; where nothing but the rows themselves counts, by several processes."""
    if policy is None and (format is Format.JSONL or format is Format.CSV):
        yield from looked_at(batches(stream, name=name, format=format))
    else:
        for row in read(stream, name=name, format=format):
            yield look(row, policy)


def _take(checked: CheckedFile, row: LookedRow) -> None:
    problems = row.unread or row.problems
    if problems:
        checked.refuse(problems)
        return
    if row.left_out:
        checked.left_out[row.left_out] = checked.left_out.get(row.left_out, 0) + 1
    for record in row.records:
        checked.take_in(record)
