"""What a listing can be found, counted and sorted by, each fact with who may know it and until when it holds.

The attributes are those of the search engine (:mod:`skypact.engines.search`); numbers are in SI units. A range, a
frequency or a flag belongs to one sensor: its claims form one group, within which the strongest valid claim counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from itertools import product

from skypact.engines.search import Attribute, Fact, Kind
from skypact.schema import (
    Airframe,
    AssuranceScore,
    Battery,
    Claim,
    Evidence,
    Grade,
    Listing,
    Model,
    Offer,
    Port,
    PortAttributes,
    PortKind,
    PortRole,
    SensingTask,
    Sensor,
    Unit,
)

AnyClaim = Claim[float] | Claim[str] | Claim[bool]

#: Currencies whose prices have a column of their own; others are named by the facet ``currency`` only. A price is
#: never converted here: it counts in the currency in which it is quoted.
PRICED_IN = ("EUR", "USD", "GBP", "KRW", "UAH", "PLN")
_PRICE_EDGES = (100.0, 1e3, 1e4, 1e5, 1e6)
_PRICE_EDGES_KRW = (1e5, 1e6, 1e7, 1e8, 1e9)

#: IEEE 521-2019, table 1: letter bands from their lower limit in Hz to the next one's.
_BANDS = (
    (3e6, "HF"),
    (30e6, "VHF"),
    (300e6, "UHF"),
    (1e9, "L"),
    (2e9, "S"),
    (4e9, "C"),
    (8e9, "X"),
    (12e9, "Ku"),
    (18e9, "K"),
    (27e9, "Ka"),
    (40e9, "V"),
    (75e9, "W"),
    (110e9, "mm"),
)
_ABOVE_BANDS = 300e9

#: What decides how a data port mates, as one word: for :func:`skypact.market.catalogue.selectors.with_port`, no facet.
PORT = "data_port"


def _number(name: str, unit: Unit | str, *edges: float, least: bool = False) -> Attribute:
    return Attribute(name, Kind.NUMBER, str(unit), "min" if least else "max", edges)


ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute("family", Kind.WORD),
    Attribute("category", Kind.WORD),
    Attribute("sensor_kind", Kind.WORDS),
    _number("range", Unit.METRE, 500, 1e3, 2e3, 3e3, 5e3, 1e4, 2e4),
    Attribute("threat_class", Kind.WORDS),
    Attribute("interface", Kind.WORDS),
    Attribute("interface_version", Kind.WORDS),
    Attribute(PORT, Kind.WORDS),
    Attribute("nation", Kind.WORD),
    Attribute("vendor", Kind.WORD),
    Attribute("grade", Kind.WORD),
    Attribute("assurance", Kind.WORDS),
    Attribute("document", Kind.WORDS),
    Attribute("price", Kind.WORD),
    Attribute("currency", Kind.WORDS),
    *(
        _number(f"price_{code.lower()}", code, *(_PRICE_EDGES_KRW if code == "KRW" else _PRICE_EDGES), least=True)
        for code in PRICED_IN
    ),
    Attribute("in_stock", Kind.WORD),
    _number("lead_time", "d", 7, 14, 30, 60, 90, 180, least=True),
    Attribute("band", Kind.WORDS),
    _number("lowest_frequency", Unit.HERTZ, 1e8, 4e8, 1e9, 2e9, 4e9, 8e9, 12e9, 18e9, 27e9, 40e9, least=True),
    _number("highest_frequency", Unit.HERTZ, 1e8, 4e8, 1e9, 2e9, 4e9, 8e9, 12e9, 18e9, 27e9, 40e9),
    _number("azimuth", Unit.DEGREE, 60, 90, 120, 180, 360),
    _number("tracks", Unit.COUNT, 10, 50, 100, 200, 500),
    Attribute("locates", Kind.WORDS),
    Attribute("emits", Kind.WORDS),
    Attribute("decodes_content", Kind.WORD),
    _number("mass", Unit.KILOGRAM, 0.1, 0.5, 1, 5, 10, 20, 50, 100),
    _number("power_draw", Unit.WATT, 5, 10, 50, 100, 200, 500, 1e3),
    _number("lowest_temperature", Unit.CELSIUS, -40, -30, -20, -10, 0, least=True),
    _number("highest_temperature", Unit.CELSIUS, 40, 45, 50, 55, 60, 70),
    Attribute("ingress_protection", Kind.WORD),
    Attribute("chemistry", Kind.WORD),
    _number("cells", Unit.COUNT, 2, 3, 4, 5, 6, 7, 8, 12, 14),
    _number("capacity", Unit.AMPERE_HOUR, 1, 2, 5, 10, 16, 22, 30),
    _number("energy", Unit.WATT_HOUR, 20, 50, 100, 200, 500, 1e3),
    _number("voltage", Unit.VOLT, 7, 11, 14, 18, 22, 26, 36, 44),
    Attribute("connector", Kind.WORD),
    Attribute("airframe", Kind.WORD),
    _number("endurance", Unit.SECOND, 900, 1800, 3600, 7200, 14400),
    _number("payload", Unit.KILOGRAM, 0.25, 0.5, 1, 2, 5, 10),
    _number("takeoff_mass", Unit.KILOGRAM, 0.25, 0.9, 2, 4, 10, 25),
    _number("link_range", Unit.METRE, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4),
    Attribute("component_origin", Kind.WORDS),
    Attribute("declaration", Kind.WORDS),
    Attribute("nsn", Kind.WORD),
    Attribute("provenance", Kind.WORDS),
    Attribute("licence", Kind.WORDS),
    Attribute("synthetic", Kind.WORD),
)

NAMES: Mapping[str, Attribute] = {attribute.name: attribute for attribute in ATTRIBUTES}
FACETS = tuple(one.name for one in ATTRIBUTES if one.kind is not Kind.NUMBER and one.name != PORT)
NUMBERS = tuple(attribute.name for attribute in ATTRIBUTES if attribute.kind is Kind.NUMBER)

_RANKS = {grade: grade.rank for grade in Grade}
_UNITS = {unit.value: unit for unit in Unit}


def unit_of(name: str) -> Unit | None:
    """The unit of a number; ``None`` for money and days, which have none in the data model."""
    return _UNITS.get(NAMES[name].unit)


#: Attribute → the field whose claims tell it.
_OF_LISTING = {
    "mass": "mass",
    "power_draw": "power_draw",
    "lowest_temperature": "temperature_min",
    "highest_temperature": "temperature_max",
    "ingress_protection": "ingress_protection",
    "decodes_content": "decodes_content",
}
_OF_SENSOR = {
    "lowest_frequency": "frequency_min",
    "highest_frequency": "frequency_max",
    "azimuth": "azimuth_coverage",
    "tracks": "tracks_max",
    "locates": "locates",
    "emits": "emits",
}
_OF_BATTERY = {
    "chemistry": "chemistry",
    "connector": "connector",
    "cells": "cells_series",
    "capacity": "capacity",
    "energy": "energy",
    "voltage": "voltage_nominal",
}
_OF_AIRFRAME = {
    "endurance": "endurance",
    "payload": "payload_max",
    "takeoff_mass": "takeoff_mass_max",
    "link_range": "link_range",
}


def facts_of(listing: Listing) -> list[Fact]:
    """Every fact of ``listing`` except its vendor's nation, which the listing does not hold."""
    return [*_placed(listing), *_measured(listing), *_connected(listing), *_offered(listing), *_known(listing)]


