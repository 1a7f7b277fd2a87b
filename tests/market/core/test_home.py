"""Where an installation keeps its data."""

import secrets
from pathlib import Path

import pytest

import skypact
from skypact.market.core.home import home_folder, secret_key


def test_chosen_folder_is_made_for_its_owner_only(tmp_path: Path) -> None:
    home = home_folder({"SKYPACT_HOME": str(tmp_path / "data" / "sky")})
    assert home == tmp_path / "data" / "sky"
    assert home.stat().st_mode & 0o777 == 0o700


def test_checkout_keeps_its_data_under_var() -> None:
    assert home_folder({}) == Path(skypact.__file__).parents[2] / "var"


def test_installed_package_keeps_its_data_in_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(skypact, "__file__", str(tmp_path / "lib" / "site-packages" / "skypact" / "__init__.py"))
    assert home_folder({"XDG_DATA_HOME": str(tmp_path)}) == tmp_path / "skypact"
    monkeypatch.setenv("HOME", str(tmp_path))
    assert home_folder({}) == tmp_path / ".local" / "share" / "skypact"


def test_secret_key_is_drawn_once_and_is_private(tmp_path: Path) -> None:
    key = secret_key(tmp_path)
    assert len(key) >= 64
    assert secret_key(tmp_path) == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_who_comes_while_the_key_is_drawn_reads_the_same_and_never_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes at the first start: the second comes while the first draws."""
    draw, second = secrets.token_urlsafe, []

    def drawn(size: int) -> str:
        if not second:
            second.append("")
            second[0] = secret_key(tmp_path)
        return draw(size)

    monkeypatch.setattr(secrets, "token_urlsafe", drawn)
    assert [secret_key(tmp_path)] == second
    assert len(second[0]) >= 64
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]
