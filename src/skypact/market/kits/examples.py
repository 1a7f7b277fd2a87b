"""The example requirements that come with skypact."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.http import Http404

import skypact
from skypact.exchange.requirement import read_requirement
from skypact.schema import Requirement

_FIRST = ("airport", "stadium", "harbour", "border-strip")


def folder() -> Path:
    """Where the examples lie: inside an installed package, or at the root of a checkout."""
    package = Path(skypact.__file__).parent
    installed = package / "examples"
    return installed if installed.is_dir() else package.parents[1] / "examples"


@cache
def all_examples() -> tuple[Requirement, ...]:
    """Every example, the airport first."""
    found = [read_requirement(file) for file in sorted(folder().glob("*.toml"))]
    order = {name: number for number, name in enumerate(_FIRST)}
    return tuple(sorted(found, key=lambda one: (order.get(one.id, len(order)), one.id)))


def requirement(name: str) -> Requirement:
    """The example with that id. Raises Http404."""
    for example in all_examples():
        if example.id == name:
            return example
    raise Http404(f"there is no example {name}")
