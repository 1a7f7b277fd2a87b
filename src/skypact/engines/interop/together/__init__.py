"""Does a given set of products work together, what is the least to add, and why can it not be?"""

from skypact.engines.interop.together.answering import Together, Told, answer, told
from skypact.engines.interop.together.checking import Checked, check
from skypact.engines.interop.together.choosing import Outcome
from skypact.engines.interop.together.completing import Completion, Fed, complete
from skypact.engines.interop.together.connecting import Connection
from skypact.engines.interop.together.keeping import Kept, kept
from skypact.engines.interop.together.limiting import Limit, Repair, Way
from skypact.engines.interop.together.missing import missing_facts
from skypact.engines.interop.together.question import Aspect, Finding, Offered, Part, Question, Wanted
from skypact.engines.interop.together.reasons import Kind, Reason, Stipulation
from skypact.engines.interop.together.verifying import verify

__all__ = [
    "Aspect",
    "Checked",
    "Completion",
    "Connection",
    "Fed",
    "Finding",
    "Kept",
    "Kind",
    "Limit",
    "Offered",
    "Outcome",
    "Part",
    "Question",
    "Reason",
    "Repair",
    "Stipulation",
    "Together",
    "Told",
    "Wanted",
    "Way",
    "answer",
    "check",
    "complete",
    "kept",
    "missing_facts",
    "told",
    "verify",
]
