"""Two catalogues that one reader cannot tell apart: the second holds, besides, all kinds of things hidden from him.

Everything that carries a release label is in the second: every field of claims that the schema knows, ports, offers,
components, declarations, scores, documents, evidence of vendors, references to hidden listings, hidden listings, and
hidden acts: changes, a withdrawal, a listing again.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from tests.market.catalogue.samples import claim, evidence, listing, stock, vendor
from tests.market.kits import samples
from tests.market.lab.conftest import report_of

from skypact.conformance import STANDARDS, Recording
from skypact.conformance.klv.samples import items, packet, stream
from skypact.conformance.picture import PictureReport, combine
from skypact.conformance.picture.report import MADE_UP
from skypact.conformance.picture.scene import make
from skypact.conformance.signing import Statement
from skypact.market.catalogue.withdrawing import RelistListing, WithdrawListing
from skypact.market.core.access import Actor
from skypact.market.lab.actions import AttachResult, signed_here
from skypact.market.pictures.actions import heartbeat, keep
from skypact.market.pictures.attaching import AttachPicture
from skypact.market.pictures.attaching import signed_here as signed_picture
from skypact.market.pictures.drawing import of_report
from skypact.market.pictures.models import LiveSession, Picture
from skypact.market.ratings.actions import RateItem, RecordAcceptance
from skypact.schema import (
    Airframe,
    Battery,
    Charger,
    Claim,
    FusionNode,
    Imager,
    Listing,
    Model,
    Motor,
    Sensor,
    SpareFor,
    SpeedController,
    StatedRange,
    Vendor,
)

STAFF = Actor.system("test")
BEGIN = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)

#: Words, standards and makers that stand in hidden parts only.
HIDDEN_WORD = "zebrawort"
HIDDEN_STANDARD = "ZEBRANET"
HIDDEN_SLUGS = ("zebrawort-radar", "open-radar-secret", "radio-hidden")
VISIBLE_SLUGS = ("open-radar", "open-battery", "open-charger", "open-aircraft", "open-motor", "open-node", "open-mast")


def claim_fields(model: type[Model]) -> Iterator[tuple[str, str | None, type]]:
    """The fields of ``model`` that are tuples of claims: name, unit, type of value."""
    for name, field in model.model_fields.items():
        arguments = typing.get_args(field.annotation)
        of_claims = typing.get_origin(field.annotation) is tuple and isinstance(arguments[0], type)
        if of_claims and issubclass(arguments[0], Claim):
            value_type = arguments[0].model_fields["value"].annotation
            kind = next(kind for kind in (float, str, bool) if kind in typing.get_args(value_type))
            yield name, (field.json_schema_extra or {}).get("x-unit"), kind


def parts_with_claims(model: type[Model], place: str = "") -> Iterator[tuple[str, type[Model]]]:
    """``model`` and all models inside it that have fields of claims, each with the place where it stands."""
    if any(True for _ in claim_fields(model)):
        yield place, model
    for name, field in model.model_fields.items():
        for inner in _models_in(field.annotation):
            if not issubclass(inner, Claim):
                yield from parts_with_claims(inner, f"{place}.{name}".lstrip("."))


def _models_in(annotation: Any) -> Iterator[type[Model]]:
    for part in (annotation, *typing.get_args(annotation)):
        if isinstance(part, type) and not isinstance(part, types.GenericAlias) and issubclass(part, BaseModel):
            yield part


def filled(model: type[Model], label: str, number: int, **rest: Any) -> dict[str, Any]:
    """``model`` with two claims in each field: a visible one, and a better one with ``label``. ``number`` 0 has none.

    Every second field has no visible claim, so that the hidden one would be the only one.
    """
    fields: dict[str, Any] = dict(rest)
    for position, (name, unit, kind) in enumerate(claim_fields(model)):
        visible, hidden = {float: (5, 6 + number), str: ("5A", f"{HIDDEN_WORD} {number}"), bool: (True, False)}[kind]
        claims = [claim(visible, unit)] if position % 2 else []
        if number:
            claims.insert(0, claim(hidden, unit, release=label, grade="documented", observed="2026-02-01"))
        if claims:
            fields[name] = claims
    return fields


def catalogue(label: str = "", number: int = 0, *, summary: str = "A thing.") -> list[Vendor | Listing]:
    """The visible records; with ``label`` also what is hidden under it, in the variant ``number``."""
    hidden = bool(label)

    def also(*entries: dict[str, Any]) -> list[dict[str, Any]]:
        return list(entries) if hidden else []

    unseen = evidence(release=label or "PUBLIC", grade="documented", note=f"{HIDDEN_WORD} {number}")
    secret = list(HIDDEN_SLUGS[: number + 1]) if hidden else []

    def port(standard: str, given: dict[str, Any], **attributes: Any) -> dict[str, Any]:
        fields = {"id": standard.lower(), "kind": "data", "standard": standard, "role": "provides"}
        return {**fields, "attributes": attributes, "evidence": given}

    def offer(amount: int, given: dict[str, Any], **fields: Any) -> dict[str, Any]:
        money = {"amount": str(amount), "currency": "EUR"}
        return {"seller": "borealis", "price": money, "lead_time_days": amount, "evidence": given, **fields}

    ranges = [
        {"target": "drone", **filled(StatedRange, label, number, range=[claim(900, "m")])},
        *also({"target": HIDDEN_WORD, "range": [claim(5_000 + number, "m", release=label)]}),
    ]
    ranges[0]["range"] = [claim(900, "m"), *also(claim(9_000 + number, "m", release=label, grade="documented"))]
    radar = listing(
        "open-radar",
        vendor="borealis",
        category="sensor.radar",
        summary=summary,
        evidence=[evidence(), *also(unseen)],
        sensors=[{"kind": "radar", **filled(Sensor, label, number, ranges=ranges)}],
        ports=[*also(port(HIDDEN_STANDARD, unseen, transport=f"TCP {number}")), port("SAPIENT", evidence())],
        components=[
            {"part": "processor", "evidence": evidence()},
            *also({"part": HIDDEN_WORD, "maker": f"Maker {number}", "country": "PL", "evidence": unseen}),
        ],
        declarations=also({"regime": "EAR", "code": f"5A{number}", "evidence": unseen}),
        offers=[*also(offer(10**number, unseen, stock=3)), offer(100, evidence())],
        scores=also(
            {
                "use_case": {"extent": "point", "mobility": "static", "threat_class": "multirotor-small"},
                "score": 3 + number,
                "evidence": unseen,
            }
        ),
        documents=also(
            {
                "sha256": f"{number:064x}",
                "title": f"{HIDDEN_WORD} report",
                "kind": "test_report",
                "media_type": "application/pdf",
                "size_bytes": 100 + number,
                "evidence": unseen,
            }
        ),
        substitutes=[*secret, "open-mast"],
        spare_for=[*secret, filled(SpareFor, label, number, listing="open-node")],
        **({"variant_of": secret[-1]} if hidden else {}),
        **filled(Listing, label, number),
    )
    records: list[Vendor | Listing] = [
        vendor("acme"),
        vendor("borealis", nation="NO", evidence=[evidence(), *also(unseen)]),
        radar,
        listing("open-battery", vendor="borealis", category="battery", battery=filled(Battery, label, number)),
        listing("open-charger", vendor="borealis", category="charger", charger=filled(Charger, label, number)),
        listing("open-aircraft", vendor="borealis", category="aircraft", airframe=filled(Airframe, label, number)),
        listing(
            "open-motor",
            vendor="borealis",
            category="propulsion.motor",
            motor=filled(Motor, label, number),
            speed_controller=filled(SpeedController, label, number),
            imagers=[filled(Imager, label, number)],
        ),
        listing("open-node", vendor="borealis", category="c2", fusion=filled(FusionNode, label, number)),
        listing("open-mast", mass=[claim(2, "kg")], offers=[offer(7 if summary == "A thing." else 70, evidence())]),
    ]
    if hidden:
        records += [
            listing(
                slug,
                vendor="acme",
                category="sensor.radar" if "radar" in slug else "radio",
                name=f"Radars {HIDDEN_WORD} {number}",
                release=label,
                evidence=[unseen],
                mass=[claim(1, "kg", release=label)],
                substitutes=["open-radar"],
                offers=[offer(1, unseen)],
                sensors=[{"kind": "camera"}],
            )
            for slug in HIDDEN_SLUGS
        ]
    return records


class Clock:
    """The time of both worlds: it stands still between the acts."""

    def __init__(self) -> None:
        self.at(0)

    def __call__(self) -> datetime:
        return self.now

    def at(self, hour: int) -> None:
        """So many hours after the beginning."""
        self.now, self._hour, self._drawn = BEGIN + timedelta(hours=hour), hour, 0

    def draw(self, below: int) -> int:
        """In the place of chance: numbers that tell the hour in which they were drawn."""
        self._drawn += 1
        return 100 * self._hour + self._drawn - 1


def accepted(nation: str, listing: str) -> tuple[Actor, int]:
    """A unit, and its acceptance of a listing."""
    unit = Actor(label="user:900 unit", user_id=900, nation=nation, organisation=f"Unit of {nation}", is_staff=True)
    act = RecordAcceptance(
        actor=STAFF,
        nation=nation,
        organisation=unit.organisation,
        listing=listing,
        delivery="D-1",
        accepted_on=BEGIN.date(),
        quantity=2,
    )
    return unit, act.execute().pk


def rate(nation: str, listing: str, pros: str, release: str = "PUBLIC") -> None:
    """A unit accepts a listing and rates it."""
    unit, acceptance = accepted(nation, listing)
    RateItem(actor=unit, acceptance=acceptance, score=5, pros=pros, release=release).execute()


def lab_result(listing: str, firmware: str, release: str = "PUBLIC") -> str:
    """A result of this node's lab at a listing; its hash."""
    report = STANDARDS["klv"].check([Recording("circle.klv", stream() + packet(items(3)))])
    statement = Statement(report=report, conducted_by="Lab", tested_on=BEGIN.date(), listing=listing, firmware=firmware)
    signed = signed_here(statement)
    AttachResult(actor=STAFF, slug=listing, document=signed.model_dump_json(), release=release).execute()
    return signed.sha256()


