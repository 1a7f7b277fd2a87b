"""The curve and what it decides as one table, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from skypact.engines.interop.batteries import Curve, Point
from skypact.exchange.catalogue.cells import text_of
from skypact.schema import Listing

#: Column → its heading; ``{currency}`` is the fleet's.
_COLUMNS = {
    "k": "k",
    "row": "row",
    "nation": "nation (ISO 3166-1 alpha-2)",
    "aircraft": "aircraft",
    "aircraft_name": "aircraft name",
    "pack": "pack",
    "pack_name": "pack name",
    "quantity": "quantity (pieces)",
    "used": "used (pieces)",
    "works": "works",
    "adapter": "adapter",
    "kept": "endurance kept, or served (share)",
    "cost": "cost ({currency})",
    "bound": "proven least cost ({currency})",
}


def decision_csv(curve: Curve, named: Mapping[str, Listing]) -> bytes:
    """One row an entry: of every k its sum, its packs, its aircraft, its stock, what is to be bought and each cost."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [*_COLUMNS], restval="")
    currency = curve.assumptions.currency
    writer.writerow({column: heading.format(currency=currency) for column, heading in _COLUMNS.items()})
    names = {identifier: listing.name for identifier, listing in named.items()}
    for point in curve.points:
        for row in _rows(point):
            said = {"k": point.k} | {column: value for column, value in row.items() if value is not None}
            said |= {
                f"{column}_name": names[row[column]] for column in ("aircraft", "pack") if row.get(column) in names
            }
            writer.writerow({column: text_of(value) for column, value in said.items()})
    return text.getvalue().encode("utf-8-sig")


def _rows(point: Point) -> Iterator[dict[str, Any]]:
    yield {
        "row": "served",
        "quantity": point.served,
        "kept": point.share,
        "cost": point.cost,
        "bound": point.bound if point.proven else None,
    }
    for pack in point.packs:
        yield {"row": "kind of pack", "pack": pack}
    for one in point.servings:
        yield {
            "row": "aircraft",
            "nation": one.row.nation,
            "aircraft": one.row.aircraft,
            "pack": one.pack,
            "quantity": one.row.quantity,
            "works": one.arc.answer.value,
            "adapter": "to be made" if one.arc.adapter == "" else one.arc.adapter,
            "kept": one.arc.change.endurance_ratio,
            "cost": one.arc.cost,
        }
    for left in point.left_out:
        yield {"row": "not served", "nation": left.nation, "aircraft": left.aircraft, "quantity": left.quantity}
    for held in point.stock:
        yield {"row": "stock", "nation": held.nation, "pack": held.pack, "quantity": held.quantity, "used": held.used}
    for bought in point.to_buy:
        yield {"row": "to buy", "nation": bought.nation, "pack": bought.pack, "quantity": bought.quantity}
    for kind, amount in point.costs.items():
        if amount:
            yield {"row": f"cost: {kind.value}", "cost": amount}
