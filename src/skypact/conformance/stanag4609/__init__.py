"""STANAG 4609 motion imagery: MISB ST 0601 metadata in an MPEG-2 transport stream, as MISB ST 1402 carries them.

Synchronous (stream type 15, metadata access units with presentation times) and asynchronous (stream type 06, KLVA).
Written from ISO/IEC 13818-1; of ST 1402, which could not be read here, requirements are cited as public sources do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

from skypact.conformance import captures, klv
from skypact.conformance.report import Layer, Place
from skypact.conformance.span import Least
from skypact.conformance.stanag4609 import rules, wireshark
from skypact.conformance.stanag4609.carriers import Carried, streams
from skypact.conformance.stanag4609.declared import ASYNCHRONOUS, SYNCHRONOUS
from skypact.conformance.stanag4609.packets import PACKET
from skypact.conformance.stanag4609.readings import readings
from skypact.conformance.stanag4609.samples import samples
from skypact.conformance.stanag4609.session import Session
from skypact.conformance.standard import Evidence, Recording, Standard


def examine(recordings: Sequence[Recording], claim: str | None, evidence: Evidence) -> None:
    for recording in recordings:
        found, numbers = 0, count(1)
        try:
            for carried in streams(recording):
                found += _stream(carried, recording, claim, evidence, numbers)
        except captures.BrokenCaptureError as error:
            evidence.find(rules.BROKEN_CAPTURE.id, Place(file=recording.name), str(error))
        if not found:
            told = f"Nothing in it is a transport stream; expected packets of {PACKET} bytes that begin with 47."
            evidence.find(rules.NO_STREAM.id, Place(file=recording.name), told)


def _stream(
    carried: Carried, recording: Recording, claim: str | None, evidence: Evidence, numbers: Iterator[int]
) -> int:
    """How many packets it has."""
    for rule, told in ((rules.DATAGRAM, carried.faults), (rules.RTP, carried.gaps)):
        for number, sentence in told:
            evidence.find(rule.id, Place(file=recording.name, field=f"datagram {number}"), sentence)
    return Session(evidence, claim, recording.name, numbers).feed(bytes(carried.data))


STANDARD = Standard(
    name="stanag4609",
    title="STANAG 4609 motion imagery: KLV in an MPEG-2 transport stream",
    versions=(SYNCHRONOUS, ASYNCHRONOUS, *klv.STANDARD.versions),
    profile="metadata of motion imagery",
    inputs="transport streams; pcap and pcapng of UDP, with RTP or without",
    rules=rules.RULES,
    packages=(),
    layers=(Layer.DECODE, Layer.SCHEMA, Layer.SEMANTIC, Layer.EXCHANGE),
    examine=examine,
    least=Least(
        "ISO/IEC 13818-1 and MISB ST 1402: tables every 250 ms, video times every 0.7 s; lab rule: two of the longest",
        seconds=1.4,
        messages=3,
    ),
    samples=samples,
    ceiling="clock references and presentation times may be other ones within their limits; flags that bind nobody",
    captures=True,
    readings=readings,
    second=(wireshark.DECODER,),
)
