"""``skypact coverage``: what do positions see over real relief, and where along a border should sensors stand?"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from skypact.cli.coverage_positions import MAST_M, check_ashore, check_known, from_grid_north, looks, position
from skypact.engines.coverage.strip import Side

if TYPE_CHECKING:
    from skypact.engines.coverage import Terrain
    from skypact.engines.coverage.strip import Watched
    from skypact.exchange.terrain_folder import Tile

app = typer.Typer(help="Line of sight over relief: lowest visible altitudes, blind areas, border strips.")


class Heights(StrEnum):
    """What heights may be said to describe."""

    SURFACE = "surface"
    BARE_EARTH = "bare_earth"


_FILE: dict[str, Any] = {"exists": True, "dir_okay": False, "show_default": False}
Files = Annotated[
    list[Path] | None,
    typer.Option(
        "--terrain",
        help="Elevation file (GeoTIFF, .hgt, DTED); may be repeated. Without: this installation's elevation files.",
        **_FILE,
    ),
]
Obstacles = Annotated[
    list[Path] | None,
    typer.Option("--obstacles", help="GeoJSON file of buildings with heights; may be repeated.", **_FILE),
]
Described = Annotated[
    Heights | None,
    typer.Option("--heights", help="What the elevation files describe, where they do not say.", show_default=False),
]
Spacing = Annotated[
    float | None, typer.Option("--spacing", min=0.1, help="Of the posts, metres; as in the files if not given.")
]
Folder = Annotated[Path, typer.Option("--output", "-o", help="Folder for the results; made if it is not there.")]
Json = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]
_STAGES = {
    "terrain": "Reading relief",
    "sight": "Looking around",
    "choose": "Choosing positions",
    "draw": "Drawing what is seen",
}
#: Of a strip to be seen, where neither a share nor a number of sensors is told.
_SHARE = 0.9
#: Positions worked on between two looks at Ctrl-C.
_AT_ONCE = 8


@dataclass(frozen=True)
class _Relief:
    """Which relief is asked for."""

    files: tuple[Path, ...]
    obstacles: tuple[Path, ...]
    heights: Heights | None
    spacing_m: float | None

    @classmethod
    def of(
        cls, files: list[Path] | None, obstacles: list[Path] | None, heights: Heights | None, spacing_m: float | None
    ) -> _Relief:
        if heights is not None and not files:
            raise typer.BadParameter("say which elevation files it is about with --terrain", param_hint="--heights")
        return cls(tuple(files or ()), tuple(obstacles or ()), heights, spacing_m)

    def around(self, places: list[Any], margin_m: float) -> Terrain:
        """The relief around all places (longitude, latitude), still without obstacles."""
        from pyproj import Geod

        from skypact.engines.coverage import SurfaceKind
        from skypact.market.kits.terrain import middle_of, terrain_around

        centre = middle_of([at[:2] for at in places])
        geod = Geod(ellps="WGS84")
        half = max(geod.inv(*centre, lon, lat)[2] for lon, lat, *_ in places)
        return terrain_around(
            centre,
            half + 1.02 * margin_m,
            files=self.files,
            surface=None if self.heights is None else SurfaceKind(self.heights.value),
            spacing_m=self.spacing_m,
            posts_at_most=None,
        )

    def unusable(self) -> tuple[Tile, ...]:
        """What lies broken in this installation's folder, where its files are asked for."""
        from skypact.market.kits.terrain import installed

        return () if self.files else installed().unusable

    def raised(self, bare: Terrain) -> Terrain:
        """The relief with the obstacles on it."""
        from skypact.exchange.obstacles import put_obstacles

        return put_obstacles(bare, self.obstacles)


