"""Fleet files: who flies how many of what, which packs are held, what is assumed. CSV, spreadsheet, JSON.

A table (CSV or spreadsheet) has one row an entry, under headings in English or Korean (:mod:`.columns`); JSON is the
schema's :class:`~skypact.schema.Fleet` and may bring listings of one's own. What is written reads back as the same.
"""

from skypact.exchange.fleet.columns import Language
from skypact.exchange.fleet.reading import SIZE_MAX, FleetFile, check_ids, fleet_in, read_fleet
from skypact.exchange.fleet.writing import FORMATS, MEDIA_TYPES, TEMPLATE_FORMATS, write_fleet, write_template

__all__ = [
    "FORMATS",
    "MEDIA_TYPES",
    "SIZE_MAX",
    "TEMPLATE_FORMATS",
    "FleetFile",
    "Language",
    "check_ids",
    "fleet_in",
    "read_fleet",
    "write_fleet",
    "write_template",
]