def _placed(listing: Listing) -> Iterator[Fact]:
    yield Fact("family", listing.category.family)
    yield Fact("category", listing.category.value)
    yield Fact("vendor", listing.vendor)
    yield Fact("synthetic", "yes" if listing.synthetic else "no")
    if listing.nsn is not None:
        yield Fact("nsn", "yes")


def _measured(listing: Listing) -> Iterator[Fact]:
    for name, field in _OF_LISTING.items():
        yield from _claimed(name, getattr(listing, field))
    group = 0
    for number, sensor in enumerate(listing.sensors):
        yield Fact("sensor_kind", sensor.kind.value)
        yield from _sensed(sensor, number)
        for stated in sensor.ranges:
            group += 1
            if stated.task is SensingTask.DETECT:
                yield from _claimed("range", stated.range, group)
            if stated.threat_class is not None:
                yield from (_carried("threat_class", stated.threat_class, claim) for claim in _valued(stated.range))
    if listing.battery is not None:
        yield from _stored_energy(listing.battery)
    if listing.airframe is not None:
        yield from _flown(listing.airframe)


def _sensed(sensor: Sensor, group: int) -> Iterator[Fact]:
    for name, field in _OF_SENSOR.items():
        yield from _claimed(name, getattr(sensor, field), group)
    yield from bands(sensor)


