"""When two ports mate: exact answers with their reasons."""

import pytest
from tests.engines.made_up import data_port, power_port

from skypact.engines.interop import data_fit
from skypact.schema import Port, PortRole


def port(fields: dict[str, object]) -> Port:
    return Port.model_validate(fields)


@pytest.mark.parametrize(
    ("gives", "takes", "answer", "reason"),
    [
        (("SAPIENT", "v2"), ("SAPIENT", "v2"), "yes", "both speak SAPIENT v2"),
        (("sapient", "V2"), ("BSI Flex 335", "v2"), "yes", "both speak sapient V2"),
        (("SAPIENT", "v1"), ("SAPIENT", "v2"), "no", "SAPIENT: one speaks v1, the other takes v2"),
        (("ASTERIX", "CAT048"), ("SAPIENT", "v2"), "no", "one speaks ASTERIX, the other takes SAPIENT"),
        (("SAPIENT", None), ("SAPIENT", "v2"), "unknown", "both speak SAPIENT; the sender's edition is not stated"),
        (
            ("SAPIENT", "v2"),
            ("SAPIENT", None),
            "unknown",
            "both speak SAPIENT v2; the receiver's edition is not stated",
        ),
        (("CoT", None), ("Cursor on Target", None), "yes", "both speak CoT"),
        (("REST API", "1"), ("REST API", "1"), "unknown", "REST API does not say which messages pass"),
        (("SAPIENT", "v2"), ("Ethernet", None), "unknown", "Ethernet does not say which messages pass"),
    ],
)
def test_data(gives: tuple[str, str | None], takes: tuple[str, str | None], answer: str, reason: str) -> None:
    fit = data_fit(port(data_port(gives[0], "provides", gives[1])), port(data_port(takes[0], "consumes", takes[1])))
    assert (fit.answer.value, fit.reason.text) == (answer, reason)


PROFILED = port(data_port("SAPIENT", "provides", "v2", profile="counter-UAS"))
PLAIN = port(data_port("SAPIENT", "consumes", "v2"))


def test_profiles_that_both_state_must_agree() -> None:
    assert data_fit(PROFILED, PLAIN.model_copy(update={"profile": "perimeter"})).answer == "no"
    assert data_fit(PROFILED, PLAIN.model_copy(update={"profile": "Counter-UAS"})).answer == "yes"


def test_a_profile_that_one_side_states_is_a_missing_fact() -> None:
    fit = data_fit(PROFILED, PLAIN)
    assert (fit.answer.value, fit.detail_only) == ("unknown", True)
    assert fit.reason.text == "both speak SAPIENT v2; the receiver's profile is not stated, the sender's is counter-UAS"
    other = data_fit(PROFILED.model_copy(update={"profile": None}), PLAIN.model_copy(update={"profile": "perimeter"}))
    assert other.reason.text == "both speak SAPIENT v2; the sender's profile is not stated, the receiver's is perimeter"


def test_the_ordinary_profile_of_a_standard_is_no_doubt() -> None:
    sent, taken = port(data_port("CoT", "provides", profile="TAK")), port(data_port("CoT", "consumes"))
    assert data_fit(sent, taken).answer == "yes"


def test_the_messages_that_a_receiver_needs_must_be_sent() -> None:
    sends = port(data_port("MAVLink", "provides", "2", attributes={"messages": ["HEARTBEAT"]}))
    wants = port(data_port("MAVLink", "consumes", "2", attributes={"messages": ["BATTERY_STATUS", "heartbeat"]}))
    fit = data_fit(sends, wants)
    assert (fit.answer.value, fit.reason.text) == ("no", "MAVLink 2: the receiver needs BATTERY_STATUS")
    assert data_fit(wants.model_copy(update={"role": PortRole.PROVIDES}), wants).answer == "yes"
    silent = data_fit(port(data_port("MAVLink", "provides", "2")), wants)
    assert (silent.answer.value, silent.detail_only) == ("unknown", True)


@pytest.mark.parametrize("roles", [("consumes", "consumes"), ("provides", "provides"), ("consumes", "provides")])
def test_ports_that_do_not_face_each_other(roles: tuple[str, str]) -> None:
    fit = data_fit(port(data_port("CoT", roles[0])), port(data_port("CoT", roles[1])))
    assert (fit.answer.value, fit.reason.text) == ("no", "the two ports do not face each other")


