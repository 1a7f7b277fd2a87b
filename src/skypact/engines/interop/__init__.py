"""Do products work together: which ports mate, through which gateways, and from which source they are powered?"""

from skypact.engines.interop.electric import power_fit
from skypact.engines.interop.links import DataPath, best_fit, connectivity, data_path, data_paths, results_along, spoken
from skypact.engines.interop.mating import Fit, data_fit
from skypact.engines.interop.power import Feed, Mains, feed

__all__ = [
    "DataPath",
    "Feed",
    "Fit",
    "Mains",
    "best_fit",
    "connectivity",
    "data_fit",
    "data_path",
    "data_paths",
    "feed",
    "power_fit",
    "results_along",
    "spoken",
]
