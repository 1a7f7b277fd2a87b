"""Two kits of one place side by side, by their own figures. Loads no engine: a process that serves pages may use it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from skypact.market.kits import wording
from skypact.market.kits.presentation import conditions_of
from skypact.schema import InputError, Kit, KitItem, LineString, Money, Unknown

#: Cases that are drawn and counted anew; a comparison of more would take minutes.
CASES_AT_MOST = 12
#: Positions are told to a centimetre, and equipment within a metre stands where it stood: degrees.
_SAME_PLACE_DEG = 1e-5
_EARTH = Geod(ellps="WGS84")

Case = tuple[str, float]


def metres_apart(before: Kit, after: Kit) -> float | None:
    """How far the middles of two kits lie apart whose warning rings do not meet; ``None`` where they do."""
    one, other = (_inside(kit.ring) for kit in (before, after))
    if one.intersection(other).area > 0:
        return None
    return float(_EARTH.inv(one.centroid.x, one.centroid.y, other.centroid.x, other.centroid.y)[2])


def common_zone(before: Kit, after: Kit) -> BaseGeometry:
    """The area inside both warning rings (longitude, latitude). Raises InputError for kits of places far apart."""
    apart = metres_apart(before, after)
    if apart is not None:
        raise InputError.single(
            file=after.id,
            place="ring",
            accepted=f"must meet the warning ring of {before.id}, which lies {wording.metres(apart)} away: "
            "only kits of one place can be compared",
        )
    return _inside(before.ring).intersection(_inside(after.ring))


def _inside(ring: Sequence[LineString]) -> BaseGeometry:
    polygons = [shapely.Polygon(line.coordinates) for line in ring if len(line.coordinates) >= 4]
    return shapely.make_valid(shapely.union_all(polygons))


def square_metres(area: BaseGeometry) -> float:
    """The size of an area on the ellipsoid."""
    return abs(_EARTH.geometry_area_perimeter(area)[0])


def common_cases(before: Kit, after: Kit) -> list[Case]:
    """What both kits can be asked: threat classes of both at the heights of either, bounded in number."""
    one, other = before.requirement.detection, after.requirement.detection
    heights = sorted({*one.heights_m, *other.heights_m})
    shared = [threat for threat in other.threats if threat in one.threats]
    return [(threat, height) for threat in shared for height in heights][:CASES_AT_MOST]


@dataclass(frozen=True)
class Rule:
    """A rule of counting in which two requirements differ, with the words of each; empty where one has none."""

    key: str
    name: str
    before: str
    after: str
    grounds: tuple[object, object]
    """what decides, without the words"""


#: What shares may differ in and still count the same: how much is asked for, and on which relief it is counted.
_NOT_COUNTED_BY = frozenset({"share", "terrain"})
#: Warning of straight approaches is told up to the site's edge, whatever the share is of.
_NOT_WARNED_BY = _NOT_COUNTED_BY | {"region"}


@dataclass(frozen=True)
class Pair:
    """One figure in both kits; ``None`` where a kit does not tell it."""

    threat: str
    height_m: float
    before: float | None
    after: float | None
    unlike: tuple[Rule, ...] = ()
    """rules of counting in which the two differ: what they count is not the same, and is not subtracted"""

    @property
    def name(self) -> str:
        """The threat class by name."""
        return wording.threat_name(self.threat)

    @property
    def height(self) -> str:
        """The height above ground."""
        return wording.metres(self.height_m)

    @property
    def change(self) -> float | None:
        """After less before; ``None`` too where the two do not count the same."""
        return None if self.before is None or self.after is None or self.unlike else self.after - self.before

    @property
    def differing(self) -> str:
        """In what the two count differently; empty where they count the same, or one does not tell."""
        told = self.before is not None and self.after is not None
        return ", ".join(rule.name for rule in self.unlike) if told else ""

    @property
    def points(self) -> str:
        """The change of a share in percentage points, with its sign."""
        return "" if self.change is None else _signed(self.change * 100, "{:.1f}")

    @property
    def seconds(self) -> str:
        """The change of a time, with its sign."""
        return "" if self.change is None else f"{_signed(self.change, '{:.0f}')} s"


def _signed(value: float, form: str) -> str:
    shown = form.format(abs(value))
    if float(shown) == 0:
        return f"± {shown}"
    return f"{'+' if value > 0 else '−'} {shown}"


@dataclass(frozen=True)
class BillLine:
    """One product in both bills of materials."""

    item: KitItem
    before: int
    after: int
    moved: int
    """positions of the later kit at which it did not stand before, beyond what was added"""

    @property
    def kind(self) -> str:
        """added, removed, more, fewer, moved or same."""
        if self.before == 0:
            return "added"
        if self.after == 0:
            return "removed"
        if self.before != self.after:
            return "more" if self.after > self.before else "fewer"
        return "moved" if self.moved else "same"


class KitComparison:
    """What two kits say of themselves, row by row. Raises InputError for kits of places far apart."""

    def __init__(self, before: Kit, after: Kit) -> None:
        self.before = before
        self.after = after
        self.zone = common_zone(before, after)

    @property
    def zone_m2(self) -> float:
        """The size of the common area."""
        return square_metres(self.zone)

    @property
    def same_ring(self) -> bool:
        """Whether both warning rings are the same."""
        return self.before.ring == self.after.ring

    @cached_property
    def cases(self) -> list[Case]:
        """What both can be asked."""
        return common_cases(self.before, self.after)

    @cached_property
    def shares(self) -> list[Pair]:
        """Coverage by threat class and height, as each kit counts it."""
        one, other = (
            {(figure.threat, figure.height_m): figure.share for figure in kit.coverage}
            for kit in (self.before, self.after)
        )
        return _pairs(one, other, self._unlike(_NOT_COUNTED_BY))

    @cached_property
    def warnings(self) -> list[Pair]:
        """The least warning of straight approaches, seconds."""
        one, other = (
            {(figure.threat, figure.height_m): figure.least_warning_s for figure in kit.approaches}
            for kit in (self.before, self.after)
        )
        return _pairs(one, other, self._unlike(_NOT_WARNED_BY))

    @cached_property
    def rules(self) -> list[Rule]:
        """The rules of counting in which the requirements differ."""
        one, other = (_rules(kit) for kit in (self.before, self.after))
        return [
            Rule(key, str(wording.RULE_NAMES[key]), one[key][1], other[key][1], (one[key][0], other[key][0]))
            for key in one
            if one[key][0] != other[key][0]
        ]

    def _unlike(self, beside: frozenset[str]) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if rule.key not in beside)

    @cached_property
    def bill(self) -> list[BillLine]:
        """Every product of either kit: what changed first, by the later kit's order."""
        one, other = ({item.listing: item for item in kit.items} for kit in (self.before, self.after))
        lines = [
            BillLine(
                item=other.get(listing) or one[listing],
                before=one[listing].quantity if listing in one else 0,
                after=other[listing].quantity if listing in other else 0,
                moved=_moved(one.get(listing), other.get(listing)),
            )
            for listing in dict.fromkeys([*other, *one])
        ]
        return sorted(lines, key=lambda line: line.kind == "same")

    @property
    def cost_change(self) -> tuple[Decimal, str] | None:
        """After less before and the currency; ``None`` where a kit has no cost, or the currencies differ."""
        one, other = self.before.cost, self.after.cost
        if one is None or other is None or one.total.currency != other.total.currency:
            return None
        return other.total.amount - one.total.amount, other.total.currency

    @property
    def cost_words(self) -> str:
        """The change of cost with its sign; empty where there is none to tell."""
        if self.cost_change is None:
            return ""
        amount, currency = self.cost_change
        sign = "+ " if amount > 0 else "− " if amount < 0 else "± "
        return f"{sign}{Money(amount=abs(amount), currency=currency)}"

    @property
    def days_later(self) -> int | None:
        """By how many days the later kit is complete after the earlier one."""
        one, other = (None if kit.delivery is None else kit.delivery.complete_on for kit in (self.before, self.after))
        return None if one is None or other is None else (other - one).days

    @property
    def days_earlier(self) -> int | None:
        """By how many days earlier."""
        return None if self.days_later is None else -self.days_later

    @cached_property
    def unknowns(self) -> tuple[list[Unknown], list[Unknown]]:
        """Open questions that are settled or fall away, and those that are new."""
        one, other = ({_asked(unknown): unknown for unknown in kit.unknowns} for kit in (self.before, self.after))
        gone = [unknown for key, unknown in one.items() if key not in other]
        return gone, [unknown for key, unknown in other.items() if key not in one]


