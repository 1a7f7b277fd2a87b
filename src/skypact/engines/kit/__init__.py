"""The cheapest kit that is effective, interoperable, allowed and deliverable, with proof; or why there is none."""

from skypact.engines.kit.composing import WORK_LIMIT, Composition, compose
from skypact.engines.kit.layers import CoverageLayer
from skypact.engines.kit.pessimistic import PESSIMISTIC
from skypact.engines.kit.verifying import verify

__all__ = ["PESSIMISTIC", "WORK_LIMIT", "Composition", "CoverageLayer", "compose", "verify"]
