"""The page of a check: findings folded by rule, and what else could be claimed."""

from tests.market.lab.conftest import report_of

from skypact.conformance.report import Finding, Layer, Place, Report, Severity
from skypact.market.lab.outcome import Outcome, again


def finding(rule: str, severity: Severity, message: int, **also: object) -> Finding:
    place = Place(file="a.bin", message=message)
    said = {"layer": Layer.SCHEMA, "clause": "c", "sentence": f"{rule} {message}", **also}
    return Finding(rule=rule, severity=severity, place=place, **said)


def report(*findings: Finding, **changes: object) -> Report:
    return report_of().model_copy(update={"findings": findings, **changes})


def test_findings_are_folded_by_rule_faults_first_and_the_rest_is_counted() -> None:
    found = (
        finding("w", Severity.WARNING, 1),
        finding("f", Severity.FAULT, 2),
        finding("u", Severity.UNKNOWN, 3),
        finding("f", Severity.FAULT, 4, times=3, also=(Place(file="a.bin", message=9),)),
    )
    outcome = Outcome(report(*found, found={"w": 1, "f": 23, "u": 1}))
    assert [(one.rule, one.count, one.left_out) for one in outcome.folded] == [("f", 23, 20), ("u", 1, 0), ("w", 1, 0)]
    assert outcome.folded[0].first is found[1]
    assert outcome.counted == {Severity.FAULT: 23, Severity.UNKNOWN: 1, Severity.WARNING: 1}


def test_another_version_is_offered_only_where_the_claimed_one_was_not_seen() -> None:
    wrong = report(claimed="ST 0601.19", seen=("ST 0601.12", "an unknown one"))
    assert Outcome(wrong).others == ("ST 0601.12",)
    assert Outcome(wrong.model_copy(update={"claimed": "ST 0601.12"})).others == ()
    assert Outcome(wrong.model_copy(update={"claimed": None})).others == ()


def test_the_form_is_filled_in_with_what_is_known() -> None:
    assert again(standard="klv", claim="", listing="acme-mast") == "standard=klv&listing=acme-mast"
