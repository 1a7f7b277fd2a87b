"""Words for what differs between two versions of a listing: fields, parts, values, evidence."""

from __future__ import annotations

from datetime import date
from enum import Enum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from skypact.market.catalogue import wording
from skypact.schema import (
    AssuranceScore,
    Claim,
    Component,
    Declaration,
    Document,
    Evidence,
    Model,
    Offer,
    Port,
    QuantityBreak,
    Sensor,
    SpareFor,
    StatedRange,
)

#: Fields of the schema that hold no claims, by name; those that do are in the catalogue's words.
FIELDS = {
    "airframe": gettext_lazy("Aircraft"),
    "amount": gettext_lazy("Amount"),
    "attributes": gettext_lazy("Details"),
    "bandwidth_hz": gettext_lazy("Occupied bandwidth (Hz)"),
    "category": gettext_lazy("Category"),
    "charger": gettext_lazy("Charger"),
    "code": gettext_lazy("Code"),
    "components": gettext_lazy("Component"),
    "conditions": gettext_lazy("Conditions"),
    "conducted_by": gettext_lazy("Conducted by"),
    "refuted": gettext_lazy("Refuted by a test"),
    "statement": gettext_lazy("Signed statement of a lab"),
    "connections_max": gettext_lazy("Most connections"),
    "consumable": gettext_lazy("Consumable"),
    "country": gettext_lazy("Country"),
    "currency": gettext_lazy("Currency"),
    "current": gettext_lazy("Kind of current"),
    "current_max_a": gettext_lazy("Greatest current (A)"),
    "data_rate_max_bit_s": gettext_lazy("Greatest data rate (bit/s)"),
    "date": gettext_lazy("Date"),
    "date_from": gettext_lazy("From"),
    "date_to": gettext_lazy("To"),
    "declarations": gettext_lazy("Declaration"),
    "distance_max_m": gettext_lazy("Greatest distance (m)"),
    "distance_min_m": gettext_lazy("Least distance (m)"),
    "documents": gettext_lazy("Document"),
    "drone_type": gettext_lazy("Drone type"),
    "drones": gettext_lazy("Drones at once"),
    "environment": gettext_lazy("Surroundings"),
    "evidence": gettext_lazy("Source"),
    "expires": gettext_lazy("Expires"),
    "extent": gettext_lazy("What is protected"),
    "flight_plan": gettext_lazy("Flight plan"),
    "frequency_max_hz": gettext_lazy("Highest frequency (Hz)"),
    "frequency_min_hz": gettext_lazy("Lowest frequency (Hz)"),
    "function": gettext_lazy("Function"),
    "fusion": gettext_lazy("Fusion"),
    "grade": gettext_lazy("Grade of evidence"),
    "height_max_m": gettext_lazy("Greatest height (m)"),
    "height_min_m": gettext_lazy("Least height (m)"),
    "id": gettext_lazy("Identifier"),
    "imagers": gettext_lazy("Camera of the payload"),
    "interference": gettext_lazy("Interference"),
    "kind": pgettext_lazy("field", "Kind"),
    "language": gettext_lazy("Language"),
    "lead_time_days": gettext_lazy("Lead time (days)"),
    "licence": gettext_lazy("Licence"),
    "listing": gettext_lazy("Listing"),
    "load_max_kg": gettext_lazy("Greatest load (kg)"),
    "maker": gettext_lazy("Maker"),
    "media_type": gettext_lazy("File type"),
    "messages": gettext_lazy("Messages"),
    "method": gettext_lazy("Method"),
    "metrics": gettext_lazy("Result"),
    "mobility": gettext_lazy("Mobility"),
    "motor": gettext_lazy("Motor"),
    "name": gettext_lazy("Name"),
    "name_ko": gettext_lazy("Korean name"),
    "nation": gettext_lazy("Nation"),
    "ncage": gettext_lazy("NCAGE"),
    "note": gettext_lazy("Note"),
    "nsn": gettext_lazy("NATO stock number"),
    "observed": gettext_lazy("Observed on"),
    "offers": gettext_lazy("Offer"),
    "part": gettext_lazy("Part"),
    "part_number": gettext_lazy("Part number"),
    "place": gettext_lazy("Place"),
    "ports": pgettext_lazy("field", "Port"),
    "power_max_w": gettext_lazy("Greatest power (W)"),
    "power_total_max_w": gettext_lazy("Greatest power over all connections (W)"),
    "price": gettext_lazy("Price"),
    "profile": gettext_lazy("Profile"),
    "provenance": gettext_lazy("Provenance"),
    "quantity": gettext_lazy("Quantity"),
    "quantity_breaks": gettext_lazy("Price from a quantity on"),
    "quantity_per_year": gettext_lazy("Quantity a year"),
    "radiated_power_max_w": gettext_lazy("Greatest radiated power (W)"),
    "ranges": gettext_lazy("Range"),
    "regime": gettext_lazy("Regime"),
    "release": gettext_lazy("Release"),
    "role": gettext_lazy("Role"),
    "scenario": gettext_lazy("Test scenario"),
    "score": gettext_lazy("Score"),
    "scores": gettext_lazy("Assurance score"),
    "seller": gettext_lazy("Seller"),
    "sensors": gettext_lazy("Sensor"),
    "sha256": gettext_lazy("SHA-256"),
    "share": gettext_lazy("Share of the value"),
    "size_bytes": gettext_lazy("Size (bytes)"),
    "source": gettext_lazy("Source"),
    "spare_for": gettext_lazy("Spare part for"),
    "speed_controller": gettext_lazy("Speed controller"),
    "speed_max_mps": gettext_lazy("Greatest speed (m/s)"),
    "speed_min_mps": gettext_lazy("Least speed (m/s)"),
    "standard": gettext_lazy("Standard"),
    "stock": gettext_lazy("Stock"),
    "substitutes": gettext_lazy("Declared substitutes"),
    "summary": gettext_lazy("Summary"),
    "summary_ko": gettext_lazy("Korean summary"),
    "target": gettext_lazy("Target"),
    "task": gettext_lazy("Task"),
    "test": gettext_lazy("Test"),
    "threat_class": gettext_lazy("Threat class"),
    "time_of_day": gettext_lazy("Time of day"),
    "title": gettext_lazy("Title"),
    "transport": gettext_lazy("Transport"),
    "unit": gettext_lazy("Unit"),
    "url": gettext_lazy("Address"),
    "use_case": gettext_lazy("Use case"),
    "valid_until": gettext_lazy("Valid until"),
    "value": gettext_lazy("Value"),
    "variant_of": gettext_lazy("Variant of"),
    "vendor": gettext_lazy("Vendor"),
    "version": gettext_lazy("Version"),
    "voltage_max_v": gettext_lazy("Highest voltage (V)"),
    "voltage_min_v": gettext_lazy("Lowest voltage (V)"),
    "weather": gettext_lazy("Weather"),
    "website": gettext_lazy("Website"),
}

