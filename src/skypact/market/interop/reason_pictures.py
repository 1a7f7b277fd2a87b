"""Pictures of why nothing completes a set: a small one of each minimal reason.

The products that the reason names stand under one another; what is asked of them, or the product that they should
reach, stands below. A crossed line joins what cannot be joined. The pictures are narrow enough for a telephone and
bring their own colours and ground, so that they can be printed, kept as files and looked at on a dark page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from skypact.engines.interop.together import Kind, Told
from skypact.market.interop import wording
from skypact.market.interop.selectors import Answered
from skypact.market.kits.diagram import BOX_HEIGHT, BOX_WIDTH, Box
from skypact.market.kits.wording import say
from skypact.schema import Category, Listing

_MARGIN, _STEP, _GUTTER = 8, BOX_HEIGHT + 24, 68
_WIDTH = 2 * _MARGIN + BOX_WIDTH + _GUTTER
#: What is asked of the products, from the one that says the most.
_ASKED = (Kind.CLEAR, Kind.POWERED, Kind.COMMON, Kind.CONNECTED, Kind.KINDS, Kind.HUB)


@dataclass(frozen=True)
class Cross:
    """A line that cannot be, and where its cross stands."""

    path: str
    x: float
    y: float


@dataclass(frozen=True)
class ReasonPicture:
    """Boxes from top to bottom, those that are asked for dashed, with the lines that cannot be."""

    title: str
    description: str
    boxes: tuple[tuple[Box, bool], ...]
    crosses: tuple[Cross, ...]
    height: float
    width: float = _WIDTH


def reason_svg(found: Answered, told: Told, *, number: int) -> str:
    """The picture of the reason as a document of its own, in the reader's language."""
    context = {"picture": reason_picture(found, told, number=number), "number": number}
    return render_to_string("interop/_reason.html", context)


def reason_picture(found: Answered, told: Told, *, number: int) -> ReasonPicture:
    """What the picture of one reason shows. ``number``: which of the reasons it is, from 1."""
    kinds = {one.kind for one in told.reason.stipulations}
    named = [found.listings[one.listing] for one in told.reason.stipulations if one.listing is not None]
    hubs = [one for one in named if one.category is Category.C2]
    members = [one for one in named if one not in hubs]
    if kinds & {Kind.CONNECTED, Kind.COMMON} and not members:
        members = [part.listing for part in found.question.sensors]
    asked = next((kind for kind in _ASKED if kind in kinds), None)
    targets: list[Box] = []
    if asked in (Kind.CONNECTED, Kind.COMMON):
        own = hubs or [part.listing for part in found.question.parts if part.listing.category is Category.C2]
        targets = [_box(one) for one in own] or [_wish(_("a command and control product"))]
    elif asked not in (None, Kind.CLEAR):
        members += hubs
        targets = [_wish(str(wording.STIPULATIONS[asked]))]
    else:
        members += hubs
    rows = [*map(_box, members), *targets]
    boxes = tuple((_at(box, row), not box.listing) for row, box in enumerate(rows))
    crosses = (
        [_between(row) for row in range(len(members) - 1)]
        if not targets
        else [_round(row, len(rows) - 1, row) for row in range(len(members))]
    )
    return ReasonPicture(
        title=_("Reason %(number)s in a picture") % {"number": number},
        description=" ".join(say(one) for one in told.sentences),
        boxes=boxes,
        crosses=tuple(crosses),
        height=2 * _MARGIN + len(rows) * _STEP - (_STEP - BOX_HEIGHT),
    )


def _box(listing: Listing) -> Box:
    return Box(listing.id, listing.name, listing.name_ko, listing.category, 0, 0, 0)


def _wish(words: str) -> Box:
    return Box("", words, words, None, 0, 0, 0)


def _at(box: Box, row: int) -> Box:
    return Box(box.listing, box.name, box.name_ko, box.category, box.quantity, _MARGIN, _MARGIN + row * _STEP)


def _middle(row: int) -> float:
    return _MARGIN + row * _STEP + BOX_HEIGHT / 2


def _between(row: int) -> Cross:
    """Between a box and the one below it."""
    x, top = _MARGIN + BOX_WIDTH / 2, _MARGIN + row * _STEP + BOX_HEIGHT
    return Cross(f"M{x:g} {top:g} V{top + _STEP - BOX_HEIGHT:g}", x, top + (_STEP - BOX_HEIGHT) / 2)


def _round(row: int, last: int, number: int) -> Cross:
    """From a box through the gutter on its right to the last one."""
    edge = _MARGIN + BOX_WIDTH
    turn = edge + _GUTTER - 8 - 8 * (number % 4)
    start, end = _middle(row), _middle(last) - 12 + 6 * (number % 4)
    return Cross(f"M{edge:g} {start:g} H{turn:g} V{end:g} H{edge:g}", edge + 16, start)


def pictures(found: Answered, reasons: Sequence[Told]) -> list[str]:
    """The pictures of all reasons, in their order."""
    return [reason_svg(found, one, number=number) for number, one in enumerate(reasons, start=1)]