def lab_badge(listing: str, *, release: str, good: bool) -> None:
    """A result that proves a port of the listing, or refutes it."""
    report = report_of("sapient", good=good)
    firmware = "2" if good else "1"
    day = BEGIN.date() - timedelta(days=0 if good else 1)
    said = {"report": report, "conducted_by": HIDDEN_WORD, "tested_on": day, "listing": listing, "firmware": firmware}
    document = signed_here(Statement(**said, valid_until=day + timedelta(days=3650))).model_dump_json()
    AttachResult(actor=STAFF, slug=listing, document=document, release=release).execute()


@cache
def _picture() -> PictureReport:
    made = combine(make(1, seconds=20).recordings).model_dump_json()
    return PictureReport.model_validate_json(made.replace(MADE_UP, "1581F"))  # as if products had sent it


def pictures(number: int, word: str, release: str) -> None:
    """A picture, a live session and a picture at the listed kit, all under ``release``; ``number`` tells them apart."""
    report = _picture()
    picture = Picture(id=UUID(int=number), title=word, release=release, by="lab")
    keep(picture, report, of_report(report).model_dump_json())
    picture.save(force_insert=True)
    LiveSession.objects.create(id=UUID(int=10 + number), title=word, release=release, by="lab")
    listings = {report.sources[0].name: "acme-radar", report.sources[1].name: "acme-c2"}
    document = signed_picture(report, sent_by=STAFF, listings=listings, valid_days=number).model_dump_json()
    AttachPicture(actor=STAFF, kit="harbour-kit", document=document, release=release).execute()


