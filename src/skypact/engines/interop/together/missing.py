"""The facts that are missing for a yes, each told once: what many products keep to themselves is one sentence."""

from __future__ import annotations

from collections.abc import Iterable

from skypact.engines.interop.together.question import Finding
from skypact.schema import Sentence, sentence

#: Facts that are asked of products one by one, or of two at a time, and how they are told of several.
_OF_SEVERAL = {
    "the frequencies of {one} and {other}": "the frequencies of {names}",
    "the frequencies of {one}": "the frequencies of {names}",
    "the power input of {name} is not public": "the power inputs of {names}",
    "no data interface of {name} is public": "any data interface of {names}",
}
#: With fewer products the sentences stay as they are.
_SEVERAL = 3


def missing_facts(findings: Iterable[Finding]) -> tuple[Sentence, ...]:
    """What is missing, in the order in which it is first found missing."""
    told: dict[str, Sentence] = {}
    names: dict[str, dict[str, None]] = {}
    for one in findings:
        if one.missing is None:
            continue
        told.setdefault(one.missing.text, one.missing)
        if one.missing.template in _OF_SEVERAL:
            of = names.setdefault(_OF_SEVERAL[one.missing.template], {})
            of.update(dict.fromkeys(str(fact) for fact in one.missing.facts.values()))
    found: dict[str, Sentence] = {}
    for fact in told.values():
        several = _OF_SEVERAL.get(fact.template or "", "")
        if len(names.get(several, ())) < _SEVERAL:
            found.setdefault(fact.text, fact)
            continue
        said = sentence(_OF_SEVERAL[fact.template or ""], names=", ".join(names[several]))
        found.setdefault(said.text, said)
    return tuple(found.values())
