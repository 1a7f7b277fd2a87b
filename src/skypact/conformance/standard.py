"""What each standard brings to the lab, and how a check runs."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version

import skypact
from skypact.conformance import scores
from skypact.conformance.report import (
    Agreement,
    Decoder,
    Finding,
    Layer,
    Place,
    RecordedFile,
    Report,
    Severity,
    Verdict,
    worst,
)
from skypact.conformance.second import Reading, SecondDecoder, compare, not_compared
from skypact.conformance.span import Least, Span

#: Made anew for each connection: takes each piece as it arrives, gives what to send back.
Answering = Callable[[], Callable[[bytes], bytes]]
#: Sentences of one rule on one file that a report spells out, those among them that differ in numbers only, and places
#: at which one of them was said; the rest are counted.
KEPT, ALIKE, PLACES = 20, 5, 5
#: Faults above which nothing is compared: the verdict is settled, and noise takes no second decoder's time.
MOST_FAULTS = 1_000
#: Letters of a sentence, and of the name of a field: what a recording puts into them may be the whole recording.
_LONGEST_SENTENCE, _LONGEST_FIELD = 600, 200
_NUMBERS = re.compile(r"0x[0-9a-fA-F]+|[0-9]+(?:[.,][0-9]+)*")


@cache
def _installed(package: str) -> str:
    """Its version: looked up once, for it is read from disk."""
    return version(package)


_TWO = "lab rule: two decoders that share no code read the same out of a recording"


@dataclass(frozen=True)
class Recording:
    name: str
    data: bytes


@dataclass(frozen=True)
class Rule:
    id: str
    layer: Layer
    clause: str
    severity: Severity = Severity.FAULT


@dataclass(frozen=True)
class Variant:
    """A sample with one field changed and everything that depends on it written anew: lengths, sums, numbering."""

    name: str
    data: bytes
    open: bool = False
    """The standard allows this too, as it allows leaving out what is optional."""


@dataclass(frozen=True)
class Sample:
    """A recording of our own that conforms. Mutation asks: which changes to it go unnoticed?"""

    data: bytes
    text: tuple[bytes, ...] = ()
    """Free text in it, which may say anything."""
    open: tuple[bytes | tuple[bytes, bytes], ...] = ()
    """Encoded values for which another one is as good: measured numbers, times, codes, names that nothing refers to.
    A pair is a value after the bytes that stand before it."""
    carried: tuple[bytes, ...] = ()
    """The parts that belong to the standard, where a carrier's frames lie around them; all of it when empty."""
    claim: str | None = None
    """The version that the recording is of."""
    variants: Callable[[], Iterable[Variant]] = tuple
    """Changes of fields, which no checksum hides."""


@dataclass
class _Said:
    """One sentence of a rule on a file, and where it holds."""

    places: list[Place]
    times: int = 1


