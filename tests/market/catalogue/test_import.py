"""Taking catalogue files in: whole or the good rows, once, with one event, by staff only."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection
from tests.market.catalogue.samples import (
    ANONYMOUS,
    DAY,
    KOREAN,
    MEMBER,
    STAFF,
    claim,
    evidence,
    file_of,
    listing,
    sensor,
    take,
    vendor,
)

from skypact.market.catalogue import selectors, storing
from skypact.market.catalogue.actions import import_file
from skypact.market.catalogue.checking import STEP
from skypact.market.catalogue.models import Listing, Revision, Vendor
from skypact.market.catalogue.report import Counts
from skypact.market.catalogue.selectors import Filters
from skypact.market.core import events
from skypact.market.core.models import Event

pytestmark = pytest.mark.django_db


def stored() -> dict[str, str]:
    return {**dict(Vendor.objects.values_list("slug", "digest")), **dict(Listing.objects.values_list("slug", "digest"))}


def test_file_is_taken_with_one_event() -> None:
    report = take(vendor(), listing(), listing("acme-pole"))
    assert report.taken
    assert (report.rows, report.refused, report.problems) == (3, 0, ())
    assert (report.vendors, report.listings) == (Counts(new=1), Counts(new=2))
    event = Event.objects.get()
    assert (event.action, event.object_type, event.actor) == ("catalogue.import", "catalogue.revision", "user:1 staff")
    assert event.object_id == str(Revision.objects.get().pk)
    assert event.data["listings_new"] == 2
    assert events.verify_chain() == 1


def test_what_is_stored_is_what_was_given() -> None:
    record = listing(mass=[claim(1.5, "kg")], name_ko="기둥")
    take(vendor(), record)
    row = Listing.objects.get()
    assert row.record == record
    assert (row.name_ko, row.nation, row.category, row.family, row.synthetic) == ("기둥", "KR", "mount", "mount", False)


def test_same_file_again_changes_nothing_and_leaves_no_event() -> None:
    take(vendor(), listing())
    before = stored()
    report = take(vendor(), listing())
    assert report.taken
    assert (report.vendors, report.listings) == (Counts(unchanged=1), Counts(unchanged=1))
    assert stored() == before
    assert Event.objects.count() == Revision.objects.count() == 1


def found(**asked: object) -> list[str]:
    return [item.record.id for item in selectors.search(ANONYMOUS, Filters(**asked), on=DAY).page.items]


def test_changed_listing_replaces_the_stored_one_in_the_index() -> None:
    take(vendor(), listing(category="sensor.radar", sensors=[sensor()]))
    key = Listing.objects.get().pk
    report = take(listing(category="sensor.camera", sensors=[sensor("camera")], name="Eye"))
    assert report.listings == Counts(changed=1)
    assert Listing.objects.get().pk == key
    assert found(chosen={"sensor_kind": ("radar",)}) == []
    assert found(chosen={"sensor_kind": ("camera",)}, q="eye") == ["acme-mast"]
    assert Revision.objects.count() == 2


def test_bad_row_refuses_the_whole_file() -> None:
    report = take(vendor(), listing(), '{"listing": {"id": "acme-pole"}}')
    assert not report.taken
    assert (report.rows, report.refused) == (3, 1)
    assert (report.vendors, report.listings) == (Counts(), Counts())
    assert stored() == {}
    assert not Event.objects.exists()


def test_keep_good_takes_the_good_rows_and_reports_the_others() -> None:
    report = take(vendor(), listing(), '{"listing": {"id": "acme-pole"}}', keep_good=True)
    assert report.taken
    assert (report.rows, report.refused, report.listings) == (3, 1, Counts(new=1))
    assert {problem.row for problem in report.problems} == {3}
    assert set(stored()) == {"acme", "acme-mast"}
    assert Event.objects.get().data["refused"] == 1


def test_keep_good_leaves_out_what_refers_to_nothing_and_what_refers_to_that() -> None:
    dangling = listing("acme-one", substitutes=["acme-nowhere"])
    report = take(vendor(), listing(), dangling, listing("acme-two", variant_of="acme-one"), keep_good=True)
    assert set(stored()) == {"acme", "acme-mast"}
    assert [(item.row, item.field, item.value) for item in report.problems] == [
        (3, "substitutes", "'acme-nowhere'"),
        (4, "variant_of", "'acme-one'"),
    ]
    assert report.refused == 2


def test_keep_good_takes_nothing_of_a_file_that_breaks_off() -> None:
    report = take(vendor(), listing(), "\0", keep_good=True)
    assert not report.taken
    assert stored() == {}


def test_references_into_the_catalogue_hold() -> None:
    take(vendor(), listing())
    assert take(listing("acme-pole", spare_for=["acme-mast"])).taken


def test_vendor_s_new_nation_reaches_its_listings() -> None:
    take(vendor(), listing())
    take(vendor(nation="US", name="Apex"))
    row = Listing.objects.get()
    assert row.nation == "US"
    assert found(q="apex", chosen={"nation": ("US",)}) == ["acme-mast"]
    assert row.revision_id == Revision.objects.latest("pk").pk


@pytest.mark.parametrize("actor", [ANONYMOUS, MEMBER, KOREAN], ids=lambda actor: actor.label)
def test_only_staff_imports(actor) -> None:
    with pytest.raises(PermissionDenied, match="may not import a catalogue; only staff may$"):
        take(vendor(), listing(), actor=actor)
    assert stored() == {}
    assert not Event.objects.exists()


def test_failure_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise DatabaseError("disk full")

    monkeypatch.setattr(storing, "entry_of", fail)
    with pytest.raises(DatabaseError, match="disk full"):
        take(vendor(), listing())
    assert stored() == {}
    assert not Revision.objects.exists()
    assert not Event.objects.exists()


def test_more_rows_than_a_batch() -> None:
    many = [listing(f"acme-{number}") for number in range(storing.BATCH + 3)]
    assert take(vendor(), *many).listings == Counts(new=storing.BATCH + 3)
    assert Listing.objects.count() == storing.BATCH + 3
    assert selectors.search(ANONYMOUS, Filters(), on=DAY).page.total == storing.BATCH + 3


def test_many_problems_are_counted_and_the_first_thousand_told() -> None:
    report = take(*["{}"] * 1_200)
    assert (report.problem_count, len(report.problems)) == (1_200, 1_000)


def test_readers_of_a_listing_must_be_able_to_read_one_of_its_sources() -> None:
    assert not take(vendor(), listing(evidence=[evidence(release="REL KR")])).taken
    assert take(vendor(), listing(evidence=[evidence(release="REL KR,US")], release="REL KR")).taken


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_once_both_arrive_whole() -> None:
    take(vendor())
    start = Barrier(2)

    def take_part(slugs: list[str]) -> bool:
        try:
            start.wait(timeout=600)
            return take(*(listing(slug) for slug in slugs)).taken
        finally:
            connection.close()

    names = [f"acme-{number}" for number in range(60)]
    with ThreadPoolExecutor(2) as both:
        assert list(both.map(take_part, [names, names[::-1]])) == [True, True]
    assert Listing.objects.count() == selectors.search(ANONYMOUS, Filters(), on=DAY).page.total == 60
    assert events.verify_chain() == Event.objects.count()


def test_progress_is_told_and_an_interruption_leaves_nothing() -> None:
    many = [listing(f"acme-{number}") for number in range(STEP + 1)]
    heard: list[tuple[str, int]] = []

    def interrupt(doing: str, count: int) -> None:
        heard.append((doing, count))
        if doing == "written" and count > STEP:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_file(actor=STAFF, stream=file_of(vendor(), *many), name="test.jsonl", progress=interrupt)
    assert heard[0] == ("checked", STEP)
    assert heard[-1][0] == "written"
    assert stored() == {}
    assert not Revision.objects.exists()
    assert not Event.objects.exists()
