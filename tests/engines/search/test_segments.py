"""Segments on the disk: whole or not at all, refused with the file's name when damaged."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.engines.search.made_up import ATTRIBUTES, DAY, index, opened

from skypact.engines.search import (
    Attribute,
    Entry,
    Fact,
    Index,
    Kind,
    Question,
    Segment,
    merge_segments,
    write_segment,
    writing,
)
from skypact.schema.problems import InputError


def entry(key: int, name: str = "", *facts: Fact, withdrawn: bool = False, shelf: int = 0) -> Entry:
    return Entry(key, name or f"entry {key:03}", "Acme", shelf, "PUBLIC", "radar", "a text", facts, withdrawn)


ENTRIES = [entry(1, "", Fact("family", "sensor")), entry(2, "", Fact("range", 5.0)), entry(3)]
KILLED = """
import os, signal, sys
from pathlib import Path
from tests.engines.search.test_segments import ATTRIBUTES, ENTRIES
from skypact.engines.search import segment, write_segment, writing
point, folder = sys.argv[1], Path(sys.argv[2])
def killed(*arguments, **named):
    os.kill(os.getpid(), signal.SIGKILL)
def entries():
    yield ENTRIES[0]
    killed()
if point == "entries":
    write_segment(folder, entries(), ATTRIBUTES)
real, count = os.fsync, int(point) if point.isdigit() else -1
def fsync(descriptor):
    global count
    count -= 1
    if count < 0:
        killed()
    real(descriptor)
if point == "rename":
    os.rename = killed
else:
    os.fsync = fsync
