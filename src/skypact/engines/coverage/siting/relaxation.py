"""Kernel: the linear relaxation of maximal covering, by an interior point method that costs milliseconds.

**The model.** Share x of each option, share z of each place that is covered::

    max Σ w z    with  z <= Σ x over the place's viewers,  0 <= z <= 1,  0 <= x <= 1,  C x <= 1

Mehrotra's predictor–corrector method (1992, SIAM J. Optimization 2, 575–601). A place has two multipliers, π of its
link and w - π of z <= 1, so it leaves the normal equations, and a step costs one Cholesky factorisation over the
options. That is far less than a simplex method needs where a few hundred options are in play, and only places that are
short of viewers (the price of all others is 0). Iterates keep to the dual constraints, so each of them gives a bound:

    Σ (w - π) + Σ λ + Σ max(0, Σ π over the option's places - λ C)

**Arrays.** Place j is seen by ``viewers[starts[j]:starts[j + 1]]`` (ascending); ``sizes`` is C, (limits, options).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from skypact.engines.compiled import compiled
from skypact.engines.coverage.siting.question import Flags, Floats, Ints

Small = NDArray[np.int32]
Statuses = NDArray[np.int8]

_STEPS = 60
_TINY = 1e-12
_BACK = 0.995


@compiled
def relaxed(
    starts: Ints, viewers: Small, weight: Floats, sizes: Floats, constant: float, enough: float, tolerance: float
) -> tuple[Floats, Floats, Floats, int]:
    """Prices π (places), multipliers λ (limits), shares x (options), and the number of steps.

    Ends where the bound, ``constant`` included, lies below ``enough`` or within ``tolerance`` of a feasible value.
    Every place must have a viewer.
    """
    places, options, limits = len(weight), sizes.shape[1], len(sizes)
    x = np.full(options, 0.5)
    for limit in range(limits):
        x = np.minimum(x, 0.8 / sizes[limit].sum())
    seen = _seen(starts, viewers, x)
    z, pi = np.empty(places), np.empty(places)
    for j in range(places):
        z[j] = min(0.9 * seen[j], 0.9)
        pi[j] = weight[j] * (0.8 if seen[j] < 0.7 else 0.5 if seen[j] < 1.1 else 0.2)
    short, spare, cap = seen - z, 1.0 - z, weight - pi
    gains = _gains(starts, viewers, pi, options)
    lam, left = np.empty(limits), np.empty(limits)
    for limit in range(limits):
        share = min(1.0, 1.0 / sizes[limit].sum())
        rank = min(options - 1, int(share * options))
        lam[limit] = np.sort(gains / sizes[limit])[options - 1 - rank] / limits
        left[limit] = 1.0 - (sizes[limit] * x).sum()
    room = 1.0 - x
    low, high = np.empty(options), np.empty(options)
    margin = 1e-3 * gains.max() + _TINY
    for i in range(options):
        price = (lam * sizes[:, i]).sum()
        over = gains[i] - price
        high[i] = max(over, 0.0) + 0.1 * price + margin
        low[i] = high[i] - over
    normal = np.empty((options, options))
    pull, aim, along = np.empty(places), np.empty(places), np.empty(places)
    dz, dpi, zz, zp = np.empty(places), np.empty(places), np.zeros(places), np.zeros(places)
    best, reached, steps = np.inf, -np.inf, 0
    best_pi, best_lam = pi.copy(), lam.copy()
    while True:
        gains = _gains(starts, viewers, pi, options)
        bound = constant + cap.sum() + lam.sum()
        for i in range(options):
            bound += max(0.0, gains[i] - (lam * sizes[:, i]).sum())
        if bound < best:
            best = bound
            best_pi[:], best_lam[:] = pi, lam
        seen = _seen(starts, viewers, x)
        value = constant
        for j in range(places):
            value += weight[j] * min(1.0, seen[j])
        reached = max(reached, value)
        if best < enough or best - reached < tolerance or steps >= _STEPS:
            return best_pi, best_lam, x, steps
        steps += 1
        mu = (x * low).sum() + (room * high).sum() + (left * lam).sum()
        for j in range(places):
            mu += short[j] * pi[j] + spare[j] * cap[j]
            pull[j] = cap[j] * pi[j] / (spare[j] * pi[j] + short[j] * cap[j])
        count = 2 * places + 2 * options + limits
        mu /= count
        _normal(normal, starts, viewers, pull, low / x + high / room, sizes, lam / left)
        _factorised(normal)
        centre = 0.0
        zz[:], zp[:] = 0.0, 0.0
        xl, xh, ll = np.zeros(options), np.zeros(options), np.zeros(limits)
        to_primal = to_dual = 1.0
        dx, dlow, dhigh = np.zeros(options), np.zeros(options), np.zeros(options)
        dlam, dleft = np.zeros(limits), np.zeros(limits)
        for corrector in range(2):
            goal = centre * mu
            for j in range(places):
                first = goal - short[j] * pi[j] - zz[j]
                second = goal - spare[j] * cap[j] - zp[j]
                aim[j] = (cap[j] * first - pi[j] * second) / (spare[j] * pi[j] + short[j] * cap[j])
            on_low, on_high, on_left = goal - x * low - xl, goal - room * high - xh, goal - left * lam - ll
            dx = _gains(starts, viewers, aim, options) + on_low / x - on_high / room + gains + low - high
            for limit in range(limits):
                dx -= sizes[limit] * (lam[limit] + on_left[limit] / left[limit])
            _solved(normal, dx)
            along = _seen(starts, viewers, dx)
            to_primal = to_dual = 1.0
            for j in range(places):
                first = goal - short[j] * pi[j] - zz[j]
                second = goal - spare[j] * cap[j] - zp[j]
                dz[j] = (spare[j] * (pi[j] * along[j] - first) - short[j] * second) / (
                    spare[j] * pi[j] + short[j] * cap[j]
                )
                dpi[j] = aim[j] - pull[j] * along[j]
                ds = along[j] - dz[j]
                if ds < 0.0:
                    to_primal = min(to_primal, -short[j] / ds)
                if dz[j] > 0.0:
                    to_primal = min(to_primal, spare[j] / dz[j])
                if dpi[j] < 0.0:
                    to_dual = min(to_dual, -pi[j] / dpi[j])
                elif dpi[j] > 0.0:
                    to_dual = min(to_dual, cap[j] / dpi[j])
            dlow, dhigh = (on_low - low * dx) / x, (on_high + high * dx) / room
            for i in range(options):
                if dx[i] < 0.0:
                    to_primal = min(to_primal, -x[i] / dx[i])
                elif dx[i] > 0.0:
                    to_primal = min(to_primal, room[i] / dx[i])
                if dlow[i] < 0.0:
                    to_dual = min(to_dual, -low[i] / dlow[i])
                if dhigh[i] < 0.0:
                    to_dual = min(to_dual, -high[i] / dhigh[i])
            for limit in range(limits):
                used = (sizes[limit] * dx).sum()
                dleft[limit], dlam[limit] = -used, (on_left[limit] + lam[limit] * used) / left[limit]
                if dleft[limit] < 0.0:
                    to_primal = min(to_primal, -left[limit] / dleft[limit])
                if dlam[limit] < 0.0:
                    to_dual = min(to_dual, -lam[limit] / dlam[limit])
            if corrector == 0:
                after = ((x + to_primal * dx) * (low + to_dual * dlow)).sum()
                after += ((room - to_primal * dx) * (high + to_dual * dhigh)).sum()
                after += ((left + to_primal * dleft) * (lam + to_dual * dlam)).sum()
                for j in range(places):
                    ds = along[j] - dz[j]
                    after += (short[j] + to_primal * ds) * (pi[j] + to_dual * dpi[j])
                    after += (spare[j] - to_primal * dz[j]) * (cap[j] - to_dual * dpi[j])
                    zz[j], zp[j] = ds * dpi[j], dz[j] * dpi[j]
                centre = (after / count / mu) ** 3
                xl, xh, ll = dx * dlow, -dx * dhigh, dleft * dlam
        to_primal, to_dual = min(1.0, _BACK * to_primal), min(1.0, _BACK * to_dual)
        for j in range(places):
            short[j] += to_primal * (along[j] - dz[j])
            spare[j] -= to_primal * dz[j]
            pi[j] += to_dual * dpi[j]
            cap[j] -= to_dual * dpi[j]
        x, room, left = x + to_primal * dx, room - to_primal * dx, left + to_primal * dleft
        low, high, lam = low + to_dual * dlow, high + to_dual * dhigh, lam + to_dual * dlam


@compiled
def _seen(starts: Ints, viewers: Small, x: Floats) -> Floats:
    out = np.empty(len(starts) - 1)
    for j in range(len(out)):
        total = 0.0
        for at in range(starts[j], starts[j + 1]):
            total += x[viewers[at]]
        out[j] = total
    return out


@compiled
def _gains(starts: Ints, viewers: Small, price: Floats, options: int) -> Floats:
    out = np.zeros(options)
    for j in range(len(starts) - 1):
        for at in range(starts[j], starts[j + 1]):
            out[viewers[at]] += price[j]
    return out


@compiled
def _normal(out: Floats, starts: Ints, viewers: Small, pull: Floats, own: Floats, sizes: Floats, stiff: Floats) -> None:
    """The upper triangle of the normal equations."""
    for i in range(len(own)):
        line = out[i]
        line[i:] = 0.0
        for limit in range(len(sizes)):
            factor = stiff[limit] * sizes[limit, i]
            for k in range(i, len(own)):
                line[k] += factor * sizes[limit, k]
        line[i] = (line[i] + own[i]) * (1.0 + _TINY)
    for j in range(len(pull)):
        stop = starts[j + 1]
        for at in range(starts[j], stop):
            line = out[viewers[at]]
            for beside in range(at, stop):
                line[viewers[beside]] += pull[j]


@compiled
def _factorised(matrix: Floats) -> None:
    """Cholesky factor U of U'U in the upper triangle, four rows at a time so that inner loops are vectors."""
    size, k = len(matrix), 0
    while k < size:
        end = min(size, k + 4)
        for a in range(k, end):
            row = matrix[a]
            for b in range(k, a):
                factor = matrix[b, a]
                for c in range(a, size):
                    row[c] -= factor * matrix[b, c]
            scale = 1.0 / np.sqrt(max(row[a], 1e-300))
            for c in range(a, size):
                row[c] *= scale
        if end - k == 4:
            r0, r1, r2, r3 = matrix[k], matrix[k + 1], matrix[k + 2], matrix[k + 3]
            for i in range(end, size):
                f0, f1, f2, f3, row = r0[i], r1[i], r2[i], r3[i], matrix[i]
                for c in range(i, size):
                    row[c] -= f0 * r0[c] + f1 * r1[c] + f2 * r2[c] + f3 * r3[c]
        k = end


