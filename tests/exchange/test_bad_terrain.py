"""Elevation files that cannot be used, each with its exact error; nothing of them is taken."""

from pathlib import Path

import pytest

from skypact.exchange.elevation import read_elevation
from skypact.schema import InputError

BAD = Path(__file__).parents[1] / "bad_input" / "terrain"
FILES = sorted(file.name for file in BAD.iterdir() if file.suffix != ".expected")


@pytest.mark.parametrize("name", FILES)
def test_malformed_file(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(BAD)
    with pytest.raises(InputError) as caught:
        read_elevation([name], centre=(127.0, 37.5), radius_m=500)
    assert f"{caught.value}\n" == (BAD / f"{name}.expected").read_text(encoding="utf-8")


def test_there_are_malformed_files() -> None:
    assert len(FILES) == 25
