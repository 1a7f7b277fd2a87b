"""For listings side by side: whose data reaches whom, directly or through which gateways, and how well known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from skypact.engines.interop import best_fit, results_along
from skypact.engines.interop.links import IMPOSSIBLE, connectivity, data_path, meeting_ports, sureness
from skypact.engines.interop.mating import Fit
from skypact.market.core.access import Actor
from skypact.market.interop.selectors import addable, pairs
from skypact.market.lab.selectors import tested
from skypact.schema import Answer, Grade, Listing, TestedPort

_GATEWAYS = ("gateway", "adapter")


@dataclass(frozen=True)
class Reached:
    """One listing whose data goes to another; ``via`` are the gateways in order, none for a direct connection."""

    source: Listing
    target: Listing
    fit: Fit
    via: tuple[Listing, ...]

    @property
    def grade(self) -> Grade | None:
        """How well the worst known of the ports that meet is known; nothing where one states no port."""
        stops = (self.source, *self.via, self.target)
        meeting = [meeting_ports(one, other) for one, other in pairwise(stops)]
        if self.fit.answer is Answer.NO or None in meeting:
            return None
        grades = [port.evidence.grade for both in meeting if both is not None for port in both]
        return min(grades, key=lambda grade: grade.rank, default=None)

    @property
    def results(self) -> tuple[TestedPort, ...]:
        """What labs say of the ports that meet."""
        return results_along([self.source, *self.via, self.target])


def reached(actor: Actor, records: Sequence[Listing], *, on: date) -> list[Reached]:
    """The surest way for each pair of ``records`` of which one takes data from the other's kind, then the shortest.

    No only where neither a direct connection nor one or two of the gateways that ``actor`` may find can be.
    """
    direct = pairs(records)
    if all(fit.answer is Answer.YES for _, _, fit in direct):
        return [Reached(one, other, fit, ()) for one, other, fit in direct]
    gateways = [one for one in tested(actor, addable(actor, on=on), on=on) if one.category.family in _GATEWAYS]
    sources = {one.id: one for one, _, _ in direct}
    targets = {other.id: other for _, other, _ in direct}
    inward = dict(zip(sources, connectivity([*sources.values()], gateways), strict=True))
    outward = dict(zip(targets, connectivity(gateways, [*targets.values()]).T, strict=True))
    return [_surest(one, other, fit, gateways, inward, outward) for one, other, fit in direct]


def _surest(
    one: Listing,
    other: Listing,
    fit: Fit,
    gateways: Sequence[Listing],
    inward: Mapping[str, np.ndarray],
    outward: Mapping[str, np.ndarray],
) -> Reached:
    ways = [(sureness(fit), ())] if fit.answer is not Answer.NO else []
    into, onward = inward[one.id], outward[other.id]
    apart = np.array([gateway.id not in (one.id, other.id) for gateway in gateways], dtype=np.bool_)
    weakest = np.where(apart, np.maximum(into, onward), IMPOSSIBLE)
    found: list[tuple[int, tuple[Listing, ...]]] = [*ways]
    if len(gateways) and weakest.min() < IMPOSSIBLE:
        found.append((int(weakest.min()), (gateways[int(weakest.argmin())],)))
    best = min((sure for sure, _ in found), default=IMPOSSIBLE)
    if best > 1:  # two in a row are worth looking for where nothing shorter is sure up to a detail
        first = [gateways[at] for at in np.flatnonzero(apart & (into <= 1))]
        last = [gateways[at] for at in np.flatnonzero(apart & (onward <= 1))]
        if first and last:
            between = connectivity(first, last)
            row, column = np.unravel_index(int(between.argmin()), between.shape)
            if between[row, column] <= 1 and first[row].id != last[column].id:
                sure = max(int(between[row, column]), int(into.min()), int(onward.min()))
                found.append((sure, (first[row], last[column])))
    if not found:
        return Reached(one, other, fit, ())
    _, via = min(found, key=lambda way: (way[0], len(way[1])))
    path = data_path(one, other, *via)
    if path is None or not via:
        return Reached(one, other, fit if not via else best_fit(one, other), ())
    return Reached(one, other, Fit(path.answer, path.reason, path.standard, path.detail_only), via)
