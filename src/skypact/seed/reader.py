"""From the short form in which facts are written by hand to full claims.

A vendor file names its sources once::

    [sources.sheet]
    title = "EchoGuard data sheet"
    url = "https://…"
    date = 2023-05-01
    grade = "documented"

and every fact points at one of them, in one of these forms (unit and type come from the schema)::

    mass = { value = 1.25, source = "sheet" }          # one claim
    mass = [{ … }, { … }]                              # several claims side by side
    evidence = "sheet"                                 # evidence without a value
    power_draw = { value = "unknown", source = "sheet" }   # looked for, not public

``grade`` and ``observed`` come from the source unless the fact gives its own, and so does ``test`` where the grade is
``tested``; ``note``, ``expires``, ``release`` and ``provenance`` may be given with the fact.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from skypact.schema import Catalogue, Claim, Evidence, InputError, Listing, ThreatClass, Vendor, parse
from skypact.schema.problems import models_in

_EVIDENCE_FIELDS = ("grade", "observed", "expires", "release", "provenance", "note", "test")


@cache
def catalogue() -> Catalogue:
    """The built-in catalogue. Raises :class:`InputError` naming file and place if a file is wrong."""
    vendors: list[Vendor] = []
    listings: list[Listing] = []
    folder = resources.files("skypact.seed") / "vendors"
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            vendor, items = read_vendor_file(file)
            vendors.append(vendor)
            listings.extend(items)
    return parse(Catalogue, {"vendors": vendors, "listings": listings}, file="seed/vendors")


@cache
def threats() -> tuple[ThreatClass, ...]:
    """The built-in threat classes, in the order of the file."""
    file = resources.files("skypact.seed") / "threats.toml"
    document = _document(file)
    sources = _sources(document, file.name)
    return tuple(
        parse(ThreatClass, _expanded(ThreatClass, entry, sources, f"threats[{number}]", file.name), file=file.name)
        for number, entry in enumerate(document["threats"])
    )


def read_vendor_file(file: Traversable) -> tuple[Vendor, tuple[Listing, ...]]:
    """The vendor and listings of one TOML file. Raises :class:`InputError`."""
    document = _document(file)
    unknown = sorted(set(document) - {"vendor", "sources", "listings"})
    if unknown or "vendor" not in document:
        raise InputError.single(
            file=file.name, place=", ".join(unknown), accepted="top-level tables are vendor, sources and listings"
        )
    sources = _sources(document, file.name)
    vendor = parse(Vendor, _expanded(Vendor, document["vendor"], sources, "vendor", file.name), file=file.name)
    listings = []
    for number, entry in enumerate(document.get("listings", [])):
        place = f"listings[{number}] {entry.get('id', '')}".strip()
        full = _expanded(Listing, {"vendor": vendor.id, **entry}, sources, place, file.name)
        listings.append(parse(Listing, full, file=file.name, place=place))
    return vendor, tuple(listings)


def _document(file: Traversable) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InputError.single(file=file.name, place=str(error), accepted="must be valid TOML") from None


def _sources(document: Mapping[str, Any], file: str) -> dict[str, dict[str, Any]]:
    sources: dict[str, dict[str, Any]] = {}
    for name, entry in document.get("sources", {}).items():
        missing = [field for field in ("title", "date", "grade") if field not in entry]
        if missing:
            raise InputError.single(file=file, place=f"sources.{name}", accepted=f"a source needs {', '.join(missing)}")
        sources[name] = entry
    return sources


def _expanded(model: type[BaseModel], entry: Any, sources: Mapping[str, dict[str, Any]], place: str, file: str) -> Any:
    """``entry`` in the short form as the plain data that ``model`` validates."""
    if not isinstance(entry, Mapping):
        return entry
    full: dict[str, Any] = {}
    for key, value in entry.items():
        field = model.model_fields.get(key)
        full[key] = value if field is None else _field(field, value, sources, f"{place}.{key}", file)
    return full


def _field(field: FieldInfo, value: Any, sources: Mapping[str, dict[str, Any]], place: str, file: str) -> Any:
    models = models_in(field.annotation)
    if not models:
        return value
    inner = models[0]
    many = getattr(field.annotation, "__origin__", None) is tuple
    entries = value if isinstance(value, list) else [value]
    if issubclass(inner, Claim):
        unit = _unit_of(field)
        full = [_claim(entry, unit, sources, place, file) for entry in entries]
    elif issubclass(inner, Evidence):
        full = [_evidence(entry, sources, place, file) for entry in entries]
    else:
        full = [
            _expanded(inner, entry, sources, f"{place}[{number}]" if many else place, file)
            for number, entry in enumerate(entries)
        ]
    return full if many else full[0]


def _claim(
    entry: Any, unit: str | None, sources: Mapping[str, dict[str, Any]], place: str, file: str
) -> dict[str, Any]:
    if not isinstance(entry, Mapping) or "value" not in entry:
        raise InputError.single(
            file=file, place=place, value=entry, accepted='a fact is written { value = …, source = "…" }'
        )
    value = None if entry["value"] == "unknown" else entry["value"]
    rest = {key: item for key, item in entry.items() if key != "value"}
    return {**_evidence(rest, sources, place, file), "value": value, "unit": unit}


def _evidence(entry: Any, sources: Mapping[str, dict[str, Any]], place: str, file: str) -> dict[str, Any]:
    given = {"source": entry} if isinstance(entry, str) else entry
    unknown = sorted(set(given) - {"source", *_EVIDENCE_FIELDS})
    if unknown:
        raise InputError.single(
            file=file, place=f"{place}.{unknown[0]}", accepted=f"known here: source, {', '.join(_EVIDENCE_FIELDS)}"
        )
    name = str(given.get("source", ""))
    if name not in sources:
        raise InputError.single(
            file=file, place=f"{place}.source", value=name, accepted=f"one of {', '.join(sorted(sources))}"
        )
    source = sources[name]
    document = {key: source[key] for key in ("title", "url", "date", "licence") if key in source}
    facts = {key: given[key] for key in _EVIDENCE_FIELDS if key in given}
    full = {"grade": source["grade"], "observed": source["date"], **facts, "source": document}
    if full["grade"] == "tested" and "test" in source:
        full.setdefault("test", source["test"])
    return full


def _unit_of(field: FieldInfo) -> str | None:
    extra = field.json_schema_extra
    return str(extra["x-unit"]) if isinstance(extra, dict) and "x-unit" in extra else None
