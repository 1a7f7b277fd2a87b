"""Several segments as one, from their arrays."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skypact.engines.search import kernels
from skypact.engines.search.entries import Kind
from skypact.engines.search.segment import Header, Segment
from skypact.engines.search.strings import Strings
from skypact.engines.search.tables import condition_order, value_arrays, vocabulary

Ints = NDArray[np.int32]


def current(segments: Sequence[Segment]) -> list[NDArray[np.bool_]]:
    """For each segment: which entries no later segment replaces, shape (entries,)."""
    found = []
    later = np.empty(0, dtype=np.int64)
    for segment in reversed(segments):
        keys = segment.arrays["keys"]
        found.append(~np.isin(keys, later))
        later = np.concatenate((later, keys))
    return found[::-1]


def merged(segments: Sequence[Segment]) -> Segment:
    """What ``segments``, earlier ones first, amount to. It is what writing the current entries at once would give."""
    kept = current(segments)
    moves, order = _new_documents(segments, kept)
    owners = np.array([owner for owner, _ in order], dtype=np.int32)
    places = np.array([place for _, place in order], dtype=np.int64)

    def gathered(name: str, codes: Sequence[Ints] | None = None) -> NDArray[Any]:
        columns = [segment.arrays[name] for segment in segments]
        whole = np.empty(len(order), dtype=columns[0].dtype)
        for number, column in enumerate(columns):
            mine = owners == number
            taken = column[places[mine]]
            whole[mine] = taken if codes is None else codes[number][taken]
        return whole

    names = Strings.of(segments[owner].names.raw(place) for owner, place in order)
    vendor_table, vendor_codes = united(
        [
            used_codes(segment.arrays["vendor"][held], len(segment.vendors))
            for segment, held in zip(segments, kept, strict=True)
        ],
        [segment.vendors for segment in segments],
    )
    vendors = Strings.of(vendor_table)
    labels, label_codes = _united_labels(segments, kept)
    arrays: dict[str, NDArray[Any]] = {
        "names_text": names.text,
        "names_start": names.start,
        "vendor": gathered("vendor", vendor_codes),
        "vendors_text": vendors.text,
        "vendors_start": vendors.start,
        "release": gathered("release", label_codes),
        **{name: gathered(name) for name in ("keys", "shelf", "withdrawn", "lengths")},
        **_postings(segments, moves),
    }
    header, about_facts = _facts(segments, moves)
    return Segment(Header(segments[0].attributes, labels, **header), arrays | about_facts)


def _new_documents(
    segments: Sequence[Segment], kept: Sequence[NDArray[np.bool_]]
) -> tuple[list[Ints], list[tuple[int, int]]]:
    """Each segment's documents under their new numbers (-1: left out), and where the new ones come from."""

    def stream(owner: int) -> Iterator[tuple[bytes, int, int, int]]:
        names, keys = segments[owner].names, segments[owner].arrays["keys"].tolist()
        for place in np.flatnonzero(kept[owner]).tolist():
            yield names.raw(place), keys[place], owner, place

    order = [(owner, place) for _, _, owner, place in heapq.merge(*map(stream, range(len(segments))))]
    moves = [np.full(len(segment), -1, dtype=np.int32) for segment in segments]
    for new, (owner, place) in enumerate(order):
        moves[owner][place] = new
    return moves, order


def used_codes(codes: Iterable[int] | NDArray[Any], count: int) -> NDArray[np.int64]:
    """The codes that occur, ascending."""
    return np.flatnonzero(np.bincount(np.asarray(codes, dtype=np.int64), minlength=count))


def united(used: Sequence[NDArray[np.int64]], tables: Sequence[Strings]) -> tuple[list[bytes], list[Ints]]:
    """One sorted table of the used strings of sorted tables, and each table's codes in it (0 where unused)."""

    def stream(number: int) -> Iterator[tuple[bytes, int, int]]:
        for code in used[number].tolist():
            yield tables[number].raw(code), number, code

    union: list[bytes] = []
    codes = [np.zeros(len(table), dtype=np.int32) for table in tables]
    for text, number, code in heapq.merge(*map(stream, range(len(tables)))):
        if not union or union[-1] != text:
            union.append(text)
        codes[number][code] = len(union) - 1
    return union, codes


def _united_labels(
    segments: Sequence[Segment], kept: Sequence[NDArray[np.bool_]]
) -> tuple[tuple[str, ...], list[Ints]]:
    used = [
        {segment.header.labels[code] for code in used_codes(segment.arrays["release"][held], 0)}
        for segment, held in zip(segments, kept, strict=True)
    ]
    labels = tuple(sorted(set().union(*used)))
    places = {label: place for place, label in enumerate(labels)}
    codes = [
        np.array([places.get(label, 0) for label in segment.header.labels], dtype=np.int32) for segment in segments
    ]
    return labels, codes


