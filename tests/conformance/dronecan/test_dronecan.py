"""DroneCAN: a battery node of our own that passes, one fault at a time that fails, and frames of another hand."""

import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skypact.conformance import STANDARDS, Layer, Recording, Report, Verdict
from skypact.conformance.dronecan.battery import INFO, PERIODIC
from skypact.conformance.dronecan.bus import Frame, read
from skypact.conformance.dronecan.datatypes import NotOfTypeError, decode, message_types, transfer_crc
from skypact.conformance.dronecan.samples import (
    AUX,
    CELLS,
    CONTINUOUS,
    NODE,
    NODE_STATUS,
    battery_info,
    candump,
    capture,
    flight,
    frames,
    payload,
    periodic,
)
from skypact.conformance.dronecan.transfers import Assembly, Fault, Transfer, frames_of

DRONECAN = STANDARDS["dronecan"]

#: BatteryInfo written by the package dronecan 1.0.27: 298 K, 22.2 V, 5 A, 97 % health, 72 % charge.
FOREIGN = b"""(1.000000) can0 1F04442A#9A17A85C8D4D0083
(1.000100) can0 1F04442A#4540560055F05623
(1.000200) can0 1F04442A#0000011864030003
(1.000300) can0 1F04442A#0700000053594E23
(1.000400) can0 1F04442A#205061636B203603
(1.000500) can0 1F04442A#5363
"""


def check(data: bytes, claim: str | None = None) -> Report:
    return DRONECAN.check([Recording("bus", data)], claim)


def transfers(data: bytes) -> list[Transfer | Fault]:
    assembly = Assembly()
    return [found for frame in read(data) if isinstance(frame, Frame) and (found := assembly.take(frame)) is not None]


def test_a_transfer_of_another_implementation_is_read() -> None:
    (transfer,) = transfers(FOREIGN)
    assert isinstance(transfer, Transfer)
    assert (transfer.header.number, transfer.header.source, transfer.transfer_id, transfer.frames) == (INFO, 42, 3, 6)
    fields = decode(message_types()[INFO], transfer.payload)
    assert (fields["temperature"], fields["voltage"], fields["model_name"]) == (298.0, 22.203125, b"SYN Pack 6S")
    assert (fields["state_of_health_pct"], fields["state_of_charge_pct"], fields["status_flags"]) == (97, 72, 1)


def test_the_signature_is_that_of_the_specification() -> None:
    assert message_types()[INFO].get_data_type_signature() == 0x249C26548A711966
    assert transfer_crc(0, b"123456789") != transfer_crc(1, b"123456789")


def test_the_session_conforms_in_every_form() -> None:
    timed = frames(flight())
    counts = {
        "ardupilot.equipment.power.BatteryCells": 1,
        "ardupilot.equipment.power.BatteryContinuous": 5,
        "ardupilot.equipment.power.BatteryInfoAux": 5,
        "ardupilot.equipment.power.BatteryPeriodic": 1,
        "uavcan.equipment.power.BatteryInfo": 5,
        "uavcan.protocol.NodeStatus": 5,
    }
    for data in (capture(timed), candump(timed)):
        report = check(data, "DroneCAN 1")
        assert (report.verdict, report.findings, report.counts) == (Verdict.CONFORMS, (), counts)
    serial = b"".join(b"T%08X%d%s\r" % (number, len(data), data.hex().encode()) for _, number, data in timed)
    report = check(serial)
    assert (report.found, report.counts) == ({"dronecan.no-time": 1}, counts)
    assert report.verdict is Verdict.CANNOT_TELL


@settings(max_examples=100, deadline=None)
@given(number=st.sampled_from([INFO, PERIODIC, AUX, CONTINUOUS, CELLS, NODE_STATUS]), data=st.binary(max_size=120))
def test_a_payload_is_read_to_its_last_bit_or_refused(number: int, data: bytes) -> None:
    try:
        fields = decode(message_types()[number], data)
    except NotOfTypeError:
        return
    assert set(fields) == {one.name for one in message_types()[number].fields}


