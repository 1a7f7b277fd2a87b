"""No recording, however broken, crashes a decoder or its rules."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skypact.conformance import STANDARDS, Recording, Verdict

SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("name", STANDARDS)
@SETTINGS
@given(data=st.binary(max_size=400))
def test_random_bytes(name: str, data: bytes) -> None:
    assert STANDARDS[name].check([Recording("random", data)], compare=False).verdict in Verdict


@pytest.mark.parametrize("name", STANDARDS)
@SETTINGS
@given(draw=st.data())
def test_a_sample_cut_anywhere(name: str, draw: st.DataObject) -> None:
    sample = draw.draw(st.sampled_from(list(STANDARDS[name].samples()))).data
    start = draw.draw(st.integers(0, len(sample)))
    stop = draw.draw(st.integers(start, len(sample)))
    assert STANDARDS[name].check([Recording("cut", sample[start:stop])], compare=False).verdict in Verdict


@pytest.mark.parametrize("name", STANDARDS)
@SETTINGS
@given(draw=st.data())
def test_a_sample_with_bits_flipped(name: str, draw: st.DataObject) -> None:
    sample = bytearray(draw.draw(st.sampled_from(list(STANDARDS[name].samples()))).data)
    for bit in draw.draw(st.lists(st.integers(0, 8 * len(sample) - 1), min_size=1, max_size=8)):
        sample[bit // 8] ^= 1 << bit % 8
    assert STANDARDS[name].check([Recording("flipped", bytes(sample))], compare=False).verdict in Verdict
