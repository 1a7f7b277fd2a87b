"""Transport classes at their exact limits, the UN 38.3 tests, the origin of the cells."""

import pytest
from tests.engines.interop.batteries.made_up import read

from skypact.engines.interop.batteries.shipping import air_class, origin, shipping


@pytest.mark.parametrize(
    ("energy", "found"),
    [
        (None, "unknown"),
        (100.0, "to 100 Wh"),
        (100.01, "100 to 160 Wh"),
        (160.0, "100 to 160 Wh"),
        (160.01, "over 160 Wh"),
    ],
)
def test_class(energy: float | None, found: str) -> None:
    assert air_class(energy).value == found


def test_what_the_class_means() -> None:
    found = shipping(read(energy=99.9))
    assert (found.answer.value, found.energy_wh) == ("yes", 99.9)
    assert [reason.text for reason in found.reasons] == [
        "99.9 Wh: as a spare in cabin baggage without approval (up to 100 Wh)",
        "as air cargo UN 3480, packing instruction 965 section IB, on cargo aircraft only",
        "by air charged to at most 30 %",
        "it passed the UN 38.3 tests",
    ]
    approved = shipping(read(energy=150.0)).reasons
    assert approved[0].text == "150 Wh: two spares a person in cabin baggage with the operator's approval"
    assert approved[1].text == "as air cargo UN 3480, packing instruction 965 section IA, on cargo aircraft only"
    assert shipping(read()).reasons[0].text == "222 Wh: not in passengers' baggage (over 160 Wh)"


@pytest.mark.parametrize(
    ("tested", "energy", "answer"),
    [(True, 90.0, "yes"), (False, 90.0, "no"), (None, 90.0, "unknown"), (True, None, "unknown"), (False, None, "no")],
)
def test_untested_packs_may_not_be_sent(tested: bool | None, energy: float | None, answer: str) -> None:
    pack = read(un38_3=tested, energy=energy, capacity=None if energy is None else 10.0)
    assert shipping(pack).answer.value == answer


def test_energy_is_nominal_voltage_times_capacity_where_it_is_not_stated() -> None:
    assert shipping(read(energy=None)).energy_wh == 222.0


@pytest.mark.parametrize(
    ("maker", "nation", "said"),
    [
        ("Cellmaker", "KR", "cells by Cellmaker from KR"),
        ("Cellmaker", None, "cells by Cellmaker; not known: made where"),
        (None, "KR", "cells from KR; not known: by whom"),
        (None, None, "not known: who makes its cells, and where"),
    ],
)
def test_origin(maker: str | None, nation: str | None, said: str) -> None:
    assert origin(read(cell_maker=maker, cell_origin=nation)).text == said
