"""The conformance lab: one folder a standard; decode real recordings and report what conforms."""

from __future__ import annotations

from skypact.conformance import asterix, cot, klv, remote_id, sapient
from skypact.conformance.report import Finding, Layer, Place, Report, Severity, Verdict
from skypact.conformance.standard import Recording, Standard

STANDARDS: dict[str, Standard] = {
    module.STANDARD.name: module.STANDARD for module in (sapient, remote_id, cot, klv, asterix)
}

__all__ = ["STANDARDS", "Finding", "Layer", "Place", "Recording", "Report", "Severity", "Standard", "Verdict"]