@app.command()
def see(
    at: Annotated[
        list[str],
        typer.Option(
            "--at",
            help="longitude,latitude[,mast]; may be repeated. Mast: eye above ground, or above the top of an obstacle "
            f"that stands there, metres; {MAST_M:g} if not given.",
        ),
    ],
    output: Folder,
    terrain: Files = None,
    obstacles: Obstacles = None,
    heights: Described = None,
    spacing: Spacing = None,
    range_m: Annotated[float, typer.Option("--range", min=1, help="How far each position looks, metres.")] = 10_000,
    height: Annotated[list[float] | None, typer.Option("--height", min=0, help="Above ground, metres.")] = None,
    azimuth: Annotated[
        list[float] | None,
        typer.Option(
            help="Middle of what is looked at, degrees clockwise from true north; once for all positions or once each.",
            show_default=False,
        ),
    ] = None,
    width: Annotated[
        list[float] | None,
        typer.Option(help="Of what is looked at, degrees; once for all or once each.", show_default="all round"),
    ] = None,
    at_sea: Annotated[bool, typer.Option("--at-sea", help="Positions may stand in the sea, on ships or rigs.")] = False,
    as_json: Json = False,
) -> None:
    """What the positions see: lowest visible altitude as GeoTIFF, blind areas at each height as GeoJSON."""
    levels = sorted(set(height or [30.0, 60.0, 120.0]))
    places = [position(text) for text in at]
    looking = looks(azimuth or [], width or [], len(places))
    asked = _Relief.of(terrain, obstacles, heights, spacing)
    with _clear_errors(), _progress(so_far="nothing is written") as (progress, stop):
        # below Ctrl-C's watch: loading the engines takes seconds
        import numpy as np

        from skypact.cli.coverage_report import left_out, relief_told, shares_told, standing, tell, warnings
        from skypact.engines.coverage.many import grouped, lowest_of_all
        from skypact.market.site import open_site

        open_site(migrate=False)

        def goes_on(stage: str, done: float) -> None:
            if stop():
                raise typer.Exit(130)
            progress(stage, done)

        goes_on("terrain", 0.0)
        if not at_sea:
            check_ashore(at, places)
        broken = asked.unusable()
        bare = asked.around(places, range_m)
        relief = asked.raised(bare)
        x, y = relief.to_grid([lon for lon, _, _ in places], [lat for _, lat, _ in places])
        ground = bare.height_at(x, y)
        check_known(at, ground, relief)
        positions = [
            {
                "at": text,
                "mast_m": mast,
                "ground_m": round(float(foot), 2),
                "obstacle_m": round(float(top - foot), 2),
                "eye_m": round(float(top + mast), 2),
                "azimuth_deg": None if look is None else look[0],
                "width_deg": None if look is None else look[1],
            }
            for text, (_, _, mast), foot, top, look in zip(
                at, places, ground, relief.height_at(x, y), looking, strict=True
            )
        ]
        observers = np.column_stack([x, y, [mast for _, _, mast in places]])
        sectors = [
            None if look is None else (from_grid_north(look[0], place[:2], relief), look[1])
            for look, place in zip(looking, places, strict=True)
        ]
        no_places = np.empty((0, 2), dtype=np.int64)
        groups = grouped(relief, observers, no_places, range_m=range_m, sectors=sectors, at_most=_AT_ONCE)
        lowest = lowest_of_all(relief, groups, progress=lambda done: goes_on("sight", done))
        goes_on("draw", 0.0)
        with _whole(output) as folder:
            stand = "; ".join(f"{position['at']}: {standing(position)}" for position in positions)
            _write_seen(lowest, relief, levels, folder, {"OBSERVERS": stand, "RANGE_M": f"{range_m:g}"})
    summary = {
        **relief_told(relief),
        "positions": positions,
        "range_m": range_m,
        **shares_told(lowest, levels),
        "warnings": [*warnings(relief, lowest, range_m), *left_out(broken)],
    }
    tell(summary, output, as_json)


def _write_seen(lowest: Any, relief: Terrain, levels: list[float], folder: Path, about: dict[str, str]) -> None:
    """Writes raster and blind areas."""
    import numpy as np

    from skypact.engines.coverage.approach import blind_areas
    from skypact.exchange.coverage import feature_collection, relief_properties, write_lowest_visible

    in_range = np.isnan(lowest) | (lowest < np.inf)
    write_lowest_visible(folder / "lowest_visible.tif", lowest, relief, about={**about, "CURVATURE_FACTOR": "4/3"})
    for level in levels:
        blind = blind_areas(relief, lowest <= level, within=in_range)
        (folder / f"blind_{level:g}m.geojson").write_text(
            feature_collection([(blind, {"height_m": level, **relief_properties(relief)})]), encoding="utf-8"
        )


