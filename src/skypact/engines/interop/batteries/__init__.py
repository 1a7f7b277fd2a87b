"""Batteries: does a pack work in an aircraft and on a charger, what replaces it, which few kinds serve a fleet?"""

from skypact.engines.interop.batteries.check import Aspect, Check
from skypact.engines.interop.batteries.fitting import PackFit, fit_pack, own_pack
from skypact.engines.interop.batteries.identity import Disagreement, Distinct, Doubtful, SamePack, distinct
from skypact.engines.interop.batteries.pricing import CostKind
from skypact.engines.interop.batteries.standardising import Curve, HandedOver, Point, handed_over, standardise
from skypact.engines.interop.batteries.substituting import Substitute, substitutes

__all__ = [
    "Aspect",
    "Check",
    "CostKind",
    "Curve",
    "Disagreement",
    "Distinct",
    "Doubtful",
    "HandedOver",
    "PackFit",
    "Point",
    "SamePack",
    "Substitute",
    "distinct",
    "fit_pack",
    "handed_over",
    "own_pack",
    "standardise",
    "substitutes",
]
