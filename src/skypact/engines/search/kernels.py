"""The loops of the search engine, compiled to machine code on first use and kept on disk, without interpreter lock.

Documents are numbered from 0 within a segment. ``visible`` has shape (documents,); lists of documents are ascending.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from skypact.engines.compiled import compiled

Docs = NDArray[np.int32]
Bools = NDArray[np.bool_]

NAME_WEIGHT = 8
"""how many words of text one word of a name weighs"""
MOST_WEIGHT = 255
K1, B = 1.2, 0.75
OUT = 255
"""state of a document that fails several filters"""


# ---- writing ---------------------------------------------------------------------------------------------------------


@compiled
def count_postings(start: NDArray[np.int64], order: Docs, tokens: Docs, vocabulary: int) -> NDArray[np.int64]:
    """Where each word's postings begin, shape (vocabulary + 1,).

    ``tokens`` of document d (as read) stand in start[2 d] … start[2 d + 2], those of names first. ``order``: which
    document, as read, comes at each rank.
    """
    begins = np.zeros(vocabulary + 1, dtype=np.int64)
    last = np.full(vocabulary, -1, dtype=np.int32)
    for rank in range(len(order)):
        read = order[rank]
        for i in range(start[2 * read], start[2 * read + 2]):
            word = tokens[i]
            if last[word] != rank:
                last[word] = rank
                begins[word + 1] += 1
    for word in range(vocabulary):
        begins[word + 1] += begins[word]
    return begins


@compiled
def fill_postings(
    start: NDArray[np.int64], order: Docs, tokens: Docs, begins: NDArray[np.int64]
) -> tuple[Docs, NDArray[np.uint8], Docs]:
    """Documents and weights of every word's postings, and the sum of weights in each document."""
    vocabulary = len(begins) - 1
    docs = np.empty(begins[vocabulary], dtype=np.int32)
    weights = np.zeros(begins[vocabulary], dtype=np.uint8)
    lengths = np.zeros(len(order), dtype=np.int32)
    following = begins[:vocabulary].copy()
    last = np.full(vocabulary, -1, dtype=np.int32)
    for rank in range(len(order)):
        read = order[rank]
        for i in range(start[2 * read], start[2 * read + 2]):
            word = tokens[i]
            if last[word] != rank:
                last[word] = rank
                docs[following[word]] = rank
                following[word] += 1
            place = following[word] - 1
            more = NAME_WEIGHT if i < start[2 * read + 1] else 1
            more = min(more, MOST_WEIGHT - weights[place])
            weights[place] += more
            lengths[rank] += more
    return docs, weights, lengths


@compiled
def move_postings(
    begins: NDArray[np.int64],
    docs: Docs,
    weights: NDArray[np.uint8],
    word_to: Docs,
    doc_to: Docs,
    following: NDArray[np.int64],
    moved: NDArray[np.int64],
) -> None:
    """Adds a segment's postings to ``moved`` (document · 256 + weight) under new numbers; below 0 means left out."""
    for word in range(len(begins) - 1):
        for i in range(begins[word], begins[word + 1]):
            doc = doc_to[docs[i]]
            if doc >= 0:
                target = word_to[word]
                moved[following[target]] = np.int64(doc) * 256 + weights[i]
                following[target] += 1


@compiled
def kept_postings(begins: NDArray[np.int64], docs: Docs, doc_to: Docs) -> NDArray[np.int64]:
    """How many postings each word keeps, shape (vocabulary,)."""
    kept = np.zeros(len(begins) - 1, dtype=np.int64)
    for word in range(len(begins) - 1):
        for i in range(begins[word], begins[word + 1]):
            if doc_to[docs[i]] >= 0:
                kept[word] += 1
    return kept


@compiled
def sort_lists(begins: NDArray[np.int64], values: NDArray[np.int64]) -> None:
    """Sorts each of the lists that lie on end in ``values``."""
    for one in range(len(begins) - 1):
        if begins[one + 1] - begins[one] > 1:
            values[begins[one] : begins[one + 1]].sort()


# ---- what a reader sees ----------------------------------------------------------------------------------------------


