"""What ``conformance`` says of its standards in English, in the reader's language. Names of standards stay."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from skypact.market.core.known_sentences import KnownSentences

TITLES = (
    _("SAPIENT, BSI Flex 335 v2"),
    _("Remote ID broadcast, ASTM F3411"),
    _("ASTM F3411 Remote ID over the network"),
    _("Cursor on Target, XML events and TAK protocol 1"),
    _("MISB ST 0601 metadata of motion imagery"),
    _("STANAG 4609 motion imagery: KLV in an MPEG-2 transport stream"),
    _("ASTERIX surveillance data, categories 001, 002, 021, 034, 048, 062, 063, 065, 129"),
    _("MAVLink 1 and 2 with battery and Open Drone ID messages"),
    _("DroneCAN with battery messages"),
)
INPUTS = (
    _("JSON objects one after another, or protobuf messages each after its length in 4 bytes, least first"),
    _("pcap or pcapng of Wi-Fi or Bluetooth LE; or the bare messages and packs one after another"),
    _("JSON objects one after another: responses to GET flights and GET details, or flight records"),
    _("XML event documents or TAK protocol messages one after another; pcap, pcapng of UDP"),
    _("KLV packets one after another, as taken out of the transport stream"),
    _("transport streams; pcap and pcapng of UDP, with RTP or without"),
    _("data blocks one after another, or pcap and pcapng of UDP"),
    _("telemetry logs (tlog); frames one after another; pcap, pcapng of UDP"),
    _("candump logs; pcap, pcapng of SocketCAN; slcan lines (which hold no times)"),
)
#: What of a standard is tested: which part in it the product plays.
PROFILES = (
    _("sensor node and command system"),
    _("broadcast transmitter"),
    _("service provider"),
    _("producer of events"),
    _("sensor metadata"),
    _("metadata of motion imagery"),
    _("producer of records"),
    _("component on a link"),
    _("node on a CAN bus"),
)
#: Whose a second decoder is, and what it shares with the first.
WHOSE = (
    _(
        "Our own reader of the wire and of JSON, by a table of field numbers taken from Dstl's definitions; "
        "the first is Google's protobuf with the types of sapient-msg, and they share no code."
    ),
    _("Our own, written apart from the first and from the public layout of Open Drone ID; the carriers are shared."),
    _("Another JSON parser, in Rust, and closed models by the public interface definition instead of our rules."),
    _(
        "An XML reader of our own with MITRE's event schema as a table, and Google's protobuf with a descriptor built "
        "from the public field numbers; the first is expat with rules and our own protobuf reader. "
        "Frames around datagrams are read by the same code."
    ),
    _("Our own, by a table of ranges written apart from the first decoder's."),
    _("Wireshark's dissectors of MPEG-2 transport streams, code of others in C."),
    _("Wireshark's dissector, code of others in C; its tables come from the same public specification files."),
    _("CroatiaControl's, in C++ with tables of its own, in a Python that the user names; it refuses nothing."),
    _("Our own, written from the table of items alone: no program of others is known that reads category 129."),
    _(
        "Our own reader by the fields of all public definitions, with seeds worked out from them; table, sum, search "
        "for frames and fields are written apart from the first. Frames around datagrams are read by the same code."
    ),
    _("The field's own library, by its own generated code; read only where its user has installed it."),
    _(
        "The package's own reassembly, sum and payload decoding; the first has transfers and bits of our own. "
        "Both take the definitions of the data types from the package. Frames of a capture are read by the same code."
    ),
)
#: Who tested, as :func:`skypact.market.lab.actions.own_name` puts it into what this node signs.
TESTERS = (
    _("skypact node %(node)s, from a recording that its own staff sent"),
    _("skypact node %(node)s, from a recording that a user sent"),
    _("skypact node %(node)s, from a recording that %(vendor)s sent"),
)

#: A result as evidence of a port, as :func:`skypact.market.lab.evidence.evidence_of` tells it.
EVIDENCE = (
    _("%(subject)s: conforms (%(who)s)"),
    _("%(subject)s: does not conform (%(who)s)"),
    _("conformance lab of skypact, from a recording: strict parse, rules, plausibility, exchange, second decoder"),
    _("firmware not stated"),
    _("firmware %(version)s"),
)

_KNOWN = KnownSentences([*TITLES, *INPUTS, *PROFILES, *WHOSE, *TESTERS, *EVIDENCE])


def described(text: str) -> str:
    """``text`` in the reader's language where it is one of these, else as it stands; so is what fills its holes."""
    for pattern, template in _KNOWN.patterns:
        found = pattern.fullmatch(text)
        if found is not None:
            return gettext(template) % {name: described(part) for name, part in found.groupdict().items()}
    return text
