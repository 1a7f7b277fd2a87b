"""The other side of a SAPIENT session while a sensor node is recorded: a node waits until its registration is taken."""

from __future__ import annotations

import struct
from datetime import UTC, datetime

from google.protobuf.message import DecodeError
from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import SapientMessage

from skypact.conformance.sapient.wire import framed

#: The lab's own node id.
NODE = "5f0b7c1e-9d4a-4c66-8a35-2f1c6be0d7a4"
_LENGTH = struct.Struct("<I")
#: A longer message is not waited for: what follows it on this connection is recorded, but not answered.
_LONGEST = 2**20


class Acknowledging:
    """Accepts every registration (RegistrationAck), and says nothing else."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._lost = False

    def __call__(self, data: bytes) -> bytes:
        """What to send back on ``data``, the next piece of the connection."""
        replies = []
        self._waiting += data
        while not self._lost and len(self._waiting) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._waiting)
            if length > _LONGEST:
                self._lost = True
            elif len(self._waiting) < _LENGTH.size + length:
                break
            else:
                replies.append(_reply(bytes(self._waiting[_LENGTH.size : _LENGTH.size + length])))
                del self._waiting[: _LENGTH.size + length]
        if self._lost:
            self._waiting.clear()
        return b"".join(replies)


def _reply(body: bytes) -> bytes:
    try:
        message = SapientMessage.FromString(body)
    except DecodeError:  # the report says so; there is nobody to answer
        return b""
    if message.WhichOneof("content") != "registration":
        return b""
    answer = SapientMessage(node_id=NODE, destination_id=message.node_id)
    answer.timestamp.FromDatetime(datetime.now(UTC))
    answer.registration_ack.acceptance = True
    return framed(answer)
