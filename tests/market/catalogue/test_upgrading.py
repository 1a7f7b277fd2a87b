"""Documents of an earlier skypact, as a migration finds them."""

from __future__ import annotations

import json

from tests.market.catalogue.samples import claim, listing

from skypact.market.catalogue.kept import document_of
from skypact.market.catalogue.upgrading import upgraded
from skypact.schema import Listing


def test_what_fits_stays_to_the_byte() -> None:
    document = document_of(listing(mass=[claim(2, "kg"), claim(3, "kg", grade="tested")], name_ko="마스트"))
    assert upgraded(document) == document


def test_tested_without_a_test_is_what_a_document_says() -> None:
    old = json.loads(document_of(listing(mass=[claim(2, "kg"), claim(3, "kg", grade="tested", note="Wind 4 m/s.")])))
    for part in (*old["mass"], *old["evidence"]):
        part.pop("test", None)
    old["evidence"][0]["grade"] = "tested"
    found = Listing.model_validate_json(upgraded(json.dumps(old)))
    assert [item.grade.value for item in found.mass] == ["stated", "documented"]
    note = "called tested by the node that took it in, which named neither method nor who tested"
    assert [item.note for item in found.mass] == [None, f"Wind 4 m/s. ({note})"]
    assert (found.evidence[0].grade.value, found.evidence[0].note) == ("documented", note)
    assert found.mass[1].value == 3
