"""The pessimistic preset: how much of a range to count on, by grade of evidence. Never applied unless asked for."""

from __future__ import annotations

from skypact.schema import Grade, Trust

#: Planning assumptions, measured by nobody; the decibels are what they leave of a radar's signal (fourth power).
PESSIMISTIC = (
    Trust(
        grade=Grade.STATED,
        factor=0.7,
        basis="pessimistic preset, a planning assumption: leaves a radar 6 dB for losses and conditions nobody names",
    ),
    Trust(
        grade=Grade.DOCUMENTED,
        factor=0.8,
        basis="pessimistic preset, a planning assumption: leaves a radar 4 dB for conditions the document leaves out",
    ),
    Trust(
        grade=Grade.TESTED,
        factor=0.95,
        basis="pessimistic preset, a planning assumption: leaves a radar 1 dB for a site unlike the one of the test",
    ),
)
