"""The wheel carries everything: an empty environment with the pinned packages gets a skypact that serves and composes.

The environment sees the third-party packages of the development environment through a path file instead of downloading
them again (dev.txt pins every runtime package at the version and hashes of runtime.txt, which is tested here too).
A path file does not run the path files of the folder it names, so the development install of skypact stays invisible:
the skypact under test is the wheel's.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import urllib.request
import venv
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from tests.served import serving

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the working tree."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def skypact(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `skypact` command of a new environment with the wheel in it."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    packages = folder / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    (packages / "third_party.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    install = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "install", "--quiet"]
    subprocess.run([*install, "--no-index", "--no-deps", str(wheel)], check=True, capture_output=True)
    return folder / "bin" / "skypact"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment in which nothing points to the checkout."""
    return {"PATH": os.defpath, "HOME": str(tmp_path), "SKYPACT_HOME": str(tmp_path / "home")}


def test_carries_assets_translations_and_seed(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    static = "skypact/market/core/static/skypact"
    expected = {f"{static}/{name}" for name in ("skypact.css", "site.js", "map.js", "charts.js", "atlas/land-10m.json")}
    expected |= {"skypact/market/core/locale/ko/LC_MESSAGES/django.mo", "skypact/market/core/templates/core/base.html"}
    expected |= {f"skypact/examples/{name}.toml" for name in ("airport", "stadium", "harbour", "border-strip")}
    assert expected - names == set()
    assert [name for name in names if name.startswith("skypact/seed/vendors/")] != []
    assert [name for name in names if name.startswith(("tests/", "var/"))] == []


def test_asks_for_what_the_lock_pins(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    fields = Parser().parsestr(archive.read(metadata).decode())
    assert fields["Name"] == "skypact"
    assert fields["License-Expression"] == "Apache-2.0"
    asked = {re.split(r"[\[<>=, ]", wanted)[0] for wanted in fields.get_all("Requires-Dist", [])}
    assert asked - set(pins("runtime")) == set()
    assert "highspy" not in pins("dev")


def test_development_lock_pins_every_runtime_package_alike() -> None:
    runtime, development = pins("runtime"), pins("dev")
    assert {name: development.get(name) for name in runtime} == runtime


def pins(name: str) -> dict[str, list[str]]:
    """Package → its pinned versions and hashes in ``requirements/NAME.txt``."""
    found: dict[str, list[str]] = {}
    package = ""
    for line in (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([a-z0-9-]+)(?:\[.*\])?==(\S+)", line):
            package = match[1]
            found.setdefault(package, []).append(match[2])
        elif match := re.search(r"--hash=(sha256:[0-9a-f]{64})", line):
            found[package].append(match[1])
    return found


def test_locks_name_no_address() -> None:
    for lock in [*ROOT.glob("requirements/*.txt"), ROOT / "frontend" / "package-lock.json"]:
        text = re.sub(r'"url": "[^"]*"', "", lock.read_text(encoding="utf-8"))  # npm records funding pages
        assert re.findall(r"https?://[^\s\"]+", text) == [], lock


def test_command_is_the_wheels_own(skypact: Path, environment: dict[str, str], tmp_path: Path) -> None:
    def output(*command: str) -> str:
        return subprocess.run(
            command, env=environment, cwd=tmp_path, check=True, capture_output=True, text=True
        ).stdout.strip()

    assert output(str(skypact), "--version") == "skypact 0.1.0"
    where = output(str(skypact.with_name("python")), "-c", "import skypact; print(skypact.__file__)")
    assert Path(where).is_relative_to(skypact.parents[1])


def test_serves_pages_and_assets(skypact: Path, environment: dict[str, str], tmp_path: Path) -> None:
    with serving([str(skypact)], environment, log=tmp_path / "serve.log") as site:
        with urllib.request.urlopen(f"{site.address}/") as response:
            assert "<h1>From a site and a threat to a kit that works together</h1>" in response.read().decode()
        with urllib.request.urlopen(f"{site.address}/static/skypact/site.js") as response:
            assert response.headers["Content-Type"].startswith("text/javascript")
            assert len(response.read()) > 10_000


def test_composes_a_kit(skypact: Path, environment: dict[str, str], tmp_path: Path) -> None:
    command = [str(skypact), "kit", "compose", str(ROOT / "examples" / "airport.toml"), "--json"]
    found = subprocess.run(command, env=environment, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert found.returncode == 0, found.stderr
    assert len(json.loads(found.stdout)["items"]) > 0
