"""One question asked of a pack: its answer, the reason, and the claims that the reason rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from skypact.engines.interop.batteries.socket import Limit, Wanted
from skypact.schema import Answer, NumberClaim, Sentence, TextClaim

#: A claim that an answer rests on.
Evidence = NumberClaim | TextClaim


class Aspect(StrEnum):
    """What is asked, in the order in which it is asked."""

    VOLTAGE = "voltage"
    CURRENT = "current"
    SAG = "sag"
    CONNECTOR = "connector"
    POLARITY = "polarity"
    DATA = "data"
    ROOM = "room"
    MASS = "mass"
    TEMPERATURE = "temperature"
    CHARGING = "charging"


@dataclass(frozen=True)
class Check:
    """One aspect's answer."""

    aspect: Aspect
    answer: Answer
    reason: Sentence
    evidence: tuple[Evidence, ...] = ()
    adapter: str | None = None
    """the listing id of the adapter that the yes needs; empty text for one still to be made"""


def overall(answers: Iterable[Answer]) -> Answer:
    """No if one is no, else unknown if one is unknown, else yes (strong Kleene conjunction)."""
    found = set(answers)
    return Answer.NO if Answer.NO in found else Answer.UNKNOWN if Answer.UNKNOWN in found else Answer.YES


def known(*claims: Evidence | Limit | Wanted | None) -> tuple[Evidence, ...]:
    """The claims that there are."""
    return tuple(claim.claim if isinstance(claim, Limit | Wanted) else claim for claim in claims if claim is not None)
