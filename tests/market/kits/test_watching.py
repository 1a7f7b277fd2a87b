"""The watch in a kit's folder reads back to the last digit, and names the relief it rests on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from tests.market.kits import samples

from skypact.engines.coverage.detection import Limits
from skypact.engines.coverage.watching import Watcher, Watching
from skypact.engines.kit.watch import Watch
from skypact.market.kits.watching import digest_of, read_watch, write_watch
from skypact.schema import SensorKind

THIRD = 1 / 3
WATCH = Watch(
    watchers=(
        Watcher(
            "p1", 100 + THIRD, -THIRD, 6.0, 269.9999999,
            (Watching(SensorKind.RADAR, "mini-multirotor", 2000 * THIRD, 90.0, Limits(blind_m=THIRD), 2000.0, 9.4e9),),
        ),
        Watcher("p2", 1e-9, 2.0, 0.0, None, ()),
    ),
    places=np.array([[THIRD, 2 * THIRD], [1e6 + THIRD, -5.0]]),
    line_of=np.array([0, 1], dtype=np.intp),
)  # fmt: skip


def test_reads_back_as_written(tmp_path: Path) -> None:
    write_watch(tmp_path, WATCH, samples.terrain())
    found = read_watch(tmp_path)
    assert found is not None
    assert found.watch.watchers == WATCH.watchers
    assert found.watch.places.tolist() == WATCH.places.tolist()
    assert found.watch.line_of.tolist() == [0, 1]
    assert found.relief == digest_of(samples.terrain())


def test_a_kit_composed_without_one(tmp_path: Path) -> None:
    assert read_watch(tmp_path) is None


def test_another_relief_has_another_digest() -> None:
    terrain = samples.terrain()
    higher, filled = terrain.heights.copy(), terrain.heights.copy()
    higher[2, 2] += 0.002
    filled[0, 0] = 0.0
    others = [replace(terrain, heights=higher), replace(terrain, heights=filled), replace(terrain, x0=1.0)]
    assert len({digest_of(each) for each in (terrain, *others)}) == 4
    assert digest_of(replace(terrain, heights=terrain.heights.copy())) == digest_of(terrain)


def test_a_watch_of_another_version_is_none(tmp_path: Path) -> None:
    for text in ('{"format":"skypact watch 9"}', "{", ""):
        (tmp_path / "watch.json").write_text(text)
        assert read_watch(tmp_path) is None
