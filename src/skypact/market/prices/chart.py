"""Prices and stock over time as step lines: where each line runs, in the units of a drawing that the page scales."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import groupby

from skypact.market.prices.findings import Observed
from skypact.schema import Money

WIDTH, HEIGHT, MARGIN = 480, 120, 6
#: More lines than this nobody can tell apart; the table has all.
MOST_LINES = 6

Point = tuple[datetime, Decimal | None]


@dataclass(frozen=True)
class Line:
    """One offer's step line."""

    style: int
    """1 to :data:`MOST_LINES`: which colour and dashes"""
    seller: str
    number: int
    path: str
    """SVG path data; empty where nothing is known"""
    last: str
    """the last value in words"""


@dataclass(frozen=True)
class Panel:
    """The lines that share a scale: the prices in one currency, or the stock."""

    currency: str
    """empty: stock"""
    top: str
    """the value at the upper edge; the lower edge is 0"""
    lines: tuple[Line, ...]
    lowest: str
    highest: str


@dataclass(frozen=True)
class Chart:
    """Panels one below the other, over the same days."""

    first: date
    last: date
    panels: tuple[Panel, ...]
    left_out: int
    """how many offers are in the table only"""

    @property
    def key(self) -> list[Line]:
        """One line of each offer, to tell them apart."""
        return list({line.style: line for panel in self.panels for line in panel.lines}.values())


def chart(observations: Sequence[Observed], *, on: date) -> Chart | None:
    """The drawing of a listing's history up to a day; None where no price and no stock was ever stated."""
    offers = [list(items) for _, items in groupby(sorted(observations, key=_offer), key=_offer)]
    drawn = offers[:MOST_LINES]
    currencies = sorted({item.price.currency for offer in drawn for item in offer if item.price is not None})
    if not observations:
        return None
    start = min(item.at for item in observations)
    end = max(datetime.combine(on, time(), tzinfo=UTC) + timedelta(days=1), start + timedelta(days=1))
    span = _Span(start, end)
    panels = [_panel(drawn, currency, span) for currency in currencies]
    if any(item.stock is not None for offer in drawn for item in offer):
        panels.append(_panel(drawn, "", span))
    if not panels:
        return None
    return Chart(start.astimezone(UTC).date(), on, tuple(panels), len(offers) - len(drawn))


def _offer(item: Observed) -> tuple[str, int]:
    return item.seller, item.number


@dataclass(frozen=True)
class _Span:
    start: datetime
    end: datetime

    def x(self, at: datetime) -> float:
        """Where an instant lies from left to right."""
        share = (at - self.start) / (self.end - self.start)
        return MARGIN + share * (WIDTH - 2 * MARGIN)


def _panel(offers: Sequence[Sequence[Observed]], currency: str, span: _Span) -> Panel:
    points = [[(item.at, _value(item, currency)) for item in offer] for offer in offers]
    known = [value for line in points for _, value in line if value is not None]
    top = max(known)
    lines = tuple(
        Line(
            style=style,
            seller=offer[0].seller,
            number=offer[0].number,
            path=_path(line, top, span),
            last=next((_words(value, currency) for _, value in reversed(line) if value is not None), ""),
        )
        for style, (offer, line) in enumerate(zip(offers, points, strict=True), 1)
        if any(value is not None for _, value in line)
    )
    return Panel(currency, _words(top, currency), lines, _words(min(known), currency), _words(top, currency))


def _value(item: Observed, currency: str) -> Decimal | None:
    if not currency:
        return None if item.stock is None else Decimal(item.stock)
    return item.price.amount if item.price is not None and item.price.currency == currency else None


def _words(value: Decimal, currency: str) -> str:
    return str(Money(amount=value, currency=currency)) if currency else f"{value:,f}"


def _path(points: Iterable[Point], top: Decimal, span: _Span) -> str:
    return " ".join(_moves([*points, (span.end, None)], top, span))


def _moves(points: Sequence[Point], top: Decimal, span: _Span) -> Iterator[str]:
    standing = False
    for at, value in points:
        x = f"{span.x(at):.1f}"
        if standing:
            yield f"H{x}"
        if value is not None:
            y = f"{HEIGHT - MARGIN - float(value / top if top else 0) * (HEIGHT - 2 * MARGIN):.1f}"
            yield f"V{y}" if standing else f"M{x} {y}"
        standing = value is not None
