"""Listings generated from the schema: every field, whatever its type, with texts that files find hard."""

from __future__ import annotations

import types
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MaxLen, MinLen
from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from skypact.schema import Category, Claim, Evidence, Grade, Listing, Money, Offer, PortAttributes, TestRecord
from skypact.schema.base import RELEASE_PATTERN
from skypact.schema.testing import TestScenario

HARD = (
    *("=1+1", "+82", "-AR 1", "@x", "'quoted", "''", "unknown", "Unknown", "'unknown", "yes", "1e5", "0012"),
    *("a,b", 'a"b', "a\nb", "a\r\nb", "a\rb", "애크미 레이더", "_x0041_", "<a>&amp;", "2026-01-05", "\ufffe"),
)
words = (
    st.one_of(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12), st.sampled_from(HARD)
    )
    .map(lambda text: text.strip())
    .filter(lambda text: bool(text.strip("\ufeff")))
)
slugs = st.from_regex(r"[a-z0-9]{2,6}(-[a-z0-9]{1,4})?", fullmatch=True)
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))
BY_PATTERN = {
    r"^https?://\S+$": st.sampled_from(["https://a.example/b?c=1,2", "http://x.example/'=1"]),
    r"^[A-Z]{2}$": st.sampled_from(["KR", "US"]),
    r"^[A-Z]{3}$": st.sampled_from(["KRW", "EUR"]),
    r"^[a-z]{2}$": st.sampled_from(["ko", "en"]),
    r"^[0-9a-f]{64}$": st.integers(0, 99).map(lambda number: f"{number:064x}"),
    "^(AC|DC)$": st.sampled_from(["AC", "DC"]),
    RELEASE_PATTERN: st.sampled_from(["PUBLIC", "REGISTERED", "REL KR"]),
}


@st.composite
def evidences(draw: st.DrawFn) -> dict[str, Any]:
    """Evidence, with its test where the grade wants one."""
    grade = draw(st.sampled_from(list(Grade)))
    observed = draw(days)
    found: dict[str, Any] = {
        "grade": grade.value,
        "source": {"title": draw(words), "date": draw(days)},
        "observed": observed,
        "provenance": draw(st.sampled_from(["source", "derived", "user"])),
        "release": draw(st.sampled_from(["PUBLIC", "REGISTERED", "REL KR,US"])),
    }
    if draw(st.booleans()):
        found["source"]["licence"] = draw(words)
        found["note"] = draw(words)
        found["expires"] = date(observed.year + 1, 1, 1)
    if grade is Grade.TESTED or (grade is Grade.FIELDED and draw(st.booleans())):
        found["test"] = draw(models(TestRecord))
    return found


@st.composite
def claims(draw: st.DrawFn, kind: type, unit: str | None, least: float) -> dict[str, Any]:
    """A claim of a number, text or truth."""
    values: st.SearchStrategy[Any] = {
        float: st.one_of(st.floats(least, 360.0), st.integers(0, 360).map(float)),
        bool: st.booleans(),
        str: words,
    }[kind]
    value = draw(st.one_of(st.none(), values))
    return {**draw(evidences()), "value": value, **({"unit": unit} if unit else {})}


