"""What has expired counts as unknown: it makes no connection sure, and none impossible that was not."""

from datetime import date

import pytest
from tests.engines.made_up import EVIDENCE, data_port, listing, power_port

from skypact.engines.interop import data_path
from skypact.engines.interop.electric import power_fit
from skypact.engines.interop.expiry import as_known
from skypact.engines.interop.links import port_results
from skypact.schema import Listing

LAPSED = {**EVIDENCE, "expires": "2026-06-01"}
BEFORE, AFTER = date(2026, 5, 31), date(2026, 6, 1)


def made(standard: str, role: str, edition: str | None, *, lapsed: bool = False) -> Listing:
    ports = [data_port(standard, role, edition), power_port("consumes", "DC", 9, 36)]
    return listing(
        role.upper(), "gateway", vendor=role, ports=[{**one, "evidence": LAPSED} if lapsed else one for one in ports]
    )


@pytest.mark.parametrize("standard", ["SAPIENT", "CoT"])
def test_an_expired_port_is_no_sure_link(standard: str) -> None:
    for gives, takes, side in ((True, False, "sender"), (False, True, "receiver")):
        sender, receiver = (
            made(standard, "provides", "2.0", lapsed=gives),
            made(standard, "consumes", "2.0", lapsed=takes),
        )
        before = data_path(as_known(sender, BEFORE), as_known(receiver, BEFORE))
        after = data_path(as_known(sender, AFTER), as_known(receiver, AFTER))
        assert before is not None
        assert after is not None
        assert (before.answer, after.answer) == ("yes", "unknown")
        assert after.reason.text == f"what is known of the {side} expired on 2026-06-01"


def test_what_has_not_expired_stays_the_same_object() -> None:
    one = made("CoT", "provides", None)
    assert as_known(one, AFTER) is one
    assert as_known(made("CoT", "provides", None, lapsed=True), BEFORE).ports[0].refuted == ()


def test_figures_of_power_are_unknown_and_no_lab_is_named() -> None:
    ports = as_known(made("CoT", "provides", None, lapsed=True), AFTER).ports
    source = listing("PSU", "power", ports=[power_port("provides", "DC", 24, 24, 60)]).ports[0]
    fit = power_fit(source, ports[1], draw_w=40)
    assert (fit.answer, fit.reason.text) == ("unknown", "not known: the consumer's voltage window")
    assert port_results("SYN-A", ports[0]) == []
