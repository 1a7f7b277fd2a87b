"""What do sensors see over terrain, and on what does that rest? Pure: reads no file, no clock, no network."""

from skypact.engines.coverage.detection import (
    DetectionRange,
    RangeBasis,
    azimuth_width,
    detection_range,
    sees,
    unstated_limits,
)
from skypact.engines.coverage.fusion import kinds_seen, share_seen
from skypact.engines.coverage.relief import synthetic_terrain
from skypact.engines.coverage.sightlines import Sightlines, lowest_visible, lowest_visible_many, sight_heights
from skypact.engines.coverage.siting import Cover, Positions, Sited, candidate_positions, cheapest, most_covered
from skypact.engines.coverage.terrain import SurfaceKind, Terrain

__all__ = [
    "Cover",
    "DetectionRange",
    "Positions",
    "RangeBasis",
    "Sightlines",
    "Sited",
    "SurfaceKind",
    "Terrain",
    "azimuth_width",
    "candidate_positions",
    "cheapest",
    "detection_range",
    "kinds_seen",
    "lowest_visible",
    "lowest_visible_many",
    "most_covered",
    "sees",
    "share_seen",
    "sight_heights",
    "synthetic_terrain",
    "unstated_limits",
]
