"""Which listings are one and the same pack, told by several sources, and where those sources disagree.

A pack is one where four things agree, each in one spelling: **maker** (the vendor's name without legal form),
**model** (the part number, else the designation in the name, else the name without the figures it repeats), **cells in
series** (stated, else the one number that the nominal voltage allows for lithium cells), and **capacity** in whole
milliampere-hours. Unknown never counts as equal: where one of the last two is missing or differs, two listings of one
maker and model stay apart, and are told as doubtful.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import ceil, floor, isclose
from typing import Any

from skypact.engines.interop.batteries.pack import Pack, number, spelled
from skypact.schema import Battery, Claim, Listing, strongest

#: Nominal voltage of one lithium cell: from Li-ion to high-voltage LiPo.
_CELL_LEAST, _CELL_MOST = 3.6, 3.85
#: Figures that differ by less say the same, rounded in two ways.
_ROUNDING = 0.01

_LEGAL_FORMS = r"\b(?:inc|incorporated|ltd|limited|llc|gmbh|ag|sa|sas|bv|ab|oy|co|corp|corporation|company|plc|pty)\b"
_LEGAL = re.compile(rf"{_LEGAL_FORMS}|주식회사|㈜|\(주\)")
#: What a name repeats of the figures that stand in fields of their own.
_FIGURE = re.compile(r"(?<![\w.-])\d+(?:[.,]\d+)?\s*(?:mah|ah|wh|v)(?![\w/-])|(?<![\w-])\d+s(?:\d+p)?(?![\w-])")
_GENERIC = re.compile(r"\b(?:lipo|li-?po|li-?ion|hv|battery|batteries|pack|cell|akku)\b|배터리|팩")
#: A maker's designation: letters and at least two digits in one word, such as TB47 or TP5000-4SPX25.
_DESIGNATION = re.compile(r"(?=[\w-]*[a-z])(?=(?:[a-z_-]*\d){2})[a-z\d][\w-]{3,}")
_RATING = re.compile(r"\d+[a-z]{1,3}")

_BODY = ("mass", "length", "width", "height")


@dataclass(frozen=True)
class Disagreement:
    """One figure of a pack that its sources state differently."""

    field: str
    """of the listing, or of its battery: ``mass``, ``current_peak``"""
    said: tuple[tuple[str, Claim[Any]], ...]
    """the listing, and the claim of it that counts most"""
    relied: Claim[Any]
    """what is calculated with: the best graded, then the latest"""


@dataclass(frozen=True)
class SamePack:
    """Listings that are one pack."""

    pack: Listing
    """the pack with the claims of all sources, under the id of the listing that tells most"""
    listings: tuple[Listing, ...]
    """as they stand, that one first"""
    disagreements: tuple[Disagreement, ...]


@dataclass(frozen=True)
class Doubtful:
    """Two listings of one maker and model that are perhaps one pack."""

    listings: tuple[Listing, Listing]
    field: str
    """what is missing or differs: ``cells_series`` or ``capacity``"""
    values: tuple[float | None, float | None]
    """cells, or mAh"""


@dataclass(frozen=True)
class Distinct:
    """Listings in which every pack stands once."""

    listings: tuple[Listing, ...]
    """all listings, packs of several sources joined"""
    same: tuple[SamePack, ...]
    doubtful: tuple[Doubtful, ...]
    joined: Mapping[str, str]
    """by the id of every listing that was joined to another one, the id under which the pack stands"""

    def id_of(self, identifier: str) -> str:
        """The id under which the pack ``identifier`` stands; any other id as it is."""
        return self.joined.get(identifier, identifier)


@dataclass(frozen=True)
class _Known:
    listing: Listing
    cells: float | None
    capacity: float | None
    """mAh"""
    energy: float | None


def distinct(listings: Sequence[Listing], *, on: date, makers: Mapping[str, str] | None = None) -> Distinct:
    """``listings`` with those that are one pack joined, none of their claims left out.

    ``makers`` are the vendors' names by id; without its name a vendor is its id. What makes listings one pack:
    this module's own words. Generated listings are joined with generated ones only. Aircraft that name a joined
    listing as the pack they are sold with name the pack instead.
    """
    called = makers or {}
    alike: dict[tuple[str, str, bool], list[_Known]] = defaultdict(list)
    for one in listings:
        if one.battery is not None:
            key = maker_of(called.get(one.vendor, one.vendor)), model_of(one), one.synthetic
            alike[key].append(_known(one, on))
    same: list[SamePack] = []
    doubtful: list[Doubtful] = []
    for (_, model, _), packs in alike.items():
        if not model or len(packs) == 1:
            continue
        groups: dict[tuple[float, float], list[Listing]] = defaultdict(list)
        for pack in packs:
            if pack.cells is not None and pack.capacity is not None:
                groups[pack.cells, pack.capacity].append(pack.listing)
        same += [_joined(group, on) for group in groups.values() if len(group) > 1]
        doubtful += _doubtful(packs, designated=_designation(packs[0].listing) is not None)
    return _replaced(listings, same, doubtful)


def maker_of(name: str) -> str:
    """A maker's name in one spelling, without its legal form."""
    return spelled(_LEGAL.sub(" ", name.casefold())) or spelled(name)


def model_of(listing: Listing) -> str:
    """A pack's model in one spelling; empty where its name holds nothing but figures."""
    designation = _designation(listing)
    if designation is not None:
        return spelled(designation)
    return spelled(_GENERIC.sub(" ", _FIGURE.sub(" ", listing.name.casefold())))


