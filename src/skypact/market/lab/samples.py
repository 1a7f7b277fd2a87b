"""Recordings to try the lab with: of each standard some that must pass and some that must fail."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from skypact.conformance import STANDARDS
from skypact.conformance.report import Report, Severity, Verdict
from skypact.conformance.standard import Recording, Sample, Standard

_ENDINGS = {
    "sapient": "bin",
    "remote_id": "pcap",
    "f3411_network": "json",
    "cot": "xml",
    "klv": "klv",
    "stanag4609": "ts",
    "asterix": "ast",
    "mavlink": "tlog",
    "dronecan": "pcap",
}


@dataclass(frozen=True)
class Specimen:
    """One recording of our own making, and what the lab says of it."""

    standard: str
    name: str
    """the file's name, unique within its standard"""
    claim: str | None
    data: bytes
    passes: bool
    kind: str = ""
    """how it was spoilt: ``wrong-field`` or ``cut``"""
    fault: str = ""
    """the first thing that is wrong with it"""


@cache
def specimens(standard: str) -> tuple[Specimen, ...]:
    """Of each good sample of ``standard``: itself, one with a wrong field, and one that breaks off."""
    tested = STANDARDS[standard]
    found = []
    for number, sample in enumerate(tested.samples(), start=1):
        stem = standard if number == 1 else f"{standard}-{number}"
        claim = sample.claim or _claim_of(tested, sample)
        ending = "bin" if number > 1 else _ENDINGS.get(standard, "bin")
        found.append(Specimen(standard, f"{stem}-passes.{ending}", claim, sample.data, passes=True))
        for kind, data in _spoilt(sample):
            fault = _fault(tested.check([Recording(stem, data)], claim, compare=False))
            if fault:
                name = f"{stem}-{kind}.{ending}"
                found.append(Specimen(standard, name, claim, data, passes=False, kind=kind, fault=fault))
    return tuple(found)


@cache
def own_hashes() -> frozenset[str]:
    """SHA-256 of every sample that passes: whoever sends one has tested the lab and not a product."""
    return frozenset(hashlib.sha256(sample.data).hexdigest() for one in STANDARDS.values() for sample in one.samples())


@cache
def second_decoders(standard: str) -> tuple[tuple[str, str | None, str], ...]:
    """The second decoders of ``standard``: name, version on this machine (``None``: it is not here), whose it is."""
    return tuple((one.name, one.version(), one.whose) for one in STANDARDS[standard].second)


def _claim_of(tested: Standard, sample: Sample) -> str | None:
    """The first version under which a sample that names none passes."""
    seen = tested.check([Recording("sample", sample.data)], compare=False).seen
    return next(
        (
            one
            for one in seen
            if tested.check([Recording("sample", sample.data)], one, compare=False).verdict is Verdict.CONFORMS
        ),
        None,
    )


def _spoilt(sample: Sample) -> Iterator[tuple[str, bytes]]:
    field = next((one.data for one in sample.variants() if not one.open), None)
    if field is not None:
        yield "wrong-field", field
    yield "cut", sample.data[: -max(3, len(sample.data) // 50)]


def _fault(report: Report) -> str:
    return next((one.sentence for one in report.findings if one.severity is Severity.FAULT), "")
