"""How data gets from one product to another: directly, or through a gateway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from skypact.engines.interop.mating import Fit, data_fit
from skypact.schema import Answer, Listing, PortKind, PortRole, Sentence, sentence

_NOT_PUBLIC = Fit(Answer.UNKNOWN, sentence("no data interface is public"))


def _sureness(fit: Fit) -> int:
    """0 sure, 1 only a detail is open, 2 unknown, 3 impossible."""
    if fit.answer is Answer.UNKNOWN:
        return 1 if fit.detail_only else 2
    return 0 if fit.answer is Answer.YES else 3


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


def data_paths(source: Listing, target: Listing, gateways: Sequence[Listing]) -> tuple[DataPath, ...]:
    """The ways from ``source`` to ``target``, surest first, then shortest.

    Either the direct one alone when it is sure, or the direct one (if it may work) with every single gateway that
    may bridge. An empty tuple means that no way exists.
    """
    direct = best_fit(source, target)
    ways: list[tuple[int, tuple[str, ...], Fit]] = [(_sureness(direct), (), direct)]
    for gateway in gateways if direct.answer is not Answer.YES else ():
        inward, outward = best_fit(source, gateway), best_fit(gateway, target)
        weaker = max(inward, outward, key=_sureness)
        reason = sentence(
            "to {gateway}: {inward}; onwards: {outward}",
            gateway=gateway.name,
            inward=inward.reason,
            outward=outward.reason,
        )
        bridged = Fit(weaker.answer, reason, inward.standard, weaker.detail_only)
        ways.append((_sureness(weaker), (gateway.id,), bridged))
    return tuple(
        DataPath(source.id, target.id, via, fit.answer, fit.reason, fit.standard, fit.detail_only)
        for _, via, fit in sorted(ways, key=lambda way: (way[0], len(way[1]), way[1]))
        if fit.answer is not Answer.NO
    )


def best_fit(provider: Listing, consumer: Listing) -> Fit:
    """The surest fit among all pairs of data ports.

    Unknown, not no, for a product whose interfaces nobody states, and for two products of one maker.
    """
    sending = [port for port in provider.ports if port.kind is PortKind.DATA]
    taking = [port for port in consumer.ports if port.kind is PortKind.DATA]
    best = min((data_fit(one, other) for one in sending for other in taking), key=_sureness, default=_NOT_PUBLIC)
    if _sureness(best) > 1 and provider.vendor == consumer.vendor:
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
