"""How data gets from one product to another: directly, or through a gateway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

import numpy as np
from numpy.typing import NDArray

from skypact.engines.interop.mating import Fit, data_fit
from skypact.schema import Answer, Listing, Port, PortKind, PortRole, Sentence, TestedPort, sentence

#: How two products mate of which one states no data interface.
NOT_PUBLIC = Fit(Answer.UNKNOWN, sentence("no data interface is public"))


_SURENESS = {
    (Answer.YES, False): 0,
    (Answer.UNKNOWN, True): 1,
    (Answer.UNKNOWN, False): 2,
    (Answer.NO, False): 3,
}

#: All that decides how a data port mates: standard, edition, profile, role, messages, transport and whether a test
#: refutes it.
PortInterface = tuple[str, str | None, str | None, str, tuple[str, ...], str | None, bool]
#: That of all data ports of a product.
Interface = frozenset[PortInterface]
#: Sureness of what cannot be.
IMPOSSIBLE = 3
#: Data passes at most so many gateways: each one delays it and may lose fields.
GATEWAYS_MAX = 2


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


def data_path(source: Listing, target: Listing, *gateways: Listing) -> DataPath | None:
    """The way from ``source`` to ``target``, directly or through one or two ``gateways`` in order.

    ``None`` where it is impossible. Raises ``ValueError`` for more than two gateways.
    """
    if len(gateways) > GATEWAYS_MAX:
        raise ValueError(f"at most {GATEWAYS_MAX} gateways stand between two products, not {len(gateways)}")
    fit = best_fit(source, target) if not gateways else _bridged(source, target, gateways)
    if fit.answer is Answer.NO:
        return None
    via = tuple(gateway.id for gateway in gateways)
    return DataPath(source.id, target.id, via, fit.answer, fit.reason, fit.standard, fit.detail_only)


def data_paths(source: Listing, target: Listing, gateways: Sequence[Listing], *, most: int = 1) -> tuple[DataPath, ...]:
    """The ways from ``source`` to ``target`` through at most ``most`` gateways, surest first, then shortest.

    Either the direct one alone when it is sure, or the direct one (if it may work) with every chain of gateways that
    may bridge. An empty tuple means that no way exists. Asks pair by pair: for whole catalogues see
    :func:`skypact.engines.interop.reach.reach`.
    """
    direct = data_path(source, target)
    if direct is not None and direct.answer is Answer.YES:
        return (direct,)
    chains = (chain for length in range(1, most + 1) for chain in permutations(gateways, length))
    ways = [direct, *(data_path(source, target, *chain) for chain in chains)]
    return tuple(
        sorted(
            (way for way in ways if way is not None),
            key=lambda way: (_SURENESS[way.answer, way.detail_only], len(way.via), way.via),
        )
    )


def _bridged(source: Listing, target: Listing, gateways: Sequence[Listing]) -> Fit:
    stops = (source, *gateways, target)
    fits = [best_fit(one, other) for one, other in pairwise(stops)]
    weakest = max(fits, key=sureness)
    if len(gateways) == 1:
        reason = sentence(
            "to {gateway}: {inward}; onwards: {outward}",
            gateway=gateways[0].name,
            inward=fits[0].reason,
            outward=fits[1].reason,
        )
    else:
        reason = sentence(
            "to {first}: {inward}; to {second}: {between}; onwards: {outward}",
            first=gateways[0].name,
            second=gateways[1].name,
            inward=fits[0].reason,
            between=fits[1].reason,
            outward=fits[2].reason,
        )
    return Fit(weakest.answer, reason, fits[0].standard, weakest.detail_only)


def connectivity(sources: Sequence[Listing], targets: Sequence[Listing]) -> NDArray[np.int8]:
    """How surely each source's data gets to each target directly, int8 (sources, targets); see :func:`sureness`.

    Each distinct pair of interfaces is judged once, so that catalogues of thousands take milliseconds.
    """
    known: dict[tuple[Interface, Interface, bool], int] = {}
    found = np.empty((len(sources), len(targets)), dtype=np.int8)
    takes = [interface(target) for target in targets]
    for row, source in enumerate(sources):
        sends = interface(source)
        for column, target in enumerate(targets):
            pair = (sends, takes[column], source.vendor == target.vendor)
            if pair not in known:
                known[pair] = sureness(best_fit(source, target))
            found[row, column] = known[pair]
    return found


def interface(listing: Listing) -> Interface:
    """All that decides how a product's data ports mate, save its maker."""
    return frozenset(port_interface(port) for port in listing.ports if port.kind is PortKind.DATA)


