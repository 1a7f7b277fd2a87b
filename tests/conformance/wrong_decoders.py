"""First decoders made wrong on purpose: which of them a second decoder catches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from skypact.conformance import Recording
from skypact.conformance.second import Reading, SecondDecoder, compare

Wrong = tuple[str, Callable[[pytest.MonkeyPatch], object]]


def caught(
    decoder: SecondDecoder,
    readings: Callable[[Sequence[Recording]], Iterable[Reading]],
    recordings: Sequence[Recording],
    wrong_ones: Iterable[Wrong],
    *,
    plain: Callable[[list[Reading]], Any] = list,
) -> tuple[int, int, list[str]]:
    """How many were tried, how many of them read the recordings right all the same, and the names of those missed.

    ``plain``: what two readings are compared by to call them the same.
    """
    right = plain(list(readings(recordings)))
    second_ones = list(decoder.read(recordings))
    fixed = replace(decoder, read=lambda recordings: second_ones)
    tried, as_right, missed = 0, 0, []
    for what, patched in wrong_ones:
        tried += 1
        with pytest.MonkeyPatch.context() as patch:
            patched(patch)
            wrong = list(readings(recordings))
        if plain(wrong) == right:
            as_right += 1
        elif not compare(fixed, wrong, recordings).disagreed:
            missed.append(what)
    return tried, as_right, missed
