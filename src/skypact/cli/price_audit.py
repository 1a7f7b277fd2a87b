"""The audit of prices as a command says it: ``skypact catalogue audit``."""

from __future__ import annotations

from datetime import UTC, date
from enum import StrEnum

import typer

from skypact.market.site import open_site


class Form(StrEnum):
    """How the audit is written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def say_audit(since: date | None, form: Form) -> None:
    """Prints the audit; exits with 1 where the event log is not what was written."""
    open_site()
    from skypact.market.core.access import Actor
    from skypact.market.prices.auditing import audit, csv_of

    report = audit(Actor.system("cli"), since=since)
    if form is Form.JSON:
        typer.echo(report.model_dump_json(indent=2))
    elif form is Form.CSV:
        typer.echo(csv_of(report), nl=False)
    else:
        _print(report)
    if not report.chain.whole:
        raise typer.Exit(1)


def _print(report: object) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    from skypact.market.prices.auditing import Audit
    from skypact.market.prices.wording import sentence

    assert isinstance(report, Audit)  # noqa: S101 (the caller has it from audit())
    chain = report.chain
    log = f"whole, {chain.events} events" if chain.whole else f"NOT WHOLE: {chain.fault}"
    typer.echo(f"event log: {log}")
    told = f"rises of more than {report.rise_percent:g} % within {report.rise_days} days"
    if not report.findings:
        typer.echo(f"nothing found ({told}, later offers, changed currencies, withdrawals)")
        return
    table = Table("when (UTC)", "kind", "listing", "seller", "what", "who", "event")
    for item in report.findings:
        at = item.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
        event = "none" if item.event is None else str(item.event)
        cells = (at, item.kind.value, item.listing, item.seller, sentence(item), item.actor, event)
        table.add_row(*(escape(cell) for cell in cells))
    Console().print(table)
    typer.echo(f"{len(report.findings)} findings: {told}, later offers, changed currencies, withdrawals")
