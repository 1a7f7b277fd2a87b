"""A synthetic catalogue of any size, and questions to it. Words are drawn by Zipf's law, as in real texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import islice, product

import numpy as np
from numpy.typing import NDArray

from skypact.engines.search import Attribute, Condition, Entry, Fact, Kind, Measure, Question

DAY = date(2026, 11, 21)
READER = ("PUBLIC", "NATO")
PART = 20_000
WORD_SIZES = {
    "family": 8, "category": 60, "vendor": 4_000, "nation": 32, "grade": 4, "synthetic": 2, "environment": 6,
    "mounting": 9, "cooling": 3, "connector": 45, "protection": 14, "colour": 12, "certificate": 18, "stock": 3,
}  # fmt: skip
WORDS_SIZES = {"interfaces": 40, "bands": 16, "threats": 24, "standards": 180, "uses": 12, "nations-cleared": 32}
NUMBERS = {
    "range": (200.0, 40_000.0), "mass": (0.05, 900.0), "power": (0.5, 5_000.0), "price": (5.0, 900_000.0),
    "lead-time": (1.0, 400.0), "voltage": (3.7, 400.0), "frequency-min": (30e6, 40e9), "cells": (1.0, 14.0),
}  # fmt: skip
MEASURES = (
    Measure({"km": 1000.0, "m": 1.0}, ((Condition("range", "at_least"),),)),
    Measure({"kg": 1.0, "g": 0.001}, ((Condition("mass", "at_most"),),)),
    Measure({"V": 1.0}, ((Condition("voltage", "about", 0.05),),)),
    Measure({"GHz": 1e9, "MHz": 1e6}, ((Condition("frequency-min", "about", 0.2),),)),
)
_NOUNS = ("radar", "camera", "antenna", "battery", "motor", "jammer", "sensor", "gateway", "connector", "cable",
          "레이더", "카메라", "안테나", "배터리", "탐지장비")  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A question with its sort, for the report by sorts."""

    sort: str
    question: Question


def attributes() -> tuple[Attribute, ...]:
    """28 attributes: 14 words, 6 of several words, 8 numbers with ten bins."""
    numbers = tuple(
        Attribute(name, Kind.NUMBER, edges=tuple(np.geomspace(low, high, 9).tolist()))
        for name, (low, high) in NUMBERS.items()
    )
    words = tuple(Attribute(name, Kind.WORD) for name in WORD_SIZES)
    return words + tuple(Attribute(name, Kind.WORDS) for name in WORDS_SIZES) + numbers


