"""A badge as a document: what the API, the command line and other sites read."""

from __future__ import annotations

from typing import Any

from skypact.market.lab.naming import spoken
from skypact.market.lab.selectors import Badge


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
        "tested_on": row.tested_on.isoformat(),
        "valid_until": None if row.valid_until is None else row.valid_until.isoformat(),
        "firmware": row.firmware,
        "conducted_by": row.conducted_by,
        "lab": badge.lab,
        "fingerprint": row.fingerprint,
        "sha256": row.sha256,
    }
