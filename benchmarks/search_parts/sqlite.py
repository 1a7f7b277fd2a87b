"""Peers on SQLite, over the same entries and questions, in a process of their own.

``python -m benchmarks.search_parts.sqlite FILE ENTRIES QUESTIONS`` prints what it measured, as JSON.

*EAV*: django-oscar keeps one row for each value (``catalogue_productattributevalue``) and filters with one ``EXISTS``
on that table for each chosen attribute; Saleor does the same on its assigned attribute values. Neither counts facets in
the database itself; who adds that counts as plugins do: one ``GROUP BY`` over the value table for each facet. What is
asked here is kinder than what they would ask: one narrow table with the values in it, no join to a value or an
attribute table, covering indexes, hidden and expired rows left out beforehand.

*FTS5*: names and texts as tokens, Hangul as two-syllable pieces: the best 25, and the numbers of all that match, which
the facets would have to be counted over.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from benchmarks.search_parts import made_up
from skypact.engines.search import Entry, Kind, Question
from skypact.engines.search.entries import value_of
from skypact.engines.search.words import is_hangul, terms, tokens

ATTRIBUTES = made_up.attributes()
NUMBERS = {attribute.name: place for place, attribute in enumerate(ATTRIBUTES)}


def visible(count: int) -> Iterator[tuple[Entry, dict[str, tuple[str | float, ...]]]]:
    """Entries that the reader sees, with the values that he sees."""
    for entry in made_up.entries(count):
        if entry.release in made_up.READER:
            facts = defaultdict(list)
            for fact in entry.facts:
                if fact.release in made_up.READER and fact.valid(made_up.DAY):
                    facts[fact.attribute].append(fact)
            named = {attribute.name: attribute for attribute in ATTRIBUTES}
            yield entry, {name: value_of(named[name], known) for name, known in facts.items()}


def pieces(text: str) -> str:
    """Tokens of ``text``, Hangul words as their two-syllable pieces."""
    found = []
    for token in tokens(text):
        wide = is_hangul(token) and len(token) > 1
        found += [token[place : place + 2] for place in range(len(token) - 1)] if wide else [token]
    return " ".join(found)


def load(connection: sqlite3.Connection, count: int) -> None:
    """The tables, filled and analysed."""
    connection.executescript(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-400000;"
        "CREATE TABLE value (attribute INTEGER NOT NULL, entry INTEGER NOT NULL, word TEXT, number REAL);"
        "CREATE VIRTUAL TABLE text USING fts5(name, body, prefix='2 3', tokenize='unicode61 remove_diacritics 0',"
        " content='');"
    )
    rows, texts = [], []
    for entry, values in visible(count):
        texts.append((entry.key, pieces(entry.names), pieces(entry.text)))
        for name, known in values.items():
            numeric = ATTRIBUTES[NUMBERS[name]].kind is Kind.NUMBER
            rows += [(NUMBERS[name], entry.key, None if numeric else one, one if numeric else None) for one in known]
        if len(texts) >= 5_000:
            _store(connection, rows, texts)
    _store(connection, rows, texts)
    connection.executescript(
        "CREATE INDEX by_value ON value (attribute, word, number, entry);"
        "CREATE INDEX by_entry ON value (entry, attribute, word, number);"
        "INSERT INTO text (text, rank) VALUES ('rank', 'bm25(8.0, 1.0)'); ANALYZE;"
    )
    connection.commit()


def _store(connection: sqlite3.Connection, rows: list[tuple[object, ...]], texts: list[tuple[object, ...]]) -> None:
    connection.executemany("INSERT INTO value VALUES (?, ?, ?, ?)", rows)
    connection.executemany("INSERT INTO text (rowid, name, body) VALUES (?, ?, ?)", texts)
    rows.clear()
    texts.clear()


def condition(question: Question, name: str) -> tuple[str, list[object]]:
    """``EXISTS`` on the value table for the choice made in one attribute."""
    start = "EXISTS (SELECT 1 FROM value AS held WHERE held.entry = found.entry AND held.attribute = ?"
    if name in question.between:
        return f"{start} AND held.number >= ?)", [NUMBERS[name], question.between[name][0]]
    values = list(question.chosen[name])
    return f"{start} AND held.word IN ({','.join('?' * len(values))}))", [NUMBERS[name], *values]


def facets(connection: sqlite3.Connection, question: Question) -> int:
    """Counts of every facet, its own choice ignored; the entries are those in ``matching``."""
    counted = 0
    for attribute in ATTRIBUTES:
        others = [name for name in (*question.chosen, *question.between) if name != attribute.name]
        parts = [condition(question, name) for name in others]
        where = " AND ".join(["1", *(text for text, _ in parts)])
        values = [value for _, more in parts for value in more]
        column = "word"
        if attribute.kind is Kind.NUMBER:
            steps = "".join(f"WHEN number < {edge!r} THEN {place} " for place, edge in enumerate(attribute.edges))
            column = f"CASE {steps}ELSE {len(attribute.edges)} END"
        found = connection.execute(
            f"SELECT {column}, COUNT(*) FROM matching AS found CROSS JOIN value USING (entry)"  # noqa: S608
            f" WHERE value.attribute = ? AND {where} GROUP BY 1",
            [NUMBERS[attribute.name], *values],
        ).fetchall()
        counted += sum(count for _, count in found)
    return counted


def total(connection: sqlite3.Connection, question: Question) -> int:
    """How many of the matching entries fulfil every choice."""
    parts = [condition(question, name) for name in (*question.chosen, *question.between)]
    where = " AND ".join(["1", *(text for text, _ in parts)])
    values = [value for _, more in parts for value in more]
    found: int = connection.execute(f"SELECT COUNT(*) FROM matching AS found WHERE {where}", values).fetchone()[0]  # noqa: S608
    return found


def match(question: Question) -> str | None:
    """The words of a question for FTS5."""
    asked = []
    for term in terms(question.text):
        whole = is_hangul(term.whole) and len(term.whole) > 1
        asked.append(f'"{pieces(term.whole)}"' if whole else f'"{term.whole}"*')
    return " ".join(asked) or None


def main(path: Path, count: int, number: int) -> dict[str, object]:
    """Processor times in ms, of questions whose words FTS5 finds as they are; nothing waits for a disk here."""
    connection = sqlite3.connect(path)
    start = time.thread_time()
    load(connection, count)
    loading = time.thread_time() - start
    connection.execute("CREATE TEMP TABLE matching (entry INTEGER PRIMARY KEY)")
    times: dict[str, list[float]] = {"eav": [], "fts5_best": [], "fts5_all": []}
    agreed = []
    for asked in made_up.plain_questions(number):
        words = match(asked.question)
        start = time.thread_time()
        connection.execute("SELECT rowid FROM text WHERE text MATCH ? ORDER BY rank LIMIT 25", [words]).fetchall()
        times["fts5_best"].append((time.thread_time() - start) * 1e3)
        start = time.thread_time()
        found = connection.execute("SELECT rowid FROM text WHERE text MATCH ?", [words]).fetchall()
        times["fts5_all"].append((time.thread_time() - start) * 1e3)
        connection.execute("DELETE FROM matching")
        connection.executemany("INSERT INTO matching VALUES (?)", found)
        start = time.thread_time()
        counted = facets(connection, asked.question)
        times["eav"].append((time.thread_time() - start) * 1e3)
        agreed.append([total(connection, asked.question), counted])
    return {"loading": loading, "times": times, "counted": agreed}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
