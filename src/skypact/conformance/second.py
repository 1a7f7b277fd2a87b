"""Second decoders: the same recording read by code that shares none with the first, and both readings compared.

That a decoder did not raise proves nothing; that two written apart read the same values says more. Neither is the judge
of the other: where they differ, nobody can tell from the two alone, and both values are named.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from skypact.conformance.report import Agreement, Decoder, Disagreement, Place, Verdict

if TYPE_CHECKING:
    from skypact.conformance.standard import Recording

Value = float | int | str
#: Disagreements that a report spells out; the rest are counted.
SPELT_OUT = 20
#: Decoders scale the same whole numbers by different arithmetic, and some programs print 15 digits.
_RELATIVE, _ABSOLUTE = 1e-9, 1e-12


@dataclass(frozen=True)
class Reading:
    """What a decoder read out of one message: fields by the standard's own names, in SI or the standard's unit."""

    file: str
    message: int
    """Counted from 1, as in the places of findings."""
    kind: str
    values: Mapping[str, Value]


class UnfinishedError(RuntimeError):
    """A second decoder that is there but gave no whole answer; says why in a sentence."""


def _everything(kind: str, field: str) -> bool:
    return True


@dataclass(frozen=True)
class SecondDecoder:
    """``read`` gives readings of what it can read; on the bytes of a recording it raises ``UnfinishedError`` at most.
    A program of others runs with limits of time and memory."""

    name: str
    version: Callable[[], str | None]
    """``None``: not on this machine."""
    whose: str
    """One sentence: whose code it is, and why it is independent of the first."""
    read: Callable[[Sequence[Recording]], Iterable[Reading]]
    knows: Callable[[str, str], bool] = _everything
    """Whether it knows a field of a kind, and with the field ``""`` the kind; what it does not know is not compared."""


def compare(decoder: SecondDecoder, first: Iterable[Reading], recordings: Sequence[Recording]) -> Agreement:
    """Pairs the readings of each file, message and kind in their order, and compares the values."""
    version = decoder.version()
    if version is None:
        return _no_answer(decoder, "", "not on this machine")
    try:
        theirs = _by_message(decoder.read(recordings))
    except UnfinishedError as error:
        return _no_answer(decoder, version, str(error))
    ours = _by_message(one for one in first if decoder.knows(one.kind, ""))
    both = only_first = only_second = compared = disagreed = 0
    told: list[Disagreement] = []
    for key in sorted(ours.keys() | theirs.keys()):
        mine, other = ours.get(key, []), theirs.get(key, [])
        place, kind = Place(file=key[0], message=key[1]), key[2]
        paired = min(len(mine), len(other))
        both, only_first, only_second = (
            both + paired,
            only_first + len(mine) - paired,
            only_second + len(other) - paired,
        )
        differing: list[Disagreement] = []
        for left, right in zip(mine, other, strict=False):
            names = [name for name in sorted(left.keys() | right.keys()) if decoder.knows(kind, name)]
            compared += len(names)
            differing += _differing(place, kind, names, left, right)
        if len(mine) != len(other):
            said = (f"{len(side)} read" for side in (mine, other))
            differing.append(
                Disagreement(place=place.model_copy(update={"field": kind}), ours=next(said), theirs=next(said))
            )
            disagreed += abs(len(mine) - len(other)) - 1
        disagreed += len(differing)
        told += differing[: SPELT_OUT - len(told)]
    agreed = both > 0 and not disagreed
    return Agreement(
        decoder=Decoder(name=decoder.name, version=version),
        messages_both=both,
        only_first=only_first,
        only_second=only_second,
        values_compared=compared,
        disagreements=tuple(told),
        disagreed=disagreed,
        verdict=Verdict.CONFORMS if agreed else Verdict.CANNOT_TELL,
        reason="" if both or disagreed else "neither decoder read a message",
    )


def _differing(
    place: Place, kind: str, names: list[str], mine: Mapping[str, Value], other: Mapping[str, Value]
) -> Iterator[Disagreement]:
    for name in names:
        left, right = mine.get(name), other.get(name)
        if not _same(left, right):
            at = place.model_copy(update={"field": f"{kind} {name}".strip()})
            yield Disagreement(place=at, ours=_said(left), theirs=_said(right))


def _by_message(readings: Iterable[Reading]) -> dict[tuple[str, int, str], list[Mapping[str, Value]]]:
    found: dict[tuple[str, int, str], list[Mapping[str, Value]]] = defaultdict(list)
    for one in readings:
        found[one.file, one.message, one.kind].append(one.values)
    return found


def _same(left: Value | None, right: Value | None) -> bool:
    if isinstance(left, int) and isinstance(right, int):
        return left == right  # a second of 2026 is less than a billionth of the seconds since 1970
    if isinstance(left, int | float) and isinstance(right, int | float):
        return (
            left == right
            or math.isclose(left, right, rel_tol=_RELATIVE, abs_tol=_ABSOLUTE)
            or (left != left and right != right)
        )
    return left == right


def _said(value: Value | None) -> str:
    return "nothing" if value is None else repr(value)


def _no_answer(decoder: SecondDecoder, version: str, why: str) -> Agreement:
    return Agreement(
        decoder=Decoder(name=decoder.name, version=version),
        messages_both=0,
        only_first=0,
        only_second=0,
        values_compared=0,
        disagreements=(),
        disagreed=0,
        verdict=Verdict.CANNOT_TELL,
        reason=why,
    )
