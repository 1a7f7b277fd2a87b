"""What the log says of requests that were refused: one line each, since a refusal is no fault of the program."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus


def without_traceback() -> Callable[[logging.LogRecord], bool]:
    """A filter that takes the traceback from what Django logs of answers below 500."""

    def kept(record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", HTTPStatus.INTERNAL_SERVER_ERROR) < HTTPStatus.INTERNAL_SERVER_ERROR:
            record.exc_info = record.exc_text = None
        return True

    return kept
