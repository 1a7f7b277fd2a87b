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
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from skypact.engines.compiled import compiled
from skypact.engines.coverage import rays

Floats = NDArray[np.float64]
Segments = NDArray[np.uint32]
Marks = NDArray[np.uint8]

_BELOW_ALL = -1e18  # slope that anything hides
_BELOW_UNKNOWN = -1e4  # metres from the eye; any value would do, a low one is quick


@compiled
def looked(
    heights: Floats,
    top: int,
    left: int,
    rows: int,
    columns: int,
    row: float,
    column: float,
    mast: float,
    steps: Floats,
    range_m: float,
    octants: int,
    out: Floats,
) -> tuple[float, bool]:
    """All of one observer in a single call, so that threads meet at the interpreter's lock once an observer.

    Arguments as of :func:`framed` and :func:`sweep`; ``out`` (rows + 2, columns + 2) is written whole, inf where
    nobody asked. Returns the ground below the mast and whether the part holds an unknown post.
    """
    ground = rays.ground(heights, top + row, left + column)
    frame, holes = framed(heights, top, left, rows, columns, row, column, ground + mast, steps)
    out[:] = math.inf
    sweep(frame, row, column, steps, range_m, octants, out)
    return ground, holes


@compiled
def framed(
    heights: Floats, top: int, left: int, rows: int, columns: int, row: float, column: float, eye: float, steps: Floats
) -> tuple[Floats, bool]:
    """Heights above the eye in the observer's frame: posts lowered by curvature, with a rim of one repeated post.

    The part of ``heights`` that begins at (top, left); (row, column) is the observer's place in that part. ``steps``
    holds dy, dx (metres) and bend (1/metres). Unknown posts lie out of sight below; :func:`walls` finds their shadow.
    Returns the frame and whether it holds an unknown post.
    """
    dy, dx, bend = steps[0], steps[1], steps[2]
    out = np.empty((rows + 2, columns + 2))
    east = np.empty(columns)
    for c in range(columns):
        aside = (c - column) * dx
        east[c] = bend * aside * aside + eye
    unknown = 0
    for r in range(rows):
        ahead = (r - row) * dy
        fallen = bend * ahead * ahead
        source, target = heights[top + r, left : left + columns], out[r + 1, 1 : columns + 1]
        for c in range(columns):
            height = source[c] - (fallen + east[c])
            missing = math.isnan(height)
            target[c] = _BELOW_UNKNOWN if missing else height
            unknown += missing
        out[r + 1, 0] = out[r + 1, 1]
        out[r + 1, columns + 1] = out[r + 1, columns]
    out[0] = out[1]
    out[rows + 1] = out[rows]
    return out, unknown > 0


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


class Axis(NamedTuple):
    """One axis of the grid as an octant sees it, counted in grid lines away from the observer."""

    behind: int
    """index of the last grid line at or behind the observer"""
    offset: float
    """its distance, -1 < offset <= 0; the n-th line after it stands at ``offset + n``"""
    ahead: int
    """how many lines there are after it"""
    metres: float
    """spacing"""
    stride: int
    """from one line to the next in the flattened frame, in the direction of the octant"""


class Line(NamedTuple):
    """One grid line of an octant."""

    y: float
    """its distance"""
    inner: float
    """inverse distance of the line before it, 0 for the first line"""
    offset: float
    """distance aside of its first post, <= 0"""
    last: int
    """number of its last post that matters"""
    end: float
    """the direction u up to which it matters"""


@compiled
def sweep(frame: Floats, row: float, column: float, steps: Floats, range_m: float, octants: int, out: Floats) -> None:
    """Write into ``out`` the rise needed above each post within range, metres; 0 where the post itself is seen.

    ``frame`` is from :func:`framed` or :func:`walls`, ``out`` of its shape, rim included; (row, column) is the
    observer's place without the rim. Left alone: posts out of range or in an octant whose bit is not set in
    ``octants``, and the post on which the observer stands.
    """
    rows, columns = frame.shape[0] - 2, frame.shape[1] - 2
    flat, flat_out = frame.reshape(-1), out.reshape(-1)
    for octant in range(8):
        if not octants & (1 << octant):
            continue
        north_south = _axis(row, rows, steps[0], columns + 2, (octant & 1) != 0)
        east_west = _axis(column, columns, steps[1], 1, (octant & 2) != 0)
        origin = (north_south.behind + 1) * (columns + 2) + east_west.behind + 1
        if octant & 4:
            _octant(flat, flat_out, origin, north_south, east_west, range_m)
        else:
            _octant(flat, flat_out, origin, east_west, north_south, range_m)


