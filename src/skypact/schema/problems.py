"""Errors people can act on: which file, which place in it, which value, and what would be accepted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from skypact.schema.base import Model

M = TypeVar("M", bound=BaseModel)


class Problem(Model):
    """One thing that is wrong with an input."""

    file: str
    place: str
    """field path, row or key inside the file; empty for the file as a whole"""
    value: str
    """what was found, shortened"""
    accepted: str
    """what would be accepted"""

    def __str__(self) -> str:
        where = f"{self.file}: {self.place}" if self.place else self.file
        found = f" (found {self.value})" if self.value else ""
        return f"{where}: {self.accepted}{found}"


class InputError(ValueError):
    """An input was refused as a whole; nothing of it was used."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))

    @classmethod
    def single(cls, *, file: str, place: str = "", value: object = "", accepted: str) -> InputError:
        """An error about one place."""
        return cls((Problem(file=file, place=place, value=shown(value), accepted=accepted),))


def parse(model: type[M], data: object, *, file: str, place: str = "") -> M:
    """``data`` as a ``model``, or :class:`InputError` naming every place that does not fit.

    ``file`` names the input for the reader; ``place`` is where in it ``data`` stands (a row number, say).
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InputError(problems_of(error, model=model, file=file, place=place)) from None


def parse_json(model: type[M], text: str | bytes, *, file: str) -> M:
    """The JSON document ``text`` as a ``model``. Raises :class:`InputError`."""
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        raise InputError(problems_of(error, model=model, file=file)) from None


def problems_of(error: ValidationError, *, model: type[BaseModel], file: str, place: str = "") -> tuple[Problem, ...]:
    """The problems in a pydantic error, each with its path, value and what is accepted."""
    return tuple(_problem(detail, model=model, file=file, place=place) for detail in error.errors(include_url=False))


def _problem(detail: ErrorDetails, *, model: type[BaseModel], file: str, place: str) -> Problem:
    path = ".".join(str(part) for part in detail["loc"])
    where = ": ".join(part for part in (place, path) if part)
    kind = detail["type"]
    if kind == "extra_forbidden":
        known = ", ".join(sorted(_fields_at(model, detail["loc"][:-1])))
        return Problem(
            file=file, place=where, value=shown(detail["input"]), accepted=f"unknown field; known here: {known}"
        )
    if kind == "missing":
        return Problem(file=file, place=where, value="", accepted="this field is required")
    if kind == "json_invalid":
        reason = str(detail.get("ctx", {}).get("error", "not JSON"))
        return Problem(file=file, place=where, value="", accepted=f"must be valid JSON: {reason}")
    message = detail["msg"].removeprefix("Value error, ")
    return Problem(file=file, place=where, value=shown(detail["input"]), accepted=message[:1].lower() + message[1:])


def _fields_at(model: type[BaseModel], path: tuple[int | str, ...]) -> Mapping[str, Any]:
    """The field names of the model that stands at ``path`` inside ``model``."""
    current: type[BaseModel] = model
    members: dict[str, type[BaseModel]] = {}
    for part in path:
        if isinstance(part, int):
            continue
        if part in current.model_fields:
            members = {inner.__name__: inner for inner in _models_in(current.model_fields[part].annotation)}
            current = next(iter(members.values()), current)
        else:
            current = members.get(part, current)
    return current.model_fields


def _models_in(annotation: object) -> list[type[BaseModel]]:
    """The models an annotation names: several for a union, in its order."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [inner for argument in get_args(annotation) for inner in _models_in(argument)]


def shown(value: object, *, limit: int = 80) -> str:
    """``value`` as text for an error message, shortened to ``limit`` characters."""
    if value == "":
        return ""
    text = repr(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
