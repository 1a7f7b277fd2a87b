"""Pages of the lab: from a recording to a result at the listing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.market.catalogue.samples import STAFF, evidence, listing, stock, vendor
from tests.market.lab.conftest import FOREIGN_FINGERPRINT, client_of, foreign

from skypact.conformance import STANDARDS
from skypact.conformance.klv.samples import items, packet, stream
from skypact.conformance.klv.tags import TAGS
from skypact.conformance.report import Report
from skypact.conformance.signing import read_signed
from skypact.conformance.standard import Recording
from skypact.market.lab import testing
from skypact.market.lab.actions import AttachResult, TrustKey
from skypact.market.lab.keys import own_fingerprint
from skypact.market.lab.models import Firmware, Result, TrustedKey

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stocked")]


@pytest.fixture(autouse=True)
def without_processes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process for each check takes seconds: only tests marked so start one."""
    if "real_process" not in request.fixturenames:
        monkeypatch.setattr(testing, "check", lambda name, files, claim: STANDARDS[name].check(files, claim))


@pytest.fixture
def real_process() -> None:
    """This test checks in a process of its own, as the site does."""


#: What a product sent: the lab takes no sample of its own for one.
PRODUCT = stream() + packet(items(3))


@pytest.fixture
def seller() -> Client:
    return client_of("seller", vendor="acme", nation="KR")


