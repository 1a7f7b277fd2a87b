"""Which ports a result is about: the lab's names of standards beside those that listings use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from skypact.conformance import STANDARDS
from skypact.engines.interop.mating import canonical, dialect, same_edition
from skypact.schema import Port, PortKind, PortRole

#: The lab's standard → the names, as the interop engine compares them, under which ports state it.
_NAMES = {
    "sapient": frozenset({"sapient"}),
    "cot": frozenset({"cot"}),
    "remote_id": frozenset({"remote id", "broadcast remote id", "astm f3411", "asd-stan en 4709-002"}),
    "f3411_network": frozenset({"network remote id", "astm f3411 network"}),
    "klv": frozenset({"klv", "misb st 0601", "st 0601"}),
    "stanag4609": frozenset({"stanag 4609", "misb st 1402", "st 1402"}),
    "asterix": frozenset({"asterix"}),
    "mavlink": frozenset({"mavlink"}),
    "dronecan": frozenset({"dronecan", "uavcan v0"}),
}
#: Other spellings of the lab's versions.
_VERSIONS = {
    "mavlink": {"1": "mavlink 1", "v1": "mavlink 1", "2": "mavlink 2", "v2": "mavlink 2", "2.0": "mavlink 2"},
    "dronecan": {"1": "dronecan 1", "v1": "dronecan 1"},
}

#: What stands before the version where people read it.
_SPOKEN = {
    "sapient": "SAPIENT ",
    "cot": "CoT ",
    "remote_id": "Remote ID ",
    "f3411_network": "Network Remote ID ",
    "klv": "MISB ",
    "stanag4609": "STANAG 4609 ",
    "asterix": "ASTERIX ",
    "mavlink": "",
    "dronecan": "",
}
#: The name of those of which a part stands in the version.
_ALONE = {"mavlink": "MAVLink", "dronecan": "DroneCAN", "klv": "MISB ST 0601"}
#: Where a product that speaks a standard is heard. The others go over the air, a bus or an interface that is asked.
_HEARD_AT = {
    "sapient": "tcp://0.0.0.0:4000",
    "cot": "udp://0.0.0.0:6969",
    "klv": "tcp://0.0.0.0:4000",
    "stanag4609": "udp://0.0.0.0:5000",
    "asterix": "udp://0.0.0.0:8600",
    "mavlink": "udp://0.0.0.0:14550",
}


def live_command(standard: str, options: str) -> str:
    """What records a product live that speaks ``standard``; empty where the lab has no socket for it."""
    where = _HEARD_AT.get(standard)
    return f"skypact lab listen {standard} {where}{options} --keep session/" if where else ""


def spoken(standard: str, version: str) -> str:
    """A standard with its version, short: ``SAPIENT BSI Flex 335 v2.0``; of no version the standard alone."""
    name = _SPOKEN.get(standard, f"{standard} ")
    return f"{name}{version}" if version else _ALONE.get(standard, name.strip())


def standards_of(ports: Iterable[Port]) -> list[str]:
    """The lab's names of the standards that ``ports`` state."""
    stated = {canonical(port.standard) for port in ports if port.kind is PortKind.DATA}
    return [name for name, names in _NAMES.items() if names & stated]


@dataclass(frozen=True)
class Stated:
    """An interface that a listing states and that the lab can test."""

    standard: str
    """the lab's name"""
    version: str
    """the lab's; empty where what is stated fits several"""
    words: str
    """what the listing states"""


def stated_claims(ports: Iterable[Port]) -> list[Stated]:
    """What of ``ports`` the lab can test, each once, in their order; no version that the lab does not know."""
    found: dict[Stated, None] = {}
    for port in ports:
        for name in standards_of([port]):
            tested = [one for one in STANDARDS[name].versions if Subject.of(name, one).concerns(port, answers=True)]
            if tested or port.version is None:
                words = " ".join(part for part in (port.standard, port.version, dialect(port)) if part)
                found[Stated(name, tested[0] if len(tested) == 1 else "", words)] = None
    return list(found)


def editions(standard: str, version: str) -> tuple[str, ...]:
    """The lab's versions of which ``version`` is an edition, oldest first; nothing where they have no order.

    Of ASTERIX those of its category. XML and TAK protocol are two ways to send one event, the carriages of ST 1402 two
    ways to send one set: neither comes after the other.
    """
    known = STANDARDS[standard].versions if standard in STANDARDS and standard != "cot" else ()
    if standard in ("asterix", "stanag4609"):
        line = version.partition(" ")[0] if standard == "asterix" else "ST 0601"
        known = tuple(one for one in known if one.startswith(line))
    return known if version in known else ()


def supersedes(standard: str, version: str, other: str) -> bool:
    """Whether ``version`` is a later edition than ``other``, or one at all where ``other`` is empty."""
    if not other:
        return version != ""
    known = editions(standard, other)
    return version in known and known.index(version) > known.index(other)


@dataclass(frozen=True)
class Subject:
    """What a result is about, in the words of ports."""

    standard: str
    """the lab's name"""
    version: str
    profile: str | None = None

    @classmethod
    def of(cls, standard: str, claimed: str) -> Subject:
        """Of a claim that the lab tested. An ASTERIX port states the category, and the edition as its profile."""
        if standard == "asterix":
            category, _, edition = claimed.partition(" ")
            return cls(standard, category, f"edition {edition}")
        return cls(standard, claimed)

    def concerns(self, port: Port, *, answers: bool) -> bool:
        """Whether what was tested is what ``port`` states: standard, edition and profile, as far as it states them.

        A recording shows what a product sends. A port that only takes is concerned where the session holds its
        ``answers`` too.
        """
        if port.kind is not PortKind.DATA or canonical(port.standard) not in _NAMES.get(self.standard, frozenset()):
            return False
        if port.role is PortRole.CONSUMES and not answers:
            return False
        stated = dialect(port)
        return self._same_version(port.version) and (stated is None or _same_words(stated, self.profile))

    def named_by(self, port: Port) -> bool:
        """Whether ``port`` states this very edition, so that no other one stands for it."""
        stated = dialect(port) if self.profile else port.version
        return stated is not None and self.concerns(port, answers=True)

    def _same_version(self, stated: str | None) -> bool:
        if stated is None:
            return True
        known = _VERSIONS.get(self.standard, {})
        return same_edition(known.get(stated.casefold().strip(), stated), self.version)


def _same_words(one: str, other: str | None) -> bool:
    return other is not None and one.casefold().strip() == other.casefold().strip()
