"""From entries to arrays."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skypact.engines.search import kernels
from skypact.engines.search.entries import (
    Attribute,
    Entry,
    Fact,
    Kind,
    attributes_by_name,
    check_fact,
    collation,
)
from skypact.engines.search.merging import merged
from skypact.engines.search.segment import Header, Segment, new_folder, save
from skypact.engines.search.strings import Strings, encoded
from skypact.engines.search.tables import condition_order, value_arrays, vocabulary
from skypact.engines.search.words import chunk_tokens

PART = 10_000
"""entries that are held in memory at a time"""


def write_segment(folder: Path, entries: Iterable[Entry], attributes: Sequence[Attribute]) -> None:
    """Writes ``entries`` into a new ``folder``, whole or not at all; each 10,000 by themselves, to be merged.

    Raises FileExistsError when ``folder`` is there, ValueError when two entries have one key or a fact does not fit
    the attributes.
    """
    named = attributes_by_name(attributes)
    with new_folder(folder) as partial:
        parts: list[Segment] = []
        for part in _parts(entries):
            if parts:
                parts[-1] = _put_by(parts[-1], partial / f"part-{len(parts)}")
            parts.append(_arranged(part, named))
        keys = np.concatenate([part.arrays["keys"] for part in parts])
        if (repeated := np.sort(keys)[1:][np.diff(np.sort(keys)) == 0]).size:
            raise ValueError(f"two entries have the key {repeated[0]}")
        save(merged(parts) if len(parts) > 1 else parts[0], partial)
        for number in range(1, len(parts)):
            _removed(partial / f"part-{number}")


def merge_segments(folder: Path, segments: Sequence[Segment]) -> None:
    """Writes what ``segments`` (earlier ones first) amount to into a new ``folder``; withdrawals are kept.

    Raises ValueError when their attributes differ, FileExistsError when ``folder`` is there.
    """
    if not segments or any(segment.attributes != segments[0].attributes for segment in segments):
        raise ValueError("segments to merge must have the same attributes, and there must be one")
    with new_folder(folder) as partial:
        save(merged(segments), partial)


def _parts(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    stream = iter(entries)
    yield list(islice(stream, PART))
    while part := list(islice(stream, PART)):
        yield part


def _put_by(part: Segment, folder: Path) -> Segment:
    folder.mkdir()
    save(part, folder)
    return Segment.open(folder)


def _removed(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


class _Words(dict[str, tuple[int, ...]]):
    """Tokens, by number, of what stands between two blanks; cut once for every different piece."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def __missing__(self, chunk: str) -> tuple[int, ...]:
        numbers = self.numbers
        found = self[chunk] = tuple(numbers.setdefault(token, len(numbers)) for token in chunk_tokens(chunk))
        return found


class _Facts(dict[Fact, int]):
    """Different facts, by number; each is looked at once."""

    def __init__(self, attributes: dict[str, Attribute]) -> None:
        self.attributes = attributes
        self.places = {name: place for place, name in enumerate(attributes)}

    def __missing__(self, fact: Fact) -> int:
        check_fact(fact, self.attributes)
        self[fact] = len(self)
        return len(self) - 1


def _arranged(entries: list[Entry], attributes: dict[str, Attribute]) -> Segment:
    """A segment in memory."""
    names = [encoded(collation(entry.name)) for entry in entries]
    order = np.array(sorted(range(len(entries)), key=lambda i: (names[i], entries[i].key)), dtype=np.int32)
    vendors = [encoded(collation(entry.vendor)) for entry in entries]
    vendor_table = sorted(set(vendors))
    vendor_codes = {vendor: code for code, vendor in enumerate(vendor_table)}
    labels = tuple(sorted({entry.release for entry in entries}))
    label_codes = {label: code for code, label in enumerate(labels)}
    vendor_strings, name_strings = Strings.of(vendor_table), Strings.of(names[i] for i in order)
    header_facts, arrays = _facts(entries, attributes, order)
    arrays |= _words(entries, order)
    arrays |= {
        "keys": np.array([entry.key for entry in entries], dtype=np.int64)[order],
        "names_text": name_strings.text,
        "names_start": name_strings.start,
        "vendor": np.array([vendor_codes[vendor] for vendor in vendors], dtype=np.int32)[order],
        "vendors_text": vendor_strings.text,
        "vendors_start": vendor_strings.start,
        "shelf": np.array([entry.shelf for entry in entries], dtype=np.int64)[order],
        "release": np.array([label_codes[entry.release] for entry in entries], dtype=np.int32)[order],
        "withdrawn": np.array([entry.withdrawn for entry in entries], dtype=np.bool_)[order],
    }
    return Segment(Header(tuple(attributes.values()), labels, **header_facts), arrays)