def test_a_payload_that_is_too_long_or_too_short_is_refused() -> None:
    status = payload(
        NODE_STATUS, {"uptime_sec": 1, "health": 0, "mode": 0, "sub_mode": 0} | {"vendor_specific_status_code": 0}
    )
    with pytest.raises(NotOfTypeError, match="a field of 16 bits at bit 40 goes beyond the 48 bits sent"):
        decode(message_types()[NODE_STATUS], status[:-1])
    with pytest.raises(NotOfTypeError, match="8 bytes were sent; the data type ends at bit 56"):
        decode(message_types()[NODE_STATUS], status + b"\0")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b"", "The recording is empty; expected a candump log, a pcap of SocketCAN, or slcan lines."),
        (b"(1.0) can0 1F04442A#9A1", "Line 1 is no line of a candump log: b'(1.0) can0 1F04442A#9A1'."),
        (b"(1.0) can0 1F04442A##09A", "Line 1 is a CAN FD frame: b'(1.0) can0 1F04442A##09A'."),
        (b"(1.0) can0 1F04442A#R", "Line 1 is a remote frame."),
        (b"(1.0) can0 20000004#0000000000000000", "Line 1 is an error frame."),
        (b"(1.0) can0 5F04442A#00", "Line 1 has the identifier 0x5f04442a, which is too large."),
        (b"T1F04442A9", "Line 1 says 9 bytes and carries 0 hexadecimal digits: b'T1F04442A9'."),
        (b"hello", "Line 1 is no slcan frame: b'hello'."),
    ],
)
def test_what_is_no_frame_says_why(line: bytes, sentence: str) -> None:
    assert list(read(line)) == [sentence]


def sent(*changes: tuple[int, dict]) -> bytes:
    changed = dict(changes)
    return candump(frames([(at, number, fields | changed.get(number, {})) for at, number, fields in flight()]))


@pytest.mark.parametrize(
    ("rule", "data"),
    [
        ("dronecan.bounds", sent((INFO, {"state_of_charge_pct": 101}))),
        ("dronecan.bounds", sent((INFO, {"state_of_health_pct": 101}))),
        ("dronecan.reserved", sent((INFO, {"status_flags": 0x201}))),
        ("dronecan.reserved", sent((CONTINUOUS, {"status_flags": 1 << 19}))),
        ("dronecan.flags", sent((INFO, {"status_flags": 4}))),
        ("dronecan.kelvin", sent((INFO, {"temperature": 24.0}))),
        ("dronecan.finite", sent((INFO, {"current": math.inf}))),
        ("dronecan.finite", sent((CONTINUOUS, {"state_of_charge": math.nan}))),
        ("dronecan.text", sent((INFO, {"model_name": b"SYN\xff"}))),
        ("dronecan.date", sent((PERIODIC, {"manufacture_date": b"20260302"}))),
        ("dronecan.pack-limits", sent((PERIODIC, {"charging_minimum_voltage": 4.5}))),
        ("dronecan.packs-differ", sent((PERIODIC, {"cells_in_series": 7}))),
        ("dronecan.node-status", sent((NODE_STATUS, {"mode": 5}))),
    ],
)
def test_one_fault_is_found(rule: str, data: bytes) -> None:
    report = check(data)
    assert set(report.found) == {rule}
    assert report.verdict is Verdict.DOES_NOT_CONFORM


def test_kelvin_that_reads_like_celsius_is_said_to() -> None:
    assert check(sent((INFO, {"temperature": 24.0}))).findings[0].sentence == (
        "24 K is outside 200 to 430, which reads like degrees Celsius."
    )


def test_not_a_number_stands_for_unknown_where_the_definition_says_so() -> None:
    assert check(sent((INFO, {"current": math.nan, "temperature": math.nan}))).verdict is Verdict.CONFORMS


INFO_FRAMES = frames_of(INFO, NODE, 3, payload(INFO, battery_info(0)))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda sent: sent[1:],
            "A frame goes on with a transfer of uavcan.equipment.power.BatteryInfo that has not begun.",
        ),
        (
            lambda sent: [sent[0], *sent[2:]],
            "The toggle of frame 2 of a transfer of uavcan.equipment.power.BatteryInfo is wrong.",
        ),
        (lambda sent: [sent[0], *sent], "begins before the one before it has ended"),
        (lambda sent: [(sent[0][0], sent[0][1][:-1] + b"\xa3"), *sent[1:]], "The toggle of the first frame"),
        (lambda sent: [sent[0], (sent[1][0], sent[1][1][:-1] + b"\x24"), *sent[2:]], "changes its id from 3 to 4"),
        (lambda sent: [(sent[0][0], sent[0][1][1:]), *sent[1:]], "has 6 bytes; it has 7"),
        (lambda sent: [(sent[0][0], b"\0" + sent[0][1][1:]), *sent[1:]], "carries the sum"),
        (lambda sent: [(sent[0][0], b"")], "has no tail byte"),
        (lambda sent: sent[:-1], "from node 42 has no end"),
    ],
)
def test_a_broken_transfer_says_why(change: object, sentence: str) -> None:
    timed = [(0.001 * at, number, data) for at, (number, data) in enumerate(change(list(INFO_FRAMES)))]
    report = check(candump(timed))
    assert report.layers[Layer.DECODE] is Verdict.DOES_NOT_CONFORM
    assert sentence in report.findings[0].sentence


