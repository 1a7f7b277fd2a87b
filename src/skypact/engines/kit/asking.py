"""Everything a composition starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from skypact.engines.coverage import Terrain
from skypact.engines.kit.places import Places
from skypact.engines.kit.shore import Shore
from skypact.schema import Requirement, ThreatClass, Vendor


@dataclass(frozen=True, eq=False)
class Asking:
    """The requirement, and what it is answered from."""

    requirement: Requirement
    nation: str | None
    vendors: Mapping[str, Vendor]
    threats: tuple[ThreatClass, ...]
    library: tuple[ThreatClass, ...]
    terrain: Terrain
    places: Places
    revision: str
    on: date
    offshore_m: float
    shore: Shore | None
