"""Where people decide, a result of a lab is the evidence: listing, comparison, partners, sets, kits, reports."""

from __future__ import annotations

import json
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from tests.engines.kit.requirements import requirement
from tests.engines.made_up import hub, sensor
from tests.market.catalogue.samples import AMERICAN, ANONYMOUS, KOREAN, STAFF, stock, vendor
from tests.market.lab.conftest import FOREIGN_FINGERPRINT, client_of, foreign

from skypact.engines.interop.together import Wanted
from skypact.market.catalogue import selectors as catalogue
from skypact.market.core.access import Actor
from skypact.market.interop import selectors as interop
from skypact.market.interop.selectors import Asked, Chosen
from skypact.market.kits.composing import compose_requirement
from skypact.market.kits.diagram import draw
from skypact.market.kits.presentation import KitPage
from skypact.market.lab import selectors
from skypact.market.lab.actions import AttachResult, TrustKey
from skypact.market.lab.models import Result
from skypact.market.reports.release import label_of
from skypact.schema import Grade

pytestmark = pytest.mark.django_db
RADAR, NODE = "SYN-A", "SYN-C"
SAID = "SAPIENT BSI Flex 335 v2.0 tested by Joint lab on 2026-10-01"
#: The radar's maker states no edition, so that without a test nobody knows whether this node understands it.
V2 = ("SAPIENT", "BSI Flex 335 v2")


@pytest.fixture(autouse=True)
def shop() -> None:
    TrustKey(actor=STAFF, fingerprint=FOREIGN_FINGERPRINT, name="Joint lab").execute()
    stock(
        vendor("maker"),
        vendor("other"),
        sensor("A", "radar", 3000, "10000", speaks=("SAPIENT", None)),
        hub("C", "20000", takes=V2),
    )


def attach(release: str = "PUBLIC", *, good: bool = True) -> None:
    document = foreign(standard="sapient", listing=RADAR, good=good)
    AttachResult(actor=STAFF, slug=RADAR, document=document, release=release).execute()


def answer(actor: Actor) -> tuple[str, str]:
    asked = Asked(chosen=(Chosen(RADAR), Chosen(NODE)), wanted=Wanted(powered=False), complete=False)
    checked = interop.answered(actor, asked, on=timezone.localdate()).found.checked
    (found,) = [one for one in checked.findings if one.subjects == (RADAR, NODE)]
    return checked.answer.value, found.reason.text


def pages(client: Client) -> list[str]:
    """What a reader sees of the pair: listing, partners, comparison, REST."""
    addresses = (
        f"/catalogue/items/{RADAR}/",
        f"/interop/with/{RADAR}/",
        f"/catalogue/compare/?id={RADAR}&id={NODE}",
        f"/api/v1/lab/ports/{RADAR}",
    )
    answers = [client.get(address) for address in addresses]
    assert {one.status_code for one in answers} == {200}
    return [unescape(one.content.decode()) for one in answers]


def test_before_a_test_nobody_knows(client: Client) -> None:
    assert answer(KOREAN) == ("unknown", "both speak SAPIENT; the sender's edition is not stated")
    assert not any("tested by Joint lab" in page for page in pages(client))


def test_after_it_everybody_who_may_see_the_result_does(client: Client) -> None:
    attach("REL KR")
    assert answer(KOREAN) == ("yes", "both speak SAPIENT BSI Flex 335 v2.0")
    assert answer(AMERICAN)[0] == "unknown"
    listing, partners, compared, told = pages(client_of("kim", nation="KR"))
    assert all(SAID in page for page in (listing, partners, compared))
    assert [(one["version"], one["evidence"]["grade"]) for one in json.loads(told)[:1]] == [
        ("BSI Flex 335 v2.0", "tested")
    ]
    kim = client_of("kim", nation="KR")
    (partner,) = kim.get(f"/api/v1/interop/with/{RADAR}").json()["partners"]
    question = f"/api/v1/interop/check?listing={RADAR}&listing={NODE}"
    data = next(one for one in kim.get(question).json()["findings"] if one["listings"] == [RADAR, NODE])
    for tests in (partner["tests"], data["tests"]):
        assert [(one["listing"], one["conforms"], one["evidence"]["release"]) for one in tests] == [
            (RADAR, True, "REL KR")
        ]
    assert SAID in unescape(kim.get(f"/interop/?listing={RADAR}&quantity=1&listing={NODE}&quantity=1").content.decode())
    for reader in (client, client_of("lee", nation="US")):
        assert not any("Joint lab" in page for page in pages(reader))