def port_interface(port: Port) -> PortInterface:
    """All that decides how a data port mates."""
    return (
        port.standard,
        port.version,
        port.profile,
        port.role.value,
        port.attributes.messages,
        port.attributes.transport,
        bool(port.refuted),
    )


def best_fit(provider: Listing, consumer: Listing) -> Fit:
    """The surest fit among all pairs of data ports.

    Unknown, not no, for a product whose interfaces nobody states, and for two products of one maker.
    """
    sending = [port for port in provider.ports if port.kind is PortKind.DATA]
    taking = [port for port in consumer.ports if port.kind is PortKind.DATA]
    # of ports that do not mate those of one standard tell most
    best = min(
        (data_fit(one, other) for one in sending for other in taking),
        key=lambda fit: (sureness(fit), fit.standard is None),
        default=NOT_PUBLIC,
    )
    if sureness(best) > 1 and provider.vendor == consumer.vendor:
        reason = sentence("both are of one maker, who does not say how they connect")
        return Fit(Answer.UNKNOWN, reason, detail_only=True)
    if not sending or not taking:
        silent = provider if not sending else consumer
        return Fit(Answer.UNKNOWN, sentence("no data interface of {name} is public", name=silent.name))
    if best.answer is Answer.NO and best.standard is None:
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


def results_along(stops: Sequence[Listing]) -> tuple[TestedPort, ...]:
    """What labs say of the ports that meet along a way through ``stops``, in the order data passes them.

    Of several pairs of ports that mate equally surely the one that is known best counts.
    """
    found: list[TestedPort] = []
    for provider, consumer in pairwise(stops):
        for listing, port in zip((provider, consumer), meeting_ports(provider, consumer) or (), strict=False):
            found.extend(port_results(listing.id, port))
    return tuple(dict.fromkeys(found))


def meeting_ports(provider: Listing, consumer: Listing) -> tuple[Port, Port] | None:
    """The two data ports that mate most surely, of equals those known best; ``None`` where none mate."""
    pairs = [
        (one, other)
        for one in provider.ports
        if one.kind is PortKind.DATA
        for other in consumer.ports
        if other.kind is PortKind.DATA
    ]
    known = [(sureness(data_fit(*pair)), -sum(port.evidence.grade.rank for port in pair)) for pair in pairs]
    best = min(range(len(pairs)), key=known.__getitem__, default=None)
    return None if best is None or known[best][0] >= IMPOSSIBLE else pairs[best]


def port_results(listing: str, port: Port) -> list[TestedPort]:
    """What labs say of ``port`` of the product ``listing``: what refutes it first."""
    said = [(False, evidence) for evidence in port.denied]
    if port.evidence.test is not None and port.evidence.test.statement is not None:
        said.append((True, port.evidence))
    return [
        TestedPort(
            listing=listing,
            port=port.id,
            standard=port.standard,
            version=port.version,
            conforms=conforms,
            evidence=evidence,
        )
        for conforms, evidence in said
    ]


def spoken(listing: Listing) -> tuple[str, ...]:
    """The standards with their editions in which a product sends data, as its evidence names them."""
    sending = [port for port in listing.ports if port.kind is PortKind.DATA and port.role is not PortRole.CONSUMES]
    return tuple(sorted({_edition(port.standard, port.version) for port in sending}))


def _edition(standard: str, version: str | None) -> str:
    return standard if version is None else f"{standard} {version}"
