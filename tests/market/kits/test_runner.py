"""What a composing process does: begins, reports, keeps the kit, or says why there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.market.kits import samples
from tests.market.kits.test_actions import ANYBODY, job, person

from skypact.market.core.access import Actor
from skypact.market.kits import composing, launching
from skypact.market.kits.actions import StopJob, kit_folder
from skypact.market.kits.models import ComposeJob, StoredKit
from skypact.market.kits.runner import STAGES, Reporter, overall, run_job
from skypact.schema import InputError, KitStatus, Requirement

pytestmark = pytest.mark.django_db

Compose = Callable[..., samples.Composition]


@pytest.fixture
def composes(monkeypatch: pytest.MonkeyPatch) -> Callable[[Compose], None]:
    """Puts a composer of the test's own in the place of the real one."""
    return lambda compose: monkeypatch.setattr(composing, "compose_requirement", compose)


def test_keeps_the_kit_under_an_id_of_its_own(composes: Callable[[Compose], None]) -> None:
    asked: list[tuple[Requirement, Actor]] = []

    def compose(requirement: Requirement, *, actor: Actor, progress: Any, **_: Any) -> samples.Composition:
        asked.append((requirement, actor))
        progress("sight", 0.5)
        return samples.composition()

    composes(compose)
    kim = person("kim")
    made = job(kim)
    run_job(made.pk)
    done = ComposeJob.objects.get(pk=made.pk)
    assert (done.state, done.stage, done.done) == ("done", "sight", 1.0)
    assert done.kit_id is not None
    assert done.kit_id.startswith("harbour-")
    assert StoredKit.objects.get().kit.id == done.kit_id
    assert sorted(file.name for file in kit_folder(done.kit_id).iterdir()) == [
        "bounds.json",
        "hillshade.png",
        "kit.json",
        "layer-mini-multirotor-60.png",
    ]
    assert asked == [(samples.requirement(), kim)]


def test_a_wish_to_stop_reaches_the_search(composes: Callable[[Compose], None]) -> None:
    made = job()

    def compose(requirement: Requirement, *, stop: Callable[[], bool], **_: Any) -> samples.Composition:
        assert stop() is False
        StopJob(actor=ANYBODY, job_id=made.pk).execute()
        while not stop():
            pass
        return samples.composition(samples.kit(status=KitStatus.STOPPED))

    composes(compose)
    run_job(made.pk)
    stopped = ComposeJob.objects.get(pk=made.pk)
    assert (stopped.state, stopped.kit is not None) == ("stopped", True)


def test_unusable_input_is_said(composes: Callable[[Compose], None], home: Path) -> None:
    def compose(*_: Any, **__: Any) -> samples.Composition:
        raise InputError.single(file="relief.tif", place="band 1", accepted="must cover the site")

    composes(compose)
    made = job()
    run_job(made.pk)
    failed = ComposeJob.objects.get(pk=made.pk)
    assert (failed.state, failed.failure) == ("failed", "relief.tif: band 1: must cover the site")
    assert not (home / "kits").exists()


def test_a_crash_leaves_nothing_half_written_and_is_noticed(
    composes: Callable[[Compose], None], monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    from skypact.market.kits import rendering

    def full(*_: Any, **__: Any) -> None:
        raise OSError("no space left on device")

    composes(lambda *_, **__: samples.composition())
    monkeypatch.setattr(rendering, "write_pictures", full)
    made = job()
    with pytest.raises(OSError, match="no space left"):
        run_job(made.pk)
    assert list((home / "kits").iterdir()) == []
    assert not StoredKit.objects.exists()
    assert launching.alive(made.pk) is False


def test_a_job_stopped_while_it_waited_is_not_begun(composes: Callable[[Compose], None]) -> None:
    composes(lambda *_, **__: pytest.fail("composed"))
    made = job()
    StopJob(actor=ANYBODY, job_id=made.pk).execute()
    run_job(made.pk)
    assert ComposeJob.objects.get(pk=made.pk).state == "stopped"


def test_waits_for_its_turn_and_gives_up_when_stopped(
    composes: Callable[[Compose], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    composes(lambda *_, **__: pytest.fail("composed"))
    monkeypatch.setattr(launching, "AT_ONCE", 1)
    made = job(state="stopped")
    with launching.turn(lambda: False):
        run_job(made.pk)
    assert ComposeJob.objects.get(pk=made.pk).state == "stopped"


def test_stages_make_a_whole() -> None:
    assert sum(STAGES.values()) == pytest.approx(1.0)
    assert overall("terrain", 0.0) == 0.0
    assert overall("explain", 1.0) == pytest.approx(1.0)
    assert overall("sight", 0.5) == pytest.approx(0.10 + 0.05 + 0.35 / 2)
    with pytest.raises(ValueError, match="is not in list"):
        overall("dreams", 0.5)


class TestReporter:
    def test_writes_four_times_a_second_and_every_new_stage(self) -> None:
        made = job(state="running")
        now = [0.0]
        reporter = Reporter(made.pk, clock=lambda: now[0])
        seen = []
        for moment, stage, done in (
            (0.00, "solve", 0.0),
            (0.10, "solve", 0.2),
            (0.24, "solve", 0.4),
            (0.26, "solve", 0.6),
            (0.27, "explain", 0.0),
        ):
            now[0] = moment
            reporter.progress(stage, done)
            seen.append(round(ComposeJob.objects.get(pk=made.pk).done, 3))
        assert seen == [0.6, 0.6, 0.6, 0.81, 0.95]

    def test_reads_the_wish_four_times_a_second(self, django_assert_num_queries: Any) -> None:
        made = job(state="running")
        now = [0.0]
        reporter = Reporter(made.pk, clock=lambda: now[0])
        with django_assert_num_queries(1):
            assert [reporter.stop(), reporter.stop()] == [False, False]
        ComposeJob.objects.update(stop_requested=True)
        now[0] = 0.25
        assert reporter.stop() is True
        with django_assert_num_queries(0):
            assert reporter.stop() is True

    def test_ends_a_search_that_has_worked_as_long_as_it_may(self, settings: Any) -> None:
        settings.COMPOSE_SECONDS = 10
        made = job(state="running")
        now = [0.0]
        reporter = Reporter(made.pk, clock=lambda: now[0])
        now[0] = 9.9
        assert reporter.stop() is False
        now[0] = 10.0
        assert reporter.stop() is True
