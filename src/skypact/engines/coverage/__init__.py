"""What do sensors see over terrain, and on what does that rest? Pure: reads no file, no clock, no network."""

from skypact.engines.coverage.approach import Approach, blind_areas, largest_blind, least_observed_approach
from skypact.engines.coverage.detection import (
    DetectionRange,
    RangeBasis,
    azimuth_width,
    detection_range,
    sees,
    unstated_limits,
)
from skypact.engines.coverage.fusion import any_detects, kinds_seen, share_seen
from skypact.engines.coverage.probability import (
    certainty_needed,
    certainty_table,
    probability_of_detection,
    probable_range,
    radar_frequency,
    unsettled_by_weather,
)
from skypact.engines.coverage.relief import synthetic_terrain
from skypact.engines.coverage.sightlines import Sightlines, lowest_visible, lowest_visible_many, sight_heights
from skypact.engines.coverage.siting import Cover, Positions, Sited, candidate_positions, cheapest, most_covered
from skypact.engines.coverage.terrain import SurfaceKind, Terrain

__all__ = [
    "Approach",
    "Cover",
    "DetectionRange",
    "Positions",
    "RangeBasis",
    "Sightlines",
    "Sited",
    "SurfaceKind",
    "Terrain",
    "any_detects",
    "azimuth_width",
    "blind_areas",
    "candidate_positions",
    "certainty_needed",
    "certainty_table",
    "cheapest",
    "detection_range",
    "kinds_seen",
    "largest_blind",
    "least_observed_approach",
    "lowest_visible",
    "lowest_visible_many",
    "most_covered",
    "probability_of_detection",
    "probable_range",
    "radar_frequency",
    "sees",
    "share_seen",
    "sight_heights",
    "synthetic_terrain",
    "unsettled_by_weather",
    "unstated_limits",
]
