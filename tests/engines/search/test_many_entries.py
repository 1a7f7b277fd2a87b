"""Many entries at once, drawn by a seeded generator: ranks, groups and ties that small examples hardly ever show."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from tests.engines.search import made_up
from tests.engines.search.made_up import ATTRIBUTES, DAY, LABELS, MEASURES, index
from tests.engines.search.oracle import PlainView

from skypact.engines.search import Entry, Fact, Question

NUMBERS = (0.0, 0.2, 200.0, 1000.0, 4999.5, 5000.0, 9000.0)
VALUES = {
    "family": ("sensor", "effector", "센서"),
    "interfaces": ("CoT", "SAPIENT", "ASTERIX"),
    "parts": tuple(f"part-{number:02}" for number in range(100)),
    "range": NUMBERS,
    "mass": NUMBERS,
}
ORDERS = [sign + by for sign in ("", "-") for by in ("relevance", "name", "vendor", "category", "range", "mass")]


def fact(random: Random) -> Fact:
    name = random.choice(list(VALUES))
    expires = random.choice((None, None, DAY - timedelta(1), DAY, DAY + timedelta(1)))
    small = random.choices(range(3), k=2)
    return Fact(name, random.choice(VALUES[name]), random.choice(LABELS), expires, *small)


def text(random: Random) -> str:
    return " ".join(random.choices(made_up.WORDS, k=random.randrange(12)))


def entry(random: Random, key: int) -> Entry:
    return Entry(
        key=key,
        name=random.choice(("Alpha", "alpha", "Beta", "베타", "Ångström", "")) + random.choice(("", " 1", " 2")),
        vendor=random.choice(("Acme", "zeta", "한화")),
        shelf=random.randrange(-2, 3),
        release=random.choice(LABELS),
        names=text(random)[:30],
        text=text(random),
        facts=tuple(fact(random) for _ in range(random.randrange(12))),
        withdrawn=random.random() < 0.05,
    )


def question(random: Random) -> Question:
    chosen = {
        name: set(random.sample(VALUES[name], random.randrange(len(VALUES[name]))))
        for name in ("family", "interfaces", "parts")
        if random.random() < 0.25
    }
    between = {
        name: (random.choice((None, *NUMBERS)), random.choice((None, *NUMBERS)))
        for name in ("range", "mass")
        if random.random() < 0.25
    }
    return Question(
        text=" ".join(random.choices(made_up.ASKED, k=random.choice((0, 1, 1, 2, 3)))),
        chosen=chosen,
        between=between,
        order=random.choice(("", *ORDERS)),
        start=random.choice((0, 0, 10)),
        size=random.choice((25, 200, 3)),
        restrict=set(random.sample(range(100), 60)) if random.random() < 0.2 else None,
    )


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("segments", [1, 3])
def test_answers_are_the_same(tmp_path: Path, seed: int, segments: int) -> None:
    random = Random(f"{seed} {segments}")  # noqa: S311
    parts = [[entry(random, key) for key in random.sample(range(100), 80)] for _ in range(segments)]
    made = index(tmp_path, *parts)
    for labels in (LABELS, ("PUBLIC",), ("NATO", "KR", "unheard of")):
        plain = PlainView(parts, ATTRIBUTES, labels, DAY, MEASURES)
        view = made.view(labels, DAY)
        for _ in range(60):
            asked = question(random)
            assert view.search(asked) == plain.search(asked), asked
