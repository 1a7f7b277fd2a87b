"""Whether a kit keeps its promises: counted product by product, without the program that found it."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_flow

from skypact.engines.interop.together.assembling.products import NONE, Assembled, Products, Requirement

#: Watts are counted in tenths where a flow must be of whole numbers.
_TENTHS = 10


def verify_assembly(products: Products, wanted: Requirement, found: Assembled) -> tuple[str, ...]:
    """What is wrong with a kit, counted product by product without the program; nothing if it keeps its promises."""
    kit = found.chosen.tolist()
    wrong = []
    if abs(float(products.price[kit].sum()) - found.cost) > 0.5:
        wrong.append(f"the kit costs {products.price[kit].sum():g}, the answer says {found.cost:g}")
    for kind, least in wanted.least.items():
        if sum(products.kind[one] == kind for one in kit) < least:
            wrong.append(f"fewer than {least} of kind {kind}")
    if float(products.score[kit].sum()) < wanted.score - 1e-6:
        wrong.append("the performance is too low")
    if float(products.mass[kit].sum()) > wanted.mass_max + 1e-6:
        wrong.append("it is too heavy")
    if sum(products.draw[one] for one in kit if products.gives_bus[one] < 0) > wanted.watts_max + 1e-6:
        wrong.append("it draws too much")
    wrong += [f"product {one} reaches no hub" for one in kit if not _reaches(products, kit, one)]
    plain = {int(products.gives_bus[one]) for one in kit if products.bus[one] < 0}
    given = {int(products.gives_bus[one]) for one in kit}
    for one in kit:
        converts = products.gives_bus[one] >= 0
        if products.bus[one] >= 0 and int(products.bus[one]) not in (plain if converts else given):
            wrong.append(f"nothing feeds the bus of product {one}")
    wrong += _unfed(products, kit)
    for mount in set(products.needs_mount[kit].tolist()) - {NONE}:
        given = sum(products.gives_mounts[one] for one in kit if products.mount[one] == mount)
        if sum(products.needs_mount[one] == mount for one in kit) > given:
            wrong.append(f"too few mounts of class {mount}")
    for band in set(products.band[kit].tolist()) - {NONE}:
        hearing = any(products.hears[one] == band for one in kit)
        if hearing and not any(products.blanks[one] == band for one in kit):
            wrong.append(f"a transmitter beside a receiver on band {band}")
    return tuple(wrong)


def _reaches(products: Products, kit: list[int], one: int) -> bool:
    if products.sends[one] < 0 or products.is_adapter[one] or products.is_hub[one]:
        return True
    spoken = {int(products.sends[one])}
    for _ in range(3):
        if any(products.is_hub[other] and products.takes[other, protocol] for other in kit for protocol in spoken):
            return True
        spoken |= {
            int(products.sends[other])
            for other in kit
            if products.is_adapter[other] and any(products.takes[other, protocol] for protocol in spoken)
        }
    return False


def _unfed(products: Products, kit: list[int]) -> list[str]:
    """Whether sources and converters can feed everybody: watts are moved from bus to bus, as much as is needed."""
    given: dict[int, float] = {}
    need: dict[int, float] = {}
    for one in kit:
        if products.gives_bus[one] >= 0 and products.bus[one] < 0:
            given[int(products.gives_bus[one])] = given.get(int(products.gives_bus[one]), 0.0) + products.gives[one]
        elif products.bus[one] >= 0 and products.gives_bus[one] < 0:
            need[int(products.bus[one])] = need.get(int(products.bus[one]), 0.0) + products.draw[one]
    short = {bus: watts - given.get(bus, 0.0) for bus, watts in need.items() if watts > given.get(bus, 0.0)}
    left = {bus: watts - min(watts, need.get(bus, 0.0)) for bus, watts in given.items()}
    pipes = [one for one in kit if products.gives_bus[one] >= 0 and products.bus[one] >= 0]
    start, end, of_bus = len(pipes), len(pipes) + 1, len(pipes) + 2
    entries: list[tuple[int, int, float]] = []
    for number, one in enumerate(pipes):
        fed, feeds = int(products.bus[one]), int(products.gives_bus[one])
        entries.append((of_bus + 2 * fed, number, min(float(products.gives[one]), left.get(fed, 0.0))))
        entries.append((number, of_bus + 2 * feeds + 1, float(products.gives[one])))
    entries += [(start, of_bus + 2 * bus, watts) for bus, watts in left.items()]
    entries += [(of_bus + 2 * bus + 1, end, watts) for bus, watts in short.items()]
    if not short:
        return []
    size = 1 + max(max(one, other) for one, other, _ in entries)
    tails, heads, watts_ = zip(*entries, strict=True)
    room = csr_matrix((np.round(np.array(watts_) * _TENTHS).astype(np.int32), (tails, heads)), shape=(size, size))
    moved = maximum_flow(room, start, end).flow_value
    lacking = round(sum(short.values()) * _TENTHS) - moved
    return [f"the buses lack {lacking / _TENTHS:g} W"] if lacking > 0 else []
