"""Full-text search that treats Korean and part numbers alike on SQLite and PostgreSQL.

Both databases index the tokens that this module makes, so that both find the same. A Hangul word becomes its
two-syllable pieces (bigrams), so that a two-syllable word is found inside a longer one; a latin word is matched from
its beginning; ``RPS-42`` is found as ``RPS-42``, ``RPS42`` and ``rps 42``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection, models
from django.db.models import F, QuerySet
from django.db.models.expressions import BaseExpression, Func, Value
from django.db.models.lookups import Lookup

_HANGUL = "가-힣"
_WORD = re.compile(rf"[{_HANGUL}]+|[^\W_{_HANGUL}]+")
_JOINED = re.compile(rf"[^\W_{_HANGUL}]+(?:[-./][^\W_{_HANGUL}]+)+")
_INNER = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


class TokenField(models.TextField):
    """A column that the ``matches`` lookup searches."""


@TokenField.register_lookup
class Matches(Lookup):
    """``tokens__matches=query``: the rows whose tokens satisfy ``query`` (:func:`query_of`)."""

    lookup_name = "matches"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, left_params = self.process_lhs(compiler, connection)
        return f"{left} MATCH %s", [*left_params, self.rhs]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        left, left_params = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", [*left_params, self.rhs]


class _TextRank(Func):
    function = "ts_rank"
    template = "-%(function)s(%(expressions)s::tsquery)"
    output_field = models.FloatField()


def words(text: str) -> list[str]:
    """The words of ``text`` as they are indexed and asked for, Hangul words whole."""
    return [_normal(word) for word in _WORD.findall(unicodedata.normalize("NFKC", text))]


def _normal(word: str) -> str:
    if _is_hangul(word):
        return word
    plain = _bare(word.casefold())
    if len(plain) > 4 and plain.endswith("ies"):
        return plain[:-3] + "y"
    return plain[:-1] if len(plain) > 3 and plain.endswith("s") and not plain.endswith("ss") else plain


def _bare(word: str) -> str:
    """``word`` without accents; Hangul must not pass here, since it would fall apart into its letters."""
    return "".join(letter for letter in unicodedata.normalize("NFKD", word) if letter.isalnum())


def _is_hangul(word: str) -> bool:
    return "가" <= word[0] <= "힣"


def _pieces(word: str) -> list[str]:
    if _is_hangul(word) and len(word) > 1:
        return [word[start : start + 2] for start in range(len(word) - 1)]
    return [word]


def tokens(text: str) -> list[str]:
    """The tokens by which ``text`` is found."""
    text = unicodedata.normalize("NFKC", text)
    found = [piece for word in words(text) for piece in _pieces(word)]
    for joined in _JOINED.findall(text):
        found.append(_normal(re.sub(r"[-./]", "", joined)))
    for word in _WORD.findall(text):
        parts = [] if _is_hangul(word) else _INNER.findall(_bare(word))
        if len(parts) > 1:
            found += [_normal(part) for part in parts]
    return [token for token in found if token]


def query_of(text: str) -> str | None:
    """``text`` as a query in the database's own language; ``None`` when it holds no word."""
    asked = [word for word in words(text) if word]
    if not asked:
        return None
    if connection.vendor == "postgresql":
        return " & ".join(_tsquery(word) for word in asked)
    return " ".join(_fts5(word) for word in asked)


def _is_whole(word: str) -> bool:
    """Whether ``word`` is asked for as it stands; any other word is the beginning of what is asked for."""
    return _is_hangul(word) and len(word) > 1


def _fts5(word: str) -> str:
    return f'"{" ".join(_pieces(word))}"' + ("" if _is_whole(word) else "*")


def _tsquery(word: str) -> str:
    if _is_whole(word):
        return "(" + " <-> ".join(f"'{piece}'" for piece in _pieces(word)) + ")"
    return f"'{word}':*"


def matching(listings: QuerySet[Any], query: str) -> QuerySet[Any]:
    """Those of ``listings`` that satisfy ``query``, with ``relevance`` to order by, best first."""
    rank: BaseExpression | F = F("text__rank")
    if connection.vendor == "postgresql":
        rank = _TextRank(F("text__tokens"), Value(query))
    return listings.filter(text__tokens__matches=query).alias(relevance=rank)


def index(texts: Iterable[tuple[int, str, str]]) -> None:
    """Replace the index entries of listings: primary key, name text, other text."""
    rows = list(texts)
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM catalogue_listingtext WHERE rowid = %s", [(key,) for key, _, _ in rows])
        if connection.vendor == "postgresql":
            cursor.executemany(
                "INSERT INTO catalogue_listingtext (rowid, catalogue_listingtext) VALUES (%s, %s::tsvector)",
                [(key, _tsvector(name, text)) for key, name, text in rows],
            )
        else:
            cursor.executemany(
                "INSERT INTO catalogue_listingtext (rowid, name, body) VALUES (%s, %s, %s)",
                [(key, " ".join(tokens(name)), " ".join(tokens(text))) for key, name, text in rows],
            )


def _tsvector(name: str, text: str) -> str:
    return " ".join(_positioned(name, text))


def _positioned(name: str, text: str) -> Iterator[str]:
    place = 0
    for weight, words_here in (("A", tokens(name)), ("D", tokens(text))):
        for token in words_here:
            place += 1
            yield f"'{token}':{min(place, 16383)}{weight}"


def create_table(schema_editor: Any) -> None:
    """Make the index table in the database's own kind."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE TABLE catalogue_listingtext (rowid bigint PRIMARY KEY REFERENCES catalogue_listing (id)"
            " ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED, catalogue_listingtext tsvector NOT NULL)"
        )
        schema_editor.execute("CREATE INDEX listing_text ON catalogue_listingtext USING gin (catalogue_listingtext)")
        return
    schema_editor.execute(
        "CREATE VIRTUAL TABLE catalogue_listingtext USING fts5(name, body, prefix='2 3',"
        " tokenize='unicode61 remove_diacritics 0')"
    )
    schema_editor.execute(
        "INSERT INTO catalogue_listingtext (catalogue_listingtext, rank) VALUES ('rank', 'bm25(10.0, 1.0)')"
    )
