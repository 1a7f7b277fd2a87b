"""May this buyer buy and operate this listing, at this place, on this day? Yes, no or unknown, with reasons.

Rules are data (:class:`skypact.schema.Rule`); this package holds no law. Every answer carries the rules it rests on,
with citation and dates, and every unknown the missing fact in words. Unknown never turns into yes. Nothing here is
legal advice.
"""

from skypact.engines.eligibility.judgement import Reason, Verdict, judge, judge_many

__all__ = ["Reason", "Verdict", "judge", "judge_many"]