def _stored_energy(battery: Battery) -> Iterator[Fact]:
    for name, field in _OF_BATTERY.items():
        yield from _claimed(name, getattr(battery, field))
    for claim in _valued(battery.cell_origin):
        yield _carried("component_origin", str(claim.value), claim)


def _flown(airframe: Airframe) -> Iterator[Fact]:
    if airframe.kind is not None:
        yield Fact("airframe", airframe.kind.value)
    for name, field in _OF_AIRFRAME.items():
        yield from _claimed(name, getattr(airframe, field))


def bands(sensor: Sensor) -> Iterator[Fact]:
    """The IEEE letter bands in which a sensor works.

    A limit alone names its own band; two limits name all between, for readers who may know both of them.
    """
    low, high = _valued(sensor.frequency_min), _valued(sensor.frequency_max)
    for claim in (*low, *high):
        assert isinstance(claim.value, float)  # noqa: S101 (frequencies are numbers)
        yield from (_carried("band", name, claim) for name in band_names(claim.value, claim.value))
    for first, last in product(low, high):
        label = _both(first.release, last.release)
        if label is not None and first.value < last.value:  # type: ignore[operator]
            expires = min((day for day in (first.expires, last.expires) if day is not None), default=None)
            for name in band_names(first.value, last.value):  # type: ignore[arg-type]
                yield Fact("band", name, label, expires)


def band_names(low_hz: float, high_hz: float) -> list[str]:
    """The letter bands of IEEE 521-2019 that hold some frequency from ``low_hz`` to ``high_hz``."""
    ends = (*(start for start, _ in _BANDS[1:]), _ABOVE_BANDS)
    return [name for (start, name), end in zip(_BANDS, ends, strict=True) if low_hz < end and high_hz >= start]


def _both(first: str, last: str) -> str | None:
    """The label of what two statements say together; ``None`` where no label says who may know both."""
    if first == last or last == "PUBLIC":
        return first
    return last if first == "PUBLIC" else None


def _connected(listing: Listing) -> Iterator[Fact]:
    for port in listing.ports:
        if port.kind is PortKind.DATA:
            yield from _spoken(port)
    for component in listing.components:
        if component.country is not None:
            yield _carried("component_origin", component.country, component.evidence)
    for declaration in listing.declarations:
        yield _carried("declaration", declaration.regime, declaration.evidence)
    for document in listing.documents:
        yield _carried("document", document.kind.value, document.evidence)
    for rated in listing.scores:
        if rated.score is not None:
            yield _carried("assurance", assurance(rated), rated.evidence)


def _spoken(port: Port) -> Iterator[Fact]:
    yield _carried("interface", port.standard, port.evidence)
    yield _carried(PORT, port_text(port), port.evidence)
    if port.version is not None:
        yield _carried("interface_version", f"{port.standard} {port.version}", port.evidence)


