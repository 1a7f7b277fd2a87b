"""The examples of the conformance page run, and its table of standards is the lab's."""

import doctest
import re
from pathlib import Path

from skypact.conformance import STANDARDS

PAGE = Path(__file__).parents[2] / "docs" / "conformance.md"


def test_the_examples_run() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert (failed, tried) == (0, 14)


def test_every_standard_is_in_the_three_tables() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [*STANDARDS] * 3
