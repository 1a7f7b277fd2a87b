"""The relations that stand in a listing's stored document."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

#: The fields that name other listings; most documents have none of them and need not be read.
_NAMES_ANOTHER = re.compile(r'"(?:variant_of|spare_for|substitutes)":')


def relations_in(document: str) -> Iterator[tuple[str, str]]:
    """Kind and target of every relation in the canonical JSON of a :class:`skypact.schema.Listing`, each once."""
    if not _NAMES_ANOTHER.search(document):
        return
    record = json.loads(document)
    if record.get("variant_of"):
        yield "variant", record["variant_of"]
    for spare in record.get("spare_for", ()):
        yield "spare", spare if isinstance(spare, str) else spare["listing"]
    for target in dict.fromkeys(record.get("substitutes", ())):
        yield "substitute", target
