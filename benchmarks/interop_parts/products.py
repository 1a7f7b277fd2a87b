"""Made-up catalogues of products as numbers, from a seed, in two versions.

A site needs radars, radio receivers, cameras and microphones of some performance, a hub, power and mounts. The two
versions differ in how many protocols, voltage buses, bands and mounts the makers use and in how many protocols a hub
takes. ``MANY_STANDARDS`` is the version first tried; ``FEW_STANDARDS`` was made after it and is easier.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from skypact.engines.interop.together.assembling import NONE, Products, Requirement

RADAR, RECEIVER, CAMERA, MICROPHONE, HUB, ADAPTER, SOURCE, CONVERTER, MOUNT, BLANKER = range(10)
SHARES = (0.16, 0.14, 0.16, 0.08, 0.06, 0.12, 0.08, 0.08, 0.08, 0.04)
WANTED = Requirement(
    least={RADAR: 2, RECEIVER: 2, CAMERA: 2, MICROPHONE: 1, HUB: 1}, score=60.0, mass_max=220.0, watts_max=900.0
)


@dataclass(frozen=True)
class Market:
    """How many protocols, buses, bands and classes of mount there are; a hub takes one more protocol with each of the
    probabilities ``hub_takes``.
    """

    protocols: int
    buses: int
    bands: int
    mounts: int
    hub_takes: tuple[float, ...]

    @property
    def name(self) -> str:
        return f"{self.protocols} protocols"


MANY_STANDARDS = Market(protocols=40, buses=6, bands=8, mounts=4, hub_takes=(1.0, 0.6, 0.3))
FEW_STANDARDS = Market(protocols=12, buses=4, bands=6, mounts=3, hub_takes=(1.0, 0.7, 0.5, 0.3))


def products(count: int, market: Market, *, seed: int) -> Products:
    """``count`` products; the same market and seed give the same ones."""
    dice = np.random.default_rng(seed)
    kind = dice.choice(len(SHARES), size=count, p=SHARES)
    sensing, hub, adapter = kind <= MICROPHONE, kind == HUB, kind == ADAPTER
    source, converter = kind == SOURCE, kind == CONVERTER
    score = np.where(sensing, np.round(dice.uniform(2, 12, count), 1), 0.0)
    quality = np.where(sensing, score, 5.0)
    base = np.array([9000, 5000, 3000, 1200, 8000, 900, 400, 250, 300, 350])[kind]
    price = np.round(base * dice.uniform(0.5, 1.8, count) * (0.4 + quality / 8)).astype(float)
    takes = np.zeros((count, market.protocols), dtype=np.bool_)
    for column, share in enumerate(market.hub_takes):  # adapters take one
        chosen = dice.integers(0, market.protocols, count)
        used = (hub & (dice.random(count) < share)) | (adapter if column == 0 else False)
        takes[np.flatnonzero(used), chosen[used]] = True
    draws = np.array([120, 40, 25, 8, 60, 10, 0, 0, 0, 5])[kind]
    fed = sensing | hub | adapter | converter | (kind == BLANKER)
    gives_bus = np.where(source | converter, dice.integers(0, market.buses, count), NONE)
    bus = np.where(fed, dice.integers(0, market.buses, count), NONE)
    bus = np.where(converter & (bus == gives_bus), (bus + 1) % market.buses, bus)
    gives = np.where(
        source, dice.integers(1, 9, count) * 60.0, np.where(converter, dice.integers(1, 7, count) * 40.0, 0.0)
    )
    return Products(
        price=price,
        kind=kind,
        score=score,
        sends=np.where(sensing | adapter, dice.integers(0, market.protocols, count), NONE),
        takes=takes,
        is_hub=hub,
        is_adapter=adapter,
        bus=bus,
        draw=np.round(draws * dice.uniform(0.5, 1.6, count)),
        gives_bus=gives_bus,
        gives=gives,
        mass=np.round(np.array([25, 8, 6, 2, 10, 1, 6, 2, 12, 1])[kind] * dice.uniform(0.4, 1.8, count), 1),
        needs_mount=np.where(sensing, dice.integers(0, market.mounts, count), NONE),
        mount=np.where(kind == MOUNT, dice.integers(0, market.mounts, count), NONE),
        gives_mounts=np.where(kind == MOUNT, dice.integers(1, 4, count), 0),
        band=np.where(kind == RADAR, dice.integers(0, market.bands, count), NONE),
        hears=np.where(kind == RECEIVER, dice.integers(0, market.bands, count), NONE),
        blanks=np.where(kind == BLANKER, dice.integers(0, market.bands, count), NONE),
    )
