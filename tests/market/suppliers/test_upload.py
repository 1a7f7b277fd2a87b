"""What a vendor's file may say, what its draft holds, and that a refused file leaves nothing."""

import hashlib
import json
from io import BytesIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from tests.market.catalogue.samples import claim, sensor
from tests.market.suppliers.samples import (
    ANONYMOUS,
    MEMBER,
    editor,
    evidence,
    file_of,
    listing,
    offer,
    person,
    sent,
    stock,
    vendor,
)

from skypact.exchange.catalogue import Format, line_of, write
from skypact.market.core.models import Event
from skypact.market.suppliers import actions
from skypact.market.suppliers.actions import upload
from skypact.market.suppliers.models import Entry, Line, Submission, Upload
from skypact.schema import InputError, Listing, Vendor

pytestmark = pytest.mark.django_db

TEST = {"method": "CWA 18150", "conducted_by": "A test range"}
REPORT = {
    "sha256": "ab" * 32,
    "title": "Report of the test",
    "kind": "test_report",
    "media_type": "application/pdf",
    "size_bytes": 1,
    "evidence": evidence(),
}


@pytest.fixture(autouse=True)
def _stocked() -> None:
    stock(
        vendor(),
        vendor("bolt"),
        vendor("acme-korea"),
        listing("acme-mast", offers=[offer()]),
        listing("old-name-radio", category="radio"),
        listing("bolt-mast", vendor="bolt"),
        listing("bolt-secret", vendor="bolt", release="REL US", evidence=[evidence(release="REL US")]),
        listing("acme-secret", release="REL US", evidence=[evidence(release="REL US")]),
    )


def nothing_kept() -> bool:
    kept = (Submission, Upload, Line, Entry)
    return not any(model.objects.exists() for model in kept) and Event.objects.count() == 1


def refusal(*records: Vendor | Listing | str) -> list[tuple[int | None, str, str, str]]:
    outcome = sent(*records)
    assert outcome.submission is None
    assert not outcome.report.taken
    assert nothing_kept()
    return [(found.row, found.field, found.value, found.remedy) for found in outcome.report.problems]


def test_draft_holds_the_file_and_a_line_for_each_record() -> None:
    changed = listing("acme-mast", offers=[offer("110")], summary="A better thing.")
    outcome = sent(vendor(), changed, listing("acme-pole"), listing("old-name-radio", category="radio"))
    found = outcome.submission
    assert (found.vendor, found.state, found.author.username, found.submitted_at) == ("acme", "draft", "seller", None)
    assert list(found.lines.values_list("kind", "slug", "change", "row", "price_rise")) == [
        ("vendor", "acme", "unchanged", 1, None),
        ("listing", "acme-mast", "changed", 2, 0.1),
        ("listing", "acme-pole", "new", 3, None),
        ("listing", "old-name-radio", "unchanged", 4, None),
    ]
    stored = found.uploads.get()
    content = file_of(vendor(), changed, listing("acme-pole"), listing("old-name-radio", category="radio")).read()
    assert bytes(stored.content) == content
    assert (stored.name, stored.format, stored.size) == ("ours.jsonl", "jsonl", len(content))
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    event = Event.objects.get(action="suppliers.upload")
    assert (event.actor, event.object_type, event.object_id) == (found_label(), "suppliers.submission", str(found.pk))
    assert (event.data["rows"], event.data["refused"], event.data["sha256"]) == (4, 0, stored.sha256)
    assert event.data["lines"] == {"changed": 1, "new": 1, "unchanged": 2}
    assert list(found.entries.values_list("author", "side", "act")) == [("seller", "vendor", "upload")]


def found_label() -> str:
    return person().label


def test_file_that_says_what_is_live_is_not_kept() -> None:
    outcome = sent(vendor(), listing("acme-mast", offers=[offer()]))
    assert (outcome.nothing_new, outcome.submission) == (True, None)
    assert nothing_kept()


NEW_ID = "a new id of acme begins with acme-; correct it"


