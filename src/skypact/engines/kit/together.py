"""Do the products of one kit work together? The engine of sets judges: pairs for the program, every kit as a whole.

What it answers *no* may not be in a kit; what it answers *unknown* only where the requirement accepts that.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from skypact.engines.interop import Mains
from skypact.engines.interop.together import Aspect, Finding, Part, Wanted, check
from skypact.engines.interop.together import Question as Asked
from skypact.engines.interop.together.air import bands, conflicts
from skypact.engines.interop.together.checking import power_findings, rate_of, tracks_carried, tracks_of
from skypact.engines.interop.together.feeding import hangs_on, load_w
from skypact.engines.interop.together.question import serves, worst
from skypact.engines.kit.candidates import Candidate, Field, accepted_as
from skypact.schema import Answer, CoexistenceRule, Listing, OnAir, PortRole, Question, Requirement

#: The question of the requirement to which each aspect of a set belongs.
_QUESTION = {
    Aspect.AIR: Question.COEXISTENCE,
    Aspect.CAPACITY: Question.INTERFACE_DETAIL,
    Aspect.MOUNT: Question.INTERFACE_DETAIL,
    Aspect.TIME: Question.INTERFACE_DETAIL,
    Aspect.POSITION: Question.INTERFACE_DETAIL,
    Aspect.DATA: Question.INTEROPERABILITY,
    Aspect.POWER: Question.POWER,
}
#: Aspects whose unknown answers the composer weighs product by product: they rest on the planner's assumptions too.
_WEIGHED_BEFORE = frozenset({Aspect.DATA, Aspect.POWER})
#: So many of each, side by side, tell whether numbers decide on the air.
_MANY = 8

Air = tuple[object, ...]
Flags = NDArray[np.bool_]


@dataclass(eq=False)
class Together:
    """The rules of one requirement's kits, on one day."""

    requirement: Requirement
    rules: tuple[CoexistenceRule, ...]
    on: date
    _known: dict[tuple[int, int, int], bool] = field(default_factory=dict)
    _airs: dict[Air, int] = field(default_factory=dict)
    _air_of: dict[str, int] = field(default_factory=dict)

    def findings(self, whole: Sequence[Part], places: Iterable[Sequence[Part]]) -> tuple[Finding, ...]:
        """Everything found about a set, ``whole``, of which ``places`` hang on a circuit of the mains each."""
        found = [one for one in check(self._asked(whole)).findings if one.aspect in _QUESTION]
        for place in places:
            found += power_findings(self._asked(place, powered=True))
        each = {(one.aspect, one.subjects, one.reason.text): one for one in found}
        return tuple(each.values())

    def against(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """What of ``findings`` a kit may not have: every no, and the unknowns that the requirement does not accept."""
        return tuple(
            one
            for one in findings
            if one.answer is Answer.NO
            or (one.answer is Answer.UNKNOWN and one.aspect not in _WEIGHED_BEFORE and self.accepted(one) is None)
        )

    def open(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The accepted unknowns that the composer does not know product by product."""
        return tuple(one for one in findings if one.answer is Answer.UNKNOWN and one.aspect not in _WEIGHED_BEFORE)

    def accepted(self, finding: Finding) -> Question | None:
        """As which question the requirement accepts an unknown answer; ``None``: it does not."""
        return accepted_as(_QUESTION[finding.aspect], self.requirement)

    @property
    def details_accepted(self) -> bool:
        """Whether a hub may take more than one sensor, or carry data, of which nobody says how much."""
        return accepted_as(Question.INTERFACE_DETAIL, self.requirement) is not None

    @property
    def accepted_level(self) -> int:
        """The weakest sureness that the requirement accepts: 0 sure, 1 a detail is open, 2 not impossible."""
        if Question.INTEROPERABILITY in self.requirement.accept_unknown:
            return 2
        return int(self.details_accepted)

    @property
    def mains(self) -> Mains | None:
        """The socket at every position."""
        asked = self.requirement
        return Mains(asked.mains_voltage_v, asked.mains_current_a) if asked.mains else None

    def clash(self, one: Listing, other: Listing, *, many: bool = False) -> bool:
        """Whether the two, or two of one, may not be in one kit for what they do on the air; ``many``: in numbers."""
        airs = sorted((self._air(one), self._air(other)))
        count = (_MANY if many else 1) if one.id != other.id else (2 * _MANY if many else 2)
        key = (airs[0], airs[1], count if one.id != other.id else -count)
        if key not in self._known:
            parts = [Part(one, count)] if one.id == other.id else [Part(one, count), Part(other, count)]
            found = conflicts(self._asked(parts))
            if one.id != other.id:
                found = [finding for finding in found if len(set(finding.subjects)) > 1]
            answer = worst([finding.answer for finding in found])
            refused = accepted_as(Question.COEXISTENCE, self.requirement) is None
            self._known[key] = answer is Answer.NO or (answer is Answer.UNKNOWN and refused)
        return self._known[key]

    def numbers_decide(self, one: Listing, other: Listing) -> bool:
        """Whether some of both, or of one, stand side by side and many do not: there are only so many channels."""
        return not self.clash(one, other) and self.clash(one, other, many=True)

    def clashes(self, ones: Sequence[Listing], others: Sequence[Listing]) -> tuple[Flags, Flags]:
        """:meth:`clash` of each of ``ones`` with each of ``others``, bool (n, m).

        And of which of ``ones`` numbers decide, bool (n,). Of products that do alike on the air one speaks for all.
        """
        airs = [[self._air(listing) for listing in group] for group in (ones, others)]
        clash = np.zeros((len(ones), len(others)), dtype=np.bool_)
        counted = np.zeros(len(ones), dtype=np.bool_)
        alike = [
            {air: [n for n, own in enumerate(group) if own == air] for air in dict.fromkeys(group)} for group in airs
        ]
        for rows in alike[0].values():
            for columns in alike[1].values():
                one = ones[rows[0]]
                other = next((others[column] for column in columns if others[column].id != one.id), None)
                if other is not None:
                    clash[np.ix_(rows, columns)] = self.clash(one, other)
                    counted[rows] |= self.numbers_decide(one, other)
            counted[rows] |= self.numbers_decide(ones[rows[0]], ones[rows[0]])
        number = {listing.id: column for column, listing in enumerate(others)}
        for row, one in enumerate(ones):
            if one.id in number:
                clash[row, number[one.id]] = self.clash(one, one)
        return clash, counted

    def carries(self, sensor: Listing, stop: Listing) -> bool:
        """Whether a hub or gateway carries one unit of a sensor, as far as somebody states it."""
        most = tracks_carried(stop, self.on)
        if most is not None and any(count > most for count in tracks_of(sensor, self.on)):
            return False
        sent, taken = rate_of(sensor, PortRole.CONSUMES), rate_of(stop, PortRole.PROVIDES)
        return self.details_accepted or (sent is None) == (taken is None)

    def room(self, stop: Listing, *, unstated: bool = True) -> int | None:
        """How many sensors one unit of a hub or gateway takes; ``None``: without limit.

        One where nobody states it and that must be sure; ``unstated`` says whether that counts.
        """
        stated = serves(stop, self.on)
        if stated is not None:
            return int(stated)
        return 1 if unstated and not self.details_accepted else None

    def rate_sent(self, sensor: Listing) -> int:
        """What one unit sends, bit/s; 0 where nobody states it."""
        return math.ceil(rate_of(sensor, PortRole.CONSUMES) or 0.0)

    def rate_taken(self, stop: Listing) -> int | None:
        """What one unit of a hub or gateway takes, bit/s; ``None`` where nobody states it."""
        taken = rate_of(stop, PortRole.PROVIDES)
        return None if taken is None else math.floor(taken)

    def tracks_sent(self, sensor: Listing) -> int:
        """How many tracks one unit reports."""
        return math.ceil(sum(tracks_of(sensor, self.on)))

    def tracks_taken(self, stop: Listing) -> int | None:
        """How many tracks it surely carries; ``None``: nobody states it, or that fusion may lower them is accepted."""
        most = tracks_carried(stop, self.on)
        return None if most is None or self.details_accepted else math.floor(most)

    def circuit_mw(self) -> int:
        """What one position's circuit gives, in thousandths of a watt."""
        return 0 if self.mains is None else math.floor(self.mains.voltage_v * self.mains.current_a * 1000)

    def drawn_mw(self, candidate: Candidate, field_: Field) -> int:
        """What one unit takes from its position's circuit, directly or through its source, mW; 0 if unknown."""
        source = None if candidate.feed.source is None else field_.sources[candidate.feed.source].listing
        hangs = candidate.feed.mains or (source is not None and hangs_on(source, self.mains))
        stated = load_w(candidate.listing, self.on)
        watts = candidate.draw.watts if stated is None else stated
        return math.ceil((watts or 0.0) * 1000) if hangs else 0

    def _asked(self, parts: Sequence[Part], *, powered: bool = False) -> Asked:
        wanted = Wanted(
            powered=powered, common=not powered, mains=self.mains, mast_m=self.requirement.placement.mast_height_m
        )
        return Asked(tuple(parts), wanted, self.on, rules=self.rules)

    def _air(self, listing: Listing) -> int:
        """All that decides what a product does to others on the air, by number."""
        if listing.id not in self._air_of:
            used = (bands(listing, does, on=self.on) for does in OnAir)
            air = (listing.category.value, *(tuple((one.low, one.high, one.width) for one in each) for each in used))
            self._air_of[listing.id] = self._airs.setdefault(air, len(self._airs))
        return self._air_of[listing.id]


def parts(counted: Iterable[tuple[Listing, int]]) -> tuple[Part, ...]:
    """One part a product, each product once."""
    known: dict[str, Listing] = {}
    units: Counter[str] = Counter()
    for listing, count in counted:
        known[listing.id] = listing
        units[listing.id] += count
    return tuple(Part(known[name], count) for name, count in units.items())