#: The last look is so many hours after the beginning: what ratings say first to buyers is open to all by then.
LATER_H = 24 * 200


def plain_world(clock: Clock) -> None:
    """What the reader may see: an import, later another one that changes something."""
    clock.at(0)
    stock(*catalogue())
    clock.at(4)
    stock(*catalogue(summary="A better thing."))
    clock.at(6)
    rate("NO", "open-radar", "Works.")
    lab_result("open-radar", "1.0")
    clock.at(8)
    samples.stored()
    pictures(1, "Range day", "PUBLIC")
    clock.at(LATER_H)


def world_with_secrets(label: str) -> Callable[[Clock], None]:
    """The same, and before, between and after it acts on what is hidden under ``label``."""

    def build(clock: Clock) -> None:
        clock.at(0)
        stock(*catalogue())
        clock.at(1)
        stock(*catalogue(label, 1))
        clock.at(2)
        stock(*catalogue(label, 2))
        WithdrawListing(actor=STAFF, slug=HIDDEN_SLUGS[2], reason=HIDDEN_WORD, on=clock.now.date()).execute()
        clock.at(3)
        RelistListing(actor=STAFF, slug=HIDDEN_SLUGS[2], reason=HIDDEN_WORD, on=clock.now.date()).execute()
        clock.at(4)
        stock(*catalogue(label, 2, summary="A better thing."))
        clock.at(5)
        stock(*catalogue(label, 1, summary="A better thing."))
        rate("US", "open-radar", HIDDEN_WORD, release=label)
        rate("KR", HIDDEN_SLUGS[0], HIDDEN_WORD)
        lab_result("open-radar", HIDDEN_WORD, release=label)
        lab_result(HIDDEN_SLUGS[0], HIDDEN_WORD)
        for good in (True, False):
            lab_badge("open-radar", release=label, good=good)
            lab_badge(HIDDEN_SLUGS[0], release="PUBLIC", good=good)
        clock.at(6)
        rate("NO", "open-radar", "Works.")
        lab_result("open-radar", "1.0")
        clock.at(7)
        rate("KR", "open-radar", HIDDEN_WORD, release=label)
        clock.at(8)
        samples.stored()
        pictures(2, HIDDEN_WORD, label)
        pictures(1, "Range day", "PUBLIC")
        heartbeat(UUID(int=12), {"tracks": [HIDDEN_WORD]})
        clock.at(LATER_H)

    return build
