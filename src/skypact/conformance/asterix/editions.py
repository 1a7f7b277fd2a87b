"""The categories and editions that the lab decodes, and which items a record of each must hold."""

from __future__ import annotations

#: Category -> editions that ``libasterix`` 0.36 knows; of category 129 no open machine specification exists but ours.
EDITIONS: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((1, 2), (1, 3), (1, 4)),
    2: ((1, 0), (1, 1), (1, 2)),
    21: ((0, 23), (0, 24), (0, 25), (0, 26), (2, 1), (2, 2), (2, 3), (2, 4), (2, 5), (2, 6), (2, 7)),
    34: ((1, 27), (1, 28), (1, 29)),
    48: ((1, 27), (1, 28), (1, 29), (1, 30), (1, 31), (1, 32)),
    62: ((1, 16), (1, 17), (1, 18), (1, 19), (1, 20), (1, 21)),
    63: ((1, 6), (1, 7)),
    65: ((1, 4), (1, 5), (1, 6)),
    129: ((1, 2),),
}

#: Items that the category's document calls mandatory in every record.
MANDATORY: dict[int, tuple[str, ...]] = {
    1: ("010", "020"),
    2: ("010", "000"),
    21: ("010",),
    34: ("010", "000"),
    48: ("010", "020", "140"),
    62: ("010", "040", "070", "080"),
    63: ("010", "030", "050"),
    65: ("010", "000"),
}

#: Where a record says its time of day, in units of 1/128 s.
TIME_OF_DAY = {2: "030", 34: "030", 48: "140", 62: "070", 63: "030", 65: "030"}

#: Category and path of a number -> unit, lowest and highest value that can be true.
LIMITS: dict[tuple[int, str], tuple[str, float, float]] = {
    (1, "040/THETA"): ("°", 0, 360),
    (48, "040/THETA"): ("°", 0, 360),
    (48, "090/FL"): ("FL", -15, 1500),
    (48, "200/GSP"): ("NM/s", 0, 1),
    (62, "105/LAT"): ("°", -90, 90),
    (62, "105/LON"): ("°", -180, 180),
    (62, "185/VX"): ("m/s", -3000, 3000),
    (62, "185/VY"): ("m/s", -3000, 3000),
    (62, "136"): ("FL", -15, 1500),
}


def name(category: int, edition: tuple[int, int]) -> str:
    return f"CAT{category:03d} {edition[0]}.{edition[1]}"


NAMES = tuple(name(category, edition) for category, editions in EDITIONS.items() for edition in editions)
