"""A node with a lab key of its own, a stocked catalogue, and statements about its listing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from tests.market.catalogue.samples import listing, stock

from skypact.conformance import STANDARDS, Recording
from skypact.conformance.report import Agreement, Decoder, Report, Verdict
from skypact.conformance.signing import Statement, fingerprint, public_bytes, sign
from skypact.market.accounts.models import User

FOREIGN = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
FOREIGN_FINGERPRINT = fingerprint(public_bytes(FOREIGN))
TESTED, UNTIL = date(2026, 10, 1), date(2027, 9, 30)
EVIDENCE = {"grade": "stated", "source": {"title": "s", "date": "2026-01-05"}, "observed": "2026-01-05"}


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, settings: object) -> None:
    settings.HOME = tmp_path


@pytest.fixture
def stocked() -> None:
    stock(listing(), listing("acme-secret", release="REL KR", evidence=[{**EVIDENCE, "release": "REL KR"}]))


def agreed(report: Report) -> Report:
    """``report`` as if a second decoder had read the same: what the machine of a test has or lacks decides nothing."""
    second = Agreement(
        decoder=Decoder(name="another", version="1.0"),
        messages_both=3,
        only_first=0,
        only_second=0,
        values_compared=9,
        disagreements=(),
        disagreed=0,
        verdict=Verdict.CONFORMS,
    )
    return report.model_copy(update={"agreements": (second,), "mutation": 1.0})


def report_of(standard: str = "klv", *, good: bool = True, earning: bool = True) -> Report:
    """What the lab says of its own sample, or of a spoilt one."""
    sample = STANDARDS[standard].samples()[0]
    data = sample.data if good else next(one.data for one in sample.variants() if not one.open)
    report = STANDARDS[standard].check([Recording("session.bin", data)], sample.claim, compare=False)
    # Of a product: the lab takes no sample of its own for one.
    report = report.model_copy(
        update={"files": tuple(one.model_copy(update={"sha256": "5" * 64}) for one in report.files)}
    )
    return agreed(report) if good and earning else report


def statement(*, standard: str = "klv", good: bool = True, earning: bool = True, **changes: object) -> Statement:
    report = report_of(standard, good=good, earning=earning)
    said = {"report": report, "conducted_by": "Joint lab", "tested_on": TESTED, "listing": "acme-mast"}
    return Statement(**{**said, "firmware": "2.1", "valid_until": UNTIL, **changes})


def foreign(**changes: object) -> str:
    """A statement that another lab has signed, as JSON."""
    return sign(statement(**changes), FOREIGN).model_dump_json()


def client_of(name: str, **fields: object) -> Client:
    client = Client()
    user, _ = User.objects.get_or_create(username=name, defaults=fields)
    client.force_login(user)
    return client
