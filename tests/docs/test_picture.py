"""The example of the combined picture's page runs."""

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "picture.md"


def test_the_example_runs() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert (failed, tried) == (0, 14)
