"""The built-in rules of coexistence on the air: ``coexistence.toml``, in the fields of :class:`CoexistenceRule`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from skypact.schema import CoexistenceRule, CoexistenceRules, InputError, parse


@cache
def coexistence_rules() -> tuple[CoexistenceRule, ...]:
    """The built-in rules in the order of the file. Raises :class:`InputError` if the file is wrong."""
    return read_coexistence_file(resources.files("skypact.seed") / "coexistence.toml")


def read_coexistence_file(file: Traversable) -> tuple[CoexistenceRule, ...]:
    """The rules of one TOML file. Raises :class:`InputError` naming file, place, value and what is accepted."""
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise InputError.single(file=file.name, place=f"byte {error.start}", accepted="must be UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError.single(file=file.name, place=str(error), accepted="must be valid TOML") from None
    return parse(CoexistenceRules, document, file=file.name).rules
