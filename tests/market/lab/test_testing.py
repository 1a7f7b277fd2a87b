"""Checks of recordings from strangers, in a process of its own."""

import tempfile
from pathlib import Path

import pytest

from skypact.conformance.standard import Recording
from skypact.market.lab import testing


def test_a_check_that_is_killed_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As one that used up its time while a program of others was reading a capture of it."""
    killed = "import os, tempfile; tempfile.mkdtemp(prefix='skypact-tshark-'); os.kill(os.getpid(), 9)"
    monkeypatch.setattr(testing, "_PROGRAM", killed)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(testing.TooMuchError):
        testing.check("klv", [Recording("a", b"x")], None)
    assert list(tmp_path.iterdir()) == []
