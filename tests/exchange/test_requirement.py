"""Requirement files: the examples are read, and everything malformed says what is wrong."""

from pathlib import Path

import pytest

from skypact.exchange.requirement import parse_requirement, read_requirement
from skypact.schema import InputError

ROOT = Path(__file__).parents[2]
BAD = ROOT / "tests" / "bad_input" / "requirement"
FILES = sorted(file for file in BAD.iterdir() if file.suffix != ".expected")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_malformed_file(file: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_requirement(file)
    assert f"{caught.value}\n" == file.with_suffix(".expected").read_text(encoding="utf-8")


def test_there_are_malformed_files() -> None:
    assert len(FILES) == 31


@pytest.mark.parametrize("name", ["airport", "stadium", "harbour", "border-strip"])
def test_examples(name: str) -> None:
    asked = read_requirement(ROOT / "examples" / f"{name}.toml")
    assert asked.id == name
    assert asked.title_ko
    assert parse_requirement(asked.model_dump_json(), file="again.json", json_form=True) == asked


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"must be a readable requirement file \(No such file or directory\)"):
        read_requirement(tmp_path / "none.toml")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Is a directory"):
        read_requirement(tmp_path)


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    file = tmp_path / "large.toml"
    file.write_bytes(b"#" * (4 * 1024 * 1024 + 1))
    with pytest.raises(InputError, match=r"large.toml: at most 4 MiB \(found '4194305 bytes'\)"):
        read_requirement(file)
