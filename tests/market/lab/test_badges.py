"""Badges to be shown elsewhere, samples to try the lab with, and files that are no recordings."""

from __future__ import annotations

import json
from datetime import timedelta
from importlib import import_module
from xml.etree import ElementTree

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.market.catalogue.samples import STAFF, evidence, listing, stock
from tests.market.lab.conftest import FOREIGN_FINGERPRINT, client_of, foreign

from skypact.conformance import STANDARDS, Recording
from skypact.conformance.report import Verdict
from skypact.conformance.signing import SignedStatement, Statement
from skypact.market.lab import testing
from skypact.market.lab.actions import AttachResult, DistrustKey, NoteFirmware, TrustKey, signed_here
from skypact.market.lab.models import Result
from skypact.market.lab.samples import own_hashes, specimens
from skypact.market.lab.testing import WrongFileError
from skypact.schema import InputError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stocked")]
SVG = "/lab/badges/acme-mast/sapient.svg"


@pytest.fixture(autouse=True)
def believed() -> None:
    TrustKey(actor=STAFF, fingerprint=FOREIGN_FINGERPRINT, name="Joint lab").execute()


def attach(**changes: object) -> Result:
    release = str(changes.pop("release", "PUBLIC"))
    document = foreign(standard="sapient", **changes)
    return AttachResult(actor=STAFF, slug="acme-mast", document=document, release=release).execute()


def title(client: Client, address: str = SVG) -> str:
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/svg+xml")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    root = ElementTree.fromstring(answer.content)  # noqa: S314 (ours)
    return root.findtext("{http://www.w3.org/2000/svg}title") or ""


def test_the_picture_tells_what_holds_when_it_is_looked_at(client: Client) -> None:
    assert title(client) == "Acme Mast · SAPIENT · not tested"
    today = timezone.localdate()
    last = today + timedelta(days=9)
    attach(firmware="2.1", valid_until=last)
    told = f"Acme Mast · SAPIENT BSI Flex 335 v2.0 · tested, valid until {last} · 2026-10-01 · firmware 2.1 · Joint lab"
    assert title(client) == told
    assert title(client, f"{SVG}?version=BSI+Flex+335+v2.0") == told
    assert title(client, f"{SVG}?version=1") == "Acme Mast · SAPIENT · not tested"
    assert "시험됨" in title(client, f"{SVG}?lang=ko")
    NoteFirmware(actor=STAFF, slug="acme-mast", version="2.2").execute()
    assert "the product has another firmware now: test again" in title(client)
    DistrustKey(actor=STAFF, fingerprint=FOREIGN_FINGERPRINT).execute()
    assert "this node does not believe the key" in title(client)


@pytest.mark.parametrize(
    ("said", "missing", "why"),
    [
        ({"firmware": None}, ["firmware"], "the firmware that was tested: test again and name it"),
        ({"valid_until": None}, ["valid until"], "the last day on which to rely on the result"),
    ],
)
def test_what_could_never_lapse_is_a_result_and_no_badge(
    client: Client, said: dict[str, None], missing: list[str], why: str
) -> None:
    made = attach(**said)
    assert (made.verdict, made.badge) == ("conforms", False)
    told = client.get("/lab/badges/acme-mast/sapient.json").json()["result"]
    assert (told["state"], told["badge"], told["missing"]) == ("valid", False, missing)
    assert "conforms · no badge" in title(client)
    assert why in client.get("/lab/results/acme-mast/").content.decode()


def test_badges_from_before_exchanges_were_measured_lapse() -> None:
    made = attach()
    assert (made.badge, made.rungs["exchange"]) == (True, "conforms")
    import_module("skypact.market.lab.migrations.0003_badges_lapse").lapse(apps, None)
    made.refresh_from_db()
    assert (made.badge, made.rungs["exchange"], made.rungs["rules"]) == (False, "cannot tell", "conforms")
    assert SignedStatement.model_validate_json(made.statement).statement.earns_badge


def test_an_expired_badge_says_so(client: Client) -> None:
    attach(valid_until=timezone.localdate() - timedelta(days=1))
    assert "expired: test again" in title(client)


def test_a_no_goes_before_a_yes(client: Client) -> None:
    attach(firmware="1")
    attach(firmware="1", good=False)
    assert "does not conform" in title(client)
    told = client.get("/lab/badges/acme-mast/sapient.json").json()
    assert (told["result"]["verdict"], told["result"]["badge"]) == ("does not conform", False)
    assert told["result"]["rungs"]["second decoder"] == "cannot tell"


