"""Sensors tried elsewhere, as an address carries them: ``move=<position>:<lon>,<lat>,<mast>[,<azimuth>]``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from skypact.engines.coverage.watching import Watcher
from skypact.engines.kit.assembling import true_azimuth
from skypact.market.coverage.scenes import Scene
from skypact.schema import InputError, Problem

#: More sensors than this are not tried elsewhere at once.
MOVES_MAX = 60
MAST_MAX_M = 200.0
_ACCEPTED = "must be position:longitude,latitude,mast or position:longitude,latitude,mast,azimuth in degrees and metres"


@dataclass(frozen=True)
class Move:
    """One sensor of a kit tried elsewhere: WGS 84 position, mast, and where it looks from true north."""

    position: str
    lon: float
    lat: float
    mast_m: float
    azimuth_deg: float | None = None
    """``None``: as in the kit"""

    def __str__(self) -> str:
        figures = [f"{self.lon:.7f}", f"{self.lat:.7f}", f"{self.mast_m:g}"]
        if self.azimuth_deg is not None:
            figures.append(f"{self.azimuth_deg:g}")
        return f"{self.position}:{','.join(figures)}"


def moves_of(texts: Sequence[str], *, file: str) -> tuple[Move, ...]:
    """The moves written in ``texts``. Raises InputError naming each that does not fit."""
    if len(texts) > MOVES_MAX:
        raise InputError.single(file=file, place="move", value=len(texts), accepted=f"at most {MOVES_MAX} moves")
    found, problems = [], []
    for number, text in enumerate(texts):
        name, _, figures = text.partition(":")
        try:
            numbers = [float(part) for part in figures.split(",")]
        except ValueError:
            numbers = []
        if not name or len(numbers) not in (3, 4) or not all(map(math.isfinite, numbers)):
            problems.append(_problem(file, f"move.{number}", text[:80], _ACCEPTED))
            continue
        found.append(Move(name, *numbers))
    if problems:
        raise InputError(tuple(problems))
    return tuple(found)


def moved(scene: Scene, moves: Iterable[Move], *, file: str) -> tuple[Watcher, ...]:
    """The kit's sensors with ``moves`` made; one that is not named stands exactly where it stood.

    Raises InputError for a position that the kit does not have, one that is moved twice, figures out of bounds, places
    outside the relief, and an azimuth for a sensor that looks all round.
    """
    asked: dict[str, Move] = {}
    problems: list[Problem] = []
    for number, move in enumerate(moves):
        place = f"move.{number}"
        if move.position not in scene.positions:
            accepted = f"one of {', '.join(scene.positions)}"
            problems.append(_problem(file, place, move.position[:80], accepted))
        elif move.position in asked:
            problems.append(_problem(file, place, move.position, "each sensor at most once"))
        else:
            asked[move.position] = move
            problems += _problems(scene, move, place, file)
    if problems:
        raise InputError(tuple(problems))
    return tuple(_moved(scene, one, asked[one.id]) if one.id in asked else one for one in scene.watch.watchers)


def _problems(scene: Scene, move: Move, place: str, file: str) -> list[Problem]:
    found = []
    if not (abs(move.lon) <= 180 and abs(move.lat) <= 90):
        found.append(_problem(file, f"{place}.at", f"{move.lon:g}, {move.lat:g}", "longitude and latitude in degrees"))
    elif not bool(scene.terrain.covers(*scene.terrain.to_grid(move.lon, move.lat))):
        at = f"{move.lon:.5f}, {move.lat:.5f}"
        found.append(_problem(file, f"{place}.at", at, f"a place on the relief {scene.terrain.name}"))
    if not 0 <= move.mast_m <= MAST_MAX_M:
        found.append(_problem(file, f"{place}.mast_m", f"{move.mast_m:g}", f"0 to {MAST_MAX_M:g} m"))
    if move.azimuth_deg is not None:
        if scene.positions[move.position].azimuth_deg is None:
            found.append(_problem(file, f"{place}.azimuth_deg", f"{move.azimuth_deg:g}", "none: it looks all round"))
        elif not 0 <= move.azimuth_deg < 360:
            found.append(_problem(file, f"{place}.azimuth_deg", f"{move.azimuth_deg:g}", "0 or more, under 360"))
    return found


def _moved(scene: Scene, watcher: Watcher, move: Move) -> Watcher:
    """The sensor at its new place. What the kit says of it already changes nothing: its own figures are not rounded."""
    position = scene.positions[watcher.id]
    x, y = watcher.x, watcher.y
    if (round(move.lon, 7), round(move.lat, 7)) != position.at:
        x, y = (float(axis) for axis in scene.terrain.to_grid(move.lon, move.lat))
    azimuth = watcher.azimuth_deg
    if azimuth is not None and move.azimuth_deg is not None and move.azimuth_deg != position.azimuth_deg:
        azimuth = (move.azimuth_deg - true_azimuth(0.0, x, y, scene.terrain)) % 360.0
    return replace(watcher, x=x, y=y, mast_m=move.mast_m, azimuth_deg=azimuth)


def _problem(file: str, place: str, value: str, accepted: str) -> Problem:
    return InputError.single(file=file, place=place, value=value, accepted=accepted).problems[0]
