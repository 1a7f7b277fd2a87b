"""Who needs time and position from another product, and who gives them."""

from __future__ import annotations

from skypact.engines.interop.mating import canonical, faces
from skypact.engines.interop.together.question import Part, Question
from skypact.schema import Listing, Port, PortKind, PortRole

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


def gives_clock(listing: Listing, port: Port) -> bool:
    """Whether a product serves a time or position port: same standard, and edition where both state one."""
    return any(
        faces(own, port)
        and canonical(own.standard) == canonical(port.standard)
        and (own.version is None or port.version is None or own.version.casefold() == port.version.casefold())
        for own in listing.ports
    )
