"""Places and classes a requirement may name: airports, threat classes, elevation files of this installation."""

from functools import cache
from pathlib import Path

import airportsdata
from django.conf import settings

from skypact.exchange.terrain_folder import elevation_files
from skypact.schema import Problem, Requirement
from skypact.seed import threats

_FOUND_AT_MOST = 8


@cache
def _airports() -> dict[str, dict[str, object]]:
    return airportsdata.load("ICAO")


def airport(icao: str) -> dict[str, object] | None:
    """Code, name, city, country and position of an airport; None if nobody knows the code."""
    found = _airports().get(icao.upper())
    return None if found is None else _shown(found)


def search_airports(text: str) -> list[dict[str, object]]:
    """Airports whose code begins with ``text`` or whose name or city holds it, codes first, at most eight."""
    wanted = text.strip().casefold()
    if len(wanted) < 2:
        return []
    by_code = [one for one in _airports().values() if str(one["icao"]).casefold().startswith(wanted)]
    by_code += [one for one in _airports().values() if str(one["iata"]).casefold() == wanted]
    by_name = [one for one in _airports().values() if wanted in f"{one['name']} {one['city']}".casefold()]
    by_name.sort(key=lambda one: (not one["iata"], one["icao"]))
    found = {str(one["icao"]): one for one in by_code[:_FOUND_AT_MOST] + by_name[:_FOUND_AT_MOST]}
    return [_shown(one) for one in list(found.values())[:_FOUND_AT_MOST]]


def _shown(entry: dict[str, object]) -> dict[str, object]:
    return {key: entry[key] for key in ("icao", "iata", "name", "city", "country", "lon", "lat")}


def terrain_folder() -> Path:
    """Where the operator of this installation puts elevation and obstacle files: SKYPACT_TERRAIN, else in its home."""
    return Path(settings.HOME) / "terrain" if settings.TERRAIN is None else Path(settings.TERRAIN)


def terrain_files() -> tuple[str, ...]:
    """The elevation files that a requirement may name here."""
    return tuple(file.name for file in elevation_files(terrain_folder()))


def obstacle_files() -> tuple[str, ...]:
    """The obstacle files that a requirement may name here."""
    return tuple(sorted(file.name for file in terrain_folder().glob("*.geojson")))


def problems_of(requirement: Requirement, *, file: str = "requirement") -> tuple[Problem, ...]:
    """What the requirement names that does not exist here."""
    problems = []
    icao = requirement.site.icao
    if icao is not None and airport(icao) is None:
        problems.append(
            Problem(file=file, place="site.icao", value=repr(icao), accepted="must be the ICAO code of a known airport")
        )
    known = [threat.id for threat in threats()]
    for number, threat in enumerate(requirement.detection.threats):
        if threat not in known:
            place, accepted = f"detection.threats.{number}", f"must be one of {', '.join(known)}"
            problems.append(Problem(file=file, place=place, value=repr(threat), accepted=accepted))
    named = (
        ("terrain", requirement.terrain, terrain_files(), "an elevation file"),
        ("obstacles", requirement.obstacles, obstacle_files(), "an obstacle file"),
    )
    for field, names, files, kind in named:
        for number, name in enumerate(names):
            if name not in files:
                accepted = f"must be {kind} of this installation: {', '.join(files) or 'it has none'}"
                problems.append(Problem(file=file, place=f"{field}.{number}", value=repr(name), accepted=accepted))
    return tuple(problems)
