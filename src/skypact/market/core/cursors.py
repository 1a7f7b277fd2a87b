"""Cursors: places in a list that a client carries without being able to read or forge them.

A cursor is encrypted, since a plain position would count what its reader may not see. The cipher is AES-SIV (RFC 5297):
authenticated, and the same place gives the same cursor, so that equal pages are equal to the byte.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings

from skypact.schema import InputError

_LONGEST = 400
#: What a cursor holds is filled up to a multiple of this, so that its length tells nothing.
_BLOCK = 48


class GoneError(Exception):
    """The cursor was good once, but what it points into is no more; the message says how to go on."""


def seal(purpose: str, *content: str | int) -> str:
    """A cursor for ``purpose`` that holds ``content``: letters, digits, ``-`` and ``_``."""
    plain = json.dumps(content, separators=(",", ":")).encode()
    plain += b" " * (-len(plain) % _BLOCK)
    return _written(_cipher().encrypt(plain, [purpose.encode()]))


def unseal(purpose: str, cursor: str, *, place: str) -> list[str | int]:
    """What :func:`seal` put in. Raises InputError, naming ``place``, for anything that is no cursor of this site."""
    try:
        if len(cursor) > _LONGEST:
            raise ValueError
        sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        if _written(sealed) != cursor:  # base64 has spare bits in its last letter: several spellings of the same bytes
            raise ValueError
        plain = _cipher().decrypt(sealed, [purpose.encode()])
    except (ValueError, binascii.Error, InvalidTag):
        raise InputError.single(
            file="query", place=place, value=cursor[:50], accepted="a cursor that this site gave, or none"
        ) from None
    content: list[str | int] = json.loads(plain)
    return content


def _written(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


@cache
def _cipher() -> AESSIV:
    return AESSIV(hashlib.sha512(b"skypact cursor " + settings.SECRET_KEY.encode()).digest())
