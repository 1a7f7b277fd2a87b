"""Where should sensors stand? Candidate positions, covering models, and answers with the gap that is left."""

from skypact.engines.coverage.siting.candidates import Positions, candidate_positions
from skypact.engines.coverage.siting.question import Cover, Sited
from skypact.engines.coverage.siting.siting import cheapest, most_covered

__all__ = ["Cover", "Positions", "Sited", "candidate_positions", "cheapest", "most_covered"]
