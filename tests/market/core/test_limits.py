"""Buckets of tokens: exact with a clock of our own, exact under many threads and processes."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from skypact.market.accounts.models import User
from skypact.market.core import answering
from skypact.market.core.limits import Buckets, Limit, Verdict

SECOND = 1_000_000_000
START = 1_800_000_000 * SECOND
THREE_IN_SIX = Limit(3, 6)


@pytest.fixture
def buckets(tmp_path: Path) -> Buckets:
    return Buckets(tmp_path / "limits.sqlite3")


def test_bucket_is_emptied_and_fills_evenly(buckets: Buckets) -> None:
    def at(second: float) -> Verdict:
        return buckets.take("kim", THREE_IN_SIX, now_ns=START + int(second * SECOND))

    assert at(0) == Verdict(allowed=True, left=2, next_s=0, full_s=2)
    assert at(0) == Verdict(allowed=True, left=1, next_s=0, full_s=4)
    assert at(0) == Verdict(allowed=True, left=0, next_s=2, full_s=6)
    assert at(0) == Verdict(allowed=False, left=0, next_s=2, full_s=6)
    assert at(1.5) == Verdict(allowed=False, left=0, next_s=1, full_s=5)
    assert at(2) == Verdict(allowed=True, left=0, next_s=2, full_s=6)
    assert at(100) == Verdict(allowed=True, left=2, next_s=0, full_s=2)


def test_buckets_are_apart_and_a_clock_set_back_locks_nobody_out(buckets: Buckets) -> None:
    for _ in range(3):
        assert buckets.take("kim", THREE_IN_SIX, now_ns=START).allowed
    assert buckets.take("lee", THREE_IN_SIX, now_ns=START).allowed
    day_before = START - 86_400 * SECOND
    assert buckets.take("kim", THREE_IN_SIX, now_ns=day_before) == Verdict(False, 0, 2, 6)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 8), st.integers(1, 30), st.lists(st.integers(0, 5_000), max_size=40))
def test_like_a_bucket_counted_by_hand(tokens: int, window: int, pauses_ms: list[int]) -> None:
    """Against the plain description: a level that rises evenly up to the brim, in exact numbers."""
    limit = Limit(tokens, window)
    with TemporaryDirectory() as folder:
        compared_by_hand(Buckets(Path(folder) / "limits.sqlite3"), limit, pauses_ms)


def compared_by_hand(buckets: Buckets, limit: Limit, pauses_ms: list[int]) -> None:
    tokens, window = limit.tokens, limit.window_s
    per_token = window * SECOND // tokens
    level, now = per_token * tokens, START
    for pause in pauses_ms:
        now += pause * 1_000_000
        level = min(per_token * tokens, level + pause * 1_000_000)
        allowed = level >= per_token
        level -= per_token if allowed else 0
        verdict = buckets.take("kim", limit, now_ns=now)
        assert (verdict.allowed, verdict.left) == (allowed, level // per_token)


def test_threads_share_a_bucket(buckets: Buckets) -> None:
    with ThreadPoolExecutor(8) as pool:
        verdicts = list(pool.map(lambda _: buckets.take("kim", Limit(50, 60), now_ns=START), range(200)))
    assert sum(verdict.allowed for verdict in verdicts) == 50


def test_a_new_file_is_opened_by_many_threads_at_once(tmp_path: Path) -> None:
    for name in range(50):
        together = Barrier(8)
        buckets = Buckets(tmp_path / f"{name}.sqlite3")

        def take(buckets: Buckets = buckets, together: Barrier = together) -> bool:
            together.wait()
            return buckets.take("kim", Limit(5, 60), now_ns=START).allowed

        with ThreadPoolExecutor(8) as pool:
            taken = [pool.submit(take) for _ in range(8)]
        assert sum(one.result() for one in taken) == 5


def test_processes_share_a_bucket(tmp_path: Path) -> None:
    path = tmp_path / "limits.sqlite3"
    code = (
        "import sys; from pathlib import Path; from skypact.market.core.limits import Buckets, Limit\n"
        f"buckets = Buckets(Path({str(path)!r}))\n"
        f"print(sum(buckets.take('kim', Limit(50, 60), now_ns={START}).allowed for _ in range(40)))"
    )
    processes = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(3)]
    taken = [int(process.communicate(timeout=600)[0]) for process in processes]
    assert sum(taken) == 50
    assert len(taken) == 3


def test_a_bucket_that_is_swept_out_between_two_looks_is_a_full_one(buckets: Buckets) -> None:
    class Swept:
        """Somebody whose clock is a window ahead sweeps before the second statement."""

        def __init__(self, connection: sqlite3.Connection) -> None:
            self.connection = connection

        def execute(self, statement: str, *given: object) -> sqlite3.Cursor:
            if statement.startswith("SELECT"):
                self.connection.execute("DELETE FROM bucket")
            return self.connection.execute(statement, *given)

    one = Limit(1, 1)
    assert buckets.take("kim", one, now_ns=START).allowed
    connection = buckets._connection(START)
    buckets._connection = lambda now_ns: Swept(connection)
    assert buckets.take("kim", one, now_ns=START) == Verdict(allowed=True, left=0, next_s=1, full_s=1)


def test_full_buckets_are_swept_out(buckets: Buckets) -> None:
    buckets.take("kim", THREE_IN_SIX, now_ns=START)
    for _ in range(1_000):
        buckets.take("lee", Limit(10_000, 1), now_ns=START + 10 * SECOND)
    rows = buckets._connection(START).execute("SELECT key FROM bucket").fetchall()
    assert rows == [("lee",)]


@pytest.mark.parametrize(("text", "limit"), [("300/60", Limit(300, 60)), ("off", None)])
def test_limit_of_text(text: str, limit: Limit | None) -> None:
    assert Limit.of_text(text) == limit


@pytest.mark.parametrize("text", ["", "300", "0/60", "300/0", "-1/60", "a/b", "OFF"])
def test_limit_that_is_none(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="such as 300/60, or off"):
        Limit.of_text(text)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock(settings: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Clock]:
    settings.HOME = tmp_path
    settings.LIMIT_ANONYMOUS, settings.LIMIT_SIGNED_IN = Limit(2, 60), Limit(3, 60)
    clock = Clock()
    monkeypatch.setattr(answering, "now_ns", clock)
    return clock


@pytest.mark.django_db
def test_interface_refuses_with_a_problem_document_and_says_when_to_return(clock: Clock) -> None:
    client = Client()
    first = client.get("/api/v1/catalogue/listings")
    assert (first.status_code, first.headers["RateLimit-Policy"]) == (200, '"requests";q=2;w=60')
    assert first.headers["RateLimit"] == '"requests";r=1;t=30'
    assert "Retry-After" not in first.headers
    assert client.get("/catalogue/").status_code == 200
    refused = client.get("/api/v1/catalogue/listings")
    assert refused.status_code == 429
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert (refused.headers["Retry-After"], refused.headers["RateLimit"]) == ("30", '"requests";r=0;t=30')
    page = client.get("/catalogue/?q=radar", headers={"accept-language": "ko"})
    assert page.status_code == 429
    assert 'lang="ko"' in page.content.decode()
    assert client.get("/").status_code == 200
    clock.now += 30 * SECOND
    assert client.get("/api/v1/catalogue/listings").status_code == 200
    assert client.get("/api/v1/catalogue/listings").status_code == 429


@pytest.mark.django_db
def test_tiles_of_a_map_have_a_larger_bucket_of_their_own(clock: Clock) -> None:
    client = Client()
    tiles = [client.get(f"/kits/none/coverage/tiles/kinds/1/{x}/0.png").headers["RateLimit"] for x in range(3)]
    assert tiles == [f'"requests";r={left};t={taken}' for left, taken in ((9, 6), (8, 12), (7, 18))]
    assert [client.get("/kits/none/coverage/").status_code for _ in range(3)] == [404, 404, 429]
    assert "RateLimit" not in client.get("/kits/none/").headers


@pytest.mark.django_db
def test_reports_are_limited(clock: Clock) -> None:
    client = Client()
    answers = [client.get(f"/kits/none/{page}").status_code for page in ("report/", "report.pdf", "report.pdf")]
    assert answers == [404, 404, 429]


@pytest.mark.django_db
def test_persons_have_buckets_of_their_own(clock: Clock) -> None:
    clients = [Client(), Client(), Client()]
    for client, name in zip(clients[1:], ("kim", "lee"), strict=True):
        client.force_login(User.objects.create(username=name))
    statuses = [[client.get("/api/v1/catalogue/listings").status_code for _ in range(4)] for client in clients]
    assert statuses == [[200, 200, 429, 429], [200, 200, 200, 429], [200, 200, 200, 429]]


@pytest.mark.parametrize(
    ("proxies", "remote", "forwarded", "address"),
    [
        (0, "10.0.0.1", "203.0.113.9", "10.0.0.1"),
        (1, "10.0.0.1", "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1", "forged, 203.0.113.9", "203.0.113.9"),
        (2, "10.0.0.1", "forged, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (1, "10.0.0.1", "forged", "unknown"),
        (1, "10.0.0.1", "203.0.113.9:4711", "203.0.113.9"),
        (1, "10.0.0.1", "[2001:db8:1:2::9]:4711", "2001:db8:1:2::/64"),
        (1, "10.0.0.1", "2001:db8:1:2::9", "2001:db8:1:2::/64"),
        (1, "10.0.0.1", "[203.0.113.9", "unknown"),
        (0, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64"),
        (0, "::ffff:203.0.113.9", "", "203.0.113.9"),
        (0, "", "", "unknown"),
    ],
)
def test_address_behind_proxies(settings: object, proxies: int, remote: str, forwarded: str, address: str) -> None:
    settings.PROXIES = proxies
    request = RequestFactory().get("/", headers={"x-forwarded-for": forwarded}, REMOTE_ADDR=remote)
    assert answering.address_of(request) == address
