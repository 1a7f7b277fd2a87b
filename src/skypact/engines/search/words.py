"""How texts are cut into words, on both sides: when entries are indexed and when a question is read.

A latin word is found from its beginning, a Hangul word of two syllables or more anywhere within a word, one syllable
from the beginning. ``RPS-42`` is found as ``RPS-42``, ``RPS42`` and ``rps 42``, a stock number with and without dashes,
a plural as its singular.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LONGEST = 64
"""letters of a word that count"""
MOST_TERMS = 32
"""words of a question that count"""
_HANGUL = "가-힣"
_JOINER = "-./_‐–"
_WORD = re.compile(rf"[{_HANGUL}]+|[^\W_{_HANGUL}]+")
_JOINED = re.compile(rf"[^\W_{_HANGUL}]+(?:[{_JOINER}][^\W_{_HANGUL}]+)+")
_TERM = re.compile(rf"{_JOINED.pattern}|{_WORD.pattern}")
_JOINED_UP = str.maketrans("", "", _JOINER)
_INNER = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


class Term(NamedTuple):
    """One word of a question: ``whole``, or all of ``parts`` as whole words ("RPS-42": rps42, or rps and 42)."""

    whole: str
    parts: tuple[str, ...] = ()


def is_hangul(word: str) -> bool:
    """Whether ``word`` is written in Hangul."""
    return "가" <= word[0] <= "힣"


def tokens(text: str) -> list[str]:
    """The tokens by which ``text`` is found."""
    return [token for chunk in text.split() for token in chunk_tokens(chunk)]


def chunk_tokens(chunk: str) -> list[str]:
    """The tokens of what stands between two blanks."""
    if chunk.isascii() and chunk.isalpha() and chunk.islower():
        return [_normal(chunk)]
    chunk = unicodedata.normalize("NFKC", chunk)
    written = _WORD.findall(chunk)
    found = [_normal(word) for word in written]
    if len(written) > 1:
        found += [_normal(_unjoined(joined)) for joined in _JOINED.findall(chunk)]
    for word in written:
        found += _inner(word)
    return [token for token in found if token]


def terms(text: str) -> list[Term]:
    """What a question asks for: its different words, the first 32."""
    found: dict[Term, None] = {}
    for chunk in text.split():
        for written in _TERM.findall(unicodedata.normalize("NFKC", chunk)):
            if _JOINED.fullmatch(written):
                parts = [_normal(part) for part in _WORD.findall(written)]
                term = Term(_normal(_unjoined(written)), tuple(part for part in parts if part))
            else:
                term = Term(_normal(written), tuple(_inner(written)))
            if term.whole:
                found[term] = None
    return list(found)[:MOST_TERMS]


def whole_words(text: str) -> tuple[str, ...]:
    """The smallest words of ``text``: "5km" is 5 and km."""
    found = [token for word in _WORD.findall(unicodedata.normalize("NFKC", text)) for token in _inner(word) or [word]]
    return tuple(dict.fromkeys(_normal(word) for word in found if _normal(word)))


def letters(word: str) -> NDArray[np.uint16]:
    """The letters that typing errors are counted in: Hangul falls apart into jamo; UTF-16 code units, shape (n,)."""
    return np.frombuffer(unicodedata.normalize("NFD", word).encode("utf-16-le"), dtype=np.uint16)


def correctable(term: Term) -> int:
    """How many typing errors are looked for in a word: 2 from eight letters, 1 from four, none in a mere number."""
    if term.whole.isdigit():
        return 0
    length = len(letters(term.whole))
    return 2 if length >= 8 else 1 if length >= 4 else 0


def _normal(word: str) -> str:
    if is_hangul(word):
        return word[:LONGEST]
    plain = (word.lower() if word.isascii() else _bare(word.casefold()))[:LONGEST]
    if len(plain) > 4 and plain.endswith("ies"):
        return plain[:-3] + "y"
    return plain[:-1] if len(plain) > 3 and plain.endswith("s") and not plain.endswith("ss") else plain


def _bare(word: str) -> str:
    """``word`` without accents; Hangul must not pass here, since it would fall apart into its letters."""
    if word.isascii():
        return word
    return "".join(letter for letter in unicodedata.normalize("NFKD", word) if letter.isalnum())


def _unjoined(word: str) -> str:
    return word.translate(_JOINED_UP)


def _inner(word: str) -> list[str]:
    if word.isascii() and (word.isdigit() or (word.isalpha() and (word.islower() or word.isupper()))):
        return []
    parts = [] if is_hangul(word) else _INNER.findall(_bare(word))
    return [_normal(part) for part in parts] if len(parts) > 1 else []
