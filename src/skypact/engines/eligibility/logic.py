"""Three-valued logic: yes, no, unknown.

Strong Kleene logic (S. C. Kleene, *Introduction to Metamathematics*, 1952, § 64). Its operators are monotone in what is
known: when an unknown is settled, an answer that was already yes or no stays as it was. The whole engine rests on that.
"""

from __future__ import annotations

from collections.abc import Iterable

from skypact.schema import Answer


def negation(answer: Answer) -> Answer:
    """Yes and no change places; unknown stays."""
    if answer is Answer.UNKNOWN:
        return answer
    return Answer.NO if answer is Answer.YES else Answer.YES


def conjunction(answers: Iterable[Answer]) -> Answer:
    """No if one is no; otherwise unknown if one is unknown; otherwise (also for none at all) yes."""
    result = Answer.YES
    for answer in answers:
        if answer is Answer.NO:
            return answer
        if answer is Answer.UNKNOWN:
            result = answer
    return result


def disjunction(answers: Iterable[Answer]) -> Answer:
    """Yes if one is yes; otherwise unknown if one is unknown; otherwise (also for none at all) no."""
    result = Answer.NO
    for answer in answers:
        if answer is Answer.YES:
            return answer
        if answer is Answer.UNKNOWN:
            result = answer
    return result


def known(value: bool | None) -> Answer:
    """A flag as an answer; ``None`` is unknown."""
    if value is None:
        return Answer.UNKNOWN
    return Answer.YES if value else Answer.NO
