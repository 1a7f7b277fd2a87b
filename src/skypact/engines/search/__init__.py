"""Which entries does a reader look for, and how do they divide up? Words, facets with counts, numeric ranges, ranks.

Entries are written into segments (folders of arrays), which many processes open at once; an index is a row of segments;
a view is what one reader may see of it on one day; a view answers questions.
"""

from skypact.engines.search.entries import Attribute, Entry, Fact, Kind
from skypact.engines.search.index import Index
from skypact.engines.search.quantities import Condition, Measure
from skypact.engines.search.question import Answer, Bin, Correction, Count, Quantity, Question
from skypact.engines.search.segment import Segment
from skypact.engines.search.view import View
from skypact.engines.search.writing import merge_segments, write_segment

__all__ = [
    "Answer",
    "Attribute",
    "Bin",
    "Condition",
    "Correction",
    "Count",
    "Entry",
    "Fact",
    "Index",
    "Kind",
    "Measure",
    "Quantity",
    "Question",
    "Segment",
    "View",
    "merge_segments",
    "write_segment",
]
