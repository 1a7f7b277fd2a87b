"""What matters of products and of the kit wanted, as numbers."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from skypact.engines.interop.together.choosing import Outcome

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NONE = -1


@dataclass(frozen=True, eq=False)
class Products:
    """n products; codes are -1 where a product has none. Watts are positive.

    Parameters
    ----------
    price : (n,)
    kind : (n,) what it counts as; hubs, adapters, sources, converters, mounts and blankers have kinds of their own
    score : (n,) its share of the performance asked for
    sends : (n,) protocol of what it sends
    takes : bool (n, protocols): hubs, what they take; adapters, what they take in
    is_hub, is_adapter : bool (n,); an adapter gives what ``sends`` says
    bus : (n,) voltage bus that it is fed from
    draw : (n,) W
    gives_bus : (n,) bus that it feeds, sources and converters
    gives : (n,) W
    mass : (n,) kg
    needs_mount, gives_mounts : (n,) class of mount needed; how many of ``mount`` it gives
    mount : (n,) class of mount given
    band : (n,) frequency band on which it transmits
    hears : (n,) band on which a neighbour's transmission disturbs it
    blanks : (n,) band whose transmitters and receivers it keeps apart
    """

    price: Floats
    kind: Ints
    score: Floats
    sends: Ints
    takes: Flags
    is_hub: Flags
    is_adapter: Flags
    bus: Ints
    draw: Floats
    gives_bus: Ints
    gives: Floats
    mass: Floats
    needs_mount: Ints
    mount: Ints
    gives_mounts: Ints
    band: Ints
    hears: Ints
    blanks: Ints

    def __len__(self) -> int:
        return len(self.price)

    def some(self, chosen: Ints | Flags) -> Products:
        """Those chosen, by numbers or as flags."""
        return replace(self, **{one.name: getattr(self, one.name)[chosen] for one in fields(self)})


@dataclass(frozen=True)
class Requirement:
    """What the kit must have: least count of each kind, least performance, greatest mass (kg) and power (W)."""

    least: dict[int, int]
    score: float
    mass_max: float
    watts_max: float


@dataclass(frozen=True, eq=False)
class Assembled:
    """The products chosen (numbers), what they cost, and below what no kit can cost."""

    outcome: Outcome
    chosen: Ints
    cost: float
    bound: float