@dataclass
class Evidence:
    """What a decoder and its rules write down while they go through the recordings."""

    rules: dict[str, Rule]
    counts: Counter[str] = field(default_factory=Counter)
    seen: set[str] = field(default_factory=set)
    found: Counter[str] = field(default_factory=Counter)
    judged: set[Layer] = field(default_factory=set)
    """Layers that had something to judge."""
    spans: dict[str, Span] = field(default_factory=dict)
    """By sender."""
    _said: dict[tuple[str, str, str], _Said] = field(default_factory=dict)
    """By rule, file and sentence, in the order of the recordings."""
    _kept: Counter[tuple[str, str]] = field(default_factory=Counter)
    _alike: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def find(self, rule: str, place: Place, sentence: str) -> None:
        """Writes down what a rule found. The same sentence on the same file is one finding with several places."""
        self.found[rule] += 1
        if len(sentence) > _LONGEST_SENTENCE:
            sentence = f"{sentence[:_LONGEST_SENTENCE]}… ({len(sentence)} characters)"
        if (said := self._said.get((rule, place.file, sentence))) is not None:
            said.times += 1
            if len(said.places) < PLACES:
                said.places.append(_shortened(place))
        elif self._kept[rule, place.file] < KEPT:
            kind = rule, place.file, _NUMBERS.sub("#", sentence)
            if self._alike[kind] < ALIKE:
                self._alike[kind] += 1
                self._kept[rule, place.file] += 1
                self._said[rule, place.file, sentence] = _Said([_shortened(place)])

    def hear(self, who: str, kind: str, time_s: float | None, *, turn_s: float | None = None) -> None:
        """Counts a message of a sender, at its own time or that of the recording."""
        self.spans.setdefault(who, Span()).hear(kind, time_s, turn_s)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The first sentences of each rule and file, each with how often it holds and where first."""
        return tuple(
            Finding(
                rule=rule,
                layer=self.rules[rule].layer,
                clause=self.rules[rule].clause,
                severity=self.rules[rule].severity,
                place=said.places[0],
                sentence=sentence,
                times=said.times,
                also=tuple(said.places[1:]),
            )
            for (rule, _, sentence), said in self._said.items()
        )

    @property
    def faults(self) -> int:
        """How often a rule found a fault."""
        return sum(times for rule, times in self.found.items() if self.rules[rule].severity is Severity.FAULT)

    def layer_verdict(self, layer: Layer) -> Verdict:
        severities = {self.rules[rule].severity for rule in self.found if self.rules[rule].layer is layer}
        if Severity.FAULT in severities:
            return Verdict.DOES_NOT_CONFORM
        if Severity.UNKNOWN in severities or layer not in self.judged:
            return Verdict.CANNOT_TELL
        return Verdict.CONFORMS


@dataclass(frozen=True)
class Standard:
    """``examine(recordings, claim, evidence)`` never raises on the bytes of a recording."""

    name: str
    title: str
    versions: tuple[str, ...]
    """The versions a claim may name."""
    profile: str
    inputs: str
    rules: tuple[Rule, ...]
    packages: tuple[str, ...]
    layers: tuple[Layer, ...]
    examine: Callable[[Sequence[Recording], str | None, Evidence], None]
    samples: Callable[[], Sequence[Sample]]
    ceiling: str
    """Which mutations nobody can reject, and why."""
    least: Least
    """How much of an exchange a badge rests on."""
    captures: bool = False
    """Whether pcap of UDP is read; live datagrams are then kept with their times."""
    answering: Answering | None = None
    """What speaks back while a product is recorded, where a product waits for that."""
    readings: Callable[[Sequence[Recording]], Iterable[Reading]] | None = None
    """What the first decoder reads, to be compared; it raises nothing on the bytes of a recording."""
    second: tuple[SecondDecoder, ...] = ()
    about: Callable[[str, str], bool] = lambda claim, kind: True
    """Whether readings of a kind are of what is claimed; who knows no such kind agrees to nothing."""

    def check(
        self,
        recordings: Sequence[Recording],
        claim: str | None = None,
        *,
        compare: bool = True,
    ) -> Report:
        """Judges the recordings as one session, and has them read by the second decoders unless ``compare`` is false.

        Raises ``ValueError`` for no recording and for a claim that names no version of the standard.
        """
        if not recordings:
            raise ValueError(f"{self.name}: no recording to check")
        if claim is not None and claim not in self.versions:
            raise ValueError(f'{self.name}: version "{claim}" is unknown; accepted: {", ".join(self.versions)}')
        other_reading = Rule(f"{self.name}.second-decoder", Layer.DECODE, _TWO, Severity.UNKNOWN)
        evidence = Evidence({rule.id: rule for rule in (*self.rules, other_reading)})
        self.examine(recordings, claim, evidence)
        agreements = self._compared(recordings, claim, evidence.faults) if compare else ()
        if not any(evidence.layer_verdict(layer) is Verdict.DOES_NOT_CONFORM for layer in self.layers):
            # What is broken may be read in more than one way: then the agreements tell, and no finding.
            _tell(agreements, other_reading.id, evidence)
        layers = {layer: evidence.layer_verdict(layer) for layer in self.layers}
        return Report(
            standard=self.name,
            claimed=claim,
            seen=tuple(sorted(evidence.seen)),
            profile=self.profile,
            files=tuple(
                RecordedFile(name=one.name, bytes=len(one.data), sha256=hashlib.sha256(one.data).hexdigest())
                for one in recordings
            ),
            decoders=(
                Decoder(name="skypact", version=skypact.__version__),
                *(Decoder(name=name, version=_installed(name)) for name in self.packages),
            ),
            counts=dict(sorted(evidence.counts.items())),
            found=dict(sorted(evidence.found.items())),
            findings=evidence.findings,
            layers=layers,
            verdict=worst(list(layers.values())),
            agreements=agreements,
            mutation=scores.closed_share(self.name),
            heard=self.least.judge(evidence.spans, lambda who: claim is None or self.about(claim, who)),
        )

    def _compared(self, recordings: Sequence[Recording], claim: str | None, faults: int) -> tuple[Agreement, ...]:
        if self.readings is None:
            return ()
        if faults > MOST_FAULTS:
            return tuple(not_compared(one, f"not asked: more than {MOST_FAULTS:,} faults") for one in self.second)

        def about(kind: str) -> bool:
            return claim is None or self.about(claim, kind)

        return tuple(compare(decoder, self.readings(recordings), recordings, about) for decoder in self.second)


def _shortened(place: Place) -> Place:
    if len(place.field) <= _LONGEST_FIELD:
        return place
    return place.model_copy(update={"field": f"{place.field[:_LONGEST_FIELD]}…"})


def _tell(agreements: tuple[Agreement, ...], rule: str, evidence: Evidence) -> None:
    for agreement in agreements:
        name = f"{agreement.decoder.name} {agreement.decoder.version}"
        for one in agreement.disagreements:
            evidence.find(rule, one.place, f"The first decoder: {one.ours}; {name}: {one.theirs}.")
        if more := agreement.disagreed - len(agreement.disagreements):
            evidence.found[rule] += more
