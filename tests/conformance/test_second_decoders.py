"""What every second decoder of every standard owes: agreement on our own samples, and no crash on anything."""

import pytest

from skypact.conformance import STANDARDS, Recording, Verdict
from skypact.conformance.fuzz import inputs
from skypact.conformance.second import Reading, SecondDecoder, UnfinishedError

DECODERS = [(name, decoder) for name, standard in STANDARDS.items() for decoder in standard.second]
each_decoder = pytest.mark.parametrize(
    ("name", "decoder"), DECODERS, ids=[f"{name} {decoder.name}" for name, decoder in DECODERS]
)
FEW = 200


@pytest.mark.parametrize("name", STANDARDS)
def test_every_standard_has_one(name: str) -> None:
    assert STANDARDS[name].readings is not None
    assert STANDARDS[name].second


@each_decoder
def test_it_says_whose_it_is(name: str, decoder: SecondDecoder) -> None:
    assert decoder.whose.endswith(".")
    assert len(decoder.whose) > 30


@pytest.mark.parametrize("name", STANDARDS)
def test_our_own_samples_are_read_alike(name: str) -> None:
    standard = STANDARDS[name]
    for sample in standard.samples():
        report = standard.check([Recording("sample", sample.data)], sample.claim)
        assert (report.verdict, report.disagreed) == (Verdict.CONFORMS, 0)
        if not any(one.decoder.version for one in report.agreements):
            pytest.skip(f"none of the second decoders of {name} is on this machine")
        assert any(one.verdict is Verdict.CONFORMS for one in report.agreements)


@pytest.mark.parametrize("name", STANDARDS)
def test_the_first_decoders_readings_survive_anything(name: str) -> None:
    standard = STANDARDS[name]
    assert standard.readings is not None
    for number, data in zip(range(FEW), inputs(standard, seed=11), strict=False):
        assert all(isinstance(one, Reading) for one in standard.readings([Recording(str(number), data)]))


@each_decoder
def test_it_survives_anything(name: str, decoder: SecondDecoder) -> None:
    """All at once: a program of others starts once for them, but that for transport streams once for each."""
    if decoder.version() is None:
        pytest.skip(f"{decoder.name} is not on this machine")
    count = 5 if name == "stanag4609" else FEW
    drawn = zip(range(count), inputs(STANDARDS[name], seed=12), strict=False)
    recordings = [Recording(str(number), data) for number, data in drawn]
    noise = [Recording("empty", b""), Recording("zero", bytes(300)), Recording("ones", b"\xff" * 300)]
    try:
        for reading in decoder.read([*recordings, *noise]):
            assert reading.message >= 1
            assert all(isinstance(value, float | int | str) for value in reading.values.values())
    except UnfinishedError:
        assert decoder.name == "asterix_decoder"  # 0.7.11 ends in a segmentation fault now and then
