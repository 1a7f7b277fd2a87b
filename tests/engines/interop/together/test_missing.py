"""Missing facts: each once, and those of several products in one sentence."""

from __future__ import annotations

from itertools import combinations

from skypact.engines.interop.together import Aspect, Finding
from skypact.engines.interop.together.missing import missing_facts
from skypact.schema import Answer, Sentence, sentence


def finding(missing: Sentence | None) -> Finding:
    return Finding(Aspect.AIR, Answer.UNKNOWN, (), sentence("why"), missing)


def pairs(*names: str) -> list[Finding]:
    return [finding(sentence("the frequencies of {one} and {other}", one=one, other=other))
            for one, other in combinations(names, 2)]  # fmt: skip


def test_what_several_products_keep_to_themselves_is_one_sentence() -> None:
    silent = [finding(sentence("the power input of {name} is not public", name=name)) for name in ("A", "B", "A")]
    other = finding(sentence("channels of their own"))
    found = missing_facts([*pairs("A", "B", "C"), finding(None), *silent, other, other])
    assert [one.text for one in found] == [
        "the frequencies of A, B, C",
        "the power input of A is not public",
        "the power input of B is not public",
        "channels of their own",
    ]
    assert [one.text for one in missing_facts(pairs("A", "B"))] == ["the frequencies of A and B"]
    assert missing_facts([]) == ()
