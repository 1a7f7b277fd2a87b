"""Names for what one reader sees of the catalogue on one day, and cursors that hold only as long as that stays.

A revision's number would tell a reader how often others changed what he may not see. These names change exactly when
something changes that he could see, and nothing can be read from them.
"""

from __future__ import annotations

import json
from datetime import date

from django.utils.crypto import salted_hmac

from skypact.market.core.access import Actor
from skypact.market.core.cursors import GoneError, seal, unseal
from skypact.market.federation import selectors as federation
from skypact.schema import InputError

_PURPOSE = "search"


def version(actor: Actor, *, on: date) -> str:
    """The name of what ``actor`` sees on the day ``on``: 32 hexadecimal digits."""
    return _digest(federation.state(actor), actor.standing, on.isoformat())


def entity_tag(actor: Actor, question: object, *, on: date) -> str:
    """A strong entity tag for the answer to ``question``, where it follows from the catalogue alone."""
    return f'"{_digest(version(actor, on=on), repr(question))}"'


def cursor(version: str, question: object, page: int) -> str:
    """A cursor to one page of the answer to ``question`` while the reader's catalogue has that ``version``."""
    return seal(_PURPOSE, version, _digest(repr(question)), page)


def page_of(actor: Actor, question: object, cursor: str, *, on: date) -> int:
    """The page that :func:`cursor` was made for.

    Raises InputError for what is no cursor of this question, GoneError where the reader's catalogue has changed.
    """
    of_version, of_question, page = unseal(_PURPOSE, cursor, place="cursor")
    if of_question != _digest(repr(question)):
        raise InputError.single(
            file="query",
            place="cursor",
            value=cursor[:50],
            accepted="a cursor that the same question was answered with",
        )
    if of_version != version(actor, on=on):
        raise GoneError("The catalogue has changed since the page that gave this cursor. Begin again without one.")
    return int(page)


def _digest(*content: str | int) -> str:
    return salted_hmac("skypact.catalogue.version", json.dumps(content)).hexdigest()[:32]
