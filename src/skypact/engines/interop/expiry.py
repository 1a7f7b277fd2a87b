"""What is known of ports on a day: what has expired counts as unknown from then on."""

from __future__ import annotations

from datetime import date

from skypact.schema import Listing, Port, PortAttributes


def as_known(listing: Listing, on: date) -> Listing:
    """``listing`` with what is known of its ports on the day ``on``; itself where nothing of them has expired."""
    if all(port.evidence.valid_on(on) for port in listing.ports):
        return listing
    return listing.model_copy(update={"ports": tuple(_as_known(port, on) for port in listing.ports)})


def _as_known(port: Port, on: date) -> Port:
    """Its standard is kept, to say what once was, and with it the expired evidence, so that no connection is sure."""
    if port.evidence.valid_on(on):
        return port
    lapsed = dict.fromkeys((*port.refuted, port.evidence))
    return port.model_copy(
        update={"version": None, "profile": None, "attributes": PortAttributes(), "refuted": tuple(lapsed)}
    )
