"""Products that no cheapest kit needs, because others can stand in their place.

y can stand in the place of x when both are of one class (kind, protocol sent, bus, bus fed, mounts, bands, what it is)
and y takes every protocol that x takes, costs, weighs and draws no more, and gives and bears no less: a kit with x and
without y stays a kit when y replaces x, and costs no more. Where a kit holds so many that can stand in the place of x
that x does nothing, it stays a kit without x. Hence x is left out when those that can stand in its place are enough:

- adapters and hubs, and blankers: one, or as many as the kit must have of the kind;
- sources and converters: as many as give together all watts that a kit may draw;
- mounts: as many as bear together all products that a kit holds.

Products that do several of these things, or score, are never left out. Of two products that can stand in each other's
place the first counts, so that the order is strict; among the cheapest kits, the one whose products come first in it
holds none that is left out. Each step goes to an earlier kit, so that all may be left out at once.
"""

from __future__ import annotations

import numpy as np

from skypact.engines.interop.together.assembling.products import NONE, Flags, Floats, Ints, Products, Requirement

#: So many products of a class are compared at a time with all of it.
_BLOCK = 512


def needed(products: Products, wanted: Requirement, *, borne: float = np.inf) -> Flags:
    """bool (n,): which products a cheapest kit may need, if it holds at most ``borne`` that need a mount."""
    kept = np.ones(len(products), dtype=np.bool_)
    drawn = np.where(products.gives_bus < 0, products.draw, 0.0).sum()
    watts = min(wanted.watts_max, float(drawn))
    for members in _classes(products):
        one = int(members[0])
        enough, share = _enough(products, wanted, one, watts, borne)
        if np.isfinite(enough) and len(members) > 1:
            kept[members] = ~_out(products, members, share[members], max(enough, 1e-9))
    return kept


def _classes(products: Products) -> list[Ints]:
    codes = (products.kind, products.sends, products.bus, products.gives_bus, products.needs_mount, products.mount,
             products.band, products.hears, products.blanks, products.is_hub, products.is_adapter,
             products.score > 0, products.takes.any(axis=1))  # fmt: skip
    _, number = np.unique(np.stack(codes, axis=1), axis=0, return_inverse=True)
    order = np.argsort(number.reshape(-1), kind="stable")
    return np.split(order, np.flatnonzero(np.diff(number.reshape(-1)[order])) + 1)


def _enough(products: Products, wanted: Requirement, one: int, watts: float, borne: float) -> tuple[float, Floats]:
    """How much of what must be given by those that can stand in the place of ``one`` and its like, and their shares."""
    each = np.ones(len(products))
    does = (bool(products.is_hub[one]), bool(products.is_adapter[one]), bool(products.gives_bus[one] >= 0),
            bool(products.mount[one] >= 0), bool(products.blanks[one] >= 0))  # fmt: skip
    if sum(does) != 1 or products.score[one] > 0 or products.needs_mount[one] != NONE:
        return np.inf, each
    least = wanted.least.get(int(products.kind[one]), 0)
    if does[2]:
        return (watts if least == 0 else np.inf), products.gives
    if does[3]:
        return (borne if least == 0 else np.inf), products.gives_mounts.astype(float)
    return float(max(1, least)), each


def _out(products: Products, members: Ints, share: Floats, enough: float) -> Flags:
    """bool (members,): those in whose place others can stand whose shares are enough."""
    order = np.lexsort(
        (
            members,
            products.mass[members],
            products.draw[members],
            -products.gives[members],
            -products.gives_mounts[members],
            -products.takes[members].sum(axis=1),
            products.price[members],
        )
    )
    sorted_ = members[order]
    low = np.stack([products.price, products.mass, products.draw, -products.gives, -products.gives_mounts])[:, sorted_]
    takes, shares = products.takes[sorted_], share[order]
    out = np.zeros(len(members), dtype=np.bool_)
    for start in range(0, len(members), _BLOCK):
        block = slice(start, start + _BLOCK)
        stands = (low[:, :, None] <= low[:, None, block]).all(axis=0)
        if takes.any():
            stands &= (~takes).astype(np.float32) @ takes[block].T.astype(np.float32) < 0.5
        stands &= np.arange(len(members))[:, None] < np.arange(len(members))[None, block]
        out[order[block]] = stands.T @ shares >= enough
    return out
