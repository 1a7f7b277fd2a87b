"""How long a newcomer waits for a kit: the whole command, in a process of its own, on the example airport."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.row import Row, seconds

ROOT = Path(__file__).parents[1]


def rows() -> Iterator[Row]:
    """``skypact kit compose`` on each example: 10 s is the promise of the README for the airport."""
    command = [str(Path(sys.executable).with_name("skypact")), "kit", "compose"]
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "SKYPACT_HOME": home}
        subprocess.run([*command[:1], "demo"], env=environment, check=True, stdout=subprocess.DEVNULL)
        for example in sorted((ROOT / "examples").glob("*.toml")):
            compose = [*command, str(example), "--json"]
            taken = seconds(lambda compose=compose: _finished(compose, environment), repeats=3)
            yield Row.at_most(f"compose {example.stem}", taken, "s", limit=10)


def _finished(command: list[str], environment: dict[str, str]) -> None:
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
