"""A listing as people read it: sections of attributes, each with its claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

from django.utils import timesince
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from skypact import schema
from skypact.exchange.catalogue.columns import Holds, shape
from skypact.market.catalogue import evidence, wording
from skypact.schema import Claim, Listing, Model, Sensor


@dataclass(frozen=True)
class ShownClaim:
    """One claim with its value in words."""

    claim: Claim[float] | Claim[str] | Claim[bool]
    text: str
    expired: bool
    relied_on: bool
    """whether this is the claim to rely on"""
    age: str

    @property
    def test(self) -> list[evidence.Fact]:
        """The test behind the value, as label and text."""
        return [] if self.claim.test is None else evidence.test_facts(self.claim.test)

    @property
    def provenance(self) -> str:
        """How the value came to be, where it was not simply read."""
        read = self.claim.provenance is schema.Provenance.SOURCE
        return "" if read else str(wording.PROVENANCES[self.claim.provenance])


@dataclass(frozen=True)
class Attribute:
    """One attribute of a listing: its claims, or none."""

    key: str
    """the same for the same attribute of another listing"""
    label: str
    detail: str
    """what the value holds for: the target of a range, say"""
    claims: tuple[ShownClaim, ...]
    why: str = ""
    """why the claim to rely on is the one, where there was a choice"""

    @property
    def best(self) -> ShownClaim | None:
        """The claim to rely on; ``None`` is unknown."""
        return next((claim for claim in self.claims if claim.relied_on), None)

    @property
    def text(self) -> str:
        """The value to rely on in words."""
        return _("unknown") if self.best is None else self.best.text

    @property
    def expired(self) -> ShownClaim | None:
        """Where the value is unknown because every claim of it has expired: the one that expired last."""
        gone = [shown for shown in self.claims if shown.expired and shown.claim.value is not None]
        return None if self.best is not None else max(gone, key=lambda one: one.claim.expires, default=None)  # type: ignore[arg-type, return-value]  # expired ones have a day


@dataclass(frozen=True)
class Section:
    """Attributes that belong together."""

    key: str
    title: str
    attributes: tuple[Attribute, ...]

    @property
    def known(self) -> list[Attribute]:
        """The attributes of which anybody has said anything."""
        return [attribute for attribute in self.attributes if attribute.claims]

    @property
    def unknown(self) -> list[Attribute]:
        """The attributes of which nobody has said anything."""
        return [attribute for attribute in self.attributes if not attribute.claims]


def name_of(record: Listing | schema.Vendor) -> str:
    """The name in the reader's language."""
    return (record.name_ko if get_language() == "ko" else None) or record.name


def summary_of(record: Listing) -> str:
    """The summary in the reader's language."""
    return (record.summary_ko if get_language() == "ko" else None) or record.summary


def sections(record: Listing, *, on: date) -> list[Section]:
    """Every attribute of ``record``, known or not."""
    found = []
    for number, sensor in enumerate(record.sensors):
        kind = sensor.kind.value
        repeat = sum(earlier.kind is sensor.kind for earlier in record.sensors[:number])
        key = f"sensor {kind}" + (f" {repeat + 1}" if repeat else "")
        ranges = _ranges(sensor, key, on)
        if not ranges and record.category.family != "defeat":
            ranges = [Attribute(f"{key} range", str(wording.FIELDS["range"]), "", ())]
        title = _("Sensor: %(kind)s") % {"kind": wording.SENSOR_KINDS[sensor.kind]}
        found.append(Section(key, title, (*ranges, *_attributes(sensor, key, on))))
    cameras = enumerate(record.imagers, start=1)
    for key, title, model in (
        ("battery", _("Battery"), record.battery),
        ("charger", _("Charger"), record.charger),
        ("airframe", _("Aircraft"), record.airframe),
        ("fusion", _("Fusion"), record.fusion),
        ("motor", _("Motor"), record.motor),
        ("speed_controller", _("Speed controller"), record.speed_controller),
        *(("imager" + (f" {number}" if number > 1 else ""), _("Camera"), imager) for number, imager in cameras),
    ):
        if model is not None:
            found.append(Section(key, title, tuple(_attributes(model, key, on))))
    return [*found, Section("general", _("General"), tuple(_attributes(record, "general", on)))]


def _attributes(model: Model, prefix: str, on: date) -> Iterator[Attribute]:
    for field in shape(type(model)).values():
        if field.holds in (Holds.NUMBER_CLAIMS, Holds.OTHER_CLAIMS):
            yield attribute(getattr(model, field.name), f"{prefix} {field.name}", field.name, "", on)


def _ranges(sensor: Sensor, prefix: str, on: date) -> list[Attribute]:
    """The stated ranges, each by its task and its threat class or, where that is not told, its target."""
    found: list[Attribute] = []
    for stated in sensor.ranges:
        key = f"{prefix} range {stated.task.value} {stated.threat_class or stated.target}"
        repeat = sum(earlier.key.partition(" #")[0] == key for earlier in found)
        key = f"{key} #{repeat + 1}" if repeat else key
        detail = f"{wording.TASKS[stated.task]}: {stated.target}"
        conditions = f"{detail}; {stated.conditions}" if stated.conditions else detail
        found.append(attribute(stated.range, key, "range", conditions, on))
        if stated.target_rcs:
            found.append(attribute(stated.target_rcs, f"{key} target_rcs", "target_rcs", detail, on))
    return found


def attribute(
    claims: tuple[Claim[float], ...] | tuple[Claim[str], ...] | tuple[Claim[bool], ...],
    key: str,
    name: str,
    detail: str,
    on: date,
) -> Attribute:
    """The attribute that ``claims`` tell; ``name`` is the schema's field, ``detail`` what the value holds for."""
    return shown_attribute(claims, key, str(wording.FIELDS[name]), detail, on)


def shown_attribute(
    claims: tuple[Claim[float], ...] | tuple[Claim[str], ...] | tuple[Claim[bool], ...],
    key: str,
    label: str,
    detail: str,
    on: date,
) -> Attribute:
    """The attribute that ``claims`` tell, under any label."""
    best = schema.strongest(claims, on=on)  # type: ignore[misc]  # all claims of a field hold one type
    shown = tuple(
        ShownClaim(
            claim=claim,
            text=wording.value_text(claim.value, claim.unit),
            expired=not claim.valid_on(on),
            relied_on=claim is best,
            age=age(claim.observed, on=on),
        )
        for claim in claims
    )
    why = schema.why(claims, on=on)  # type: ignore[misc]  # all claims of a field hold one type
    return Attribute(key, label, detail, shown, evidence.reason(why))


def age(observed: date, *, on: date) -> str:
    """How long ago ``observed`` was, in the reader's language, to the greatest unit."""
    return _age(observed, on, get_language())


@lru_cache(maxsize=4096)
def _age(observed: date, on: date, language: str | None) -> str:
    """The same for one language, which Django takes from the request; kept, since lists ask for few different days."""
    if observed >= on:
        return _("0 days")
    midnight = time()
    return timesince.timesince(datetime.combine(observed, midnight), datetime.combine(on, midnight), depth=1)