def port_text(port: Port) -> str:
    """A data port as far as it decides what mates with it."""
    known = port.attributes
    said = (port.standard, port.version, port.profile, port.role.value, known.messages, known.transport)
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=10_000)
def port_of(text: str) -> Port:
    """The port that :func:`port_text` wrote, of nobody in particular and without evidence."""
    standard, version, profile, role, messages, transport = json.loads(text)
    return Port.model_construct(
        id="port",
        kind=PortKind.DATA,
        standard=standard,
        version=version,
        profile=profile,
        role=PortRole(role),
        attributes=PortAttributes(messages=tuple(messages), transport=transport),
    )


def assurance(rated: AssuranceScore) -> str:
    """Use case and band of its score, as a value to filter by: ``point static micro-multirotor 8-10``."""
    case, score = rated.use_case, rated.score or 0
    band = "8-10" if score >= 8 else "5-7" if score >= 5 else "1-4"
    return f"{case.extent.value} {case.mobility.value} {case.threat_class} {band}"


def _offered(listing: Listing) -> Iterator[Fact]:
    for group, offer in enumerate(listing.offers):
        label, until = offer.evidence.release, _ends(offer)
        if offer.price is not None:
            code = offer.price.currency
            yield Fact("price", "yes", label, until)
            yield Fact("currency", code, label, until)
            if code in PRICED_IN:
                yield Fact(f"price_{code.lower()}", float(offer.price.amount), label, until, group=group)
        if offer.stock is not None:
            held = offer.stock > 0  # one seller who has it is enough
            yield Fact("in_stock", "yes" if held else "no", label, until, strength=int(held))
        if offer.lead_time_days is not None:
            yield Fact("lead_time", float(offer.lead_time_days), label, until, group=group)


def _ends(offer: Offer) -> date | None:
    """The first day on which the offer no longer holds; ``valid_until`` is its last good day."""
    after = None if offer.valid_until is None else offer.valid_until + timedelta(days=1)
    return min((day for day in (offer.evidence.expires, after) if day is not None), default=None)


def _known(listing: Listing) -> Iterator[Fact]:
    """How well the listing is known: best grade, provenance and licence of what is said of it."""
    said = [claim for claim in claims(listing) if claim.value is not None]
    # a listing makes up to a hundred claims in a handful of ways; members of an enumeration are told apart by identity
    ways = {(id(item.grade), id(item.provenance), item.release, item.expires): item for item in said}
    found: dict[Fact, None] = {}
    for claim in ways.values():
        found[_carried("grade", claim.grade.value, claim, _RANKS[claim.grade])] = None
    for evidence in (*ways.values(), *listing.evidence):
        found[_carried("provenance", evidence.provenance.value, evidence)] = None
    for evidence in listing.evidence:
        if evidence.source.licence is not None:
            found[_carried("licence", evidence.source.licence, evidence)] = None
    return iter(found)


def _claimed(name: str, said: Iterable[AnyClaim], group: int = 0) -> Iterator[Fact]:
    """The facts of one field; the engine picks the strongest that a reader may see, as ``schema.strongest`` does."""
    for claim in said:
        value = claim.value
        if isinstance(value, bool):
            value = "yes" if value else "no"
        if value is not None:
            strength = _RANKS[claim.grade] * 10_000_000 + claim.observed.toordinal()
            yield Fact(name, value, claim.release, claim.expires, strength, group)


def _valued(said: Iterable[AnyClaim]) -> list[AnyClaim]:
    return [claim for claim in said if claim.value is not None]


def _carried(name: str, value: str, evidence: Evidence, strength: int = 0) -> Fact:
    return Fact(name, value, evidence.release, evidence.expires, strength)


def claims(model: Model) -> list[AnyClaim]:
    """Every claim inside ``model``."""
    found: list[AnyClaim] = []
    _gather(model, found)
    return found


def _gather(model: Model, found: list[AnyClaim]) -> None:
    for value in model.__dict__.values():
        if not value:
            continue
        if type(value) is tuple:
            if isinstance(value[0], Claim):
                found.extend(value)
            elif isinstance(value[0], Model):
                for item in value:
                    _gather(item, found)
        elif isinstance(value, Claim):
            found.append(value)
        elif isinstance(value, Model) and not isinstance(value, Evidence):
            _gather(value, found)
