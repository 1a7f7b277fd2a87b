"""Column names of the CSV dialect: a column is a path into a listing.

``mass_kg`` is the first claim of the listing's mass, ``mass_kg.2`` the second, ``sensors.2.ranges.range_km`` the range
of the first stated range of the second sensor: numbers count from 1, and a 1 need not be written. After a claim or an
evidence stands the part of it that the column holds: ``mass_kg.grade``, ``evidence.source_url``, and of the test
behind it: ``mass_kg.test.method``, ``mass_kg.test.scenario.weather``. ``vendor.name`` and its like describe the vendor.
``docs/formats.md`` is the user's page on this.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from skypact.exchange.quantities import HEADER_UNITS
from skypact.schema import Claim, Evidence, Listing, TestRecord, Unit, Vendor

Path = tuple[str | int, ...]

#: The parts of an evidence in the order of its columns, and where each stands in the document.
EVIDENCE_PARTS: dict[str, tuple[str, ...]] = {
    "grade": ("grade",),
    "source_title": ("source", "title"),
    "source_url": ("source", "url"),
    "source_date": ("source", "date"),
    "source_licence": ("source", "licence"),
    "observed": ("observed",),
    "expires": ("expires",),
    "release": ("release",),
    "provenance": ("provenance",),
    "note": ("note",),
}


#: The part of an evidence that has parts of its own: the test behind it.
TEST = "test"


class Holds(Enum):
    """What kind of field a model's attribute is, seen from a flat file."""

    NUMBER_CLAIMS = auto()
    OTHER_CLAIMS = auto()
    EVIDENCE = auto()
    MODEL = auto()
    PLAIN = auto()