@cache
def vocabulary() -> tuple[str, ...]:
    """24,000 words, the frequent ones first; every eighth is Korean."""
    latin = [
        "".join(parts)
        for parts in product("bdfklmnprst", "aeiou", ("n", "r", "st", "l", "ck"), ("", "o", "er", "ing", "al"))
    ]
    more = [first + second for first in latin[:200] for second in latin[200:300]]
    hangul = [
        "".join(parts)
        for parts in product("가나다라마바사아자차", "강공단동명방성", ("", "계", "기", "망", "선", "용품"))
    ]
    longer = [first + second for first in hangul[:100] for second in hangul[100:140]]
    pools = [[*_NOUNS[:10], *latin, *more], [*_NOUNS[10:], *hangul, *longer]]
    random = np.random.default_rng(1)
    order = [pool[:10] + [pool[i] for i in 10 + random.permutation(len(pool) - 10)] for pool in pools]
    return tuple(order[1][i // 8] if i % 8 == 7 else order[0][i - i // 8] for i in range(22_000))


def entries(count: int) -> Iterator[Entry]:
    """The catalogue; the same one for every ``count``, as far as it goes."""
    for first in range(0, count, PART):
        yield from _part(first, min(PART, count - first))


@cache
def _words() -> NDArray[np.object_]:
    return np.array(vocabulary(), dtype=object)


def _zipf(random: np.random.Generator, size: int, shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Ranks from 0, by Zipf's law."""
    weights = np.cumsum(1 / (np.arange(size) + 2.7))
    return np.searchsorted(weights, random.random(shape) * weights[-1])


@cache
def _table(name: str, size: int) -> list[list[Fact]]:
    """Every value of an attribute as facts of several labels and expiries."""
    sorts = [("PUBLIC", None)] * 10 + [("PUBLIC", DAY + timedelta(days)) for days in (-30, 60, 200, 400)]
    sorts += [("NATO", None), ("NATO", None), ("KR", None)]
    return [[Fact(name, f"{name}-{value:04}", label, end) for label, end in sorts] for value in range(size)]


@cache
def _numbers(name: str) -> list[list[Fact]]:
    low, high = NUMBERS[name]
    values = np.round(np.geomspace(low, high, 400), 1 if high < 1e5 else -3).tolist()
    sorts = [("PUBLIC", None)] * 10 + [("PUBLIC", DAY + timedelta(days)) for days in (-30, 60, 200)] + [("NATO", None)]
    return [[Fact(name, value, label, end) for label, end in sorts] for value in values]


def _part(first: int, count: int) -> Iterator[Entry]:
    random = np.random.default_rng(1_000 + first)
    texts = _words()[_zipf(random, 22_000, (PART, 24))].tolist()
    columns = []
    for name, size in WORD_SIZES.items():
        columns.append((_table(name, size), _zipf(random, size, (PART,)).tolist(), 0.85))
    for name, size in WORDS_SIZES.items():
        columns += [(_table(name, size), _zipf(random, size, (PART,)).tolist(), share) for share in (0.8, 0.4, 0.1)]
    columns += [(_numbers(name), random.integers(0, 400, PART).tolist(), 0.7) for name in NUMBERS]
    sorts = random.random((len(columns), PART))
    held = random.random((len(columns), PART))
    labels = np.array(["PUBLIC", "NATO", "KR"])[np.searchsorted((0.85, 0.95), random.random(PART))].tolist()
    numbers = random.integers(0, 10**9, PART).tolist()
    chosen = [
        ([table[value][int(sort * len(table[0]))] if is_held < share else None
          for value, sort, is_held in zip(values, sorts[i].tolist(), held[i].tolist(), strict=True)])
        for i, (table, values, share) in enumerate(columns)
    ]  # fmt: skip
    vendors = columns[2][1]
    for row, facts in zip(range(count), zip(*chosen, strict=True), strict=False):
        key, number = first + row, numbers[row]
        noun, letters = _NOUNS[number % 15], chr(65 + number % 26) + chr(65 + number // 26 % 26)
        name = f"{noun} {letters}-{number // 676 % 10_000}{chr(65 + number % 17)}"
        stock = f"{5800 + number % 90}-{number % 97:02}-{number // 97 % 1000:03}-{number // 7 % 10_000:04}"
        vendor = f"vendor-{vendors[row]:04}"
        text = " ".join(texts[row])
        known = tuple([fact for fact in facts if fact is not None])
        yield Entry(key, name, vendor, number % 60, labels[row], f"{name} {stock} syn-{key}", text, known)


def plain_questions(count: int) -> list[Asked]:
    """Questions that full-text engines of other makes read as we do: whole words and pieces of Hangul words."""
    asked = (one for one in questions(count * 8) if one.sort in ("one word", "two words", "Korean"))
    return list(islice(asked, count))


def questions(count: int, *, seed: int = 7) -> list[Asked]:
    """Mixed questions, each with three filters, a page of 25 and all facets."""
    random = np.random.default_rng(seed)
    words = vocabulary()

    def word(low: int, high: int) -> str:
        return words[int(random.integers(low, high))]

    def typed(sort: str) -> str:
        letters = "".join(chr(65 + int(random.integers(26))) for _ in range(2))
        if sort == "typing error":
            right = next(one for one in iter(lambda: word(10, 4_000), "") if one.isascii() and len(one) >= 6)
            place = int(random.integers(1, len(right) - 2))
            return right[:place] + right[place + 1] + right[place] + right[place + 2 :]
        if sort == "Korean":
            place = int(random.integers(0, 200)) * 8 + 7
            return words[place][:2]
        if sort == "units":
            return f"{word(0, 10)} {int(random.integers(1, 20))} km"
        return {
            "one word": word(0, 40),
            "two words": f"{word(0, 30)} {word(10, 300)}",
            "beginning": word(0, 500)[:3],
            "part number": f"{letters}-{int(random.integers(1000))}",
        }[sort]

    sorts = ("one word", "two words", "beginning", "part number", "typing error", "Korean", "units", "two words")
    found = []
    for place in range(count):
        sort = sorts[place % len(sorts)]
        name, several = (list(sizes)[int(random.integers(len(sizes)))] for sizes in (WORD_SIZES, WORDS_SIZES))
        number = list(NUMBERS)[int(random.integers(len(NUMBERS)))]
        low, high = NUMBERS[number]
        chosen = {
            name: [f"{name}-{value:04}" for value in range(1 + WORD_SIZES[name] // 4)],
            several: [f"{several}-{value:04}" for value in range(1 + WORDS_SIZES[several] // 6)],
        }
        between = {number: ((low * high) ** 0.5 / 4, None)}
        order = ("", "", "name", "-range")[place // len(sorts) % 4]
        found.append(Asked(sort, Question(text=typed(sort), chosen=chosen, between=between, order=order)))
    return found
