"""JSON documents one after another, read strictly: no key twice, no NaN, nothing left over."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator

_SURROGATE = re.compile(r"\\u[dD][89abABcCdDeEfF]")


def read(data: bytes) -> Iterator[object]:
    """Each document in order; a list's members stand for themselves.

    Raises ``ValueError`` with a sentence at the place where the reading ends.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"Byte {error.start} is not UTF-8.") from None
    decoder = json.JSONDecoder(object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    at = 0
    while (at := _next_token(text, at)) < len(text):
        begun = at
        try:
            found, at = decoder.raw_decode(text, at)
            if _SURROGATE.search(text, begun, at):
                _whole_characters(found)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"JSON breaks off at character {at}: {error}.") from None
        yield from found if isinstance(found, list) else [found]


def _whole_characters(found: object) -> None:
    """JSON can name half of a character, which is no text; Google's parser fails on it."""
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ValueError("a text holds half of a character") from None


def _next_token(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _no_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    read_once = dict(pairs)
    if len(read_once) != len(pairs):
        (twice, _), *_ = Counter(key for key, _ in pairs).most_common(1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return read_once


def _no_constant(said: str) -> object:
    raise ValueError(f"{said} is no number of JSON")