@dataclass(frozen=True, slots=True)
class FieldShape:
    """One field of a schema model: what it holds, whether there are several, and of which model or unit."""

    name: str
    holds: Holds
    many: bool
    model: type[BaseModel] | None = None
    unit: Unit | None = None
    may_be_unknown: bool = False
    """a plain value that must be given and may be given as unknown"""

    @property
    def suffix(self) -> str:
        """The unit at the end of the column's name: ``_kg``; empty without unit."""
        spelled = next(iter(HEADER_UNITS[self.unit])) if self.unit is not None else ""
        return f"_{spelled}" if spelled else ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file: where its cells go in the document and how they are read."""

    name: str
    path: Path
    unit: Unit | None = None
    written_in: str | None = None
    may_be_unknown: bool = False
    is_table: bool = False
    """holds nothing but the word unknown: that there is such a part, of which nothing is known"""


class UnknownColumnError(ValueError):
    """A column name that is no path into a listing; the message says what is known there."""


@cache
def shape(model: type[BaseModel]) -> dict[str, FieldShape]:
    """The fields of ``model`` in order."""
    return {name: _field_shape(name, field) for name, field in model.model_fields.items()}


def _field_shape(name: str, field: FieldInfo) -> FieldShape:
    annotation: Any = field.annotation
    optional = get_origin(annotation) in (Union, types.UnionType)
    if optional:
        annotation = next(part for part in get_args(annotation) if part is not type(None))
    many = get_origin(annotation) is tuple
    inner = get_args(annotation)[0] if many else annotation
    if not (isinstance(inner, type) and issubclass(inner, BaseModel)):
        return FieldShape(name, Holds.PLAIN, many, may_be_unknown=optional and field.is_required())
    if issubclass(inner, Claim):
        extra = field.json_schema_extra
        if isinstance(extra, dict) and "x-unit" in extra:
            return FieldShape(name, Holds.NUMBER_CLAIMS, many, inner, Unit(str(extra["x-unit"])))
        return FieldShape(name, Holds.OTHER_CLAIMS, many, inner)
    return FieldShape(name, Holds.EVIDENCE if issubclass(inner, Evidence) else Holds.MODEL, many, inner)


def column(name: str) -> Column:
    """The column called ``name``. Raises :class:`UnknownColumnError`."""
    head, _, rest = name.partition(".")
    if name == "vendor.id":
        return Column(name, ("vendor",))
    if head == "vendor" and rest:
        return _resolve(name, rest.split("."), Vendor, ("vendor",))
    return _resolve(name, name.split("."), Listing, ())


def _resolve(name: str, parts: list[str], model: type[BaseModel], path: Path) -> Column:
    found, written_in = _field_called(parts[0], model)
    if found is None:
        known = ", ".join(field.name + field.suffix for field in shape(model).values())
        raise UnknownColumnError(f"unknown column; known here: {known}")
    path, rest = (*path, found.name), parts[1:]
    if found.many:
        index, rest = _index(rest)
        path = (*path, index)
    if found.holds is Holds.MODEL:
        assert found.model is not None  # noqa: S101 (a MODEL field has a model: see _field_shape)
        short = getattr(found.model, "short_form", None)
        if not rest and short is not None:
            return Column(name, (*path, short))
        if not rest and not any(field.is_required() for field in found.model.model_fields.values()):
            return Column(name, path, is_table=True)
        if not rest:
            raise UnknownColumnError(several(name, found.model))
        return _resolve(name, rest, found.model, path)
    if found.holds is Holds.PLAIN and not rest:
        return Column(name, path, may_be_unknown=found.may_be_unknown)
    if found.holds in (Holds.NUMBER_CLAIMS, Holds.OTHER_CLAIMS) and not rest:
        return Column(name, (*path, "value"), found.unit, written_in, may_be_unknown=True)
    if found.holds is not Holds.PLAIN and len(rest) == 1 and rest[0] in EVIDENCE_PARTS:
        return Column(name, (*path, *EVIDENCE_PARTS[rest[0]]))
    if found.holds is Holds.PLAIN:
        raise UnknownColumnError(f"unknown column; the value of {found.name} has no parts")
    if len(rest) > 1 and rest[0] == TEST:
        return _resolve(name, rest[1:], TestRecord, (*path, TEST))
    known = ", ".join((*EVIDENCE_PARTS, *(f"{TEST}.{field}" for field in shape(TestRecord))))
    raise UnknownColumnError(f"unknown column; known after {parts[0]}: {known}")


def several(name: str, model: type[BaseModel]) -> str:
    """What to do where ``name``, a part of several values, stands as if it were one."""
    inside = ", ".join(f"{name}.{field}" for field in shape(model))
    return f"this holds several values, each in a column of its own: {inside}"


def _field_called(name: str, model: type[BaseModel]) -> tuple[FieldShape | None, str | None]:
    """The field that ``name`` means, and pint's spelling of the unit that the name ends with."""
    fields = shape(model)
    if name in fields:
        return fields[name], None
    for field in sorted(fields.values(), key=lambda item: -len(item.name)):
        if field.unit is not None and name.startswith(f"{field.name}_"):
            spelled = HEADER_UNITS[field.unit].get(name.removeprefix(f"{field.name}_"))
            if spelled is not None:
                return field, spelled
    return None, None


def _index(parts: list[str]) -> tuple[int, list[str]]:
    if parts and parts[0].isascii() and parts[0].isdigit():
        number = int(parts[0])
        if not 1 <= number <= 99:
            raise UnknownColumnError("numbers in a column name count from 1 to 99")
        return number - 1, parts[1:]
    return 0, parts


def template() -> Iterator[str]:
    """The names of the columns, each list with its first entry only, in the order in which they are written.

    The parts of a test stand after the row's own evidence only: after every claim they would be more than a file takes.
    """
    for field in shape(Listing).values():
        yield from _template(field, "")
        if field.holds is Holds.EVIDENCE:
            for inner in shape(TestRecord).values():
                yield from _template(inner, f"{field.name}.{TEST}.")
        if field.name == "vendor":
            for inner in shape(Vendor).values():
                if inner.name != "id":
                    yield from _template(inner, "vendor.")


def _template(field: FieldShape, prefix: str) -> Iterator[str]:
    name = f"{prefix}{field.name}{field.suffix}"
    if field.holds in (Holds.MODEL,) and field.model is not None:
        for inner in shape(field.model).values():
            yield from _template(inner, f"{name}.")
        return
    if field.holds is not Holds.EVIDENCE:
        yield name
    if field.holds is not Holds.PLAIN:
        yield from (f"{name}.{part}" for part in EVIDENCE_PARTS)
