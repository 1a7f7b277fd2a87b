"""The conformance lab: one folder a standard; decode real recordings and report what conforms."""

from __future__ import annotations

from skypact.conformance import asterix, cot, dronecan, f3411_network, klv, mavlink, remote_id, sapient, stanag4609
from skypact.conformance.report import Finding, Layer, Place, Report, Severity, Verdict
from skypact.conformance.standard import Recording, Standard

STANDARDS: dict[str, Standard] = {
    module.STANDARD.name: module.STANDARD
    for module in (sapient, remote_id, f3411_network, cot, klv, stanag4609, asterix, mavlink, dronecan)
}

__all__ = ["STANDARDS", "Finding", "Layer", "Place", "Recording", "Report", "Severity", "Standard", "Verdict"]
