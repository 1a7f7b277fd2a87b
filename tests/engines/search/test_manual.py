"""The examples of docs/search.md say what they show."""

from __future__ import annotations

import doctest
from pathlib import Path

from skypact.engines.search import quantities

MANUAL = Path(__file__).parents[3] / "docs" / "search.md"


def test_examples() -> None:
    failures, tried = doctest.testfile(str(MANUAL), module_relative=False)
    assert (failures, tried) == (0, 17)


def test_example_of_quantities() -> None:
    assert doctest.testmod(quantities) == (0, 2)
