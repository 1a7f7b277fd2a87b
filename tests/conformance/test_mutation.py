"""How a lab is scored: which single changes to a good recording go unnoticed. Their scores: ``test_scores.py``."""

import pytest

from skypact.conformance import STANDARDS, Place
from skypact.conformance.mutation import KINDS, score, score_fields
from skypact.conformance.standard import Recording, Sample, Standard, Variant


def test_a_field_that_may_be_left_out_bounds_the_score() -> None:
    changes = (Variant("kept", b"AB"), Variant("gone", b"B"), Variant("may go", b"A", open=True))
    found = score_fields(made_up(Sample(b"A", variants=lambda: changes)))
    assert (found.tried, found.rejected, found.closed, found.closed_rejected) == (3, 1, 2, 1)
    assert found.survivors == {"0 kept": 1}


def test_a_checksum_leaves_nothing_open() -> None:
    found = score(STANDARDS["klv"], count=100_000, seed=1)
    assert (found.rejected, found.share, found.ceiling, found.survivors) == (found.tried, 1.0, 1.0, {})


def made_up(sample: Sample) -> Standard:
    """A standard that asks for an A first; the sample's other bytes mean nothing to it."""
    real = STANDARDS["klv"]

    def examine(recordings: list[Recording], claim: str | None, evidence: object) -> None:
        evidence.judged |= set(real.layers)
        if not recordings[0].data.startswith(b"A"):
            evidence.find(real.rules[0].id, Place(file="x"), "No A.")

    fields = {name: getattr(real, name) for name in real.__dataclass_fields__}
    return Standard(**{**fields, "name": "made-up", "examine": examine, "samples": lambda: [sample]})


def test_text_is_left_alone_and_open_values_bound_the_score() -> None:
    found = score(made_up(Sample(b"Atext5", text=(b"text",), open=((b"t", b"5"),))), count=1000, seed=1)
    kinds = len(KINDS)
    assert (found.tried, found.closed) == (2 * kinds, kinds)
    assert (found.rejected, found.closed_rejected) == (kinds, kinds)
    assert (found.share, found.closed_share, found.ceiling) == (0.5, 1.0, 0.5)


def test_survivors_are_named() -> None:
    found = score(made_up(Sample(b"AB")), count=1000, seed=1)
    assert found.closed_share == 0.5
    assert found.survivors["0.1 flip bit 0"] == 1
    assert len(found.survivors) == len(KINDS)


def test_only_the_carried_part_is_changed() -> None:
    assert score(made_up(Sample(b"A--B", carried=(b"A",))), count=1000, seed=1).tried == len(KINDS)


def test_a_part_that_the_sample_lacks_is_an_error() -> None:
    with pytest.raises(ValueError, match="the sample does not hold b'C'"):
        score(made_up(Sample(b"AB", text=(b"C",))), count=1, seed=1)


def test_no_changes_cannot_be_scored() -> None:
    with pytest.raises(ValueError, match="0 changes cannot be scored; accepted: 1 and more"):
        score(STANDARDS["klv"], count=0, seed=1)
