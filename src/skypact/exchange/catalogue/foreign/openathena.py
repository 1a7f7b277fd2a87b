"""Camera models of drones from the OpenAthena project: image size and image sensor (``openathena-cameras``).

A camera's name is what it writes into its pictures (EXIF make in lower case, then the model). What the file holds for
computing positions on the ground (lens distortion, error of a target's location) is not taken in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

from skypact.exchange.catalogue.foreign.entry import (
    DataSet,
    Entry,
    Told,
    claims,
    document,
    entries,
    slug_of,
    vendor,
)
from skypact.exchange.catalogue.rows import Row, unreadable
from skypact.schema import Category, Grade, Provenance, Unit

CAMERAS = "droneCCDParams"

SOURCE = DataSet(
    title="OpenAthena DroneModels (Theta Informatics)",
    url="https://github.com/Theta-Limited/DroneModels/blob/591f9dd/droneModels.json",
    licence="Apache-2.0",
    grade=Grade.STATED,
    published=date(2025, 11, 5),
)

#: How EXIF spells the makers that the file knows, and how they spell themselves.
_MAKERS = {
    "autel robotics": "Autel Robotics",
    "dji": "DJI",
    "hasselblad": "Hasselblad",
    "intertest": "InterTest",
    "parrot": "Parrot",
    "skydio": "Skydio",
    "teledyne flir": "Teledyne FLIR",
}
#: Makers that the catalogue knows under a shorter id.
_IDS = {"autel-robotics": "autel"}
_NOT_STATED = ("openathena-maker-not-stated", "Maker not stated (OpenAthena DroneModels)")

#: ``6.3175/4000.0``, also with Java's ending for doubles: ``7.68d/640.0d``.
_QUOTIENT = re.compile(r"(\d+(?:\.\d+)?)d?/(\d+(?:\.\d+)?)d?")
_MM_PER_PIXEL = "millimetres by pixels, such as 6.3175/4000"


def read(stream: BinaryIO, *, name: str) -> Iterator[Row]:
    """The rows of the file. Raises :class:`~skypact.exchange.catalogue.rows.UnreadableFileError`."""
    found = document(stream)
    if not isinstance(found, dict) or CAMERAS not in found:
        raise unreadable(f'must be {{"{CAMERAS}": […]}}')
    ids = Told()
    for entry in entries(found[CAMERAS], place=CAMERAS):
        yield entry if isinstance(entry, Row) else _row(entry, name, ids)


def _row(entry: Entry, file: str, ids: Told) -> Row:
    named = entry.needed("makeModel")
    make = next((make for make in _MAKERS if named.startswith(make)), "")
    model = named.removeprefix(make).strip() or named
    thermal = entry.cells.get("isThermal")
    if not isinstance(thermal, bool):
        entry.refuse("isThermal", "input should be true or false")
    across, down = entry.number_in("widthPixels", Unit.COUNT), entry.number_in("heightPixels", Unit.COUNT)
    evidence, derived = SOURCE.evidence(), _derived()
    imager = {
        "thermal": claims(thermal, evidence),
        "pixels_horizontal": claims(across, evidence, Unit.COUNT),
        "pixels_vertical": claims(down, evidence, Unit.COUNT),
        "image_sensor_width": claims(_extent(entry, "ccdWidthMMPerPixel", across), derived, Unit.METRE),
        "image_sensor_height": claims(_extent(entry, "ccdHeightMMPerPixel", down), derived, Unit.METRE),
        "focal_length": claims(entry.number_in("focalLength", Unit.METRE, written_in="mm"), evidence, Unit.METRE),
    }
    identifier, maker = _maker(make)
    kind, kind_ko = ("thermal camera", "열화상 카메라") if thermal else ("camera", "카메라")
    remark = entry.text("comment")
    listing: dict[str, Any] = {
        "id": ids.identifier("openathena", make, model, "thermal" if thermal else ""),
        "name": model,
        "vendor": identifier,
        "category": Category.PAYLOAD_CAMERA,
        "summary": f"{kind.capitalize()} of an unmanned aircraft" + (f": {remark}" if remark else "."),
        "summary_ko": f"무인항공기의 {kind_ko}" + (f": {remark}" if remark else "."),
        "evidence": [evidence],
        "imagers": [imager],
    }
    return entry.row(vendor(identifier, maker, evidence), listing, name=file)


def _maker(make: str) -> tuple[str, str]:
    if not make:
        return _NOT_STATED
    name = _MAKERS[make]
    return _IDS.get(slug_of(name), slug_of(name)), name


def _derived() -> dict[str, Any]:
    return SOURCE.evidence(provenance=Provenance.DERIVED, note="Size of one pixel times the pixels of the picture.")


def _extent(entry: Entry, column: str, pixels: float | None) -> float | None:
    """The side of the image sensor in metres."""
    said = entry.text(column)
    quotient = _QUOTIENT.fullmatch(said)
    if quotient is None or not float(quotient[2]):
        entry.refuse(column, _MM_PER_PIXEL)
        return None
    return None if pixels is None else float(f"{float(quotient[1]) / float(quotient[2]) * pixels / 1000:.6g}")
