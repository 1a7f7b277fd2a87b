"""The built-in catalogue, threat library and rules: public facts, each with its source.

One TOML file a vendor under ``vendors/``; ``threats.toml`` and ``coexistence.toml`` beside them; one file a
jurisdiction under ``rules/``. The functions return schema objects; :mod:`skypact.seed.reader` says how the short TOML
form becomes full claims.
"""

from skypact.seed.coexistence_reader import coexistence_rules
from skypact.seed.reader import catalogue, threats
from skypact.seed.rules_reader import rules

__all__ = ["catalogue", "coexistence_rules", "rules", "threats"]
