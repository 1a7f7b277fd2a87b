"""The fast engine answers every question as the plain one does."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.search.made_up import ATTRIBUTES, DAY, MEASURES, index, opened, questions, readers, segments
from tests.engines.search.oracle import PlainView

from skypact.engines.search import Entry, Index, Question, Segment, merge_segments

asked = st.lists(st.tuples(readers, questions), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(parts=segments, asked=asked)
def test_answers_are_the_same(parts: tuple[list[Entry], ...], asked: list[tuple[set[str], Question]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = index(Path(folder), *parts)
        for labels, question in asked:
            plain = PlainView(parts, ATTRIBUTES, labels, DAY, MEASURES)
            assert made.view(labels, DAY).search(question) == plain.search(question)


@settings(max_examples=25, deadline=None)
@given(parts=segments)
def test_merging_is_writing_what_is_current(parts: tuple[list[Entry], ...]) -> None:
    current = {entry.key: entry for part in parts for entry in part}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        made = [opened(folder / str(number), part) for number, part in enumerate(parts)]
        merge_segments(folder / "merged", made)
        opened(folder / "once", list(current.values()))
        for file in sorted((folder / "once").iterdir()):
            assert file.read_bytes() == (folder / "merged" / file.name).read_bytes(), file.name


@settings(max_examples=20, deadline=None)
@given(parts=segments, asked=asked)
def test_a_merged_segment_answers_the_same(
    parts: tuple[list[Entry], ...], asked: list[tuple[set[str], Question]]
) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        made = index(folder, *parts)
        merge_segments(folder / "merged", made.segments)
        merged = Index([Segment.open(folder / "merged")], MEASURES)
        for labels, question in asked:
            assert merged.view(labels, DAY).search(question) == made.view(labels, DAY).search(question)
