"""Requirement files: TOML for people, JSON for programs; one requirement a file."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

from skypact.schema import InputError, Requirement, parse

_SIZE_MAX = 4 * 1024 * 1024


def read_requirement(path: str | Path) -> Requirement:
    """The requirement in a ``.toml`` or ``.json`` file.

    Raises :class:`InputError` naming the file, the place in it and what is accepted, for a file that is missing, not
    readable, over 4 MiB, not UTF-8, not TOML or JSON, or not a requirement.
    """
    file = Path(path)
    return parse_requirement(_text(file), file=file.name, json_form=file.suffix.lower() == ".json")


def parse_requirement(text: str, *, file: str, json_form: bool = False) -> Requirement:
    """The requirement in ``text``; ``file`` names it in errors."""
    try:
        document = json.loads(text) if json_form else tomllib.loads(text)
    except json.JSONDecodeError as error:
        raise InputError.single(
            file=file, place=f"line {error.lineno}, column {error.colno}", accepted=f"must be valid JSON: {error.msg}"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError.single(file=file, accepted=f"must be valid TOML: {error}") from None
    except RecursionError:
        raise InputError.single(file=file, accepted="must not be nested so deeply") from None
    return parse(Requirement, document, file=file)


def _text(file: Path) -> str:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError.single(
            file=str(file), accepted=f"must be a readable requirement file ({error.strerror})"
        ) from None
    if len(content) > _SIZE_MAX:
        raise InputError.single(file=file.name, value=f"{len(content)} bytes", accepted="at most 4 MiB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError.single(file=file.name, place=f"byte {error.start}", accepted="must be UTF-8 text") from None
