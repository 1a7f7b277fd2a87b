"""What a writer does not see is neither lost by what he writes nor betrayed."""

from typing import Any

from tests.market.catalogue.samples import KOREAN, claim, sensor
from tests.market.suppliers.samples import evidence, listing, offer

from skypact.market.suppliers.merging import seen_listing, with_hidden

OPEN, SECRET = claim(10, "kg"), claim(9, "kg", release="REL US", grade="documented")


def merged(live: dict[str, Any], words: dict[str, Any], hidden: tuple[str, ...] = ()) -> Any:
    return with_hidden(listing(**live), listing(**words), KOREAN, hidden)


def test_nothing_said_anew_leaves_everything_in_its_place() -> None:
    live = listing(mass=[SECRET, OPEN], substitutes=["acme-x", "acme-y"])
    words = seen_listing(live, KOREAN, {"acme-x"})
    assert (len(words.mass), words.substitutes) == (1, ("acme-y",))
    assert with_hidden(live, words, KOREAN, {"acme-x"}) == live


def test_hidden_claim_stays_beside_what_is_said_anew() -> None:
    other = claim(12, "kg")
    assert merged({"mass": [SECRET, OPEN]}, {"mass": [other]}) == listing(mass=[other, SECRET])
    assert merged({"mass": [SECRET, OPEN]}, {"mass": []}) == listing(mass=[SECRET])
    assert merged({"mass": [SECRET, OPEN]}, {"mass": [OPEN], "summary": "New."}) == listing(
        mass=[SECRET, OPEN], summary="New."
    )


def test_hidden_claim_inside_a_part_stays_with_the_part() -> None:
    def eye(*tracks: Any, **more: Any) -> dict[str, Any]:
        return {"category": "sensor.radar", "sensors": [sensor(tracks_max=list(tracks), **more)]}

    shown, closed = claim(3, "1"), claim(99, "1", release="REL US")
    found = merged(eye(shown, closed), eye(claim(4, "1")))
    assert found == listing(**eye(claim(4, "1"), closed))
    found = merged(eye(shown, closed), eye(shown, emits=[claim(True)]))
    assert found == listing(**eye(shown, closed, emits=[claim(True)]))


def test_hidden_offer_stays() -> None:
    closed = offer("80", seller="bolt", evidence=evidence(release="REL US"))
    assert merged({"offers": [offer("100"), closed]}, {"offers": [offer("120")]}) == listing(
        offers=[offer("120"), closed]
    )


def test_references_to_hidden_listings_stay() -> None:
    live = {"variant_of": "acme-x", "substitutes": ["acme-x", "acme-y"], "spare_for": ["acme-x"]}
    words = {"substitutes": ["acme-z"], "summary": "New."}
    found = merged(live, words, ("acme-x",))
    assert (found.variant_of, found.substitutes) == ("acme-x", ("acme-z", "acme-x"))
    assert [item.listing for item in found.spare_for] == ["acme-x"]


def test_what_the_writer_sees_he_may_take_out() -> None:
    assert merged({"mass": [OPEN], "substitutes": ["acme-y"]}, {}) == listing()
