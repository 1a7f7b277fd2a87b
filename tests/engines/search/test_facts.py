"""Facets, bins, labels, expiry, groups: exact values."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.engines.search.made_up import DAY, index

from skypact.engines.search import Bin, Condition, Count, Entry, Fact, Index, Measure, Question, View

PUBLIC = ("PUBLIC",)


def entry(key: int, *facts: Fact, text: str = "") -> Entry:
    return Entry(key, f"entry {key}", "Acme", key, "PUBLIC", "", text, facts)


def reach(value: float, release: str = "PUBLIC", **more: int) -> Fact:
    return Fact("range", value, release, **more)


ENTRIES = [
    entry(1, Fact("family", "sensor"), Fact("interfaces", "CoT"), Fact("interfaces", "SAPIENT"), reach(900.0)),
    entry(2, Fact("family", "sensor"), Fact("interfaces", "CoT"), reach(5000.0), reach(8000.0, "NATO", strength=1)),
    entry(
        3, Fact("family", "effector"), Fact("interfaces", "SAPIENT", "NATO"), reach(2000.0), text="needs 5 km of fibre"
    ),
    entry(4, Fact("family", "센서", expires=DAY + timedelta(1)), Fact("family", "effector", strength=-1)),
]


@pytest.fixture
def view(tmp_path: Path) -> View:
    return index(tmp_path, ENTRIES).view(PUBLIC, DAY)


def test_counts_of_everything(view: View) -> None:
    answer = view.search(Question())
    assert answer.facets["family"] == (Count("sensor", 2), Count("effector", 1), Count("센서", 1))
    assert answer.facets["interfaces"] == (Count("CoT", 2), Count("SAPIENT", 1))
    assert answer.bins["range"] == (Bin(None, 1000.0, 1), Bin(1000.0, 5000.0, 1), Bin(5000.0, None, 1))
    assert answer.known == {"family": 4, "interfaces": 2, "parts": 0, "range": 3, "mass": 0}


def test_a_facet_ignores_its_own_choice_and_keeps_the_others(view: View) -> None:
    chosen = Question(chosen={"family": ["sensor"], "interfaces": ["SAPIENT"]}, between={"range": (None, 5000.0)})
    answer = view.search(chosen)
    assert (answer.total, answer.keys) == (1, (1,))
    assert answer.facets["family"] == (Count("sensor", 1),)
    assert answer.facets["interfaces"] == (Count("CoT", 2), Count("SAPIENT", 1))
    assert [one.count for one in answer.bins["range"]] == [1, 0, 0]
    assert answer.known["parts"] == 0


def test_a_chosen_value_that_nothing_has_stands_last(view: View) -> None:
    answer = view.search(Question(chosen={"family": ["nothing", "센서"]}, facet_size=1))
    assert answer.facets["family"] == (Count("sensor", 2), Count("센서", 1), Count("nothing", 0))


def test_an_expired_fact_gives_way_to_a_weaker_one(tmp_path: Path) -> None:
    made = index(tmp_path, ENTRIES)
    later = made.view(PUBLIC, DAY + timedelta(1)).search(Question())
    assert later.facets["family"] == (Count("effector", 2), Count("sensor", 2))


def test_a_hidden_fact_shows_nowhere(tmp_path: Path) -> None:
    made = index(tmp_path, ENTRIES)
    cleared, public = made.view(("PUBLIC", "NATO"), DAY), made.view(PUBLIC, DAY)
    far = Question(between={"range": (8000.0, None)})
    assert cleared.search(far).keys == (2,)
    assert public.search(far).total == 0
    assert public.search(Question(order="-range")).keys == (2, 3, 1, 4)
    assert public.search(Question(chosen={"interfaces": ["SAPIENT"]})).keys == (1,)
    assert made.view((), DAY).search(Question()).total == 0


def test_groups_are_combined_as_the_attribute_says(tmp_path: Path) -> None:
    facts = [reach(100.0, group=1), reach(900.0, group=1, strength=2), reach(700.0, group=2)]
    masses = [Fact("mass", 5.0, group=1), Fact("mass", 7.0, group=1), Fact("mass", 6.0, group=4)]
    view = index(tmp_path, [entry(1, *facts, *masses)]).view(PUBLIC, DAY)
    for name, value in (("range", 900.0), ("mass", 5.0)):
        assert view.search(Question(between={name: (value, value)})).total == 1


@pytest.mark.parametrize(
    ("text", "keys"), [("5 km", (2, 3)), ("5km급", (2, 3)), ("1,000 m", (2, 3)), ("0,5 KM", (1, 2, 3)), ("9 km", ())]
)
def test_a_quantity_is_a_condition_or_stands_in_the_words(view: View, text: str, keys: tuple[int, ...]) -> None:
    answer = view.search(Question(text=text))
    assert answer.keys == keys
    assert [one.text for one in answer.quantities] == [text.removesuffix("급")]


def test_a_quantity_is_what_it_says_however_factors_are_rounded(tmp_path: Path) -> None:
    assert 700 * 0.001 > 0.7
    light = entry(1, Fact("mass", 0.7))
    measure = Measure({"g": 0.001}, ((Condition("mass", "at_least"),),))
    made = Index(index(tmp_path, [light]).segments, [measure])
    assert made.view(PUBLIC, DAY).search(Question(text="700 g")).total == 1
    assert made.view(PUBLIC, DAY).search(Question(text="701 g")).total == 0


def test_what_is_no_quantity_is_words(view: View) -> None:
    assert view.search(Question(text="RPS-5 km")).quantities == ()
    assert view.search(Question(text="fibre 5 kmx")).quantities == ()


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (Question(chosen={"colour": ["red"]}), "there is no attribute colour; there are: family, interfaces, parts"),
        (Question(chosen={"range": ["5"]}), "range: values are chosen of words, and ranges of numbers"),
        (Question(between={"family": (1.0, None)}), "family: values are chosen of words, and ranges of numbers"),
        (Question(order="family"), "cannot order by family: relevance, name, vendor, category or a number"),
    ],
)
def test_refused_questions(view: View, question: Question, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        view.search(question)


def test_refused_bounds_and_pages() -> None:
    with pytest.raises(ValueError, match="range: a bound must be a number, not NaN"):
        Question(between={"range": (float("nan"), None)})
    with pytest.raises(ValueError, match="count from 0, not 0, -1, 100"):
        Question(size=-1)


def test_refused_measures(view: View, tmp_path: Path) -> None:
    segments = index(tmp_path / "more", ENTRIES).segments
    with pytest.raises(ValueError, match="two measures claim the unit m"):
        Index(segments, [Measure({"m": 1.0}, ()), Measure({"m": 1.0}, ())])


def test_pages_follow_one_another(view: View) -> None:
    pages = [view.search(Question(start=start, size=3)).keys for start in (0, 3, 6)]
    assert pages == [(1, 2, 3), (4,), ()]


def test_days_between_which_nothing_expires_share_a_view(tmp_path: Path) -> None:
    made = index(tmp_path, ENTRIES)
    assert made.view(PUBLIC, DAY) is made.view(("PUBLIC", "unheard of"), DAY - timedelta(400))
    assert made.view(PUBLIC, DAY) is not made.view(PUBLIC, DAY + timedelta(1))
    assert made.view(PUBLIC, DAY) is not made.view(("PUBLIC", "NATO"), DAY)