def octants_within(centre_deg: float, width_deg: float) -> int:
    """The octants, as bits for :func:`sweep`, that a sector of grid bearings touches."""
    bits = 0
    for octant in range(8):
        south, east = 1 if octant & 1 else -1, 1 if octant & 2 else -1
        main, side = math.cos(math.pi / 8), math.sin(math.pi / 8)
        along = (-south * main, east * side) if octant & 4 else (-south * side, east * main)
        middle = math.degrees(math.atan2(along[1], along[0]))
        off = abs((middle - centre_deg + 180.0) % 360.0 - 180.0)
        bits |= (off <= width_deg / 2 + 22.5 + 1e-6) << octant
    return bits


@compiled
def leave_sector(
    lowest: Floats, row: float, column: float, dy: float, dx: float, centre: float, half_width: float
) -> None:
    """Set posts outside a sector of grid bearings (radians) to inf; the observer's own post stays."""
    north_part, east_part, least = math.cos(centre), math.sin(centre), math.cos(half_width) - 1e-12
    rows, columns = lowest.shape
    for r in range(rows):
        north, line = (row - r) * dy, lowest[r]
        for c in range(columns):
            east = (c - column) * dx
            if north * north_part + east * east_part < math.sqrt(north * north + east * east) * least:
                line[c] = math.inf


@compiled
def _axis(position: float, count: int, metres: float, stride: int, forward: bool) -> Axis:
    if forward:
        behind = math.floor(position)
        return Axis(behind, behind - position, count - 1 - behind, metres, stride)
    behind = math.ceil(position)
    return Axis(behind, position - behind, behind, metres, -stride)


@compiled
def _octant(flat: Floats, out: Floats, origin: int, along: Axis, aside: Axis, range_m: float) -> None:
    """Sweep one octant, line after line; ``flat`` is the frame and ``out`` the result, each as one row."""
    lines = min(along.ahead, math.floor(range_m / along.metres - along.offset))
    most = min(aside.ahead + 1, lines + 2) + 3
    new, old, top, there = np.empty(most), np.empty(most), np.empty(most), np.empty(most)
    segments, flags = np.empty(most, np.uint32), np.empty(most, np.uint8)
    horizon, spare = np.empty((3, 8 * most + 64)), np.empty((3, 8 * most + 64))
    size = left = 0
    for number in range(1, lines + 1):
        y = along.offset + number
        reach2 = range_m * range_m - (y * along.metres) ** 2
        if reach2 < 0.0:
            break
        bound = min(y, math.sqrt(reach2) / aside.metres)
        last = min(max(1, math.ceil(bound - aside.offset)), aside.ahead + 1)  # one more stands in the rim
        end = min(1.0, (aside.offset + last) / y)
        line = Line(y, 1.0 / (y - 1.0) if number > 1 else 0.0, aside.offset, last, end)
        at = origin + number * along.stride
        _slopes(flat[at :: aside.stride], line, new)
        if number == 1:
            size = _begun(horizon, line)
            _first_teeth(flat, at, aside.stride, along, line, old)
        for j in range(last):
            top[j] = max(new[j], new[j + 1], old[j])
        while left + 2 < size and horizon[0, left + 1] * y <= aside.offset:
            left += 1
        stop = _located(horizon[:, left:size], line, top, segments, flags)
        rising = _looked_up(horizon[:, left:size], line, new, there, segments, flags)
        seen = min(last, aside.ahead)
        while seen >= 0 and (aside.offset + seen > y or ((aside.offset + seen) * aside.metres) ** 2 > reach2):
            seen -= 1
        _written(out[at :: aside.stride], line, seen, new, there)
        if rising:
            if 2 * size + 6 * last + 8 > spare.shape[1]:
                spare = np.empty((3, 2 * (2 * size + 6 * last + 8)))
            size = _raised(horizon[:, left:size], stop, line, new, old, there, segments, flags, spare)
            horizon, spare, left = spare, horizon, 0
        new, old = old, new


