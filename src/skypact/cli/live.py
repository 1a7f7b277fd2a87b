"""``skypact lab live`` and ``skypact lab play``: the combined picture of sockets, and recordings sent to sockets."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skypact.cli.on_site import on_the_site
from skypact.cli.options import taking
from skypact.cli.picture import Combining, Ending, close, pairs_of, progress
from skypact.cli.sealing import Sealing, saying_refusals

if TYPE_CHECKING:
    from rich.console import RenderableType

    from skypact.conformance.picture import PictureReport
    from skypact.conformance.picture.live_state import LiveState
    from skypact.conformance.picture.playing import Cue
    from skypact.conformance.picture.receiving import Kept
    from skypact.conformance.picture.sending import Outgoing
    from skypact.conformance.standard import Recording

#: Between two lines where nobody sits before a terminal, s.
_LINES_S = 5.0
_HASH = re.compile("[0-9a-f]{64}")
Speed = Annotated[float, typer.Option(min=0.1, max=1000, help="How many seconds of the recording pass in one.")]


@taking(told=Combining, sealing=Sealing)
def live(
    feeds: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME=URL…",
            help="udp://HOST:PORT, tcp://HOST:PORT (the product connects here) or tcp-connect://HOST:PORT; ?format=… "
            "where the first message does not tell.",
        ),
    ],
    *,
    seconds: Annotated[float | None, typer.Option(min=1, max=86_400 * 7, help="End by itself after that.")] = None,
    delay: Annotated[float, typer.Option(min=0, max=60, help="Seconds to wait for slower sources.")] = 3.0,
    as_of: Annotated[
        datetime | None, typer.Option(help="For a replay: the moment at which it begins, UTC.", metavar="TIME")
    ] = None,
    speed: Speed = 1.0,
    keep: Annotated[Path | None, typer.Option(file_okay=False, help="Folder for what arrived, as captures.")] = None,
    kit: Annotated[
        str | None,
        typer.Option(
            metavar="HASH|ID",
            help="The kit that the products are of: content hash, or id on this site. Whoever sees what is published "
            "learns the id.",
        ),
    ] = None,
    publish: Annotated[
        str | None, typer.Option(metavar="TITLE", help="Show it on this site while it lasts, and its report after.")
    ] = None,
    release: Annotated[
        str, typer.Option(help="Who may see what is published: PUBLIC, REGISTERED, or REL KR,US.")
    ] = "REGISTERED",
    told: Combining,
    sealing: Sealing,
) -> None:
    """Combine what arrives now; Ctrl-C ends it with the report and exit status of `lab picture`."""
    from rich.console import Console
    from rich.live import Live

    from skypact.conformance.picture import combine
    from skypact.conformance.picture.live import LivePicture
    from skypact.conformance.picture.receiving import FeedAddress, Hub, Kept

    sealing.require_complete()
    sites, parties = told.sites(), told.parties()
    kit_id, kit_hash = _kit_of(kit, published=publish is not None)
    ending = Ending(sealing, kit_hash, told)
    clock, assumed, kept = _clock(as_of, speed), told.assumptions(), Kept()
    console = Console(stderr=True)
    with saying_refusals():
        senders = told.senders(clock)

        def send(one: Outgoing, arrival_s: float) -> None:
            for sender in senders:
                sender.take(one, arrival_s)

        picture = LivePicture(
            sites,
            assumed,
            parties=parties,
            delay_s=delay,
            keep=kept.keep,
            send=send,
            sent=lambda: tuple(one.sent() for one in senders),
        )
        with Hub([FeedAddress.of_text(one) for one in feeds], picture, clock) as hub:
            shown_on = _Published(publish, release, kit_id) if publish else None
            for name, port in hub.ports.items():
                typer.echo(f"{name}: listening on port {port}", err=True)
            begun = time.monotonic()
            with Live(console=console, auto_refresh=False, transient=True) as shown:
                lines = _Lines(console.is_terminal)

                def tick() -> bool:
                    state = picture.state(clock())
                    if shown_on is not None:
                        shown_on.show(state)
                    if picture.tracked_s is not None:
                        for sender in senders:
                            sender.tick(picture.tracked_s)
                    if console.is_terminal:
                        shown.update(table(state), refresh=True)
                    else:
                        lines.tell(state)
                    return seconds is None or time.monotonic() - begun < seconds

                try:
                    hub.run(tick)
                except KeyboardInterrupt:
                    typer.echo("Stopped.", err=True)
        picture.finish()
        close(senders)
    recordings = kept.recordings()
    if not recordings:
        if shown_on is not None:
            shown_on.end(None)
        typer.echo("No message of a known format arrived: there is no picture. Do the products send here?", err=True)
        raise typer.Exit(3)
    _keep(kept, keep)
    present = {one.name for one in picture.state(clock()).sources}
    with progress() as tell:
        parties = {name: whose for name, whose in parties.items() if name in present}
        report = combine(recordings, sites=sites, assumed=assumed, parties=parties, tell=tell)
    report = report.model_copy(update={"sent": tuple(one.sent() for one in senders)})
    if shown_on is not None:
        shown_on.end(report)
    ending.with_report(report)


def _kit_of(said: str | None, *, published: bool) -> tuple[str, str | None]:
    """(id here, content hash) of the kit named by either one. A hash is taken as said where nothing is published."""
    if said is None:
        return "", None
    if _HASH.fullmatch(said) and not published:
        return "", said
    with on_the_site() as actor:
        from skypact.market.kits.selectors import kit_named

        found = kit_named(actor, said)
    return found.pk, found.kit.content_hash()


class _Published:
    """The picture on this installation's site, written anew every second."""

    def __init__(self, title: str, release: str, kit: str = "") -> None:
        with on_the_site() as actor:
            from skypact.market.pictures.actions import PublishLive

            self._session = PublishLive(actor=actor, title=title, release=release, kit=kit).execute().pk
        self._written = True

    def show(self, state: LiveState) -> None:
        """A disk that is full ends no picture; it is told once, and tried again every second."""
        from skypact.market.pictures.actions import heartbeat

        try:
            heartbeat(self._session, state)
        except OSError as error:
            if self._written:
                typer.echo(f"The site does not get this picture: {error}", err=True)
            self._written = False
        else:
            self._written = True

    def end(self, report: PictureReport | None) -> None:
        """Whoever has ended it on the site before takes nothing from the report of this command."""
        with on_the_site() as actor:
            from skypact.market.core.actions import StateError
            from skypact.market.pictures import live
            from skypact.market.pictures.actions import EndLive

            try:
                EndLive(actor=actor, session=self._session, report=report).execute()
            except StateError as error:
                typer.echo(f"The site keeps no report: {error}", err=True)
                live.forget(self._session)


