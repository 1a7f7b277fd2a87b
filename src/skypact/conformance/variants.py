"""Changes of fields in JSON and XML samples: left out, unknown, of another type, of a value that cannot be."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from skypact.conformance.standard import Variant

#: Whether the standard allows a change: the path of the field and what was done to it.
Allowed = Callable[[str, str], bool]


def of_json(
    documents: Sequence[Any], write: Callable[[Sequence[Any]], bytes], allowed: Allowed, wrong: dict[str, list[Any]]
) -> Iterator[Variant]:
    """Every field of the documents left out, made another JSON type, or given one of the ``wrong`` values of its name;
    and every object with a field more."""
    for path in list(_paths(documents)):
        name = ".".join("" if isinstance(part, int) else part for part in path[1:]).replace("..", ".").strip(".")
        held = _at(documents, path)
        changes: list[tuple[str, Any]] = [("left out", _LEFT_OUT)]
        changes += [
            (f"as {_kind(other)}", other) for other in ({"a": {"b": []}}, [[[]]]) if type(other) is not type(held)
        ]
        changes += [(f"as {value!r}", value) for value in wrong.get(str(path[-1]), [])]
        if isinstance(held, dict):
            changes.append(("with an unknown field", held | {"noSuchField": 1}))
        for what, value in changes:
            changed = copy.deepcopy(list(documents))
            inside = _at(changed, path[:-1])
            if value is _LEFT_OUT:
                del inside[path[-1]]
            else:
                inside[path[-1]] = value
            yield Variant(f"{path[0]}: {name} {what}", write(changed), allowed(name, what))


_LEFT_OUT = object()


def _kind(value: Any) -> str:
    return "object" if isinstance(value, dict) else "list"


def _paths(documents: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    todo: list[tuple[Any, ...]] = [(number,) for number in range(len(documents))]
    while todo:
        path = todo.pop(0)
        value = _at(documents, path)
        if len(path) > 1:
            yield path
        if isinstance(value, dict):
            todo += [(*path, key) for key in value]
        elif isinstance(value, list):
            todo += [(*path, key) for key in range(len(value))]


def _at(documents: Any, path: tuple[Any, ...]) -> Any:
    for part in path:
        documents = documents[part]
    return documents
