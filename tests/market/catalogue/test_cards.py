"""Cards: what a list shows of a listing, by the rules of the whole record."""

from datetime import date
from itertools import product
from typing import Any

import pytest
from tests.market.catalogue.samples import ANONYMOUS, DAY, KOREAN, STAFF, claim, listing, sensor

from skypact import schema
from skypact.market.catalogue import wording
from skypact.market.catalogue.cards import card_of, read_card
from skypact.market.catalogue.presentation import Attribute, sections
from skypact.market.catalogue.releasability import as_seen
from skypact.market.core.access import Actor

LATER = date(2030, 1, 1)
LABELS = ({}, {"release": "REL KR"}, {"expires": "2027-01-01"})


def ranged(target: str, *claims: dict[str, Any]) -> dict[str, Any]:
    return {"target": target, "range": list(claims)}


def figures(record: schema.Listing, actor: Actor, on: date) -> list[Attribute]:
    labels = tuple(label for label in ("PUBLIC", "REL KR") if actor.may_read(label))
    return list(read_card(record.id, card_of(record), labels=labels, on=on).figures)


def plainly(record: schema.Listing, actor: Actor, on: date) -> list[tuple[str, str, str]]:
    """The same from the whole record, as a list would without cards."""
    names = ("range", "frequency_min", "mass", "power_draw")
    known = [
        item for part in sections(as_seen(record, actor), on=on) for item in part.attributes if item.best is not None
    ]
    found = [
        next((item for item in known if item.label == wording.FIELDS[name] or item.key.endswith(f" {name}")), None)
        for name in names
    ]
    return [(item.label, item.detail, item.text) for item in found if item is not None][:3]


@pytest.mark.parametrize(("first", "second"), list(product(LABELS, LABELS)))
def test_every_reader_on_every_day_sees_what_the_record_would_show(
    first: dict[str, str], second: dict[str, str]
) -> None:
    record = listing(
        category="sensor.radar",
        sensors=[
            sensor(
                ranges=[
                    ranged("drone", claim(900, "m", **first), claim(800, "m", grade="documented", **second)),
                    ranged("drone", claim(700, "m", **second)),
                    ranged("kite", claim(600, "m")),
                ],
                frequency_min=[claim(9.4e9, "Hz", **first)],
            ),
            sensor("camera", frequency_min=[claim(1e9, "Hz", **second)]),
        ],
        mass=[claim(12, "kg", **second)],
        power_draw=[claim(50, "W")],
    )
    for actor, on in product((ANONYMOUS, KOREAN, STAFF), (DAY, LATER)):
        seen = [(item.label, item.detail, item.text) for item in figures(record, actor, on)]
        assert seen == plainly(record, actor, on)


def test_claim_comes_back_as_it_was_given() -> None:
    record = listing(mass=[claim(12, "kg", expires="2027-01-01", note="with stand")])
    (figure,) = figures(record, ANONYMOUS, DAY)
    assert figure.best is not None
    assert figure.best.claim == record.mass[0]


def test_hidden_range_leaves_no_number_in_the_key_of_the_next() -> None:
    ranges = [ranged("drone", claim(900, "m", release="REL KR")), ranged("drone", claim(700, "m"))]
    (figure,) = figures(listing(category="sensor.radar", sensors=[sensor(ranges=ranges)]), ANONYMOUS, DAY)
    assert (figure.key, figure.text) == ("sensor radar range detect drone", "700 m")


def test_card_names_the_listing_in_both_languages() -> None:
    record = listing(name_ko="기둥", summary_ko="물건.")
    card = read_card("acme-mast", card_of(record), labels=("PUBLIC",), on=DAY)
    assert (card.id, card.name, card.name_ko, card.vendor) == ("acme-mast", "Acme Mast", "기둥", "acme")
    assert (card.category, card.summary, card.summary_ko) == (schema.Category.MOUNT, "A thing.", "물건.")
    assert (card.synthetic, card.figures) == (False, ())


def test_card_keeps_no_more_claims_than_can_ever_be_shown() -> None:
    ranges = [ranged(f"target {number}", claim(100 * number, "m")) for number in range(1, 9)]
    card = card_of(listing(category="sensor.radar", sensors=[sensor(ranges=ranges)]))
    assert card.count("target ") == 2  # its key and its detail
