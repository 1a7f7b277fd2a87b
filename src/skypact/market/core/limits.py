"""How often somebody may ask: one bucket of tokens for each person or address, shared by all worker processes.

A bucket holds ``tokens`` and is filled evenly within ``window_s``; a request takes one. It is kept as the instant at
which it will be full again (the generic cell rate algorithm of ITU-T I.371), in one row of a small SQLite file, and
every request is one statement. The file needs no safety against power loss: a bucket that is lost is a full one.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_SECOND = 1_000_000_000
_SWEEP_EVERY = 1_000
_TAKE = """
    INSERT INTO bucket (key, full_at) VALUES (:key, :now + :token)
    ON CONFLICT (key) DO UPDATE SET full_at = max(:now, min(full_at, :now + :window)) + :token
    WHERE max(:now, min(full_at, :now + :window)) + :token <= :now + :window
    RETURNING full_at
"""


@dataclass(frozen=True)
class Limit:
    """At most ``tokens`` requests at once, and as many within any further ``window_s``."""

    tokens: int
    window_s: int

    @classmethod
    def of_text(cls, text: str) -> Limit | None:
        """``300/60`` is 300 requests in 60 seconds, ``off`` no limit. Raises ImproperlyConfigured."""
        if text == "off":
            return None
        tokens, _, window = text.partition("/")
        if not (tokens.isdecimal() and window.isdecimal() and int(tokens) and int(window)):
            raise ImproperlyConfigured(f"a limit is requests/seconds, such as 300/60, or off; not {text!r}")
        return cls(int(tokens), int(window))


@dataclass(frozen=True)
class Verdict:
    """Whether a request may pass, how many more would at once, and seconds until one more and until all may."""

    allowed: bool
    left: int
    next_s: int
    full_s: int


class Buckets:
    """The buckets in one file. Threads and processes may share it; each has a connection of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._own = threading.local()

    def take(self, key: str, limit: Limit, *, now_ns: int) -> Verdict:
        """Take a token of ``key`` at the instant ``now_ns`` (nanoseconds since 1970), if there is one."""
        token = limit.window_s * _SECOND // limit.tokens
        window = token * limit.tokens
        connection = self._connection(now_ns)
        given = {"key": key, "now": now_ns, "token": token, "window": window}
        taken = connection.execute(_TAKE, given).fetchone()
        if taken:
            until_full = taken[0] - now_ns
        else:
            held = connection.execute("SELECT full_at FROM bucket WHERE key = ?", [key]).fetchone()
            if held is None:  # it was full meanwhile, and somebody with a later clock swept it out
                return self.take(key, limit, now_ns=now_ns)
            until_full = min(held[0] - now_ns, window)
        left = (window - until_full) // token
        return Verdict(
            allowed=taken is not None,
            left=left,
            next_s=0 if left else _seconds(until_full + token - window),
            full_s=_seconds(until_full),
        )

    def _connection(self, now_ns: int) -> sqlite3.Connection:
        own = self._own
        if getattr(own, "process", None) != os.getpid():  # a fork may not share its parent's connection
            own.connection = self._opened()
            own.process, own.taken = os.getpid(), 0
        if own.taken % _SWEEP_EVERY == 0:
            own.connection.execute("DELETE FROM bucket WHERE full_at <= ?", [now_ns])
        own.taken += 1
        return own.connection

    def _opened(self) -> sqlite3.Connection:
        """A new connection. Only one is opened at a time: SQLite refuses, without waiting, who finds another one
        changing the journal of a new file."""
        with open(self._path.with_name(f"{self._path.name}.lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            connection = sqlite3.connect(self._path, isolation_level=None, timeout=20)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS bucket (key TEXT PRIMARY KEY, full_at INTEGER) WITHOUT ROWID"
            )
            return connection


def _seconds(nanoseconds: int) -> int:
    """Whole seconds, rounded up: who waits so long waits long enough."""
    return max(0, -(-nanoseconds // _SECOND))
