"""Runs benchmarks: ``python -m benchmarks.run [NAME …]`` (``make bench``, ``make bench-NAME``).

Each module of this package with a function ``rows()`` is a benchmark of that name; packages (``NAME_parts``) hold what
is too long for one file. ``rows()`` yields Row objects; this module prints them as a table and writes
``benchmarks/results/NAME.json``. A bar that does not hold makes the exit status 1.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import json
import os
import pkgutil
import platform
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

import benchmarks
from benchmarks.row import Row

RESULTS = Path(__file__).parent / "results"
NOT_BENCHMARKS = {"row", "run"}
VERSIONS = ("skypact", "django", "numpy", "numba", "ortools", "pydantic", "rasterio", "scipy", "shapely")


def names() -> list[str]:
    """Every benchmark there is."""
    return sorted(
        found.name
        for found in pkgutil.iter_modules(benchmarks.__path__)
        if not found.ispkg and found.name not in NOT_BENCHMARKS
    )


def machine() -> dict[str, object]:
    """What the figures were taken on."""
    model = next(
        (line.partition(":")[2].strip() for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")),
        platform.processor(),
    )
    pages, page_size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return {
        "system": platform.platform(),
        "processor": model,
        "cores": len(os.sched_getaffinity(0)),
        "memory_gib": round(pages * page_size / 2**30, 1),
        "python": platform.python_version(),
    }


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def table(name: str, rows: list[Row]) -> Table:
    """The rows as a person reads them."""
    shown = Table("measure", "ours", "unit", "peer", "ratio", "bar", "holds", title=name, title_justify="left")
    for row in rows:
        peer = f"{row.peer:.4g} ({row.peer_name})" if row.peer is not None else ""
        ratio = f"{row.ratio:.2f} ×" if row.ratio is not None else ""
        holds = "yes" if row.holds else "[bold red]NO[/]"
        shown.add_row(row.measure, f"{row.ours:.4g}", row.unit, peer, ratio, row.bar, holds)
    return shown


def run(name: str) -> list[Row]:
    """Runs one benchmark, prints its table and writes its result."""
    rows = list(importlib.import_module(f"benchmarks.{name}").rows())
    Console(width=None if sys.stdout.isatty() else 200).print(table(name, rows))
    RESULTS.mkdir(exist_ok=True)
    result = {
        "name": name,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": {package: importlib.metadata.version(package) for package in VERSIONS},
        "rows": [asdict(row) for row in rows],
    }
    text = json.dumps(result, indent=2, ensure_ascii=False) + "\n"
    (RESULTS / f"{name}.json").write_text(text, encoding="utf-8")
    return rows


def main(wanted: list[str]) -> int:
    """Runs the wanted benchmarks, or all; 1 when a bar does not hold, 2 when a name is unknown."""
    if unknown := sorted(set(wanted) - set(names())):
        print(f"no benchmark named {', '.join(unknown)}; there are: {', '.join(names())}", file=sys.stderr)
        return 2
    rows = [row for name in wanted or names() for row in run(name)]
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
