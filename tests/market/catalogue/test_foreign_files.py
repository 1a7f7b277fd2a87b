"""Public data sets through the ordinary importer, and everything out again as a bundle."""

import io
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.exchange.catalogue.foreign import samples as foreign
from tests.market.catalogue.samples import MEMBER, STAFF, claim, listing, stock, vendor

from skypact.exchange.catalogue import Foreign
from skypact.market.catalogue.actions import import_file
from skypact.market.catalogue.models import Listing, Vendor
from skypact.market.catalogue.report import Counts, LeftOut, Report
from skypact.market.core.models import Event

pytestmark = pytest.mark.django_db

WEAPON = foreign.NSN.splitlines()[1].replace("5985", "1005")


def brought(text: str, name: str = "a.csv", **how: object) -> Report:
    return import_file(actor=STAFF, stream=io.BytesIO(text.encode()), name=name, **how)  # type: ignore[arg-type]


def test_what_is_left_out_is_counted_in_report_and_event_and_refuses_nothing() -> None:
    report = brought(f"{foreign.NSN}{WEAPON}\n{WEAPON.replace('4567', '4568')}\n")
    assert report.taken
    assert (report.rows, report.refused, report.listings) == (3, 0, Counts(new=1))
    assert report.left_out == (LeftOut(rows=2, what="supply groups 10 to 14: weapons, ammunition and fire control"),)
    data = Event.objects.get().data
    assert (data["format"], data["left_out"]) == ("nsn-leso", 2)


def test_a_vendor_of_unknown_nation_is_stored_shown_and_exported_as_unknown(client: Client) -> None:
    brought(foreign.NSN)
    assert Vendor.objects.get().nation == ""
    assert Vendor.objects.get().record.nation is None
    page = client.get("/catalogue/items/nsn-5985-01-123-4567/").content.decode()
    assert "nation unknown" in page
    assert "US Government work, public domain (17 USC 105)" in page
    exported = b"".join(client.get("/catalogue/export/csv").streaming_content)
    before = list(Listing.objects.values_list("digest", flat=True)), list(Vendor.objects.values_list("digest"))
    assert brought(exported.decode()).listings == Counts(unchanged=1)
    assert (
        list(Listing.objects.values_list("digest", flat=True)),
        list(Vendor.objects.values_list("digest")),
    ) == before


def test_a_name_in_passing_does_not_overwrite_what_is_known_of_a_vendor() -> None:
    stock(vendor("acme", name="Acme Works", nation="KR"), listing())
    before = Vendor.objects.get().digest
    report = brought(foreign.OPENDRONELIST)
    assert (report.vendors, report.listings) == (Counts(unchanged=1), Counts(new=1))
    assert Vendor.objects.get().digest == before
    assert Listing.objects.get(slug="opendronelist-acme-bee-2").vendor.slug == "acme"


def test_the_same_file_again_changes_nothing_and_leaves_no_event() -> None:
    brought(foreign.CAMERAS, "a.json")
    assert brought(foreign.CAMERAS, "a.json").listings == Counts(unchanged=1)
    assert Event.objects.count() == 1


def test_one_bad_row_refuses_the_file_unless_the_good_rows_are_wanted() -> None:
    text = foreign.OPENDRONELIST + "Acme,Bee 3,none,heavy,1,1,,\n"
    refused = brought(text)
    assert (refused.taken, refused.refused, Listing.objects.count(), Event.objects.count()) == (False, 1, 0, 0)
    assert brought(text, keep_good=True).listings == Counts(new=1)


def test_the_format_may_be_named() -> None:
    assert brought(foreign.NSN, "a.csv", format=Foreign.NSN_LESO).taken
    other = brought(foreign.NSN, "b.csv", format=Foreign.OPENDRONELIST)
    assert [item.remedy for item in other.problems] == [
        "columns are missing: class, endurance, manufacturer, max_takeoff, name, weight"
    ]


def test_page_and_interface_take_them_too(client: Client) -> None:
    staff = get_user_model().objects.create_user("staff", password="x", is_staff=True)
    client.force_login(staff)
    file = SimpleUploadedFile("a.csv", f"{foreign.NSN}{WEAPON}\n".encode())
    page = client.post("/catalogue/import/", {"file": file}).content.decode()
    assert "Left out: 1 rows of supply groups 10 to 14: weapons, ammunition and fire control." in page
    client.cookies["django_language"] = "ko"
    file.seek(0)
    assert (
        "제외: 보급군 10–14(무기, 탄약, 사격통제) 1행"
        in client.post("/catalogue/import/", {"file": file}).content.decode()
    )
    file.seek(0)
    answer = client.post("/api/v1/catalogue/import?format=nsn-leso", {"file": file})
    assert answer.json()["left_out"] == [
        {"rows": 1, "what": "supply groups 10 to 14: weapons, ammunition and fire control"}
    ]


def bundle(client: Client, path: str) -> ZipFile:
    response = client.get(path)
    assert response["Content-Type"] == "application/zip"
    return ZipFile(io.BytesIO(b"".join(response.streaming_content)))


@pytest.mark.parametrize("path", ["/catalogue/export/bundle", "/api/v1/catalogue/export/bundle"])
def test_a_bundle_imports_and_comes_out_the_same(client: Client, path: str) -> None:
    stock(listing())
    brought(foreign.BATTERIES)
    first = bundle(client, path).read("catalogue.jsonl")
    Listing.objects.all().delete()
    Vendor.objects.all().delete()
    assert brought(first.decode(), "catalogue.jsonl").listings == Counts(new=3)
    assert bundle(client, path).read("catalogue.jsonl") == first


def test_a_bundle_holds_only_what_its_reader_may_see(client: Client) -> None:
    stock(listing(mass=[claim(1.0, "kg", release="REL KR")]), listing("acme-secret", release="REL KR"))
    found = bundle(client, "/catalogue/export/bundle")
    text = found.read("catalogue.jsonl").decode()
    assert "acme-secret" not in text
    assert "mass" not in text
    assert "| release labels inside · 공개 등급 | PUBLIC |" in found.read("README.md").decode()


def test_who_may_not_import_reads_nothing() -> None:
    with pytest.raises(PermissionDenied):
        import_file(actor=MEMBER, stream=io.BytesIO(foreign.NSN.encode()), name="a.csv")
    assert (Listing.objects.count(), Event.objects.count()) == (0, 0)


@pytest.mark.shared_data
def test_a_whole_public_file_goes_in_and_out(shared_data: Path, client: Client) -> None:
    with (shared_data / "catalogue" / "uav_motors_droneapp.csv").open("rb") as stream:
        report = import_file(actor=STAFF, stream=stream, name="motors.csv")
    assert (report.refused, report.listings, report.vendors) == (0, Counts(new=204), Counts(new=4))
    exported = b"".join(client.get("/catalogue/export/csv").streaming_content)
    assert brought(exported.decode()).listings == Counts(unchanged=204)
