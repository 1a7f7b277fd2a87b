"""Errors people can act on: which file, which place in it, which value, and what would be accepted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from skypact.schema.base import PATTERN_MEANING, Model

M = TypeVar("M", bound=BaseModel)
Path = tuple[int | str, ...]


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
    details = error.errors(include_url=False)
    paths = [detail["loc"] for detail in details]
    return tuple(
        _problem(detail, model=model, file=file, place=place)
        for detail in details
        if not (detail["type"] == "too_short" and any(_below(path, detail["loc"]) for path in paths))
    )


def _below(path: Path, parent: Path) -> bool:
    """A list is also reported as too short when its only items are wrong; the items say enough."""
    return len(path) > len(parent) and path[: len(parent)] == parent


def _problem(detail: ErrorDetails, *, model: type[BaseModel], file: str, place: str) -> Problem:
    path = ".".join(str(part) for part in detail["loc"] if not _is_union_tag(part))
    where = ": ".join(part for part in (place, path) if part)
    kind = detail["type"]
    if kind == "missing":
        return Problem(file=file, place=where, value="", accepted="this field is required")
    if kind == "json_invalid":
        reason = str(detail.get("ctx", {}).get("error", "not JSON"))
        return Problem(file=file, place=where, value="", accepted=f"must be valid JSON: {reason}")
    return Problem(file=file, place=where, value=shown(detail["input"]), accepted=_accepted(detail, model))


def _accepted(detail: ErrorDetails, model: type[BaseModel]) -> str:
    """What would be accepted, in words."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return f"unknown field; known here: {', '.join(sorted(_fields_at(model, detail['loc'][:-1])))}"
    if kind == "string_pattern_mismatch" and context["pattern"] in PATTERN_MEANING:
        return f"must be {PATTERN_MEANING[context['pattern']]}"
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return "must be a table of named fields"
    if kind == "too_short":
        return f"needs at least {context['min_length']} item{'s' if context['min_length'] > 1 else ''}"
    if kind == "union_tag_invalid":
        return f"{str(context['discriminator']).strip(chr(39))} must be one of {context['expected_tags']}"
    message = detail["msg"].removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def _is_union_tag(part: int | str) -> bool:
    """Pydantic names the member of a union in the path by its class or tag; all our fields are lower case."""
    return isinstance(part, str) and part[:1].isupper()


def _fields_at(model: type[BaseModel], path: Path) -> Mapping[str, Any]:
    """The field names of the model that stands at ``path`` inside ``model``."""
    members: list[type[BaseModel]] = [model]
    for part in path:
        if isinstance(part, int):
            continue
        tagged = [member for member in members if part in (member.__name__, *_tags(member))]
        if tagged:
            members = tagged
            continue
        found = [member.model_fields[part] for member in members if part in member.model_fields]
        if found:
            members = models_in(found[0].annotation)
    return {name: field for member in members for name, field in member.model_fields.items()}


def _tags(model: type[BaseModel]) -> tuple[Any, ...]:
    field = model.model_fields.get("type")
    return () if field is None else (field.default,)


def models_in(annotation: object) -> list[type[BaseModel]]:
    """The models that an annotation names, however deep."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in models_in(argument)]


def shown(value: object, *, limit: int = 80) -> str:
    """``value`` as text for an error message, shortened to ``limit`` characters."""
    if value == "":
        return ""
    text = repr(value)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
