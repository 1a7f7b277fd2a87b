"""A data folder of each test's own, and composing processes that nobody starts."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from skypact.market.kits import launching


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    """The installation's data folder."""
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture(autouse=True)
def started(monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """The jobs for which a process would have been started."""
    jobs: list[UUID] = []
    monkeypatch.setattr(launching, "start", jobs.append)
    return jobs
