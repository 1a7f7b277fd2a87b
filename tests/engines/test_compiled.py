"""Compiled kernels on disk: two processes that compile the same one at the same moment."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from skypact.engines import compiled

KERNEL = """
from skypact.engines.compiled import compiled

@compiled
def twice(value):
    return value + value
"""


def process(source: Path) -> Any:
    """The kernel as a new process has it: compiled for nothing yet, reading and writing the same files on disk."""
    spec = importlib.util.spec_from_file_location("kernel", source)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.twice


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "kernel.py"
    file.write_text(KERNEL)
    return file


def test_a_kernel_is_compiled_once(source: Path) -> None:
    assert process(source)(3) == 6
    again = process(source)
    assert (again(3), sum(again.stats.cache_hits.values())) == (6, 1)


@pytest.mark.parametrize("at", ["_save_data", "_save_index"])
def test_two_that_compile_for_other_arguments_at_once_never_run_each_others_code(source: Path, at: str) -> None:
    """The second looks into the index before the first writes it, and does the rest before a step of the first."""
    first, second = process(source), process(source)
    files = first._cache._cache_file
    second._cache._cache_file._load_index = dict
    step: Callable[..., None] = getattr(files, at)

    def meanwhile(*arguments: object) -> None:
        setattr(files, at, step)
        assert second(1.5) == 3.0
        step(*arguments)

    setattr(files, at, meanwhile)
    assert first(3) == 6
    for _ in range(2):  # what the first run compiles again, the second one finds
        later = process(source)
        assert (later(3), later(1.5)) == (6, 3.0)
    assert sum(later.stats.cache_hits.values()) == 2


def test_code_that_the_index_names_is_there_and_of_this_source(source: Path) -> None:
    """Whoever reads while another saves finds no code, or the right one; never that of an earlier source."""
    assert process(source)(3) == 6
    source.write_text(KERNEL.replace("value + value", "value * 20"))
    kernel, found = process(source), []
    files = kernel._cache._cache_file
    for step in ("_save_index", "_save_data"):
        done = getattr(files, step)

        def looked(*arguments: object, done: Callable[..., None] = done) -> None:
            done(*arguments)
            reader = process(source)
            reader._cache._cache_file.save = lambda key, data: None
            found.append(reader(3))

        setattr(files, step, looked)
    assert kernel(3) == 60
    assert found == [60, 60]


def test_every_kernel_is_compiled_here() -> None:
    engines = Path(compiled.__file__).parent
    elsewhere = [
        path.name for path in engines.rglob("*.py") if "numba.njit" in path.read_text() and path.name != "compiled.py"
    ]
    assert elsewhere == []
