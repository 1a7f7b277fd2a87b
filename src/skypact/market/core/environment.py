"""Numbers that an installation sets in its environment."""

import os
import re
from decimal import Decimal

from django.core.exceptions import ImproperlyConfigured

_NUMBER = re.compile(r"\d{1,9}(\.\d{1,4})?")


def number(name: str, default: str, *, least: int = 0, most: int, whole: bool = False) -> Decimal:
    """The number that the variable ``name`` holds, from ``least`` to ``most``. Raises ImproperlyConfigured."""
    text = os.environ.get(name, default)
    if not _NUMBER.fullmatch(text) or not least <= Decimal(text) <= most or (whole and "." in text):
        kind = "a whole number" if whole else "a number"
        raise ImproperlyConfigured(f"{name} is {text!r}; accepted is {kind} from {least} to {most}, such as {default}")
    return Decimal(text)
