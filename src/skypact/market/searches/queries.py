"""One form for the same question, so that it is kept once and compares equal."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

#: What an address may carry that asks nothing: which page, how long, what is marked to compare.
_NOT_ASKED = frozenset({"page", "page_size", "id", "csrfmiddlewaretoken"})


def canonical(query: str) -> str:
    """``query`` (``q=radar&nation=KR``) in the one form: empty and foreign parts gone, values in order, each once."""
    asked = {(name, value.strip()) for name, value in parse_qsl(query.removeprefix("?")) if name not in _NOT_ASKED}
    return urlencode(sorted((name, value) for name, value in asked if value))