def recording(data: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile("circle.klv", data or PRODUCT)


def send(client: Client, **fields: object) -> object:
    said = {"standard": "klv", "claim": "ST 0601.12", "files": recording(), "firmware": "2.1"}
    return client.post("/lab/", {**said, **fields})


def test_a_result_for_a_listing_names_its_firmware_and_lapses(seller: Client) -> None:
    refused = send(seller, listing="acme-mast", firmware=" ")
    assert refused.status_code == 422
    assert "A result for a listing is about one firmware" in refused.content.decode()
    made = send(seller, listing="acme-mast", valid_days="").context["signed"].statement
    assert (made.firmware, (made.valid_until - made.tested_on).days) == ("2.1", 365)


def test_who_has_not_signed_in_tests_and_gets_a_report_without_signature(client: Client) -> None:
    page = client.get("/lab/").content.decode()
    assert "SAPIENT, BSI Flex 335 v2" in page
    assert own_fingerprint() in page
    assert 'name="listing"' not in page
    answer = send(client, listing="acme-mast", firmware="2.1")
    page = unescape(answer.content.decode())
    assert (answer.status_code, "conforms</h1>" in page) == (200, True)
    assert "Download the report (JSON, not signed)" in page
    assert '"signature"' not in page
    assert own_fingerprint() not in page
    assert "/attach/" not in page
    assert "/accounts/login/?next=/lab/%3Fstandard%3Dklv%26claim%3DST%2B0601.12" in page
    assert not Result.objects.exists()


def test_the_form_offers_the_listings_of_ones_own_and_their_interfaces(seller: Client) -> None:
    port = {"id": "eth", "kind": "data", "role": "provides", "standard": "MISB ST 0601", "evidence": evidence()}
    stock(listing("acme-eye", name_ko="눈", ports=[port]), listing("acme-gone", release="REL US"))
    page = seller.get("/lab/?listing=acme-eye").content.decode()
    assert re.findall(r'<option value="(acme-[a-z]+)"( selected)?>([^<]+)', page) == [
        ("acme-eye", " selected", "Acme Eye"),
        ("acme-mast", "", "Acme Mast"),
        ("acme-secret", "", "Acme Secret"),
    ]
    assert '<a href="?listing=acme-eye&amp;standard=klv#send">MISB ST 0601</a>' in page
    assert ">눈</option>" in seller.get("/lab/", headers={"accept-language": "ko"}).content.decode()
    assert 'name="listing"' not in client_of("buyer").get("/lab/").content.decode()
    staff = client_of("chief", is_staff=True).get("/lab/?listing=acme-eye").content.decode()
    assert '<input type="text" name="listing" value="acme-eye"' in staff


def test_versions_stand_in_groups_and_only_those_of_the_standard_are_taken(seller: Client) -> None:
    page = seller.get("/lab/?standard=stanag4609&claim=ST 0601.12").content.decode()
    assert re.findall(r'<option value="([^"]+)" selected>', page) == ["stanag4609", "stanag4609/ST 0601.12"]
    assert '<optgroup label="ASTERIX CAT048">' in page
    assert send(seller, claim="klv/ST 0601.12").status_code == 200
    refused = send(seller, claim="stanag4609/ST 0601.12")
    assert refused.status_code == 422
    said = "ST 0601.12 is no version of MISB ST 0601 metadata of motion imagery; it has ST 0601.1, ST 0601.2,"
    assert said in unescape(refused.content.decode())
    assert "Nothing was tested yet." in refused.content.decode()


def test_strangers_share_one_place_and_keep_nobody_else_waiting(
    client: Client, seller: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside: list[int] = []

    def check(name: str, files: list[Recording], claim: str | None) -> Report:
        if not inside:  # while this one is tested, others come
            inside.append(0)
            inside.extend(send(one).status_code for one in (Client(), seller, client_of("buyer")))
        return STANDARDS[name].check(files, claim)

    monkeypatch.setattr(testing, "check", check)
    assert send(client).status_code == 200
    assert inside == [0, 503, 200, 200]
    assert send(Client()).status_code == 200


def test_from_a_recording_to_a_badge(seller: Client, client: Client) -> None:
    answer = send(seller, listing="acme-mast", firmware="2.1", valid_days="365")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "conforms</h1>" in page
    form = re.search(r'action="(/lab/results/acme-mast/attach/)".*?name="statement" value="([^"]+)"', page, re.DOTALL)
    assert form is not None
    signed = read_signed(unescape(form[2]), file="s", trusted={own_fingerprint()})
    assert (signed.statement.listing, signed.statement.firmware) == ("acme-mast", "2.1")
    assert (signed.statement.valid_until - signed.statement.tested_on).days == 365
    attached = seller.post(form[1], {"statement": unescape(form[2]), "release": "PUBLIC"})
    assert attached.headers["Location"] == "/lab/results/acme-mast/"
    shown = client.get("/catalogue/items/acme-mast/").content.decode()
    assert "Tested interfaces" in shown
    address = f"/lab/results/acme-mast/{Result.objects.get().sha256}/"
    assert address in shown
    assert "conforms" in client.get(address).content.decode()
    statement = client.get(f"{address}?format=json")
    assert statement.headers["Content-Disposition"].startswith('attachment; filename="acme-mast-')
    assert read_signed(statement.content, file="s") == signed


def test_a_listing_that_is_not_ones_own_is_refused_before_anything_is_tested(
    seller: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock(vendor("rival"), listing("rival-mast", vendor="rival"))
    assert "/attach/" not in send(seller).content.decode()
    monkeypatch.setattr(testing, "check", None)
    for who, slug in ((seller, "none-such"), (seller, "rival-mast"), (client_of("chief", is_staff=True), "none-such")):
        refused = send(who, listing=slug)
        assert refused.status_code == 422
        assert f"There is no listing {slug} to which you may attach a result." in unescape(refused.content.decode())


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"standard": "link16"}, "Select a valid choice"),
        ({"claim": "2"}, "2 is no version of MISB ST 0601 metadata of motion imagery; it has ST 0601.1,"),
        ({"standard": ""}, "This field is required."),
        ({"files": []}, "This field is required."),
        ({"valid_days": "0"}, "greater than or equal to 1"),
    ],
)
def test_a_form_that_does_not_fit_says_why(seller: Client, fields: dict[str, object], said: str) -> None:
    answer = send(seller, **fields)
    assert answer.status_code == 422
    assert said in unescape(answer.content.decode())


@pytest.mark.usefixtures("real_process")
def test_a_spoilt_recording_is_told_finding_by_finding(seller: Client) -> None:
    page = send(seller, files=recording(stream().replace(b"EO", b"EC")), listing="acme-mast").content.decode()
    assert "does not conform</h1>" in page
    assert "klv.checksum" in page


