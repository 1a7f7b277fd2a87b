"""Every write on kits: what it does, who may not, and that a refusal changes nothing."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone
from tests.market.kits import samples

from skypact.market.accounts.models import User
from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.core.models import Event
from skypact.market.kits import launching
from skypact.market.kits.actions import (
    BeginJob,
    FailJob,
    FinishJob,
    PruneKits,
    PublishKit,
    RequestKit,
    StopJob,
    asker_at,
    kit_folder,
    new_kit_id,
    note_progress,
    notice_death,
)
from skypact.market.kits.models import ComposeJob, StoredKit, StoredRequirement
from skypact.schema import InputError, KitStatus

pytestmark = pytest.mark.django_db

ANYBODY = Actor.anonymous()
SYSTEM = Actor.system("composer")


def person(name: str, *, staff: bool = False) -> Actor:
    return Actor.of_user(User.objects.create(username=name, is_staff=staff))


def job(actor: Actor = ANYBODY, *, state: str = "queued") -> ComposeJob:
    made = RequestKit(actor=actor, requirement=samples.requirement()).execute()
    ComposeJob.objects.filter(pk=made.pk).update(state=state)
    return made


def state_of(made: ComposeJob) -> str:
    return ComposeJob.objects.get(pk=made.pk).state


def pictures(home: Path, name: str = "incoming") -> Path:
    folder = home / "kits" / name
    folder.mkdir(parents=True)
    (folder / "hillshade.png").write_bytes(b"picture")
    return folder


class TestRequestKit:
    def test_keeps_the_requirement_and_starts_a_process(
        self, started: list[UUID], django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            made = RequestKit(actor=ANYBODY, requirement=samples.requirement()).execute()
        assert (made.state, made.stage, made.done, made.owner_id, made.kit_id) == ("queued", "", 0.0, None, None)
        assert made.requirement.requirement == samples.requirement()
        assert started == [made.pk]
        event = Event.objects.get()
        assert (event.actor, event.action, event.object_id) == ("anonymous", "kits.request", str(made.pk))
        assert event.data == {"state": "queued", "requirement": "harbour"}

    def test_belongs_to_who_asked(self) -> None:
        kim = person("kim")
        assert job(kim).owner_id == kim.user_id

    def test_places_that_nobody_knows_are_named(self, started: list[UUID]) -> None:
        asked = samples.requirement(site={"name": "A", "icao": "ZZZZ", "radius_m": 100}, terrain=["../secret.tif"])
        with pytest.raises(InputError) as refused:
            RequestKit(actor=ANYBODY, requirement=asked).execute()
        assert [(problem.place, problem.value) for problem in refused.value.problems] == [
            ("site.icao", "'ZZZZ'"),
            ("terrain.0", "'../secret.tif'"),
        ]
        assert not StoredRequirement.objects.exists()
        assert not ComposeJob.objects.exists()
        assert not Event.objects.exists()
        assert started == []

    def test_one_person_has_five_searches_at_most(self) -> None:
        kim = person("kim")
        for _ in range(5):
            job(kim)
        with pytest.raises(StateError, match=r"^5 searches are under way already; wait for one to end, or stop one$"):
            job(kim)
        assert ComposeJob.objects.count() == 5
        ComposeJob.objects.update(state="done")
        job(kim)

    def test_one_address_has_three_of_the_places_for_nobody(self) -> None:
        def ask(address: str) -> ComposeJob:
            asker = asker_at(address)
            return RequestKit(actor=ANYBODY, requirement=samples.requirement(), asker=asker).execute()

        for _ in range(3):
            assert "192.0.2.1" not in ask("192.0.2.1").asker
        with pytest.raises(StateError, match="^3 searches are under way already"):
            ask("192.0.2.1")
        for number in range(7):
            ask(f"192.0.2.{2 + number // 2}")
        with pytest.raises(StateError, match="^10 searches are under way already"):
            ask("192.0.2.99")
        assert ComposeJob.objects.count() == 10

    def test_staff_may_ask_for_more(self) -> None:
        lee = person("lee", staff=True)
        for _ in range(6):
            job(lee)
        assert ComposeJob.objects.count() == 6


class TestBeginJob:
    def test_runs(self) -> None:
        made = BeginJob(actor=SYSTEM, job_id=job().pk).execute()
        assert made.state == "running"
        assert made.started_at is not None

    def test_is_for_processes(self) -> None:
        made = job()
        with pytest.raises(PermissionDenied):
            BeginJob(actor=ANYBODY, job_id=made.pk).execute()
        assert state_of(made) == "queued"

    def test_happens_once(self) -> None:
        made = job(state="running")
        with pytest.raises(StateError, match=r"^the search is running; it cannot become running$"):
            BeginJob(actor=SYSTEM, job_id=made.pk).execute()
        assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_and_only_one_begins() -> None:
    made = job()
    start = Barrier(2)

    def begin(_: int) -> str:
        try:
            start.wait(timeout=600)
            return BeginJob(actor=SYSTEM, job_id=made.pk).execute().state
        except StateError:
            return "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(begin, range(2))) == ["refused", "running"]
    assert Event.objects.filter(action="kits.begin").count() == 1


class TestStopJob:
    def test_asks_a_running_search_to_end(self) -> None:
        made = StopJob(actor=ANYBODY, job_id=job(state="running").pk).execute()
        assert (made.state, made.stop_requested, made.finished_at) == ("running", True, None)

    def test_ends_a_waiting_one_at_once(self) -> None:
        made = StopJob(actor=ANYBODY, job_id=job().pk).execute()
        assert (made.state, made.stop_requested) == ("stopped", True)
        assert made.finished_at is not None

    def test_not_by_somebody_else(self) -> None:
        made = job(person("kim"), state="running")
        for other in (ANYBODY, person("park")):
            with pytest.raises(PermissionDenied):
                StopJob(actor=other, job_id=made.pk).execute()
        assert ComposeJob.objects.get().stop_requested is False
        assert Event.objects.count() == 1

    def test_by_its_owner_and_by_staff(self) -> None:
        kim = person("kim")
        for actor in (kim, person("lee", staff=True)):
            assert StopJob(actor=actor, job_id=job(kim, state="running").pk).execute().stop_requested is True

    def test_not_after_the_end(self) -> None:
        made = job(state="done")
        with pytest.raises(StateError, match=r"^the search is done already$"):
            StopJob(actor=ANYBODY, job_id=made.pk).execute()


class TestFinishJob:
    def test_keeps_kit_and_pictures(self, home: Path) -> None:
        made = job(person("kim"), state="running")
        found = samples.kit(id="harbour-1")
        done = FinishJob(actor=SYSTEM, job_id=made.pk, kit=found, pictures=pictures(home)).execute()
        assert (done.state, done.done, done.kit_id) == ("done", 1.0, "harbour-1")
        stored = StoredKit.objects.get()
        assert (stored.owner_id, stored.listed, stored.status) == (made.owner_id, False, "optimal")
        assert (stored.title, stored.title_ko, stored.site_name) == ("Harbour", "항만", "Old harbour")
        assert (stored.total, stored.currency, str(stored.complete_on)) == (700_000, "EUR", "2027-03-01")
        assert stored.kit == found
        assert sorted(file.name for file in kit_folder("harbour-1").iterdir()) == ["hillshade.png", "kit.json"]
        assert json.loads((kit_folder("harbour-1") / "kit.json").read_text())["id"] == "harbour-1"
        assert not (home / "kits" / "incoming").exists()

    def test_a_stopped_search_ends_stopped(self, home: Path) -> None:
        found = samples.kit(status=KitStatus.STOPPED)
        done = FinishJob(actor=SYSTEM, job_id=job(state="running").pk, kit=found, pictures=pictures(home)).execute()
        assert (done.state, done.kit_id) == ("stopped", "harbour-kit")

    def test_no_kit_is_an_answer_too(self, home: Path) -> None:
        action = FinishJob(
            actor=SYSTEM, job_id=job(state="running").pk, kit=samples.refused_kit(), pictures=pictures(home)
        )
        assert action.execute().state == "done"
        stored = StoredKit.objects.get()
        assert (stored.status, stored.total, stored.complete_on) == ("no_kit", None, None)

    def test_only_what_runs_can_finish(self, home: Path) -> None:
        made = job(state="failed")
        with pytest.raises(StateError):
            FinishJob(actor=SYSTEM, job_id=made.pk, kit=samples.kit(), pictures=pictures(home)).execute()
        assert not StoredKit.objects.exists()
        assert not kit_folder("harbour-kit").exists()

    def test_nothing_is_kept_when_the_pictures_cannot_be_moved(self, home: Path) -> None:
        made = job(state="running")
        with pytest.raises(FileNotFoundError):
            FinishJob(actor=SYSTEM, job_id=made.pk, kit=samples.kit(), pictures=home / "missing").execute()
        assert not StoredKit.objects.exists()
        assert state_of(made) == "running"


class TestPublishKit:
    def test_everybody_finds_it(self, home: Path) -> None:
        stored = PublishKit(actor=SYSTEM, kit=samples.kit(), pictures=pictures(home)).execute()
        assert (stored.pk, stored.listed, stored.owner_id) == ("harbour-kit", True, None)

    def test_takes_the_place_of_the_one_before(self, home: Path) -> None:
        PublishKit(actor=SYSTEM, kit=samples.kit(), pictures=pictures(home)).execute()
        PublishKit(actor=SYSTEM, kit=samples.refused_kit(), pictures=pictures(home)).execute()
        assert StoredKit.objects.get().status == "no_kit"
        assert json.loads((kit_folder("harbour-kit") / "kit.json").read_text())["status"] == "no_kit"
        assert [folder.name for folder in (home / "kits").iterdir()] == ["harbour-kit"]

    def test_never_the_place_of_somebodys(self, home: Path) -> None:
        FinishJob(actor=SYSTEM, job_id=job(state="running").pk, kit=samples.kit(), pictures=pictures(home)).execute()
        with pytest.raises(StateError):
            PublishKit(actor=SYSTEM, kit=samples.refused_kit(), pictures=pictures(home)).execute()
        assert StoredKit.objects.get().status == "optimal"

    def test_is_for_staff(self, home: Path) -> None:
        with pytest.raises(PermissionDenied):
            PublishKit(actor=person("kim"), kit=samples.kit(), pictures=pictures(home)).execute()
        assert not StoredKit.objects.exists()


class TestNoticeDeath:
    def test_a_running_search_without_a_process_has_failed(self) -> None:
        made = job(state="running")
        noticed = notice_death(ComposeJob.objects.get(pk=made.pk))
        assert noticed.state == "failed"
        assert noticed.failure == (
            "The process that composed this kit ended without an answer: it was killed, or the machine restarted."
        )
        assert Event.objects.get(action="kits.fail").actor == "system:kits"

    def test_a_living_one_goes_on(self) -> None:
        made = job(state="running")
        with launching.working_on(made.pk):
            assert notice_death(ComposeJob.objects.get(pk=made.pk)).state == "running"

    def test_a_new_one_has_time_to_start(self) -> None:
        made = job()
        assert notice_death(ComposeJob.objects.get(pk=made.pk)).state == "queued"
        ComposeJob.objects.update(created_at=timezone.now() - timedelta(seconds=31))
        noticed = notice_death(ComposeJob.objects.get(pk=made.pk))
        assert (noticed.state, noticed.failure) == (
            "failed",
            "The process that should compose this kit did not start.",
        )

    def test_one_that_ended_meanwhile_is_left_alone(self) -> None:
        made = job(state="running")
        before = ComposeJob.objects.get(pk=made.pk)
        ComposeJob.objects.update(state="done")
        assert notice_death(before).state == "done"
        assert not Event.objects.filter(action="kits.fail").exists()


def test_failing_is_for_processes() -> None:
    made = job(state="running")
    with pytest.raises(PermissionDenied):
        FailJob(actor=ANYBODY, job_id=made.pk, reason="because").execute()
    assert state_of(made) == "running"


def test_progress_moves_running_searches_only() -> None:
    running, queued = job(state="running"), job()
    for made in (running, queued):
        note_progress(made.pk, stage="sight", done=1.5)
    found = {made.pk: (made.stage, made.done) for made in ComposeJob.objects.all()}
    assert found == {running.pk: ("sight", 1.0), queued.pk: ("", 0.0)}
    assert Event.objects.count() == 2


def test_ids_of_kits_cannot_be_guessed() -> None:
    first, second = new_kit_id(samples.requirement()), new_kit_id(samples.requirement())
    assert first != second
    assert first.startswith("harbour-")
    assert len(first) == len("harbour-") + 20
    assert new_kit_id(samples.requirement(id="SYN-A1")).startswith("syn-a1-")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_both_take_the_last_place() -> None:
    kim = person("kim")
    for _ in range(4):
        job(kim)
    barrier = Barrier(4)

    def ask(_: int) -> bool:
        barrier.wait()
        try:
            job(kim)
        except StateError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(ask, range(4))) == [False, False, False, True]
    assert ComposeJob.objects.count() == 5


class TestPruneKits:
    def test_removes_what_nobody_signed_in_asked_for_long_ago(
        self, home: Path, django_capture_on_commit_callbacks: Any
    ) -> None:
        kim, old, young = job(person("kim"), state="done"), job(state="done"), job(state="done")
        working = job(state="running")
        ComposeJob.objects.exclude(pk=young.pk).update(created_at=timezone.now() - timedelta(days=31))
        with django_capture_on_commit_callbacks(execute=True):
            assert PruneKits(actor=SYSTEM, days=30).execute() == 0
        assert set(ComposeJob.objects.values_list("pk", flat=True)) == {kim.pk, young.pk, working.pk}
        assert not StoredRequirement.objects.filter(pk=old.requirement_id).exists()
        assert StoredRequirement.objects.count() == 3

    def test_is_for_staff(self) -> None:
        job(state="done")
        ComposeJob.objects.update(created_at=timezone.now() - timedelta(days=31))
        with pytest.raises(PermissionDenied):
            PruneKits(actor=person("kim"), days=30).execute()
        assert ComposeJob.objects.count() == 1
