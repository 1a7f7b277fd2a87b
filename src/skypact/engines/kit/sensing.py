"""Which of a listing's sensors a range of a kit is one of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from skypact.schema import Listing, RangeUsed, Sensor


def numbered(sensor: Sensor, listing: Listing) -> int | None:
    """Which of the listing's sensors of its kind it is, from 1; ``None`` where it is the only one."""
    alike = _alike(listing, sensor)
    return None if len(alike) == 1 else next(n for n, one in enumerate(alike, start=1) if one is sensor)


def paired(ranges: Sequence[RangeUsed], listing: Listing) -> Iterator[tuple[RangeUsed, Sensor | None]]:
    """Every range of a line of a kit with the sensor it is of; ``None`` where neither kit nor listing tell which.

    Kits of versions before ranges bore a number tell them in the listing's order: where there are as many ranges for a
    class as sensors of the kind, they are theirs one by one.
    """
    for used in ranges:
        alike = _alike(listing, used)
        same = [one for one in ranges if (one.threat, one.kind) == (used.threat, used.kind)]
        number = used.sensor
        if number is None and len(alike) == len(same):
            number = next(n for n, one in enumerate(same, start=1) if one is used)
        elif number is None and len(alike) == 1:
            number = 1
        yield used, alike[number - 1] if number is not None and number <= len(alike) else None


def _alike(listing: Listing, like: Sensor | RangeUsed) -> list[Sensor]:
    return [sensor for sensor in listing.sensors if sensor.kind is like.kind]
