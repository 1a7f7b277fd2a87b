"""One index, many threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from tests.engines.search.made_up import DAY, index

from skypact.engines.search import Entry, Fact, Index, Question

ENTRIES = [
    Entry(key, f"radar {key}", "Acme", 0, ("PUBLIC", "NATO", "KR")[key % 3], "", f"text {key % 7}",
          (Fact("family", f"kind {key % 4}", expires=DAY + timedelta(key % 5)),))
    for key in range(60)
]  # fmt: skip
READERS = [(("PUBLIC",), DAY), (("PUBLIC", "NATO"), DAY), (("KR",), DAY), (("PUBLIC",), DAY + timedelta(2))]


def test_threads_get_what_one_alone_gets(tmp_path: Path) -> None:
    made = index(tmp_path, ENTRIES[:40], ENTRIES[30:])
    asked = [(reader, Question(text=text)) for reader in READERS for text in ("", "text", "text 3", "radr")] * 6
    alone = [made.view(*reader).search(question) for reader, question in asked]
    shared = Index(made.segments, views=2)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda one: shared.view(*one[0]).search(one[1]), asked)) == alone
    assert len(shared._views) == 2


def test_threads_that_ask_at_once_share_one_view(tmp_path: Path) -> None:
    made = index(tmp_path, ENTRIES)
    with ThreadPoolExecutor(8) as pool:
        views = list(pool.map(lambda _: made.view(("PUBLIC",), DAY), range(16)))
    assert len({id(view) for view in views}) == 1
