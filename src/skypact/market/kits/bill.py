"""The bill of materials as CSV."""

import csv
import io

from skypact.schema import Kit

COLUMNS = (
    "listing",
    "name",
    "vendor",
    "nation",
    "category",
    "quantity",
    "unit_price",
    "line_total",
    "currency",
    "price_basis",
    "price_note",
    "lead_time_days",
    "lead_basis",
    "power_draw_w",
    "power_basis",
    "eligibility",
    "synthetic",
)


def csv_of(kit: Kit) -> str:
    """One row an item, without a total row so that it can be summed. Unknown figures are empty cells."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for item in kit.items:
        price = item.unit_price
        row = (
            item.listing,
            item.name,
            item.vendor,
            item.nation,
            item.category.value,
            item.quantity,
            price and price.amount,
            price and price.amount * item.quantity,
            price and price.currency,
            item.price_basis.value,
            item.price_note.text,
            item.lead_time_days,
            item.lead_basis.value,
            item.power_draw_w,
            item.power_basis.value,
            item.eligibility.value,
            item.synthetic,
        )
        writer.writerow([_cell(value) for value in row])
    return text.getvalue()


def _cell(value: object) -> object:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, "CSV injection")."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value
