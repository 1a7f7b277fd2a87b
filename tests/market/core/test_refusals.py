"""The log: a refusal is one line, a fault comes with its traceback."""

from __future__ import annotations

import io
import logging
import sys

import pytest

from skypact.market.core.refusals import without_traceback


@pytest.mark.parametrize(("status", "lines"), [(403, 1), (404, 1), (499, 1), (500, 4), (None, 4)])
def test_only_faults_are_logged_with_their_traceback(status: int | None, lines: int) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(without_traceback())
    try:
        raise PermissionError("no")
    except PermissionError:
        record = logging.LogRecord("django.request", logging.WARNING, "x", 1, "Forbidden: /a/", (), sys.exc_info())
    if status is not None:
        record.status_code = status
    handler.handle(record)
    text = [line for line in written.getvalue().splitlines() if "^" not in line]
    assert text[0] == "Forbidden: /a/"
    assert len(text) == lines + (1 if lines > 1 else 0)
