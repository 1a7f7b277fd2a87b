"""Limits that cannot be kept, for the page: each way out as a bar beside the limit, and the address that asks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from skypact.engines.interop.together import Limit, Repair, Way
from skypact.schema import Sentence

_WIDTH, _ROW = 640, 26
#: So much of the picture's width is for what is written beside the longest bar.
_LONGEST = 460
#: A bar longer than this has its text inside.
_INSIDE = 380


@dataclass(frozen=True)
class ShownRepair:
    """One way out with the address of the page that asks it."""

    repair: Repair
    address: str

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """What is changed, and what it comes to."""
        return self.repair.sentences

    @property
    def proven(self) -> bool:
        """Whether nothing of its kind is cheaper."""
        return self.repair.proven

    @property
    def completion(self) -> Any:
        """The least to add then."""
        return self.repair.completion


@dataclass(frozen=True)
class ShownLimit:
    """A limit as the page shows it."""

    sentences: tuple[Sentence, ...]
    repairs: tuple[ShownRepair, ...]
    bars: dict[str, Any]


def shown(limit: Limit, query: QueryDict) -> ShownLimit:
    """``limit`` for the page that ``query`` asked for."""
    repairs = tuple(ShownRepair(one, _address(limit, one, query)) for one in limit.repairs)
    return ShownLimit(limit.sentences, repairs, _bars(limit))


def _address(limit: Limit, repair: Repair, query: QueryDict) -> str:
    """The same question with the one change."""
    asked = query.copy()
    if repair.way in (Way.RAISE, Way.CHEAPER):
        asked["mass_kg" if limit.name == "mass" else "budget"] = f"{_up(repair.to or 0.0):g}"
    elif repair.way is Way.OTHER_C2:
        asked["other_c2"] = "on"
    elif repair.way is Way.WITHOUT:
        left_out = dict(repair.without)
        asked_of = zip(asked.getlist("listing"), asked.getlist("quantity"), strict=False)
        pairs = [(listing, int(count) - left_out.get(listing, 0)) for listing, count in asked_of]
        asked.setlist("listing", [listing for listing, count in pairs if count > 0])
        asked.setlist("quantity", [str(count) for _, count in pairs if count > 0])
    else:
        return ""  # the page accepts open details already: a surer answer was merely dearer
    return asked.urlencode()


def _up(value: float) -> float:
    """Rounded up to hundredths, so that what is asked with it holds."""
    return -(-round(value * 1e4) // 100) / 100


def _bars(limit: Limit) -> dict[str, Any]:
    amounts = [one.completion.cost if limit.name == "budget" else one.mass_kg for one in limit.repairs]
    most = max([limit.wanted, *amounts], default=0.0)
    if not amounts or most <= 0:
        return {}
    rows = []
    for number, amount in enumerate(amounts):
        width = round(amount / most * _LONGEST, 1)
        inside = width > _INSIDE
        rows.append({
            "number": number + 1,
            "text": f"{amount:,.2f}" if limit.name == "budget" else f"{amount:,.4g} kg",
            "y": number * _ROW + 4,
            "width": max(width, 1.0),
            "inside": inside,
            "text_x": width - 6 if inside else width + 8,
            "text_y": number * _ROW + 18,
            "over": amount > limit.wanted * (1 + 1e-9),
        })  # fmt: skip
    return {"rows": rows, "height": len(rows) * _ROW + 4, "limit_x": round(limit.wanted / most * _LONGEST, 1)}
