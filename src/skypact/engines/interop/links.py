"""How data gets from one product to another: directly, or through a gateway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skypact.engines.interop.mating import Fit, data_fit
from skypact.schema import Answer, Listing, PortKind, PortRole, Sentence, sentence

_NOT_PUBLIC = Fit(Answer.UNKNOWN, sentence("no data interface is public"))


_SURENESS = {
    (Answer.YES, False): 0,
    (Answer.UNKNOWN, True): 1,
    (Answer.UNKNOWN, False): 2,
    (Answer.NO, False): 3,
}

#: A product's data ports, each as standard, edition, profile and role.
Interface = frozenset[tuple[str, str | None, str | None, str]]


def sureness(fit: Fit) -> int:
    """0 sure, 1 only a detail is open, 2 unknown, 3 impossible."""
    return _SURENESS[fit.answer, fit.detail_only]


@dataclass(frozen=True)
class DataPath:
    """One way for data from ``source`` to ``target``; ``via`` are the gateways in order."""

    source: str
    target: str
    via: tuple[str, ...]
    answer: Answer
    reason: Sentence
    standard: str | None
    detail_only: bool = False


def data_path(source: Listing, target: Listing, gateway: Listing | None = None) -> DataPath | None:
    """The way from ``source`` to ``target``, directly or through ``gateway``; ``None`` if it is impossible."""
    fit = best_fit(source, target) if gateway is None else _bridged(source, target, gateway)
    if fit.answer is Answer.NO:
        return None
    via = () if gateway is None else (gateway.id,)
    return DataPath(source.id, target.id, via, fit.answer, fit.reason, fit.standard, fit.detail_only)


def data_paths(source: Listing, target: Listing, gateways: Sequence[Listing]) -> tuple[DataPath, ...]:
    """The ways from ``source`` to ``target``, surest first, then shortest.

    Either the direct one alone when it is sure, or the direct one (if it may work) with every single gateway that
    may bridge. An empty tuple means that no way exists.
    """
    direct = data_path(source, target)
    if direct is not None and direct.answer is Answer.YES:
        return (direct,)
    ways = [direct, *(data_path(source, target, gateway) for gateway in gateways)]
    return tuple(
        sorted(
            (way for way in ways if way is not None),
            key=lambda way: (_SURENESS[way.answer, way.detail_only], len(way.via), way.via),
        )
    )


def _bridged(source: Listing, target: Listing, gateway: Listing) -> Fit:
    inward, outward = best_fit(source, gateway), best_fit(gateway, target)
    weaker = max(inward, outward, key=sureness)
    reason = sentence(
        "to {gateway}: {inward}; onwards: {outward}",
        gateway=gateway.name,
        inward=inward.reason,
        outward=outward.reason,
    )
    return Fit(weaker.answer, reason, inward.standard, weaker.detail_only)


def connectivity(sources: Sequence[Listing], targets: Sequence[Listing]) -> NDArray[np.int8]:
    """How surely each source's data gets to each target directly, int8 (sources, targets); see :func:`sureness`.

    Each distinct pair of interfaces is judged once, so that catalogues of thousands take milliseconds.
    """
    known: dict[tuple[Interface, Interface, bool], int] = {}
    found = np.empty((len(sources), len(targets)), dtype=np.int8)
    takes = [_interface(target) for target in targets]
    for row, source in enumerate(sources):
        sends = _interface(source)
        for column, target in enumerate(targets):
            pair = (sends, takes[column], source.vendor == target.vendor)
            if pair not in known:
                known[pair] = sureness(best_fit(source, target))
            found[row, column] = known[pair]
    return found


def _interface(listing: Listing) -> Interface:
    """All that decides how a product's data ports mate, save its maker."""
    ports = {(port.standard, port.version, port.profile, port.role.value) for port in listing.ports
             if port.kind is PortKind.DATA}  # fmt: skip
    return frozenset(ports)


def best_fit(provider: Listing, consumer: Listing) -> Fit:
    """The surest fit among all pairs of data ports.

    Unknown, not no, for a product whose interfaces nobody states, and for two products of one maker.
    """
    sending = [port for port in provider.ports if port.kind is PortKind.DATA]
    taking = [port for port in consumer.ports if port.kind is PortKind.DATA]
    best = min((data_fit(one, other) for one in sending for other in taking), key=sureness, default=_NOT_PUBLIC)
    if sureness(best) > 1 and provider.vendor == consumer.vendor:
        reason = sentence("both are of one maker, who does not say how they connect")
        return Fit(Answer.UNKNOWN, reason, detail_only=True)
    if not sending or not taking:
        silent = provider if not sending else consumer
        return Fit(Answer.UNKNOWN, sentence("no data interface of {name} is public", name=silent.name))
    if best.answer is Answer.NO:
        taken = ", ".join(sorted({_edition(port.standard, port.version) for port in taking}))
        return Fit(
            Answer.NO,
            sentence(
                "{source} speaks {spoken}; {target} takes {taken}",
                source=provider.name,
                spoken=", ".join(spoken(provider)),
                target=consumer.name,
                taken=taken,
            ),
        )
    return best


def spoken(listing: Listing) -> tuple[str, ...]:
    """The standards with their editions in which a product sends data, as its evidence names them."""
    sending = [port for port in listing.ports if port.kind is PortKind.DATA and port.role is not PortRole.CONSUMES]
    return tuple(sorted({_edition(port.standard, port.version) for port in sending}))


def _edition(standard: str, version: str | None) -> str:
    return standard if version is None else f"{standard} {version}"
