"""Synthetic catalogues: repeatable, whole, badged."""

import hashlib
import json
from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from skypact.exchange.catalogue.columns import Holds, shape
from skypact.schema import Catalogue, Category, Listing, Provenance, Vendor
from skypact.seed import synthetic


def catalogue(items: int = 1600, seed: int = 1) -> Catalogue:
    records = list(synthetic.records(items=items, seed=seed))
    return Catalogue(
        vendors=tuple(record for record in records if isinstance(record, Vendor)),
        listings=tuple(record for record in records if isinstance(record, Listing)),
    )


def test_same_seed_same_bytes_on_every_machine() -> None:
    text = "\n".join(synthetic.lines(items=1600, seed=1))
    assert (
        hashlib.sha256(text.encode()).hexdigest() == "6ce0342938074b175c19a18f10c1b19f89d4711aab3322637196b1c80894f34e"
    )
    assert text == "\n".join(synthetic.lines(items=1600, seed=1))
    assert text != "\n".join(synthetic.lines(items=1600, seed=2))


def test_lines_and_records_are_the_same_catalogue() -> None:
    lines = [json.loads(line) for line in synthetic.lines(items=200, seed=5)]
    parsed = [
        Vendor.model_validate(line["vendor"]) if "vendor" in line else Listing.model_validate(line["listing"])
        for line in lines
    ]
    assert parsed == list(synthetic.records(items=200, seed=5))


def test_references_hold_and_every_record_is_badged() -> None:
    made = catalogue()
    assert (len(made.vendors), len(made.listings)) == (40, 1600)
    for record in (*made.vendors, *made.listings):
        assert record.id.startswith("SYN-")
        assert record.name.startswith("Synthetic ")
        assert {evidence.provenance for evidence in record.evidence} == {Provenance.SYNTHETIC}
    for item in made.listings:
        for claim in (
            *item.mass,
            *(claim for sensor in item.sensors for stated in sensor.ranges for claim in stated.range),
        ):
            assert claim.provenance is Provenance.SYNTHETIC


def test_data_is_full() -> None:
    made = catalogue()
    assert all(item.mass and item.offers[0].price and item.offers[0].stock is not None for item in made.listings)
    assert all(len(sensor.ranges) == 4 for item in made.listings for sensor in item.sensors)
    counts = {category: sum(item.category is category for item in made.listings) for category in Category}
    assert counts[Category.RADAR] == counts[Category.BATTERY] == 192
    assert counts[Category.SERVICE] == 16


def test_defeat_equipment_has_no_figures() -> None:
    defeat = [item for item in catalogue().listings if item.category.family == "defeat"]
    assert len(defeat) == 48
    assert all(not item.sensors and not item.ports for item in defeat)


def test_a_listing_does_not_depend_on_the_ones_before() -> None:
    lines = synthetic.lines(items=1_000_000, seed=1)
    first = next(line for line in lines if line.startswith('{"listing"'))
    assert json.loads(first)["listing"]["id"] == "SYN-0000001"


@pytest.mark.parametrize("items", [0, 1_000_001])
def test_sizes_have_limits(items: int) -> None:
    with pytest.raises(ValueError, match=f"^items must be from 1 to 1,000,000, not {items}$"):
        next(synthetic.lines(items=items, seed=1))


def test_every_figure_of_the_schema_is_told_somewhere() -> None:
    told = {place for item in catalogue().listings for place in _told(item)}
    assert {place for place in _figures(Listing) if place not in told} == set()


def _figures(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for field in shape(model).values():
        if field.holds in (Holds.NUMBER_CLAIMS, Holds.OTHER_CLAIMS):
            yield f"{prefix}{field.name}"
        elif field.holds is Holds.MODEL and field.model is not None:
            yield from _figures(field.model, f"{prefix}{field.name}.")


def _told(model: BaseModel, prefix: str = "") -> Iterator[str]:
    for field in shape(type(model)).values():
        value = getattr(model, field.name)
        if value and field.holds in (Holds.NUMBER_CLAIMS, Holds.OTHER_CLAIMS):
            yield f"{prefix}{field.name}"
        elif value and field.holds is Holds.MODEL:
            for entry in value if field.many else [value]:
                yield from _told(entry, f"{prefix}{field.name}.")
