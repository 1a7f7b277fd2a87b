"""The answer to a set question as a JSON document, the same from the command line and the REST interface."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from skypact.engines.interop.together import Completion, Kept, Limit, Repair, Told, missing_facts
from skypact.market.interop.partners import Partners
from skypact.market.interop.reason_pictures import pictures
from skypact.market.interop.selectors import Answered
from skypact.schema import Listing, Sentence, TestedPort


def answer_document(found: Answered) -> dict[str, Any]:
    """The set as it is, aspect by aspect; the cheapest additions; or every minimal reason why there are none."""
    checked = found.found.checked
    return {
        "answer": checked.answer.value,
        "parts": [
            {"listing": part.listing.id, "quantity": part.quantity, "owned": part.owned}
            for part in found.question.parts
        ],
        "aspects": {aspect.value: given.value for aspect, given in checked.aspects.items()},
        "findings": [
            {
                "aspect": one.aspect.value,
                "answer": one.answer.value,
                "listings": list(one.subjects),
                "reason": one.reason.text,
                "missing": _text(one.missing),
                "tests": _tests(found.results(one)),
            }
            for one in checked.findings
        ],
        "missing": [one.text for one in missing_facts(checked.findings)],
        "completion": None if not found.asked.complete else _completion(found.found.completion, found.asked.currency),
        "certainty": found.found.certainty,
        "reasons": [
            {**_reason(one), "picture": picture}
            for one, picture in zip(found.found.reasons, pictures(found, found.found.reasons), strict=True)
        ],
        "late": found.found.late,
        "limits": [_limit(one, found.asked.currency) for one in found.found.limits],
        "limits_checked": [_kept(one) for one in found.kept],
    }


def _completion(completion: Completion | None, currency: str) -> dict[str, Any] | None:
    if completion is None:
        return None
    return {
        "proven": completion.outcome.value == "proven",
        "cost": round(completion.cost, 2),
        "floor": round(completion.bound, 2),
        "currency": currency,
        "additions": [
            {
                "listing": listing.id,
                "name": listing.name,
                "quantity": count,
                "priced": listing.id not in completion.unpriced,
            }
            for listing, count in completion.additions
        ],
        "links": [
            {
                "source": one.path.source,
                "via": list(one.path.via),
                "target": one.path.target,
                "units": one.units,
                "standard": one.path.standard,
                "answer": one.path.answer.value,
                "reason": one.path.reason.text,
            }
            for one in completion.connections
        ],
        "feeds": [
            {
                "consumer": one.consumer,
                "source": one.source or "mains",
                "units": one.units,
                "answer": one.way.fit.answer.value,
                "reason": one.way.fit.reason.text,
            }
            for one in completion.feeds
        ],
    }


def _reason(told: Told) -> dict[str, Any]:
    return {
        "stipulations": [{"kind": one.kind.value, "listing": one.listing} for one in told.reason.stipulations],
        "sentences": [one.text for one in told.sentences],
    }


def _kept(one: Kept) -> dict[str, Any]:
    return {
        "name": one.name,
        "wanted": one.wanted,
        "answer": one.answer.value,
        "known": round(one.known, 3),
        "unstated": list(one.unstated),
        "reason": one.reason.text,
    }


def _limit(limit: Limit, currency: str) -> dict[str, Any]:
    return {
        "name": limit.name,
        "wanted": limit.wanted,
        "floor": round(limit.floor, 2),
        "proven": limit.proven,
        "sentences": [one.text for one in limit.sentences],
        "repairs": [_repair(one, currency) for one in limit.repairs],
    }


def _repair(repair: Repair, currency: str) -> dict[str, Any]:
    return {
        "way": repair.way.value,
        "to": None if repair.to is None else round(repair.to, 2),
        "without": [{"listing": listing, "quantity": count} for listing, count in repair.without],
        "certainty": repair.certainty,
        "mass_kg": round(repair.mass_kg, 3),
        "sentences": [one.text for one in repair.sentences],
        "completion": _completion(repair.completion, currency),
    }


def _tests(results: Sequence[TestedPort]) -> list[dict[str, Any]]:
    """What labs say of the ports that meet."""
    return [one.model_dump(mode="json", exclude_defaults=True) for one in results]


def _text(said: Sentence | None) -> str | None:
    return None if said is None else said.text


def partners_document(record: Listing, found: Partners) -> dict[str, Any]:
    """What a listing works with, one page of it."""
    return {
        "listing": record.id,
        "page": found.number,
        "pages": found.pages,
        "total": found.total,
        "counts": [{"family": one.family, "answer": one.answer.value, "number": one.number} for one in found.counts],
        "partners": [
            {
                "listing": one.seen.record.id,
                "name": one.seen.record.name,
                "category": one.seen.record.category.value,
                "direction": "to" if one.sends else "from",
                "answer": one.fit.answer.value,
                "standard": one.fit.standard,
                "reason": one.fit.reason.text,
                "evidence": None if one.grade is None else one.grade.value,
                "tests": _tests(one.tested),
            }
            for one in found.shown
        ],
    }
