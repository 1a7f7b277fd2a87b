"""``skypact lab``: check recordings against standards; a claim "speaks X" becomes a test result."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, NoReturn

import typer

from skypact.cli.live import live, play
from skypact.cli.on_site import on_the_site
from skypact.cli.options import taking
from skypact.cli.picture import Json, picture, print_signed
from skypact.cli.sealing import Sealing, saying_refusals

if TYPE_CHECKING:
    from skypact.conformance import Recording, Report, Standard
    from skypact.conformance.mutation import Score
    from skypact.conformance.report import Agreement, Finding

app = typer.Typer(help="The conformance lab: test recordings against standards.", no_args_is_help=True)

app.command()(picture)
app.command()(live)
app.command()(play)


class Testing(NamedTuple):
    """What is claimed of a recording and what it is of: the options of `lab check` and `lab listen`."""

    claim: Annotated[str | None, typer.Option(help="The version that the maker claims, e.g. F3411-22a.")] = None
    listing: Annotated[str | None, typer.Option(help="Id of the product in the catalogue.")] = None
    firmware: Annotated[str | None, typer.Option(help="Firmware of the product while it was recorded.")] = None
    as_json: Json = False


#: Exit status of `lab check` by verdict.
EXIT = {"conforms": 0, "does not conform": 1, "cannot tell": 3}


@app.command("list")
def list_(as_json: Json = False) -> None:
    """The standards that the lab can test, with versions and inputs."""
    from skypact.conformance import STANDARDS

    if as_json:
        typer.echo(
            json.dumps(
                [
                    {
                        "standard": one.name,
                        "title": one.title,
                        "versions": one.versions,
                        "inputs": one.inputs,
                        "second_decoders": [
                            {"name": other.name, "version": other.version(), "whose": other.whose}
                            for other in one.second
                        ],
                    }
                    for one in STANDARDS.values()
                ],
                indent=2,
            )
        )
        return
    for one in STANDARDS.values():
        typer.echo(
            f"{one.name}: {one.title}; versions {', '.join(one.versions)}; {len(one.rules)} rules\n  {one.inputs}"
        )
        for other in one.second:
            typer.echo(f"  second decoder {other.name} {other.version() or '(not on this machine)'}: {other.whose}")


@app.command()
@taking(told=Testing, sealing=Sealing)
def check(
    standard: Annotated[str, typer.Argument(help="A name of `skypact lab list`.")],
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Recordings of one session.")],
    *,
    told: Testing,
    sealing: Sealing,
) -> None:
    """Check recordings: exit 0 conforms, 1 does not conform, 3 cannot tell."""
    from skypact.conformance import Recording

    _require_firmware(told, sealing)
    sealing.require_complete()
    tested = _standard(standard)
    recordings = [Recording(str(file), file.read_bytes()) for file in files]
    _judge(tested, recordings, told, sealing)


@app.command()
@taking(told=Testing, sealing=Sealing)
def listen(
    standard: Annotated[str, typer.Argument(help="A name of `skypact lab list`.")],
    address: Annotated[
        str,
        typer.Argument(help="udp://HOST:PORT, tcp://HOST:PORT (the product connects here) or tcp-connect://HOST:PORT."),
    ],
    *,
    seconds: Annotated[
        float, typer.Option(min=0.1, max=86_400, help="How long to listen; Ctrl-C ends it earlier.")
    ] = 60,
    keep: Annotated[
        Path | None, typer.Option(file_okay=False, help="Folder for what arrived, as it came, to test it again.")
    ] = None,
    told: Testing,
    sealing: Sealing,
) -> None:
    """Record a product live on a socket, then check what it sent; exit status as of `lab check`."""
    from rich.console import Console

    from skypact.conformance.listening import Address, Heard, Listener

    _require_firmware(told, sealing)
    sealing.require_complete()
    tested = _standard(standard)
    console = Console(stderr=True)
    with saying_refusals(), Listener(Address.of_text(address)) as listener, console.status("") as shown:

        def tell(heard: Heard) -> None:
            said = f"{heard.bytes:,} bytes in {heard.parts:,} parts from {', '.join(heard.peers) or 'nobody yet'}"
            shown.update(f"port {listener.port}, up to {seconds:g} s: {said}")

        tell(Heard())
        heard = listener.listen(seconds=seconds, as_capture=tested.captures, answering=tested.answering, tell=tell)
    peers = ", ".join(heard.peers) or "nobody"
    parts = "1 part" if heard.parts == 1 else f"{heard.parts} parts"
    typer.echo(f"Heard {heard.bytes} bytes in {parts} from {peers}: {heard.ended}.", err=True)
    if not heard.recordings:
        typer.echo(f"Nothing arrived at {address}: nothing is tested. Does the product send there?", err=True)
        raise typer.Exit(EXIT["cannot tell"])
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        for recording in heard.recordings:
            (keep / recording.name).write_bytes(recording.data)
            typer.echo(f"Kept {keep / recording.name}", err=True)
    _judge(tested, heard.recordings, told, sealing)


@app.command()
def key(path: Annotated[Path, typer.Argument(help="Where the new key goes; nothing may lie there yet.")]) -> None:
    """Make the key that a lab signs its statements with, and print the fingerprint that others come to trust."""
    from skypact.conformance.signing import fingerprint, new_key, public_bytes

    with saying_refusals():
        made = new_key(path)
    typer.echo(f"Wrote {path}; keep it secret. Its fingerprint:\n{fingerprint(public_bytes(made))}")


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A signed statement.")],
    trust: Annotated[list[str] | None, typer.Option(help="Fingerprint of a key to believe; may be repeated.")] = None,
    as_json: Json = False,
) -> None:
    """Check the signature of a statement: exit 0 only where nothing was changed; with --trust, only of those keys."""
    from skypact.conformance.picture.signing import SignedPicture, is_picture
    from skypact.conformance.picture.signing import read_signed as read_picture
    from skypact.conformance.signing import read_signed

    text = file.read_bytes()
    with saying_refusals():
        read = read_picture if is_picture(text) else read_signed
        signed = read(text, file=str(file), trusted=trust)
    said = signed.statement
    if as_json:
        facts = {"fingerprint": signed.fingerprint, "trusted": bool(trust), **said.model_dump(mode="json")}
        typer.echo(json.dumps(facts, indent=2, ensure_ascii=False))
        return
    typer.echo(f"Signed by {signed.fingerprint}" + ("" if trust else " (any key; --trust names those to believe)"))
    if isinstance(signed, SignedPicture):
        print_signed(signed)
        return
    until = f", valid until {said.valid_until}" if said.valid_until else ""
    of = f" of {said.listing}" if said.listing else ""
    firmware = f", firmware {said.firmware}" if said.firmware else ""
    typer.echo(f"{said.conducted_by} tested{of}{firmware} on {said.tested_on}{until}")
    _print(said.report)


@app.command()
def trust(
    fingerprint: Annotated[str, typer.Argument(help="As `skypact lab key` printed it for that lab.")],
    name: Annotated[str, typer.Argument(help="Whose key it is.")],
) -> None:
    """Let this site believe what a lab signs."""
    with on_the_site() as actor:
        from skypact.market.lab.actions import TrustKey

        TrustKey(actor=actor, fingerprint=fingerprint, name=name).execute()
    typer.echo(f"This site believes {name} from now on.")


@app.command()
def distrust(fingerprint: Annotated[str, typer.Argument(help="The key's fingerprint.")]) -> None:
    """Let this site no longer believe a key; its results stay, marked, and count for nothing."""
    with on_the_site() as actor:
        from skypact.market.lab.actions import DistrustKey

        gone = DistrustKey(actor=actor, fingerprint=fingerprint).execute()
    typer.echo(f"This site no longer believes {gone.name}.")


@app.command()
def attach(
    listing: Annotated[str, typer.Argument(help="Id of the product in the catalogue.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A signed statement.")],
    release: Annotated[str, typer.Option(help="Who may see it: PUBLIC, REGISTERED, or REL KR,US.")] = "PUBLIC",
) -> None:
    """Put a signed statement at its listing, where everybody who may sees it."""
    document = file.read_text(encoding="utf-8", errors="replace")
    with on_the_site() as actor:
        from skypact.market.lab.actions import AttachResult

        made = AttachResult(actor=actor, slug=listing, document=document, release=release).execute()
    typer.echo(f"{made.listing}: {made.standard} {made.version or 'no version claimed'}, {made.verdict}")


@app.command()
def due(vendor: Annotated[str, typer.Option(help="Only listings of this vendor.")] = "", as_json: Json = False) -> None:
    """What is to be tested again, and why; exit status 1 where there is something.

    Another firmware is shipped, a result has expired or will within 60 days, a badge was not earned.
    """
    with on_the_site() as actor:
        from django.utils import timezone

        from skypact.market.lab.badges import due_documents
        from skypact.market.lab.wording import WHY

        found = due_documents(actor, on=timezone.localdate(), vendor=vendor)
        words = {why.value: str(said) for why, said in WHY.items()}
    if as_json:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        for one in found:
            why = "; ".join(words[code] for code in one["why"]) + (f": {one['newer']}" if one["newer"] else "")
            typer.echo(f"{one['listing']}: {one['standard']} {one['version']}: {why}\n  {one['command']}")
        if not found:
            typer.echo("Nothing is to be tested again.")
    raise typer.Exit(1 if found else 0)


def _require_firmware(told: Testing, sealing: Sealing) -> None:
    if sealing.sign is not None and told.listing and not (told.firmware or "").strip():
        raise typer.BadParameter(
            f"a statement about {told.listing} names the firmware that was recorded: add --firmware; without it nobody"
            " could tell when another one asks for a new test",
            param_hint="--listing",
        )


def _judge(tested: Standard, recordings: Sequence[Recording], told: Testing, sealing: Sealing) -> NoReturn:
    from skypact.conformance.signing import VALID_DAYS, Statement, sign
    from skypact.schema import parse

    try:
        report = tested.check(recordings, told.claim)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--claim") from None
    about = {"report": report, "listing": told.listing, "firmware": told.firmware}
    if told.listing and sealing.valid_days is None:
        sealing = sealing._replace(valid_days=VALID_DAYS)
    sealing.write(lambda said, key: sign(parse(Statement, {**said, **about}, file="statement"), key))
    if told.as_json:
        computed = {
            "rungs": report.rungs(),
            "earns_badge": report.earns_badge,
            "content_sha256": report.content_hash(),
        }
        typer.echo(json.dumps({**report.model_dump(mode="json"), **computed}, indent=2, ensure_ascii=False))
    else:
        _print(report)
    raise typer.Exit(EXIT[report.verdict])


@app.command()
def mutate(
    standards: Annotated[list[str] | None, typer.Argument(help="Names of `skypact lab list`; all by default.")] = None,
    count: Annotated[int, typer.Option(min=1, help="Changes to try; each standard has some thousands.")] = 2000,
    seed: Annotated[int, typer.Option(help="Seed of the draw.")] = 1,
    as_json: Json = False,
) -> None:
    """Score the lab itself: change good samples bit by bit and count how often the verdict falls."""
    from skypact.conformance import STANDARDS
    from skypact.conformance.mutation import score, score_fields

    tested = [_standard(name) for name in standards or STANDARDS]
    scores = [(score(one, count=count, seed=seed), score_fields(one)) for one in tested]
    if as_json:
        typer.echo(json.dumps([{**_score(one), "fields": _score(changed)} for one, changed in scores], indent=2))
        return
    for one, changed in scores:
        typer.echo(
            f"{one.standard}: {one.rejected} of {one.tried} changes outside free text rejected ({one.share:.1%},"
            f" ceiling {one.ceiling:.1%}); {one.closed_rejected} of {one.closed} outside open values"
            f" ({one.closed_share:.1%})"
        )
        typer.echo(
            f"  fields: {changed.rejected} of {changed.tried} changes rejected; {changed.closed_rejected} of"
            f" {changed.closed} that the standard does not allow ({changed.closed_share:.1%})"
        )
        typer.echo(f"  open: {STANDARDS[one.standard].ceiling}")


@app.command()
def adapters(
    count: Annotated[int, typer.Option(min=1, help="Messages to send through each pair of formats.")] = 500,
    seed: Annotated[int, typer.Option(help="Seed of the messages.")] = 1,
    as_json: Json = False,
) -> None:
    """What the adapters between Remote ID, ASTERIX category 129 and SAPIENT lose, measured."""
    from skypact.conformance.adapters import measure_all

    found = measure_all(count=count, seed=seed)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], indent=2))
        return
    for one in found:
        typer.echo(f"{one.source} through {one.target} and back, {one.messages} messages:")
        for field in one.fields:
            within = "" if field.largest_error is None else f", within {field.largest_error:.3g} {_unit(field.field)}"
            share = "kept" if not field.lost else "lost" if not field.kept else f"kept in {field.kept} of {field.said}"
            typer.echo(f"  {field.field}: {share}{within}")


def _unit(field: str) -> str:
    """What an error of a field is counted in: of a place metres, although the field holds degrees."""
    return "m/s" if field.endswith("_m_s") else "s" if field.endswith("_s") else "m"


def _score(found: Score) -> dict[str, object]:
    return {
        **asdict(found),
        "share": found.share,
        "closed_share": found.closed_share,
        "ceiling": found.ceiling,
    }


def _standard(name: str) -> Standard:
    from skypact.conformance import STANDARDS

    if name not in STANDARDS:
        raise typer.BadParameter(f'"{name}" is not tested here; accepted: {", ".join(STANDARDS)}')
    return STANDARDS[name]


def _print(report: Report) -> None:
    claim = f", claimed {report.claimed}" if report.claimed else ""
    typer.echo(f"{report.standard}{claim}, seen {', '.join(report.seen) or 'no version'}: {report.verdict.value}")
    for file in report.files:
        typer.echo(f"  {file.name}: {file.bytes} bytes, sha256 {file.sha256}")
    counts = ", ".join(f"{kind} {count}" for kind, count in report.counts.items())
    typer.echo(f"  messages: {counts or 'none of this standard'}")
    if report.heard is not None:
        lasted = "" if report.heard.seconds is None else f" in {report.heard.seconds:.1f} s"
        typer.echo(f"  heard of one sender: {report.heard.messages} messages{lasted}")
        for one in report.heard.short:
            typer.echo(f"    too short for a badge: {one}")
    typer.echo("  layers: " + ", ".join(f"{layer.value} {verdict.value}" for layer, verdict in report.layers.items()))
    for agreement in report.agreements:
        _print_agreement(agreement)
    for finding in report.findings:
        typer.echo(
            f"  {finding.severity.value} {finding.rule} at {finding.place}: {finding.sentence} [{finding.clause}]"
        )
        if finding.times > 1:
            typer.echo(f"    {finding.times} times: {_places(finding)}")
    spelled = {rule: sum(one.times for one in report.findings if one.rule == rule) for rule in report.found}
    for rule, count in report.found.items():
        if count > spelled[rule]:
            typer.echo(f"  {rule}: {count - spelled[rule]} more")
    held = ", ".join(f"{rung} {_RUNG[verdict]}" for rung, verdict in report.rungs().items())
    typer.echo(
        f"  badge {'earned' if report.earns_badge else 'not earned'}: {held}{'' if report.claimed else '; no claim'}"
    )
    typer.echo(f"  report sha256 {report.content_hash()}")


def _places(found: Finding) -> str:
    """The messages of a finding that are known, its own file and field left out."""
    same = {"file": found.place.file, "field": found.place.field}
    told = [
        str(one.message) if one.message is not None and one == one.model_copy(update=same) else str(one)
        for one in (found.place, *found.also)
    ]
    more = f", {found.times - len(told)} more" if found.times > len(told) else ""
    return f"messages {', '.join(told)}{more}"


_RUNG = {"conforms": "held", "does not conform": "failed", "cannot tell": "not shown"}


def _print_agreement(found: Agreement) -> None:
    name = f"{found.decoder.name} {found.decoder.version}".strip()
    if found.reason:
        typer.echo(f"  second decoder {name}: {found.reason}")
        return
    only = f", {found.only_first} read by the first alone" if found.only_first else ""
    only += f", {found.only_second} read by it alone" if found.only_second else ""
    typer.echo(
        f"  second decoder {name}: {found.messages_both} messages read by both{only}; {found.values_compared} values"
        f" compared, {found.disagreed} disagreements"
    )
    for one in found.disagreements:
        typer.echo(f"    {one.place}: first {one.ours}, second {one.theirs}")
