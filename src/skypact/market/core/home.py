"""Where an installation keeps its data, and the secret key that lies there."""

import os
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import skypact


def home_folder(environment: Mapping[str, str]) -> Path:
    """The data folder, made if missing: ``SKYPACT_HOME``, else ``var/`` of a checkout, else the user's data folder."""
    home = _chosen_folder(environment).expanduser().resolve()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return home


def _chosen_folder(environment: Mapping[str, str]) -> Path:
    if chosen := environment.get("SKYPACT_HOME"):
        return Path(chosen)
    checkout = Path(skypact.__file__).parents[2]
    if (checkout / "pyproject.toml").is_file() and (checkout / "src" / "skypact").is_dir():
        return checkout / "var"
    return Path(environment.get("XDG_DATA_HOME") or "~/.local/share") / "skypact"


def secret_key(home: Path) -> str:
    """The installation's secret key, drawn at the first start; only its owner may read the file."""
    path = home / "secret_key"
    if not path.exists():
        put_once(path, _draw)
    return path.read_text(encoding="ascii")


def _draw(path: Path) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64))


def put_once(path: Path, write: Callable[[Path], object]) -> None:
    """Puts what ``write`` makes at ``path``, whole, unless somebody else was quicker: then what he put there stays."""
    beside = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    try:
        write(beside)
        with suppress(FileExistsError):
            os.link(beside, path)
    finally:
        beside.unlink(missing_ok=True)
