"""Changes of fields in JSON and XML samples: left out, unknown, of another type, of a value that cannot be."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import Element  # building only

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


def of_xml(
    document: Element, write: Callable[[Element], bytes], allowed: Allowed, wrong: dict[str, list[str]]
) -> Iterator[Variant]:
    """Every attribute of a document left out, or given one of the ``wrong`` values of its name; every element left out,
    doubled, and with an attribute, a child or a text more."""
    for at, element in enumerate(document.iter()):
        for name in element.attrib:
            for value in (None, *wrong.get(name, [])):
                changed = copy.deepcopy(document)
                attributes = list(changed.iter())[at].attrib
                del attributes[name]
                if value is not None:
                    attributes[name] = value
                what = "left out" if value is None else f"as {value!r}"
                yield Variant(f"{element.tag}/@{name} {what}", write(changed), allowed(f"{element.tag}/@{name}", what))
        changed = copy.deepcopy(document)
        list(changed.iter())[at].set("noSuchAttribute", "1")
        what = "with an unknown attribute"
        yield Variant(f"{element.tag} {what}", write(changed), allowed(element.tag, what))
        changed = copy.deepcopy(document)
        list(changed.iter())[at].text = "text"
        yield Variant(f"{element.tag} with text", write(changed), allowed(element.tag, "with text"))
        for number, child in enumerate(element):
            for what in ("left out", "doubled"):
                changed = copy.deepcopy(document)
                parent = list(changed.iter())[at]
                if what == "doubled":
                    parent.append(copy.deepcopy(parent[number]))
                else:
                    parent.remove(parent[number])
                yield Variant(f"{child.tag} {what}", write(changed), allowed(child.tag, what))


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