@compiled
def _slopes(heights: Floats, line: Line, new: Floats) -> None:
    """The slopes under which the posts of a line stand."""
    inverse = 1.0 / line.y
    for j in range(line.last + 1):
        new[j] = heights[j] * inverse


@compiled
def _written(rise: Floats, line: Line, seen: int, new: Floats, there: Floats) -> None:
    """The rises needed above the posts up to ``seen``; the first stands in the octant only if it is straight ahead."""
    if line.offset == 0.0:
        rise[0] = max(0.0, (there[0] - new[0]) * line.y)
    for j in range(1, seen + 1):
        rise[j] = max(0.0, (there[j] - new[j]) * line.y)


@compiled
def _begun(horizon: Floats, line: Line) -> int:
    """A horizon below everything."""
    horizon[0, 0], horizon[1, 0], horizon[2, 0] = line.offset / line.y, _BELOW_ALL, 0.0
    horizon[0, 1], horizon[1, 1], horizon[2, 1] = line.end, _BELOW_ALL, 0.0
    return 2


@compiled
def _first_teeth(flat: Floats, at: int, stride: int, along: Axis, line: Line, old: Floats) -> None:
    """Before the first line at most one edge enters the octant, at u = 1, where its slope is taken."""
    old[: line.last + 1] = _BELOW_ALL
    across = line.offset + 1.0
    if across < line.y:
        behind = flat[at + stride - along.stride]
        old[1] = (behind + (flat[at + stride] - behind) * (across - along.offset)) / across


@compiled
def _located(horizon: Floats, line: Line, top: Floats, segments: Segments, flags: Marks) -> int:
    """Find the horizon's vertices among the posts: ``segments[j + 1]`` is the last vertex before post j + 1, or 0.

    Flags the stretches with a vertex below the highest post around. Returns the first vertex beyond the line.
    """
    us, es = horizon[0], horizon[1]
    last = np.uint32(line.last - 1)
    segments[: line.last + 1] = 0
    flags[: line.last + 1] = 0
    for k in range(1, us.size):
        place = us[k] * line.y - line.offset
        if place > line.last:
            return k
        stretch = min(np.uint32(place), last)
        segments[1:][stretch] = k
        flags[stretch] |= top[stretch] > es[k]
    return int(us.size)


@compiled
def _looked_up(horizon: Floats, line: Line, new: Floats, there: Floats, segments: Segments, flags: Marks) -> bool:
    """The horizon at the posts, into ``there``; makes ``segments`` complete, flags stretches with a post above it."""
    us, es, slopes = horizon[0], horizon[1], horizon[2]
    inverse, final = 1.0 / line.y, us[us.size - 1]
    segment = np.uint32(0)
    for j in range(line.last + 1):
        segment = max(segment, segments[j])
        segments[j] = segment
    for j in range(line.last + 1):
        segment = segments[j]
        u = min((line.offset + j) * inverse, final)
        there[j] = es[segment] + slopes[segment] * (u - us[segment])
    rising = 0
    for j in range(line.last):
        flags[j] |= (new[j] > there[j]) | (new[j + 1] > there[j + 1])
        rising |= flags[j]
    return rising != 0


