"""The built-in catalogue and threat library: public facts, each with its source.

One TOML file a vendor under ``vendors/``; ``threats.toml`` beside them. :func:`catalogue` and :func:`threats` return
schema objects; :mod:`skypact.seed.reader` says how the short TOML form becomes full claims.
"""

from skypact.seed.reader import catalogue, threats

__all__ = ["catalogue", "threats"]
