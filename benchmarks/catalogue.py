"""The catalogue of the size of the US marketplace: how long an import takes, and a search with its facet counts."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from datetime import date

from benchmarks.row import Row, seconds

ITEMS = 1600
QUERIES = ("radar", "레이더", "battery 6S", "")


def rows() -> Iterator[Row]:
    """Import of a synthetic catalogue, then searches as an anonymous reader, in process."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["SKYPACT_HOME"] = home
        from skypact.market.site import open_site

        open_site()
        from skypact import schema
        from skypact.market.catalogue import selectors
        from skypact.market.catalogue.actions import import_records
        from skypact.market.core.access import Actor
        from skypact.seed.synthetic import records

        made: list[schema.Vendor | schema.Listing] = list(records(items=ITEMS, seed=1))
        taken = seconds(lambda: import_records(actor=Actor.system("bench"), records=made, name="bench"), repeats=1)
        yield Row.at_most(f"import of {ITEMS} listings with validation and index", taken, "s", limit=10)
        reader, day = Actor.anonymous(), date(2026, 11, 21)

        for query in QUERIES:
            filters = selectors.Filters(q=query)
            taken = seconds(lambda filters=filters: selectors.search(reader, filters, on=day)) * 1000
            yield Row.at_most(f"search {query!r} with facets, {ITEMS} items", taken, "ms", limit=60)
