"""tantivy over the same entries and questions: run by whatever Python has the package, which skypact does not need.

``PYTHON tantivy_peer.py FOLDER ROWS`` reads JSON lines (a first line with attributes and questions, then the entries)
and prints processor times in ms. It asks twice: for the best 25, and with a terms or range aggregation for every
attribute. tantivy knows no sticky counts: a facet with a choice in it would need a question of its own, which is not
counted here.
"""

from __future__ import annotations

import json
import sys
import time
from itertools import pairwise
from pathlib import Path

import tantivy


def main(folder: Path, rows: Path) -> dict[str, object]:
    """Builds the index and asks."""
    with rows.open(encoding="utf-8") as lines:
        head = json.loads(next(lines))
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("key", stored=True, fast=True)
        builder.add_text_field("name", tokenizer_name="whitespace")
        builder.add_text_field("body", tokenizer_name="whitespace")
        for name in head["words"]:
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
        for name in head["numbers"]:
            builder.add_float_field(name, indexed=True, fast=True)
        folder.mkdir()
        index = tantivy.Index(builder.build(), str(folder))
        start = time.process_time()
        writer = index.writer(200_000_000, 1)
        for line in lines:
            key, name, body, values = json.loads(line)
            document = tantivy.Document(key=key, name=[name], body=[body])
            for attribute, known in values.items():
                for one in known:
                    if isinstance(one, str):
                        document.add_text(attribute, one)
                    else:
                        document.add_float(attribute, one)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        loading = time.process_time() - start
    index.reload()
    searcher, schema = index.searcher(), index.schema
    facets: dict[str, object] = {name: {"terms": {"field": name, "size": 100}} for name in head["words"]}
    for name, edges in head["numbers"].items():
        bounds = [None, *edges, None]
        pairs = [{"from": low, "to": high} for low, high in pairwise(bounds)]
        ranges = [{side: edge for side, edge in pair.items() if edge is not None} for pair in pairs]
        facets[name] = {"range": {"field": name, "ranges": ranges}}
    best, counted = [], []
    for question in [*head["questions"][:10], *head["questions"]]:
        query = asked(index, schema, question)
        start = time.process_time()
        searcher.search(query, 25)
        best.append((time.process_time() - start) * 1e3)
        start = time.process_time()
        searcher.aggregate(query, facets)
        counted.append((time.process_time() - start) * 1e3)
    return {"loading": loading, "times": {"best": best[10:], "facets": counted[10:]}}


def asked(index: tantivy.Index, schema: tantivy.Schema, question: dict[str, object]) -> tantivy.Query:
    """All words, and one of the values chosen in each attribute."""
    parts = [tantivy.Query.boolean_query([
        (tantivy.Occur.Should, tantivy.Query.term_query(schema, field, word)) for field in ("name", "body")
    ]) for word in question["words"]]  # fmt: skip
    parts += [tantivy.Query.term_set_query(schema, name, values) for name, values in question["chosen"].items()]
    for name, (low, _) in question["between"].items():
        kind = tantivy.FieldType.Float
        parts.append(tantivy.Query.range_query(schema, name, kind, low, 1e15))
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, part) for part in parts])


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))