def test_a_no_is_seen_and_makes_nothing_sure(client: Client) -> None:
    attach(good=False)
    assert answer(ANONYMOUS) == ("unknown", "a test of 2026-10-01 says that the sender does not conform to SAPIENT")
    listing, partners, compared, _ = pages(client)
    said = "A test says no: SAPIENT BSI Flex 335 v2.0, tested by Joint lab on 2026-10-01"
    assert said in listing
    assert said in compared
    assert NODE not in partners


def counted(client: Client, slug: str = NODE) -> tuple[list[tuple[str, int]], list[tuple[str, str]]]:
    """How many sensors work with a listing, how surely; and what its rows say of them."""
    found = client.get(f"/api/v1/interop/with/{slug}").json()
    assert found["total"] == len(found["partners"])
    return (
        [(one["answer"], one["number"]) for one in found["counts"]],
        [(one["listing"], one["answer"]) for one in found["partners"]],
    )


def test_partners_are_counted_as_their_rows_say(client: Client) -> None:
    speaking = {"B": V2, "D": V2, "E": ("SAPIENT", None)}
    stock(
        *(sensor(name, "radar", 3000, "10000", speaks=speaks) for name, speaks in speaking.items()),
        hub("F", "20000", takes=("SAPIENT", "BSI Flex 335 v1")),
    )
    stated = (
        [("yes", 2), ("unknown", 2)],
        [("SYN-B", "yes"), ("SYN-D", "yes"), (RADAR, "unknown"), ("SYN-E", "unknown")],
    )
    other = ([("unknown", 2)], [(RADAR, "unknown"), ("SYN-E", "unknown")])
    assert (counted(client), counted(client, "SYN-F")) == (stated, other)
    attach("REL KR")
    document = foreign(standard="sapient", listing="SYN-B", good=False)
    AttachResult(actor=STAFF, slug="SYN-B", document=document, release="REL KR").execute()
    assert (counted(client), counted(client, "SYN-F")) == (stated, other)
    kim = client_of("kim", nation="KR")
    assert counted(kim) == (
        [("yes", 2), ("unknown", 2)],
        [(RADAR, "yes"), ("SYN-D", "yes"), ("SYN-B", "unknown"), ("SYN-E", "unknown")],
    )
    assert counted(kim, "SYN-F") == ([("unknown", 1)], [("SYN-E", "unknown")])
    page = kim.get(f"/interop/with/{NODE}/?answer=unknown").content.decode()
    assert [name in page for name in ("items/SYN-A/", "items/SYN-B/", "items/SYN-E/")] == [False, True, True]


def test_a_kit_keeps_the_results_that_it_rests_on(tmp_path: Path) -> None:
    asked, on = requirement(synthetic=True), date(2026, 11, 21)
    before = compose_requirement(asked, terrain_folder=tmp_path, on=on, actor=KOREAN).kit
    assert (before.status.value, before.links) == ("no_kit", ())
    attach("REL KR")
    kit = compose_requirement(asked, terrain_folder=tmp_path, on=on, actor=KOREAN).kit
    assert (kit.status.value, kit.catalogue_revision != before.catalogue_revision) == ("optimal", True)
    (result,) = kit.links[0].tested
    assert (result.listing, result.version, result.conforms) == (RADAR, "BSI Flex 335 v2.0", True)
    assert result.evidence.test is not None
    assert result.evidence.test.statement == Result.objects.get().sha256
    assert label_of(kit, reader=KOREAN, private=False) == "REL KR"
    page = KitPage(kit, tmp_path)
    assert [one.tested for one in page.links] == [(result,), (), ()]
    seen = {one.record.id: one.record for one in catalogue.listings(KOREAN, [RADAR, NODE], on=on)}
    today = KitPage(kit, tmp_path, seen)
    assert (today.links[0].tested, today.links[0].gone) == ((), (result,))
    told = selectors.tested(KOREAN, list(seen.values()), on=on)
    wire = draw(kit, {one.id: one for one in told}).wires[0]
    assert (wire.grade, wire.refuted) == (Grade.DOCUMENTED, False)
    assert "SAPIENT BSI Flex 335 v2.0: conforms (Joint lab), 2026-10-01" in wire.sources
