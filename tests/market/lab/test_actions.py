"""Whose results are believed, what stands at a listing, and what stays unchanged when an act is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from threading import Barrier, BrokenBarrierError

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from tests.market.catalogue.samples import AMERICAN, ANONYMOUS, KOREAN, MEMBER, STAFF
from tests.market.lab.conftest import FOREIGN_FINGERPRINT, foreign, statement

from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.core.models import Event
from skypact.market.lab import selectors
from skypact.market.lab.actions import AttachResult, DistrustKey, NoteFirmware, TrustKey, WithdrawResult, signed_here
from skypact.market.lab.keys import own_fingerprint
from skypact.market.lab.models import Firmware, Result, TrustedKey
from skypact.schema import InputError

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stocked")]

ACME = Actor(label="user:7 acme", user_id=7, vendor="acme", nation="KR")
RIVAL = Actor(label="user:8 rival", user_id=8, vendor="rival", nation="KR")
TODAY = date(2026, 11, 21)


def trust() -> None:
    TrustKey(actor=STAFF, fingerprint=FOREIGN_FINGERPRINT, name="Joint lab").execute()


def attach(actor: Actor = ACME, document: str = "", slug: str = "acme-mast", **options: str) -> Result:
    return AttachResult(actor=actor, slug=slug, document=document or foreign(), **options).execute()


def seen(actor: Actor = ANONYMOUS, on: date = TODAY) -> list[tuple[str, str, str, bool]]:
    found = selectors.of_listing(actor, "acme-mast", vendor="acme", on=on)
    return [(badge.result.verdict, badge.state.value, badge.lab, badge.proves) for badge in found.badges]


def test_a_result_of_a_believed_lab_stands_at_its_listing() -> None:
    trust()
    made = attach()
    assert seen() == [("conforms", "valid", "Joint lab", True)]
    assert (made.standard, made.version, made.vendor, made.by) == ("klv", "ST 0601.12", "acme", "user:7 acme")
    event = Event.objects.latest("pk")
    assert (event.action, event.object_id) == ("lab.attach_result", "acme-mast")
    assert event.data["verdict"] == "conforms"
    badge, signed = selectors.result(ANONYMOUS, "acme-mast", made.sha256, on=TODAY)
    assert signed.model_dump_json() == foreign()
    assert badge.proves


@dataclass(kw_only=True)
class AttachTogether(AttachResult):
    """Waits for the other one between its look and its act, where the database lets the two go on side by side."""

    together: Barrier

    def check(self) -> None:
        super().check()
        with suppress(BrokenBarrierError):
            self.together.wait(timeout=0.5)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_attach_the_same_result_at_once_one_is_told_that_it_is_there() -> None:
    trust()
    together = Barrier(2)

    def given(_: int) -> str:
        try:
            return AttachTogether(actor=ACME, slug="acme-mast", document=foreign(), together=together).execute().listing
        except StateError as error:
            return str(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(given, range(2))) == ["acme-mast", "this listing has that result already"]
    assert (Result.objects.count(), Event.objects.filter(action="lab.attach_result").count()) == (1, 1)


def test_a_key_that_nobody_believes_counts_for_nothing() -> None:
    count = Event.objects.count()
    with pytest.raises(InputError, match="a key that is trusted here"):
        attach()
    assert (Result.objects.count(), Event.objects.count()) == (0, count)


def test_the_nodes_own_results_count() -> None:
    attach(document=signed_here(statement()).model_dump_json())
    assert seen() == [("conforms", "valid", "", True)]


def test_a_key_believed_no_longer_takes_its_results_with_it_and_may_come_back() -> None:
    trust()
    attach()
    with pytest.raises(StateError, match="believes that key already"):
        trust()
    DistrustKey(actor=STAFF, fingerprint=FOREIGN_FINGERPRINT).execute()
    assert seen() == [("conforms", "distrusted", "", False)]
    with pytest.raises(StateError, match="does not believe"):
        DistrustKey(actor=STAFF, fingerprint=FOREIGN_FINGERPRINT).execute()
    trust()
    assert seen() == [("conforms", "valid", "Joint lab", True)]
    assert TrustedKey.objects.count() == 1


@pytest.mark.parametrize("actor", [ANONYMOUS, MEMBER, ACME])
def test_keys_are_for_staff(actor: Actor) -> None:
    for act in (
        TrustKey(actor=actor, fingerprint=FOREIGN_FINGERPRINT, name="x"),
        DistrustKey(actor=actor, fingerprint=own_fingerprint()),
    ):
        with pytest.raises(PermissionDenied):
            act.execute()
    with pytest.raises(PermissionDenied):
        selectors.keys(actor)
    assert not TrustedKey.objects.exists()


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"fingerprint": "abc"}, "fingerprint"),
        ({"fingerprint": FOREIGN_FINGERPRINT.upper()}, "fingerprint"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 301}, "name"),
        ({"name": "a\0b"}, "name"),
    ],
)
def test_a_key_has_a_fingerprint_and_a_name(said: dict[str, str], place: str) -> None:
    with pytest.raises(InputError) as refused:
        TrustKey(actor=STAFF, **{"fingerprint": FOREIGN_FINGERPRINT, "name": "Joint lab", **said}).execute()
    assert [problem.place for problem in refused.value.problems] == [place]
    assert not TrustedKey.objects.exists()


@pytest.mark.parametrize("actor", [ANONYMOUS, MEMBER, RIVAL])
def test_only_the_vendor_and_staff_attach(actor: Actor) -> None:
    trust()
    with pytest.raises(PermissionDenied):
        attach(actor)
    assert not Result.objects.exists()


def test_a_hidden_listing_is_not_there() -> None:
    trust()
    american = Actor(label="user:9 us", user_id=9, vendor="acme", nation="US")
    for slug in ("acme-secret", "none-such"):
        with pytest.raises(Http404):
            attach(american, foreign(listing=slug), slug)
    assert attach(ACME, foreign(listing="acme-secret"), "acme-secret").pk


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"listing": None}, "listing"),
        ({"listing": "acme-pole"}, "listing"),
        ({"tested_on": date(2999, 1, 1), "valid_until": None}, "tested_on"),
    ],
)
def test_a_statement_is_about_this_listing_and_about_the_past(changes: dict[str, object], place: str) -> None:
    trust()
    with pytest.raises(InputError) as refused:
        attach(document=foreign(**changes))
    assert [problem.place for problem in refused.value.problems] == [place]
    assert not Result.objects.exists()


def test_the_same_statement_stands_once() -> None:
    trust()
    attach()
    with pytest.raises(StateError, match="has that result already"):
        attach()
    assert Result.objects.count() == 1


def test_it_counts_until_its_last_day() -> None:
    trust()
    attach(document=foreign(valid_until=date(2026, 11, 21)))
    assert [state for _, state, _, _ in seen(on=date(2026, 11, 21))] == ["valid"]
    assert [state for _, state, _, _ in seen(on=date(2026, 11, 22))] == ["expired"]


def test_another_firmware_asks_for_another_test() -> None:
    trust()
    attach(document=foreign(firmware="2.1"))
    assert seen()[0][1] == "valid"
    NoteFirmware(actor=ACME, slug="acme-mast", version=" 2.1 ").execute()
    assert seen()[0][1] == "valid"
    with pytest.raises(StateError, match="on record already"):
        NoteFirmware(actor=ACME, slug="acme-mast", version="2.1").execute()
    NoteFirmware(actor=ACME, slug="acme-mast", version="2.2").execute()
    assert seen() == [("conforms", "retest", "Joint lab", False)]
    attach(document=foreign(firmware="2.2"))
    assert sorted(state for _, state, _, _ in seen()) == ["retest", "valid"]
    with pytest.raises(PermissionDenied):
        NoteFirmware(actor=RIVAL, slug="acme-mast", version="3").execute()
    with pytest.raises(InputError):
        NoteFirmware(actor=ACME, slug="acme-mast", version=" ").execute()
    assert Firmware.objects.count() == 2


def test_a_vendor_may_not_hide_a_result_that_says_no() -> None:
    trust()
    good, bad = attach(), attach(STAFF, foreign(good=False))
    assert sorted(seen()) == [
        ("conforms", "valid", "Joint lab", True),
        ("does not conform", "valid", "Joint lab", False),
    ]
    with pytest.raises(PermissionDenied, match="may not withdraw a result that says no"):
        WithdrawResult(actor=ACME, slug="acme-mast", sha256=bad.sha256).execute()
    WithdrawResult(actor=ACME, slug="acme-mast", sha256=good.sha256).execute()
    assert seen() == [("does not conform", "valid", "Joint lab", False)]
    assert [state for _, state, _, _ in seen(ACME)] == ["valid", "withdrawn"] or len(seen(ACME)) == 2
    with pytest.raises(StateError, match="no such result"):
        WithdrawResult(actor=ACME, slug="acme-mast", sha256=good.sha256).execute()
    with pytest.raises(Http404):
        selectors.result(ANONYMOUS, "acme-mast", good.sha256, on=TODAY)
    assert selectors.result(ACME, "acme-mast", good.sha256, on=TODAY)[0].state.value == "withdrawn"
    WithdrawResult(actor=STAFF, slug="acme-mast", sha256=bad.sha256).execute()
    assert seen() == []


def test_a_label_decides_who_sees_a_result() -> None:
    trust()
    made = attach(release="REL KR")
    assert [len(seen(actor)) for actor in (ANONYMOUS, MEMBER, AMERICAN, KOREAN, STAFF)] == [0, 0, 0, 1, 1]
    with pytest.raises(Http404):
        selectors.result(AMERICAN, "acme-mast", made.sha256, on=TODAY)
    with pytest.raises(InputError, match="a label that you may read yourself"):
        attach(document=foreign(firmware="9"), release="REL US")