def _postings(segments: Sequence[Segment], moves: Sequence[Ints]) -> dict[str, NDArray[Any]]:
    counts = [
        kernels.kept_postings(segment.arrays["posting_start"], segment.arrays["posting_doc"], move)
        for segment, move in zip(segments, moves, strict=True)
    ]
    table, codes = united([np.flatnonzero(count) for count in counts], [segment.words for segment in segments])
    totals = np.zeros(len(table) + 1, dtype=np.int64)
    for count, code in zip(counts, codes, strict=True):
        held = count > 0
        totals[code[held] + 1] += count[held]
    begins = np.cumsum(totals)
    moved = np.empty(begins[-1], dtype=np.int64)
    following = begins[:-1].copy()
    for segment, move, code in zip(segments, moves, codes, strict=True):
        arrays = segment.arrays
        kernels.move_postings(
            arrays["posting_start"], arrays["posting_doc"], arrays["posting_weight"], code, move, following, moved
        )
    kernels.sort_lists(begins, moved)
    return {
        "posting_start": begins,
        "posting_doc": (moved >> 8).astype(np.int32),
        "posting_weight": (moved & 255).astype(np.uint8),
        **vocabulary(table),
    }


def _facts(segments: Sequence[Segment], moves: Sequence[Ints]) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What the header says of facts, and the arrays about them."""
    parts: dict[str, list[NDArray[Any]]] = {"fact_doc": [], "fact_code": [], "fact_condition": [], "fact_begins": []}
    tables: list[list[bytes] | NDArray[np.float64]] = []
    fact_start = [0]
    conditions, condition_codes = _condition_codes(segments)
    for place, attribute in enumerate(segments[0].attributes):
        held = [_held_facts(segment, place, move) for segment, move in zip(segments, moves, strict=True)]
        if attribute.kind is Kind.NUMBER:
            pairs = zip(segments, held, strict=True)
            used = [segment.numbers(place)[np.unique(facts["fact_code"])] for segment, facts in pairs]
            numbers = np.unique(np.concatenate(used))
            codes = [np.searchsorted(numbers, segment.numbers(place)).astype(np.int32) for segment in segments]
            tables.append(numbers)
        else:
            raw = [Strings.of(segment.raw_values(place)) for segment in segments]
            words, codes = united([np.unique(facts["fact_code"]) for facts in held], raw)
            tables.append(words)
        docs = np.concatenate([facts["fact_doc"] for facts in held])
        order = np.argsort(docs, kind="stable")
        new_codes = [code[facts["fact_code"]] for facts, code in zip(held, codes, strict=True)]
        parts["fact_doc"].append(docs[order])
        parts["fact_code"].append(np.concatenate(new_codes)[order])
        conditioned = [code[facts["fact_condition"]] for facts, code in zip(held, condition_codes, strict=True)]
        parts["fact_condition"].append(np.concatenate(conditioned)[order])
        parts["fact_begins"].append(np.concatenate([facts["fact_begins"] for facts in held])[order])
        fact_start.append(fact_start[-1] + len(docs))
    arrays = {name: np.concatenate(columns) for name, columns in parts.items()}
    occurring, arrays["fact_condition"] = np.unique(arrays["fact_condition"], return_inverse=True)
    value_start, values = value_arrays(tables)
    header = {
        "conditions": tuple(conditions[code] for code in occurring),
        "fact_start": tuple(fact_start),
        "value_start": value_start,
    }
    return header, arrays | values


def _held_facts(segment: Segment, attribute: int, move: Ints) -> dict[str, NDArray[Any]]:
    """The facts of an attribute that documents keep, under the documents' new numbers."""
    held = segment.facts(attribute)
    docs = move[segment.arrays["fact_doc"][held]]
    kept = docs >= 0
    names = ("fact_code", "fact_condition", "fact_begins")
    return {"fact_doc": docs[kept], **{name: segment.arrays[name][held][kept] for name in names}}


def _condition_codes(segments: Sequence[Segment]) -> tuple[list[tuple[str, int | None]], list[Ints]]:
    """Every condition of the segments, sorted, and each segment's codes in it."""
    union = sorted({one for segment in segments for one in segment.header.conditions}, key=condition_order)
    places = {condition: place for place, condition in enumerate(union)}
    codes = [np.array([places[one] for one in segment.header.conditions], dtype=np.int32) for segment in segments]
    return union, codes
