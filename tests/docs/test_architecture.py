"""The architecture page names only what exists, and every engine module is named on it."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
PATHS = sorted(set(re.findall(r"`((?:src|docs|tests|examples|benchmarks|frontend)/[^`\s]*)`", PAGE)))


@pytest.mark.parametrize("path", PATHS)
def test_it_is_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_every_step_of_the_kit_engine_is_on_the_page() -> None:
    modules = {file.relative_to(ROOT).as_posix() for file in (ROOT / "src/skypact/engines/kit").glob("[!_]*.py")}
    assert modules - set(PATHS) == set()
