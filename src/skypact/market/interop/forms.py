"""What the pages and the interface ask: a set of listings, and the shape it is wanted in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.http import QueryDict

from skypact.engines.interop.together import Wanted
from skypact.market.interop.selectors import MOST_UNITS, Asked, Chosen, mains_of
from skypact.schema import InputError
from skypact.schema.nations import NATIONS

_FILE = "question"
DEFAULT_MAINS = "230x16"
LEAST_MAST_M, MOST_MAST_M = 1.0, 1000.0
#: Marks in an address that options were left out on purpose: a box without its tick sends nothing.
SHOWN = "asked"
#: Everything that the page's address may carry.
READ = (
    *("listing", "quantity", "owned", "q", SHOWN),
    *("powered", "common", "other_c2", "supported", "kinds", "accept", "mains", "budget", "mass_kg", "currency"),
    *("apart_m", "mast_m", "nation"),
)
_TICKED = {"on": True, "true": True, "1": True, "yes": True, "off": False, "false": False, "0": False, "no": False}


def asked_of(query: QueryDict) -> Asked:
    """The question in an address: ``listing=a&quantity=2&owned=a&mains=230x16&accept=0&…``. Raises InputError."""
    listings = list(dict.fromkeys(query.getlist("listing")))
    quantities = dict(zip(query.getlist("listing"), query.getlist("quantity"), strict=False))
    owned = set(query.getlist("owned"))
    chosen = tuple(Chosen(one, _whole(quantities.get(one, "1"), one), one in owned) for one in listings)
    ticked = SHOWN in query
    wanted = Wanted(
        powered=_ticked(query, "powered", default=not ticked),
        common=_ticked(query, "common"),
        other_c2=_ticked(query, "other_c2"),
        supported=_ticked(query, "supported"),
        kinds=_among(query.get("kinds", "0"), "kinds", 0, 7),
        accept=_among(query.get("accept", "2"), "accept", 0, 2),
        mains=mains_of(query.get("mains", "" if ticked else DEFAULT_MAINS)),
        budget=_number(query.get("budget", ""), "budget"),
        mass_max_kg=_number(query.get("mass_kg", ""), "mass_kg"),
        apart_m=_number(query.get("apart_m", ""), "apart_m"),
        mast_m=mast_of(_number(query.get("mast_m", ""), "mast_m")),
        nation=nation_of(query.get("nation", "")),
    )
    return Asked(chosen=chosen, wanted=wanted, currency=_currency(query.get("currency", "EUR")))


def asked_of_words(words: Sequence[str], **wanted: Any) -> Asked:
    """The same from words: ``slug``, ``slug:3``, ``slug:3:own``. Raises InputError."""
    chosen: list[Chosen] = []
    for word in words:
        name, *rest = word.split(":")
        own = "own" in rest
        numbers = [part for part in rest if part != "own"]
        if len(numbers) > 1 or not name:
            raise InputError.single(
                file=_FILE, place=word, accepted="listing, listing:quantity or listing:quantity:own"
            )
        chosen.append(Chosen(name, _whole(numbers[0] if numbers else "1", name), own))
    for name, place in (("budget", "budget"), ("mass_max_kg", "mass_kg")):
        value = wanted.get(name)
        if value is not None:
            _number(str(value), place)
    return Asked(chosen=merged(chosen), wanted=Wanted(**wanted))


def mast_of(metres: float | None) -> float:
    """The height of the antennas, by itself 10 m. Raises InputError: from the ground nothing is in sight."""
    if metres is None:
        return Wanted.mast_m
    if not LEAST_MAST_M <= metres <= MOST_MAST_M:
        accepted = f"metres from {LEAST_MAST_M:g} to {MOST_MAST_M:g}"
        raise InputError.single(file=_FILE, place="mast_m", value=f"{metres:g}", accepted=accepted)
    return metres


def nation_of(text: str) -> str | None:
    """Where the set is to stand. Raises InputError."""
    if not text:
        return None
    if text not in NATIONS:
        raise InputError.single(
            file=_FILE, place="nation", value=text, accepted="two capitals of ISO 3166-1, such as KR, or nothing"
        )
    return text


def merged(chosen: Sequence[Chosen]) -> tuple[Chosen, ...]:
    """Each listing once, with the sum of its quantities."""
    lines: dict[str, Chosen] = {}
    for one in chosen:
        before = lines.get(one.listing)
        lines[one.listing] = one if before is None else replace(before, quantity=before.quantity + one.quantity)
    return tuple(lines.values())


def _whole(text: str, place: str) -> int:
    return _among(text, place, 1, MOST_UNITS)


def _currency(text: str) -> str:
    if re.fullmatch("[A-Z]{3}", text) is None:
        raise InputError.single(
            file=_FILE, place="currency", value=text, accepted="a currency of three capitals, such as EUR"
        )
    return text


def _ticked(query: QueryDict, name: str, *, default: bool = False) -> bool:
    """A box of the form (``on``, or not there), or the interface's word for the same (``true``, ``false``)."""
    text = query.get(name)
    if text is None:
        return default
    if text not in _TICKED:
        raise InputError.single(file=_FILE, place=name, value=text, accepted=f"one of {', '.join(_TICKED)}")
    return _TICKED[text]


def _among(text: str, place: str, low: int, high: int) -> int:
    value = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else -1
    if not low <= value <= high:
        raise InputError.single(file=_FILE, place=place, value=text, accepted=f"a whole number from {low} to {high}")
    return value


def _number(text: str, place: str) -> float | None:
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e12:
        raise InputError.single(file=_FILE, place=place, value=text, accepted="a number from 0 on, or nothing")
    return value