@compiled
def _raised(
    horizon: Floats,
    stop: int,
    line: Line,
    new: Floats,
    old: Floats,
    there: Floats,
    segments: Segments,
    flags: Marks,
    to: Floats,
) -> int:
    """Write into ``to`` the horizon with the flagged stretches of a line merged in; returns its number of vertices."""
    inverse = 1.0 / line.y
    n, k = _copied(horizon, 0, 1, to, 0), 1
    for j in range(line.last):
        if flags[j] == 0:
            continue
        first = int(segments[j]) + 1
        n = _copied(horizon, k, first, to, n)
        k = int(segments[j + 1]) + 1
        u0, u1 = (line.offset + j) * inverse, (line.offset + j + 1) * inverse
        e0, v0, v1, slope = there[j], new[j], new[j + 1], (new[j + 1] - new[j]) * line.y
        if u1 >= line.end:
            u1, v1 = line.end, v0 + slope * (line.end - u0)
        across = line.offset + j
        if old[j] > _BELOW_ALL and across > 0.0:
            u_tooth = across * line.inner if line.inner > 0.0 else 1.0
            if u_tooth > u0 and old[j] - v0 > slope * (u_tooth - u0):
                tooth = (old[j] - v0) / (u_tooth - u0)
                u_tooth = min(u_tooth, u1)
                mid = first
                while mid < k and horizon[0, mid] < u_tooth:
                    mid += 1
                e_tooth = horizon[1, mid - 1] + horizon[2, mid - 1] * (u_tooth - horizon[0, mid - 1])
                v_tooth = v0 + tooth * (u_tooth - u0)
                n = _merged(horizon, first, mid, u0, e0, v0, u_tooth, e_tooth, v_tooth, tooth, to, n)
                if v_tooth > e_tooth:  # by rounding only: the outer end of an edge is in the horizon already
                    n = _put(to, n, u_tooth, v_tooth, horizon[2, mid - 1])
                u0, e0, v0, first = u_tooth, e_tooth, v0 + slope * (u_tooth - u0), mid
        n = _merged(horizon, first, k, u0, e0, v0, u1, there[j + 1], v1, slope, to, n)
        if j == line.last - 1:
            n = _put(to, n, u1, max(there[j + 1], v1), 0.0)
    if flags[line.last - 1] == 0:
        n = _copied(horizon, k, min(stop + 1, horizon.shape[1]), to, n)
    to[2, n - 1] = 0.0
    return n


@compiled
def _copied(horizon: Floats, first: int, stop: int, to: Floats, n: int) -> int:
    """Append vertices of a horizon unchanged."""
    for k in range(first, stop):
        to[0, n], to[1, n], to[2, n] = horizon[0, k], horizon[1, k], horizon[2, k]
        n += 1
    return n


@compiled
def _merged(
    horizon: Floats,
    first: int,
    stop: int,
    u0: float,
    e0: float,
    v0: float,
    u1: float,
    e1: float,
    v1: float,
    slope: float,
    to: Floats,
    n: int,
) -> int:
    """Append the higher of horizon and straight edge between the directions u0 and u1.

    There they stand at e0, e1 and v0, v1; the horizon's vertices from ``first`` to before ``stop`` lie between. What
    stands at u1 is left to the next stretch, which must compare the same e1 and v1.
    """
    us, es, slopes = horizon[0], horizon[1], horizon[2]
    above, u_before = v0 - e0, u0
    if above > 0.0:
        n = _put(to, n, u0, v0, slope)
    for k in range(first, stop + 1):
        u, e, v = u1, e1, v1
        if k < stop:
            u, e = us[k], es[k]
            v = v0 + slope * (u - u0)
        now = v - e
        if (above > 0.0) != (now > 0.0):
            crossing = u_before + (u - u_before) * (above / (above - now))
            n = _put(to, n, crossing, v0 + slope * (crossing - u0), slope if now > 0.0 else slopes[k - 1])
        if now <= 0.0 and k < stop:
            n = _put(to, n, u, e, slopes[k])
        above, u_before = now, u
    return n


@compiled
def _put(to: Floats, n: int, u: float, e: float, slope: float) -> int:
    """Append a vertex and the slope that leads on from it; where one stands already, lift it if need be."""
    if u > to[0, n - 1]:
        to[0, n], to[1, n], to[2, n] = u, e, slope
        return n + 1
    to[1, n - 1] = max(e, to[1, n - 1])
    to[2, n - 1] = slope
    return n