_ENUM_WORDS = {
    "Category": wording.CATEGORIES,
    "SensorKind": wording.SENSOR_KINDS,
    "Grade": wording.GRADES,
    "Provenance": wording.PROVENANCES,
    "SensingTask": wording.TASKS,
    "AirframeKind": wording.AIRFRAMES,
    "PortKind": wording.PORT_KINDS,
    "PortRole": wording.PORT_ROLES,
}


def field_name(name: str) -> str:
    """A field of the schema in words."""
    return str(FIELDS[name] if name in FIELDS else wording.FIELDS[name])


def part_name(field: str, part: Model) -> str:
    """What to call one part of a listing: its field, and the words it is known by."""
    known_by = _known_by(part)
    return f"{field_name(field)}: {known_by}" if known_by else field_name(field)


def _known_by(part: Model) -> str:
    match part:
        case Offer():
            return part.seller
        case Sensor():
            return value_text(part.kind)
        case StatedRange():
            return f"{value_text(part.task)}, {part.target}"
        case Port():
            return f"{part.standard} ({part.id})"
        case Component():
            return part.part
        case Declaration():
            return part.regime
        case Document():
            return part.title
        case SpareFor():
            return part.listing
        case QuantityBreak():
            return str(part.quantity)
        case AssuranceScore():
            case = part.use_case
            return ", ".join((case.extent.value, case.mobility.value, case.threat_class))
        case _:
            return ""


def value_text(value: object) -> str:
    """A plain value for people; nothing is the empty text."""
    if value is None or value == ():
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Enum):
        words = _ENUM_WORDS.get(type(value).__name__, {})
        return str(words.get(value, value.value))
    if isinstance(value, tuple):
        return ", ".join(value_text(item) for item in value)
    if isinstance(value, float):
        return f"{value:.12g}"
    return value.isoformat() if isinstance(value, date) else str(value)


def claim_text(claim: Claim[float] | Claim[str] | Claim[bool]) -> str:
    """The value of a claim for people."""
    return wording.value_text(claim.value, claim.unit)


def evidence_text(evidence: Evidence) -> str:
    """Where something is known from, in one line: grade, source, day, expiry, release, note, test."""
    source = evidence.source
    parts = [value_text(evidence.grade), f"{source.title} ({source.date.isoformat()})"]
    if evidence.observed != source.date:
        parts.append(_("observed %(day)s") % {"day": evidence.observed.isoformat()})
    if evidence.expires is not None:
        parts.append(_("expires %(day)s") % {"day": evidence.expires.isoformat()})
    if evidence.release != "PUBLIC":
        parts.append(evidence.release)
    if evidence.note:
        parts.append(evidence.note)
    if evidence.test is not None:
        test = evidence.test
        parts.append(_("test: %(method)s by %(who)s") % {"method": test.method, "who": test.conducted_by})
    return "; ".join(parts)
