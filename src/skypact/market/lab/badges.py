"""Badges, and what is due, as documents: what the interface, the command line and other sites read."""

from __future__ import annotations

from datetime import date
from typing import Any

from skypact.market.catalogue.selectors import SeenListing
from skypact.market.core.access import Actor
from skypact.market.lab.due import Due, due_of
from skypact.market.lab.naming import spoken
from skypact.market.lab.selectors import Badge, to_review


def badge_document(badge: Badge) -> dict[str, Any]:
    """What a result says, and what of it holds today."""
    row = badge.result
    return {
        "standard": row.standard,
        "version": row.version,
        "name": spoken(row.standard, row.version),
        "profile": row.profile,
        "verdict": row.verdict,
        "badge": badge.proves,
        "state": badge.state.value,
        "rungs": row.rungs,
        "missing": list(badge.missing),
        "tested_on": row.tested_on.isoformat(),
        "valid_until": None if row.valid_until is None else row.valid_until.isoformat(),
        "firmware": row.firmware,
        "conducted_by": row.conducted_by,
        "lab": badge.lab,
        "fingerprint": row.fingerprint,
        "sha256": row.sha256,
    }


def due_listings(actor: Actor, *, on: date) -> list[tuple[SeenListing, list[Due]]]:
    """The listings that ``actor`` may change and of which something is to be tested again, with what that is."""
    rows = to_review(actor, on=on)
    found = [
        (seen, due_of(badges, firmware=firmware, ports=seen.record.ports, on=on)) for seen, badges, firmware in rows
    ]
    return [(seen, due) for seen, due in found if due]


def due_documents(actor: Actor, *, on: date, vendor: str = "") -> list[dict[str, Any]]:
    """The same for machines: one entry an interface, of one ``vendor`` where it is named."""
    return [
        {
            "listing": seen.record.id,
            "standard": one.badge.result.standard,
            "version": one.badge.result.version,
            "why": [why.value for why in one.why],
            "newer": one.newer,
            "firmware": one.firmware,
            "result": one.badge.result.sha256,
            "command": one.command,
        }
        for seen, due in due_listings(actor, on=on)
        if vendor in ("", seen.record.vendor)
        for one in due
    ]