def _words(entries: list[Entry], order: NDArray[np.int32]) -> dict[str, NDArray[Any]]:
    words = _Words()
    tokens, start = array("i"), array("q", [0])
    for entry in entries:
        for text in ("", "") if entry.withdrawn else (entry.names, entry.text):
            tokens.extend(chain.from_iterable(map(words.__getitem__, text.split())))
            start.append(len(tokens))
    table = sorted(words.numbers)
    ranks = np.empty(len(table), dtype=np.int32)
    ranks[[words.numbers[word] for word in table]] = np.arange(len(table))
    numbered = ranks[np.frombuffer(tokens, dtype=np.int32)] if tokens else np.empty(0, dtype=np.int32)
    starts = np.frombuffer(start, dtype=np.int64)
    begins = kernels.count_postings(starts, order, numbered, len(table))
    docs, weights, lengths = kernels.fill_postings(starts, order, numbered, begins)
    return {
        "posting_start": begins,
        "posting_doc": docs,
        "posting_weight": weights,
        "lengths": lengths,
        **vocabulary(list(map(encoded, table))),
    }


def _facts(
    entries: list[Entry], attributes: dict[str, Attribute], order: NDArray[np.int32]
) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What the header says of facts, and the arrays about them."""
    facts = _Facts(attributes)
    numbers, counts = array("i"), array("i")
    for entry in entries:
        held = () if entry.withdrawn else entry.facts
        numbers.extend(map(facts.__getitem__, held))
        counts.append(len(held))
    ranks = np.empty(len(entries), dtype=np.int32)
    ranks[order] = np.arange(len(entries), dtype=np.int32)
    docs = np.repeat(ranks, np.array(counts, dtype=np.int64))
    chosen = np.array(numbers, dtype=np.int64)
    different = list(facts)
    held_by = np.array([facts.places[fact.attribute] for fact in different], dtype=np.int32)
    conditions = sorted({_condition(fact) for fact in different}, key=condition_order)
    condition_codes = {condition: code for code, condition in enumerate(conditions)}
    codes, tables = _codes(different, tuple(attributes.values()), held_by)
    group = np.array([fact.group for fact in different], dtype=np.int64)
    strength = np.array([fact.strength for fact in different], dtype=np.int64)
    several = np.array([attribute.kind is Kind.WORDS for attribute in attributes.values()], dtype=np.bool_)[held_by]
    group[several], strength[several] = codes[several], 0
    sorted_by = np.lexsort((-strength[chosen], group[chosen], docs, held_by[chosen]))
    chosen, docs = chosen[sorted_by], docs[sorted_by]
    owners = held_by[chosen]
    begins = np.ones(len(chosen), dtype=np.bool_)
    begins[1:] = (np.diff(owners) != 0) | (np.diff(docs) != 0) | (np.diff(group[chosen]) != 0)
    of_condition = np.array([condition_codes[_condition(fact)] for fact in different], dtype=np.int32)
    starts = np.searchsorted(owners, np.arange(len(attributes) + 1))
    value_start, arrays = value_arrays(tables)
    arrays |= {
        "fact_doc": docs,
        "fact_code": codes[chosen],
        "fact_condition": of_condition[chosen],
        "fact_begins": begins,
    }
    header = {"conditions": tuple(conditions), "fact_start": tuple(starts.tolist()), "value_start": value_start}
    return header, arrays


def _condition(fact: Fact) -> tuple[str, int | None]:
    return fact.release, None if fact.expires is None else fact.expires.toordinal()


def _codes(
    facts: list[Fact], attributes: tuple[Attribute, ...], held_by: NDArray[np.int32]
) -> tuple[NDArray[np.int32], list[list[bytes] | NDArray[np.float64]]]:
    """The code of each fact's value, and for each attribute its values by code."""
    codes = np.empty(len(facts), dtype=np.int32)
    tables: list[list[bytes] | NDArray[np.float64]] = []
    for place, attribute in enumerate(attributes):
        chosen = np.flatnonzero(held_by == place)
        if attribute.kind is Kind.NUMBER:
            values = np.array([facts[i].value for i in chosen], dtype=np.float64) + 0.0
            numbers, codes[chosen] = np.unique(values, return_inverse=True)
            tables.append(numbers)
            continue
        words = [encoded(str(facts[i].value)) for i in chosen]
        table = sorted(set(words))
        known = {word: code for code, word in enumerate(table)}
        codes[chosen] = [known[word] for word in words]
        tables.append(table)
    return codes, tables
