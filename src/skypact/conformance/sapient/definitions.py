"""The messages of BSI Flex 335 v2.0 as a table: facts read from the public definitions, for the second decoder alone.

``fields.csv`` and ``codes.csv`` hold message, field number, name, type and presence, and the codes of enumerations, as
Dstl's definitions state them (BSI-Flex-335-v2-Test-Harness, commit 03beb1a of 27 August 2024). The first decoder has
them from the package ``sapient-msg``; both agree, which a test says.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

TIMESTAMP = "google.protobuf.Timestamp"
ROOT = "SapientMessage"


@dataclass(frozen=True)
class Field:
    number: int
    name: str
    type: str
    presence: str
    """``optional``; ``repeated``; ``implicit``: not there when zero or empty; else the name of its choice."""

    @property
    def repeated(self) -> bool:
        return self.presence == "repeated"

    @property
    def choice(self) -> str | None:
        """The set of fields of which one may be there."""
        return None if self.presence in ("optional", "repeated", "implicit") else self.presence


@cache
def messages() -> dict[str, tuple[Field, ...]]:
    """The fields of each message in the order of their numbers."""
    found: dict[str, list[Field]] = {}
    for row in _rows("fields.csv"):
        held = Field(int(row["number"]), row["field"], row["type"], row["presence"])
        found.setdefault(row["message"], []).append(held)
    return {name: tuple(held) for name, held in found.items()}


@cache
def codes() -> dict[str, dict[str, int]]:
    """The codes of each enumeration by their names."""
    found: dict[str, dict[str, int]] = {}
    for row in _rows("codes.csv"):
        found.setdefault(row["enumeration"], {})[row["name"]] = int(row["code"])
    return found


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines()))
