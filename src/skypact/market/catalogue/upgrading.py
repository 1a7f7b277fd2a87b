"""Documents that an earlier skypact stored, brought to what the schema asks today. For migrations only."""

from __future__ import annotations

import json
from typing import Any

_NOTE = "called tested by the node that took it in, which named neither method nor who tested"


def upgraded(document: str) -> str:
    """``document`` as today's schema takes it; the same text where nothing had to change.

    Since test records exist, "tested" needs one. What came without is what a document says, and so graded.
    """
    record = json.loads(document)
    if not _regrade(record):
        return document
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def _regrade(value: Any) -> bool:
    """Regrades in place, everywhere inside ``value``; whether anything was changed."""
    changed = False
    if isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            changed = _regrade(item) or changed
    if not isinstance(value, dict) or value.get("grade") != "tested" or "source" not in value or value.get("test"):
        return changed
    value["grade"] = "documented"
    value["note"] = f"{value['note']} ({_NOTE})" if value.get("note") else _NOTE
    return True
