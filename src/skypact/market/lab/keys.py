"""This node's own key: what the node tests itself, it signs, and believes."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from skypact.conformance.signing import fingerprint, new_key, public_bytes, read_key
from skypact.market.core.home import put_once


def own_key() -> Ed25519PrivateKey:
    """The key in ``SKYPACT_HOME/lab-key.pem``, drawn when it is first needed. Raises InputError."""
    path = Path(settings.HOME) / "lab-key.pem"
    if not path.exists():
        put_once(path, new_key)
    return read_key(path)


def own_fingerprint() -> str:
    """The fingerprint under which other nodes may trust this one."""
    return fingerprint(public_bytes(own_key()))