@pytest.mark.parametrize("slug", ["bolt-mast", "bolt-secret", "bolt-nothing", "radio", "acmeradio", "acme-korea-mast"])
def test_id_that_is_not_the_vendors_is_refused_alike_whether_it_exists_or_not(slug: str) -> None:
    assert refusal(listing(slug)) == [(1, "id", f"'{slug}'", NEW_ID)]


def test_hidden_listing_of_the_own_vendor_is_not_told_by_its_id() -> None:
    """The draft is as any new one; whoever may see the hidden listing sees the conflict."""
    assert sent(listing("acme-secret")).submission.lines.get().change == "new"


def test_hidden_listing_is_not_told_by_a_reference() -> None:
    remedy = "there is no such listing in this file or the catalogue: add it, or correct the id"
    for target in ("bolt-secret", "bolt-nothing"):
        found = refusal(listing("acme-pole", substitutes=[target]))
        assert found == [(1, "substitutes", f"'{target}'", remedy)]
    assert sent(listing("acme-pole", substitutes=["bolt-mast"])).submission is not None


ONLY_OWN = "only listings of acme may stand here: take this row out"


def test_listing_of_another_vendor_is_refused() -> None:
    assert refusal(listing("bolt-mast", vendor="bolt")) == [(1, "vendor", "'bolt'", ONLY_OWN)]
    assert refusal(listing("acme-pole", vendor="bolt")) == [(1, "vendor", "'bolt'", ONLY_OWN)]


def test_description_of_another_vendor_is_refused() -> None:
    remedy = "only acme may be described here: take other vendors out"
    assert refusal(vendor("bolt", name="Not Bolt"), listing("acme-pole")) == [(1, "vendor", "'bolt'", remedy)]


def test_vendor_may_not_label_its_sources_beyond_what_its_person_reads() -> None:
    remedy = "use a release that you may read yourself: PUBLIC, REGISTERED or REL with your nation"
    sources = [evidence(), evidence(release="REL US")]
    assert refusal(vendor(evidence=sources)) == [(1, "release", "'REL US'", remedy)]


GRADE = "needs a test report among the listing's documents; or grade it stated or documented"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"mass": [claim(1, "kg", grade="tested", test=TEST)]},
            ("mass.grade", "'tested'", GRADE),
        ),
        (
            {"mass": [claim(1, "kg"), claim(2, "kg", grade="fielded")]},
            (
                "mass.2.grade",
                "'fielded'",
                "needs its test: method and who conducted it; or grade it stated or documented",
            ),
        ),
        (
            {"mass": [claim(1, "kg", provenance="synthetic")]},
            ("mass.grade", "'synthetic'", "a real product takes no synthetic values: take this one out"),
        ),
        (
            {"mass": [claim(1, "kg", release="REL US")]},
            (
                "release",
                "'REL US'",
                "use a release that you may read yourself: PUBLIC, REGISTERED or REL with your nation",
            ),
        ),
        (
            {"offers": [offer(seller="bolt")]},
            (
                "offers.seller",
                "'bolt'",
                "an offer of another seller stays as it is: take yours under your own name",
            ),
        ),
        (
            {
                "scores": [
                    {
                        "use_case": {"extent": "area", "mobility": "static", "threat_class": "micro-quad"},
                        "score": 10,
                        "evidence": evidence(),
                    }
                ]
            },
            ("scores", "'10'", "assurance scores are given by assessors, not by the vendor: take it out"),
        ),
        (
            {"documents": [REPORT]},
            (
                "documents",
                "'Report of the test'",
                "a file is attached on the page of its listing, once that is live: take it out here",
            ),
        ),
    ],
    ids=["tested", "fielded", "synthetic", "release", "offer", "score", "document"],
)
def test_what_a_vendor_may_not_say_of_itself(changes: dict[str, Any], problem: tuple[str, str, str]) -> None:
    assert refusal(listing("acme-pole", **changes)) == [(1, *problem)]


@pytest.mark.parametrize("grade", ["tested", "fielded"])
def test_tested_value_with_its_test_and_report_is_taken(grade: str) -> None:
    mass = [claim(1, "kg", grade=grade, test=TEST)]
    stock(vendor(), listing("acme-mast", documents=[REPORT]))
    assert sent(listing("acme-mast", mass=mass, documents=[REPORT])).submission is not None


