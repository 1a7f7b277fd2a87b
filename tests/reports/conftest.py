"""The fixtures of ``tests/market/reports``."""

from tests.market.reports.conftest import home, publish, started

__all__ = ["home", "publish", "started"]