@compiled
def first_values(docs: Docs, codes: Docs, conditions: Docs, allowed: Bools, visible: Bools, column: Docs) -> None:
    """column[d] = 1 + the code of the first fact of d that is allowed; 0 without one."""
    for i in range(len(docs)):
        if column[docs[i]] == 0 and allowed[conditions[i]] and visible[docs[i]]:
            column[docs[i]] = codes[i] + 1


@compiled
def extreme_values(
    docs: Docs,
    codes: Docs,
    conditions: Docs,
    begins: Bools,
    allowed: Bools,
    visible: Bools,
    greatest: bool,
    column: Docs,
) -> None:
    """column[d] = 1 + the greatest or least code of the first allowed facts of each group of d; ``begins`` a group."""
    taken = False
    for i in range(len(docs)):
        if begins[i]:
            taken = False
        if not taken and allowed[conditions[i]] and visible[docs[i]]:
            taken = True
            held, code = column[docs[i]], codes[i] + 1
            if held == 0 or (code > held) == greatest:
                column[docs[i]] = code


@compiled
def masks_of(
    docs: Docs, codes: Docs, conditions: Docs, allowed: Bools, visible: Bools, masks: NDArray[np.uint64]
) -> None:
    """Sets bit ``code`` of masks[d] for every allowed fact of d."""
    for i in range(len(docs)):
        if allowed[conditions[i]] and visible[docs[i]]:
            masks[docs[i]] |= np.uint64(1) << np.uint64(codes[i])


@compiled
def lists_of(
    docs: Docs, codes: Docs, conditions: Docs, allowed: Bools, visible: Bools, count: int
) -> tuple[NDArray[np.int64], Docs]:
    """Where each document's codes begin, shape (count + 1,), and the codes; facts stand by document and code."""
    begins = np.zeros(count + 1, dtype=np.int64)
    kept = np.empty(len(docs), dtype=np.int32)
    size, doc, code = 0, -1, -1
    for i in range(len(docs)):
        if allowed[conditions[i]] and visible[docs[i]] and (docs[i] != doc or codes[i] != code):
            doc, code = docs[i], codes[i]
            kept[size] = code
            size += 1
            begins[doc + 1] += 1
    for d in range(count):
        begins[d + 1] += begins[d]
    return begins, kept[:size].copy()


# ---- words -----------------------------------------------------------------------------------------------------------


@compiled
def gather(
    docs: Docs, weights: NDArray[np.uint8], begin: int, end: int, times: int, visible: Bools, total: Docs
) -> None:
    """Adds ``times`` the weight of every visible posting in begin … end to total[document]."""
    for i in range(begin, end):
        doc = docs[i]
        if visible[doc]:
            total[doc] += times * weights[i]


@compiled
def collected(total: Docs, most: int) -> tuple[Docs, Docs]:
    """The documents whose total is not 0, at most ``most``, and those totals."""
    docs, totals = np.empty(most + 1, dtype=np.int32), np.empty(most + 1, dtype=np.int32)
    size = 0
    for doc in range(len(total)):
        docs[size], totals[size] = doc, total[doc]
        size += total[doc] != 0
    return docs[:size], totals[:size]


@compiled
def seen(docs: Docs, begin: int, end: int, visible: Bools) -> int:
    """How many of the postings begin … end are visible."""
    count = 0
    for i in range(begin, end):
        count += visible[docs[i]]
    return count