write_segment(folder, ENTRIES, ATTRIBUTES)
"""


@pytest.mark.parametrize("point", ["entries", "0", "5", "26", "27", "28", "rename"])
def test_a_killed_write_leaves_nothing_that_opens(tmp_path: Path, point: str) -> None:
    folder = tmp_path / "segment"
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, point, str(folder)], cwd=Path(__file__).parents[3], check=False
    )
    assert ended.returncode == -signal.SIGKILL
    assert not folder.exists()
    with pytest.raises(InputError, match=re.escape(str(folder / "segment.json"))):
        Segment.open(folder)
    assert len(opened(folder, ENTRIES)) == 3


def test_a_refused_write_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two entries have the key 1"):
        write_segment(tmp_path / "segment", [entry(1), entry(1)], ATTRIBUTES)
    assert list(tmp_path.iterdir()) == []


def test_an_existing_folder_is_not_written_over(tmp_path: Path) -> None:
    opened(tmp_path / "segment", ENTRIES)
    with pytest.raises(FileExistsError, match="is there already"):
        write_segment(tmp_path / "segment", [], ATTRIBUTES)
    assert len(Segment.open(tmp_path / "segment")) == 3


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        (
            Fact("colour", "red"),
            "a fact names the attribute 'colour'; there are: family, interfaces, parts, range, mass",
        ),
        (Fact("family", 5.0), "family takes words, not 5.0"),
        (Fact("family", ""), "family takes words, not ''"),
        (Fact("range", "far"), "range takes finite numbers, not 'far'"),
        (Fact("range", float("nan")), "range takes finite numbers, not nan"),
    ],
)
def test_facts_that_do_not_fit(tmp_path: Path, fact: Fact, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        write_segment(tmp_path / "segment", [entry(1, "", fact)], ATTRIBUTES)


def test_attributes_that_cannot_be() -> None:
    with pytest.raises(ValueError, match="edges must be finite and ascending"):
        Attribute("range", Kind.NUMBER, edges=(2.0, 1.0))
    with pytest.raises(ValueError, match="only a number has edges"):
        Attribute("family", Kind.WORD, edges=(1.0,))


def _files() -> list[str]:
    return [f"{name}.npy" for name in ("keys", "posting_doc", "fact_code", "numbers", "words_text")]


@pytest.mark.parametrize("name", _files())
@pytest.mark.parametrize("damage", ["truncated", "changed", "missing"])
def test_a_damaged_file_is_named(tmp_path: Path, name: str, damage: str) -> None:
    opened(tmp_path / "segment", ENTRIES)
    path = tmp_path / "segment" / name
    content = path.read_bytes()
    if damage == "truncated":
        path.write_bytes(content[:-1])
        expected = f"{path}: {len(content)} bytes; the segment is damaged (found '{len(content) - 1} bytes')"
    elif damage == "changed":
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        expected = f"{path}: the checksum "
    else:
        path.unlink()
        expected = f"{path}: {len(content)} bytes; the segment is damaged (found 'nothing')"
    with pytest.raises(InputError) as refused:
        Segment.open(tmp_path / "segment")
    assert str(refused.value).startswith(expected)


@pytest.mark.parametrize("cut", [0, 1, 10, 200])
def test_a_truncated_header_is_refused(tmp_path: Path, cut: int) -> None:
    opened(tmp_path / "segment", ENTRIES)
    path = tmp_path / "segment" / "segment.json"
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(InputError, match="the segment is damaged and must be written again"):
        Segment.open(tmp_path / "segment")


def test_another_version_and_a_changed_header_are_refused(tmp_path: Path) -> None:
    opened(tmp_path / "segment", ENTRIES)
    path = tmp_path / "segment" / "segment.json"
    data = json.loads(path.read_text())
    path.write_text(json.dumps({**data, "format": "skypact search segment 9"}))
    with pytest.raises(InputError, match=r"'skypact search segment 1'; the segment must be written again"):
        Segment.open(tmp_path / "segment")
    data["content"]["labels"] = ["NATO"]
    path.write_text(json.dumps(data))
    with pytest.raises(InputError, match="a header as it was written"):
        Segment.open(tmp_path / "segment")


def test_later_segments_replace_and_withdraw(tmp_path: Path) -> None:
    later = [entry(1, "new name"), entry(2, withdrawn=True), entry(4)]
    view = index(tmp_path, ENTRIES, later).view(["PUBLIC"], DAY)
    assert view.search(Question()).keys == (3, 4, 1)
    assert len(view) == 3
    assert view.search(Question(chosen={"family": ["sensor"]})).total == 0


def test_a_merged_withdrawal_still_hides_an_earlier_entry(tmp_path: Path) -> None:
    first = opened(tmp_path / "first", ENTRIES)
    later = [opened(tmp_path / "second", [entry(2, withdrawn=True)]), opened(tmp_path / "third", [entry(5)])]
    merge_segments(tmp_path / "merged", later)
    view = Index([first, Segment.open(tmp_path / "merged")]).view(["PUBLIC"], DAY)
    assert view.search(Question()).keys == (1, 3, 5)


def test_segments_of_other_attributes_are_not_mixed(tmp_path: Path) -> None:
    first = opened(tmp_path / "first", ENTRIES)
    write_segment(tmp_path / "second", [], [Attribute("family", Kind.WORDS)])
    second = Segment.open(tmp_path / "second")
    with pytest.raises(ValueError, match="the same attributes"):
        Index([first, second])
    with pytest.raises(ValueError, match="the same attributes"):
        merge_segments(tmp_path / "merged", [first, second])


def test_parts_come_to_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [entry(key, f"name {key % 7}", Fact("range", float(key % 5))) for key in range(40)]
    write_segment(tmp_path / "once", entries, ATTRIBUTES)
    monkeypatch.setattr(writing, "PART", 7)
    write_segment(tmp_path / "parts", reversed(entries), ATTRIBUTES)
    names = sorted(os.listdir(tmp_path / "once"))
    assert sorted(os.listdir(tmp_path / "parts")) == names
    for name in names:
        assert (tmp_path / "once" / name).read_bytes() == (tmp_path / "parts" / name).read_bytes()


def test_ties_stand_by_name_then_key_over_segments(tmp_path: Path) -> None:
    parts = [[entry(key, "beta" if key % 2 else "Alpha", shelf=key % 3) for key in range(n, 12, 2)] for n in (1, 0)]
    view = index(tmp_path, *parts).view(["PUBLIC"], DAY)
    assert view.search(Question(order="category")).keys == (0, 6, 3, 9, 4, 10, 1, 7, 2, 8, 5, 11)
    assert view.search(Question(order="-name", size=3)).keys == (11, 9, 7)
    assert view.search(Question(text="radar", size=3)).keys == (0, 2, 4)


def test_an_empty_index_answers(tmp_path: Path) -> None:
    answer = index(tmp_path, []).view(["PUBLIC"], DAY).search(Question(text="radar"))
    assert (answer.total, answer.keys, answer.facets["family"]) == (0, (), ())