@app.command()
def strip(
    line: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="GeoJSON file with the border as a line.")],
    output: Folder,
    terrain: Files = None,
    obstacles: Obstacles = None,
    heights: Described = None,
    spacing: Spacing = None,
    feature: Annotated[int, typer.Option(min=0, help="Which feature of that file.")] = 0,
    side: Annotated[Side, typer.Option(help="Where sensors may stand, looking along the line.")] = Side.BOTH,
    share: Annotated[
        float | None,
        typer.Option(
            help="Of the strip to be seen, 0 to 1, with as few sensors as can be.",
            show_default=f"{_SHARE:g} without --sensors",
        ),
    ] = None,
    sensors: Annotated[
        int | None, typer.Option(min=1, help="How many, to see as much as can be; instead of --share.")
    ] = None,
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
    from skypact.cli.coverage_report import left_out, relief_told, tell, warnings
    from skypact.engines.coverage.strip import Strip, watch
    from skypact.exchange.coverage import read_line
    from skypact.market.site import open_site

    relief_asked = _Relief.of(terrain, obstacles, heights, spacing)
    open_site(migrate=False)
    from skypact.market.kits.terrain import land_on

    if share is None and sensors is None:
        share = _SHARE
    with _clear_errors():
        border = read_line(line, feature=feature)
        broken = relief_asked.unusable()
        on_files, relief_asked = _on_files(shapely.get_coordinates(border).tolist(), relief_asked)
        bare = relief_asked.around(on_files, depth + stand_off + range_m)
        relief = relief_asked.raised(bare)
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
            land=land_on(relief),
        )
        with runner(workers=workers, scheduler=scheduler, memory=memory) as run, _progress() as (progress, stop):
            found = watch(asked, relief, run=run, work_limit=work_limit, progress=progress, stop=stop)
    with _whole(output) as folder:
        _write_strip(found, bare, asked.height_m, inside, folder)
    summary = {
        **relief_told(relief),
        "asked_share": share,
        "asked_sensors": sensors,
        "height_m": height,
        "range_m": range_m,
        "mast_m": mast,
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
        "warnings": [*warnings(relief, found.lowest, range_m), *left_out(broken)],
    }
    tell(summary, output, as_json)


@app.command("terrain")
def list_terrain(as_json: Json = False) -> None:
    """The elevation files of this installation: where each lies, what it describes, or why it cannot be used."""
    from skypact.market.site import open_site

    open_site(migrate=False)
    from skypact.market.kits.terrain import installed

    with _clear_errors():
        held = installed()
    if as_json:
        typer.echo(json.dumps([asdict(tile) for tile in held.tiles], indent=2))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if not held.tiles:
        typer.echo(f"no elevation files in {held.folder}")
        return
    table = Table("file", "west, south, east, north", "posts every", "heights", title=str(held.folder))
    for tile in held.tiles:
        if tile.bounds is None:
            table.add_row(tile.name, Text(str(tile.problem), style="red"))
        else:
            extent = ", ".join(f"{edge:.3f}°" for edge in tile.bounds)
            table.add_row(tile.name, extent, f"{tile.spacing_m:.1f} m", str(tile.surface).replace("_", " "))
    Console(width=None if sys.stdout.isatty() else 120).print(table)


