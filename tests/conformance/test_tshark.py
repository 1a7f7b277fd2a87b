"""What Wireshark's program writes, as far as it needs no program."""

import pytest

from skypact.conformance.second import UnfinishedError
from skypact.conformance.tshark import number, real


@pytest.mark.parametrize(("said", "value"), [("5", 5), ("0x1f", 31), ("-3", -3), ("1", 1), ("True", 1), ("False", 0)])
def test_numbers_and_truths(said: str, value: int) -> None:
    assert number(said) == value


@pytest.mark.parametrize("said", ["", "Yes", "1.5", "08"])
def test_what_is_no_number_is_no_answer_of_the_program(said: str) -> None:
    with pytest.raises(UnfinishedError, match="where a number stands"):
        number(said)


def test_numbers_with_a_point() -> None:
    assert real("1.25") == 1.25
    with pytest.raises(UnfinishedError, match="'much'"):
        real("much")
