"""Where should sensors stand? Candidate positions, covering models, and answers with the gap that is left."""

from skypact.engines.coverage.siting.question import Cover, Limits, Sited
from skypact.engines.coverage.siting.siting import cheapest, most_covered

__all__ = ["Cover", "Limits", "Sited", "cheapest", "most_covered"]
