"""Who reaches whom in a whole catalogue, through up to two gateways."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from benchmarks.row import Row, seconds
from skypact.engines.interop.reach import reach, wiring
from skypact.schema import Listing
from skypact.seed import synthetic

SEED = 5
_EVIDENCE = {
    "grade": "documented",
    "source": {"title": "made up for a benchmark", "date": "2026-01-01"},
    "observed": "2026-01-01",
    "provenance": "synthetic",
}
#: Sensors, hubs and gateways of a catalogue of 20,000: some ten million pairs.
MANY = (("sensor.radar", 12_300), ("c2", 837), ("gateway", 1_600))


def many(*, seed: int = 5) -> Iterator[Listing]:
    """A catalogue of ten million sensor × C2 pairs with 40 interfaces, of 500 makers, data ports only."""
    dice = np.random.default_rng(seed)
    for category, count in MANY:
        sides = {"sensor.radar": ("provides",), "c2": ("consumes",), "gateway": ("consumes", "provides")}[category]
        for number in range(count):
            ports: list[dict[str, Any]] = [
                {
                    "id": side,
                    "kind": "data",
                    "standard": f"Standard {dice.integers(20)}",
                    "version": str(dice.integers(1, 3)),
                    "role": side,
                    "evidence": _EVIDENCE,
                }
                for side in sides
            ]
            fields: dict[str, Any] = {
                "id": f"SYN-{category.partition('.')[0].upper()}-{number}",
                "name": f"{category} {number}",
                "vendor": f"SYN-{dice.integers(500)}",
                "category": category,
                "summary": "made up",
                "evidence": [_EVIDENCE],
                "ports": ports,
                "sensors": [{"kind": "radar"}] if category == "sensor.radar" else [],
            }
            yield Listing.model_validate(fields)


def rows() -> Iterator[Row]:
    """Every sensor × C2 pair of a catalogue of 20,000, and of one with many interfaces."""
    made = synthetic.records(items=20_000, seed=SEED)
    for name, listings in (("synthetic catalogue", made), ("40 interfaces", many())):
        by: dict[str, list[Listing]] = {"sensor": [], "c2": [], "gateway": []}
        for one in listings:
            if isinstance(one, Listing):
                by.setdefault("gateway" if one.category.family == "adapter" else one.category.family, []).append(one)
        prepared = seconds(partial(wiring, by["sensor"], by["c2"], by["gateway"]), repeats=2)
        wired = wiring(by["sensor"], by["c2"], by["gateway"])
        pairs = f"{len(wired.sources) * len(wired.targets):,} pairs with up to two of {len(wired.gateways):,} gateways"
        yield Row.at_most(f"{name}: {pairs}", seconds(partial(reach, wired)), "s", limit=0.2)
        yield Row.at_most(f"{name}: interfaces judged before", prepared, "s", limit=2.0)
