"""Events of our own making: a drone track of three positions as a sensor gateway sends it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from skypact.conformance.standard import Sample

EVENT = (
    '<event version="2.0" uid="SYN-TRACK-7" type="a-u-A-M-F-Q" how="m-f" time="2026-03-02T10:00:0{second}Z"'
    ' start="2026-03-02T10:00:0{second}Z" stale="2026-03-02T10:00:3{second}Z">'
    '<point lat="37.5431" lon="127.021{second}" hae="164.0" ce="12.0" le="20.0"/>'
    '<detail><track course="90.0" speed="8.8"/></detail></event>'
)


def stream() -> bytes:
    return "\n".join(EVENT.format(second=second) for second in range(3)).encode()


def samples() -> Sequence[Sample]:
    values = re.findall(r'(?:uid|how|time|start|stale|lat|lon|hae|ce|le|course|speed)="[^"]*', stream().decode())
    opened = {value.partition('"')[2] for value in values} | {"a-u-A-M-F-Q", "track", "\n"}
    return [Sample(stream(), open=tuple(value.encode() for value in sorted(opened)), claim="2.0")]
