"""What is asked of KLV in a transport stream. Requirements of MISB ST 1402 are named where public sources name them."""

from __future__ import annotations

from skypact.conformance import klv
from skypact.conformance.report import Layer, Severity
from skypact.conformance.standard import Rule

_TS = "ISO/IEC 13818-1 (ITU-T H.222.0)"
_MISB = "MISB ST 1402"

BROKEN_CAPTURE = Rule("stanag4609.broken-capture", Layer.DECODE, "pcap and pcapng (IETF opsawg drafts)")
NO_STREAM = Rule(
    "stanag4609.no-stream",
    Layer.DECODE,
    "lab rule: a recording holds a transport stream, or a capture a flow of UDP that begins like one",
    Severity.UNKNOWN,
)
PACKET = Rule("stanag4609.packet", Layer.DECODE, f"{_TS}, 2.4.3.2: packets of 188 bytes that begin with 47")
SIZE = Rule(
    "stanag4609.size", Layer.DECODE, f"{_MISB}: packets of 188 bytes; recorders write 192 and 204", Severity.WARNING
)
DATAGRAM = Rule(
    "stanag4609.datagram", Layer.DECODE, f"{_MISB}.2: a datagram holds whole packets of 188 bytes; RFC 2250"
)
RTP = Rule(
    "stanag4609.rtp",
    Layer.DECODE,
    "RFC 3550, 5.1: sequence numbers; here the network lost or doubled",
    Severity.WARNING,
)
ADAPTATION = Rule("stanag4609.adaptation-field", Layer.DECODE, f"{_TS}, 2.4.3.4 and 2.4.3.5")
TRANSPORT_ERROR = Rule("stanag4609.transport-error", Layer.DECODE, f"{_TS}, 2.4.3.3, transport_error_indicator")
SCRAMBLED = Rule("stanag4609.scrambled", Layer.DECODE, f"{_TS}, 2.4.3.3; lab rule: what is scrambled cannot be judged")
CONTINUITY = Rule("stanag4609.continuity", Layer.DECODE, f"{_TS}, 2.4.3.3, continuity_counter")
SECTION = Rule("stanag4609.section", Layer.DECODE, f"{_TS}, 2.4.4 and annex A: sections, their lengths and CRC-32")
PES = Rule("stanag4609.pes", Layer.DECODE, f"{_TS}, 2.4.3.6 and 2.4.3.7, PES packets")
CUT = Rule("stanag4609.cut", Layer.DECODE, "lab rule: the recording ends inside a PES packet of KLV", Severity.WARNING)
CELL = Rule("stanag4609.cell", Layer.DECODE, f"{_TS}, 2.12.4: cells of metadata access units")
PROGRAM = Rule("stanag4609.program", Layer.SCHEMA, f"{_TS}, 2.4.4.3 and 2.4.4.8, program association and program map")
UNNAMED = Rule("stanag4609.unnamed", Layer.SCHEMA, "lab rule: what no table names cannot be judged", Severity.UNKNOWN)
NO_KLV = Rule(
    "stanag4609.no-klv", Layer.SCHEMA, "lab rule: a program map names a stream of KLV, and it comes", Severity.UNKNOWN
)
CARRIAGE = Rule(
    "stanag4609.carriage", Layer.SCHEMA, f"{_MISB}, -06 and -23: stream_type 15 and stream_id FC, or 06 and BD"
)
REGISTRATION = Rule(
    "stanag4609.registration", Layer.SCHEMA, f"{_MISB}, -03, -25; SMPTE RP 217: registration_descriptor KLVA"
)
METADATA = Rule(
    "stanag4609.metadata-descriptor",
    Layer.SCHEMA,
    f"{_MISB}, -15, -16 and ST 1402.1-26; {_TS}, 2.6.60: KLVA, its service",
)
BUFFER = Rule("stanag4609.metadata-std", Layer.SCHEMA, f"{_MISB}, -17; {_TS}, 2.6.62: one metadata_STD_descriptor")
IMAGERY = Rule(
    "stanag4609.motion-imagery", Layer.SCHEMA, f"{_MISB}, -14 and -24: metadata beside motion imagery in one program"
)
TWO_STREAMS = Rule(
    "stanag4609.two-streams", Layer.SCHEMA, f"{_MISB}, -13: a program has one synchronous stream of metadata"
)
ONE_SET = Rule("stanag4609.one-set", Layer.SCHEMA, "lab rule: an access unit describes one moment: one set of ST 0601")
CLAIM = Rule("stanag4609.claim", Layer.SCHEMA, f"{_MISB}, synchronous or asynchronous")
NO_PTS = Rule(
    "stanag4609.no-pts", Layer.SEMANTIC, f"{_MISB}; {_TS}, 2.12.4: synchronous metadata have presentation times"
)
PTS = Rule(
    "stanag4609.pts",
    Layer.SEMANTIC,
    f"{_MISB}: asynchronous metadata have no presentation time (SMPTE RP 217)",
    Severity.WARNING,
)
DELAY = Rule(
    "stanag4609.delay",
    Layer.SEMANTIC,
    f"{_MISB}, -12: at most 1 s from arrival to presentation, and never after it; lab rule: to 0.1 s",
)
DRIFT = Rule(
    "stanag4609.drift",
    Layer.SEMANTIC,
    "lab rule: the time stamps of ST 0601 and the clock of the stream run alike, to 0.5 s in a recording",
)
ORDER = Rule(
    "stanag4609.pts-order", Layer.EXCHANGE, f"{_TS}, 2.12.4; lab rule: presentation times of one stream of KLV rise"
)
INTERVAL = Rule(
    "stanag4609.pts-interval", Layer.EXCHANGE, f"{_TS}, 2.7.4; {_MISB}.2, 7.3: video says its time every 0.7 s"
)
CLOCK = Rule("stanag4609.pcr", Layer.EXCHANGE, f"{_TS}, 2.7.2: a clock reference every 100 ms, and it does not jump")
TABLES = Rule("stanag4609.tables", Layer.EXCHANGE, f"{_MISB}: program association and program map come every 250 ms")

RULES = (
    BROKEN_CAPTURE,
    NO_STREAM,
    PACKET,
    SIZE,
    DATAGRAM,
    RTP,
    ADAPTATION,
    TRANSPORT_ERROR,
    SCRAMBLED,
    CONTINUITY,
    SECTION,
    PES,
    CUT,
    CELL,
    PROGRAM,
    UNNAMED,
    NO_KLV,
    CARRIAGE,
    REGISTRATION,
    METADATA,
    BUFFER,
    IMAGERY,
    TWO_STREAMS,
    ONE_SET,
    CLAIM,
    NO_PTS,
    PTS,
    DELAY,
    DRIFT,
    ORDER,
    INTERVAL,
    CLOCK,
    TABLES,
    *klv.RULES,
)