@compiled
def _reach(docs: Docs, begin: int, wanted: int) -> int:
    """The first place from ``begin`` on whose document is not less than ``wanted``: double the step, then halve it."""
    step, low, high = 1, begin, begin
    while high < len(docs) and docs[high] < wanted:
        low = high + 1
        high += step
        step *= 2
    high = min(high, len(docs))
    while low < high:
        middle = (low + high) // 2
        if docs[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def common(few: Docs, many: Docs) -> Docs:
    """The documents in both lists; quick when the first is much shorter."""
    both = np.empty(len(few), dtype=np.int32)
    size = place = 0
    for i in range(len(few)):
        place = _reach(many, place, few[i])
        if place == len(many):
            break
        if many[place] == few[i]:
            both[size] = few[i]
            size += 1
    return both[:size].copy()


@compiled
def members(docs: Docs, among: Docs) -> Bools:
    """Which of ``docs`` are ``among`` the others."""
    inside = np.zeros(len(docs), dtype=np.bool_)
    place = 0
    for i in range(len(docs)):
        place = _reach(among, place, docs[i])
        if place == len(among):
            break
        inside[i] = among[place] == docs[i]
    return inside


@compiled
def add_scores(
    hits: Docs, docs: Docs, twice: Docs, lengths: Docs, rarity: float, average: float, scores: NDArray[np.float64]
) -> None:
    """Adds the BM25 score of one word to scores[i] of hits[i]; all hits are among ``docs``, ``twice`` their frequency.

    Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009, with weighted fields.
    """
    place = 0
    for i in range(len(hits)):
        place = _reach(docs, place, hits[i])
        frequency = twice[place] / 2
        norm = K1 * (1 - B + B * (lengths[hits[i]] / average))
        scores[i] += rarity * (frequency * (K1 + 1) / (frequency + norm))


@compiled
def best(scores: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """The places of the ``count`` greatest scores, greatest first; of equals the first. For small counts."""
    kept = np.empty(count, dtype=np.int64)
    size = 0
    for i in range(len(scores)):
        if size == count and (count == 0 or not scores[i] > scores[kept[count - 1]]):
            continue
        low, high = 0, size
        while low < high:
            middle = (low + high) // 2
            if scores[kept[middle]] >= scores[i]:
                low = middle + 1
            else:
                high = middle
        size = min(size + 1, count)
        for place in range(size - 1, low, -1):
            kept[place] = kept[place - 1]
        kept[low] = i
    return kept[:size].copy()


# ---- typing errors ---------------------------------------------------------------------------------------------------


@compiled
def signatures(letters: NDArray[np.uint16], start: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Which letters each word holds, as bits: digits 0-9, a-z 10-35, all others share 36-63."""
    found = np.zeros(len(start) - 1, dtype=np.uint64)
    for word in range(len(start) - 1):
        for i in range(start[word], start[word + 1]):
            letter = np.int64(letters[i])
            if 48 <= letter <= 57:
                bit = letter - 48
            elif 97 <= letter <= 122:
                bit = letter - 87
            else:
                bit = 36 + letter % 28
            found[word] |= np.uint64(1) << np.uint64(bit)
    return found


@compiled
def _ones(bits: np.uint64) -> np.int64:
    """How many bits are set."""
    bits = bits - ((bits >> np.uint64(1)) & np.uint64(0x5555555555555555))
    bits = (bits & np.uint64(0x3333333333333333)) + ((bits >> np.uint64(2)) & np.uint64(0x3333333333333333))
    bits = (bits + (bits >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((bits * np.uint64(0x0101010101010101)) >> np.uint64(56))


@compiled
def _apart(
    asked: NDArray[np.uint16], letters: NDArray[np.uint16], begin: int, end: int, most: int, rows: NDArray[np.int64]
) -> np.int64:
    """Optimal string alignment distance, or most + 1 as soon as it is greater. ``rows``: room (3, length + 1)."""
    size = end - begin
    before, last, row = 0, 1, 2
    for j in range(size + 1):
        rows[last, j] = j
    for i in range(1, len(asked) + 1):
        least = rows[row, 0] = i
        for j in range(1, size + 1):
            other = letters[begin + j - 1]
            cost = rows[last, j - 1] + (asked[i - 1] != other)
            cost = min(cost, rows[last, j] + 1, rows[row, j - 1] + 1)
            if i > 1 and j > 1 and asked[i - 1] == letters[begin + j - 2] and asked[i - 2] == other:
                cost = min(cost, rows[before, j - 2] + 1)
            rows[row, j] = cost
            least = min(least, cost)
        if least > most:
            return np.int64(most + 1)
        before, last, row = last, row, before
    return np.int64(rows[last, size])


@compiled
def near(
    asked: NDArray[np.uint16],
    most: int,
    letters: NDArray[np.uint16],
    start: NDArray[np.int64],
    held: NDArray[np.uint64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The words at most ``most`` typing errors away, and how far: one error changes at most one letter of a set."""
    mask = signatures(asked, np.array([0, len(asked)], dtype=np.int64))[0]
    rows = np.empty((3, len(asked) + most + 1), dtype=np.int64)
    words, distances = [np.int64(0) for _ in range(0)], [np.int64(0) for _ in range(0)]
    for word in range(len(held)):
        if _ones(mask & ~held[word]) > most or _ones(held[word] & ~mask) > most:
            continue
        if abs(start[word + 1] - start[word] - len(asked)) > most:
            continue
        distance = _apart(asked, letters, start[word], start[word + 1], most, rows)
        if distance <= most:
            words.append(np.int64(word))
            distances.append(np.int64(distance))
    return np.array(words, dtype=np.int64), np.array(distances, dtype=np.int64)


# ---- filters and counts ----------------------------------------------------------------------------------------------


@compiled
def fail_codes(docs: Docs, column: NDArray[np.uint8], allowed: Bools, number: int, state: NDArray[np.uint8]) -> None:
    """Marks the documents whose code is not allowed: state 0 becomes ``number``, any other OUT."""
    for i in range(len(docs)):
        if not allowed[column[docs[i]]]:
            state[i] = number if state[i] == 0 else OUT


@compiled
def fail_range(
    docs: Docs, column: NDArray[np.uint8], low: int, high: int, number: int, state: NDArray[np.uint8]
) -> None:
    """As :func:`fail_codes`; codes low ≤ code < high are allowed."""
    for i in range(len(docs)):
        code = np.int64(column[docs[i]])
        if code < low or code >= high:
            state[i] = number if state[i] == 0 else OUT


@compiled
def fail_masks(
    docs: Docs, masks: NDArray[np.uint64], allowed: np.uint64, number: int, state: NDArray[np.uint8]
) -> None:
    """As :func:`fail_codes`; documents with one of the bits are allowed."""
    for i in range(len(docs)):
        if not masks[docs[i]] & allowed:
            state[i] = number if state[i] == 0 else OUT


@compiled
def fail_lists(
    docs: Docs, begins: NDArray[np.int64], codes: Docs, allowed: Bools, number: int, state: NDArray[np.uint8]
) -> None:
    """As :func:`fail_codes`; documents with an allowed code in their list are allowed."""
    for i in range(len(docs)):
        good = False
        for j in range(begins[docs[i]], begins[docs[i] + 1]):
            good |= allowed[codes[j]]
        if not good:
            state[i] = number if state[i] == 0 else OUT


@compiled
def in_state(docs: Docs, state: NDArray[np.uint8], number: int) -> Docs:
    """The documents in a state."""
    kept = np.empty(len(docs), dtype=np.int32)
    size = 0
    for i in range(len(docs)):
        kept[size] = docs[i]
        size += state[i] == number
    return kept[:size].copy()


@compiled
def count_codes(docs: Docs, column: NDArray[np.uint8], counts: NDArray[np.int64]) -> None:
    """Adds 1 to counts[code] for every document."""
    for i in range(len(docs)):
        counts[column[docs[i]]] += 1


@compiled
def count_masks(docs: Docs, masks: NDArray[np.uint64], counts: NDArray[np.int64]) -> int:
    """Adds 1 to counts[bit] for every bit of every document; how many documents have none."""
    none = 0
    for i in range(len(docs)):
        bits = masks[docs[i]]
        none += bits == 0
        while bits:
            lowest = bits & (~bits + np.uint64(1))
            counts[_ones(lowest - np.uint64(1))] += 1
            bits ^= lowest
    return none


@compiled
def count_lists(docs: Docs, begins: NDArray[np.int64], codes: Docs, counts: NDArray[np.int64]) -> int:
    """Adds 1 to counts[code] for every code of every document; how many documents have none."""
    none = 0
    for i in range(len(docs)):
        begin, end = begins[docs[i]], begins[docs[i] + 1]
        none += begin == end
        for j in range(begin, end):
            counts[codes[j]] += 1
    return none
