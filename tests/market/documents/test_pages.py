"""The pages and the interface: uploads that stop, downloads that nothing runs, and who gets them."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.market.documents.conftest import client_of, files
from tests.market.documents.test_content import PDF

from skypact.market.catalogue.models import Listing
from skypact.market.core.models import Event
from skypact.market.documents import content, store
from skypact.market.documents.models import Attachment
from skypact.schema import MediaType

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stocked")]

PAGE = "/documents/acme-mast/"
API = "/api/v1/documents/acme-mast"
FIELDS = {"title": "Range trial", "kind": "test_report", "language": "ko", "dated": "2025-05-03", "release": "PUBLIC"}


@pytest.fixture
def staff() -> Client:
    return client_of("staff", is_staff=True)


def send(client: Client, data: bytes = PDF, name: str = "trial.pdf", **changes: object) -> object:
    return client.post(f"{PAGE}attach/", {**FIELDS, "file": SimpleUploadedFile(name, data), **changes})


def only() -> Attachment:
    return Attachment.objects.get()


def test_form_takes_a_file_and_the_page_tells_all_of_it(staff: Client, client: Client) -> None:
    assert send(staff).headers["Location"] == PAGE
    page = client.get(PAGE).content.decode()
    for words in ("Range trial", "Test report", f"PDF, {len(PDF)}", "Korean", "2025-05-03", "by the staff"):
        assert words in page
    assert only().sha256 in page
    assert "Add a file" not in page
    assert "staff)" not in page
    kept = staff.get(PAGE).content.decode()
    assert "Add a file" in kept
    assert only().by in kept


def test_download_is_an_attachment_that_nothing_runs(staff: Client, client: Client) -> None:
    send(staff, name="trial.html")
    for path in (f"{PAGE}{only().sha256}", f"{API}/{only().sha256}"):
        response = client.get(path)
        assert b"".join(response.streaming_content) == PDF
        assert {
            name: response.headers[name]
            for name in (
                "Content-Type",
                "Content-Disposition",
                "X-Content-Type-Options",
                "Content-Security-Policy",
                "Content-Length",
            )
        } == {
            "Content-Type": "application/pdf",
            "Content-Disposition": f'attachment; filename="acme-mast-test_report-{only().sha256[:8]}.pdf"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Content-Length": str(len(PDF)),
        }


def test_text_says_its_encoding(staff: Client, client: Client) -> None:
    send(staff, "날짜,거리\n1,2\n".encode(), "x.txt")
    assert client.get(f"{PAGE}{only().sha256}").headers["Content-Type"] == "text/csv; charset=utf-8"


def test_a_file_for_one_nation_is_not_there_for_others(staff: Client, client: Client) -> None:
    send(staff, release="REL KR")
    sha256 = only().sha256
    for path in (f"{PAGE}{sha256}", f"{API}/{sha256}"):
        hidden, absent = client.get(path), client.get(path.replace(sha256, "0" * 64))
        assert (hidden.status_code, absent.status_code) == (404, 404)
        texts = [
            re.sub(f"{sha256}|0{{64}}|X-CSRFToken.*|csrfmiddlewaretoken.*", "", one.content.decode())
            for one in (hidden, absent)
        ]
        assert texts[0] == texts[1]
        assert client_of("kim", nation="KR").get(path).status_code == 200
    assert sha256 not in client.get(PAGE).content.decode()
    assert client.get(API).json() == []
    assert client.get("/documents/acme-secret/").status_code == 404


@pytest.mark.parametrize(("broken", "words"), [(None, "not on this node"), (b"x" * len(PDF), "Damaged")])
def test_missing_and_damaged_bytes_are_said(staff: Client, client: Client, broken: bytes | None, words: str) -> None:
    send(staff)
    path = store.place(only().sha256)
    path.unlink() if broken is None else path.write_bytes(broken)
    response = client.get(f"{PAGE}{only().sha256}")
    assert response.status_code == 410
    assert words in response.content.decode()
    problem = client.get(f"{API}/{only().sha256}")
    assert (problem.status_code, problem.headers["Content-Type"]) == (410, "application/problem+json")
    if broken is None:
        assert words in client.get(PAGE).content.decode()
        assert client.get(API).json()[0]["state"] == "missing"


@pytest.mark.parametrize(
    ("data", "changes", "status", "words"),
    [
        (b"<html><script>", {}, 422, "none of those that are taken"),
        (b"PK\x03\x04" + bytes(40), {}, 422, "none of those that are taken"),
        (b"", {}, 422, "empty"),
        (PDF, {"title": ""}, 422, "This field is required."),
        (PDF, {"release": "REL korea"}, 422, "Enter a valid value."),
        (PDF, {"kind": "film"}, 422, "Select a valid choice."),
    ],
)
def test_a_refused_file_says_why_and_leaves_nothing(
    staff: Client, data: bytes, changes: dict[str, str], status: int, words: str
) -> None:
    digest, count = Listing.objects.get(slug="acme-mast").digest, Event.objects.count()
    response = send(staff, data, **changes)
    assert response.status_code == status
    assert words in response.content.decode()
    assert files() == []
    assert (Listing.objects.get(slug="acme-mast").digest, Event.objects.count()) == (digest, count)


class Counted(io.BytesIO):
    """A body that knows how much of it was read."""

    read_bytes = 0

    def read(self, size: int = -1) -> bytes:
        part = super().read(size)
        self.read_bytes += len(part)
        return part


def test_an_upload_is_refused_half_way_and_leaves_nothing(staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(content.LIMITS, MediaType.PDF, 1_000_000)
    body = Counted(PDF + b"x" * 5_000_000)
    query = "title=t&kind=manual&dated=2025-05-03"
    response = staff.generic("POST", f"{API}?{query}", b"", "application/octet-stream", **{"wsgi.input": body})
    assert response.status_code == 422  # no length, no body
    response = staff.generic(
        "POST",
        f"{API}?{query}",
        b"",
        "application/octet-stream",
        **{"wsgi.input": body, "CONTENT_LENGTH": str(len(body.getvalue()))},
    )
    assert response.status_code == 413
    assert response.json()["detail"] == "a file of the type application/pdf may have at most 0 MiB"
    assert body.read_bytes < 1_600_000
    response = send(staff, PDF + b"x" * 5_000_000)
    assert response.status_code == 413
    assert files() == []
    assert not Attachment.objects.exists()


def test_a_request_beyond_every_limit_is_not_read_at_all(staff: Client) -> None:
    body = Counted(b"x" * 100)
    response = staff.generic(
        "POST",
        f"{PAGE}attach/",
        b"",
        "multipart/form-data; boundary=b",
        **{"wsgi.input": body, "CONTENT_LENGTH": str(10**12)},
    )
    assert (response.status_code, body.read_bytes, files()) == (413, 0, [])


def test_two_files_at_once_are_refused(staff: Client) -> None:
    response = send(staff, extra=SimpleUploadedFile("b.pdf", PDF))
    assert response.status_code == 422
    assert "one file at a time" in response.content.decode()
    assert files() == []


def test_without_the_forms_token_nothing_stays(stocked: None) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client_of("staff", is_staff=True).cookies
    response = send(strict)
    assert response.status_code == 403
    assert files() == []
    assert not Attachment.objects.exists()


def test_others_are_asked_to_sign_in_or_refused(client: Client) -> None:
    assert send(client).headers["Location"].startswith("/accounts/login/")
    assert send(client_of("kim")).status_code == 403
    assert send(client_of("rival", vendor="other")).status_code == 403
    assert files() == []
    assert send(client_of("acme", vendor="acme")).status_code == 302
    sha256 = only().sha256
    assert client.post(f"{PAGE}{sha256}/remove/").headers["Location"].startswith("/accounts/login/")
    assert client_of("kim").post(f"{PAGE}{sha256}/remove/").status_code == 403
    assert client_of("acme").post(f"{PAGE}{sha256}/remove/").headers["Location"] == PAGE
    assert not Attachment.objects.exists()


def test_interface_gives_lists_and_takes_away(staff: Client, client: Client) -> None:
    path = f"{API}?title=Range+trial&kind=test_report&dated=2025-05-03"
    created = staff.post(path, PDF, content_type="application/octet-stream")
    assert created.status_code == 201
    sha256 = created.json()["sha256"]
    assert staff.post(path, PDF, content_type="application/octet-stream").status_code == 409
    (found,) = client.get(API).json()
    assert (found["document"]["sha256"], found["state"], found["at"] is None) == (sha256, "present", False)
    assert client.post(path, PDF, content_type="application/octet-stream").status_code == 401
    assert client.delete(f"{API}/{sha256}").status_code == 401
    assert client_of("kim").delete(f"{API}/{sha256}").status_code == 403
    assert staff.delete(f"{API}/{sha256}").status_code == 204
    assert staff.delete(f"{API}/{sha256}").status_code == 409
    assert client.get(f"{API}/xyz").status_code == 422


def test_listing_page_leads_to_the_files(staff: Client, client: Client) -> None:
    send(staff)
    page = client.get("/catalogue/items/acme-mast/").content.decode()
    assert f'href="{PAGE}{only().sha256}"' in page
    assert f'href="{PAGE}"' in page
