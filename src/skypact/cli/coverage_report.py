"""What ``skypact coverage`` tells of its results: in words with units for a reader, as JSON for a program."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from skypact.engines.coverage import Terrain
    from skypact.exchange.terrain_folder import Tile

#: With fewer posts than this in range (a tenth of the range apart there are 314) a share says little.
_POSTS_FEW = 300
#: Posts farther apart than this share of the range hide whole hills between them.
_SPACING_COARSE = 0.1
#: Files of the installation that cannot be used are told one by one up to so many.
_FILES_TOLD = 10


def relief_told(relief: Terrain) -> dict[str, Any]:
    """On which relief a result stands."""
    return {
        "terrain": relief.name,
        "surface": relief.surface.value,
        "spacing_m": round(relief.dx, 3),
        "resampling": relief.resampling or "none",
        "obstacles": relief.obstacles,
        "unknown_share": round(relief.unknown_share, 6),
        "source": relief.source,
    }


def shares_told(lowest: Any, levels: list[float]) -> dict[str, Any]:
    """How much is seen at each height above ground, of what is in range and of that part of it which is known.

    ``lowest``: lowest visible altitudes, NaN where unknown, inf out of range.
    """
    import numpy as np

    in_range, unknown = int((~np.isinf(lowest)).sum()), int(np.isnan(lowest).sum())
    known = in_range - unknown
    seen = [(level, int((lowest <= level).sum())) for level in levels]
    return {
        "posts_in_range": in_range,
        "posts_unknown": unknown,
        "unknown_in_range": round(unknown / in_range, 6) if in_range else None,
        "seen": [
            {
                "height_m": level,
                "share": round(posts / in_range, 6) if in_range else None,
                "share_of_known": round(posts / known, 6) if known else None,
            }
            for level, posts in seen
        ],
    }


def warnings(relief: Terrain, lowest: Any, range_m: float) -> list[str]:
    """What the reader of a result should know before relying on it."""
    import numpy as np

    from skypact.engines.coverage import SurfaceKind

    found = []
    if relief.obstacles and relief.surface is SurfaceKind.UNSTATED:
        found.append(
            f"nobody states what the heights of {relief.name} describe: if the model is a surface model, "
            "buildings count twice; say --heights"
        )
    in_range, unknown = int((~np.isinf(lowest)).sum()), int(np.isnan(lowest).sum())
    if unknown > in_range / 2:
        found.append(
            f"{unknown / in_range:.0%} of the posts in range are unknown: shares speak of the smaller part of the range"
        )
    spacing = max(relief.dx, relief.dy)
    if spacing > _SPACING_COARSE * range_m:
        found.append(
            f"posts every {spacing:g} m are coarse for a range of {range_m:g} m: "
            f"relief between them is not looked at; at most {_SPACING_COARSE * range_m:g} m is advised"
        )
    if in_range < _POSTS_FEW:
        found.append(f"only {in_range} posts lie in range: a share of so few says little; {_POSTS_FEW} are advised")
    return found


def left_out(unusable: Sequence[Tile]) -> list[str]:
    """The elevation files of the installation that cannot be used, each with its place, value and what is accepted."""
    told = [f"not used: {'; '.join(str(tile.problem).splitlines())}" for tile in unusable[:_FILES_TOLD]]
    more = len(unusable) - len(told)
    return [*told, f"not used: {more} more files; see skypact coverage terrain"] if more else told


def tell(summary: Mapping[str, Any], output: Path, as_json: bool) -> None:
    """The summary on stdout; without JSON its warnings on stderr."""
    if as_json:
        typer.echo(json.dumps(summary, indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(show_header=False, box=None)
    for said, shown in rows(summary):
        table.add_row(said, shown)
    Console(width=None if sys.stdout.isatty() else 120, markup=False).print(table)
    for warning in summary["warnings"]:
        typer.echo(f"warning: {warning}", err=True)
    typer.echo(f"written to {output}")


def rows(summary: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The summary in words: what it is, and how much."""
    yield "relief", summary["terrain"]
    yield "heights describe", summary["surface"].replace("_", " ")
    yield "posts every", f"{summary['spacing_m']:g} m"
    yield "resampling", summary["resampling"]
    yield "obstacles on the relief", str(summary["obstacles"])
    yield "relief unknown", f"{summary['unknown_share']:.2%} of the posts read"
    yield "source", summary["source"]
    yield from (_of_see if "positions" in summary else _of_strip)(summary)


def _of_see(summary: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for position in summary["positions"]:
        yield f"position {position['at']}", standing(position)
    yield "range", f"{summary['range_m']:g} m"
    unknown = summary["unknown_in_range"]
    beside = "" if unknown is None else f"; {unknown:.1%} of the posts in range unknown"
    for entry in summary["seen"]:
        share = entry["share_of_known"]
        seen = "unknown: no post in range is known" if share is None else f"{share:.1%} of known ground{beside}"
        yield f"seen at {entry['height_m']:g} m", seen


def standing(position: Mapping[str, Any]) -> str:
    """How a position stands: the eye above the ground, the obstacle that raises it there, and where it looks."""
    ground, mast, obstacle = position["ground_m"], position["mast_m"], position["obstacle_m"]
    foot = f"on an obstacle of {obstacle:g} m, mast {mast:g} m above its top" if obstacle else f"mast {mast:g} m"
    above = f"{foot}: eye {round(obstacle + mast, 2):g} m above the ground at {ground:g} m"
    looks = "all round"
    if position["width_deg"] is not None:
        looks = f"azimuth {position['azimuth_deg']:g}° from true north, {position['width_deg']:g}° wide"
    return f"{above}; looks {looks}"


def _of_strip(summary: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    share, sensors = summary["asked_share"], summary["asked_sensors"]
    yield (
        "asked for",
        f"{100 * share:g} % of the strip seen, with as few sensors as can be"
        if sensors is None
        else f"as much of the strip as {sensors} sensor{'s' * (sensors > 1)} can see",
    )
    yield "drone above ground", f"{summary['height_m']:g} m"
    yield "range of a sensor", f"{summary['range_m']:g} m"
    yield "masts above ground", f"{summary['mast_m']:g} m"
    yield "line on the relief", f"{summary['line_m']:,} m"
    yield "possible positions", f"{summary['candidates']:,}"
    yield "places to be seen", f"{summary['places']:,}"
    yield "places no position sees", f"{summary['places_no_candidate_sees']:,}"
    yield "sensors chosen", str(summary["sensors"])
    yield "places seen", f"{summary['share_seen']:.2%}"
    yield "gap to the best there can be", f"{summary['gap']:.2%}"
    yield "proven to be the best", "yes" if summary["proven"] else "no"
    yield "stopped before the end", "yes" if summary["stopped"] else "no"
    yield "blind stretches of the line", f"{summary['blind_stretches']}, together {summary['blind_m']:,} m"
