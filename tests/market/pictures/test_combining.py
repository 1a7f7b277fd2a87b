"""Processes that combine: found whole or not at all, and no more of them than there may be."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from tests.market.pictures.conftest import client_of

from skypact.conformance.picture.scene import make
from skypact.market.accounts.models import User
from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.pictures import combining, samples
from skypact.market.pictures.actions import RequestPicture
from skypact.market.pictures.models import Picture
from skypact.market.pictures.working import Question

RECORDINGS = make(1, seconds=4).recordings
QUESTION = Question(names=tuple(one.name for one in RECORDINGS))


@pytest.fixture
def processes(real_process: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The processes that are started; none of them gets to its work."""
    popen, started = subprocess.Popen, []
    monkeypatch.setattr(
        combining.subprocess, "Popen", lambda command, **options: started.append(popen(["sleep", "600"], **options))
    )
    yield started
    for one in started:
        one.kill()
        one.wait()


def test_a_picture_is_found_with_all_that_is_asked_and_its_process_alive(
    processes: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    found, lay_down = [], combining.lay_down

    def look(*arguments: object) -> None:
        lay_down(*arguments)
        found.append((combining.begun("one"), combining.alive("one")))

    monkeypatch.setattr(combining, "lay_down", look)
    combining.start("one", QUESTION, RECORDINGS)
    assert found == [(False, False)]
    assert (combining.begun("one"), combining.alive("one")) == (True, True)
    with pytest.raises(FileExistsError):
        combining.start("one", QUESTION, RECORDINGS)
    assert [path.name for path in combining.folder_of("one").parent.iterdir()] == ["one"]
    assert len(processes) == 1
    processes[0].kill()
    processes[0].wait()
    assert (combining.begun("one"), combining.alive("one")) == (True, False)
    combining.forget("one")
    assert (combining.begun("one"), combining.alive("one")) == (False, False)


def test_many_who_ask_for_the_sample_at_once_start_one_process(processes: list[subprocess.Popen[bytes]]) -> None:
    together = Barrier(4)

    def ask(_: int) -> object:
        together.wait()
        return samples.sample("")

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(4))) == [None] * 4
    assert len(processes) == 1


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_both_take_the_last_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(combining, "start", lambda *arguments: None)
    client_of("kim")
    kim, together = Actor.of_user(User.objects.get(username="kim")), Barrier(4)

    def ask(wait: Callable[[], object]) -> bool:
        try:
            wait()
            RequestPicture(actor=kim, title="Trial", question=QUESTION, recordings=RECORDINGS).execute()
        except StateError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(ask, [together.wait] * 4)) == [False, False, True, True]
    assert Picture.objects.count() == 2
