"""What results of labs make of the ports of a listing, for whom and until when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.market.catalogue.samples import AMERICAN, ANONYMOUS, KOREAN, STAFF, evidence, listing, stock
from tests.market.lab.conftest import FOREIGN, FOREIGN_FINGERPRINT, TESTED, agreed, foreign, report_of, statement

from skypact.conformance.signing import sign
from skypact.engines.interop.mating import data_fit
from skypact.market.catalogue import selectors as catalogue
from skypact.market.core.access import Actor
from skypact.market.lab import selectors
from skypact.market.lab.actions import AttachResult, DistrustKey, NoteFirmware, TrustKey, WithdrawResult
from skypact.market.lab.models import Result
from skypact.schema import Listing, Port

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 21)
STATEMENT = "e" * 64


@pytest.fixture(autouse=True)
def believed() -> None:
    TrustKey(actor=STAFF, fingerprint=FOREIGN_FINGERPRINT, name="Joint lab").execute()


def port(standard: str = "SAPIENT", version: str | None = None, role: str = "provides", **more: Any) -> dict[str, Any]:
    given = {"id": "data", "kind": "data", "standard": standard, "role": role, "evidence": evidence()}
    return {**given, **({"version": version} if version else {}), **more}


def stocked(*ports: dict[str, Any]) -> Listing:
    made = listing(ports=list(ports))
    stock(made)
    return made


def attach(standard: str = "sapient", *, release: str = "PUBLIC", **changes: object) -> Result:
    document = foreign(standard=standard, **changes)
    return AttachResult(actor=STAFF, slug="acme-mast", document=document, release=release).execute()


def ports(record: Listing, actor: Actor = ANONYMOUS, on: date = ON) -> tuple[Port, ...]:
    return selectors.tested(actor, [record], on=on)[0].ports


def grades(record: Listing, actor: Actor = ANONYMOUS, on: date = ON) -> list[tuple[str | None, str, bool]]:
    return [(one.version, one.evidence.grade.value, bool(one.refuted)) for one in ports(record, actor, on)]


def test_a_badge_makes_the_port_tested_and_states_the_edition_that_was_seen() -> None:
    record = stocked(port("BSI Flex 335"), port(id="video", standard="RTSP"))
    made = attach(valid_until=date(2026, 12, 31), firmware="2.1")
    first, second = ports(record)
    assert (first.version, first.id, second) == ("BSI Flex 335 v2.0", "data", record.ports[1])
    told = first.evidence
    assert told.source.title == "SAPIENT BSI Flex 335 v2.0: conforms (Joint lab)"
    assert (told.grade.value, told.observed, told.expires) == ("tested", TESTED, date(2027, 1, 1))
    assert told.test is not None
    assert (told.test.conducted_by, told.test.conditions, told.test.statement) == (
        "Joint lab",
        "firmware 2.1",
        made.sha256,
    )
    again = selectors.tested(ANONYMOUS, selectors.tested(ANONYMOUS, [record], on=ON), on=ON)
    assert again[0].ports == (first, second)
    stored = catalogue.listing(ANONYMOUS, "acme-mast", on=ON).record
    assert stored.ports == record.ports


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        (port(version="bsi flex 335 V2"), "tested"),
        (port(version="BSI Flex 335 v1"), "stated"),
        (port(profile="one maker's dialect"), "stated"),
        (port(role="consumes"), "tested"),
        (port("ASTERIX"), "stated"),
        (port(role="peer"), "tested"),
        (port(evidence=evidence(grade="fielded")), "fielded"),
        (port(evidence=evidence(grade="documented")), "tested"),
    ],
)
def test_only_the_port_that_the_result_is_about(stated: dict[str, Any], told: str) -> None:
    record = stocked(stated)
    attach()
    assert [one.evidence.grade.value for one in ports(record)] == [told]


def test_a_port_that_only_takes_needs_the_answers_in_the_session() -> None:
    record = stocked(port("CoT", role="consumes"))
    attach("cot")
    assert grades(record) == [(None, "stated", False)]


def asterix(claimed: str, **changes: object) -> Result:
    return attach(report=agreed(report_of("asterix")).model_copy(update={"claimed": claimed}), **changes)


def stated(record: Listing) -> list[tuple[str, str | None, str | None, str]]:
    return [(one.id, one.version, one.profile, one.evidence.grade.value) for one in ports(record)]


def test_an_asterix_claim_is_category_and_edition() -> None:
    record = stocked(
        port("ASTERIX", "CAT048"),
        port("ASTERIX", "CAT048", id="old", profile="edition 1.21"),
        port("ASTERIX", "CAT048", id="same", profile="Edition 1.31"),
        port("ASTERIX", "CAT034", id="other"),
    )
    asterix("CAT048 1.31")
    assert stated(record) == [
        ("data", "CAT048", None, "tested"),
        ("data-2", "CAT048", "edition 1.31", "tested"),
        ("old", "CAT048", "edition 1.21", "stated"),
        ("same", "CAT048", "Edition 1.31", "tested"),
        ("other", "CAT034", None, "stated"),
    ]
    again = selectors.tested(ANONYMOUS, selectors.tested(ANONYMOUS, [record], on=ON), on=ON)
    assert again[0].ports == ports(record)


@pytest.mark.parametrize(
    ("taken", "before", "after"),
    [(None, "yes", "yes"), ("edition 1.31", "unknown", "yes"), ("edition 1.27", "unknown", "unknown")],
)
def test_an_edition_that_was_tested_meets_whoever_states_it_and_takes_nothing_away(
    taken: str | None, before: str, after: str
) -> None:
    record = stocked(port("ASTERIX", "CAT048"))
    receiver = Port.model_validate(port("ASTERIX", "CAT048", "consumes", profile=taken))
    answers = [data_fit(one, receiver).answer.value for one in record.ports]
    assert answers == [before]
    asterix("CAT048 1.31")
    told = {data_fit(one, receiver).answer.value for one in ports(record)}
    assert max(told, key=["no", "unknown", "yes"].index) == after


def test_several_editions_of_a_port_that_states_none_are_ports_of_their_own() -> None:
    record = stocked(port("ASTERIX"), port("SAPIENT", id="data-2"))
    for claimed in ("CAT048 1.31", "CAT034 1.28", "CAT048 1.30"):
        asterix(claimed, tested_on=TESTED + timedelta(days=claimed == "CAT048 1.31"))
    assert stated(record) == [
        ("data", "CAT034", None, "tested"),
        ("data-3", "CAT034", "edition 1.28", "tested"),
        ("data-4", "CAT048", None, "tested"),
        ("data-5", "CAT048", "edition 1.30", "tested"),
        ("data-6", "CAT048", "edition 1.31", "tested"),
        ("data-2", None, None, "stated"),
    ]
    assert [one.evidence.source.title for one in ports(record)[2:5]] == [
        "ASTERIX CAT048 1.31: conforms (Joint lab)",
        "ASTERIX CAT048 1.30: conforms (Joint lab)",
        "ASTERIX CAT048 1.31: conforms (Joint lab)",
    ]


@pytest.mark.parametrize(
    ("version", "denied", "proven", "refuted"),
    [
        (None, "ST 0601.12", "ST 0601.19", False),
        (None, "ST 0601.19", "ST 0601.12", True),
        ("ST 0601.12", "ST 0601.12", "ST 0601.19", True),
    ],
)
def test_a_later_edition_answers_a_no_where_the_listing_states_none(
    version: str | None, denied: str, proven: str, refuted: bool
) -> None:
    record = stocked(port("KLV", version))
    good, bad = agreed(report_of("klv")), report_of("klv", good=False)
    attach("klv", report=bad.model_copy(update={"claimed": denied}))
    assert [bool(one.refuted) for one in ports(record)] == [True]
    attach("klv", report=good.model_copy(update={"claimed": proven}))
    assert [bool(one.refuted) for one in ports(record)] == [refuted]


def test_without_a_second_decoder_it_is_a_result_and_no_badge() -> None:
    record = stocked(port())
    attach(earning=False)
    assert grades(record) == [(None, "stated", False)]
    (badge,) = selectors.of_listing(ANONYMOUS, "acme-mast", vendor="acme", on=ON).badges
    assert (badge.proves, badge.missing) == (False, ("second decoder",))


def test_nothing_counts_beyond_its_day_its_firmware_its_key_its_withdrawal() -> None:
    record = stocked(port())
    made = attach(valid_until=date(2026, 12, 31), firmware="2.1")
    tested = [("BSI Flex 335 v2.0", "tested", False)]
    stated = [(None, "stated", False)]
    assert grades(record, on=date(2026, 12, 31)) == tested
    assert grades(record, on=date(2027, 1, 1)) == stated
    NoteFirmware(actor=STAFF, slug="acme-mast", version="2.2").execute()
    assert grades(record) == stated
    NoteFirmware(actor=STAFF, slug="acme-mast", version="2.1").execute()
    assert grades(record) == tested
    DistrustKey(actor=STAFF, fingerprint=FOREIGN_FINGERPRINT).execute()
    assert grades(record) == stated
    TrustKey(actor=STAFF, fingerprint=FOREIGN_FINGERPRINT, name="Joint lab").execute()
    assert grades(record) == tested
    WithdrawResult(actor=STAFF, slug="acme-mast", sha256=made.sha256).execute()
    assert grades(record) == stated


def test_a_label_of_the_result_leaves_others_with_the_old_grade() -> None:
    record = stocked(port())
    attach(release="REL KR")
    tested = [("BSI Flex 335 v2.0", "tested", False)]
    assert [grades(record, actor) for actor in (ANONYMOUS, AMERICAN, KOREAN, STAFF)] == [
        [(None, "stated", False)],
        [(None, "stated", False)],
        tested,
        tested,
    ]
    assert ports(record, KOREAN)[0].evidence.release == "REL KR"


def test_a_no_refutes_the_port_and_beats_a_yes_of_the_same_firmware() -> None:
    record = stocked(port(version="BSI Flex 335 v2"))
    attach(firmware="2.1", tested_on=TESTED)
    no = attach(good=False, firmware="2.1", tested_on=TESTED - timedelta(days=9))
    (told,) = ports(record)
    assert (told.evidence.grade.value, len(told.refuted)) == ("stated", 1)
    assert told.refuted[0].source.title == "SAPIENT BSI Flex 335 v2.0: does not conform (Joint lab)"
    assert told.refuted[0].test is not None
    assert told.refuted[0].test.statement == no.sha256
    assert selectors.tested(ANONYMOUS, selectors.tested(ANONYMOUS, [record], on=ON), on=ON)[0].ports == (told,)


def test_a_no_is_answered_by_a_later_yes_of_another_firmware_only() -> None:
    record = stocked(port(version="BSI Flex 335 v2"))
    attach(good=False, firmware="2.1")
    attach(firmware="2.2", tested_on=TESTED - timedelta(days=1))
    attach(tested_on=TESTED + timedelta(days=1))
    assert grades(record) == [("BSI Flex 335 v2", "stated", True)]
    attach(firmware="2.2", tested_on=TESTED + timedelta(days=1))
    assert grades(record) == [("BSI Flex 335 v2", "tested", False)]


def test_a_no_of_no_named_firmware_is_not_shaken_off_by_naming_one() -> None:
    record = stocked(port(version="BSI Flex 335 v2"))
    attach(good=False, firmware=None)
    NoteFirmware(actor=STAFF, slug="acme-mast", version="2.2").execute()
    assert grades(record) == [("BSI Flex 335 v2", "stated", True)]


def test_a_listing_cannot_name_a_statement_by_itself() -> None:
    own = {"method": "conformance lab", "conducted_by": "Acme", "statement": STATEMENT}
    record = stocked(port(evidence=evidence(grade="tested", test=own)))
    (told,) = ports(record)
    assert told.evidence.test is not None
    assert (told.evidence.grade.value, told.evidence.test.statement) == ("tested", None)


@pytest.mark.parametrize("results", [0, 3])
def test_three_statements_whatever_there_is(results: int) -> None:
    record = stocked(port())
    for number in range(results):
        signed = sign(statement(standard="sapient", firmware=f"{number}"), FOREIGN)
        AttachResult(actor=STAFF, slug="acme-mast", document=signed.model_dump_json(), release="REL KR").execute()
    for listings in ([record], [record] * 600):
        with CaptureQueriesContext(
            connection,
        ) as counted:
            selectors.tested(ANONYMOUS, listings, on=ON)
        assert len(counted) == 3
