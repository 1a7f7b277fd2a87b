"""The open data model of skypact: closed, immutable records with published JSON Schema."""

from skypact.schema.base import Model, Name, Nation, Slug, StockNumber, Text
from skypact.schema.catalogue import Catalogue, Component, Declaration, Listing, Offer, QuantityBreak, Vendor
from skypact.schema.equipment import Airframe, AirframeKind, Battery, FusionNode, SensingTask, Sensor, StatedRange
from skypact.schema.evidence import (
    Claim,
    Evidence,
    FlagClaim,
    Grade,
    NumberClaim,
    Provenance,
    Release,
    Source,
    TextClaim,
    figure,
    releasable,
    strongest,
)
from skypact.schema.geometry import Area, Circle, LineString, MultiPolygon, Point, Polygon, Position
from skypact.schema.money import Currency, Money
from skypact.schema.ports import Port, PortAttributes, PortKind, PortRole
from skypact.schema.problems import InputError, Problem, parse, parse_json
from skypact.schema.taxonomy import Category, SensorKind
from skypact.schema.threat import Emission, EmissionKind, ThreatClass
from skypact.schema.units import Unit

__all__ = [
    "Airframe",
    "AirframeKind",
    "Area",
    "Battery",
    "Catalogue",
    "Category",
    "Circle",
    "Claim",
    "Component",
    "Currency",
    "Declaration",
    "Emission",
    "EmissionKind",
    "Evidence",
    "FlagClaim",
    "FusionNode",
    "Grade",
    "InputError",
    "LineString",
    "Listing",
    "Model",
    "Money",
    "MultiPolygon",
    "Name",
    "Nation",
    "NumberClaim",
    "Offer",
    "Point",
    "Polygon",
    "Port",
    "PortAttributes",
    "PortKind",
    "PortRole",
    "Position",
    "Problem",
    "Provenance",
    "QuantityBreak",
    "Release",
    "Sensor",
    "SensorKind",
    "SensingTask",
    "Slug",
    "Source",
    "StatedRange",
    "StockNumber",
    "Text",
    "TextClaim",
    "ThreatClass",
    "Unit",
    "Vendor",
    "figure",
    "parse",
    "parse_json",
    "releasable",
    "strongest",
]
