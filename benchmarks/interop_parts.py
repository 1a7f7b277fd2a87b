"""A made-up catalogue for the benchmark of interoperability: products as numbers, from a seed.

A site needs radars, radio receivers, cameras and microphones of some performance, a hub, power and mounts. Protocols
are many and hubs take few of them, so that adapters matter; buses are many, so that converters do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from skypact.engines.interop.together.assembling import NONE, Products, Requirement
from skypact.schema import Listing

RADAR, RECEIVER, CAMERA, MICROPHONE, HUB, ADAPTER, SOURCE, CONVERTER, MOUNT, BLANKER = range(10)
SHARES = (0.16, 0.14, 0.16, 0.08, 0.06, 0.12, 0.08, 0.08, 0.08, 0.04)
PROTOCOLS, BUSES, BANDS, MOUNTS = 12, 4, 6, 3
WANTED = Requirement(
    least={RADAR: 2, RECEIVER: 2, CAMERA: 2, MICROPHONE: 1, HUB: 1}, score=60.0, mass_max=220.0, watts_max=900.0
)


def products(count: int, *, seed: int) -> Products:
    """``count`` products; the same seed gives the same ones."""
    dice = np.random.default_rng(seed)
    kind = dice.choice(len(SHARES), size=count, p=SHARES)
    sensing, hub, adapter = kind <= MICROPHONE, kind == HUB, kind == ADAPTER
    source, converter = kind == SOURCE, kind == CONVERTER
    score = np.where(sensing, np.round(dice.uniform(2, 12, count), 1), 0.0)
    quality = np.where(sensing, score, 5.0)
    base = np.array([9000, 5000, 3000, 1200, 8000, 900, 400, 250, 300, 350])[kind]
    price = np.round(base * dice.uniform(0.5, 1.8, count) * (0.4 + quality / 8)).astype(float)
    takes = np.zeros((count, PROTOCOLS), dtype=np.bool_)
    for column in range(4):  # hubs take one to four protocols, adapters one
        chosen = dice.integers(0, PROTOCOLS, count)
        used = (hub & (dice.random(count) < (1.0, 0.7, 0.5, 0.3)[column])) | (adapter if column == 0 else False)
        takes[np.flatnonzero(used), chosen[used]] = True
    draws = np.array([120, 40, 25, 8, 60, 10, 0, 0, 0, 5])[kind]
    fed = sensing | hub | adapter | converter | (kind == BLANKER)
    gives_bus = np.where(source | converter, dice.integers(0, BUSES, count), NONE)
    bus = np.where(fed, dice.integers(0, BUSES, count), NONE)
    bus = np.where(converter & (bus == gives_bus), (bus + 1) % BUSES, bus)
    gives = np.where(
        source, dice.integers(1, 9, count) * 60.0, np.where(converter, dice.integers(1, 7, count) * 40.0, 0.0)
    )
    return Products(
        price=price,
        kind=kind,
        score=score,
        sends=np.where(sensing | adapter, dice.integers(0, PROTOCOLS, count), NONE),
        takes=takes,
        is_hub=hub,
        is_adapter=adapter,
        bus=bus,
        draw=np.round(draws * dice.uniform(0.5, 1.6, count)),
        gives_bus=gives_bus,
        gives=gives,
        mass=np.round(np.array([25, 8, 6, 2, 10, 1, 6, 2, 12, 1])[kind] * dice.uniform(0.4, 1.8, count), 1),
        needs_mount=np.where(sensing, dice.integers(0, MOUNTS, count), NONE),
        mount=np.where(kind == MOUNT, dice.integers(0, MOUNTS, count), NONE),
        gives_mounts=np.where(kind == MOUNT, dice.integers(1, 4, count), 0),
        band=np.where(kind == RADAR, dice.integers(0, BANDS, count), NONE),
        hears=np.where(kind == RECEIVER, dice.integers(0, BANDS, count), NONE),
        blanks=np.where(kind == BLANKER, dice.integers(0, BANDS, count), NONE),
    )


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
