"""JSON documents one after another, cut apart for second decoders whose parser takes one at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: What matters for where a document ends. A text without an end goes on to the last byte, so that time stays linear.
_MARKS = re.compile(rb'"(?:[^"\\]|\\.)*"?|[{}\[\]]', re.DOTALL)


def pieces(data: bytes) -> Iterator[bytes]:
    """Each object or list with what stands before it; at last, what is left over, when it is more than space."""
    depth, start = 0, 0
    for mark in _MARKS.finditer(data):
        if mark[0] in b"{[":
            if not depth and data[start : mark.start()].strip():
                break  # something stands before the document
            depth += 1
        elif mark[0] in b"}]":
            depth -= 1
            if not depth:
                yield data[start : mark.end()]
                start = mark.end()
    if data[start:].strip():
        yield data[start:]
