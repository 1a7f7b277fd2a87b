"""What the page of a check shows beyond the report's own fields: findings folded by rule, and what to do next."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from skypact.conformance import STANDARDS
from skypact.conformance.report import Finding, Report, Severity, Verdict


@dataclass(frozen=True)
class Folded:
    """The findings of one rule."""

    rule: str
    findings: tuple[Finding, ...]
    """the first ones"""
    count: int
    """all of them"""

    @property
    def first(self) -> Finding:
        """The one that stands for all while they are folded."""
        return self.findings[0]

    @property
    def left_out(self) -> int:
        """How many the report only counts."""
        return self.count - sum(1 + len(one.also) for one in self.findings)


@dataclass(frozen=True)
class Outcome:
    """A report as its reader needs it."""

    report: Report

    @property
    def tone(self) -> str:
        """What the colour goes by."""
        return {Verdict.CONFORMS: "yes", Verdict.DOES_NOT_CONFORM: "no"}.get(self.report.verdict, "unknown")

    @cached_property
    def folded(self) -> list[Folded]:
        """The findings by rule: faults first, then what the recording does not show, then warnings."""
        groups: dict[str, list[Finding]] = defaultdict(list)
        for finding in self.report.findings:
            groups[finding.rule].append(finding)
        found = [
            Folded(rule, tuple(group), max(self.report.found.get(rule, 0), sum(one.times for one in group)))
            for rule, group in groups.items()
        ]
        return sorted(found, key=lambda one: _WEIGHT[one.first.severity])

    @property
    def counted(self) -> dict[Severity, int]:
        """How many findings of each severity there are, without those of which there is none."""
        sums: dict[Severity, int] = defaultdict(int)
        for one in self.folded:
            sums[one.first.severity] += one.count
        return dict(sums)

    @property
    def messages(self) -> int:
        """How many messages of the standard were found."""
        return sum(self.report.counts.values())

    @property
    def others(self) -> tuple[str, ...]:
        """The versions that could be claimed instead, where the recording is not of the claimed one."""
        seen, claimed = self.report.seen, self.report.claimed
        known = STANDARDS[self.report.standard].versions if self.report.standard in STANDARDS else ()
        return () if claimed is None or claimed in seen else tuple(one for one in seen if one in known)

    @property
    def missing(self) -> list[str]:
        """The rungs that a badge lacks."""
        return [rung for rung, verdict in self.report.rungs().items() if verdict is not Verdict.CONFORMS]


_WEIGHT = {Severity.FAULT: 0, Severity.UNKNOWN: 1, Severity.WARNING: 2}


def again(**known: str) -> str:
    """The address of the form with what is known filled in: ``listing``, ``standard``, ``claim``, ``firmware``."""
    return urlencode({name: value for name, value in known.items() if value})
