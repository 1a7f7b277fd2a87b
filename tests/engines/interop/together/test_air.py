"""What nobody states about the air, products of several bands, and one band that is stated twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.engines.interop.together.made import ask
from tests.engines.made_up import EVIDENCE, claim, listing, sensor

from skypact.engines.interop.together import Aspect, Finding, check
from skypact.engines.interop.together.air import Band, bands, conflicts, licences
from skypact.schema import Listing, OnAir
from skypact.seed import coexistence_rules

X_BAND = (9.0e9, 9.1e9)
NARROW = (0.90e9, 0.92e9, 20e6)
WIDE = (2.4e9, 2.5e9, 10e6)


def link(number: int, low: float, high: float, width: float | None, role: str = "peer") -> dict[str, Any]:
    known = {"frequency_min_hz": low, "frequency_max_hz": high, "bandwidth_hz": width}
    return {"id": f"air-{number}", "kind": "rf", "standard": "any", "role": role, "evidence": EVIDENCE,
            "attributes": known}  # fmt: skip


def on_air(name: str, category: str, *links: tuple[float, float, float | None], **more: Any) -> Listing:
    return listing(name, category, ports=[link(at, *one) for at, one in enumerate(links)], **more)


def said(*parts: Listing | tuple[Listing, int]) -> list[tuple[str, str | None]]:
    found: list[Finding] = conflicts(replace(ask(*parts), rules=coexistence_rules()))
    return [(one.answer.value, None if one.missing is None else one.missing.text) for one in found]


RECEIVER = sensor("RX", "passive_rf", 1, "1", ports=[], sensors=[{"kind": "passive_rf", "emits": claim(False)}])


@pytest.mark.parametrize("category", ["radio", "defeat.jammer", "defeat.cyber"])
def test_what_transmits_by_nature_and_states_no_frequency_is_unknown(category: str) -> None:
    silent = on_air("S", category)
    assert bands(silent, OnAir.TRANSMITS, on=ask(silent).on) == [Band(None, None)]
    assert said(silent, RECEIVER) == [("unknown", "the frequencies of S and Rx")]
    asked = replace(ask(silent, RECEIVER, powered=False), rules=coexistence_rules())
    assert check(asked).aspects[Aspect.AIR] == "unknown"


def test_two_radios_of_no_stated_frequency_and_a_jammer_beside_one() -> None:
    one, other = on_air("A", "radio"), on_air("B", "radio")
    assert said(one, other) == [("unknown", "the frequencies of A and B")]
    assert said((one, 2)) == [("unknown", "the frequencies of A")]
    assert said(one, on_air("J", "defeat.jammer", (*X_BAND, None))) == [("unknown", "the frequencies of J and A")]


def test_a_band_on_which_they_do_not_fit_is_not_mended_by_one_on_which_they_do() -> None:
    both = [on_air(name, "radio", WIDE, NARROW) for name in "AB"]
    alone = [on_air(name, "radio", NARROW) for name in "AB"]
    assert said(*both) == said(*alone) == [("unknown", "a channel plan")]
    assert said((both[0], 2)) == [("unknown", "a channel plan")]
    assert said(*(on_air(name, "radio", WIDE) for name in "AB")) == []


def test_a_band_that_sensor_and_port_state_alike_is_one_with_the_width_of_the_port() -> None:
    frequencies = {"frequency_min": claim(X_BAND[0], "Hz"), "frequency_max": claim(X_BAND[1], "Hz")}
    radars = [
        on_air(name, "sensor.radar", (*X_BAND, 100e6), sensors=[{"kind": "radar", **frequencies}]) for name in "AB"
    ]
    assert bands(radars[0], OnAir.TRANSMITS, on=ask(*radars).on) == [Band(*X_BAND, 100e6)]
    assert said(*radars) == [("no", None)]
    narrow = [
        on_air(name, "sensor.radar", (*X_BAND, 20e6), sensors=[{"kind": "radar", **frequencies}]) for name in "AB"
    ]
    assert said(*narrow) == []


def licensed(name: str, licence: str | None) -> Listing:
    made = link(0, *WIDE)
    made["attributes"]["licence"] = licence
    return listing(name, "radio", ports=[made])


@pytest.mark.parametrize(
    ("licence", "nation", "answer", "said_"),
    [
        (None, "KR", "unknown", "nobody states under which licence A transmits"),
        ("47 CFR 15.247", "US", "yes", "A transmits in US under 47 CFR 15.247 (source, 2026-11-01)"),
        ("47 CFR 15.247", "KR", "unknown", "A transmits under 47 CFR 15.247 (source, 2026-11-01); nobody states that"
         " this holds for all of it in KR"),
        ("KR, JP: general authorisation", "JP", "yes", "A transmits in JP under KR, JP: general authorisation"
         " (source, 2026-11-01)"),
    ],
)  # fmt: skip
def test_a_licence_is_asked_of_every_transmitter_where_a_nation_is_named(
    licence: str | None, nation: str, answer: str, said_: str
) -> None:
    asked = ask(licensed("A", licence), RECEIVER, powered=False, nation=nation)
    (found,) = licences(asked)
    source = f"({EVIDENCE['source']['title']}, {EVIDENCE['observed']})"
    assert (found.answer.value, found.reason.text) == (answer, said_.replace("(source, 2026-11-01)", source))
    assert (found.missing is None) == (answer == "yes")
    assert check(asked).aspects[Aspect.LICENCE] == answer
    assert licences(replace(asked, wanted=replace(asked.wanted, nation=None))) == []
