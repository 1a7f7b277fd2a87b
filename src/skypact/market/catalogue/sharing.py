"""A large file looked at by several processes: they get its text and give back what is kept of each row.

They are started afresh, so that none holds a connection to the database, and end when this process does.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing import parent_process

from skypact.exchange.catalogue import Batch, Repeats, UnreadableFileError, unreadable
from skypact.market.catalogue.looking import LookedRow, look_through

#: Files of fewer batches than this (2,000 rows) are looked at sooner than a process is started.
WORTH_SHARING = 8
#: Each process needs about 200 MB.
MOST_PROCESSES = 4
#: Batches for each process that are under way or wait to be taken.
UNDER_WAY = 2


def processes() -> int:
    """How many processes look at a large file: one a processor."""
    return min(len(os.sched_getaffinity(0)), MOST_PROCESSES)


def looked_at(batches: Iterator[Batch]) -> Iterator[LookedRow]:
    """The rows of all batches, in order; an id that repeats is a problem of the later row.

    Raises UnreadableFileError where the batches do, after the rows before, and where a process was killed.
    """
    beginning, broken = _beginning(batches)
    count = processes()
    if broken is not None or len(beginning) < WORTH_SHARING or count == 1:
        rows = _here(chain(beginning, batches), broken)
    else:
        rows = _elsewhere(chain(beginning, batches), count)
    repeats = Repeats()
    for row in rows:
        told = [(record.id, record.description) for record in row.records]
        problems = row.unread or repeats.problems(told, row.number)
        yield row._replace(unread=problems) if problems else row


def _beginning(batches: Iterator[Batch]) -> tuple[list[Batch], UnreadableFileError | None]:
    beginning: list[Batch] = []
    try:
        for batch in islice(batches, WORTH_SHARING):
            beginning.append(batch)
    except UnreadableFileError as error:
        return beginning, error
    return beginning, None


def _here(batches: Iterable[Batch], broken: UnreadableFileError | None) -> Iterator[LookedRow]:
    for batch in batches:
        yield from look_through(batch)
    if broken is not None:
        raise broken


def _elsewhere(batches: Iterable[Batch], count: int) -> Iterator[LookedRow]:
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(count, mp_context=context, initializer=end_with_parent)
    waiting: deque[Future[list[LookedRow]]] = deque()
    broken: UnreadableFileError | None = None
    try:
        try:
            for batch in batches:
                if len(waiting) == UNDER_WAY * count:
                    yield from waiting.popleft().result()
                with _uninterrupted():
                    waiting.append(pool.submit(look_through, batch))
        except UnreadableFileError as error:
            broken = error
        while waiting:
            yield from waiting.popleft().result()
    except BrokenProcessPool:
        remedy = "a process that checked the file was ended from outside, perhaps for want of memory: import it again"
        raise unreadable(remedy) from None
    finally:
        pool.shutdown(cancel_futures=True)
    if broken is not None:
        raise broken


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """A process started meanwhile never hears Ctrl-C: this one does, and ends it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def end_with_parent() -> None:
    """Lets this process end when the one that started it does, however that ended."""
    threading.Thread(target=_await_parent, daemon=True).start()


def _await_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