def models(model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    """Documents of a schema model."""
    if issubclass(model, Evidence):
        return evidences()
    if model is Money:
        return st.fixed_dictionaries({"amount": amounts, "currency": st.sampled_from(["KRW", "EUR"])})
    found: dict[str, st.SearchStrategy[Any]] = {}
    optional: dict[str, st.SearchStrategy[Any]] = {}
    for name, field in model.model_fields.items():
        (found if field.is_required() else optional)[name] = values_of(field)
    for left_out in LEFT_OUT.get(model, ()):
        optional.pop(left_out)
    return st.fixed_dictionaries(found, optional=optional)


amounts = st.decimals(0, 10**9, places=2, allow_nan=False)

#: Fields whose values must fit others; each has a sample of its own in the round trip of :mod:`.test_round_trip`.
LEFT_OUT: dict[type[BaseModel], tuple[str, ...]] = {
    Offer: ("quantity_breaks",),
    TestRecord: ("date_to",),
    TestScenario: ("height_max_m", "speed_max_mps", "distance_max_m"),
    PortAttributes: ("voltage_max_v", "frequency_max_hz"),
}


def values_of(field: FieldInfo) -> st.SearchStrategy[Any]:
    """Values of one field."""
    annotation: Any = field.annotation
    optional = get_origin(annotation) in (Union, types.UnionType)
    constraints = list(field.metadata)
    if optional:
        annotation = next(part for part in get_args(annotation) if part is not type(None))
    if hasattr(annotation, "__metadata__"):
        for item in annotation.__metadata__:
            constraints += item.metadata if isinstance(item, FieldInfo) else [item]
        annotation = get_args(annotation)[0]
    if get_origin(annotation) is tuple:
        extra = field.json_schema_extra
        unit = str(extra["x-unit"]) if isinstance(extra, dict) and "x-unit" in extra else None
        inner = get_args(annotation)[0]
        entries = values_of(FieldInfo.from_annotation(inner)) if not _is_claim(inner) else _claims_of(inner, unit)
        return st.lists(entries, min_size=1, max_size=2, unique_by=repr)
    found = _plain(annotation, constraints)
    return st.one_of(st.none(), found) if optional and not field.is_required() else found


def _is_claim(inner: Any) -> bool:
    return isinstance(inner, type) and issubclass(inner, Claim)


def _claims_of(inner: type[Claim[Any]], unit: str | None) -> st.SearchStrategy[dict[str, Any]]:
    kind = next(part for part in get_args(inner.model_fields["value"].annotation) if part is not type(None))
    return claims(kind, unit, -270.0 if unit == "degC" else 0.0)


def _plain(kind: Any, constraints: list[Any]) -> st.SearchStrategy[Any]:
    pattern = next((item.pattern for item in constraints if getattr(item, "pattern", None)), None)
    low = next(
        (item.ge if isinstance(item, Ge) else item.gt for item in constraints if isinstance(item, (Ge, Gt))), None
    )
    high = next(
        (item.le if isinstance(item, Le) else item.lt for item in constraints if isinstance(item, (Le, Lt))), None
    )
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from([item.value for item in kind])
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return models(kind)
    if kind is bool:
        return st.booleans()
    if kind is int:
        return st.integers((low or 0) + 1, min(high or 10**6, 10**6))
    if kind is float:
        return st.floats(1e-3 if low is not None else -100.0, 1.0 if high == 1 else 1e6)
    if kind is date:
        return days
    if kind is Decimal:
        return amounts
    assert kind is str, kind
    if pattern is not None:
        return BY_PATTERN.get(pattern, slugs)
    assert any(isinstance(item, (MinLen, MaxLen)) for item in constraints) or constraints, constraints
    return words


@st.composite
def _listings(draw: st.DrawFn) -> dict[str, Any]:
    """A listing of any category, with what that category needs."""
    names = draw(st.sets(st.sampled_from(sorted(_OPTIONAL)), max_size=5))
    document: dict[str, Any] = {
        "id": draw(slugs),
        "name": draw(words),
        "vendor": "acme",
        "category": "mount",
        "summary": draw(words),
        "evidence": draw(st.lists(evidences(), min_size=1, max_size=2)),
        **{name: draw(values_of(Listing.model_fields[name])) for name in sorted(names)},
    }
    for key, distinct in (("ports", "id"), ("spare_for", "listing"), ("documents", "sha256")):
        entries = document.get(key) or []
        document[key] = list({entry[distinct]: entry for entry in entries}.values())
    return document


_OPTIONAL = {name for name, field in Listing.model_fields.items() if not field.is_required()} - {"nsn"}
assert Category("mount").family not in ("sensor", "defeat", "battery", "aircraft")

listings = _listings()
