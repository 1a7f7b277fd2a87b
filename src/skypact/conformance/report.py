"""What a check of a recording found: findings with their place and clause, and a verdict that can be signed.

A verdict is three-valued. ``conforms`` needs messages of the standard and a yes of every layer; one fault anywhere is
``does not conform``; anything that the recording does not show is ``cannot tell``, which never turns into yes.
"""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum

from pydantic import Field

from skypact.schema.base import Model

#: The share of changes outside open values that a lab must notice before its word is worth a badge.
LEAST_MUTATION = 0.99


class Layer(StrEnum):
    """What a rule looks at. Each layer can be judged only when the one before it could."""

    DECODE = "decode"
    """Does it parse, to the last bit?"""
    SCHEMA = "schema"
    """Fields present, ids and enumerations well formed, versions as claimed."""
    SEMANTIC = "semantic"
    """Values that can be true: units, coordinate systems, ranges."""
    EXCHANGE = "exchange"
    """Messages that fit together: order, rates, references."""


class Severity(StrEnum):
    FAULT = "fault"
    WARNING = "warning"
    UNKNOWN = "unknown"
    """The recording lacks what the rule needs; the layer can then no longer be called conforming."""


class Verdict(StrEnum):
    CONFORMS = "conforms"
    DOES_NOT_CONFORM = "does not conform"
    CANNOT_TELL = "cannot tell"


class Place(Model):
    """Where in the recording: the file, the message counted from 1, and the field inside it."""

    file: str
    message: int | None = None
    field: str = ""

    def __str__(self) -> str:
        at = f"{self.file}, message {self.message}" if self.message is not None else self.file
        return f"{at}, {self.field}" if self.field else at


class Finding(Model):
    rule: str
    layer: Layer
    clause: str
    """The passage of the standard, or the words "lab rule" with its reason where the standard is silent."""
    severity: Severity
    place: Place
    """The first one."""
    sentence: str
    times: int = Field(default=1, ge=1, exclude_if=lambda times: times == 1)
    """How often the rule said this very sentence of the file."""
    also: tuple[Place, ...] = Field(default=(), exclude_if=lambda places: not places)
    """The next places at which it did."""


class RecordedFile(Model):
    name: str
    bytes: int
    sha256: str


class Decoder(Model):
    name: str
    version: str


class Disagreement(Model):
    """What two decoders read at one place; "nothing" where one of them read no value there."""

    place: Place
    ours: str
    theirs: str


class Agreement(Model):
    """What a second decoder says of the same recordings."""

    decoder: Decoder
    """Its version is empty where it is not on this machine."""
    messages_both: int
    only_first: int
    only_second: int
    values_compared: int
    disagreements: tuple[Disagreement, ...]
    """The first ones."""
    disagreed: int
    """All of them: values that differ, and messages that only one decoder read."""
    verdict: Verdict
    """``conforms`` where both read the same; else nobody can tell."""
    reason: str = ""
    """Why there is nothing to compare."""


class Heard(Model):
    """How much the recordings hold of the one sender of whom they show most."""

    sender: str
    """As the standard names it; empty where the whole session is one."""
    messages: int
    seconds: float | None
    """From its first to its last message; ``None`` where they hold no times."""
    short: tuple[str, ...]
    """What is too little for a badge, each in a sentence; nothing where it is enough."""
    why: str
    """Why so much is asked."""


class Report(Model):
    standard: str
    claimed: str | None
    seen: tuple[str, ...]
    """Versions that the recording states; for a format that states none, those under which all of it parses."""
    profile: str
    files: tuple[RecordedFile, ...]
    decoders: tuple[Decoder, ...]
    counts: dict[str, int]
    """Messages by kind."""
    found: dict[str, int]
    """How often each rule found something; ``findings`` keeps the first sentences of each rule and file."""
    findings: tuple[Finding, ...]
    layers: dict[Layer, Verdict]
    verdict: Verdict
    agreements: tuple[Agreement, ...] = Field(default=(), exclude_if=lambda found: not found)
    """One for each second decoder; none where the recordings were not compared."""
    mutation: float | None = Field(default=None, exclude_if=lambda share: share is None)
    """The share of changes outside open values that the lab of this standard notices: its own published score."""

    heard: Heard | None = Field(default=None, exclude_if=lambda heard: heard is None)
    """``None`` in reports from before labs measured it: nobody can tell whether it was enough."""

    def rungs(self) -> dict[str, Verdict]:
        """What a badge stands on, each by itself."""
        layers = {name: self.layers.get(layer, Verdict.CANNOT_TELL) for name, layer in _RUNGS.items()}
        if layers["exchange"] is Verdict.CONFORMS and (self.heard is None or self.heard.short):
            layers["exchange"] = Verdict.CANNOT_TELL
        return {**layers, "second decoder": self._second(), "mutation": self._mutation()}

    def _second(self) -> Verdict:
        agreed = any(one.verdict is Verdict.CONFORMS for one in self.agreements)
        return Verdict.CONFORMS if agreed and not self.disagreed else Verdict.CANNOT_TELL

    def _mutation(self) -> Verdict:
        if self.mutation is None:
            return Verdict.CANNOT_TELL
        return Verdict.CONFORMS if self.mutation >= LEAST_MUTATION else Verdict.DOES_NOT_CONFORM

    @property
    def disagreed(self) -> int:
        """Disagreements of all second decoders."""
        return sum(one.disagreed for one in self.agreements)

    @property
    def earns_badge(self) -> bool:
        """Whether a claimed version held on every rung. A second decoder that is not there withholds the badge only."""
        held = all(verdict is Verdict.CONFORMS for verdict in self.rungs().values())
        return held and self.verdict is Verdict.CONFORMS and self.claimed is not None

    def content_hash(self) -> str:
        """SHA-256 over the canonical JSON (sorted keys, no spaces): what a signature signs."""
        said = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()


_RUNGS = {
    "strict parse": Layer.DECODE,
    "rules": Layer.SCHEMA,
    "plausibility": Layer.SEMANTIC,
    "exchange": Layer.EXCHANGE,
}


def worst(verdicts: list[Verdict]) -> Verdict:
    """One no makes a no; else one unknown makes an unknown; nothing judged is unknown."""
    for verdict in (Verdict.DOES_NOT_CONFORM, Verdict.CANNOT_TELL):
        if verdict in verdicts:
            return verdict
    return Verdict.CONFORMS if verdicts else Verdict.CANNOT_TELL
