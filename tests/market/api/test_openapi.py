"""The published REST contract: any drift fails here, and is either a mistake or recorded on purpose.

``RECORD=1 pytest tests/market/api`` records it.
"""

import json
import os
from pathlib import Path

from skypact.market.api import api

FILE = Path(__file__).with_name("openapi.json")


def test_contract_is_the_recorded_one() -> None:
    document = json.dumps(api.get_openapi_schema(), indent=2, ensure_ascii=False, sort_keys=True, default=str) + "\n"
    if os.environ.get("RECORD") == "1":
        FILE.write_text(document, encoding="utf-8")
    assert document == FILE.read_text(encoding="utf-8")
