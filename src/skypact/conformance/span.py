"""How much of an exchange was heard: order, rates and references cannot be judged on one message.

Every standard says for itself what is the least (:class:`Least`), with its reason. What is shorter can conform, and
earns no badge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from skypact.conformance.report import Heard


@dataclass(frozen=True)
class Least:
    """The shortest exchange of one sender that a badge rests on."""

    why: str
    """From which periods or rules of the standard it follows; "lab rule" where the standard names none."""
    seconds: float = 0.0
    """Between its first and its last message, by their own times or those of the recording."""
    messages: int = 2
    kinds: Mapping[str, int] = field(default_factory=dict)
    """So many of these kinds among them."""

    def judge(self, spans: Mapping[str, Span], about: Callable[[str], bool]) -> Heard:
        """What was heard of the sender who lacks least, out of those that the claim is ``about``."""
        judged = [self._heard(who, span) for who, span in spans.items() if about(who)]
        return min(judged, key=lambda one: (len(one.short), -one.messages), default=self._heard("", Span()))

    def _heard(self, who: str, span: Span) -> Heard:
        short = []
        total = sum(span.kinds.values())
        if total < self.messages:
            short.append(f"{_counted(total, 'message')} of one sender; a badge needs {self.messages}.")
        for kind, least in self.kinds.items():
            if span.kinds[kind] < least:
                short.append(f"{span.kinds[kind]} of {kind}; a badge needs {least}.")
        if self.seconds and span.seconds is None:
            short.append(f"The messages hold no times; a badge needs {self.seconds:g} s.")
        elif self.seconds and (span.seconds or 0.0) < self.seconds:
            short.append(f"{span.seconds:.1f} s; a badge needs {self.seconds:g} s.")
        return Heard(sender=who, messages=total, seconds=span.seconds, short=tuple(short), why=self.why)


@dataclass
class Span:
    """What one sender said: how many messages of each kind, and over which time."""

    kinds: Counter[str] = field(default_factory=Counter)
    _last: float | None = None
    _at: float = 0.0
    _low: float = 0.0
    _high: float = 0.0

    def hear(self, kind: str, time_s: float | None, turn_s: float | None) -> None:
        """One message; ``turn_s`` is what the clock begins anew after."""
        self.kinds[kind] += 1
        if time_s is None:
            return
        if self._last is not None:
            step = time_s - self._last
            if turn_s is not None:
                step = (step + turn_s / 2) % turn_s - turn_s / 2
            self._at += step
            self._low, self._high = min(self._low, self._at), max(self._high, self._at)
        self._last = time_s

    @property
    def seconds(self) -> float | None:
        """From the earliest message to the latest; ``None`` where none has a time."""
        return None if self._last is None else self._high - self._low


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
