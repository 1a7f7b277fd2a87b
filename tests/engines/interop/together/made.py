"""Made-up sets for the tests of the set question."""

from __future__ import annotations

from typing import Any

from tests.engines.made_up import DAY, claim, data_port, hub, listing, power_port, sensor

from skypact.engines.interop import Mains
from skypact.engines.interop.together import Offered, Part, Question, Wanted
from skypact.schema import Listing

V1, V2, V3 = (("SAPIENT", f"v{number}") for number in (1, 2, 3))
MAINS = Mains(230, 16)


def serving(count: int) -> dict[str, Any]:
    return {"fusion": {"sensors_max": claim(count, "1")}}


def gateway(name: str, taken: tuple[str, str | None], given: tuple[str, str | None], **more: Any) -> Listing:
    """A mains-powered gateway of a third maker."""
    ports = [
        data_port(taken[0], "consumes", taken[1]),
        data_port(given[0], "provides", given[1]),
        power_port("consumes", "AC", 100, 240),
    ]
    fields = {"vendor": "third", "ports": ports, "power_draw": claim(10, "W"), **serving(8), **more}
    return listing(name, "gateway", **fields)


def c2(name: str, *takes: tuple[str, str | None], count: int = 8, **more: Any) -> Listing:
    """A mains-powered command-and-control product."""
    ports = [data_port(one[0], "consumes", one[1]) for one in takes]
    return hub(name, "1", **{"ports": [*ports, power_port("consumes", "AC", 100, 240)], **serving(count), **more})


def supply(name: str, watts: float, *, places: int = 1, total: float | None = None) -> Listing:
    """24 V DC from mains."""
    attributes = {"current": "DC", "voltage_min_v": 24, "voltage_max_v": 24, "power_max_w": watts,
                  "connections_max": places, "power_total_max_w": total}  # fmt: skip
    give = power_port("provides", "DC", 24, 24) | {"attributes": attributes}
    return listing(name, "power", ports=[give, power_port("consumes", "AC", 90, 264)])


def dc_sensor(name: str, watts: float, speaks: tuple[str, str | None] = V2, **more: Any) -> Listing:
    """A sensor that wants 20 to 30 V DC."""
    ports = [data_port(speaks[0], "provides", speaks[1]), power_port("consumes", "DC", 20, 30)]
    return sensor(name, "radar", 1, "1", ports=ports, power_draw=claim(watts, "W"), **more)


def ask(
    *parts: Listing | tuple[Listing, int], offered: tuple[tuple[Listing, float | None], ...] = (), **wanted: Any
) -> Question:
    made = tuple(Part(*part) if isinstance(part, tuple) else Part(part) for part in parts)
    return Question(made, Wanted(**{"mains": MAINS, **wanted}), DAY, tuple(Offered(*one) for one in offered))