def _write_strip(found: Watched, bare: Terrain, height_m: float, line: Any, output: Path) -> None:
    import shapely
    from shapely.ops import substring

    from skypact.exchange.coverage import feature_collection, relief_properties, write_lowest_visible

    relief = found.terrain
    lon, lat = relief.to_lonlat(found.positions[:, 0], found.positions[:, 1])
    stands_on = relief_properties(relief)
    at = found.positions[:, 0], found.positions[:, 1]
    ground = bare.height_at(*at)
    obstacle = relief.height_at(*at) - ground
    points = [
        (
            shapely.Point(lon[number], lat[number]),
            {
                "sensor": number + 1,
                "mast_m": float(mast),
                "ground_m": round(float(ground[number]), 2),
                "obstacle_m": round(float(obstacle[number]), 2),
                "x_m": float(x),
                "y_m": float(y),
                **stands_on,
            },
        )
        for number, (x, y, mast) in enumerate(found.positions)
    ]
    (output / "positions.geojson").write_text(feature_collection(points), encoding="utf-8")
    stretches = []
    for start, end in found.blind_stretches:
        part = substring(line, start, end)
        bends = shapely.get_coordinates(part)
        lon, lat = relief.to_lonlat(bends[:, 0], bends[:, 1])
        geometry = (
            shapely.LineString(list(zip(lon, lat, strict=True))) if len(bends) > 1 else shapely.Point(lon[0], lat[0])
        )
        stretches.append((geometry, {"from_m": round(start), "to_m": round(end), "height_m": height_m, **stands_on}))
    (output / "blind_stretches.geojson").write_text(feature_collection(stretches), encoding="utf-8")
    about = {"HEIGHT_M": f"{height_m:g}", "SENSORS": str(len(found.positions)), "CURVATURE_FACTOR": "4/3"}
    write_lowest_visible(output / "lowest_visible.tif", found.lowest, relief, about=about)


def _on_files(line: list[list[float]], asked: _Relief) -> tuple[list[list[float]], _Relief]:
    """The points of a line that lie on the elevation files, and those files: named ones or this installation's."""
    from dataclasses import replace

    from skypact.cli.coverage_report import left_out
    from skypact.exchange.elevation import covered, extents_of, whereabouts
    from skypact.market.kits.terrain import installed
    from skypact.schema import InputError

    places = [(lon, lat) for lon, lat, *_ in line]
    held = None if asked.files else installed()
    files = asked.files if held is None else held.covering(places)
    inside = covered(files, places)
    points = [point for point, is_inside in zip(line, inside, strict=True) if is_inside]
    if not points:
        if held is None:
            bounds = extents_of(files)
            whose = ", ".join(file.name for file in files[:3]) + (" and others" if len(files) > 3 else "")
        else:
            bounds = [tile.bounds for tile in held.tiles if tile.bounds is not None]
            whose = "this installation's elevation files, or named ones with --terrain"
        lying = f"; they lie at {whereabouts(bounds, places)} from it" if bounds else "; there is none"
        broken = "".join(f"; {told}" for told in left_out(() if held is None else held.unusable))
        raise InputError.single(file="--line", accepted=f"a line with at least one point on {whose}{lying}{broken}")
    return points, replace(asked, files=tuple(files))


def _longest_part(relief: Terrain, border: Any) -> Any:
    """The longest stretch of the border that lies on the relief, in its reference system."""
    import numpy as np
    import shapely

    from skypact.schema import InputError

    at = shapely.get_coordinates(border)
    line = shapely.LineString(np.column_stack(relief.to_grid(at[:, 0], at[:, 1])))
    inside = shapely.intersection(line, shapely.box(*relief.known_part().bounds))
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
def _progress(
    so_far: str = "the best positions so far follow",
) -> Iterator[tuple[Callable[[str, float], None], Callable[[], bool]]]:
    from skypact.cli.kit import progress_bar

    with progress_bar(stages=_STAGES, so_far=so_far) as (progress, stop):
        yield progress, stop


@contextmanager
def _whole(output: Path) -> Iterator[Path]:
    """A folder beside the results to write in; its files are moved to ``output`` when all of them are there."""
    import tempfile

    from skypact.schema import InputError

    try:
        output.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=output, prefix=".incoming-") as name:
            folder = Path(name)
            yield folder
            for file in sorted(folder.iterdir()):
                file.replace(output / file.name)
    except OSError as error:
        raise InputError.single(file=str(output), accepted=f"a folder that can be written ({error.strerror})") from None