def test_a_node_without_an_id_sends_one_frame() -> None:
    many = [(0.0, 24 << 24 | 1 << 8, bytes(7) + b"\x80")]
    assert "A node without an id sends uavcan.protocol" in check(candump(many)).findings[0].sentence


def test_nodes_that_do_not_say_how_they_are() -> None:
    silent = [one for one in flight() if one[1] != NODE_STATUS]
    assert check(candump(frames(silent))).found == {"dronecan.no-node-status": 1}
    rare = [one for one in flight() if one[1] != NODE_STATUS or one[0] != 2.0]
    assert set(check(candump(frames(rare))).found) == {"dronecan.node-status-rate"}


def test_a_type_without_definition_cannot_be_told() -> None:
    timed = [*frames(flight()), (5.0, 24 << 24 | 60_000 << 8 | NODE, b"\1\xc0")]
    report = check(candump(timed))
    assert (report.found, report.verdict) == ({"dronecan.unknown-type": 1}, Verdict.CANNOT_TELL)


def test_another_protocol_on_the_bus_is_named() -> None:
    report = check(candump(frames(flight())) + b"(1772445605.000000) can0 123#00\n")
    assert (report.found, report.verdict) == ({"dronecan.standard-identifier": 1}, Verdict.CONFORMS)


def test_redundant_buses_carry_the_same_transfers() -> None:
    one = candump(frames(flight())).splitlines()
    both = b"\n".join(
        line for pair in zip(one, [line.replace(b"can0", b"can1") for line in one], strict=True) for line in pair
    )
    assert check(both).verdict is Verdict.CONFORMS


def test_the_recordings_hold_what_the_samples_write(request: pytest.FixtureRequest) -> None:
    folder = Path(__file__).parent.parent / "recordings" / "pass"
    assert (folder / "dronecan.battery.log").read_bytes() == candump(frames(flight()))
    assert periodic()["cells_in_series"] == 6


#: GetNodeInfo's response written by the package dronecan 1.0.27: uptime 120 s, software 2.0, "org.syn.pack".
NODE_INFO = b"""(1.000000) can0 1E010AAA#C1C1780000000083
(1.000100) can0 1E010AAA#0000020000000023
(1.000200) can0 1E010AAA#0000000000000003
(1.000300) can0 1E010AAA#0000000000000023
(1.000400) can0 1E010AAA#0000000000000003
(1.000500) can0 1E010AAA#0000000000000023
(1.000600) can0 1E010AAA#006F72672E737903
(1.000700) can0 1E010AAA#6E2E7061636B63
"""


def test_services_are_read_to_the_last_bit_too() -> None:
    (transfer,) = transfers(NODE_INFO)
    assert isinstance(transfer, Transfer)
    assert (transfer.header.part, transfer.header.source, transfer.header.destination) == ("response", 42, 10)
    fields = decode(transfer.header.data_type, transfer.payload, "response")
    assert (fields["name"], fields["status"]["uptime_sec"]) == (b"org.syn.pack", 120)
    cut = b"(1.000000) can0 1E010AAA#78000000000000C0\n"
    (finding,) = [one for one in check(cut).findings if one.rule == "dronecan.payload"]
    assert finding.sentence.startswith("uavcan.protocol.GetNodeInfo response: a field of")


def test_the_cells_add_up_to_the_pack() -> None:
    low = [one if one[1] != AUX else (one[0], AUX, one[2] | {"voltage_cell": [3.3] * 6}) for one in flight()]
    report = check(capture(frames(low)))
    assert report.found == {"dronecan.packs-differ": 5}
    assert report.findings[0].sentence == "The cells of battery 0 add up to 19.80 V; the pack says 23.50 V."
    alone = check(capture(frames([one for one in flight() if one[1] != INFO])))
    assert (alone.verdict, alone.found) == (Verdict.CONFORMS, {"dronecan.aux-alone": 1})
