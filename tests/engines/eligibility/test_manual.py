"""The examples of docs/eligibility.md say what they show."""

from __future__ import annotations

import doctest
from pathlib import Path

MANUAL = Path(__file__).parents[3] / "docs" / "eligibility.md"


def test_examples() -> None:
    failures, tried = doctest.testfile(str(MANUAL), module_relative=False)
    assert (failures, tried) == (0, 14)
