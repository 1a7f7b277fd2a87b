"""Who needs time and position from another product, and who gives them."""

from __future__ import annotations

from skypact.engines.interop.links import IMPOSSIBLE, sureness
from skypact.engines.interop.mating import Fit, against, canonical, faces, same_edition, same_profile
from skypact.engines.interop.together.question import Part, Question
from skypact.schema import Answer, Listing, Port, PortKind, PortRole, sentence

#: The sky gives time and position to who can hear it.
SKY = "gnss"


def clock_needs(question: Question) -> list[tuple[Part, Port]]:
    """The time and position ports that something must serve; the sky serves those that hear it."""
    return [
        (part, port)
        for part in question.parts
        for port in part.listing.ports
        if port.kind in (PortKind.TIME, PortKind.POSITION)
        and port.role is PortRole.CONSUMES
        and canonical(port.standard) != SKY
    ]


def clock_fit(giver: Listing, port: Port) -> Fit:
    """How surely a product serves a time or position port.

    Of one standard; editions must be equal, unless neither side states one (a pulse per second has none); profiles as
    of data. What only one side states is a detail that is open.
    """
    return min((_fit(own, port) for own in giver.ports), key=sureness, default=_NOTHING)


_NOTHING = Fit(Answer.NO, sentence("the two ports do not face each other"))


def _fit(own: Port, port: Port) -> Fit:
    if not faces(own, port) or canonical(own.standard) != canonical(port.standard):
        return _NOTHING
    gives, takes = own.version, port.version
    if gives is not None and takes is not None and not same_edition(gives, takes):
        said = sentence(
            "{standard}: one speaks {one}, the other takes {other}", standard=port.standard, one=gives, other=takes
        )
        return Fit(Answer.NO, said)
    if own.refuted or port.refuted:
        return Fit(Answer.UNKNOWN, against(own, port, port.standard), port.standard)
    shown = port.standard if takes is None else f"{port.standard} {takes}"
    if (gives is None) != (takes is None):
        said = (
            sentence("both speak {standard}; the sender's edition is not stated", standard=shown)
            if gives is None
            else sentence("both speak {standard}; the receiver's edition is not stated", standard=f"{shown} {gives}")
        )
        return Fit(Answer.UNKNOWN, said, shown, detail_only=True)
    return same_profile(own, port, shown) or Fit(
        Answer.YES, sentence("both speak {standard}", standard=shown), port.standard
    )


def gives_clock(listing: Listing, port: Port, *, accept: int = IMPOSSIBLE - 1) -> bool:
    """Whether a product serves a time or position port, as surely as ``accept`` (:func:`sureness`) or surer."""
    return sureness(clock_fit(listing, port)) <= accept


def clock_places(listing: Listing, port: Port) -> int | None:
    """How many a product serves with what ``port`` needs at once; ``None`` where nobody limits it."""
    stated = [own.attributes.connections_max for own in listing.ports if sureness(_fit(own, port)) < IMPOSSIBLE]
    return None if None in stated else sum(one for one in stated if one is not None)
