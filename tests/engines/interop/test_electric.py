"""When a power output feeds a power input: exact answers with their reasons."""

from typing import Any

import pytest
from tests.engines.made_up import power_port

from skypact.engines.interop import power_fit
from skypact.schema import Port


def port(fields: dict[str, Any], **attributes: Any) -> Port:
    return Port.model_validate(fields | {"attributes": fields["attributes"] | attributes})


@pytest.mark.parametrize(
    ("give", "take", "draw", "answer", "reason"),
    [
        (("DC", 24, 24, 60), ("DC", 9, 36), 40, "yes", "24 V inside 9–36 V, 40 W of 60 W"),
        (("DC", 24, 28, 60), ("DC", 24, 28), 60, "yes", "24–28 V inside 24–28 V, 60 W of 60 W"),
        (("DC", 24, 24, 60), ("DC", 9, 36), 61, "no", "the consumer draws 61 W, the source gives 60 W"),
        (("DC", 48, 48, 60), ("DC", 9, 36), 40, "no", "the source reaches 48 V, the consumer takes at most 36 V"),
        (("DC", 5, 12, 60), ("DC", 9, 36), 40, "no", "the source falls to 5 V, the consumer needs at least 9 V"),
        (("AC", 24, 24, 60), ("DC", 9, 36), 40, "no", "the source gives AC, the consumer takes DC"),
        (("DC", 24, 24, None), ("DC", 9, 36), 40, "unknown", "not known: the source's power"),
        (("DC", 24, 24, 60), ("DC", None, 36), 40, "unknown", "not known: the consumer's voltage window"),
        (("DC", 24, 24, 60), (None, 9, 36), 40, "unknown", "not known: whether both are AC or both are DC"),
        (("DC", 24, 24, 60), ("DC", 9, 36), None, "unknown", "not known: what the consumer draws"),
        (("DC", 48, 48, None), ("DC", 9, 36), None, "no", "the source reaches 48 V, the consumer takes at most 36 V"),
    ],
)
def test_power(
    give: tuple[str, float, float, float | None],
    take: tuple[str | None, float | None, float | None],
    draw: float | None,
    answer: str,
    reason: str,
) -> None:
    fit = power_fit(port(power_port("provides", *give)), port(power_port("consumes", *take)), draw_w=draw)
    assert (fit.answer.value, fit.reason.text) == (answer, reason)


def test_power_over_ethernet_feeds_only_its_like() -> None:
    switch = port(power_port("provides", "DC", None, None, 30, standard="PoE"))
    camera = port(power_port("consumes", "DC", None, None, standard="IEEE 802.3at"))
    lamp = port(power_port("consumes", "DC", 44, 57))
    assert power_fit(switch, camera, draw_w=25).answer == "yes"
    assert power_fit(switch, camera, draw_w=31).answer == "no"
    assert power_fit(switch, lamp, draw_w=25).answer == "no"


@pytest.mark.parametrize(
    ("give", "take", "answer", "reason"),
    [
        ({"current_max_a": 1}, {"current_max_a": 20}, "no", "the consumer draws 20 A, the source gives 1 A"),
        ({"current_max_a": 1}, {}, "no", "the consumer draws 40 W, the source gives 1 A at 24 V"),
        ({"current_max_a": 2}, {"current_max_a": 2}, "yes", "24 V inside 9–36 V, 40 W of 60 W"),
        (
            {"polarity": "centre negative"},
            {"polarity": "centre positive"},
            "no",
            "the source's polarity is centre negative, the consumer's centre positive",
        ),
        (
            {},
            {"polarity": "centre positive"},
            "unknown",
            "not known: the source's polarity; the consumer's is centre positive",
        ),
        ({"polarity": "centre positive"}, {"polarity": "Centre Positive"}, "yes", "24 V inside 9–36 V, 40 W of 60 W"),
        ({"connector": "XT60"}, {"connector": "XT30"}, "unknown", "a cable from XT60 to XT30 is needed"),
        ({"connector": "XT60"}, {"connector": "xt60"}, "yes", "24 V inside 9–36 V, 40 W of 60 W"),
        ({}, {"connector": "XT60"}, "unknown", "not known: the source's plug; the consumer's is XT60"),
        ({"connector": "XT60"}, {}, "unknown", "not known: the consumer's plug; the source's is XT60"),
    ],
)
def test_amperes_polarity_and_plugs(give: dict[str, object], take: dict[str, object], answer: str, reason: str) -> None:
    source, consumer = port(power_port("provides", "DC", 24, 24, 60), **give), port(power_port("consumes", "DC", 9, 36))
    fit = power_fit(source, port(consumer.model_dump(mode="json", exclude_none=True), **take), draw_w=40)
    assert (fit.answer.value, fit.reason.text) == (answer, reason)
    assert fit.detail_only is (answer == "unknown")


def test_couplers_of_the_mains() -> None:
    outlet, inlet = power_port("provides", "AC", 230, 230, 900), power_port("consumes", "AC", 100, 240)
    c13 = port(outlet, connector="IEC 60320 C13")
    assert power_fit(c13, port(inlet, connector="IEC 60320 C14"), draw_w=100).answer == "yes"
    assert power_fit(c13, port(inlet), draw_w=100).answer == "yes"
    assert power_fit(port(outlet), port(inlet, connector="IEC 60320 C14"), draw_w=100).answer == "yes"
    other = power_fit(c13, port(inlet, connector="IEC 60320 C20"), draw_w=100)
    assert (other.answer, other.reason.text) == ("unknown", "a cable from IEC 60320 C13 to IEC 60320 C20 is needed")
