"""The whole answer for a pack in an aircraft and on a charger."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.interop.batteries.made_up import AIRFRAME, PACK, SILENT, adapter, aircraft, charger, pack
from tests.engines.made_up import DAY, claim, listing

from skypact.engines.interop.batteries import Aspect, fit_pack, own_pack
from skypact.schema import Listing


def test_a_pack_that_fits() -> None:
    found = fit_pack(pack(), aircraft(), on=DAY, charger=charger(), own=pack("OWN"))
    assert found.answer == "yes"
    assert [check.aspect for check in found.checks] == list(Aspect)
    assert (found.pack, found.aircraft, found.charger) == ("SYN-PACK", "SYN-AIRCRAFT", "SYN-CHARGER")
    assert (found.adapter, found.against, found.missing) == (None, (), ())
    assert found.endurance.ratio == 1.0
    assert found.shipping.answer == "yes"
    assert found.origin.text == "cells by Cellmaker from KR"


def test_every_missing_fact_makes_it_unknown_and_no_one_makes_it_yes() -> None:
    needed = ("voltage_max", "current_continuous", "current_peak", "connector", "data_protocol",
              "temperature_discharge_min", "charge_profile", "chemistry", "cells_series")  # fmt: skip
    for name in needed:
        found = fit_pack(pack(**{name: None}), aircraft(), on=DAY, charger=charger(), own=pack("OWN"))
        assert found.answer == "unknown", name
        assert found.missing, name


def test_one_no_outweighs_every_unknown() -> None:
    found = fit_pack(pack(connector="EC5", data_protocol=None), aircraft(), on=DAY)
    assert found.answer == "no"
    assert [check.aspect.value for check in found.against] == ["connector", "polarity"][:1]


def test_an_adapter_is_named() -> None:
    found = fit_pack(pack(connector="XT60"), aircraft(), on=DAY, adapters=[adapter("CABLE", "XT60", "XT90")])
    assert (found.answer.value, found.adapter) == ("yes", "SYN-CABLE")


def test_expired_claims_count_as_unknown() -> None:
    old = pack().model_dump(mode="json")
    old["battery"]["connector"] = claim("XT90", expires="2026-11-21")
    assert fit_pack(Listing.model_validate(old), aircraft(), on=DAY).answer == "unknown"


def test_the_pack_that_is_sold_with_the_aircraft() -> None:
    own = pack(sold_for=("SYN-AIRCRAFT",), connector=None, data_protocol=None)
    plane = aircraft(**SILENT)
    plane = plane.model_copy(update={"id": "SYN-AIRCRAFT"})
    found = fit_pack(own, plane, on=DAY, own=own)
    assert found.answer == "yes"
    said = {check.aspect.value: check.reason.text for check in found.checks}
    assert said["connector"] == "it is the pack that this aircraft is sold with"
    assert said["voltage"] == "25.2 V full, at most 25.2 V taken"
    assert fit_pack(own, plane, on=DAY, own=own, climate=(-30.0, 40.0)).answer == "no"
    mute = pack(sold_for=("SYN-AIRCRAFT",), temperature_discharge_max=None)
    assert fit_pack(mute, plane, on=DAY, own=mute).answer == "yes"
    assert fit_pack(mute, plane, on=DAY, own=mute, climate=(0.0, 40.0)).answer == "unknown"


def test_a_figure_contradicts_the_maker() -> None:
    assert fit_pack(pack(sold_for=("SYN-AIRCRAFT",), voltage_max=27.0), aircraft(), on=DAY).answer == "no"


def test_whose_own_pack() -> None:
    plane = aircraft("PLANE")
    sold, other = pack("SOLD", sold_for=("SYN-PLANE",)), pack("OTHER")
    assert own_pack(plane, [other, sold], on=DAY) is sold
    assert own_pack(plane, [other], on=DAY) is None
    assert own_pack(plane, [sold, pack("SECOND", sold_for=("SYN-PLANE",))], on=DAY) is None
    for said in ("other", "SYN-OTHER"):
        frame = {"kind": "multirotor", "battery": claim(said)}
        named = Listing.model_validate({**plane.model_dump(mode="json"), "airframe": frame})
        assert own_pack(named, [other, sold.model_copy(update={"spare_for": ()})], on=DAY) is other
    assert own_pack(other, [other], on=DAY) is None


def test_listings_of_another_kind() -> None:
    with pytest.raises(ValueError, match="SYN-AIRCRAFT is no battery"):
        fit_pack(aircraft(), aircraft(), on=DAY)
    with pytest.raises(ValueError, match="SYN-BARE is no aircraft"):
        fit_pack(pack(), listing("BARE", "charger"), on=DAY)


FIGURES = [name for name, value in PACK.items() if isinstance(value, float | int) and not isinstance(value, bool)]


@settings(max_examples=80, deadline=None)
@given(
    st.dictionaries(st.sampled_from(FIGURES), st.sampled_from([None, 0.0, 0.5, 1e6])),
    st.dictionaries(st.sampled_from([*AIRFRAME, "battery_count"]), st.none() | st.just(0.0)),
)
def test_no_figures_break_it(battery: dict[str, Any], frame: dict[str, Any]) -> None:
    names = ("connector", "protocol", "dialect")
    plane = aircraft(**{name: value for name, value in frame.items() if value is None or not name.endswith(names)})
    found = fit_pack(pack(**battery), plane, on=DAY, charger=charger(), own=pack("OWN", mass=0.0))
    assert found.answer in ("yes", "no", "unknown")
