"""What is found by what: English, Korean, part numbers, stock numbers, typing errors."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.engines.search.made_up import DAY, index
from tests.engines.search.oracle import distance

from skypact.engines.search import Correction, Entry, Question, View
from skypact.engines.search.words import Term, letters, terms, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Radar", ["radar"]),
        ("batteries", ["battery"]),
        ("glass", ["glass"]),
        ("Rés-eau", ["res", "eau", "reseau"]),
        ("레이더", ["레이더"]),
        ("드론 망", ["드론", "망"]),
        ("RPS-42", ["rps", "42", "rps42"]),
        ("RPS42", ["rps42", "rps", "42"]),
        ("EchoGuard", ["echoguard", "echo", "guard"]),
        ("5840-12-345-6789", ["5840", "12", "345", "6789", "5840123456789"]),
        ("DJI드론", ["dji", "드론"]),
        ("ＤＪＩ", ["dji"]),
        ("a" * 100, ["a" * 64]),
        ("!?", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_terms_of_a_question() -> None:
    assert terms("RPS-42 radars 레이더 radar") == [Term("rps42", ("rps", "42")), Term("radar"), Term("레이더")]
    assert terms(" -- !? ") == []
    assert len(terms(" ".join(f"w{number}" for number in range(50)))) == 32


def entry(key: int, name: str, text: str = "", release: str = "PUBLIC") -> Entry:
    return Entry(key, name, "Acme", 0, release, name, text, ())


ENTRIES = [
    entry(1, "RPS-42 탐지레이더", "Radar for small drones."),
    entry(2, "EchoGuard 5840-12-345-6789", "Compact sensor."),
    entry(3, "Eye 열상 카메라 AB-100/2", "Camera, no radar."),
    entry(4, "Net", "Catches. 레이 이더넷"),
    entry(5, "Secret Spektrograf", "classified 비밀레이저", release="NATO"),
    entry(6, "MX77B", "Motor 2 x 30"),
]


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> View:
    return index(tmp_path_factory.mktemp("index"), ENTRIES).view(["PUBLIC"], DAY)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("radar", (1, 3)),
        ("RADARS", (1, 3)),
        ("rad", (1, 3)),
        ("레이더", (1,)),
        ("레이", (1, 4)),
        ("이더", (1, 4)),
        ("탐지", (1,)),
        ("더", ()),
        ("카", (3,)),
        ("guard", (2,)),
        ("rps42", (1,)),
        ("RPS-42", (1,)),
        ("rps 42", (1,)),
        ("rps-4", (1,)),
        ("MX-77B", (6,)),
        ("mx 77", (6,)),
        ("ab1002", (3,)),
        ("5840123456789", (2,)),
        ("5840-12-345-6789", (2,)),
        ("5840-12", (2,)),
        ("radar camera", (3,)),
        ("radar battery", ()),
        ("' OR 1=1 --", ()),
        ('"radar" NOT camera*', ()),
    ],
)
def test_finds(view: View, text: str, keys: tuple[int, ...]) -> None:
    answer = view.search(Question(text=text))
    assert (answer.keys, answer.total, answer.corrections) == (keys, len(keys), ())


@pytest.mark.parametrize(
    ("text", "keys", "word", "instead"),
    [
        ("rdar", (1, 3), "rdar", ("radar",)),
        ("camrea", (3,), "camrea", ("camera",)),
        ("래이더", (), "", ()),
        ("탐지래이더", (1,), "탐지래이더", ("탐지레이더",)),
        ("카매라", (3,), "카매라", ("카메라",)),
        ("echogaurd", (2,), "echogaurd", ("echoguard",)),
        ("rps43", (1,), "rps43", ("rps42",)),
        ("5840123456780", (), "", ()),
        ("eyy", (), "", ()),
    ],
)
def test_typing_errors(view: View, text: str, keys: tuple[int, ...], word: str, instead: tuple[str, ...]) -> None:
    answer = view.search(Question(text=text))
    assert answer.keys == keys
    assert answer.corrections == ((Correction(word, instead),) if word else ())


def test_words_of_hidden_entries_are_neither_found_nor_suggested(view: View) -> None:
    for text in ("spektrograf", "spektrogra", "spektrograv", "clasified", "classified", "비밀", "비밀래이저", "secret"):
        answer = view.search(Question(text=text))
        assert (answer.total, answer.corrections) == (0, ())


def test_a_reader_with_the_label_finds_them(tmp_path: Path) -> None:
    cleared = index(tmp_path, ENTRIES).view(["PUBLIC", "NATO"], DAY)
    assert cleared.search(Question(text="비밀래이저")).corrections == (Correction("비밀래이저", ("비밀레이저",)),)
    assert cleared.search(Question(text="spektro")).keys == (5,)


def test_ranks_do_not_depend_on_hidden_entries(tmp_path: Path) -> None:
    seen = [
        entry(1, "one", "radar radar motor"),
        entry(2, "two", "motor motor motor radar"),
        entry(3, "three", "motor"),
    ]
    hidden = [entry(10 + number, "x", "radar " * 9, release="NATO") for number in range(20)]
    without = index(tmp_path / "without", seen).view(["PUBLIC"], DAY)
    among = index(tmp_path / "among", seen + hidden).view(["PUBLIC"], DAY)
    for text in ("radar motor", "radar", "motor"):
        assert among.search(Question(text=text)) == without.search(Question(text=text))


def test_a_name_outweighs_a_text(tmp_path: Path) -> None:
    entries = [entry(1, "a plain thing", "echo echo"), entry(2, "z echo")]
    assert index(tmp_path, entries).view(["PUBLIC"], DAY).search(Question(text="echo")).keys == (2, 1)


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [("radar", "radar", 0), ("rdaar", "radar", 1), ("ca", "abc", 3), ("레이더", "래이더", 1), ("", "ab", 2)],
)
def test_distance_of_the_oracle(first: str, second: str, apart: int) -> None:
    assert distance(first, second) == apart


def test_hangul_letters_are_jamo() -> None:
    assert len(letters("레이더")) == 6
    assert len(letters("radar")) == 5
