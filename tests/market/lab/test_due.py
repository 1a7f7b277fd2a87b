"""What is to be tested again, why, and who is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.market.catalogue.samples import ANONYMOUS, MEMBER, STAFF, evidence, listing, stock
from tests.market.lab.conftest import FOREIGN_FINGERPRINT, TESTED, agreed, client_of, foreign, report_of

from skypact.market.core.access import Actor
from skypact.market.core.models import Event
from skypact.market.lab.actions import AttachResult, DistrustKey, NoteFirmware, TrustKey
from skypact.market.lab.badges import due_documents
from skypact.market.lab.due import Due, Why, newer_version
from skypact.market.lab.models import Result
from skypact.market.lab.selectors import Badge, State

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stocked")]
ON = date(2026, 11, 21)
ACME = Actor(label="user:7 acme", user_id=7, vendor="acme", nation="KR")
RIVAL = Actor(label="user:8 rival", user_id=8, vendor="rival", nation="KR")


@pytest.fixture(autouse=True)
def believed() -> None:
    TrustKey(actor=STAFF, fingerprint=FOREIGN_FINGERPRINT, name="Joint lab").execute()


def attach(standard: str = "sapient", **changes: object) -> Result:
    return AttachResult(actor=STAFF, slug="acme-mast", document=foreign(standard=standard, **changes)).execute()


def due(actor: Actor = ACME, on: date = ON) -> list[tuple[str, list[str]]]:
    return [(one["standard"], one["why"]) for one in due_documents(actor, on=on)]


def test_a_badge_that_holds_asks_for_nothing_until_sixty_days_before_its_last() -> None:
    attach(valid_until=date(2027, 6, 1))
    assert due() == []
    assert due(on=date(2027, 4, 2)) == []
    assert due(on=date(2027, 4, 3)) == [("sapient", ["expiring"])]
    assert due(on=date(2027, 6, 1)) == [("sapient", ["expiring"])]
    assert due(on=date(2027, 6, 2)) == [("sapient", ["expired"])]


def test_another_firmware_asks_for_a_test_of_that_one_with_the_form_filled_in() -> None:
    made = attach(firmware="2.1")
    NoteFirmware(actor=ACME, slug="acme-mast", version="2.2").execute()
    event = Event.objects.latest("pk")
    assert (event.action, event.data["to_be_tested_again"]) == ("lab.note_firmware", [made.sha256])
    (one,) = due_documents(ACME, on=ON)
    assert (one["why"], one["firmware"], one["result"]) == (["firmware"], "2.2", made.sha256)
    assert one["command"] == 'skypact lab listen sapient tcp://0.0.0.0:4000 --claim "BSI Flex 335 v2.0" --keep session/'
    page = client_of("seller", vendor="acme").get("/lab/due/").content.decode()
    assert "another firmware is shipped than was tested: 2.1 → 2.2" in page
    address = "/lab/?listing=acme-mast&amp;standard=sapient&amp;claim=BSI+Flex+335+v2.0&amp;firmware=2.2#send"
    assert address in page
    form = client_of("seller").get(address.replace("&amp;", "&")).content.decode()
    assert '<option value="sapient/BSI Flex 335 v2.0" selected>' in form
    assert 'value="acme-mast"' in form
    attach(firmware="2.2", tested_on=TESTED + timedelta(days=1))
    assert due() == []


def test_a_result_without_a_badge_says_what_is_missing() -> None:
    attach(earning=False)
    assert due() == [("sapient", ["no_badge"])]
    page = client_of("seller", vendor="acme").get("/lab/").content.decode()
    assert "1 of your products is to be tested again" in page
    shown = client_of("seller").get("/lab/due/").content.decode()
    assert "it conforms, but a badge needs more: what is missing: second decoder agrees" in shown


def test_a_no_goes_before_everything_else() -> None:
    attach("klv", firmware="1")
    attach(good=False, firmware="1")
    assert due() == [("sapient", ["says_no"])]


def test_a_key_believed_no_longer() -> None:
    attach()
    DistrustKey(actor=STAFF, fingerprint=FOREIGN_FINGERPRINT).execute()
    assert due() == [("sapient", ["distrusted"])]


def klv(version: str, **changes: object) -> Result:
    return attach("klv", report=agreed(report_of("klv")).model_copy(update={"claimed": version}), **changes)


def test_a_newer_edition_alone_asks_for_nothing_and_is_told_beside_a_reason() -> None:
    """What a product speaks is its maker's to choose; whoever tests again learns that there is a newer edition."""
    klv("ST 0601.12", valid_until=date(2026, 12, 1))
    assert due(on=date(2026, 9, 1)) == []
    (one,) = due_documents(ACME, on=ON)
    assert (one["why"], one["newer"]) == (["expiring", "newer_version"], "ST 0601.19")
    assert '--claim "ST 0601.12"' in one["command"]


