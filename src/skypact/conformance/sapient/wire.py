"""From bytes to SAPIENT messages: JSON and the length-prefixed protobuf stream."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from google.protobuf import json_format
from google.protobuf.message import DecodeError
from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import SapientMessage

from skypact.conformance import json_documents
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
        for one in json_documents.read(data):
            yield _from_json(one)
    except ValueError as error:
        yield str(error)


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
