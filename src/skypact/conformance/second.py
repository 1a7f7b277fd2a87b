"""Second decoders: the same recording read by code that shares none with the first, and both readings compared.

That a decoder did not raise proves nothing; that two written apart read the same values says more. Neither is the judge
of the other: where they differ, nobody can tell from the two alone, and both values are named.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, zip_longest
from typing import TYPE_CHECKING

from skypact.conformance.report import Agreement, Decoder, Disagreement, Place, Verdict

if TYPE_CHECKING:
    from skypact.conformance.standard import Recording

Value = float | int | str
#: Disagreements that a report spells out; the rest are counted.
SPELT_OUT = 20
#: Decoders scale the same whole numbers by different arithmetic, and some programs print 15 digits. The finest step of
#: any standard here, of a longitude in 32 bits, is half a billionth of 180 degrees.
_RELATIVE, _ABSOLUTE = 1e-11, 1e-11


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


def not_compared(decoder: SecondDecoder, why: str) -> Agreement:
    """What is said of recordings that are not worth the comparison."""
    version = decoder.version()
    return _no_answer(decoder, version or "", "not on this machine" if version is None else why)


def compare(
    decoder: SecondDecoder,
    first: Iterable[Reading],
    recordings: Sequence[Recording],
    about: Callable[[str], bool] = lambda kind: True,
) -> Agreement:
    """Pairs the readings of each file, message and kind in their order, and compares the values.

    ``about`` tells the kinds that what was claimed is about: whoever reads none of them agrees to nothing.

    Both sides hand out the readings of one message together. A message is let go of once both have read it, so that
    a long recording takes no more memory than its messages that only one side can read.
    """
    version = decoder.version()
    if version is None:
        return _no_answer(decoder, "", "not on this machine")
    found = _Compared(decoder, about)
    waiting: tuple[_Messages, _Messages] = ({}, {})
    sides = (
        _messages(one for one in readings if decoder.knows(one.kind, ""))
        for readings in (first, decoder.read(recordings))
    )
    try:
        for pair in zip_longest(*sides):
            for side, message in enumerate(pair):
                if message is None:
                    continue
                key, readings = message
                if (other := waiting[1 - side].pop(key, None)) is None:
                    waiting[side][key] = readings
                else:
                    found.message(key, *((other, readings) if side else (readings, other)))
    except UnfinishedError as error:
        return _no_answer(decoder, version, str(error))
    for key in sorted(waiting[0].keys() | waiting[1].keys()):
        found.message(key, waiting[0].get(key, []), waiting[1].get(key, []))
    return found.agreement(version)


_Key = tuple[str, int]
_Messages = dict[_Key, list[Reading]]


def _messages(readings: Iterable[Reading]) -> Iterator[tuple[_Key, list[Reading]]]:
    for key, group in groupby(readings, lambda one: (one.file, one.message)):
        yield key, list(group)


@dataclass
class _Compared:
    decoder: SecondDecoder
    about: Callable[[str], bool]
    both: int = 0
    claimed: int = 0
    """Those of both that the claim is about."""
    only: list[int] = field(default_factory=lambda: [0, 0])
    values: int = 0
    disagreed: int = 0
    told: list[Disagreement] = field(default_factory=list)
    _known: dict[str, dict[str, bool]] = field(default_factory=dict)
    """By kind: which of the fields met so far the decoder knows."""

    def message(self, key: _Key, ours: list[Reading], theirs: list[Reading]) -> None:
        kinds: dict[str, tuple[list[Reading], list[Reading]]] = {}
        for side, readings in enumerate((ours, theirs)):
            for one in readings:
                kinds.setdefault(one.kind, ([], []))[side].append(one)
        for kind, (left, right) in kinds.items():
            paired = min(len(left), len(right))
            self.both += paired
            self.claimed += paired if self.about(kind) else 0
            for mine, other in zip(left, right, strict=False):
                self._values(mine, other)
            for side, readings in enumerate((left, right)):
                self.only[side] += len(readings) - paired
            if unpaired := abs(len(left) - len(right)):
                self.disagreed += unpaired
                if len(self.told) < SPELT_OUT:
                    self._tell(key, kind, f"{len(left)} read", f"{len(right)} read")

    def _values(self, mine: Reading, other: Reading) -> None:
        known = self._known.setdefault(mine.kind, {})
        different = 0
        for name in mine.values.keys() | other.values.keys():
            if (knows := known.get(name)) is None:
                knows = known[name] = self.decoder.knows(mine.kind, name)
            if knows:
                self.values += 1
                different += not _same(mine.values.get(name), other.values.get(name))
        self.disagreed += different
        if different and len(self.told) < SPELT_OUT:
            self._differences(mine, other, known)

    def _differences(self, mine: Reading, other: Reading, known: Mapping[str, bool]) -> None:
        for name in sorted(mine.values.keys() | other.values.keys()):
            left, right = mine.values.get(name), other.values.get(name)
            if known[name] and not _same(left, right) and len(self.told) < SPELT_OUT:
                self._tell((mine.file, mine.message), f"{mine.kind} {name}".strip(), _said(left), _said(right))

    def _tell(self, key: _Key, field: str, ours: str, theirs: str) -> None:
        self.told.append(Disagreement(place=Place(file=key[0], message=key[1], field=field), ours=ours, theirs=theirs))

    def agreement(self, version: str) -> Agreement:
        agreed = self.claimed > 0 and not self.disagreed
        told = self.claimed or self.disagreed
        nothing = "it reads no message of what was claimed" if self.both else "neither decoder read a message"
        return Agreement(
            decoder=Decoder(name=self.decoder.name, version=version),
            messages_both=self.both,
            only_first=self.only[0],
            only_second=self.only[1],
            values_compared=self.values,
            disagreements=tuple(self.told),
            disagreed=self.disagreed,
            verdict=Verdict.CONFORMS if agreed else Verdict.CANNOT_TELL,
            reason="" if told else nothing,
        )


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
