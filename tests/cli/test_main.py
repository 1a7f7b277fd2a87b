"""The root of the command line."""

from typer.testing import CliRunner

from skypact.cli.main import app


def test_version() -> None:
    found = CliRunner().invoke(app, ["--version"])
    assert (found.exit_code, found.output) == (0, "skypact 0.1.0\n")


def test_every_noun_and_command_is_listed() -> None:
    found = CliRunner().invoke(app, ["--help"])
    assert found.exit_code == 0
    for name in ("serve", "migrate", "demo", "account", "schema", "kit"):
        assert f" {name} " in found.output
