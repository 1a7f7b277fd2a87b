"""skypact: from a site and a threat to an interoperable, allowed, deliverable kit."""

from importlib.metadata import version

__version__ = version("skypact")