@compiled
def _solved(factor: Floats, right: Floats) -> None:
    """Solve U'U y = right in place."""
    size = len(right)
    for i in range(size):
        value = right[i] / factor[i, i]
        right[i] = value
        for c in range(i + 1, size):
            right[c] -= value * factor[i, c]
    for i in range(size - 1, -1, -1):
        total = right[i]
        for c in range(i + 1, size):
            total -= factor[i, c] * right[c]
        right[i] = total / factor[i, i]


@compiled
def restricted(
    row_starts: Ints, viewers: Small, weight: Floats, covered: Flags, status: Statuses, rows: Small, columns: Small
) -> tuple[Small, Small, Small, Small, Ints, Small, Floats]:
    """The model of the places ``rows`` over the options ``columns``, equal places merged.

    Returns the places in it and the model's place of each, places that only other free options see, places that
    nobody free sees, and the model's starts, viewers and weights.
    """
    rank = np.full(len(status), -1, dtype=np.int32)
    for k in range(len(columns)):
        rank[columns[k]] = k
    table = 1
    while table < 2 * len(rows) + 2:
        table *= 2
    taken = np.full(table, -1, dtype=np.int32)
    kept, of = np.empty(len(rows), np.int32), np.empty(len(rows), np.int32)
    others, lost = np.empty(len(rows), np.int32), np.empty(len(rows), np.int32)
    size = 0
    for j in rows:
        size += row_starts[j + 1] - row_starts[j]
    starts, members, weights = np.zeros(len(rows) + 1, np.int64), np.empty(size, np.int32), np.empty(len(rows))
    in_model = other = gone = count = 0
    for j in rows:
        if covered[j]:
            continue
        begin, end, free, mark = starts[count], starts[count], False, np.uint64(0)
        for at in range(row_starts[j], row_starts[j + 1]):
            option = viewers[at]
            free |= status[option] == 0
            if rank[option] >= 0:
                members[end] = rank[option]
                end += 1
                mark = (mark ^ np.uint64(rank[option] + 1)) * np.uint64(0x9E3779B97F4A7C15)
                mark ^= mark >> np.uint64(29)
        if end == begin:
            if free:
                others[other] = j
                other += 1
            else:
                lost[gone] = j
                gone += 1
            continue
        slot = np.int64(mark & np.uint64(table - 1))
        while taken[slot] >= 0:
            same = starts[taken[slot] + 1] - starts[taken[slot]] == end - begin
            if same:
                for back in range(end - begin):
                    same &= members[starts[taken[slot]] + back] == members[begin + back]
            if same:
                break
            slot = (slot + 1) & (table - 1)
        if taken[slot] < 0:
            taken[slot] = count
            weights[count] = 0.0
            count += 1
            starts[count] = end
        weights[taken[slot]] += weight[j]
        kept[in_model], of[in_model] = j, taken[slot]
        in_model += 1
    return (
        kept[:in_model].copy(),
        of[:in_model].copy(),
        others[:other].copy(),
        lost[:gone].copy(),
        starts[: count + 1].copy(),
        members[: starts[count]].copy(),
        weights[:count].copy(),
    )


