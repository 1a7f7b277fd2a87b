"""Kernel: lowest visible altitude of every post around one observer by sweeping the horizon outward. Exact.

**Idea.** Around the observer lie eight octants. Inside one, a post at distance ``y`` (grid lines ahead) and ``x`` (grid
lines aside, 0 <= x <= y) is seen in the direction ``u = x / y`` under the slope ``v = height / y``, where height counts
from the eye. In the plane (u, v) every straight edge between two posts is again straight, and a sight line is a point
of constant u. So the *horizon*, the highest slope met so far in every direction, is a piecewise linear function of u.
Sweeping line after line outward, a post's lowest visible altitude is the horizon's slope there times its distance, and
the line's own edges are then merged into the horizon. The result equals testing every crossing of every ray (R3) up to
rounding, at a cost that grows with the number of posts.

The idea of a horizon kept as an upper envelope follows De Floriani & Magillo 1994, "Visibility algorithms on
triangulated digital terrain models", IJGIS 8(1), 13-41, and Fishman, Haverkort & Toma 2009, "Improved visibility
computation on massive grid terrains", ACM GIS.

**Between two lines** the sight lines also cross edges along the other axis. Edge j runs from the new line's post
(direction ``x / y``) outward to the previous line's post (direction ``x / (y - 1)``), never further than the next post
of the new line. Its outer end is already in the horizon, so it adds at most a tooth that begins at the post.

**Speed.** A stretch between two posts is merged only if it can rise above the horizon: if one of its posts does, or if
a vertex of the horizon inside it lies below the highest post of the cell. Everything else is straight-line code.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from skypact.engines.coverage.compiled import compiled

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_BELOW_ALL = -1e18  # slope that anything hides
_BELOW_UNKNOWN = -1e9  # metres


@compiled
def framed(
    heights: Floats, top: int, left: int, rows: int, columns: int, row: float, column: float, eye: float, steps: Floats
) -> Floats:
    """Heights above the eye in the observer's frame: posts lowered by curvature, with a rim of one repeated post.

    The part of ``heights`` that begins at (top, left); (row, column) is the observer's place in that part. ``steps``
    holds dy, dx (metres) and bend (1/metres). Unknown posts lie out of sight below; :func:`walls` finds their shadow.
    """
    dy, dx, bend = steps[0], steps[1], steps[2]
    out = np.empty((rows + 2, columns + 2))
    east = np.empty(columns)
    for c in range(columns):
        aside = (c - column) * dx
        east[c] = bend * aside * aside + eye
    for r in range(rows):
        ahead = (r - row) * dy
        fallen = bend * ahead * ahead
        for c in range(columns):
            height = heights[top + r, left + c] - (fallen + east[c])
            out[r + 1, c + 1] = _BELOW_UNKNOWN if math.isnan(height) else height
        out[r + 1, 0] = out[r + 1, 1]
        out[r + 1, columns + 1] = out[r + 1, columns]
    out[0] = out[1]
    out[rows + 1] = out[rows]
    return out


@compiled
def walls(heights: Floats, top: int, left: int, rows: int, columns: int) -> Floats:
    """A plain at eye level on which every unknown post stands one metre high, with the rim of :func:`framed`.

    What cannot be seen at eye level here lies behind an edge with an unknown end.
    """
    out = np.zeros((rows + 2, columns + 2))
    for r in range(rows):
        for c in range(columns):
            if math.isnan(heights[top + r, left + c]):
                out[r + 1, c + 1] = 1.0
    return out


@compiled
def sweep(frame: Floats, row: float, column: float, steps: Floats, range_m: float, out: Floats) -> None:
    """Fill ``out`` (rows, columns) with the rise needed above each post within range, metres; may be negative.

    ``frame`` is from :func:`framed` or :func:`walls`; (row, column) the observer's place; posts out of range are left.
    """
    for octant in range(8):
        _octant(frame, row, column, steps[0], steps[1], range_m, out, octant)


@compiled
def _start(position: float, forward: bool) -> tuple[int, float, int, float]:
    """First line strictly ahead and its distance; last line at or behind and its distance (<= 0)."""
    if forward:
        ahead, behind = math.floor(position) + 1, math.floor(position)
        return ahead, ahead - position, behind, behind - position
    ahead, behind = math.ceil(position) - 1, math.ceil(position)
    return ahead, position - ahead, behind, position - behind


@compiled
def _put(us: Floats, es: Floats, slopes: Floats, n: int, u: float, e: float) -> int:
    """Append a vertex to a horizon; one at the same place only lifts the last."""
    if n > 0:
        width = u - us[n - 1]
        if width <= 0.0:
            if e > es[n - 1]:
                es[n - 1] = e
                if n > 1:
                    slopes[n - 2] = (e - es[n - 2]) / (us[n - 1] - us[n - 2])
            return n
        slopes[n - 1] = (e - es[n - 1]) / width
    us[n] = u
    es[n] = e
    return n + 1


@compiled
def _merge(
    us: Floats,
    es: Floats,
    first: int,
    last: int,
    u0: float,
    e0: float,
    u1: float,
    e1: float,
    v0: float,
    slope: float,
    v1: float,
    to_us: Floats,
    to_es: Floats,
    to_slopes: Floats,
    n: int,
) -> int:
    """Append the higher of horizon and line on [u0, u1]; vertices first..last-1 lie between, e0 and e1 at the ends.

    The line goes from v0 to v1. Its end at u1 is left to what comes next, which must see the same e1 and v1.
    """
    off = v0 - e0
    u_off = u0
    if off > 0.0:
        n = _put(to_us, to_es, to_slopes, n, u0, v0)
    for k in range(first, last + 1):
        u, e, v = u1, e1, v1
        if k < last:
            u, e = us[k], es[k]
            v = v0 + slope * (u - u0)
        now = v - e
        if (off > 0.0) != (now > 0.0):
            u_cross = u_off + (u - u_off) * (off / (off - now))
            n = _put(to_us, to_es, to_slopes, n, u_cross, v0 + slope * (u_cross - u0))
        if now <= 0.0 and k < last:
            n = _put(to_us, to_es, to_slopes, n, u, e)
        off, u_off = now, u
    return n


@compiled
def _octant(
    frame: Floats, row: float, column: float, dy: float, dx: float, range_m: float, out: Floats, octant: int
) -> None:
    """One octant of :func:`sweep`. Bits of ``octant``: 1 main axis forward, 2 side axis forward, 4 main axis east."""
    rows, columns = out.shape
    width = columns + 2
    forward, rightward, eastward = (octant & 1) != 0, (octant & 2) != 0, (octant & 4) != 0
    place, side_place = (column, row) if eastward else (row, column)
    count, side_count = (columns, rows) if eastward else (rows, columns)
    metres, side_metres = (dx, dy) if eastward else (dy, dx)
    stride, side_stride = (1, width) if eastward else (width, 1)
    out_stride, out_side_stride = (1, columns) if eastward else (columns, 1)
    line, y_first, _, _ = _start(place, forward)
    _, _, side_line, a0 = _start(side_place, rightward)
    if not forward:
        stride, out_stride = -stride, -out_stride
    if not rightward:
        side_stride, out_side_stride = -side_stride, -out_side_stride
    lines = count - line if forward else line + 1
    lines = min(lines, math.floor(range_m / metres - y_first) + 2)
    if lines < 1:
        return
    sides = side_count - side_line if rightward else side_line + 1  # one more stands in the rim
    flat, flat_out = frame.reshape(-1), out.reshape(-1)
    corner = (line if not eastward else side_line, side_line if not eastward else line)
    base = (corner[0] + 1) * width + corner[1] + 1
    base_out = corner[0] * columns + corner[1]

    most = min(sides, lines + 2) + 3
    new, old, top, at_post = np.empty(most), np.empty(most), np.empty(most), np.empty(most)
    ends, flags = np.empty(most, np.int64), np.empty(most, np.uint8)
    room = 8 * most + 64
    us, es, slopes = np.empty(room), np.empty(room), np.empty(room)
    us2, es2, slopes2 = np.empty(room), np.empty(room), np.empty(room)
    size, left = 0, 0

    range2 = range_m * range_m
    for i in range(lines):
        y = y_first + i
        ahead2 = y * metres * (y * metres)
        if ahead2 > range2:
            break
        inverse = 1.0 / y
        bound = min(y, math.sqrt(range2 - ahead2) / side_metres)
        last = min(max(1, math.ceil(bound - a0)), sides)
        at = base + i * stride
        for j in range(last + 1):
            new[j] = flat[at + j * side_stride] * inverse
        end = min(1.0, (a0 + last) * inverse)

        # teeth: the outer ends of the edges along the other axis
        if i == 0:
            for j in range(last + 1):
                old[j] = _BELOW_ALL
            us[0], es[0], slopes[0] = a0 * inverse, _BELOW_ALL, 0.0
            us[1], es[1], slopes[1] = end, _BELOW_ALL, 0.0
            size, left = 2, 0
            a = a0 + 1.0
            if a < y:
                behind = flat[at + side_stride - stride]
                old[1] = (behind + (flat[at + side_stride] - behind) * (a - y + 1.0)) / a
        for j in range(last):
            top[j] = max(new[j], new[j + 1], old[j])

        # where the horizon's vertices fall among the posts
        for j in range(last + 1):
            ends[j] = 0
            flags[j] = 0
        while left + 2 < size and us[left + 1] * y <= a0:
            left += 1
        beyond = size
        for k in range(left + 1, size):
            p = us[k] * y - a0
            if p > last:
                beyond = k
                break
            cell = min(int(p), last - 1)
            ends[cell + 1] = k + 1
            flags[cell] |= top[cell] > es[k]

        # the horizon at the posts
        k = left + 1
        for j in range(last + 1):
            k = max(k, ends[j])
            ends[j] = k
            u = min((a0 + j) * inverse, us[size - 1])
            at_post[j] = es[k - 1] + slopes[k - 1] * (u - us[k - 1])
        rising = False
        for j in range(last):
            flags[j] |= (new[j] > at_post[j]) | (new[j + 1] > at_post[j + 1])
            rising |= flags[j] != 0

        seen = min(last, sides - 1)
        while seen >= 0 and (a0 + seen > y or ((a0 + seen) * side_metres) ** 2 + ahead2 > range2):
            seen -= 1
        at_out = base_out + i * out_stride
        for j in range(0 if a0 == 0.0 else 1, seen + 1):
            flat_out[at_out + j * out_side_stride] = (at_post[j] - new[j]) * y

        if rising:
            if 2 * size + 6 * last + 8 > len(us2):
                room = 2 * (2 * size + 6 * last + 8)
                us2, es2, slopes2 = np.empty(room), np.empty(room), np.empty(room)
            us2[0], es2[0], slopes2[0] = us[left], es[left], slopes[left]
            n = 1
            k = left + 1
            y_old = y - 1.0
            for j in range(last):
                if flags[j] == 0:
                    continue
                start, stop = ends[j], ends[j + 1]
                if start > k:
                    n = _put(us2, es2, slopes2, n, us[k], es[k])
                    slopes2[n - 1] = slopes[k]
                    for kk in range(k + 1, start):
                        us2[n], es2[n], slopes2[n] = us[kk], es[kk], slopes[kk]
                        n += 1
                u0, e0 = (a0 + j) * inverse, at_post[j]
                u1, e1 = min((a0 + j + 1) * inverse, end), at_post[j + 1]
                v0, slope = new[j], (new[j + 1] - new[j]) * y
                a = a0 + j
                if old[j] > _BELOW_ALL and a > 0.0:
                    u_out = a / y_old if i > 0 else 1.0
                    tooth = (old[j] - v0) / (u_out - u0) if u_out > u0 else slope
                    if tooth > slope:
                        u_mid = min(u_out, u1)
                        mid = start
                        while mid < stop and us[mid] < u_mid:
                            mid += 1
                        e_mid = es[mid - 1] + slopes[mid - 1] * (u_mid - us[mid - 1])
                        v_mid = v0 + tooth * (u_mid - u0)
                        n = _merge(us, es, start, mid, u0, e0, u_mid, e_mid, v0, tooth, v_mid, us2, es2, slopes2, n)
                        if v_mid > e_mid:
                            n = _put(us2, es2, slopes2, n, u_mid, v_mid)
                        v0, u0, e0, start = v0 + slope * (u_mid - u0), u_mid, e_mid, mid
                v1 = new[j + 1] if u1 < end else v0 + slope * (u1 - u0)
                n = _merge(us, es, start, stop, u0, e0, u1, e1, v0, slope, v1, us2, es2, slopes2, n)
                if j == last - 1:
                    n = _put(us2, es2, slopes2, n, u1, max(e1, v1))
                k = max(ends[j + 1], k)
            if flags[last - 1] == 0:
                for kk in range(k, min(beyond + 1, size)):
                    if kk == k:
                        n = _put(us2, es2, slopes2, n, us[k], es[k])
                        slopes2[n - 1] = slopes[k]
                    else:
                        us2[n], es2[n], slopes2[n] = us[kk], es[kk], slopes[kk]
                        n += 1
            slopes2[n - 1] = 0.0
            us, us2 = us2, us
            es, es2 = es2, es
            slopes, slopes2 = slopes2, slopes
            size, left = n, 0
        new, old = old, new
