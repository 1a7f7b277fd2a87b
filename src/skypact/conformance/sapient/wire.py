"""From bytes to SAPIENT messages: JSON and the length-prefixed protobuf stream."""

from __future__ import annotations

import json
import struct
from collections import Counter
from collections.abc import Iterator

from google.protobuf import json_format
from google.protobuf.message import DecodeError
from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import SapientMessage

from skypact.conformance.report import Layer
from skypact.conformance.standard import Rule

UNREADABLE = Rule(
    "sapient.unreadable",
    Layer.DECODE,
    "BSI Flex 335 v2.0, message definitions (protobuf files) and their JSON mapping",
)

_LENGTH = struct.Struct("<I")


def read(data: bytes) -> Iterator[SapientMessage | str]:
    """Each message in order; a sentence in place of one that cannot be read, after which a broken stream ends."""
    if not data.strip():
        yield "The recording is empty; expected JSON objects or length-prefixed protobuf messages."
    elif data.lstrip()[:1] in (b"{", b"["):
        yield from _read_json(data)
    else:
        yield from _read_stream(data)


def _read_json(data: bytes) -> Iterator[SapientMessage | str]:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        yield f"Byte {error.start} is not UTF-8."
        return
    decoder = json.JSONDecoder(object_pairs_hook=_no_duplicates)
    at = 0
    while (at := _next_token(text, at)) < len(text):
        try:
            found, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            yield f"JSON breaks off at character {at}: {error}."
            return
        for one in found if isinstance(found, list) else [found]:
            yield _from_json(one)


def _next_token(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _no_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    read_once = dict(pairs)
    if len(read_once) != len(pairs):
        (twice, _), *_ = Counter(key for key, _ in pairs).most_common(1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return read_once


def _from_json(found: object) -> SapientMessage | str:
    if not isinstance(found, dict):
        return f"Expected a JSON object for a message, found {type(found).__name__}."
    try:
        return json_format.ParseDict(found, SapientMessage())
    except (json_format.ParseError, ValueError, TypeError, OverflowError, RecursionError) as error:
        return f"Not a SAPIENT message: {error}."


def _read_stream(data: bytes) -> Iterator[SapientMessage | str]:
    at = 0
    while at < len(data):
        if at + _LENGTH.size > len(data):
            yield f"{len(data) - at} bytes left at offset {at}; a message begins with its length in 4 bytes."
            return
        (length,) = _LENGTH.unpack_from(data, at)
        body = data[at + _LENGTH.size : at + _LENGTH.size + length]
        if len(body) < length:
            yield f"The message at offset {at} says {length} bytes; the recording has {len(body)} more."
            return
        at += _LENGTH.size + length
        try:
            yield SapientMessage.FromString(body)
        except DecodeError as error:
            yield f"The {length} bytes before offset {at} are not a SAPIENT protobuf message: {error}."


def framed(message: SapientMessage) -> bytes:
    """A message as it goes over TCP."""
    body = message.SerializeToString()
    return _LENGTH.pack(len(body)) + body
