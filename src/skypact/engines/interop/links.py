"""How data gets from one product to another: directly, or through a gateway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from skypact.engines.interop.mating import Fit, data_fit
from skypact.schema import Answer, Listing, PortKind, PortRole, Sentence, sentence

_ORDER = {Answer.YES: 0, Answer.UNKNOWN: 1, Answer.NO: 2}


@dataclass(frozen=True)
class DataPath:
    """One way for data from ``source`` to ``target``; ``via`` are the gateways in order."""

    source: str
    target: str
    via: tuple[str, ...]
    answer: Answer
    reason: Sentence
    standard: str | None


def data_paths(source: Listing, target: Listing, gateways: Sequence[Listing]) -> tuple[DataPath, ...]:
    """The ways from ``source`` to ``target``, surest first, then shortest.

    Either the direct one alone when it is sure, or the direct one (if it may work) with every single gateway that
    may bridge. An empty tuple means that no way exists.
    """
    direct = best_fit(source, target)
    paths = []
    if direct.answer is not Answer.NO:
        paths.append(DataPath(source.id, target.id, (), direct.answer, direct.reason, direct.standard))
    if direct.answer is Answer.YES:
        return tuple(paths)
    for gateway in gateways:
        inward = best_fit(source, gateway)
        outward = best_fit(gateway, target)
        worst = max((inward.answer, outward.answer), key=lambda answer: _ORDER[answer])
        if worst is not Answer.NO:
            reason = sentence(
                "to {gateway}: {inward}; onwards: {outward}",
                gateway=gateway.name,
                inward=inward.reason,
                outward=outward.reason,
            )
            paths.append(DataPath(source.id, target.id, (gateway.id,), worst, reason, inward.standard))
    return tuple(sorted(paths, key=lambda path: (_ORDER[path.answer], len(path.via), path.via)))


def best_fit(provider: Listing, consumer: Listing) -> Fit:
    """The surest fit among all pairs of data ports. A product whose interfaces nobody states gives unknown."""
    sending = [port for port in provider.ports if port.kind is PortKind.DATA]
    taking = [port for port in consumer.ports if port.kind is PortKind.DATA]
    if not sending:
        return Fit(Answer.UNKNOWN, sentence("no data interface of {name} is public", name=provider.name))
    if not taking:
        return Fit(Answer.UNKNOWN, sentence("no data interface of {name} is public", name=consumer.name))
    fits = [data_fit(one, other) for one in sending for other in taking]
    best = min(fits, key=lambda fit: _ORDER[fit.answer])
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
