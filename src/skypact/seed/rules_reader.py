"""The built-in rules: one TOML file a jurisdiction, each rule a ``[[rules]]`` table in the fields of :class:`Rule`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from skypact.schema import InputError, Rule, parse


@cache
def rules() -> tuple[Rule, ...]:
    """The built-in rules, by file name and place in the file. Raises :class:`InputError` if a file is wrong."""
    folder = resources.files("skypact.seed") / "rules"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return joined(tuple(rule for file in files for rule in read_rules_file(file)))


def read_rules_file(file: Traversable) -> tuple[Rule, ...]:
    """The rules of one TOML file. Raises :class:`InputError` naming file, rule, field, value and what is accepted."""
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise InputError.single(file=file.name, place=f"byte {error.start}", accepted="must be UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError.single(file=file.name, place=str(error), accepted="must be valid TOML") from None
    unknown = sorted(set(document) - {"rules"})
    if unknown:
        raise InputError.single(file=file.name, place=unknown[0], accepted="the only top-level table is [[rules]]")
    entries = document.get("rules")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InputError.single(file=file.name, place="rules", accepted="rules are written as [[rules]] tables")
    found = (
        parse(Rule, entry, file=file.name, place=f"rules[{number}] {entry.get('id', '')}".strip())
        for number, entry in enumerate(entries)
    )
    return joined(tuple(found), file=file.name)


def joined(entries: tuple[Rule, ...], *, file: str = "seed/rules") -> tuple[Rule, ...]:
    """``entries``, once it is certain that no two versions of one rule hold on the same day."""
    for number, rule in enumerate(entries):
        for other in entries[:number]:
            if other.id == rule.id and (other.in_force_on(rule.valid_from) or rule.in_force_on(other.valid_from)):
                raise InputError.single(
                    file=file,
                    place=f"{rule.id}: valid_from",
                    value=str(rule.valid_from),
                    accepted="versions of one rule must not hold on the same day: end the earlier one first",
                )
    return entries