@compiled
def priced(row_starts: Ints, viewers: Small, rows: Small, prices: Floats, options: int) -> Floats:
    """What every option's places among ``rows`` are worth at these prices."""
    out = np.zeros(options)
    for k in range(len(rows)):
        if prices[k] > 0.0:
            for at in range(row_starts[rows[k]], row_starts[rows[k] + 1]):
                out[viewers[at]] += prices[k]
    return out


@compiled
def seen_by(starts: Ints, places: Small, share: Floats, count: int) -> Floats:
    """The sum of shares over every place's viewers."""
    out = np.zeros(count)
    for option in range(len(share)):
        if share[option] > 0.0:
            for at in range(starts[option], starts[option + 1]):
                out[places[at]] += share[option]
    return out


@compiled
def descended(
    row_starts: Ints,
    viewers: Small,
    starts: Ints,
    places: Small,
    weight: Floats,
    sizes: Floats,
    value: float,
    steps: int,
    patience: int,
) -> tuple[Floats, float]:
    """Prices near the best ones and their bound, by subgradient steps (Held, Wolfe & Crowder 1974)."""
    options = len(starts) - 1
    prices, way, slope = 0.5 * weight, np.zeros(len(weight)), np.empty(len(weight))
    best, best_prices, step, waited = np.inf, prices.copy(), 1.0, 0
    share = np.empty(options)
    for _ in range(steps):
        gains = np.zeros(options)
        bound = 0.0
        for j in range(len(weight)):
            bound += weight[j] - prices[j]
            if prices[j] > 0.0:
                for at in range(row_starts[j], row_starts[j + 1]):
                    gains[viewers[at]] += prices[j]
        most = np.inf
        for limit in range(len(sizes)):
            size, left, total = sizes[limit], 1.0, 0.0
            trial = np.zeros(options)
            for option in np.argsort(-gains / size, kind="mergesort"):
                if left <= 0.0:
                    break
                trial[option] = min(1.0, left / size[option])
                total += trial[option] * gains[option]
                left -= trial[option] * size[option]
            if total < most:
                most, share = total, trial
        bound += most
        waited = 0 if bound < best * (1.0 - 1e-5) else waited + 1
        if bound < best:
            best = bound
            best_prices[:] = prices
        if waited > patience:
            step, waited = step / 2.0, 0
            prices[:], way[:] = best_prices, 0.0
        slope[:] = -1.0
        for option in range(options):
            if share[option] > 0.0:
                for at in range(starts[option], starts[option + 1]):
                    slope[places[at]] += share[option]
        norm = 0.0
        for j in range(len(weight)):
            if (prices[j] <= 0.0 and slope[j] > 0.0) or (prices[j] >= weight[j] and slope[j] < 0.0):
                slope[j] = 0.0
            way[j] = slope[j] + 0.7 * way[j]
            norm += way[j] * way[j]
        if norm < _TINY:
            break
        length = step * max(bound - value, 1e-4 * bound) / norm
        for j in range(len(weight)):
            prices[j] = min(max(prices[j] - length * way[j], 0.0), weight[j])
    return best_prices, best
