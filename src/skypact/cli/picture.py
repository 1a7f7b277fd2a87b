"""``skypact lab picture``: recordings of several sensors as one air picture, and whether they work together."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, NoReturn

import typer

from skypact.cli.options import taking
from skypact.cli.sealing import Sealing, saying_refusals

if TYPE_CHECKING:
    from skypact.conformance.picture import Assumptions, PictureReport, Site
    from skypact.conformance.picture.judging import Tell
    from skypact.conformance.picture.outlets import Sender
    from skypact.conformance.picture.signing import SignedPicture

#: Exit status by whether the sources were seen working together.
EXIT = {"yes": 0, "no": 1, "cannot tell": 3}

Json = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]


class Combining(NamedTuple):
    """What is told about the sources and what becomes of the picture: the options of `lab picture` and `lab live`."""

    sensor: Annotated[
        list[str] | None,
        typer.Option(metavar="ID=LON,LAT,H", help="Place of a sensor: SAC/SIC (25/201) or node id; may be repeated."),
    ] = None
    party: Annotated[
        list[str] | None,
        typer.Option(metavar="SOURCE=NAME", help="Whose a source is (nation or maker), by its name in the report."),
    ] = None
    undulation: Annotated[
        float | None, typer.Option(help="Metres of the geoid above the ellipsoid here, for heights above the sea.")
    ] = None
    geojson: Annotated[Path | None, typer.Option(dir_okay=False, help="File for the tracks, for a map.")] = None
    cot_out: Annotated[
        str | None, typer.Option(metavar="TARGET", help="Fused tracks as Cursor on Target: file, udp:// or tcp://.")
    ] = None
    cot_xml: Annotated[bool, typer.Option("--cot-xml", help="XML events instead of TAK protocol 1.")] = False
    sapient_out: Annotated[
        str | None,
        typer.Option(metavar="TARGET", help="Fused tracks as a SAPIENT fusion node: file, udp:// or tcp://."),
    ] = None
    listing: Annotated[
        list[str] | None,
        typer.Option("--listing", metavar="SOURCE=ID", help="The product in the catalogue that a source is."),
    ] = None
    as_json: Json = False

    def sites(self) -> dict[str, Site]:
        return dict(_site(one) for one in self.sensor or [])

    def parties(self) -> dict[str, str]:
        return pairs_of(self.party, "--party", "SOURCE=NAME, such as 'CAT048 25/201=KR'")

    def listings(self) -> dict[str, str]:
        return pairs_of(self.listing, "--listing", "SOURCE=ID of a listing")

    def assumptions(self) -> Assumptions:
        from skypact.conformance.picture import Assumptions

        return Assumptions(undulation_m=self.undulation)

    def senders(self, clock: Callable[[], float] = time.time) -> list[Sender]:
        """Raises InputError."""
        from skypact.conformance.picture.outlets import Outlet, Sender

        made = [Sender(Outlet(self.cot_out), "cot", clock, self.cot_xml)] if self.cot_out else []
        return made + ([Sender(Outlet(self.sapient_out), "sapient", clock)] if self.sapient_out else [])


@taking(told=Combining, sealing=Sealing)
def picture(
    files: Annotated[
        list[Path],
        typer.Argument(
            exists=True,
            dir_okay=False,
            help="Recordings of SAPIENT, CoT, ASTERIX, MAVLink, KLV, or Remote ID (broadcast or network).",
        ),
    ],
    *,
    truth: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="JSON of where the objects really were.")
    ] = None,
    kit: Annotated[str | None, typer.Option(help="Content hash of the kit that the products are of.")] = None,
    told: Combining,
    sealing: Sealing,
) -> None:
    """Fuse recordings: exit 0 seen working together, 1 a source disagrees, 3 cannot tell."""
    from skypact.conformance import Recording
    from skypact.conformance.picture import Truth, combine
    from skypact.conformance.picture.sending import outgoing
    from skypact.schema.problems import parse_json

    sealing.require_complete()
    sites, parties = told.sites(), told.parties()
    ending = Ending(sealing, kit, told)
    with saying_refusals():
        known = parse_json(Truth, truth.read_bytes(), file=str(truth)) if truth else None
        senders = told.senders()
    recordings = [Recording(str(file), file.read_bytes()) for file in files]
    try:
        with progress() as tell:
            assumed = told.assumptions()
            report = combine(recordings, sites=sites, truth=known, assumed=assumed, parties=parties, tell=tell)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="FILES") from None
    for one in outgoing(report):
        for sender in senders:
            sender.take(one, None)
    close(senders)
    ending.with_report(report)


class Ending:
    """How a command ends that has made a picture. What it is told wrongly is refused before anything is combined."""

    def __init__(self, sealing: Sealing, kit: str | None, told: Combining) -> None:
        self._sealing, self._kit, self._told = sealing, kit, told
        self._listings = told.listings()

    def with_report(self, report: PictureReport) -> NoReturn:
        """Signs and prints; ends with the exit status of the verdict."""
        from skypact.conformance.picture.signing import PictureStatement, SignedPicture
        from skypact.conformance.signing import seal
        from skypact.schema import parse

        about = {"report": report, "kit": self._kit, "listings": self._listings}
        self._sealing.write(
            lambda said, key: seal(SignedPicture, parse(PictureStatement, {**said, **about}, file="statement"), key)
        )
        if (geojson := self._told.geojson) is not None:
            geojson.write_text(json.dumps(report.geojson()) + "\n", encoding="utf-8")
            typer.echo(f"Wrote {geojson}", err=True)
        if self._told.as_json:
            said = {**report.model_dump(mode="json"), "content_sha256": report.content_hash()}
            typer.echo(json.dumps(said, indent=2, ensure_ascii=False))
        else:
            print_report(report)
        raise typer.Exit(EXIT[report.together])


@contextmanager
def progress() -> Iterator[Tell]:
    """A bar on the terminal, where there is one; it shows nothing of what is done in a moment."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("reading", total=None)

        def tell(what: str, done: int, of: int) -> None:
            bar.update(task, description=what, completed=done, total=of)

        yield tell


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


