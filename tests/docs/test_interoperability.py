"""The examples of the page on interoperability run."""

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "interoperability.md"


def test_the_examples_run() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert (failed, tried) == (0, 15)
