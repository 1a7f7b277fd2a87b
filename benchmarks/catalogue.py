"""The catalogue as its users meet it: import with everything it brings, search in process, search over HTTP.

Each size is an installation of its own in a temporary folder: a synthetic file goes in through the command line, a
process of its own searches as an anonymous reader, and for the larger one ``skypact serve`` answers 16 clients who are
signed in. The engine alone, and its peers, are measured by ``benchmarks/search.py``.
"""

from __future__ import annotations

import http.client
import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Barrier
from urllib.parse import quote

from benchmarks.row import Row

SMALL, LARGE = 1_600, 100_000
CLIENTS, REQUESTS_EACH = 16, 25
#: Text, facets and bounds: three filters and more, in both languages, with a typing error and a quantity. ``{n}`` makes
#: every question another one, so that no answer is remembered.
QUESTIONS = (
    "q=radar&nation=KR&range_min={n}%20m&grade=tested",
    "q=" + quote("레이더 센서") + "&in_stock=yes&mass_max=2{n}%20g&interface=SAPIENT",
    "q=battery%206S&chemistry=LiPo&price=yes&lead_time_max=6{n}",
    "q=synthetic%20camra&sensor_kind=camera&nation=US&azimuth_min=90.{n}",
    "family=aircraft&endurance_min={n}%20s&payload_min=1%20kg&sort=mass",
    "q=radar%20{n}%20m%2024%20GHz&emits=yes&synthetic=yes&component_origin=KR",
)
COMMAND = str(Path(sys.executable).with_name("skypact"))


def rows() -> Iterator[Row]:
    """Import, search in process, search over HTTP."""
    with tempfile.TemporaryDirectory() as folder:
        for items, limit in ((SMALL, 3), (LARGE, 15)):
            home = Path(folder) / str(items)
            taken, memory = _imported(items, home)
            if items == LARGE:
                yield Row.at_most(f"import of {items:,} listings with validation and history", taken, "s", limit=90)
                yield Row.at_most("memory of that import", memory, "MiB", limit=1024)
            measured = json.loads(_run("-m", "benchmarks.catalogue", "search", home=home))
            named = f"search with facets and 3 filters, cards read, {items:,} listings, p95"
            yield Row.at_most(named, measured["p95_ms"], "ms", limit=limit)
        fresh, again = _over_http(Path(folder) / str(LARGE))
        told = f"over HTTP, signed in, {CLIENTS} clients, {LARGE:,} listings, p95"
        yield Row.at_most(f"the same {told}, every question new", fresh, "ms", limit=80)
        yield Row.at_most(f"the same {told}, the same {REQUESTS_EACH} questions again", again, "ms", limit=80)


def _question(number: int) -> str:
    return QUESTIONS[number % len(QUESTIONS)].format(n=1000 + number)


def _imported(items: int, home: Path) -> tuple[float, float]:
    """Seconds and the greatest resident memory (MiB) of an import through the command line."""
    home.mkdir()
    file = home / "synthetic.jsonl"
    subprocess.run([COMMAND, "catalogue", "synth", "--items", str(items), "--output", str(file)], check=True)
    _run("-m", "benchmarks.catalogue", "prepare", home=home)
    measured = json.loads(_run("-m", "benchmarks.catalogue", "import", str(file), home=home))
    file.unlink()
    return measured["s"], measured["mib"]


def _run(*arguments: str, home: Path) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, env=_environment(home), check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def _environment(home: Path) -> dict[str, str]:
    return {**os.environ, "SKYPACT_HOME": str(home), "SKYPACT_LIMIT_SIGNED_IN": "off"}


def _over_http(home: Path) -> tuple[float, float]:
    """The 95th percentiles of the answers' times in ms: every question new, and the same few questions again."""
    cookie = _run("-m", "benchmarks.catalogue", "sign-in", home=home).strip()
    with _served(home) as port, ThreadPoolExecutor(CLIENTS) as clients:

        def all_at_once(first: Sequence[int]) -> float:
            start = Barrier(CLIENTS)
            times = [clients.submit(_client, port, cookie, start, number) for number in first]
            return _p95([taken for client in times for taken in client.result()])

        all_at_once([REQUESTS_EACH * (client + CLIENTS) for client in range(CLIENTS)])  # loads and compiles
        fresh = all_at_once([REQUESTS_EACH * client for client in range(CLIENTS)])
        return fresh, all_at_once([0] * CLIENTS)


@contextmanager
def _served(home: Path) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([COMMAND, "serve", "--port", str(port), "--workers", "2"], env=_environment(home))
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def _client(port: int, cookie: str, start: Barrier, first: int) -> list[float]:
    """Milliseconds of each answer on one connection, to the questions numbered from ``first`` on."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    taken = []
    start.wait()
    for question in map(_question, range(first, first + REQUESTS_EACH)):
        begun = time.perf_counter()
        connection.request("GET", f"/api/v1/catalogue/listings?{question}", headers={"Cookie": cookie})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{question}: {answer.status} {body[:300]!r}")
        taken.append((time.perf_counter() - begun) * 1000)
    return taken


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


# --- what runs in processes of its own -------------------------------------------------------------------------------


def _search() -> None:
    from django.http import QueryDict

    from skypact.market.catalogue import selectors
    from skypact.market.catalogue.forms import filters_of
    from skypact.market.core.access import Actor

    reader, day, times = Actor.anonymous(), date(2026, 11, 21), []
    for filters in [filters_of(QueryDict(_question(number))) for number in range(200 + len(QUESTIONS))]:
        begun = time.perf_counter()
        selectors.search(reader, filters, on=day)
        times.append((time.perf_counter() - begun) * 1000)
    print(json.dumps({"p95_ms": _p95(times[len(QUESTIONS) :])}))


def _import(file: str) -> None:
    from skypact.market.catalogue.actions import import_file
    from skypact.market.core.access import Actor

    begun = time.perf_counter()
    with Path(file).open("rb") as stream:
        report = import_file(actor=Actor.system("bench"), stream=stream, name=Path(file).name)
    if not report.taken:
        raise RuntimeError(report.model_dump_json())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"s": time.perf_counter() - begun, "mib": memory}))


def _sign_in() -> None:
    from django.conf import settings
    from django.test import Client

    from skypact.market.accounts.models import User

    client = Client()
    client.force_login(User.objects.get_or_create(username="bench", defaults={"nation": "KR"})[0])
    print(f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}")


if __name__ == "__main__":
    from skypact.market.site import open_site

    open_site()
    act, *arguments = sys.argv[1:]
    {"prepare": lambda: None, "search": _search, "import": _import, "sign-in": _sign_in}[act](*arguments)
