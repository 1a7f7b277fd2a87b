"""English sentences from below the market, said in the reader's language where they are known.

What ``exchange``, ``schema`` and pydantic refuse, they refuse in English. An app keeps their sentences with holes for
what differs (``%(name)s``), marked for translation; one that fits is said in the reader's language, any other stays as
it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from django.utils.translation import gettext


class KnownSentences:
    """A list of sentences that may have holes."""

    def __init__(self, templates: Sequence[str]) -> None:
        self.templates = templates

    def in_language(self, text: str) -> str:
        """``text`` in the reader's language, where its sentence is known."""
        for pattern, template in self.patterns:
            found = pattern.fullmatch(text)
            if found is not None:
                return gettext(template) % found.groupdict()
        return text

    @cached_property
    def patterns(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        """What each sentence looks like when its holes are filled."""
        return tuple(
            (re.compile(re.sub(r"%\\\((\w+)\\\)s|%\((\w+)\)s", _hole, re.escape(text)), re.DOTALL), text)
            for text in self.templates
        )


def _hole(found: re.Match[str]) -> str:
    return f"(?P<{found[1] or found[2]}>.*)"
