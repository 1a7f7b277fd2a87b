"""Transfers read twice: both agree on what is right, and a first decoder that is wrong is caught."""

import importlib
import itertools
import random
import struct
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from skypact.conformance import STANDARDS, Recording, Verdict
from skypact.conformance.dronecan import battery, datatypes, transfers
from skypact.conformance.dronecan.datatypes import NotOfTypeError, decode, message_types, service_types, transfer_crc
from skypact.conformance.dronecan.readings import readings
from skypact.conformance.dronecan.samples import NODE, candump, flight, frames
from skypact.conformance.dronecan.second import DECODER, _flat
from skypact.conformance.dronecan.transfers import Header, frames_of
from skypact.conformance.fuzz import inputs
from skypact.conformance.report import Agreement
from skypact.conformance.second import Reading, compare
from tests.conformance.wrong_decoders import caught

first = importlib.import_module("skypact.conformance.dronecan.readings")  # the package has a function of this name
DRONECAN = STANDARDS["dronecan"]
SAMPLE = DRONECAN.samples()[0]


def compared(data: bytes) -> Agreement:
    recordings = [Recording("bus", data)]
    return compare(DECODER, readings(recordings), recordings)


def test_both_read_the_bus_alike() -> None:
    found = compared(SAMPLE.data)
    assert (found.messages_both, found.only_first, found.only_second) == (22, 0, 0)
    assert (found.values_compared, found.disagreed, found.verdict) == (337, 0, Verdict.CONFORMS)
    log = compared(candump(frames(flight())))
    assert (log.messages_both, log.values_compared, log.disagreed) == (22, 337, 0)
    info = next(one for one in DECODER.read([Recording("bus", SAMPLE.data)]) if one.kind.endswith("BatteryInfo"))
    assert (info.values["voltage"], info.values["model_name"]) == (23.5, "SYN Pack 6S LiPo")
    assert (info.values["transfer source"], info.values["transfer frames"]) == (NODE, 6)


def test_the_bus_earns_the_badge() -> None:
    assert DRONECAN.check([Recording("bus", SAMPLE.data)], SAMPLE.claim).earns_badge


@pytest.mark.parametrize(
    "line",
    [
        "(1772445600.000000) can0 1801552A#0102030405060708",
        "(1772445600.1234565) can0 1801552A#78000000000000C0 R",
        "(1772445600.0) can0 1801552A#R",
        "(1772445600.0) can0 801552A#C0",
        "(1772445600.0) can0 3801552A#78000000000000C0",
        "(1772445600.0) can0 1801552A#780",
        "1772445600.0 can0 1801552A#C0",
        "T1801552A878000000000000C0",
        "T1801552A878000000000000C01234",
        "T1801552A9C0",
        "t1231C0",
        f"({'1' * 400}.0) can0 1801552A#78000000000000C0",
        f"(1.{'1' * 5000}) can0 1801552A#78000000000000C0",
    ],
)
def test_both_take_and_refuse_the_same_lines(line: str) -> None:
    assert compared(f"{line}\n".encode()).disagreed == 0


def test_what_the_package_takes_and_the_first_refuses() -> None:
    """An octet left over, unused bits that are set, an array longer than its type: all read by the package only."""
    status = bytes.fromhex("78000000000000")
    (identifier, data), *_ = frames_of(battery.NODE_STATUS, NODE, 0, status)
    assert compared(candump([(0.0, identifier, data)])).disagreed == 0
    longer = status + b"\0"
    sum_of = transfer_crc(message_types()[battery.NODE_STATUS].get_data_type_signature(), longer).to_bytes(2, "little")
    whole = sum_of + longer
    two = [(0.0, identifier, whole[:7] + b"\x80"), (0.001, identifier, whole[7:] + b"\x60")]
    found = compared(candump(two))
    assert (found.only_first, found.only_second) == (0, 1)