def _clock(as_of: datetime | None, speed: float) -> Callable[[], float]:
    """The time that arrivals are told by: now, or that of a replay."""
    if as_of is None and speed == 1.0:
        return time.time
    first_s = time.time() if as_of is None else as_of.replace(tzinfo=as_of.tzinfo or UTC).timestamp()
    begun = time.monotonic()
    return lambda: first_s + speed * (time.monotonic() - begun)


def _keep(kept: Kept, folder: Path | None) -> None:
    for name, full_s in kept.full.items():
        said = datetime.fromtimestamp(full_s, UTC).strftime("%H:%M:%S")
        typer.echo(f"{name}: kept until {said} only, {kept.most_bytes} bytes; the report covers no more", err=True)
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        for one in kept.recordings():
            (folder / one.name).write_bytes(one.data)
            typer.echo(f"Kept {folder / one.name}", err=True)


class _Lines:
    """For a log: a line every few seconds, and one whenever somebody begins or ends to disagree."""

    def __init__(self, terminal: bool) -> None:
        self._last_s = float("-inf")
        self._said: tuple[str, ...] = ()

    def tell(self, state: LiveState) -> None:
        said = tuple(f"{one.source}: {one.sentence}" for one in state.disagreements)
        for new in (one for one in said if one not in self._said):
            typer.echo(f"{_time(state)} disagrees: {new}", err=True)
        for gone in (one for one in self._said if one not in said):
            typer.echo(f"{_time(state)} no longer: {gone}", err=True)
        self._said = said
        if state.now_s >= self._last_s + _LINES_S:
            self._last_s = state.now_s
            heard = "; ".join(
                f"{one.name} {one.observations}" + (f" ({one.latency.median_s:+.1f} s)" if one.latency else "")
                for one in state.sources
            )
            typer.echo(
                f"{_time(state)} {len(state.tracks)} tracks, {state.together.value}; {heard or 'nobody yet'}", err=True
            )


def _time(state: LiveState) -> str:
    return datetime.fromtimestamp(state.now_s, UTC).strftime("%H:%M:%S")