def cells_of(listing: Listing, *, on: date) -> float | None:
    """Cells in series: stated, else the one number that the nominal voltage allows; ``None`` is unknown."""
    if listing.battery is None:
        return None
    stated = number(strongest(listing.battery.cells_series, on=on))
    volts = number(strongest(listing.battery.voltage_nominal, on=on))
    if stated is not None or volts is None:
        return stated
    least, most = ceil(volts / _CELL_MOST - 1e-9), floor(volts / _CELL_LEAST + 1e-9)
    return float(least) if least == most and least > 0 else None


def _designation(listing: Listing) -> str | None:
    if listing.part_number is not None:
        return listing.part_number
    words = _DESIGNATION.findall(_FIGURE.sub(" ", listing.name.casefold()))
    return next((word for word in words if not _RATING.fullmatch(word)), None)


def _known(listing: Listing, on: date) -> _Known:
    assert listing.battery is not None  # noqa: S101 (asked of packs only)
    ampere_hours = number(strongest(listing.battery.capacity, on=on))
    return _Known(
        listing=listing,
        cells=cells_of(listing, on=on),
        capacity=None if ampere_hours is None else float(round(1000 * ampere_hours)),
        energy=Pack.of(listing, on=on).energy_wh,
    )


def _doubtful(packs: Sequence[_Known], *, designated: bool) -> Iterable[Doubtful]:
    """Pairs of one maker and model of which cells or capacity is not known to agree.

    Without a designation the figures are the model: those that differ are other packs, and no doubt.
    """
    for one, other in combinations(packs, 2):
        pairs = {"cells_series": (one.cells, other.cells), "capacity": (one.capacity, other.capacity)}
        apart = {field: pair for field, pair in pairs.items() if None in pair or pair[0] != pair[1]}
        certain = any(None not in pair for pair in apart.values()) or _unlike(one.energy, other.energy)
        if apart and (designated or not certain):
            field, pair = next(iter(apart.items()))
            yield Doubtful((one.listing, other.listing), field, pair)


def _unlike(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and not _agree(one, other)


def _joined(group: Sequence[Listing], on: date) -> SamePack:
    ordered = tuple(sorted(group, key=lambda one: (one.part_number is None, -_told(one), one.id)))
    first = ordered[0]
    assert first.battery is not None  # noqa: S101 (a group holds packs only)
    body = {field: _all(ordered, field) for field in _BODY}
    parts = [one.battery for one in ordered if one.battery is not None]
    battery = first.battery.model_copy(update={field: _all(parts, field) for field in Battery.model_fields})
    update: dict[str, Any] = {**body, "battery": battery, "evidence": _all(ordered, "evidence")}
    served = {spare.listing: spare for one in reversed(ordered) for spare in one.spare_for}
    update["spare_for"] = tuple(served.values())
    return SamePack(first.model_copy(update=update), ordered, tuple(_disagreements(ordered, on)))


def _told(listing: Listing) -> int:
    """How many fields of its battery somebody has looked at."""
    return sum(bool(getattr(listing.battery, field)) for field in Battery.model_fields)


def _all(parts: Iterable[Listing | Battery], field: str) -> tuple[Any, ...]:
    """What all of them say in one field, each once, in order."""
    return tuple(dict.fromkeys(entry for part in parts for entry in getattr(part, field)))


def _disagreements(listings: Sequence[Listing], on: date) -> Iterator[Disagreement]:
    for field in (*_BODY, *Battery.model_fields):
        said = [(one.id, strongest(_claims(one, field), on=on)) for one in listings]
        known = tuple((identifier, claim) for identifier, claim in said if claim is not None)
        relied = strongest([claim for one in listings for claim in _claims(one, field)], on=on)
        if relied is not None and any(not _agree(relied.value, claim.value) for _, claim in known):
            yield Disagreement(field, known, relied)


def _claims(listing: Listing, field: str) -> tuple[Claim[Any], ...]:
    found: tuple[Claim[Any], ...] = getattr(listing if field in _BODY else listing.battery, field)
    return found


def _agree(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return spelled(one) == spelled(other)
    if isinstance(one, bool) or isinstance(other, bool):
        return bool(one == other)
    return isclose(one, other, rel_tol=_ROUNDING)


def _replaced(listings: Sequence[Listing], same: Sequence[SamePack], doubtful: Sequence[Doubtful]) -> Distinct:
    packs = {one.pack.id: one.pack for one in same}
    joined = {listing.id: one.pack.id for one in same for listing in one.listings[1:]}
    names = {
        spelled(name): one.pack.id for one in same for listing in one.listings for name in (listing.name, listing.id)
    }
    kept = tuple(_naming(packs.get(one.id, one), names) for one in listings if one.id not in joined)
    return Distinct(kept, tuple(same), tuple(doubtful), joined)


def _naming(listing: Listing, names: Mapping[str, str]) -> Listing:
    """An aircraft that names a joined listing as its pack, naming the pack; anything else as it is."""
    frame = listing.airframe
    if frame is None or not any(claim.value and spelled(claim.value) in names for claim in frame.battery):
        return listing
    named = tuple(
        claim.model_copy(update={"value": names.get(spelled(claim.value), claim.value)}) if claim.value else claim
        for claim in frame.battery
    )
    return listing.model_copy(update={"airframe": frame.model_copy(update={"battery": named})})
