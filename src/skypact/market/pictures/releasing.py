"""What holds for every label and title that somebody gives."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from skypact.market.core.access import Actor
from skypact.schema import InputError
from skypact.schema.base import RELEASE_PATTERN

LONGEST_TITLE = 300


def require_label(actor: Actor, label: str, *, file: str) -> None:
    """Raises InputError for what is no release label, and for one that ``actor`` may not read himself."""
    if not re.fullmatch(RELEASE_PATTERN, label) or not actor.may_read(label):
        raise InputError.single(
            file=file,
            place="release",
            value=label,
            accepted=_("a label that you may read yourself: PUBLIC, REGISTERED, or REL with nations"),
        )


def require_title(title: str) -> None:
    """Raises InputError for a title that says nothing or does not fit."""
    if not title.strip() or len(title) > LONGEST_TITLE or "\0" in title:
        raise InputError.single(
            file="picture", place="title", value=title, accepted=_("what was recorded, in at most 300 characters")
        )
