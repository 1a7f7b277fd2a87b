"""Public data sets in their own formats, read as catalogues. One module a format; ``docs/formats.md`` lists them.

A file is recognised by what it holds, never by its name: by the columns of its first row, or by the keys of its JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import BinaryIO

from skypact.exchange.catalogue.foreign import (
    droneapp,
    drones_open_catalog,
    nsn_leso,
    openathena,
    opendronelist,
)
from skypact.exchange.catalogue.rows import Row

__all__ = ["Foreign", "read", "recognised"]

#: As much of a file as is looked at to recognise it.
_LOOKED_AT = 64 * 2**10


class Foreign(StrEnum):
    """A public data set's own format."""

    NSN_LESO = "nsn-leso"
    BATTERIES = "droneapp-batteries"
    MOTORS = "droneapp-motors"
    SPEED_CONTROLLERS = "droneapp-escs"
    OPENDRONELIST = "opendronelist"
    DRONES_OPEN_CATALOG = "drones-open-catalog"
    OPENATHENA = "openathena-cameras"


_READERS: dict[Foreign, Callable[..., Iterator[Row]]] = {
    Foreign.NSN_LESO: nsn_leso.read,
    Foreign.BATTERIES: droneapp.read_batteries,
    Foreign.MOTORS: droneapp.read_motors,
    Foreign.SPEED_CONTROLLERS: droneapp.read_speed_controllers,
    Foreign.OPENDRONELIST: opendronelist.read,
    Foreign.DRONES_OPEN_CATALOG: drones_open_catalog.read,
    Foreign.OPENATHENA: openathena.read,
}

_COLUMNS = {
    Foreign.NSN_LESO: (",", nsn_leso.COLUMNS),
    Foreign.BATTERIES: (";", droneapp.BATTERY_COLUMNS),
    Foreign.MOTORS: (";", droneapp.MOTOR_COLUMNS),
    Foreign.SPEED_CONTROLLERS: (";", droneapp.SPEED_CONTROLLER_COLUMNS),
    Foreign.OPENDRONELIST: (",", opendronelist.COLUMNS),
}


def recognised(stream: BinaryIO) -> Foreign | None:
    """The data set whose shape ``stream`` (seekable) has; ``None`` where it is none of them."""
    stream.seek(0)
    start = stream.read(_LOOKED_AT).removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="replace").lstrip()
    stream.seek(0)
    if start.startswith("["):
        return Foreign.DRONES_OPEN_CATALOG if _keys(start, *drones_open_catalog.NEEDED) else None
    if start.startswith("{"):
        return Foreign.OPENATHENA if _keys(start, openathena.CAMERAS) else None
    header = start.splitlines()[0] if start else ""
    for found, (separator, columns) in _COLUMNS.items():
        if columns <= {cell.strip().strip('"') for cell in header.split(separator)}:
            return found
    return None


def _keys(start: str, *names: str) -> bool:
    return all(f"{json.dumps(name)}:" in start for name in names)


def read(stream: BinaryIO, *, name: str, format: Foreign) -> Iterator[Row]:  # noqa: A002 (the field's word)
    """The rows of a data set. Raises :class:`~skypact.exchange.catalogue.rows.UnreadableFileError`."""
    return _READERS[format](stream, name=name)