def _pairs(
    one: dict[Case, float | None] | dict[Case, float],
    other: dict[Case, float | None] | dict[Case, float],
    unlike: tuple[Rule, ...],
) -> list[Pair]:
    return [Pair(*case, one.get(case), other.get(case), unlike) for case in dict.fromkeys([*other, *one])]


def _asked(unknown: Unknown) -> tuple[str, str]:
    return unknown.subject, unknown.question.text


def _rules(kit: Kit) -> dict[str, tuple[object, str]]:
    """Rule → (what decides, the same in words)."""
    requirement, detection = kit.requirement, kit.requirement.detection
    words: dict[str, list[str]] = {}
    for name, told in conditions_of(requirement):
        words.setdefault(name, []).append(told)
    decides = {
        "site": (requirement.site.model_dump(exclude={"name", "name_ko", "nation"}), _site_words(kit)),
        "warning_distance": (detection.warning_distance_m, wording.metres(detection.warning_distance_m)),
        "share": (detection.share, wording.percent(detection.share)),
        "kinds": (detection.kinds, str(detection.kinds)),
        "region": (detection.region, str(wording.REGION_NAMES[detection.region])),
        "terrain": (kit.terrain.name, kit.terrain.name),
        "sensors": (detection.sensors, ""),
        "probability": (detection.probability, ""),
        "fused_probability": (detection.fused_probability, ""),
        "weather": (requirement.weather if detection.physics else None, ""),
        "trust": (sorted((one.grade.value, one.factor) for one in requirement.trust), ""),
    }
    return {
        key: (ground, told or "; ".join(words.get(str(wording.RULE_NAMES[key]), ())))
        for key, (ground, told) in decides.items()
    }


def _site_words(kit: Kit) -> str:
    outline = shapely.from_geojson(kit.site_outline.model_dump_json())
    middle = outline.centroid
    return f"{wording.square_metres(square_metres(outline))} ({middle.y:.5f}, {middle.x:.5f})"


def _moved(before: KitItem | None, after: KitItem | None) -> int:
    """Positions of ``after`` with no unit there before, as far as the number of units did not grow."""
    if before is None or after is None:
        return 0
    left = [(position.at, position.azimuth_deg) for position in before.positions]
    new = 0
    for position in after.positions:
        near = next((one for one in left if _same(one, (position.at, position.azimuth_deg))), None)
        if near is None:
            new += 1
        else:
            left.remove(near)
    return min(new, len(left))


def _same(one: tuple[tuple[float, float], float | None], other: tuple[tuple[float, float], float | None]) -> bool:
    (place, looks), (there, turned) = one, other
    if max(abs(place[0] - there[0]), abs(place[1] - there[1])) > _SAME_PLACE_DEG:
        return False
    return looks == turned if looks is None or turned is None else abs((looks - turned + 180) % 360 - 180) < 1
