"""Threat classes: what a site must be able to notice. Classes of small unmanned aircraft, never a named unit."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from skypact.schema.base import Model, Name, Slug, Text
from skypact.schema.evidence import Evidence, Hertz, Kilograms, Metres, MetresPerSecond, SquareMetres


class EmissionKind(StrEnum):
    """Why an aircraft transmits."""

    CONTROL = "control"
    TELEMETRY = "telemetry"
    VIDEO = "video"
    REMOTE_ID = "remote_id"


class Emission(Model):
    """One radio emission of a threat class."""

    kind: EmissionKind
    frequency_min: Hertz = ()
    frequency_max: Hertz = ()
    evidence: Evidence


class ThreatClass(Model):
    """A class of small unmanned aircraft against which a site's detection is assessed.

    No emissions means that passive radio sensors detect nothing of it.
    """

    id: Slug
    name: Name
    name_ko: Name
    summary: Text
    summary_ko: Text
    mass_min: Kilograms = ()
    mass_max: Kilograms = ()
    span: Metres = ()
    """largest dimension"""
    rcs: SquareMetres = ()
    """mean radar cross-section"""
    speed_max: MetresPerSecond = ()
    height_min: Metres = ()
    """lowest usual height above ground"""
    height_max: Metres = ()
    emissions: tuple[Emission, ...] = ()
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1)]

    @property
    def emits(self) -> bool:
        """Whether a passive radio sensor has anything to hear."""
        return bool(self.emissions)

    @property
    def broadcasts_remote_id(self) -> bool:
        """Whether a Remote ID receiver has anything to read."""
        return any(emission.kind is EmissionKind.REMOTE_ID for emission in self.emissions)
