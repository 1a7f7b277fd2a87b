"""A node with a home of its own, a kit, and pictures made within this process."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client
from tests.market.kits import samples

from skypact.conformance.picture import Cause, Truth, report
from skypact.conformance.picture.scene import make
from skypact.conformance.standard import Recording
from skypact.market.accounts.models import User
from skypact.market.kits.models import StoredKit
from skypact.market.pictures import combining, working
from skypact.market.pictures.working import Question, Result


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, settings: object) -> None:
    settings.HOME = tmp_path


@pytest.fixture(autouse=True)
def without_processes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process for each picture takes seconds: only tests marked so start one. The same is combined once."""
    if "real_process" in request.fixturenames:
        return
    monkeypatch.setattr(working, "make", lambda question, recordings, tell: remembered(question, recordings))

    def start(key: UUID | str, question: Question, recordings: Sequence[Recording]) -> None:
        folder = combining.folder_of(key)
        folder.mkdir(parents=True)
        (folder / "lock").touch()
        combining.lay_down(folder, question, recordings)
        working.run(folder)

    monkeypatch.setattr(combining, "start", start)


@pytest.fixture(autouse=True)
def of_products(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' scenes stand for recordings of products: only tests marked so hold them to be made up."""
    if "made_up" not in request.fixturenames:
        monkeypatch.setattr(report, "MADE_UP", "no serial begins so")


@pytest.fixture
def made_up() -> None:
    """This test's scenes are told to be made up, as on the site."""


@pytest.fixture
def real_process() -> None:
    """This test combines in a process of its own, as the site does."""


_make = working.make
_remembered: dict[tuple[str, tuple[Recording, ...]], Result] = {}


def remembered(question: Question, recordings: Sequence[Recording]) -> Result:
    """What ``working.make`` gives; ``ValueError`` every time."""
    asked = question.model_dump_json(), tuple(recordings)
    if asked not in _remembered:
        _remembered[asked] = _make(question, list(recordings))
    return _remembered[asked]


@cache
def made(fault: Cause | None = None, seconds: float = 40.0) -> Result:
    """A made-up scene, combined."""
    scene = make(1, fault=fault, seconds=seconds)
    names = tuple(one.name for one in scene.recordings)
    truth = Truth.model_validate(scene.truth())
    return remembered(Question(names=names, truth=truth), scene.recordings)


def client_of(name: str, **fields: object) -> Client:
    client = Client()
    user, _ = User.objects.get_or_create(username=name, defaults=fields)
    client.force_login(user)
    return client


def stored_kit(owner: str | None = None) -> StoredKit:
    """The sample's kit, of ``owner`` or listed."""
    return samples.stored(owner_id=None if owner is None else User.objects.get(username=owner).pk)
