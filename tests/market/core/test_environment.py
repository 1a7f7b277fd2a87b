"""Numbers from the environment."""

from decimal import Decimal

import pytest
from django.core.exceptions import ImproperlyConfigured

from skypact.market.core.environment import number


def test_default_and_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SKYPACT_SHARE", raising=False)
    assert number("SKYPACT_SHARE", "10", most=100) == 10
    monkeypatch.setenv("SKYPACT_SHARE", "12.5")
    assert number("SKYPACT_SHARE", "10", most=100) == Decimal("12.5")


@pytest.mark.parametrize("text", ["", "ten", "-1", "101", "0.5", "1e1", "12.5", "NaN", " 5"])
def test_anything_else_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("SKYPACT_DAYS", text)
    with pytest.raises(ImproperlyConfigured) as refused:
        number("SKYPACT_DAYS", "90", least=1, most=100, whole=True)
    assert str(refused.value) == f"SKYPACT_DAYS is {text!r}; accepted is a whole number from 1 to 100, such as 90"
