"""The cheapest kit that is effective, interoperable, allowed and deliverable, with proof; or why there is none."""

from skypact.engines.kit.composing import WORK_LIMIT, compose
from skypact.engines.kit.layers import CoverageLayer
from skypact.engines.kit.pessimistic import PESSIMISTIC
from skypact.engines.kit.verifying import verify
from skypact.engines.kit.writing import Composition

__all__ = ["PESSIMISTIC", "WORK_LIMIT", "Composition", "CoverageLayer", "compose", "verify"]
