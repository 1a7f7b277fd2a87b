"""Which listings are one pack: the rule on made-up packs, and on the built-in ones beside the public table."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.engines.interop.batteries.made_up import aircraft, pack
from tests.engines.made_up import DAY

from skypact.engines.interop.batteries import Distinct, distinct, fit_pack, own_pack, substitutes
from skypact.engines.interop.batteries.identity import cells_of, maker_of, model_of
from skypact.exchange.catalogue import read
from skypact.schema import Answer, Grade, Listing, strongest
from skypact.seed import catalogue


def named(
    identifier: str, name: str, *, part_number: str | None = None, vendor: str = "maker", **changes: Any
) -> Listing:
    changed = {"name": name, "part_number": part_number, "vendor": vendor}
    return pack(identifier, **changes).model_copy(update=changed)


def found(*listings: Listing, makers: dict[str, str] | None = None) -> Distinct:
    return distinct(listings, on=DAY, makers=makers)


def groups(result: Distinct) -> list[list[str]]:
    return [[listing.id for listing in one.listings] for one in result.same]


@pytest.mark.parametrize(
    ("name", "part_number", "model"),
    [
        ("ProLite X TP5000-4SPX25", None, "tp50004spx25"),
        ("Anything at all", "TP5000-4SPX25", "tp50004spx25"),
        ("SLPB526495 3.3 Ah cell", None, "slpb526495"),
        ("TB47 Intelligent Flight Battery", None, "tb47"),
        ("Tattu 1050 mAh 4S 45C", None, "tattu45c"),
        ("TATTU 14.8 V 1.05 Ah 45C", None, "tattu45c"),
        ("Tattu 1050 mAh 4S 75C", None, "tattu75c"),
        ("EVO Lite battery, 6175 mAh", None, "evolite"),
        ("500 Wh/kg silicon cell", None, "500whkgsilicon"),
        ("6S1P 9750 mAh LiPo battery", None, ""),
        ("한빛 배터리 팩 5000mAh", None, "한빛"),
    ],
)
def test_the_model_in_one_spelling(name: str, part_number: str | None, model: str) -> None:
    assert model_of(named("ONE", name, part_number=part_number)) == model


@pytest.mark.parametrize(
    ("name", "maker"),
    [
        ("Thunder Power RC", "thunderpowerrc"),
        ("Grepow, Inc.", "grepow"),
        ("GREPOW Co., Ltd.", "grepow"),
        ("주식회사 한빛", "한빛"),
        ("㈜한빛", "한빛"),
        ("Limited", "limited"),
    ],
)
def test_the_maker_without_legal_form(name: str, maker: str) -> None:
    assert maker_of(name) == maker


@pytest.mark.parametrize(
    ("stated", "volts", "cells"),
    [(6, 11.1, 6.0), (None, 11.1, 3.0), (None, 11.55, 3.0), (None, 3.6, 1.0), (None, 51.8, 14.0), (None, 12.8, None),
     (None, 72.0, None), (None, None, None)],
)  # fmt: skip
def test_cells_are_stated_or_follow_from_the_voltage(
    stated: float | None, volts: float | None, cells: float | None
) -> None:
    assert cells_of(pack(cells_series=stated, voltage_nominal=volts), on=DAY) == cells


def test_one_pack_keeps_every_claim_and_its_source() -> None:
    first = named("A", "Maker X5000-6S", part_number="X5000-6S", mass=1.2)
    second = named("B", "X5000-6S", cells_series=None, current_peak=250.0, connector="XT-90", mass=1.2)
    result = found(second, first, aircraft())
    assert groups(result) == [["SYN-A", "SYN-B"]]
    assert [listing.id for listing in result.listings] == ["SYN-A", "SYN-AIRCRAFT"]
    assert (result.id_of("SYN-B"), result.id_of("SYN-A"), result.id_of("none")) == ("SYN-A", "SYN-A", "none")
    (one,) = result.same
    assert one.listings == (first, second)
    assert first.battery
    assert second.battery
    assert one.pack.battery
    assert one.pack.battery.current_peak == first.battery.current_peak + second.battery.current_peak
    assert one.pack.battery.capacity == first.battery.capacity  # the same claim twice is one
    # XT-90 and XT90 are one connector: spelling is no disagreement, the peak current is
    (told,) = one.disagreements
    assert told.field == "current_peak"
    assert [(listing, claim.value) for listing, claim in told.said] == [("SYN-A", 200.0), ("SYN-B", 250.0)]
    assert told.relied == strongest(one.pack.battery.current_peak, on=DAY)


def test_the_better_grade_is_relied_on_and_rounding_is_no_disagreement() -> None:
    second = named("B", "X5000-6S", voltage_max=25.0, energy=223.0)
    assert second.battery
    tested = second.battery.voltage_max[0].model_copy(update={"grade": Grade.FIELDED})
    second = second.model_copy(update={"battery": second.battery.model_copy(update={"voltage_max": (tested,)})})
    assert [one.field for one in found(named("A", "X5000-6S"), second).same[0].disagreements] == []
    wide = tested.model_copy(update={"value": 24.0})
    second = second.model_copy(update={"battery": second.battery.model_copy(update={"voltage_max": (wide,)})})
    (told,) = found(named("A", "X5000-6S"), second).same[0].disagreements
    assert (told.field, told.relied.value) == ("voltage_max", 24.0)


@pytest.mark.parametrize(
    "other",
    [
        named("B", "X5000-6S", vendor="other"),
        named("B", "X5001-6S"),
        named("B", "X5000-6SL"),
        named("B", "X5000-6S").model_copy(update={"id": "real-pack"}),
    ],
)
def test_another_maker_model_or_world_is_another_pack(other: Listing) -> None:
    result = found(named("A", "X5000-6S"), other)
    assert (result.same, result.doubtful, len(result.listings)) == ((), (), 2)


def test_makers_are_compared_by_name() -> None:
    other = named("B", "X5000-6S", vendor="other")
    makers = {"maker": "Maker Inc.", "other": "MAKER Co., Ltd."}
    assert groups(found(named("A", "X5000-6S"), other, makers=makers)) == [["SYN-A", "SYN-B"]]


@pytest.mark.parametrize(
    ("changes", "field", "values"),
    [
        ({"capacity": None}, "capacity", (10_000.0, None)),
        ({"capacity": 9.9}, "capacity", (10_000.0, 9_900.0)),
        ({"cells_series": None, "voltage_nominal": None}, "cells_series", (6.0, None)),
        ({"cells_series": 4}, "cells_series", (6.0, 4.0)),
    ],
)
def test_what_is_unknown_or_differs_is_doubtful_and_stays_apart(
    changes: dict[str, Any], field: str, values: tuple[float | None, float | None]
) -> None:
    result = found(named("A", "X5000-6S"), named("B", "X5000-6S", **changes))
    assert (result.same, len(result.listings)) == ((), 2)
    (doubt,) = result.doubtful
    assert ([one.id for one in doubt.listings], doubt.field, doubt.values) == (["SYN-A", "SYN-B"], field, values)


def test_figures_are_the_model_where_there_is_no_designation() -> None:
    tattu = [
        named("A", "Tattu 10000 mAh 6S 45C"),
        named("B", "TATTU 22.2 V 10 Ah 45C", cells_series=None),
        named("C", "Tattu 5000 mAh 6S 45C", capacity=5.0),
        named("D", "Tattu 45C", capacity=None, energy=99.0),
    ]
    result = found(*tattu)
    assert groups(result) == [["SYN-A", "SYN-B"]]
    assert result.doubtful == ()
    unnamed = found(named("A", "10 Ah 6S battery"), named("B", "6S battery 10000 mAh"))
    assert (unnamed.same, unnamed.doubtful) == ((), ())


def test_a_joined_pack_answers_for_all_its_listings() -> None:
    first = named("A", "X5000-6S", part_number="X5000-6S", sold_for=("SYN-AIRCRAFT",))
    second = named("B", "X5000-6S", sold_for=("SYN-AIRCRAFT", "SYN-OTHER"))
    result = found(first, second, aircraft())
    (one,) = result.same
    assert [spare.listing for spare in one.pack.spare_for] == ["SYN-AIRCRAFT", "SYN-OTHER"]
    assert own_pack(aircraft(), [first, second], on=DAY) is None  # two of them: nobody knows which
    assert own_pack(aircraft(), result.listings, on=DAY) == one.pack
    assert fit_pack(one.pack, aircraft(), on=DAY).answer is Answer.YES
    assert substitutes(one.pack, [listing for listing in result.listings if listing.battery], on=DAY) == ()


def test_an_aircraft_that_names_a_joined_listing_names_the_pack() -> None:
    flown = aircraft()
    assert flown.airframe
    claim = flown.airframe.battery_connector[0].model_copy(update={"value": "Old name X5000-6S"})
    flown = flown.model_copy(update={"airframe": flown.airframe.model_copy(update={"battery": (claim,)})})
    first, second = named("A", "X5000-6S", part_number="X5000-6S"), named("B", "Old name X5000-6S")
    result = found(first, second, flown)
    own = own_pack(result.listings[-1], result.listings, on=DAY)
    assert own is not None
    assert own.id == "SYN-A"
    assert flown.airframe.battery[0].value == "Old name X5000-6S"


@pytest.mark.shared_data
def test_the_public_table_doubles_28_packs_of_the_seed(shared_data: Path) -> None:
    built_in = catalogue()
    with (shared_data / "catalogue" / "uav_batteries_droneapp.csv").open("rb") as file:
        imported = [one for row in read(file, name="t.csv") for one in row.records if isinstance(one, Listing)]
    packs = [one for one in built_in.listings if one.battery is not None]
    makers = {vendor.id: vendor.name for vendor in built_in.vendors}
    alone = distinct(packs, on=date(2026, 11, 21), makers=makers)
    assert (alone.same, alone.doubtful) == ((), ())
    result = distinct([*packs, *imported], on=date(2026, 11, 21), makers=makers)
    assert (len(packs), len(imported), len(result.same), len(result.listings)) == (55, 131, 28, 158)
    assert all(len(one.listings) == 2 and not one.disagreements for one in result.same)
    assert all(one.listings[1].id.startswith("droneapp-") for one in result.same)
    assert result.doubtful == ()