def test_a_later_edition_that_holds_replaces_the_older_results() -> None:
    old, gone = {"valid_until": date(2026, 11, 1)}, date(2027, 6, 1)
    klv("ST 0601.12", **old)
    attach("klv", report=report_of("klv", earning=False).model_copy(update={"claimed": "ST 0601.8"}))
    attach("klv", report=report_of("klv", good=False).model_copy(update={"claimed": "ST 0601.9"}))
    reasons = [["expired", "newer_version"], ["says_no", "newer_version"], ["no_badge", "newer_version"]]
    assert [why for _, why in due()] == reasons
    klv("ST 0601.19", valid_until=gone)
    assert due() == []
    assert due(on=gone) == [("klv", ["expiring"])]
    again = [["expired"], ["expired"], ["says_no"], ["no_badge"]]
    assert [why for _, why in due(on=gone + timedelta(days=1))] == again


def test_an_older_edition_that_the_listing_states_is_still_due() -> None:
    port = {"id": "video", "kind": "data", "standard": "KLV", "version": "ST 0601.12", "role": "provides"}
    stock(listing(ports=[{**port, "evidence": evidence()}]))
    klv("ST 0601.12", valid_until=date(2026, 11, 1))
    klv("ST 0601.11", valid_until=date(2026, 11, 1))
    klv("ST 0601.19", valid_until=date(2027, 6, 1))
    assert [(one["version"], one["why"]) for one in due_documents(ACME, on=ON)] == [("ST 0601.12", ["expired"])]


def test_one_category_of_asterix_does_not_replace_another() -> None:
    for claimed, until in (("CAT034 1.28", date(2026, 11, 1)), ("CAT048 1.30", date(2026, 11, 1)), ("CAT048 1.32", ON)):
        report = agreed(report_of("asterix")).model_copy(update={"claimed": claimed})
        attach("asterix", report=report, valid_until=until)
    told = [(one["version"], one["why"]) for one in due_documents(ACME, on=ON)]
    assert told == [("CAT034 1.28", ["expired", "newer_version"]), ("CAT048 1.32", ["expiring"])]


@pytest.mark.parametrize(
    ("standard", "version", "newer"),
    [
        ("klv", "ST 0601.12", "ST 0601.19"),
        ("klv", "ST 0601.19", ""),
        ("asterix", "CAT048 1.30", "CAT048 1.32"),
        ("asterix", "CAT129 1.2", ""),
        ("cot", "2.0", ""),
        ("remote_id", "F3411-19", "F3411-22a"),
        ("stanag4609", "ST 1402 synchronous", ""),
        ("stanag4609", "ST 0601.18", "ST 0601.19"),
        ("link16", "1", ""),
        ("klv", "", ""),
    ],
)
def test_a_newer_version(standard: str, version: str, newer: str) -> None:
    assert newer_version(standard, version) == newer


def test_it_is_told_to_the_vendor_and_staff_alone(client: Client) -> None:
    attach(earning=False)
    assert [len(due(actor)) for actor in (ANONYMOUS, MEMBER, RIVAL, ACME, STAFF)] == [0, 0, 0, 1, 1]
    assert due_documents(STAFF, on=ON, vendor="rival") == []
    assert client.get("/lab/due/").status_code == 302
    assert client.get("/api/v1/lab/due").status_code == 401
    assert client_of("rival", vendor="rival").get("/api/v1/lab/due").json() == []
    assert "Nothing is due" in client_of("rival").get("/lab/due/").content.decode()
    (told,) = client_of("seller", vendor="acme").get("/api/v1/lab/due").json()
    assert (told["listing"], told["why"]) == ("acme-mast", ["no_badge"])
    assert timezone.localdate() >= TESTED


@pytest.mark.parametrize(
    ("standard", "command"),
    [
        ("mavlink", "skypact lab listen mavlink udp://0.0.0.0:14550"),
        ("remote_id", "skypact lab check remote_id FILE"),
    ],
)
def test_the_command_hears_what_a_socket_carries_and_else_asks_for_a_file(standard: str, command: str) -> None:
    badge = Badge(Result(listing="acme-mast", standard=standard, version=""), State.EXPIRED, "")
    assert Due(badge, "", (Why.EXPIRED,)).command.startswith(command)
