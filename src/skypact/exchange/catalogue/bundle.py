"""Everything as one ZIP file that explains itself: the catalogue, the JSON Schema of its lines, and a page on both.

``catalogue.jsonl`` imports as it is. The same records on the same day give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from skypact.exchange.catalogue.json_records import Line, line_of
from skypact.exchange.catalogue.rows import Record
from skypact.schema import Evidence, Listing, Model

CATALOGUE = "catalogue.jsonl"
SCHEMA = "catalogue.schema.json"
README = "README.md"

_MEDIA_TYPE_OF_SCHEMA = "https://json-schema.org/draft/2020-12/schema"
_NOT_STATED = "licence not stated"


@dataclass
class _Contents:
    """What was written, for the page that explains it."""

    vendors: int = 0
    listings: int = 0
    licences: Counter[str] = field(default_factory=Counter)
    """licence of a source → how many records stand on one of its kind"""
    labels: set[str] = field(default_factory=set)
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def note(self, record: Record, line: bytes) -> None:
        """Count a record in."""
        is_listing = isinstance(record, Listing)
        self.listings += is_listing
        self.vendors += not is_listing
        evidences = list(_evidences(record))
        self.licences.update({evidence.source.licence or _NOT_STATED for evidence in evidences})
        self.labels.update(evidence.release for evidence in evidences)
        if isinstance(record, Listing):
            self.labels.add(record.release)
        self.digest.update(line)


def write_bundle(records: Iterable[Record], out: BinaryIO, *, on: date) -> None:
    """Write ``records`` (every vendor before its listings) to ``out`` as a bundle of the day ``on``."""
    contents = _Contents()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        with archive.open(_member(CATALOGUE, on), "w", force_zip64=True) as file:
            for record in records:
                line = f"{line_of(record)}\n".encode()
                contents.note(record, line)
                file.write(line)
        archive.writestr(_member(SCHEMA, on), _schema())
        archive.writestr(_member(README, on), _readme(contents, on=on))


def _member(name: str, on: date) -> ZipInfo:
    found = ZipInfo(name, date_time=(on.year, on.month, on.day, 0, 0, 0))
    found.compress_type = ZIP_DEFLATED
    found.external_attr = 0o644 << 16
    return found


def _evidences(model: Model) -> Iterator[Evidence]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, Evidence):
                yield item
            elif isinstance(item, Model):
                yield from _evidences(item)


def _schema() -> str:
    schema = {
        "$schema": _MEDIA_TYPE_OF_SCHEMA,
        "title": "One line of a skypact catalogue",
        **Line.model_json_schema(),
        "oneOf": [{"required": ["vendor"]}, {"required": ["listing"]}],
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _readme(contents: _Contents, *, on: date) -> str:
    licences = "\n".join(f"| {name} | {count} |" for name, count in sorted(contents.licences.items()))
    labels = ", ".join(sorted(contents.labels)) or "none"
    return f"""# A skypact catalogue · skypact 카탈로그

| | |
|---|---|
| exported on · 내보낸 날 | {on} |
| vendors · 업체 | {contents.vendors} |
| listings · 제품 | {contents.listings} |
| SHA-256 of {CATALOGUE} | `{contents.digest.hexdigest()}` |
| release labels inside · 공개 등급 | {labels} |

`{CATALOGUE}` holds one JSON object a line, `{{"vendor": …}}` or `{{"listing": …}}`, in UTF-8; `{SCHEMA}` is its
JSON Schema.
`skypact catalogue import {CATALOGUE}` takes it in; so does any other node. It holds what the reader who exported it
may see: pass it on only to those whom the release labels name.

`{CATALOGUE}`은 한 줄에 JSON 객체 하나를 담은 UTF-8 파일이며, `{SCHEMA}`은 그 JSON 스키마입니다.
`skypact catalogue import {CATALOGUE}` 명령으로 가져올 수 있습니다. 내보낸 사람이 볼 수 있는 내용만 들어 있으므로,
공개 등급에 명시된 대상에게만 전달하십시오.

## Licences of the sources · 출처의 이용 허락

Every value names its source and, where known, that source's licence (`source.licence`).

| licence | records that rest on such a source |
|---|---|
{licences}
"""
