"""The root of the command line."""

import subprocess
import sys

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


def test_ctrl_c_while_it_loads_ends_without_a_traceback() -> None:
    interrupted = (
        "import os, runpy, signal, sys\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "class Slow:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'skypact.cli.main':\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Slow())\n"
        "runpy.run_module('skypact', run_name='__main__')\n"
    )
    found = subprocess.run([sys.executable, "-c", interrupted], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout, found.stderr) == (130, "", "")
