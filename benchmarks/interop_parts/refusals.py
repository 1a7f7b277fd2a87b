"""Why a set cannot work together."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial

from benchmarks.interop_parts.completion import SHAPES, asked, offered
from benchmarks.interop_parts.pairs import many
from benchmarks.row import Row, seconds
from skypact.engines.interop.together import Offered, Part, Question, Wanted, answer, complete, told

DAY = date(2026, 11, 21)


def rows() -> Iterator[Row]:
    """Sets that cannot be, with all minimal reasons; what mends a budget, every way out the cheapest of its kind."""
    listings = list(many())
    sensors = [one for one in listings if one.category.family == "sensor"][:6]
    others = [one for one in listings if one.category.family != "sensor"][:1600]
    mute = sensors[0].model_copy(update={"ports": (sensors[0].ports[0].model_copy(update={"standard": "OWN"}),)})
    parts = tuple(Part(one) for one in (mute, *sensors[1:]))
    offers = tuple(Offered(one, 100.0) for one in others)
    question = Question(parts, Wanted(powered=False, kinds=1), DAY, offers)
    found = told(question)
    assert found
    assert all(len(one.sentences) <= 3 for one in found)
    measure = "a structural refusal with all minimal reasons, 1,600 items"
    yield Row.at_most(measure, seconds(partial(told, question), repeats=2), "s", limit=1.0)
    for count, limit in ((1_600, 1.0), (20_000, 1.0)):
        offers = offered(count, seed=11)
        for shape, wanted in ((SHAPES[6], {"powered": True, "common": True, "kinds": 3}), (SHAPES[3], {"mains": None})):
            question = asked(shape, offers, seed=11)
            question = replace(question, wanted=replace(question.wanted, **wanted))
            start = time.process_time()
            found = told(question)
            taken = time.process_time() - start
            assert found
            assert all(len(one.sentences) <= 3 for one in found)
            name = ", ".join(wanted)
            yield Row.at_most(f"all {len(found)} reasons, {count:,} offered ({name})", taken, "s", limit=limit)
        question = asked(SHAPES[2], offers, seed=11)
        least = complete(question)
        tight = replace(question, wanted=replace(question.wanted, budget=least.cost * 0.7))
        start = time.process_time()
        (limited,) = answer(tight).limits
        taken = time.process_time() - start
        assert limited.proven
        assert limited.floor == least.cost
        for repair in limited.repairs:
            assert repair.proven
        yield Row.told(f"floor and {len(limited.repairs)} ways out of a budget, {count:,} offered", taken, "s")
