"""ASTERIX as CroatiaControl's ``asterix_decoder`` reads it: a Python of the user's own that has it, run as a program.

That package is under the GPL and installs a module of the same name as ``libasterix``: it is never imported here.
``SKYPACT_ASTERIX_DECODER`` names the interpreter. Its tables are its makers' own and of other editions, and it marks
nothing as malformed; so the items are compared that have the same meaning in every edition, by the table below.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from skypact.conformance.asterix.readings import COMPOSED, TRACKS, data_blocks, editions, of_block
from skypact.conformance.programs import answer, output
from skypact.conformance.second import Reading, SecondDecoder, UnfinishedError, Value
from skypact.conformance.standard import Recording

VARIABLE = "SKYPACT_ASTERIX_DECODER"

_READ = """
import json, sys, asterix
for line in open(sys.argv[1]):
    try:
        found = asterix.parse(bytes.fromhex(line), verbose=False)
    except Exception as error:
        found = []
    print(json.dumps(found), flush=True)
"""

_KNOTS = 1 / 3600
_MODE_A = {"070/V": "V", "070/G": "G", "070/L": "L", "070/MODE3A": "Mode3A"}
_SOURCE = {"010/SAC": "SAC", "010/SIC": "SIC"}
#: Category -> our path -> its name in the item, and what a unit of it is in ours.
_TABLE: dict[int, dict[str, str | tuple[str, float]]] = {
    1: _SOURCE
    | _MODE_A
    | {"020/TYP": "TYP", "040/RHO": "RHO", "040/THETA": "THETA", "042/X": "X", "042/Y": "Y", "161": "tpn"},
    2: _SOURCE | {"000": "type", "020": "Azi", "030": "ToD", "041": "RotS"},
    21: _SOURCE
    | {"080": "TAddr", "130/LAT": "Lat", "130/LON": "Lon", "140": "geometric_height", "145": "FL", "170": "TId"},
    34: _SOURCE | {"000": "MsgTyp", "020": "Azi", "030": "ToD", "041": "RotS"},
    48: _SOURCE
    | _MODE_A
    | {
        "020/TYP": "TYP",
        "040/RHO": "RHO",
        "040/THETA": "THETA",
        "042/X": "X",
        "042/Y": "Y",
        "090/FL": "FL",
        "140": "ToD",
        "161/TRN": "Tn",
        "200/GSP": ("CGS", _KNOTS),
        "200/HDG": "CHdg",
        "220": "ACAddr",
        "240": "TId",
    },
    62: _SOURCE
    | {
        "015": "SID",
        "040": "TrkN",
        "060/MODE3A": "Mode3A",
        "070": "ToT",
        "080/CNF": "CNF",
        "100/X": "X",
        "100/Y": "Y",
        "105/LAT": "Lat",
        "105/LON": "Lon",
        "130": "Alt",
        "136": ("MFL", 0.01),
        "185/VX": "Vx",
        "185/VY": "Vy",
        "210/AX": "Ax",
        "210/AY": "Ay",
        "220": "RoC",
    },
    63: _SOURCE | {"015": "ServiceID", "030": "ToD", "050/SAC": "SAC", "050/SIC": "SIC"},
    65: _SOURCE | {"000": "Typ", "015": "SID", "020": "BTN", "030": "ToD"},
}
_OCTAL = frozenset({"070/MODE3A", "060/MODE3A"})
_HEXADECIMAL = frozenset({"220", "080"})


def interpreter() -> Path | None:
    """The Python that the user names; ``None`` where the variable names none."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named and Path(named).is_file() else None


def version() -> str | None:
    """The version of ``asterix_decoder`` there; ``None`` where there is none."""
    python = interpreter()
    return None if python is None else _version(python)


@cache
def _version(python: Path) -> str | None:
    asked = "from importlib.metadata import version; print(version('asterix_decoder'))"
    return answer(python, "-I", "-c", asked).strip() or None


def read(recordings: Sequence[Recording]) -> Iterator[Reading]:
    """A reading for each record that it gives; blocks that it raises on have none."""
    python = interpreter()
    if python is None:
        raise UnfinishedError(f"{VARIABLE} names no interpreter")
    chosen = editions(recordings)
    handed = [one for one in data_blocks(recordings) if one.category in chosen and one.category in _TABLE]
    with TemporaryDirectory(prefix="skypact-asterix-") as name:
        blocks = Path(name) / "blocks"
        blocks.write_text("".join(f"{one.whole.hex()}\n" for one in handed))
        with output([python, "-I", "-c", _READ, blocks], Path(name)) as printed:
            for block, line in zip(handed, printed, strict=False):
                records = [_values(block.category, record) for record in json.loads(line)]
                yield from of_block(block, chosen[block.category], records)


def knows(kind: str, field: str) -> bool:
    """Whether the table above has the category, and the field in it."""
    found = _KIND.fullmatch(kind)
    return found is not None and int(found[1]) in _TABLE and (not field or field in _TABLE[int(found[1])])


_KIND = re.compile(rf"CAT(\d{{3}}) \d+\.\d+({TRACKS}|{COMPOSED})?")


def _values(category: int, record: Mapping[str, Any]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for path, known in _TABLE[category].items():
        name, unit = known if isinstance(known, tuple) else (known, 1.0)
        item = record.get(f"I{path[:3]}")
        said = item.get(name, {}).get("val") if isinstance(item, dict) else None
        if said is not None:
            found[path] = _value(path, category, said, unit)
    return found


def _value(path: str, category: int, said: float | str, unit: float) -> Value:
    if isinstance(said, str):
        if path in _OCTAL:
            return int(said, 8)
        if path in _HEXADECIMAL and re.fullmatch("[0-9A-Fa-f]+", said):
            return int(said, 16)
        return said.strip()
    return said if unit == 1 else said * unit


DECODER = SecondDecoder(
    name="asterix_decoder",
    version=version,
    whose="CroatiaControl's, in C++ with tables of its own, in a Python that the user names; it refuses nothing.",
    read=read,
    knows=knows,
)
