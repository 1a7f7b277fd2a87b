"""Which results must be made anew, and why. Pure: nothing is read here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from urllib.parse import urlencode

from skypact.conformance.report import Verdict
from skypact.market.lab.naming import Subject, editions, live_command, supersedes
from skypact.market.lab.selectors import Badge, State, weight
from skypact.schema import Port

#: So long before its last day a result is due.
AHEAD = timedelta(days=60)


class Why(StrEnum):
    """Why an interface is to be tested again."""

    FIRMWARE = "firmware"
    """another one is shipped than was tested"""
    EXPIRED = "expired"
    EXPIRING = "expiring"
    DISTRUSTED = "distrusted"
    """this node no longer believes the key"""
    SAYS_NO = "says_no"
    NO_BADGE = "no_badge"
    """it conforms, and some rung is missing"""
    NEWER_VERSION = "newer_version"
    """beside another reason: the lab tests a newer version of the standard"""


@dataclass(frozen=True)
class Due:
    """One interface of one product that is to be tested again."""

    badge: Badge
    """the result that counts most of this standard and version"""
    firmware: str
    """what its vendor ships now; empty: it was never said"""
    why: tuple[Why, ...]
    newer: str = ""
    """a newer version that the lab tests and the product has no result of"""

    @property
    def query(self) -> str:
        """The form of the lab with all that is known filled in."""
        row = self.badge.result
        known = {"listing": row.listing, "standard": row.standard, "claim": row.version}
        return urlencode({**known, "firmware": self.firmware} if self.firmware else known)

    @property
    def command(self) -> str:
        """The same on the vendor's own machine: recorded live, or with a tool of his where the lab hears nothing."""
        row = self.badge.result
        claim = f' --claim "{row.version}"' if row.version else ""
        return live_command(row.standard, claim) or f"skypact lab check {row.standard} FILE{claim}"


def due_of(badges: Iterable[Badge], *, firmware: str, ports: Sequence[Port], on: date) -> list[Due]:
    """What is due of one listing's results, soonest needed first. ``ports``: what the listing states.

    A result is replaced, and never due, once a badge of a later edition of its standard holds, unless a port of the
    listing states the older edition itself: then its evidence would lapse.
    """
    groups: dict[tuple[str, str], list[Badge]] = defaultdict(list)
    for badge in badges:
        if badge.state is not State.WITHDRAWN:
            groups[badge.result.standard, badge.result.version].append(badge)
    proven = [key for key, group in groups.items() if any(badge.proves for badge in group)]
    found = []
    for (standard, version), group in groups.items():
        replaced = any(name == standard and supersedes(standard, later, version) for name, later in proven)
        if replaced and not any(Subject.of(standard, version).named_by(port) for port in ports):
            continue
        counted = max(group, key=weight)
        if why := _reasons(counted, on):
            newer = newer_version(standard, version)
            newer = "" if (standard, newer) in groups else newer
            found.append(Due(counted, firmware, (*why, *((Why.NEWER_VERSION,) if newer else ())), newer))
    order = list(Why)
    return sorted(found, key=lambda one: (order.index(one.why[0]), one.badge.result.standard, one.badge.result.version))


def _reasons(badge: Badge, on: date) -> list[Why]:
    if badge.denies:
        return [Why.SAYS_NO]
    by_state = {State.RETEST: Why.FIRMWARE, State.EXPIRED: Why.EXPIRED, State.DISTRUSTED: Why.DISTRUSTED}
    if badge.state in by_state:
        return [by_state[badge.state]]
    found = []
    last = badge.result.valid_until
    if last is not None and last - on < AHEAD:
        found.append(Why.EXPIRING)
    if not badge.proves and badge.result.verdict == Verdict.CONFORMS.value:
        found.append(Why.NO_BADGE)
    return found


def newer_version(standard: str, version: str) -> str:
    """The newest version that the lab tests after ``version``; empty where there is none, or no order among them."""
    newest = editions(standard, version)[-1:]
    return newest[0] if newest and newest[0] != version else ""
