"""The data model is a promise to other nodes: it changes only on purpose."""

import json
from pathlib import Path

from skypact.schema.export import json_schema

PUBLISHED = Path(__file__).parent / "published.json"


def test_the_json_schema_is_the_published_one() -> None:
    now = json.dumps(json_schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    assert now == PUBLISHED.read_text(encoding="utf-8"), (
        "the data model has drifted; if that is meant: skypact schema export --output tests/schema/published.json"
    )
