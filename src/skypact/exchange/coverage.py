"""What sensors see, as files that other tools open (cloud-optimised GeoTIFF, GeoJSON); and lines read from GeoJSON."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely
from numpy.typing import NDArray
from rasterio.transform import Affine
from shapely.geometry import mapping

from skypact.engines.coverage import Terrain
from skypact.exchange.geojson import features_in, geometry_of
from skypact.schema import InputError


def write_lowest_visible(
    path: Path, lowest: NDArray[np.float32], terrain: Terrain, *, about: Mapping[str, str]
) -> None:
    """Lowest visible altitudes, metres, as a cloud-optimised GeoTIFF: band 1 above ground, band 2 above sea level.

    ``lowest`` (rows, columns) belongs to ``terrain`` post by post; a raster cell is centred on its post. NaN is unknown
    (the file's nodata value), inf is out of range. ``about`` becomes the file's tags, beside what the heights describe.
    The file appears whole or not at all.
    """
    place = Affine(terrain.dx, 0, terrain.x0 - terrain.dx / 2, 0, -terrain.dy, terrain.y0 + terrain.dy / 2)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", suffix=".tif", delete=False) as file:
        unfinished = Path(file.name)
    try:
        with rasterio.open(
            unfinished,
            "w",
            driver="COG",
            width=terrain.columns,
            height=terrain.rows,
            count=2,
            dtype="float32",
            crs=terrain.crs,
            transform=place,
            nodata=np.nan,
            compress="DEFLATE",
            overview_resampling="NEAREST",
        ) as raster:
            raster.write(lowest, 1)
            raster.write(lowest + terrain.heights.astype(np.float32), 2)
            raster.set_band_description(1, "lowest visible altitude above ground, m")
            raster.set_band_description(2, "lowest visible altitude above sea level, m")
            raster.update_tags(
                SURFACE=terrain.surface.value,
                TERRAIN=terrain.name,
                TERRAIN_SOURCE=terrain.source,
                TERRAIN_RESAMPLING=terrain.resampling or "none",
                TERRAIN_OBSTACLES=str(terrain.obstacles),
                **about,
            )
            raster.units = ("m", "m")
        os.chmod(unfinished, 0o644)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def relief_properties(terrain: Terrain) -> dict[str, Any]:
    """What a GeoJSON feature says of the relief it was computed on."""
    return {
        "surface": terrain.surface.value,
        "terrain": terrain.name,
        "resampling": terrain.resampling or "none",
        "obstacles": terrain.obstacles,
    }


def feature_collection(features: Sequence[tuple[shapely.Geometry, Mapping[str, Any]]]) -> str:
    """GeoJSON (RFC 7946) of WGS 84 geometries with their properties, coordinates to 1e-7 degrees (about 1 cm)."""
    return json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "geometry": mapping(shapely.set_precision(geometry, 1e-7)),
                    "properties": dict(properties),
                }
                for geometry, properties in features
            ],
        },
        ensure_ascii=False,
    )


def read_line(path: Path, *, feature: int = 0) -> shapely.LineString:
    """The line (WGS 84) of one feature of a GeoJSON file.

    Raises :class:`InputError` naming the file and place for what is no GeoJSON, has no such feature, or is no line.
    """
    features = features_in(path)
    if not 0 <= feature < len(features):
        raise InputError.single(
            file=path.name,
            place="features",
            value=feature,
            accepted=f"a number below {len(features)}, the number of features",
        )
    line = geometry_of(features[feature], kinds=("LineString",), file=path.name, place=f"features.{feature}")
    assert isinstance(line, shapely.LineString)  # noqa: S101 (its type was checked above)
    return line
