"""``skypact lab picture``: recordings of several sensors as one air picture, and whether they work together."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from skypact.conformance.picture import PictureReport, Site

#: Exit status by whether the sources were seen working together.
EXIT = {"yes": 0, "no": 1, "cannot tell": 3}


def picture(
    files: Annotated[
        list[Path],
        typer.Argument(exists=True, dir_okay=False, help="Recordings of SAPIENT, CoT, Remote ID or ASTERIX."),
    ],
    sensor: Annotated[
        list[str] | None,
        typer.Option(metavar="ID=LON,LAT,H", help="Place of a sensor: SAC/SIC (25/201) or node id; may be repeated."),
    ] = None,
    truth: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="JSON of where the objects really were.")
    ] = None,
    undulation: Annotated[
        float | None, typer.Option(help="Metres of the geoid above the ellipsoid here, for heights above the sea.")
    ] = None,
    geojson: Annotated[Path | None, typer.Option(dir_okay=False, help="File for the tracks, for a map.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
) -> None:
    """Fuse recordings: exit 0 seen working together, 1 a source disagrees, 3 cannot tell."""
    from skypact.conformance import Recording
    from skypact.conformance.picture import Assumptions, Truth, combine
    from skypact.schema import InputError
    from skypact.schema.problems import parse_json

    sites = dict(_site(one) for one in sensor or [])
    try:
        known = parse_json(Truth, truth.read_bytes(), file=str(truth)) if truth else None
    except InputError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    recordings = [Recording(str(file), file.read_bytes()) for file in files]
    try:
        report = combine(recordings, sites=sites, truth=known, assumed=Assumptions(undulation_m=undulation))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="FILES") from None
    if geojson is not None:
        geojson.write_text(json.dumps(report.geojson()) + "\n", encoding="utf-8")
        typer.echo(f"Wrote {geojson}", err=True)
    if as_json:
        said = {**report.model_dump(mode="json"), "content_sha256": report.content_hash()}
        typer.echo(json.dumps(said, indent=2, ensure_ascii=False))
    else:
        _print(report)
    raise typer.Exit(EXIT[report.together])


def _site(said: str) -> tuple[str, Site]:
    from skypact.conformance.picture import Site

    name, _, place = said.rpartition("=")
    try:
        longitude, latitude, height = (float(number) for number in place.split(","))
    except ValueError:
        longitude = latitude = height = float("nan")
    if not name or not (abs(longitude) <= 180 and abs(latitude) <= 90 and abs(height) < 10_000):
        raise typer.BadParameter(
            f'"{said}": accepted: ID=LON,LAT,H with degrees and metres, such as 25/201=127.02,37.51,80',
            param_hint="--sensor",
        )
    return name, Site(longitude, latitude, height)


def _print(report: PictureReport) -> None:
    typer.echo(f"seen working together: {report.together.value}")
    for reason in report.reasons:
        typer.echo(f"  {reason}")
    for source in report.sources:
        late = f", latency {source.latency.median_s:.2f} s" if source.latency else ""
        lost = f", lost {source.loss.missing} of {source.loss.missing + source.loss.received}" if source.loss else ""
        with_ = f"agrees with {', '.join(source.agrees_with)}" if source.agrees_with else "agrees with no other source"
        typer.echo(
            f"{source.name} ({source.format}): {source.observations} positions, {source.repeats} repeats,"
            f" {source.tracks} tracks alone{late}{lost}; {with_}"
        )
        for why, count in source.unplaced.items():
            typer.echo(f"  {count} left out: {why}")
    for why, count in report.unread.items():
        typer.echo(f"{count} left out: {why}")
    for track in report.tracks:
        typer.echo(f"track {track.number}, {track.end_s - track.start_s:.1f} s")
        for part in track.contributions:
            named = f", named {', '.join(part.identities)}" if part.identities else ""
            typer.echo(
                f"  {part.source}: {part.looks} looks, {part.east_m:+.1f} m east, {part.north_m:+.1f} m north,"
                f" rms {part.rms_m:.1f} m{named}"
            )
    if report.truth:
        rms = "" if report.truth.rms_m is None else f", rms {report.truth.rms_m:.1f} m"
        typer.echo(
            f"truth: {report.truth.tracks} tracks for {report.truth.objects} objects,"
            f" GOSPA {report.truth.gospa_m:.1f} m{rms}, completeness {report.truth.completeness:.1%}"
        )
    typer.echo(f"report sha256 {report.content_hash()}")