def pairs_of(said: Sequence[str] | None, option: str, accepted: str) -> dict[str, str]:
    """``NAME=VALUE`` of a repeated option; the name may hold an equals sign, the value may not."""
    made = {}
    for one in said or []:
        name, _, value = one.rpartition("=")
        if not name or not value:
            raise typer.BadParameter(f'"{one}": accepted: {accepted}', param_hint=option)
        made[name] = value
    return made


def close(senders: Sequence[Sender]) -> None:
    for sender in senders:
        sender.close()
        said = sender.sent()
        lost = f", {said.failed} not taken" if said.failed else ""
        typer.echo(f"Sent {said.messages} messages ({said.format}) to {said.address}{lost}", err=True)


def print_report(report: PictureReport) -> None:
    typer.echo(f"seen working together: {report.together.value}")
    for reason in report.reasons:
        typer.echo(f"  {reason}")
    for common in report.common:
        typer.echo(f"  {common.sentence}")
    for source in report.sources:
        late = f", latency {source.latency.median_s:.2f} s" if source.latency else ""
        lost = f", lost {source.loss.missing} of {source.loss.missing + source.loss.received}" if source.loss else ""
        with_ = f"agrees with {', '.join(source.agrees_with)}" if source.agrees_with else "agrees with no other source"
        whose = f", of {source.party}" if source.party else ""
        typer.echo(
            f"{source.name} ({source.format}{whose}): {source.observations} positions, {source.repeats} repeats,"
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
    for sent in report.sent:
        late = f", {sent.latency.median_s:.2f} s after the look" if sent.latency else ""
        inside = f" ({sent.through.median_s:.2f} s after its arrival)" if sent.through else ""
        typer.echo(f"sent {sent.messages} messages ({sent.format}) to {sent.address}, lost {sent.failed}{late}{inside}")
    if report.truth:
        rms = "" if report.truth.rms_m is None else f", rms {report.truth.rms_m:.1f} m"
        typer.echo(
            f"truth: {report.truth.tracks} tracks for {report.truth.objects} objects,"
            f" GOSPA {report.truth.gospa_m:.1f} m{rms}, completeness {report.truth.completeness:.1%}"
        )
    typer.echo(f"report sha256 {report.content_hash()}")


def print_signed(signed: SignedPicture) -> None:
    """What a signed picture says, without asking whether its signature is right."""
    said = signed.statement
    until = f", valid until {said.valid_until}" if said.valid_until else ""
    kit = f" of the kit {said.kit}" if said.kit else ""
    typer.echo(f"{said.conducted_by} combined products{kit} on {said.tested_on}{until}")
    for source, listing in said.listings.items():
        typer.echo(f"  {source} is {listing}")
    print_report(said.report)
