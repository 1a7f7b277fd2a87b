"""``skypact lab``: check recordings against standards; a claim "speaks X" becomes a test result."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from skypact.conformance import Report, Standard

app = typer.Typer(help="The conformance lab: test recordings against standards.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="JSON instead of text.")]

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
                    {"standard": one.name, "title": one.title, "versions": one.versions, "inputs": one.inputs}
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


@app.command()
def check(
    standard: Annotated[str, typer.Argument(help="A name of `skypact lab list`.")],
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Recordings of one session.")],
    claim: Annotated[str | None, typer.Option(help="The version that the maker claims, e.g. F3411-22a.")] = None,
    as_json: Json = False,
) -> None:
    """Check recordings: exit 0 conforms, 1 does not conform, 3 cannot tell."""
    from skypact.conformance import Recording

    tested = _standard(standard)
    try:
        report = tested.check([Recording(str(file), file.read_bytes()) for file in files], claim)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--claim") from None
    if as_json:
        said = {**report.model_dump(mode="json"), "content_sha256": report.content_hash()}
        typer.echo(json.dumps(said, indent=2, ensure_ascii=False))
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
    from skypact.conformance.mutation import score

    scores = [score(_standard(name), count=count, seed=seed) for name in standards or STANDARDS]
    if as_json:
        said = [
            {**asdict(one), "share": one.share, "closed_share": one.closed_share, "ceiling": one.ceiling}
            for one in scores
        ]
        typer.echo(json.dumps(said, indent=2))
        return
    for one in scores:
        typer.echo(
            f"{one.standard}: {one.rejected} of {one.tried} changes outside free text rejected ({one.share:.1%},"
            f" ceiling {one.ceiling:.1%}); {one.closed_rejected} of {one.closed} outside open values"
            f" ({one.closed_share:.1%})"
        )
        typer.echo(f"  open: {STANDARDS[one.standard].ceiling}")


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
    typer.echo("  messages: " + (", ".join(f"{kind} {count}" for kind, count in report.counts.items()) or "none"))
    typer.echo("  layers: " + ", ".join(f"{layer.value} {verdict.value}" for layer, verdict in report.layers.items()))
    for finding in report.findings:
        typer.echo(
            f"  {finding.severity.value} {finding.rule} at {finding.place}: {finding.sentence} [{finding.clause}]"
        )
    spelled = {rule: sum(finding.rule == rule for finding in report.findings) for rule in report.found}
    for rule, count in report.found.items():
        if count > spelled[rule]:
            typer.echo(f"  {rule}: {count - spelled[rule]} more")
    typer.echo(f"  report sha256 {report.content_hash()}")
