"""Where an installation keeps its data, and the secret key that lies there."""

import os
import secrets
from collections.abc import Mapping
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
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(64)
        file.write(key)
    return key
