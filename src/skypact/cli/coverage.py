"""``skypact coverage``: what do positions see over real relief, and where along a border should sensors stand?"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from skypact.engines.coverage.strip import Side

if TYPE_CHECKING:
    from skypact.engines.coverage import Terrain
    from skypact.engines.coverage.strip import Watched

app = typer.Typer(help="Line of sight over relief: lowest visible altitudes, blind areas, border strips.")

Files = Annotated[list[Path], typer.Option("--terrain", help="Elevation file (GeoTIFF, .hgt); may be repeated.")]
Folder = Annotated[Path, typer.Option("--output", "-o", help="Folder for the results; made if it is not there.")]
Json = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]
_STAGES = {"sight": "Looking around", "choose": "Choosing positions", "draw": "Drawing what is seen"}
_POSITION = re.compile(r"\s*([-+]?[\d.]+)\s*,\s*([-+]?[\d.]+)\s*(?:,\s*([\d.]+)\s*)?")


@app.command()
def see(
    terrain: Files,
    at: Annotated[list[str], typer.Option("--at", help="longitude,latitude[,mast in metres]; may be repeated.")],
    output: Folder,
    range_m: Annotated[float, typer.Option("--range", min=1, help="How far each position looks, metres.")] = 10_000,
    height: Annotated[list[float] | None, typer.Option("--height", min=0, help="Above ground, metres.")] = None,
    as_json: Json = False,
) -> None:
    """What the positions see: lowest visible altitude as GeoTIFF, blind areas at each height as GeoJSON."""
    import numpy as np

    from skypact.engines.coverage.approach import blind_areas
    from skypact.engines.coverage.many import grouped, lowest_of_all
    from skypact.exchange.coverage import feature_collection, write_lowest_visible

    heights = height or [30.0, 60.0, 120.0]
    places = [_position(text) for text in at]
    with _clear_errors():
        relief = _around([(lon, lat) for lon, lat, _ in places], range_m, terrain)
        x, y = relief.to_grid([lon for lon, _, _ in places], [lat for _, lat, _ in places])
        observers = np.column_stack([x, y, [mast for _, _, mast in places]])
        groups = grouped(relief, observers, np.empty((0, 2), dtype=np.int64), range_m=range_m)
        lowest = lowest_of_all(relief, groups)
    asked = np.isnan(lowest) | (lowest < np.inf)
    output.mkdir(parents=True, exist_ok=True)
    about = {"OBSERVERS": "; ".join(at), "RANGE_M": f"{range_m:g}", "CURVATURE_FACTOR": "4/3"}
    write_lowest_visible(output / "lowest_visible.tif", lowest, relief, about=about)
    shares = {}
    for level in heights:
        seen = lowest <= level
        blind = blind_areas(relief, seen, within=asked)
        (output / f"blind_{level:g}m.geojson").write_text(
            feature_collection([(blind, {"height_m": level, "surface": relief.surface.value})]), encoding="utf-8"
        )
        shares[level] = float(seen[asked].mean())
    summary = {
        "terrain": relief.name,
        "surface": relief.surface.value,
        "spacing_m": relief.dx,
        "posts_in_range": int(asked.sum()),
        "posts_unknown": int(np.isnan(lowest).sum()),
        "seen": [{"height_m": level, "share": round(share, 6)} for level, share in shares.items()],
    }
    _tell(summary, output, as_json)


@app.command()
def strip(
    terrain: Files,
    line: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="GeoJSON file with the border as a line.")],
    output: Folder,
    feature: Annotated[int, typer.Option(min=0, help="Which feature of that file.")] = 0,
    side: Annotated[Side, typer.Option(help="Where sensors may stand, looking along the line.")] = Side.BOTH,
    share: Annotated[float | None, typer.Option(help="Of the strip to be seen, with as few sensors as can be.")] = None,
    sensors: Annotated[int | None, typer.Option(min=1, help="How many sensors, to see as much as can be.")] = None,
    range_m: Annotated[float, typer.Option("--range", min=1, help="Of one sensor, metres.")] = 8_000,
    height: Annotated[float, typer.Option(min=0, help="Of the drone above ground, metres.")] = 60,
    mast: Annotated[float, typer.Option(min=0, help="Height of the masts, metres.")] = 10,
    depth: Annotated[float, typer.Option(min=1, help="How far from the line the strip reaches, metres.")] = 4_000,
    stand_off: Annotated[float, typer.Option(min=1, help="How far from the line sensors may stand, metres.")] = 4_000,
    places_every: Annotated[float, typer.Option(min=1, help="Spacing of the places to be seen, metres.")] = 500,
    positions_every: Annotated[float, typer.Option(min=1, help="Spacing of possible positions, metres.")] = 1_000,
    workers: Annotated[int, typer.Option(min=1, help="Processes of this machine.")] = 1,
    scheduler: Annotated[str | None, typer.Option(help="Address of a Dask scheduler, e.g. tcp://host:8786.")] = None,
    memory: Annotated[str, typer.Option(help="Of one process.")] = "1GiB",
    work_limit: Annotated[float, typer.Option(min=0, help="For the proof, about seconds.")] = 20,
    as_json: Json = False,
) -> None:
    """Positions along a border, so that little of the strip is out of sight; with the gap to the best that can be."""
    import shapely

    from skypact.cli.cluster import runner
    from skypact.engines.coverage.strip import Strip, watch
    from skypact.exchange.coverage import read_line

    if share is None and sensors is None:
        share = 0.9
    with _clear_errors():
        border = read_line(line, feature=feature)
        relief = _around(shapely.get_coordinates(border).tolist(), depth + stand_off + range_m, terrain, clip=True)
        inside = _longest_part(relief, border)
        asked = Strip(
            line=shapely.get_coordinates(inside),
            depth_m=depth,
            places_every_m=places_every,
            stand_off_m=stand_off,
            side=side,
            positions_every_m=positions_every,
            mast_m=mast,
            range_m=range_m,
            height_m=height,
            share=share,
            sensors=sensors,
        )
        with runner(workers=workers, scheduler=scheduler, memory=memory) as run, _progress() as (progress, stop):
            found = watch(asked, relief, run=run, work_limit=work_limit, progress=progress, stop=stop)
    output.mkdir(parents=True, exist_ok=True)
    _write_strip(found, asked.height_m, inside, output)
    summary = {
        "terrain": relief.name,
        "surface": relief.surface.value,
        "line_m": round(inside.length),
        "candidates": found.candidates,
        "places": len(found.places),
        "places_no_candidate_sees": len(found.places) - found.reachable,
        "sensors": len(found.positions),
        "share_seen": round(float(found.seen.mean()), 6),
        "gap": round(found.sited.gap, 6),
        "proven": found.sited.proven,
        "stopped": found.sited.stopped,
        "blind_stretches": len(found.blind_stretches),
        "blind_m": round(sum(end - start for start, end in found.blind_stretches)),
    }
    _tell(summary, output, as_json)


def _write_strip(found: Watched, height_m: float, line: Any, output: Path) -> None:
    import shapely
    from shapely.ops import substring

    from skypact.exchange.coverage import feature_collection, write_lowest_visible

    relief = found.terrain
    lon, lat = relief.to_lonlat(found.positions[:, 0], found.positions[:, 1])
    points = [
        (shapely.Point(*at), {"sensor": number + 1, "mast_m": float(mast), "x_m": float(x), "y_m": float(y)})
        for number, (at, (x, y, mast)) in enumerate(zip(zip(lon, lat, strict=True), found.positions, strict=True))
    ]
    (output / "positions.geojson").write_text(feature_collection(points), encoding="utf-8")
    stretches = []
    for start, end in found.blind_stretches:
        part = substring(line, start, end)
        at = shapely.get_coordinates(part)
        lon, lat = relief.to_lonlat(at[:, 0], at[:, 1])
        geometry = (
            shapely.LineString(list(zip(lon, lat, strict=True))) if len(at) > 1 else shapely.Point(lon[0], lat[0])
        )
        stretches.append((geometry, {"from_m": round(start), "to_m": round(end), "height_m": height_m}))
    (output / "blind_stretches.geojson").write_text(feature_collection(stretches), encoding="utf-8")
    about = {"HEIGHT_M": f"{height_m:g}", "SENSORS": str(len(found.positions)), "CURVATURE_FACTOR": "4/3"}
    write_lowest_visible(output / "lowest_visible.tif", found.lowest, relief, about=about)


def _position(text: str) -> tuple[float, float, float]:
    match = _POSITION.fullmatch(text)
    if match is None:
        raise typer.BadParameter(f"{text!r}: write longitude,latitude or longitude,latitude,mast", param_hint="--at")
    lon, lat, mast = float(match[1]), float(match[2]), float(match[3] or 5)
    if abs(lon) > 180 or abs(lat) > 85:
        raise typer.BadParameter(f"{text!r}: longitude within ±180, latitude within ±85 degrees", param_hint="--at")
    return lon, lat, mast


def _around(places: list[Any], margin_m: float, files: list[Path], *, clip: bool = False) -> Terrain:
    """The relief around all places; with ``clip`` around the part of them that the files cover."""
    import pyproj

    from skypact.exchange.elevation import covered, read_elevation
    from skypact.schema import InputError

    if clip:
        inside = covered(files, [(at[0], at[1]) for at in places])
        places = [place for place, is_inside in zip(places, inside, strict=True) if is_inside]
        if not places:
            raise InputError.single(file="--line", accepted="a line with at least one point on the terrain files")
    west, east = min(at[0] for at in places), max(at[0] for at in places)
    south, north = min(at[1] for at in places), max(at[1] for at in places)
    centre = ((west + east) / 2, (south + north) / 2)
    geod = pyproj.Geod(ellps="WGS84")
    half = max(geod.inv(*centre, lon, lat)[2] for lon, lat, *_ in places)
    return read_elevation(files, centre=centre, radius_m=half + 1.02 * margin_m)


def _longest_part(relief: Terrain, border: Any) -> Any:
    """The longest stretch of the border that lies on the relief, in its reference system."""
    import numpy as np
    import shapely

    from skypact.schema import InputError

    at = shapely.get_coordinates(border)
    line = shapely.LineString(np.column_stack(relief.to_grid(at[:, 0], at[:, 1])))
    inside = shapely.intersection(line, shapely.box(*relief.bounds))
    parts = [part for part in shapely.get_parts(inside) if part.length > 0]
    if not parts:
        raise InputError.single(file="--line", accepted=f"a line that crosses the terrain {relief.name}")
    return max(parts, key=lambda part: part.length)


@contextmanager
def _clear_errors() -> Iterator[None]:
    """Bad input ends the program with its problems on stderr and exit status 2."""
    from skypact.schema import InputError

    try:
        yield
    except InputError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        raise typer.Exit(2) from None
    except ValueError as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None


@contextmanager
def _progress() -> Iterator[tuple[Callable[[str, float], None], Callable[[], bool]]]:
    from skypact.cli.kit import progress_bar

    with progress_bar(stages=_STAGES, so_far="the best positions so far follow") as (progress, stop):
        yield progress, stop


def _tell(summary: dict[str, Any], output: Path, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(summary, indent=2))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(show_header=False, box=None)
    for name, value in summary.items():
        if isinstance(value, list):
            for entry in value:
                table.add_row(f"seen at {entry['height_m']:g} m", f"{entry['share']:.1%}")
        elif name in ("share_seen", "gap"):
            table.add_row(name.replace("_", " "), f"{value:.2%}")
        else:
            said = ("yes" if value else "no") if isinstance(value, bool) else str(value)
            table.add_row(name.replace("_", " "), said)
    Console().print(table)
    typer.echo(f"written to {output}")
