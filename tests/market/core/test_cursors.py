"""Cursors that clients carry: read back exactly as given, and in no other spelling."""

from __future__ import annotations

import string

import pytest

from skypact.market.core.cursors import seal, unseal
from skypact.schema import InputError

ALPHABET = string.ascii_letters + string.digits + "-_"


def test_a_cursor_holds_what_was_put_in_and_only_for_its_purpose() -> None:
    cursor = seal("list", "강", 7)
    assert unseal("list", cursor, place="after") == ["강", 7]
    assert seal("list", "강", 7) == cursor
    with pytest.raises(InputError):
        unseal("feed", cursor, place="after")


@pytest.mark.parametrize("number", range(8))
def test_every_other_last_letter_is_refused(number: int) -> None:
    """The last letter of base64 carries spare bits: a lax reader takes several letters for the same bytes."""
    cursor = seal("list", number, "x" * 48 * (number % 3))
    for letter in ALPHABET.replace(cursor[-1], ""):
        with pytest.raises(InputError):
            unseal("list", cursor[:-1] + letter, place="after")
    for spelling in (cursor + "=", cursor + "==", cursor + "\n", " " + cursor):
        with pytest.raises(InputError):
            unseal("list", spelling, place="after")
