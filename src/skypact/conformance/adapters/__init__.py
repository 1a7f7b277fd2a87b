"""Adapters between Remote ID, ASTERIX category 129 and SAPIENT, and what each of them loses, measured.

An adapter never makes up what its source does not say: an ellipsoidal height does not become one above the sea without
a geoid, and a name that does not fit is left out, not cut.
"""

from __future__ import annotations

from skypact.conformance.adapters.formats import FORMATS, convert
from skypact.conformance.adapters.loss import FieldLoss, Loss, measure, measure_all
from skypact.conformance.adapters.state import UasState

__all__ = ["FORMATS", "FieldLoss", "Loss", "UasState", "convert", "measure", "measure_all"]