@pytest.mark.parametrize("roles", [("peer", "peer"), ("peer", "consumes"), ("provides", "peer")])
def test_a_peer_faces_either_side(roles: tuple[str, str]) -> None:
    assert data_fit(port(data_port("CoT", roles[0])), port(data_port("CoT", roles[1]))).answer == "yes"


def test_a_data_port_is_no_power_port() -> None:
    assert data_fit(port(power_port("provides", "DC", 12, 12)), port(data_port("CoT", "consumes"))).answer == "no"


REFUTED = [
    {
        "grade": "tested",
        "source": {"title": "Lab", "date": "2026-10-01"},
        "observed": "2026-10-01",
        "test": {"method": "conformance lab", "conducted_by": "Joint lab"},
    }
]


def test_a_refuted_port_makes_no_connection_sure_and_none_impossible() -> None:
    sender = data_port("SAPIENT", "provides", "BSI Flex 335 v2")
    taker = data_port("SAPIENT", "consumes", "BSI Flex 335 v2")
    assert data_fit(port(sender), port(taker)).answer == "yes"
    for give, take, side in (
        ({**sender, "refuted": REFUTED}, taker, "sender"),
        (sender, {**taker, "refuted": REFUTED}, "receiver"),
    ):
        fit = data_fit(port(give), port(take))
        assert (fit.answer, fit.detail_only) == ("unknown", False)
        assert fit.reason.text == (
            f"a test of 2026-10-01 says that the {side} does not conform to SAPIENT BSI Flex 335 v2"
        )
    other = {**data_port("SAPIENT", "consumes", "BSI Flex 335 v1"), "refuted": REFUTED}
    assert data_fit(port(sender), port(other)).answer == "no"


def test_spellings_of_one_edition_are_one_edition() -> None:
    assert data_fit(
        port(data_port("SAPIENT", "provides", "BSI Flex 335 v2.0")),
        port(data_port("BSI Flex 335", "consumes", "bsi flex 335 v2")),
    ).answer == "yes"  # fmt: skip


@pytest.mark.parametrize(
    ("gives", "takes", "answer", "reason"),
    [
        ("2.0", "TAK Protocol 1", "yes", "both speak CoT 2.0"),
        (None, "TAK Protocol 1", "yes", "both speak CoT"),
        ("TAK Protocol 1", "TAK Protocol 1", "yes", "both speak CoT TAK Protocol 1"),
        (
            "TAK Protocol 1",
            "2.0",
            "unknown",
            "both speak CoT TAK Protocol 1; whether the sender falls back to edition 2.0 is not stated",
        ),
        (
            "TAK Protocol 1",
            None,
            "unknown",
            "both speak CoT TAK Protocol 1; whether the sender falls back to edition 2.0 is not stated",
        ),
    ],
)
def test_every_reader_of_cursor_on_target_reads_its_xml(
    gives: str | None, takes: str | None, answer: str, reason: str
) -> None:
    fit = data_fit(port(data_port("CoT", "provides", gives)), port(data_port("CoT", "consumes", takes)))
    assert (fit.answer.value, fit.reason.text) == (answer, reason)


@pytest.mark.parametrize(
    ("sends", "takes", "answer"),
    [
        ("RS-485", "TCP", "no"),
        ("TCP", "UDP multicast", "no"),
        ("TLS 8089, TCP, UDP, multicast", "UDP broadcast", "yes"),
        ("tcp", "TCP", "yes"),
        ("serial", "RS-485", "unknown"),
        ("Ethernet", "TCP", "unknown"),
        ("carrier pigeon", "TCP", "unknown"),
        (None, "TCP", "yes"),
        ("RS-485", None, "yes"),
    ],
)
def test_transports_that_both_state_must_meet(sends: str | None, takes: str | None, answer: str) -> None:
    provider = port(data_port("SAPIENT", "provides", "v2", attributes={"transport": sends}))
    consumer = port(data_port("SAPIENT", "consumes", "v2", attributes={"transport": takes}))
    fit = data_fit(provider, consumer)
    assert (fit.answer.value, fit.detail_only) == (answer, answer == "unknown")
    if answer == "no":
        assert fit.reason.text == f"SAPIENT v2: sent over {sends}, taken over {takes}"