def test_every_public_data_type_is_read_alike() -> None:
    """Random octets as payloads of all messages and services: where both read, the same; the first never takes what the
    package refuses."""
    from dronecan import UAVCANException
    from dronecan.transport import bits_from_bytes

    draw = random.Random(4)  # noqa: S311 (no secret)
    types = [(one, "") for one in message_types().values()]
    types += [(one, part) for one in service_types().values() for part in ("request", "response")]
    same = values = lenient = 0
    for kind, part in types:
        suffix = f"_{part}" if part else ""
        least, most = ((getattr(kind, f"get_{end}_bitlen{suffix}")() + 7) // 8 for end in ("min", "max"))
        for size in sorted({least, most, draw.randrange(least, min(most, least + 60) + 1)}):
            payload = bytes(draw.choice((0, draw.randrange(256))) for _ in range(size))
            theirs = kind(_mode=part) if part else kind()
            try:
                theirs._unpack(bits_from_bytes(payload), True)
                other = dict(_flat(theirs, ""))
            except (UAVCANException, ValueError, IndexError):
                other = None
            try:
                ours = dict(first._flat(decode(kind, payload, part), ""))
            except NotOfTypeError:
                lenient += other is not None
                continue
            assert other is not None, (kind.full_name, payload)
            assert repr(sorted(ours.items())) == repr(sorted(other.items())), (kind.full_name, payload)
            same, values = same + 1, values + len(ours)
    assert (len(types), same, values, lenient) == (152, 175, 717, 55)


def test_nothing_broken_stops_the_second() -> None:
    for data in itertools.islice(inputs(DRONECAN, seed=11), 300):
        found = compared(data)
        assert all({one.ours, one.theirs} == {"0 read", "1 read"} for one in found.disagreements)


def test_a_transfer_without_end_is_not_taken_apart() -> None:
    (identifier, _), *_ = frames_of(battery.AUX, NODE, 0, b"")
    endless = [(0.0, identifier, bytes(7) + b"\x80")]
    endless += [(0.0, identifier, bytes(7) + bytes([0x20 if number % 2 else 0])) for number in range(1, 5_001)]
    assert compared(candump([*endless, (0.0, identifier, bytes(7) + b"\x60")])).messages_both == 0


# First decoders that are wrong.

Patch = Callable[[pytest.MonkeyPatch], None]
_DECODE, _OF, _TAKE = decode, Header.of, datatypes._Bits.take
_WRONG_VALUES: dict[str, Callable[[Any], Any]] = {
    "of other sign": lambda value: -value,
    "scaled by a thousandth": lambda value: value * 1.001,
    "one too high": lambda value: value + 1,
}


def _misread(name: str, change: Callable[[dict[str, Any]], object]) -> Patch:
    def wrong(kind: Any, payload: bytes, part: str = "") -> dict[str, Any]:
        values = _DECODE(kind, payload, part)
        if kind.full_name == name:
            change(values)
        return values

    return lambda patch: patch.setattr(first, "decode", wrong)


def _wrong_decoders() -> Iterator[tuple[str, Patch]]:
    """Every field of the battery's messages misread or taken for its neighbour; bits, octets and identifiers taken
    apart wrongly."""
    for number in (battery.NODE_STATUS, battery.INFO, battery.AUX, battery.CONTINUOUS, battery.PERIODIC, battery.CELLS):
        kind = message_types()[number]
        names = [one.name for one in kind.fields if one.name]
        for name, other in zip(names, [*names[1:], names[0]], strict=True):

            def swap(values: dict[str, Any], name: str = name, other: str = other) -> None:
                values[name], values[other] = values[other], values[name]

            yield f"{kind.full_name}.{name} for {other}", _misread(kind.full_name, swap)
            for what, wrong in _WRONG_VALUES.items():

                def change(values: dict[str, Any], name: str = name, wrong: Callable[[Any], Any] = wrong) -> None:
                    held = values[name]
                    if isinstance(held, dict):
                        values[name] = {key: wrong(one) for key, one in held.items()}
                    elif isinstance(held, list):
                        values[name] = [wrong(one) for one in held]
                    else:
                        values[name] = bytes(reversed(held)) if isinstance(held, bytes) else wrong(held)

                yield f"{kind.full_name}.{name} {what}", _misread(kind.full_name, change)

    def plain(self: Any, bits: int) -> int:
        if bits > self.left:
            raise NotOfTypeError("cut")
        self.at += bits
        return self.whole >> (self.size - self.at) & ((1 << bits) - 1)

    def shifted(self: Any, bits: int) -> int:
        self.at += self.at == 0
        return _TAKE(self, bits)

    yield "octets in the other order", lambda patch: patch.setattr(datatypes._Bits, "take", plain)
    yield "a bit too late", lambda patch: patch.setattr(datatypes._Bits, "take", shifted)
    real = struct.unpack
    big = type("Big", (), {"unpack": staticmethod(lambda form, raw: real(form.replace("<", ">"), raw))})
    yield "floats in the other order", lambda patch: patch.setattr(datatypes, "struct", big)
    for what, moved in (("left", lambda one: one << 1), ("right", lambda one: one >> 1)):
        yield (
            f"identifier moved to the {what}",
            lambda patch, moved=moved: patch.setattr(Header, "of", staticmethod(lambda one: _OF(moved(one)))),
        )
    yield (
        "source and priority exchanged",
        lambda patch: patch.setattr(
            Header,
            "of",
            staticmethod(lambda one: replace(_OF(one), source=_OF(one).priority, priority=_OF(one).source)),
        ),
    )
    yield (
        "toggle for end",
        lambda patch: (patch.setattr(transfers, "_END", 0x20), patch.setattr(transfers, "_TOGGLE", 0x40)),
    )
    yield (
        "no sum before the payload",
        lambda patch: patch.setattr(transfers, "transfer_crc", lambda signature, payload: 0),
    )


def _plain(found: list[Reading]) -> str:
    """Numbers as such: 0, 0.0 and -0.0 are one."""
    return repr(
        [
            (
                one.message,
                one.kind,
                {key: said if isinstance(said, str) else said + 0.0 for key, said in one.values.items()},
            )
            for one in found
        ]
    )


def test_wrong_first_decoders_are_caught() -> None:
    """Some read this bus right all the same: a zero of other sign, two neighbours of one value. All others are
    caught."""
    recordings = [Recording("bus", SAMPLE.data)]
    assert caught(DECODER, readings, recordings, _wrong_decoders(), plain=_plain) == (220, 27, [])
