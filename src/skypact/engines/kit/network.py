"""Which sensors reach which command-and-control products, through which gateways; what cannot help is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from skypact.engines.interop import DataPath, best_fit, connectivity, data_path, spoken
from skypact.engines.kit.candidates import Candidate, Exclusions, Field, sensors_served
from skypact.engines.kit.choosing import Path
from skypact.schema import Answer, Listing, Question, Requirement, Sentence, sentence

Sureness = NDArray[np.int8]
#: Of more hubs than this only those are kept that the most sensors reach, the cheaper of equals.
HUBS_MAX = 12
#: Above every sureness: this way does not exist.
_NONE = 3


class Binding(Protocol):
    """What binds products of one kit together, as far as a network asks."""

    def carries(self, sensor: Listing, stop: Listing) -> bool:
        """Whether a hub or gateway carries one unit of a sensor."""

    def stands_for(self, one: Listing, other: Listing) -> bool:
        """Whether a hub or gateway in the place of another one breaks no rule that the other keeps."""


@dataclass(frozen=True, eq=False)
class Network:
    """Sensors, hubs and gateways, and for each sensor its ways to the hubs."""

    sensors: tuple[Candidate, ...]
    hubs: tuple[Candidate, ...]
    gateways: tuple[Candidate, ...]
    paths: tuple[tuple[Path, ...], ...]
    whole: bool
    """whether nothing was left out that might be part of the cheapest kit"""

    def link(self, sensor: int, path: Path) -> DataPath:
        """One of the ways, with its reason."""
        gateways = [self.gateways[gateway].listing for gateway in path.gateways]
        found = data_path(self.sensors[sensor].listing, self.hubs[path.hub].listing, *gateways)
        if found is None:
            raise ValueError(f"no way from {self.sensors[sensor].listing.id} over {path}")
        return found


def wire(
    field: Field, requirement: Requirement, *, on: date, excluded: Exclusions, binding: Binding | None = None
) -> Network:
    """The network of all candidates; sensors without an acceptable way to any hub are added to ``excluded``.

    Hubs and gateways that another one equals or beats in every respect are left out: cost, unknown answers, how many
    sensors they serve, and how surely they connect to everything. ``binding``: what binds products of one kit together
    counts too: ways that do not carry a sensor are none, and nothing that is bound stands for another one.
    """
    accepted = _accepted(requirement)
    sensors, hubs, gateways = ([candidate.listing for candidate in group] for group in
                               (field.sensors, field.c2, field.gateways))  # fmt: skip
    direct, inward, outward = connectivity(sensors, hubs), connectivity(sensors, gateways), connectivity(gateways, hubs)
    if binding is not None:
        direct, inward = _carried(direct, sensors, hubs, binding), _carried(inward, sensors, gateways, binding)
    best_gateways = _unbeaten(field.gateways, np.vstack([inward, outward.T]), on, binding)
    best_hubs = _unbeaten(field.c2, np.vstack([direct, outward[best_gateways]]), on, binding)
    whole = len(best_hubs) <= HUBS_MAX
    best_hubs = _well_connected(best_hubs, field.c2, np.minimum(direct, _through(inward, outward)) <= accepted)
    onward = outward[np.ix_(best_gateways, best_hubs)]
    kept, paths = [], []
    for number, candidate in enumerate(field.sensors):
        ways = _ways(direct[number, best_hubs], inward[number, best_gateways], onward, accepted)
        if binding is not None:  # a hub carries no more behind a gateway than without it
            ends = [binding.carries(candidate.listing, field.c2[hub].listing) for hub in best_hubs]
            ways = tuple(way for way in ways if ends[way.hub])
        if ways:
            kept.append(candidate)
            paths.append(ways)
        elif binding is not None:
            reason = sentence("no command and control product that takes its data carries all that it reports")
            excluded.add(candidate.listing.id, Question.INTEROPERABILITY, Answer.NO, reason)
        else:
            through = np.maximum(inward[number, :, None], outward)
            answer, reason = _without_way(candidate.listing, field, direct[number], through, accepted)
            excluded.add(candidate.listing.id, Question.INTEROPERABILITY, answer, reason)
    return Network(
        tuple(kept),
        tuple(field.c2[hub] for hub in best_hubs),
        tuple(field.gateways[gateway] for gateway in best_gateways),
        tuple(paths),
        whole,
    )


def _carried(sureness: Sureness, sensors: Sequence[Listing], stops: Sequence[Listing], binding: Binding) -> Sureness:
    """``sureness`` (sensors, stops) without the ways that do not carry what a sensor sends."""
    carries = [[binding.carries(sensor, stop) for stop in stops] for sensor in sensors]
    return np.where(np.array(carries, dtype=np.bool_).reshape(sureness.shape), sureness, _NONE).astype(np.int8)


def _through(inward: Sureness, outward: Sureness) -> Sureness:
    """How surely each sensor reaches each hub through its best gateway."""
    found = np.full((len(inward), outward.shape[1]), _NONE, dtype=np.int8)
    for gateway in range(len(outward)):
        found = np.minimum(found, np.maximum(inward[:, gateway, None], outward[gateway]))
    return found


def _well_connected(hubs: list[int], candidates: Sequence[Candidate], reached: NDArray[np.bool_]) -> list[int]:
    if len(hubs) <= HUBS_MAX:
        return hubs
    count = reached.sum(axis=0)
    order = sorted(hubs, key=lambda hub: (-int(count[hub]), candidates[hub].cost, candidates[hub].listing.id))
    return sorted(order[:HUBS_MAX])


def _accepted(requirement: Requirement) -> int:
    """The weakest sureness that the requirement accepts."""
    if Question.INTEROPERABILITY in requirement.accept_unknown:
        return 2
    return 1 if Question.INTERFACE_DETAIL in requirement.accept_unknown else 0


def _ways(direct: Sureness, inward: Sureness, outward: Sureness, accepted: int) -> tuple[Path, ...]:
    """For each hub the direct way, and every gateway that is surer than it."""
    ways = []
    for hub, straight in enumerate(direct.tolist()):
        if straight <= accepted:
            ways.append(Path(hub, (), int(straight > 0)))
        through = np.maximum(inward, outward[:, hub])
        limit = min(accepted, straight - 1) if straight <= accepted else accepted
        ways += [Path(hub, (int(gateway),), int(through[gateway] > 0)) for gateway in np.flatnonzero(through <= limit)]
    return tuple(ways)


def _unbeaten(candidates: Sequence[Candidate], sureness: Sureness, on: date, binding: Binding | None) -> list[int]:
    """Indices of the candidates that no other one equals or beats; ``sureness`` (others, candidates)."""
    order = sorted(range(len(candidates)), key=lambda number: (candidates[number].cost, candidates[number].listing.id))
    kept: list[int] = []
    for number in order:
        if (sureness[:, number] >= _NONE).all():
            continue
        if not any(
            candidates[other].unknowns <= candidates[number].unknowns
            and (binding is None or binding.stands_for(candidates[other].listing, candidates[number].listing))
            and serves(candidates[other], on) >= serves(candidates[number], on)
            and (sureness[:, other] <= sureness[:, number]).all()
            for other in kept
        ):
            kept.append(number)
    return sorted(kept)


def serves(candidate: Candidate, on: date) -> float:
    """How many sensors a hub or gateway serves; unlimited where nobody states a limit."""
    limit = sensors_served(candidate.listing, on=on)
    return float("inf") if limit is None else limit


def _without_way(
    listing: Listing, field: Field, direct: Sureness, through: Sureness, accepted: int
) -> tuple[Answer, Sentence]:
    """Why a sensor has no way; ``direct`` (hubs,) and ``through`` (gateways, hubs) say how sure its ways are."""
    straight, bridged = direct.min(initial=_NONE), through.min(initial=_NONE)
    surest = min(straight, bridged)
    if surest >= _NONE:
        return Answer.NO, sentence(
            "it speaks {spoken}, which no command and control product takes, directly or through a gateway",
            spoken=", ".join(spoken(listing)),
        )
    if surest <= accepted:
        return Answer.UNKNOWN, sentence(
            "of the many command and control products only some were looked at, and none of these takes what it sends"
        )
    if straight <= bridged:
        return Answer.UNKNOWN, best_fit(listing, field.c2[int(direct.argmin())].listing).reason
    gateway, hub = np.unravel_index(int(through.argmin()), through.shape)
    found = data_path(listing, field.c2[hub].listing, field.gateways[gateway].listing)
    if found is None:
        raise ValueError(f"no way from {listing.id} over {field.gateways[gateway].listing.id}")
    return Answer.UNKNOWN, found.reason
