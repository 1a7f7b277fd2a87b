"""The built-in catalogue, threat library and rules: public facts, each with its source.

One TOML file a vendor under ``vendors/``; ``threats.toml`` beside them; one file a jurisdiction under ``rules/``.
:func:`catalogue`, :func:`threats` and :func:`rules` return schema objects; :mod:`skypact.seed.reader` says how the
short TOML form becomes full claims.
"""

from skypact.seed.reader import catalogue, threats
from skypact.seed.rules_reader import rules

__all__ = ["catalogue", "rules", "threats"]
