"""GeoJSON geometry (RFC 7946): WGS 84 longitude, latitude in degrees."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from skypact.schema.base import Model

Longitude = Annotated[float, Field(ge=-180, le=180)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Position = tuple[Longitude, Latitude]


def _closed_ring(ring: tuple[Position, ...]) -> tuple[Position, ...]:
    if len(ring) < 4:
        raise ValueError(f"a ring needs at least 4 positions, has {len(ring)}")
    if ring[0] != ring[-1]:
        raise ValueError("a ring must end where it begins")
    return ring


Ring = Annotated[tuple[Position, ...], AfterValidator(_closed_ring)]


class Point(Model):
    """A GeoJSON Point."""

    type: Literal["Point"] = "Point"
    coordinates: Position


class LineString(Model):
    """A GeoJSON LineString."""

    type: Literal["LineString"] = "LineString"
    coordinates: Annotated[tuple[Position, ...], Field(min_length=2)]


class Polygon(Model):
    """A GeoJSON Polygon: an outer ring, then holes."""

    type: Literal["Polygon"] = "Polygon"
    coordinates: Annotated[tuple[Ring, ...], Field(min_length=1)]


class MultiPolygon(Model):
    """A GeoJSON MultiPolygon."""

    type: Literal["MultiPolygon"] = "MultiPolygon"
    coordinates: Annotated[tuple[Annotated[tuple[Ring, ...], Field(min_length=1)], ...], Field(min_length=1)]


Area = Annotated[Polygon | MultiPolygon, Field(discriminator="type")]


class Circle(Model):
    """A disc on the ground; not GeoJSON, kept because people say "three kilometres around the tower"."""

    centre: Position
    radius_m: Annotated[float, Field(gt=0, le=100_000)]

    @model_validator(mode="after")
    def _not_at_a_pole(self) -> Circle:
        if abs(self.centre[1]) > 85:
            raise ValueError("circles within 5 degrees of a pole are not supported")
        return self