def test_labels_listings_and_standards_hide(client: Client) -> None:
    attach(release="REL KR")
    assert title(client) == "Acme Mast · SAPIENT · not tested"
    assert title(client_of("kim", nation="KR")).startswith("Acme Mast · SAPIENT")
    for address in ("acme-secret/sapient.svg", "none-such/sapient.svg", "acme-mast/link16.svg", "acme-mast/x.json"):
        assert client.get(f"/lab/badges/{address}").status_code == 404


def test_products_with_a_result_that_holds(client: Client) -> None:
    assert "No product yet" in client.get("/lab/tested/").content.decode()
    attach(firmware="2.1")
    for address in ("/lab/tested/", "/lab/tested/?standard=sapient", "/lab/tested/?standard=link16"):
        assert "/catalogue/items/acme-mast/" in client.get(address).content.decode()
    assert "No product yet" in client.get("/lab/tested/?standard=klv").content.decode()
    NoteFirmware(actor=STAFF, slug="acme-mast", version="2.2").execute()
    assert "No product yet" in client.get("/lab/tested/").content.decode()


def test_a_result_page_says_who_what_and_on_which_rungs(client: Client) -> None:
    stock(
        listing(ports=[{"id": "data", "kind": "data", "standard": "SAPIENT", "role": "peer", "evidence": evidence()}])
    )
    made = attach(firmware="2.1")
    page = client.get(f"/lab/results/acme-mast/{made.sha256}/").content.decode()
    for words in ("sensor node and command system", "second decoder agrees", "Firmware: 2.1", "another 1.0"):
        assert words in page
    shown = client.get("/catalogue/items/acme-mast/").content.decode()
    assert "SAPIENT BSI Flex 335 v2.0 tested by Joint lab on 2026-10-01" in shown
    embed = client.get("/lab/results/acme-mast/").content.decode()
    assert "&lt;img src=&quot;" not in embed
    assert "/lab/badges/acme-mast/sapient.svg?version=BSI%20Flex%20335%20v2.0" in embed


@pytest.mark.parametrize("standard", list(STANDARDS))
def test_samples_pass_and_fail_as_they_say(standard: str, client: Client) -> None:
    found = specimens(standard)
    assert {one.passes for one in found} == {True, False}
    assert len({one.name for one in found}) == len(found)
    for one in found:
        report = STANDARDS[standard].check([Recording(one.name, one.data)], one.claim, compare=False)
        assert report.verdict is (Verdict.CONFORMS if one.passes else Verdict.DOES_NOT_CONFORM)
        assert (one.fault == "") is one.passes
    answer = client.get(f"/lab/samples/{standard}/{found[0].name}")
    assert (answer.content, answer.headers["Content-Type"]) == (found[0].data, "application/octet-stream")
    assert client.get(f"/lab/samples/{standard}/none.bin").status_code == 404
    assert client.get(f"/lab/samples/link16/{found[0].name}").status_code == 404


def test_a_sample_is_no_products_recording() -> None:
    sample = STANDARDS["klv"].samples()[0]
    report = STANDARDS["klv"].check([Recording("mine.klv", sample.data)], sample.claim, compare=False)
    assert {one.sha256 for one in report.files} <= own_hashes()
    said = Statement(report=report, conducted_by="Lab", tested_on=timezone.localdate(), listing="acme-mast")
    with pytest.raises(InputError, match="this one is a sample of the lab itself"):
        AttachResult(actor=STAFF, slug="acme-mast", document=signed_here(said).model_dump_json()).execute()
    assert not Result.objects.exists()


@pytest.mark.parametrize(
    ("standard", "start", "said"),
    [
        ("sapient", b"%PDF-1.7", "of the kind PDF. The lab reads what the product sends: JSON objects"),
        ("asterix", b"PK\x03\x04", "of the kind ZIP, DOCX, XLSX"),
        ("sapient", b"\xd4\xc3\xb2\xa1", "is a packet capture, which this standard is not read from"),
        ("klv", b"\x0a\x0d\x0d\x0a", "is a packet capture"),
    ],
)
def test_files_that_are_plainly_no_recording_are_told_before_any_test(standard: str, start: bytes, said: str) -> None:
    with pytest.raises(WrongFileError, match=f"session.dat .*{said}"):
        testing.check(standard, [Recording("session.dat", start + bytes(40))], None)


def test_page_and_interface_tell_a_wrong_file() -> None:
    client = client_of("seller", vendor="acme", nation="KR")
    page = client.post("/lab/", {"standard": "sapient", "files": SimpleUploadedFile("sheet.pdf", b"%PDF-1.7 ...")})
    assert page.status_code == 422
    assert "sheet.pdf is a file of the kind PDF" in page.content.decode()
    sent = {"standard": "sapient", "files": SimpleUploadedFile("sheet.pdf", b"%PDF-1.7 ...")}
    told = client.post("/api/v1/lab/check", sent)
    assert told.status_code == 422
    assert "of the kind PDF" in json.dumps(told.json())