def test_what_is_live_already_may_be_told_again() -> None:
    told = {"mass": [claim(1, "kg", grade="fielded")], "offers": [offer(), offer(seller="bolt")]}
    stock(vendor(), vendor("bolt"), listing("acme-mast", **told))
    assert sent(listing("acme-mast", **told, summary="Another.")).submission is not None


def test_good_rows_may_go_on_without_the_refused_ones() -> None:
    outcome = sent(listing("acme-pole"), listing("radio"), "{}", keep_good=True)
    assert [line.slug for line in outcome.submission.lines.all()] == ["acme-pole"]
    stored = outcome.submission.uploads.get()
    assert (stored.rows, stored.refused, len(json.loads(stored.report)["problems"])) == (3, 2, 2)


def test_file_without_a_good_row_is_not_kept_even_so() -> None:
    assert sent(listing("radio"), keep_good=True).submission is None
    assert nothing_kept()


@pytest.mark.parametrize(("name", "content"), [("ours.exe", b"MZ"), ("ours.jsonl", b""), ("ours.csv", b"\xff\xfe")])
def test_file_that_cannot_be_read(name: str, content: bytes) -> None:
    outcome = upload(actor=person(), content=content, name=name)
    assert (outcome.submission, outcome.report.taken, outcome.nothing_new) == (None, False, False)
    assert nothing_kept()


def test_file_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "LARGEST_UPLOAD", 2**20)
    with pytest.raises(InputError, match=r"^ours\.csv: a file may have at most 1 MiB \(found '1048577 bytes'\)$"):
        upload(actor=person(), content=b"x" * (2**20 + 1), name="ours.csv")
    assert nothing_kept()


@pytest.mark.parametrize("who", [ANONYMOUS, MEMBER, None], ids=["anonymous", "member", "editor"])
def test_only_a_vendors_person_uploads(who: Any) -> None:
    with pytest.raises(PermissionDenied, match="may not upload listings; only somebody who acts for a vendor may$"):
        sent(listing("acme-pole"), actor=who or editor())
    assert nothing_kept()


def test_corrected_file_takes_the_place_of_the_first_and_both_are_kept() -> None:
    first = sent(listing("acme-pole"), listing("acme-bar")).submission
    second = sent(listing("acme-rod"), submission_id=first.pk).submission
    assert second.pk == first.pk
    assert [line.slug for line in second.lines.all()] == ["acme-rod"]
    assert second.uploads.count() == 2


def test_sensor_of_a_vendor_is_compared_too() -> None:
    radar = listing("acme-eye", category="sensor.radar", sensors=[sensor(tracks_max=[claim(3, "1")])])
    assert sent(radar).submission.lines.get().change == "new"


def test_spreadsheet_is_read_like_any_other_file() -> None:
    book = BytesIO()
    write([vendor(), listing("acme-mast", offers=[offer("110")]), listing("radio")], book, Format.XLSX)
    outcome = upload(actor=person(), content=book.getvalue(), name="ours.xlsx", keep_good=True)
    assert [(found.row, found.field, found.remedy) for found in outcome.report.problems] == [(3, "id", NEW_ID)]
    line = outcome.submission.lines.get(kind="listing")
    assert (line.slug, line.change, line.row, line.price_rise) == ("acme-mast", "changed", 2, 0.1)
    assert outcome.submission.uploads.get().format == "xlsx"


@pytest.mark.parametrize("key", ["a\\u0000b", "a\\ud800b"])
def test_report_of_hostile_names_is_kept(key: str) -> None:
    row = f'{{"listing": {{"id": "acme-x", "{key}": 1}}}}'
    outcome = sent(listing("acme-pole"), row, keep_good=True)
    stored = outcome.submission.uploads.get()
    assert (stored.refused, outcome.submission.lines.get().slug) == (1, "acme-pole")


def test_text_that_no_database_holds_is_refused() -> None:
    for value in ("a\\u0000b", "a\\ud800b"):
        row = line_of(listing("acme-pole", name="NAME")).replace("NAME", value)
        assert sent(row).submission is None
