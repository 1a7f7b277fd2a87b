"""What the pages of other apps show of prices: a listing's history, and a price in the reader's currency."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from skypact.market.core.access import Actor
from skypact.market.prices import selectors
from skypact.market.prices.chart import HEIGHT, WIDTH, chart
from skypact.market.prices.exchange import Exchange, exchange
from skypact.schema import Money

#: The cookie that holds the currency a reader wants prices converted to.
COOKIE = "currency"
#: How many observations the page shows; the interface gives all.
MOST_ROWS = 50


def history_of(request: HttpRequest, slug: str) -> dict[str, Any]:
    """What the section on prices of a listing's page shows."""
    on = timezone.localdate()
    history = selectors.history(Actor.of_request(request), slug, on=on)
    return {
        "request": request,
        "history": history,
        "rows": history.observations[::-1][:MOST_ROWS],
        "left_out": max(0, len(history.observations) - MOST_ROWS),
        "chart": chart(history.observations, on=on),
        "width": WIDTH,
        "height": HEIGHT,
        "currencies": exchange_of(request).currencies,
        "currency": chosen_currency(request),
    }


def conversion_of(request: HttpRequest, price: Money | None) -> dict[str, Any]:
    """A price in the currency that the reader chose; nothing where he chose none or the price is quoted in it."""
    currency = chosen_currency(request)
    if price is None or currency in ("", price.currency):
        return {"wanted": ""}
    return {"wanted": currency, "conversion": exchange_of(request).convert(price, currency)}


def chosen_currency(request: HttpRequest) -> str:
    """The currency that the reader chose; empty: prices as quoted."""
    code = request.COOKIES.get(COOKIE, "")
    return code if len(code) == 3 and code.isascii() and code.isalpha() and code.isupper() else ""


def exchange_of(request: HttpRequest) -> Exchange:
    """Today's rates, read once a page."""
    if not hasattr(request, "exchange"):
        request.exchange = exchange(timezone.localdate())  # type: ignore[attr-defined]
    return request.exchange  # type: ignore[attr-defined,no-any-return]
