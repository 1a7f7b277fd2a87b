"""Cards: what a list shows of a listing, kept beside its document so that a list page reads no whole documents.

A card holds every claim that any reader on any day may need for the few key figures; who may read which of them, and
which are valid, is decided when it is shown, by the same rules as for the whole record (:mod:`.releasability`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.utils.translation import get_language

from skypact import schema
from skypact.market.catalogue import wording
from skypact.market.catalogue.presentation import Attribute, attribute
from skypact.schema import Category, Listing, SensingTask

FIGURES = 3
"""how many figures a list shows at most"""


class _Said(NamedTuple):
    """One attribute with its claims: ``detail`` is task, target and conditions of a stated range."""

    name: str
    key: str
    claims: tuple[schema.NumberClaim, ...]
    detail: tuple[str, str, str] | None = None


def card_of(record: Listing) -> str:
    """The card of ``record``, as JSON."""
    shown = {
        "name": record.name,
        "name_ko": record.name_ko,
        "vendor": record.vendor,
        "category": record.category.value,
        "summary": record.summary,
        "summary_ko": record.summary_ko,
        "figures": [_written(said) for said in _needed(record)],
    }
    return json.dumps(
        {name: value for name, value in shown.items() if value}, ensure_ascii=False, separators=(",", ":")
    )


def _needed(record: Listing) -> Iterator[_Said]:
    """The attributes that may be shown: what comes after three that everybody always knows never is."""
    certain = 0
    for choices in _preferred(record):
        for said in choices:
            if any(claim.value is not None for claim in said.claims):
                yield said
            if any(_always(claim) for claim in said.claims):
                certain += 1
                break
        if certain == FIGURES:
            return


def _always(claim: schema.NumberClaim) -> bool:
    return claim.value is not None and claim.expires is None and claim.release == "PUBLIC"


def _preferred(record: Listing) -> Iterator[Iterator[_Said]]:
    """The key figures in the order of preference, each with the places where a listing may say it."""
    battery, airframe = record.battery, record.airframe
    yield _ranges(record)
    yield (_Said("frequency_min", f"{key} frequency_min", sensor.frequency_min) for key, sensor in _sensors(record))
    for name in ("energy", "capacity"):
        yield _one(name, "battery", battery and getattr(battery, name))
    yield _one("endurance", "airframe", airframe and airframe.endurance)
    yield _one("voltage_nominal", "battery", battery and battery.voltage_nominal)
    yield _one("mass", "general", record.mass)
    yield _one("power_draw", "general", record.power_draw)


def _one(name: str, part: str, claims: tuple[schema.NumberClaim, ...] | None) -> Iterator[_Said]:
    if claims:
        yield _Said(name, f"{part} {name}", claims)


def _sensors(record: Listing) -> Iterator[tuple[str, schema.Sensor]]:
    """The sensors, each with the key that :mod:`.presentation` gives its section."""
    seen: dict[str, int] = {}
    for sensor in record.sensors:
        kind = sensor.kind.value
        seen[kind] = seen.get(kind, 0) + 1
        yield f"sensor {kind}" + (f" {seen[kind]}" if seen[kind] > 1 else ""), sensor


def _ranges(record: Listing) -> Iterator[_Said]:
    for prefix, sensor in _sensors(record):
        for stated in sensor.ranges:  # not numbered: a number would tell of hidden ones before
            key = f"{prefix} range {stated.task.value} {stated.threat_class or stated.target}"
            yield _Said("range", key, stated.range, (stated.task.value, stated.target, stated.conditions or ""))


def _written(said: _Said) -> dict[str, Any]:
    """As JSON, without the conditions of tests: a list shows the grade, the listing's page the test."""
    claims = [
        claim.model_dump(mode="json", exclude_defaults=True, exclude={"test"})
        for claim in said.claims
        if claim.value is not None
    ]
    written: dict[str, Any] = {"name": said.name, "key": said.key, "claims": claims}
    return written if said.detail is None else {**written, "detail": said.detail}


@dataclass(frozen=True, kw_only=True)
class Card:
    """What a list shows of a listing to one reader on one day."""

    id: str
    name: str
    name_ko: str | None = None
    vendor: str
    category: Category
    summary: str
    summary_ko: str | None = None
    figures: tuple[Attribute, ...]

    @property
    def synthetic(self) -> bool:
        """Whether a generator made the listing."""
        return self.id.startswith("SYN-")


def read_card(slug: str, text: str, *, labels: tuple[str, ...], on: date) -> Card:
    """The card ``text`` of the listing ``slug`` for a reader of ``labels`` on the day ``on``, in his language."""
    return _read(slug, text, labels, on, get_language())


@lru_cache(maxsize=4096)
def _read(slug: str, text: str, labels: tuple[str, ...], on: date, language: str | None) -> Card:
    """The same for one language, which Django takes from the request; the cards last read are kept."""
    kept = json.loads(text)
    figures: dict[str, Attribute] = {}
    for said in kept.pop("figures", ()):
        if said["name"] not in figures and len(figures) < FIGURES:
            shown = _shown(said, labels, on)
            if shown.best is not None:
                figures[said["name"]] = shown
    return Card(id=slug, **{**kept, "category": Category(kept["category"]), "figures": tuple(figures.values())})


def _shown(said: dict[str, Any], labels: tuple[str, ...], on: date) -> Attribute:
    claims = tuple(_claim(claim) for claim in said["claims"] if claim.get("release", "PUBLIC") in labels)
    detail = ""
    if "detail" in said:
        task, target, conditions = said["detail"]
        detail = "; ".join(filter(None, (f"{wording.TASKS[SensingTask(task)]}: {target}", conditions)))
    return attribute(claims, said["key"], said["name"], detail, on)


def _claim(kept: dict[str, Any]) -> schema.NumberClaim:
    """A claim as it was validated when it was stored; validating it again would cost more than all else on a page."""
    dates = {name: date.fromisoformat(kept[name]) for name in ("observed", "expires") if name in kept}
    source = {**kept["source"], "date": date.fromisoformat(kept["source"]["date"])}
    return schema.NumberClaim.model_construct(
        **{
            **kept,
            **dates,
            "grade": schema.Grade(kept["grade"]),
            "unit": schema.Unit(kept["unit"]),
            "provenance": schema.Provenance(kept.get("provenance", "source")),
            "source": schema.Source.model_construct(**source),
        }
    )
