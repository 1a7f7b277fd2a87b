"""Why a set cannot work together."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from benchmarks.interop_parts.pairs import many
from benchmarks.row import Row, seconds
from skypact.engines.interop.together import Offered, Part, Question, Wanted, told

DAY = date(2026, 11, 21)


def rows() -> Iterator[Row]:
    """A set that cannot be, with 1,600 products to add: all minimal reasons."""
    listings = list(many())
    sensors = [one for one in listings if one.category.family == "sensor"][:6]
    others = [one for one in listings if one.category.family != "sensor"][:1600]
    mute = sensors[0].model_copy(update={"ports": (sensors[0].ports[0].model_copy(update={"standard": "OWN"}),)})
    parts = tuple(Part(one) for one in (mute, *sensors[1:]))
    offered = tuple(Offered(one, 100.0) for one in others)
    question = Question(parts, Wanted(powered=False, kinds=1), DAY, offered)
    found = told(question)
    assert found
    assert all(len(one.sentences) <= 3 for one in found)
    measure = "a structural refusal with all minimal reasons, 1,600 items"
    yield Row.at_most(measure, seconds(partial(told, question), repeats=2), "s", limit=1.0)
