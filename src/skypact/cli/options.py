"""Options that several commands take: listed once, as the fields of a record that each of them is given."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any, TypeVar, get_type_hints

R = TypeVar("R")


def taking(**records: type[Any]) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Gives a command the fields of each of ``records`` (named tuples) as options of its own, in their order.

    The command takes each record by the name that it has here; its own parameters stand before the options, and all of
    them have defaults or are arguments. Raises ``TypeError`` where two options have one name.
    """

    def with_options(command: Callable[..., R]) -> Callable[..., R]:
        @wraps(command)
        def called(**given: object) -> R:
            taken = {name: one(**{field: given.pop(field) for field in one._fields}) for name, one in records.items()}
            return command(**given, **taken)

        own = inspect.signature(command, eval_str=True)
        kept = [one for name, one in own.parameters.items() if name not in records]
        options = [option for one in records.values() for option in _options(one)]
        parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in (*kept, *options)]
        if len({one.name for one in parameters}) < len(parameters):
            raise TypeError(f"{command.__name__} has two options of one name")
        called.__signature__ = own.replace(parameters=parameters)
        called.__annotations__ = {one.name: one.annotation for one in parameters}
        return called

    return with_options


def _options(record: type[Any]) -> Iterator[inspect.Parameter]:
    hints = get_type_hints(record, include_extras=True)
    for field in record._fields:
        default = record._field_defaults[field]
        yield inspect.Parameter(field, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hints[field])