def test_a_recording_of_something_else_is_told_apart_from_one_without_fault(seller: Client) -> None:
    nothing = b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00" + bytes(8) + b"\xff\xff\x00\x00\x01\x00\x00\x00"
    sent = {"standard": "remote_id", "claim": "F3411-22a", "files": recording(nothing)}
    page = seller.post("/lab/", sent).content.decode()
    assert "cannot tell</h1>" in page
    assert "No message of this standard was found in the recording" in page
    assert "choose one of your listings and test again" in page
    assert "<p>None.</p>" not in page
    korean = seller.post("/lab/", sent | {"files": recording(nothing)}, headers={"accept-language": "ko"})
    assert "두 해독기가 읽은 메시지 없음" in korean.content.decode()
    assert "<p>None.</p>" in send(seller).content.decode()


def test_rungs_and_second_decoders_are_told_and_where_they_differ(
    seller: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = unescape(send(seller).content.decode())
    assert "4 messages read by both, 40 values compared, 0 differ" in page
    assert 'second decoder agrees<span class="usa-sr-only">: conforms<' in page
    assert "Where two decoders differ" not in page
    monkeypatch.setitem(TAGS, 5, replace(TAGS[5], high=180))
    page = unescape(send(seller).content.decode())
    assert 'second decoder agrees<span class="usa-sr-only">: cannot tell<' in page
    assert "the first 4 of 4 disagreements" in page
    assert "<td>circle.klv, message 1, packet 5</td><td><code>45.000686655985355</code></td>" in page


def test_hostile_names_and_bytes_are_shown_as_text(seller: Client) -> None:
    file = SimpleUploadedFile("<script>alert(1)</script>.klv", b"\xff" * 2000)
    page = send(seller, files=file, firmware="<b>2</b>").content.decode()
    assert "<script>alert" not in page
    assert "<b>2</b>" not in page
    assert "cannot tell</h1>" in page or "does not conform</h1>" in page


@pytest.mark.usefixtures("real_process")
def test_a_check_that_takes_too_much_is_given_up(seller: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        testing, "_PROGRAM", "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile 1: 0"
    )
    answer = send(seller)
    assert answer.status_code == 422
    assert "the check took more than" in answer.content.decode()


def test_files_are_bounded(seller: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("skypact.market.lab.forms.MOST_BYTES", 100)
    answer = send(seller)
    assert (answer.status_code, "at most 16 files" in answer.content.decode()) == (422, True)


def test_a_statement_of_another_lab_comes_as_a_file(seller: Client) -> None:
    TrustKey(actor=STAFF, fingerprint=FOREIGN_FINGERPRINT, name="Joint lab").execute()
    address = "/lab/results/acme-mast/attach/"
    for content, said in (
        (b"", "choose the file"),
        (b"\xff\xfe", "must be valid JSON"),
        (foreign().replace("Joint lab", "Other lab").encode(), "something was changed since it was signed"),
        (foreign(listing="acme-secret").encode(), "a statement about acme-mast"),
    ):
        fields = {"release": "PUBLIC", **({"file": SimpleUploadedFile("s.json", content)} if content else {})}
        answer = seller.post(address, fields)
        assert answer.status_code == 422
        assert said in unescape(answer.content.decode())
    assert not Result.objects.exists()
    given = {"release": "REL KR", "file": SimpleUploadedFile("s.json", foreign().encode())}
    assert seller.post(address, given).status_code == 302
    assert Result.objects.get().release == "REL KR"
    assert "Joint lab" in seller.get("/lab/results/acme-mast/").content.decode()


def test_results_of_a_hidden_listing_are_not_there(client: Client) -> None:
    for address in ("/lab/results/acme-secret/", "/lab/results/none-such/", f"/lab/results/acme-mast/{'0' * 64}/"):
        assert client.get(address).status_code == 404
    assert client_of("kim", nation="KR").get("/lab/results/acme-secret/").status_code == 200


def test_vendor_notes_firmware_and_withdraws(seller: Client) -> None:
    TrustKey(actor=STAFF, fingerprint=FOREIGN_FINGERPRINT, name="Joint lab").execute()
    made = AttachResult(actor=STAFF, slug="acme-mast", document=foreign()).execute()
    assert seller.post("/lab/results/acme-mast/firmware/", {"firmware": "2.2"}).status_code == 302
    assert Firmware.objects.get().version == "2.2"
    assert "another firmware now" in seller.get("/lab/results/acme-mast/").content.decode()
    assert seller.post(f"/lab/results/acme-mast/{made.sha256}/withdraw/").status_code == 302
    assert Result.objects.get().withdrawn_at is not None
    assert (
        client_of("rival", vendor="rival").post("/lab/results/acme-mast/firmware/", {"firmware": "x"}).status_code
        == 403
    )
    assert Firmware.objects.count() == 1


def test_a_result_that_says_no_is_withdrawn_by_staff_alone_and_offered_to_nobody_else(
    seller: Client,
) -> None:
    TrustKey(actor=STAFF, fingerprint=FOREIGN_FINGERPRINT, name="Joint lab").execute()
    made = AttachResult(actor=STAFF, slug="acme-mast", document=foreign(good=False)).execute()
    address = f"/lab/results/acme-mast/{made.sha256}/"
    assert "/withdraw/" not in seller.get(address).content.decode()
    assert seller.post(f"{address}withdraw/").status_code == 403
    staff = client_of("chief", is_staff=True)
    assert f'action="{address}withdraw/"' in staff.get(address).content.decode()
    assert staff.post(f"{address}withdraw/").status_code == 302
    assert "/withdraw/" not in staff.get(address).content.decode()


def test_keys_are_kept_by_staff(client: Client) -> None:
    staff = client_of("chief", is_staff=True)
    assert client.get("/lab/keys/").status_code == 302
    assert client_of("kim").get("/lab/keys/").status_code == 403
    assert client_of("kim").post("/lab/keys/", {"fingerprint": FOREIGN_FINGERPRINT, "name": "x"}).status_code == 403
    assert staff.post("/lab/keys/", {"fingerprint": "abc", "name": "Joint lab"}).status_code == 422
    assert staff.post("/lab/keys/", {"fingerprint": FOREIGN_FINGERPRINT, "name": "Joint lab"}).status_code == 302
    assert FOREIGN_FINGERPRINT in staff.get("/lab/keys/").content.decode()
    assert staff.post("/lab/keys/", {"distrust": FOREIGN_FINGERPRINT}).status_code == 302
    assert "no longer believed" in staff.get("/lab/keys/").content.decode()
    assert TrustedKey.objects.get().distrusted_at is not None


def test_the_interface_tests_attaches_and_withdraws(seller: Client, client: Client) -> None:
    known = client.get("/api/v1/lab").json()
    assert known["fingerprint"] == own_fingerprint()
    assert {one["name"] for one in known["standards"]} >= {"sapient", "klv", "asterix"}
    said = {"standard": "klv", "claim": "ST 0601.12", "files": recording()}
    assert client.post("/api/v1/lab/check", said).status_code == 401
    assert seller.post("/api/v1/lab/check", {**said, "files": recording()}).json()["verdict"] == "conforms"
    wrong = seller.post("/api/v1/lab/check", {**said, "files": recording(), "claim": "2"})
    assert (wrong.status_code, wrong.json()["errors"][0]["place"]) == (422, "claim")
    TrustKey(actor=STAFF, fingerprint=FOREIGN_FINGERPRINT, name="Joint lab").execute()
    body = json.dumps({"statement": json.loads(foreign()), "release": "PUBLIC"})
    address = "/api/v1/lab/results/acme-mast"
    made = seller.post(address, body, content_type="application/json")
    assert (made.status_code, made.json()["state"], made.json()["lab"]) == (201, "valid", "Joint lab")
    assert seller.post(address, body, content_type="application/json").status_code == 409
    assert [one["verdict"] for one in client.get(address).json()] == ["conforms"]
    one = f"{address}/{made.json()['sha256']}"
    assert client.get(one).json() == json.loads(foreign())
    assert client_of("rival", vendor="rival").delete(one).status_code == 403
    assert seller.delete(one).status_code == 204
    assert client.get(address).json() == []
