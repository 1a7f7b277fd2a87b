"""Answers about batteries as JSON documents, the same from the command line and the REST interface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from skypact.engines.interop.batteries import Curve, Distinct, PackFit, Point, SamePack, Substitute, handed_over
from skypact.schema import Fleet


def fit_document(found: PackFit) -> dict[str, Any]:
    """One pack in one aircraft: the answer, every check with its reason and claims, endurance, transport, origin."""
    change = found.endurance
    return {
        "pack": found.pack,
        "aircraft": found.aircraft,
        "charger": found.charger,
        "answer": found.answer.value,
        "adapter": found.adapter,
        "checks": [
            {
                "aspect": check.aspect.value,
                "answer": check.answer.value,
                "reason": check.reason.text,
                "evidence": [claim.model_dump(mode="json", exclude_none=True) for claim in check.evidence],
            }
            for check in found.checks
        ],
        "endurance": {
            "ratio": change.ratio,
            "seconds": change.seconds,
            "missing": None if change.missing is None else change.missing.text,
        },
        "shipping": {
            "answer": found.shipping.answer.value,
            "class": found.shipping.air_class.value,
            "energy_wh": found.shipping.energy_wh,
            "reasons": [one.text for one in found.shipping.reasons],
        },
        "origin": found.origin.text,
    }


def substitute_document(one: Substitute) -> dict[str, Any]:
    """A pack in another's place: the fit, and what changes."""
    return {
        **fit_document(one.fit),
        "energy_ratio": one.energy_ratio,
        "mass_change_kg": one.mass_change_kg,
        "class_before": one.air_class_before.value,
        "alike": one.alike,
    }


def curve_document(fleet: Fleet, curve: Curve, *, same: Sequence[SamePack] = ()) -> dict[str, Any]:
    """The curve over the number of kinds, each point with its packs, costs, proof and what each aircraft flies on.

    ``same`` are the packs that stand under several listings: those that the curve uses are told.
    """
    used = {pack for point in curve.points for pack in point.packs}
    return {
        "fleet": fleet.title,
        "aircraft": curve.aircraft,
        "candidates": curve.candidates,
        "fits": curve.arcs,
        "open_fits": curve.open_arcs,
        "assumptions": curve.assumptions.model_dump(),
        "points": [_point(point) for point in curve.points],
        "same_packs": [same_document(one) for one in same if one.pack.id in used],
    }


def distinct_document(found: Distinct) -> dict[str, Any]:
    """The packs that several listings tell of, and the pairs that are perhaps one pack."""
    return {
        "same": [same_document(one) for one in found.same],
        "doubtful": [
            {
                "listings": [listing.id for listing in one.listings],
                "field": one.field,
                "values": list(one.values),
            }
            for one in found.doubtful
        ],
    }


def same_document(one: SamePack) -> dict[str, Any]:
    """One pack of several listings: which, with their sources, and where they disagree."""
    return {
        "pack": one.pack.id,
        "listings": [
            {
                "id": listing.id,
                "sources": [claim.source.model_dump(mode="json", exclude_none=True) for claim in listing.evidence],
            }
            for listing in one.listings
        ],
        "disagreements": [
            {
                "field": each.field,
                "said": [
                    {"listing": listing, "claim": claim.model_dump(mode="json", exclude_none=True)}
                    for listing, claim in each.said
                ],
                "relied_on": each.relied.model_dump(mode="json", exclude_none=True),
            }
            for each in one.disagreements
        ],
    }


def _point(point: Point) -> dict[str, Any]:
    return {
        "k": point.k,
        "packs": list(point.packs),
        "served": point.served,
        "share": point.share,
        "sure": point.sure,
        "cost": point.cost,
        "bound": point.bound,
        "proven": point.proven,
        "costs": {kind.value: amount for kind, amount in point.costs.items()},
        "servings": [
            {
                **one.row.model_dump(),
                "pack": one.pack,
                "answer": one.arc.answer.value,
                "adapter": one.arc.change.adapter,
                "endurance_ratio": one.arc.change.endurance_ratio,
                "cost": one.arc.cost,
            }
            for one in point.servings
        ],
        "left_out": [row.model_dump() for row in point.left_out],
        "nations": [{**asdict(one), "left_over": one.left_over} for one in point.nations],
        "stock": [
            {"nation": held.nation, "pack": held.pack, "held": held.quantity, "used": held.used} for held in point.stock
        ],
        "to_buy": [{"nation": one.nation, "pack": one.pack, "quantity": one.quantity} for one in point.to_buy],
        "could_be_handed_over": [asdict(one) for one in handed_over(point)],
    }