def table(state: LiveState) -> RenderableType:
    """The picture for a terminal: who is heard, and what is tracked."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    sources = Table("source", "heard", "latency", "clock", "lost", "late", "agrees", title="Sources", expand=True)
    for one in state.sources:
        lost = "" if one.loss is None else f"{one.loss.missing}/{one.loss.received + one.loss.missing}"
        sources.add_row(
            one.name + (f" ({one.party})" if one.party else ""),
            f"{one.observations}, {one.silent_s:.0f} s ago",
            "" if one.latency is None else f"{one.latency.median_s:.2f} s",
            "" if one.offset_s is None else f"{one.offset_s:+.1f} s",
            lost,
            str(one.late or ""),
            Text(one.disagreement, style="bold red") if one.disagreement else ", ".join(one.agrees_with) or "–",
        )
    tracks = Table("track", "place", "height", "speed", "±", "seen by", "named", title="Tracks", expand=True)
    for track in state.tracks:
        moving = track.east_m_s is not None and track.north_m_s is not None
        speed = f"{math.hypot(track.east_m_s or 0.0, track.north_m_s or 0.0):.0f} m/s" if moving else ""
        tracks.add_row(
            str(track.number),
            f"{track.latitude_deg:.5f}, {track.longitude_deg:.5f}",
            "" if track.height_m is None else f"{track.height_m:.0f} m",
            speed,
            f"{track.sigma_m:.0f} m",
            ", ".join(one.source for one in track.contributors),
            ", ".join(track.identities),
        )
    broken = "; ".join(f"{one.name}: {one.broken_bytes} broken bytes" for one in state.feeds if one.broken_bytes)
    head = f"{_time(state)} UTC  together: {state.together.value}  {' '.join(state.reasons)}"
    sent = "; ".join(f"{one.messages} to {one.address}, {one.failed} lost" for one in state.sent)
    return Group(Text(head, style="bold"), sources, tracks, Text("; ".join(part for part in (sent, broken) if part)))


def play(
    what: Annotated[str, typer.Argument(metavar="DIRECTORY|scene:SEED", help="Recordings, or a scene made up here.")],
    targets: Annotated[
        list[str], typer.Argument(metavar="NAME=URL…", help="Where each recording goes, by its file's name.")
    ],
    speed: Speed = 1.0,
    seconds: Annotated[float, typer.Option(min=1, max=3_600, help="Length of a made-up scene.")] = 60.0,
    fault: Annotated[
        str | None, typer.Option(help="Mistake of one source of the scene, such as 'clock shifted'.")
    ] = None,
) -> None:
    """Send recordings to sockets at the pace of their times: udp://HOST:PORT or tcp://HOST:PORT of a listener."""
    from rich.console import Console

    from skypact.conformance.listening import Address
    from skypact.conformance.picture.playing import Player, cues

    made = what.startswith("scene:")
    recordings = _scene(what, seconds, fault) if made else _folder(what)
    named = pairs_of(targets, "NAME=URL", "NAME=URL, such as radar=udp://127.0.0.1:8600")
    try:
        said = cues(recordings)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="DIRECTORY") from None
    names = sorted({cue.name for cue in said})
    if strangers := sorted(set(named) - set(names)):
        raise typer.BadParameter(f'no recording is called "{strangers[0]}"; there are: {", ".join(names)}')
    said = [cue for cue in said if cue.name in named]
    console = Console(stderr=True)
    with saying_refusals(), Player({name: Address.of_text(url) for name, url in named.items()}) as player:
        first = datetime.fromtimestamp(said[0].time_s, UTC).isoformat(timespec="seconds").removesuffix("+00:00")
        typer.echo(f"Playing {len(said)} messages from {first} at {speed:g} times the speed", err=True)
        with console.status("") as shown:

            def tell(cue: Cue, number: int) -> None:
                shown.update(f"{cue.time_s - said[0].time_s:.0f} s: {number} of {len(said)} messages")

            try:
                sent = player.play(said, speed=speed, tell=tell, at_s=said[0].time_s if made else None)
            except KeyboardInterrupt:
                raise typer.Exit(130) from None
    typer.echo(f"Sent {sent} messages", err=True)


def _scene(what: str, seconds: float, fault: str | None) -> Sequence[Recording]:
    from skypact.conformance.picture import Cause
    from skypact.conformance.picture.playing import cues
    from skypact.conformance.picture.scene import make

    seed = what.removeprefix("scene:")
    if not seed.isdecimal():
        raise typer.BadParameter(f'"{what}": accepted: scene: and a whole number, such as scene:1', param_hint="SCENE")
    if fault is not None and fault not in list(Cause):
        raise typer.BadParameter(f'"{fault}": accepted: {", ".join(Cause)}', param_hint="--fault")
    kind = Cause(fault) if fault else None
    begun = time.time()
    cues(make(int(seed), fault=kind, seconds=seconds).recordings)
    # The scene begins when it can be played: as long from now as it just took to make it.
    start_s = float(math.ceil(2 * time.time() - begun))
    return make(int(seed), fault=kind, seconds=seconds, start_s=start_s).recordings


def _folder(what: str) -> Sequence[Recording]:
    from skypact.conformance import Recording

    folder = Path(what)
    if not folder.is_dir():
        raise typer.BadParameter(f'"{what}" is no folder; accepted: a folder of recordings, or scene:SEED')
    return [Recording(one.name, one.read_bytes()) for one in sorted(folder.iterdir()) if one.is_file()]
