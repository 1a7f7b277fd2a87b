"""Who needs time and position from another product, who gives them, and the rows that have one bought."""

from __future__ import annotations

from skypact.engines.interop.mating import canonical, faces
from skypact.engines.interop.together.buying import Model, offer
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


def serve_clocks(model: Model, question: Question) -> None:
    """Where no part of the set serves a port that needs time or position, something that does is bought."""
    for part, port in clock_needs(question):
        if any(gives_clock(other.listing, port) for other in question.parts if other is not part):
            continue
        serving = [item for item in model.bought if gives_clock(item.listing, port)]
        columns = [item.column for item in serving if item.column is not None]
        for one in question.offered:
            known = {item.listing.id for item in model.bought}
            if one.listing.id not in known and gives_clock(one.listing, port):
                item = offer(one)
                item.column = model.program.column(cost=item.price, high=1, whole=True)
                model.bought.append(item)
                columns.append(item.column)
        model.program.row(columns, [1.0] * len(columns), low=1)
