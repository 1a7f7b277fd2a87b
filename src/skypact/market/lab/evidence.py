"""What the results of labs make of the ports of a listing. Pure: nothing is read and nothing is written here.

A port that a result proves is known by a test: grade, source, day and expiry are those of the result, and where the
listing states no edition, it is the one that was seen. A result that says no refutes the port, whatever its maker says.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from itertools import count

from skypact.engines.interop.mating import dialect
from skypact.market.lab.models import Result
from skypact.market.lab.naming import Subject, spoken, supersedes
from skypact.schema import Evidence, Grade, Listing, Port, Source, TestRecord

#: Stands between what was tested and the verdict in the title of a result.
_VERDICT = ": "
METHOD = "conformance lab of skypact, from a recording: strict parse, rules, plausibility, exchange, second decoder"


def with_results(record: Listing, proofs: Sequence[Result], denials: Sequence[Result]) -> Listing:
    """``record`` with what ``proofs`` and ``denials``, which count today, say of its data ports.

    A no is answered only by a later yes of another firmware: whoever repeats a test until it passes has not changed
    the product. Of a port that states no edition, a yes to a later edition answers too. Where several editions are
    proven of a port that states none, it becomes a port of each. An ASTERIX port that states its category alone keeps
    that, and has one more port for each edition that is proven, so that it also meets who states one. A statement
    that a listing names itself is nobody's word but its maker's: its mention is left out unless it is one of these.
    """
    denials = [one for one in denials if not any(_answers(proof, one) for proof in proofs)]
    taken = {port.id for port in record.ports}
    ports: list[Port] = []
    known = {one.sha256 for one in (*proofs, *denials)}
    for port in record.ports:
        ports.extend(_ports(_without_unverified(port, known), proofs, denials, taken))
    told = tuple(ports)
    return record if told == record.ports else record.model_copy(update={"ports": told})


def _answers(proof: Result, denial: Result) -> bool:
    same = (proof.standard, proof.version) == (denial.standard, denial.version)
    changed = bool(proof.firmware and denial.firmware) and proof.firmware != denial.firmware
    return same and changed and proof.tested_on > denial.tested_on


def _ports(port: Port, proofs: Sequence[Result], denials: Sequence[Result], taken: set[str]) -> list[Port]:
    about = [one for one in proofs if _concerns(one, port)]
    refuted = [evidence_of(one) for one in denials if _concerns(one, port) and not _superseded(one, port, about)]
    if refuted:
        return [port.model_copy(update={"refuted": tuple(dict.fromkeys((*refuted, *port.refuted)))})]
    if not about or port.evidence.grade.rank > Grade.TESTED.rank or port.evidence in map(evidence_of, about):
        return [port]
    proven: dict[tuple[str, str], Result] = {}
    for one in sorted(about, key=lambda one: (one.tested_on, one.pk)):
        subject = Subject.of(one.standard, one.version)
        proven[subject.version, port.profile or ""] = one
        if subject.profile and dialect(port) is None:
            proven[subject.version, subject.profile] = one
    first, *others = [_proven(port, *stated, one) for stated, one in sorted(proven.items())]
    return [first, *(other.model_copy(update={"id": _free(port.id, taken)}) for other in others)]


def _superseded(denial: Result, port: Port, proofs: Sequence[Result]) -> bool:
    """Whether ``port`` does not state the edition that ``denial`` is about, and a later one is proven."""
    if Subject.of(denial.standard, denial.version).named_by(port):
        return False
    return any(
        one.standard == denial.standard and supersedes(one.standard, one.version, denial.version) for one in proofs
    )


def _free(name: str, taken: set[str]) -> str:
    """The first of ``name-2``, ``name-3``, … that is no port's id yet; it is from then on."""
    free = next(tried for number in count(2) if (tried := f"{name[:90]}-{number}") not in taken)
    taken.add(free)
    return free


def _concerns(result: Result, port: Port) -> bool:
    return Subject.of(result.standard, result.version).concerns(port, answers=result.answers)


def _proven(port: Port, version: str, profile: str, result: Result) -> Port:
    stated = {"version": port.version or version, "profile": profile or None}
    return port.model_copy(update={"evidence": evidence_of(result), **stated})


def _without_unverified(port: Port, known: Collection[str]) -> Port:
    test = port.evidence.test
    if test is None or test.statement is None or test.statement in known:
        return port
    told = port.evidence.model_copy(update={"test": test.model_copy(update={"statement": None})})
    return port.model_copy(update={"evidence": told})


def subject_of(evidence: Evidence) -> str:
    """The standard and version of which ``evidence`` tells a result; its whole title where it comes from no lab."""
    return evidence.source.title.partition(_VERDICT)[0]


def evidence_of(result: Result) -> Evidence:
    """A result as evidence: who tested when, until when it holds, and the statement by which it can be verified."""
    said = f"{spoken(result.standard, result.version)}{_VERDICT}{result.verdict}"
    return Evidence(
        grade=Grade.TESTED,
        source=Source(title=f"{said} ({result.conducted_by})"[:300], date=result.tested_on),
        observed=result.tested_on,
        expires=None if result.valid_until is None else result.valid_until + timedelta(days=1),
        release=result.release,
        test=TestRecord(
            method=METHOD,
            conducted_by=result.conducted_by,
            conditions=f"firmware {result.firmware}" if result.firmware else "firmware not stated",
            date_from=result.tested_on,
            statement=result.sha256,
        ),
    )
